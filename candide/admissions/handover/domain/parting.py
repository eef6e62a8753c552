"""What is to be known and done of the student system before applications are erased here: what it
was told stays there, and nobody can tell it anything of them afterwards."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import Delivery, PreEnrolment, PreEnrolmentQuerySet
from candide.core.blockers import Blocker, refuse_if
from candide.core.keys import Keys


def parting_blockers(applications: Iterable[int]) -> list[Blocker]:
    """Why these cannot be erased: the student system would never hear of a withdrawal."""
    found = []
    for row in _of(applications).filter(state=HandoverState.TO_WITHDRAW):
        message = _(
            "The withdrawal from “%(programme)s” has not reached the student system yet: wait "
            "until it has, or have it put aside by those who hand over."
        )
        values = {"programme": row.application.intake.programme.name}
        found.append(Blocker("to_withdraw", message % values, f"pre_enrolment:{row.pk}"))
    return found


def refuse_while_told(applications: Iterable[int], *, now: datetime) -> None:
    """Lock the pre-enrolments of these. Raises `Refused` while one is being told of."""
    rows = _of(applications).select_for_update(of=("self",))
    if any(row.leased_until is not None and row.leased_until > now for row in rows):
        message = _("It is being handed over at this moment: try again in some minutes.")
        refuse_if([Blocker("being_told", message)])


def parting_warnings(applications: Iterable[int]) -> list[Blocker]:
    """What stays in the student system, and what becomes of files it was to be told by."""
    rows = list(_of(applications))
    found = []
    for row in rows:
        if row.is_held and row.state != HandoverState.TO_WITHDRAW:
            message = _(
                "The student system keeps the pre-enrolment for “%(programme)s”. If it is not to "
                "stay there, withdraw the application first, or delete it there."
            )
            values = {"programme": row.application.intake.programme.name}
            found.append(Blocker("held", message % values, f"pre_enrolment:{row.pk}"))
    return [*found, *_of_files(rows)]


def _of_files(rows: list[PreEnrolment]) -> list[Blocker]:
    theirs = Delivery.objects.filter(pre_enrolments__in=rows, files__isnull=False).distinct()
    number = theirs.count()
    if not number:
        return []
    message = ngettext(
        "%(number)d set of files for the student system goes. Others who are in it are told of "
        "again where it was not loaded: if somebody loads it now, say so here first.",
        "%(number)d sets of files for the student system go. Others who are in them are told of "
        "again where they were not loaded: if somebody loads them now, say so here first.",
        number,
    )
    return [Blocker("files", message % {"number": number})]


def _of(applications: Iterable[int]) -> PreEnrolmentQuerySet:
    rows = PreEnrolment.objects.with_offer().filter(application__in=Keys(applications))
    return rows.order_by("pk")
