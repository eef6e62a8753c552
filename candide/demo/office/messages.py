"""What is written about applications: notes among staff, messages with candidates."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from candide.admissions.applications.models import Application
from candide.admissions.correspondence.domain.notes import write_note
from candide.admissions.correspondence.domain.thread import (
    mark_read,
    write_to_candidate,
    write_to_staff,
)
from candide.admissions.correspondence.models import Message, Note
from candide.demo.office.moments import happening

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BATCH = 2000
ASKED = (
    "Bonjour, mon relevé du deuxième semestre n’est publié que le 20. Puis-je le déposer après la "
    "date limite ?",
    "Bonjour, je passe le test de langue le mois prochain. Une attestation d’inscription suffit-"
    "elle en attendant le score ?",
    "Bonjour, je suis salariée jusqu’en août : les cours du lundi matin sont-ils obligatoires ?",
    "Madame, Monsieur, mon nom d’usage a changé depuis le dépôt. Dois-je refaire mon dossier ?",
    "Bonjour, ma lettre de recommandation doit-elle être signée à la main ?",
    "Bonjour, je suis en Erasmus jusqu’en juin. L’entretien peut-il se faire à distance ?",
)
ANSWERED = (
    "Bonjour, oui : nous vous accordons un délai individuel, visible dans votre espace.",
    "Bonjour, l’attestation suffit pour l’instant. Déposez le score dès que vous l’avez.",
    "Bonjour, l’emploi du temps est aménagé pour les salariés ; cochez la formation continue.",
    "Bonjour, rien à refaire : le changement a été noté.",
    "Bonjour, une signature électronique convient.",
    "Bonjour, oui, en visioconférence. La convocation précisera le lien.",
)
THANKED = "Merci beaucoup pour votre réponse rapide !"
NEWS = (
    "Bonjour, une réunion d’information en ligne a lieu jeudi à 18 h : le lien est sur la page de "
    "la formation. À bientôt !"
)
NOTED = (
    "Vu au salon de l’étudiant, très motivé.",
    "Stage de six semaines confirmé par téléphone avec l’entreprise.",
    "Moyenne de L3 recalculée : 13,4.",
    "Aménagement d’études à prévoir, voir avec la mission handicap.",
    "Double candidature avec le parcours voisin, à harmoniser.",
    "Demander l’avis de Mme Keller avant la commission.",
)
IMPORTANT = "Ne pas statuer avant la réponse du service des relations internationales."


def tell_messages(
    applications: Sequence[Application], *, manager: Any, member: Any, now: datetime
) -> None:
    """Six conversations: three to read, one read and left, two answered, of which one thanks; and
    news the candidate has not read. Then notes of a colleague, one of them important."""
    for place, application in enumerate(applications[:6]):
        candidate = application.candidate.user
        asked = now - (place + 1) * DAY - 3 * HOUR
        with happening(asked):
            write_to_staff(application, ASKED[place], by=candidate, now=asked)
        if place == 3:
            with happening(asked + HOUR) as later:
                mark_read(application, from_candidate=True, by=manager, now=later)
        if place in {4, 5}:
            with happening(asked + 5 * HOUR) as later:
                write_to_candidate(application, ANSWERED[place], by=manager, now=later)
        if place == 5:
            with happening(asked + 9 * HOUR) as later:
                write_to_staff(application, THANKED, by=candidate, now=later)
    with happening(now - 2 * DAY) as then:
        write_to_candidate(applications[6], NEWS, by=manager, now=then)
    for place, application in enumerate(applications[2:7]):
        with happening(now - (place + 1) * DAY) as then:
            author = manager if place % 2 else member
            write_note(application, NOTED[place], by=author, now=then)
    with happening(now - 5 * HOUR) as then:
        write_note(applications[2], IMPORTANT, is_important=True, by=manager, now=then)


def write_about_the_crowd(rows: Any, *, authors: dict[int, Any], now: datetime) -> None:
    """In bulk: a note on one application in twelve, a conversation on one in nine. `authors` are
    who works where, by centre."""
    found = rows.values_list("pk", "candidate__user", "intake__programme__commission__centre")
    places: Iterator[Any] = enumerate(found.order_by("pk").iterator(BATCH))
    while batch := list(islice(places, BATCH)):
        Note.objects.bulk_create(
            Note(
                application_id=pk,
                author=authors.get(centre),
                text=NOTED[place // 12 % len(NOTED)],
                is_important=place % 60 == 0,
                written_at=now - (1 + place % 30) * DAY,
            )
            for place, (pk, _candidate, centre) in batch
            if place % 12 == 0
        )
        Message.objects.bulk_create(
            message
            for place, (pk, candidate, centre) in batch
            if place % 9 == 4
            for message in _conversation(
                pk, candidate, authors.get(centre), place // 9, now - (2 + place % 25) * DAY
            )
        )


def _conversation(
    application: int, candidate: int, author: Any, place: int, asked: datetime
) -> Iterator[Message]:
    """Most questions are answered; every fifth one still waits."""
    is_answered = place % 5 != 0 and author is not None
    yield Message(
        application_id=application,
        author_id=candidate,
        is_from_candidate=True,
        text=ASKED[place % len(ASKED)],
        sent_at=asked,
        read_at=asked + 4 * HOUR if is_answered else None,
        read_by=author if is_answered else None,
    )
    if is_answered:
        yield Message(
            application_id=application,
            author=author,
            is_from_candidate=False,
            text=ANSWERED[place % len(ANSWERED)],
            sent_at=asked + 4 * HOUR,
            read_at=asked + 20 * HOUR if place % 3 else None,
            read_by_id=candidate if place % 3 else None,
        )
