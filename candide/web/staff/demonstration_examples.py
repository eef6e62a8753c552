"""What else the demonstration holds: of each thing staff do with applications, an example."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import CorrectionOutcome
from candide.admissions.applications.models import Application, Correction, FormAnswer
from candide.admissions.bulk.domain.extending import KIND as DEADLINES
from candide.admissions.candidates.domain.duplicates import open_pairs
from candide.admissions.correspondence.models import Message, Note
from candide.admissions.decisions.domain.tacit import is_marked
from candide.admissions.releases.enums import ReleaseState
from candide.admissions.releases.models import Release
from candide.admissions.tags.models import Tagging
from candide.foundation.downloads.models import Download
from candide.foundation.runs.models import Run
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail

OF_APPLICATION = {"application": OuterRef("pk")}


@dataclass(frozen=True)
class Example:
    """Something the demonstration holds, and where it is seen."""

    label: Any
    url: str


def more_examples(visible: QuerySet[Application], *, today: date) -> list[Example]:
    """One of each, those there are: a query each."""
    return [*_of_applications(visible, today), *_beside_applications()]


def _of_applications(visible: QuerySet[Application], today: date) -> Iterator[Example]:
    for label, condition, anchor in _applications(today):
        found = visible.filter(condition).order_by("pk").values_list("pk", flat=True).first()
        if found is not None:
            yield Example(
                label, f"{reverse('staff:application', args=[found])}{anchor and f'#{anchor}'}"
            )


def _applications(today: date) -> Iterator[tuple[Any, Any, str]]:
    """(what, which applications, where on their page)."""
    messages = Message.objects.filter(**OF_APPLICATION)
    requests = Correction.objects.filter(**OF_APPLICATION)
    yield _("A message to read"), Exists(messages.filter(_UNREAD)), "thread"
    answered = messages.filter(is_from_candidate=False).exclude(read_at=None)
    yield _("A message answered and read"), Exists(answered), "thread"
    unseen = messages.filter(is_from_candidate=False, read_at=None)
    yield _("A message the candidate has not read"), Exists(unseen), "thread"
    yield _("An important note"), Exists(Note.objects.filter(_IMPORTANT, **OF_APPLICATION)), "notes"
    is_open = Exists(requests.filter(closed_at=None, due_on__gte=today))
    yield _("A request to the candidate, open"), is_open, "corrections"
    is_late = Exists(requests.filter(closed_at=None, due_on__lt=today))
    yield _("A request to the candidate, late"), is_late, "corrections"
    is_answered = Exists(requests.filter(outcome=CorrectionOutcome.ANSWERED))
    yield _("A request to the candidate, answered"), is_answered, "corrections"
    has_more = Q(additional_documents__is_internal=True)
    yield _("A document only staff see"), has_more, "documents"
    forms = FormAnswer.objects.filter(**OF_APPLICATION).exclude(answers=[])
    yield _("Answers of an external form"), Exists(forms), "forms"
    later = Q(documents_extended_to__gt=F("intake__documents_due_on"))
    yield _("An individual day for the dossier"), later, "status"
    yield _("An individual day to answer"), Q(acceptance_extended_to__gte=today), "decision"
    yield _("An exemption, explained"), ~Q(exemption_note=""), "enrolment"
    tagged = Tagging.objects.filter(tag__is_active=True, **OF_APPLICATION)
    yield _("Tags"), Exists(tagged), ""
    yield _("Marked for its silence"), is_marked(None, today=today), "status"
    yield _("A proposal"), Q(is_proposal=True), "decision"


_UNREAD = Q(is_from_candidate=True, read_at=None)
_IMPORTANT = Q(is_important=True)
RELEASES = {
    ReleaseState.OPEN: _("A release that is prepared"),
    ReleaseState.PLANNED: _("A release planned at an hour"),
    ReleaseState.DONE: _("A release that was done"),
}


def _beside_applications() -> Iterator[Example]:
    releases = dict(Release.objects.order_by("-pk").values_list("state", "pk"))
    for state, label in RELEASES.items():
        if state in releases:
            yield Example(label, reverse("staff:release_page", args=[releases[state]]))
    for label, status in (
        (_("Mails that failed"), MailStatus.FAILED),
        (_("Mails that are tried again"), MailStatus.QUEUED),
    ):
        if OutgoingMail.objects.filter(status=status).exists():
            yield Example(label, f"{reverse('staff:outbox')}?status={status}")
    pair = open_pairs().first()
    if pair is not None:
        url = reverse("staff:duplicate", args=[pair.pk])
        yield Example(_("Two accounts of one person, to compare"), url)
    if Run.objects.exists():
        yield Example(_("Actions for many applications"), reverse("staff:runs"))
    extended = Run.objects.filter(kind=DEADLINES).order_by("-pk").first()
    if extended:
        yield Example(_("Deadlines extended"), reverse("staff:run", args=[extended.pk]))
    whose = Download.objects.values_list("asked_by__email", flat=True).order_by("-pk").first()
    if whose:
        label = _("Exports, which only %(who)s sees") % {"who": whose}
        yield Example(label, reverse("staff:downloads"))
    yield Example(_("Views, kept and shared"), reverse("staff:views"))
