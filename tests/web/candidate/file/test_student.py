"""The student system: walked by students, refused to thieves [FILE-INE-08…10, FILE-INT]."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from candide.admissions.candidates.domain.editing import begin
from candide.admissions.candidates.domain.fetching_later import catch_up
from candide.admissions.candidates.enums import MissedKind, Section
from candide.admissions.candidates.models import (
    Address,
    Candidate,
    MissedFetch,
    SectionDraft,
)
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.integrations import sis
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import Unavailable
from tests.factories.accounts import UserFactory
from tests.factories.candidates import AddressFactory, CandidateFactory
from tests.factories.reference import CommunePostcodeFactory
from tests.web.candidate.file.conftest import FILE, IDENTITY, words

FIRST, SECOND = f"{IDENTITY}modifier/", f"{IDENTITY}etat-civil/"
CERTIFY, UNKNOWN, FOUND = (f"{FILE}etudiant/{end}" for end in ("", "ine-inconnu/", "ine-connu/"))
REMOVE = f"{FILE}donnees-importees/supprimer/"
REFRESH = f"{FILE}donnees-importees/actualiser/"
NUMBER, INE = "22301457", "230145789KH"
CLEMENTINE = {
    "civility": "Mme",
    "birth_name": "Martin",
    "first_name": "Clémentine",
    "born_on": "12/04/2005",
    "birth_country": "99100",
    "birth_department": "45",
    "birth_city": "Orléans",
    "language": "fr",
    "then": "next",
}
SECRETS = ("PRUNIERS", "Olivet", "Licence 3", NUMBER, "clementine.martin@etu.exemple.fr")


@pytest.fixture(autouse=True)
def olivet(places):
    CommunePostcodeFactory(commune=places.olivet, postcode="45160")


@pytest.fixture
def student(user):
    """`user` came in through the door of the institution."""
    User.objects.filter(pk=user.pk).update(student_number=NUMBER)
    return user


@pytest.fixture
def down(monkeypatch):
    def silent(*args):
        raise Unavailable

    for name in ("student_by_number", "student_by_ine", "studies"):
        monkeypatch.setattr(DemonstrationStudentSystem, name, silent)


def typed_both_steps(visitor, ine=INE, **changes):
    visitor.post(FIRST, {"nationality": "99100", "ine": ine})
    return visitor.post(SECOND, {**CLEMENTINE, **changes})


def mailed_link():
    mail = OutgoingMail.objects.get(kind="student-proof")
    return re.search(r"/espace/dossier/etudiant/preuve/\S+/", mail.text).group()


# -- Signed in by the institution ------------------------------------------------------------------
def test_student_finds_the_ine_filled_in_and_fixed(visitor, student):
    """FILE-INE-08; S2-07."""
    form = visitor.get(FIRST).context["form"]

    assert form["ine"].value() == INE
    assert form.fields["ine"].disabled


def test_student_certifies_and_goes_on_with_everything_filled_in(visitor, student):
    """FILE-INE-09, FILE-PER-06, 07; S2-07, S2-20."""
    first = visitor.post(FIRST, {"nationality": "99100", "ine": "tampered"})
    asked = visitor.get(CERTIFY)
    answered = visitor.post(CERTIFY, {"answer": "yes"})
    second = visitor.get(SECOND)
    contacts = {"phone": "", "mobile": "0612345678", "language": "fr"}
    visitor.post(SECOND, {**contacts, "version": second.context["form"].raw("version")})

    assert first.url == CERTIFY
    assert "Certifiez-vous être CLÉMENTINE MARTIN né(e) le 12 avril 2005 ?" in words(asked)
    assert answered.url == SECOND
    fields = set(second.context["form"].fields)
    assert fields == {"version", "tab", "phone", "mobile", "language"}
    candidate = Candidate.objects.get()
    assert (candidate.ine, candidate.mobile) == (INE, "+33612345678")
    assert candidate.is_imported
    assert "14 RUE DES PRUNIERS" in words(visitor.get(f"{FILE}adresse/"))
    internal = words(visitor.get(f"{FILE}cursus-interne/"))
    assert "Licence 3 Sciences de la vie" in internal
    assert "contactez le service de scolarité" in internal  # S2-21
    assert f'action="{REFRESH}"' in visitor.get(f"{FILE}cursus-interne/").content.decode()


def test_who_is_not_that_student_types_everything(visitor, student):
    visitor.post(FIRST, {"nationality": "99100"})

    declined = visitor.post(CERTIFY, {"answer": "no"})
    form = visitor.get(FIRST).context["form"]
    second = visitor.post(FIRST, {"nationality": "99100", "ine": ""})

    assert declined.url == FIRST
    assert not form.fields["ine"].disabled
    assert second.url == SECOND
    assert not Candidate.objects.exists()


def test_nobody_else_certifies(visitor, user):
    assert visitor.get(CERTIFY).url == SECOND
    assert visitor.post(CERTIFY, {"answer": "yes"}).url == SECOND
    assert not Candidate.objects.exists()


def test_silent_system_does_not_stop_a_student(visitor, student, down):
    shown = visitor.get(FIRST)
    response = visitor.post(FIRST, {"nationality": "99100", "ine": ""})

    assert "Le système de scolarité ne répond pas" in words(shown)
    assert response.url == SECOND
    assert [row.kind for row in MissedFetch.objects.filter(user=student)] == [MissedKind.RECORD]


def test_student_known_by_login_alone_certifies_too(visitor, user):
    User.objects.filter(pk=user.pk).update(student_login="clemartin")

    asked = visitor.post(FIRST, {"nationality": "99100"})
    visitor.post(asked.url, {"answer": "yes"})

    assert asked.url == CERTIFY
    assert Candidate.objects.get().is_imported
    assert visitor.get(FIRST).context["form"].fields["ine"].disabled


def test_silent_system_is_asked_later_for_a_login(visitor, user, monkeypatch):
    User.objects.filter(pk=user.pk).update(student_login="clemartin")

    def silent(*args):
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(DemonstrationStudentSystem, "student_by_login", silent)
        on = visitor.post(FIRST, {"nationality": "99100", "ine": ""})
        visitor.post(SECOND, CLEMENTINE)
    caught_up = catch_up(now=timezone.now() + timedelta(minutes=2))

    assert on.url == SECOND
    assert caught_up == 1
    assert OutgoingMail.objects.get(kind="student-data-found").for_user_id == user.pk


def test_what_is_asked_later_is_said_on_the_page(visitor, user, alix):
    asked = "interrogé de nouveau automatiquement"
    before = words(visitor.get(IDENTITY))
    MissedFetch.objects.create(
        user=user, kind="record", missed_at=timezone.now(), next_attempt_at=timezone.now()
    )

    assert (asked in before, asked in words(visitor.get(IDENTITY))) == (False, True)


def test_what_was_typed_is_replaced_by_who_ticks_it_alone(visitor, student, alix):
    AddressFactory(candidate=alix)
    page = visitor.get(CERTIFY)

    visitor.post(CERTIFY, {"answer": "yes"})
    kept = Address.objects.get().is_imported
    visitor.post(CERTIFY, {"answer": "yes", "replace": "address"})

    assert "Vous avez saisi autre chose" in words(page)
    assert (kept, Address.objects.get().is_imported) == (False, True)
    assert "Repris de l’université" in words(visitor.get(f"{FILE}adresse/"))


@pytest.mark.parametrize("mode", ["refuse", "warn"])
def test_ine_the_register_does_not_know_is_said(visitor, monkeypatch, mode):
    """A-098."""
    monkeypatch.setattr(DemonstrationStudentSystem, "check_ine", lambda system, ine: False)
    Institution.objects.update_or_create(pk=1, defaults={"rnie_check": mode})

    response = visitor.post(FIRST, {"nationality": "99100", "ine": INE}, follow=True)

    assert "Le répertoire national ne connaît pas cet INE" in words(response)
    assert (response.redirect_chain == []) == (mode == "refuse")


def test_silent_register_is_asked_later(visitor, user, monkeypatch):
    def silent(system, ine):
        raise Unavailable

    monkeypatch.setattr(DemonstrationStudentSystem, "check_ine", silent)

    response = visitor.post(FIRST, {"nationality": "99100", "ine": INE})

    assert response.url == SECOND
    assert [row.kind for row in MissedFetch.objects.filter(user=user)] == [MissedKind.INE_CHECK]


def test_data_are_fetched_again(visitor, student):
    visitor.post(CERTIFY, {"answer": "yes"})
    candidate = Candidate.objects.get()
    candidate.internal_studies.all().delete()

    response = visitor.post(f"{FILE}donnees-importees/actualiser/")

    assert response.url == f"{FILE}cursus-interne/"
    assert candidate.internal_studies.count() == 3


def test_data_are_not_fetched_again_by_who_was_not_imported(visitor, alix):
    response = visitor.post(f"{FILE}donnees-importees/actualiser/", follow=True)

    assert "Le système de scolarité ne vous connaît pas" in words(response)


def test_ine_of_an_imported_student_stays_fixed(visitor, student):
    visitor.post(CERTIFY, {"answer": "yes"})

    form = visitor.get(FIRST).context["form"]

    assert form.fields["ine"].disabled
    assert visitor.post(FIRST, {"nationality": "99100", "ine": "", "version": "1"}).url == SECOND
    assert Candidate.objects.get().ine == INE


def test_nothing_is_taken_over_while_the_office_edits(visitor, student):
    """LOCK-07."""
    visitor.post(CERTIFY, {"answer": "yes"})
    office = UserFactory(staff=True)
    begin(student, section=Section.IDENTITY, by=office, tab="x", now=timezone.now())

    again = visitor.post(CERTIFY, {"answer": "yes"})
    fetched = visitor.post(f"{FILE}donnees-importees/actualiser/", follow=True)
    removed = visitor.post(REMOVE)

    assert (again.status_code, removed.status_code) == (409, 409)
    for response in (again, fetched, removed):
        assert "Compte verrouillé par un autre utilisateur" in words(response)
    assert Candidate.objects.get().is_imported


# -- An INE was typed ------------------------------------------------------------------------------
def test_unknown_ine_is_said_and_yes_goes_on(visitor):
    """FILE-INE-09; S2-18, S2-53."""
    response = typed_both_steps(visitor, ine="1856816120S")
    page = visitor.get(response.url)

    assert response.url == UNKNOWN
    text = words(page)
    assert "Votre INE est inconnu de notre système, voulez-vous continuer ?" in text
    link = re.compile(r'href="([^"]+)">(?:(?!</a>).)*?\s(Oui|Non)\b', re.DOTALL)
    assert link.findall(page.content.decode()) == [(f"{FILE}adresse/", "Oui"), (FIRST, "Non")]


def test_no_ine_asks_nothing(visitor):
    """FILE-INE-10."""
    assert typed_both_steps(visitor, ine="").url == f"{FILE}adresse/"


def test_ine_is_asked_about_once(visitor):
    typed_both_steps(visitor, ine="1856816120S")

    assert visitor.post(SECOND, {**CLEMENTINE, "version": "1"}).url == f"{FILE}adresse/"


def test_silent_system_does_not_stop_who_typed_an_ine(visitor, down):
    response = visitor.post(FIRST, {"nationality": "99100", "ine": INE})
    done = visitor.post(SECOND, CLEMENTINE, follow=True)

    assert response.url == SECOND
    assert done.redirect_chain[0][0] == f"{FILE}adresse/"
    assert "Le système de scolarité ne répond pas" in words(done)


def test_former_student_proves_it_by_the_mail_and_is_filled_in(visitor):
    response = typed_both_steps(visitor)
    visitor.get(FOUND)
    sent = visitor.post(FOUND)
    link = mailed_link()
    asked = visitor.get(link)
    answered = visitor.post(link, {"answer": "yes"})

    assert response.url == FOUND
    assert sent.url == f"{FILE}adresse/"
    assert OutgoingMail.objects.get().to == "clementine.martin@etu.exemple.fr"
    assert "Certifiez-vous être CLÉMENTINE MARTIN" in words(asked)
    assert answered.url == SECOND
    assert Candidate.objects.get().is_imported
    assert Address.objects.get().line_1 == "14 RUE DES PRUNIERS"


def test_following_the_link_alone_changes_nothing(visitor):
    """Scanners of mail open links."""
    typed_both_steps(visitor)
    visitor.post(FOUND)

    visitor.get(mailed_link())
    refused = visitor.post(mailed_link(), {"answer": "no"})

    assert refused.url == FILE
    assert not Candidate.objects.get().is_imported


def test_second_link_has_to_wait(visitor):
    typed_both_steps(visitor)
    visitor.post(FOUND)

    response = visitor.post(FOUND)

    assert response.status_code == 409
    assert "Un lien a été envoyé il y a quelques minutes" in words(response)
    assert OutgoingMail.objects.count() == 1


# -- Thieves ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes", [{"first_name": "Alix"}, {"born_on": "13/04/2005"}, {"birth_name": "Durand"}]
)
def test_stolen_ine_looks_like_an_unknown_one(visitor, changes):
    response = typed_both_steps(visitor, **changes)
    asked_anyway = visitor.post(FOUND)

    assert response.url == UNKNOWN
    assert asked_anyway.status_code == 409
    assert "Votre INE est inconnu de notre système" in words(asked_anyway)
    assert not OutgoingMail.objects.exists()


def test_thief_who_knows_names_and_birth_date_sees_nothing_of_the_student(visitor):
    pages = [typed_both_steps(visitor), visitor.get(FOUND), visitor.post(FOUND)]
    pages += [visitor.get(FILE + path) for path in ("", "cursus-interne/", "adresse/modifier/")]
    pages += [visitor.get(IDENTITY), visitor.get(CERTIFY), visitor.get(REMOVE)]

    read = " ".join(words(page) for page in pages)

    assert [secret for secret in SECRETS if secret in read] == []
    assert not Address.objects.exists()


def test_link_does_not_work_in_another_account(visitor, client):
    typed_both_steps(visitor)
    visitor.post(FOUND)
    link = mailed_link()
    visitor.force_login(CandidateFactory(first_name="EDEN").user)

    shown, sent = visitor.get(link), visitor.post(link, {"answer": "yes"})

    assert (shown.status_code, sent.status_code) == (409, 409)
    assert "Ce lien appartient à un autre compte" in words(shown)
    assert Candidate.objects.filter(is_imported=True).count() == 0


def test_link_needs_a_sign_in(client, user):
    client.force_login(user)
    typed_both_steps(client)
    client.post(FOUND)
    client.logout()

    assert "/connexion/" in client.get(mailed_link()).url


def test_link_is_too_old_the_next_day(visitor, frozen):
    typed_both_steps(visitor)
    visitor.post(FOUND)
    link = mailed_link()
    frozen.shift(86_401)
    visitor.force_login(User.objects.get(pk=Candidate.objects.get().user_id))

    response = visitor.get(link)

    assert response.status_code == 409
    assert "Ce lien est trop ancien" in words(response)


# -- Going back ------------------------------------------------------------------------------------
def test_imported_data_are_removed_after_a_question(visitor):
    """FILE-INE-09, FILE-PER-08."""
    typed_both_steps(visitor)
    visitor.post(FOUND)
    visitor.post(mailed_link(), {"answer": "yes"})
    version = Candidate.objects.get().version

    changed = visitor.post(
        FIRST, {"nationality": "99100", "ine": "1856816120S", "version": str(version)}
    )
    asked = visitor.get(REMOVE)
    before = Address.objects.count()
    removed = visitor.post(REMOVE)
    again = visitor.get(FIRST)

    assert changed.url == REMOVE
    assert "supprimer les données importées du système de scolarité" in words(asked)
    assert (before, Address.objects.count()) == (1, 0)
    assert removed.url == FIRST
    assert again.context["form"]["ine"].value() == "1856816120S"  # what was typed is not lost
    candidate = Candidate.objects.get()
    assert (candidate.is_imported, candidate.ine) == (False, "")


def test_there_is_nothing_to_remove_without_an_import(visitor, alix):
    assert visitor.get(REMOVE).url == IDENTITY
    assert visitor.post(REMOVE).url == IDENTITY


@pytest.mark.parametrize("address", [UNKNOWN, FOUND, REMOVE])
def test_questions_come_after_the_file(visitor, user, address):
    assert visitor.get(address).url == IDENTITY
    assert visitor.post(f"{FILE}donnees-importees/actualiser/").url == IDENTITY


def test_without_a_student_system_nothing_is_asked(visitor, settings):
    settings.STUDENT_SYSTEM = "none"
    assert not sis.current().knows_students

    assert typed_both_steps(visitor).url == f"{FILE}adresse/"
    assert not SectionDraft.objects.exists()
    assert "jamais été inscrit" in words(visitor.get(f"{FILE}cursus-interne/"))


def test_student_number_of_somebody_else_is_not_taken_over_by_typing(visitor, places):
    """Only the door of the institution gives an account a student number."""
    visitor.post(FIRST, {"nationality": "99100", "ine": "", "student_number": NUMBER})
    visitor.post(SECOND, {**CLEMENTINE, "student_number": NUMBER})

    assert Candidate.objects.get().student_number == ""
    assert UserFactory().student_number == ""
