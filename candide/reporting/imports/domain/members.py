"""Members of commissions, read back from the spreadsheet of commissions [back-office 6.2]. A line
with the address of a person gives them its role in its commission, or says whether they chair it.
Who stands on no line stays: a role is taken back on the page of the person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused
from candide.foundation.history.domain.log import entries_about
from candide.foundation.runs.models import Run
from candide.institution.access.domain.giving import (
    Right,
    add_person,
    change_right,
    changing_blockers,
    find_person,
    giving_blockers,
    giving_warnings,
)
from candide.institution.access.enums import AccessEvent
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.access.scope import holds_today
from candide.institution.accounts.domain.invitation import Colleague
from candide.institution.accounts.domain.words import clean_email, is_name
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Commission
from candide.reporting.exports.domain.organisation import CHAIR, EMAIL, MEMBER, PERSON, ROLE
from candide.reporting.imports.domain.comparing import Change
from candide.reporting.imports.domain.line import Line, Plan, once
from candide.reporting.imports.domain.meaning import Misread, meaning_of, row_meant


def plan_member(
    run: Run, line: Line, labels: Mapping[str, str], commission: Commission, found: Plan
) -> None:
    """Add to `found` what becomes of the person on the line."""
    email = clean_email(line.cells.get(EMAIL, ""))
    if not email and not any(line.cells.get(key) for key in (ROLE, CHAIR)):
        return
    try:
        validate_email(email)
    except ValidationError:
        found.blockers.append(_about(labels[EMAIL], _("an e-mail address is expected.")))
        return
    try:
        role = row_meant(RoleProfile.objects.all(), line.cells.get(ROLE, ""))
        is_chair = _is_chair(line)
    except Misread as misread:
        found.blockers.append(_about(labels.get(ROLE, ""), str(misread)))
        return
    found.blockers += once(run.memory, f"{commission.code} {email} {role.pk}", line)
    person = find_person(email)
    held = _held(person, role, commission)
    if held is not None:
        _plan_chair(run, line, labels, held, is_chair, found)
        return
    right = Right(role=role, commission=commission, is_chair=bool(is_chair))
    _plan_right(run, line, labels, email, person, right, found)


def perform_member(
    run: Run, found: Plan, line: Line, commission: Commission, *, now: datetime
) -> None:
    """Give the role, or say who chairs, as the preview showed."""
    values = {change.name: change for change in found.changes if change.part == MEMBER}
    if not values:
        return
    by: Any = run.asked_by
    email = clean_email(line.cells[EMAIL])
    if MEMBER in found.made:
        role = RoleProfile.objects.get(pk=values["role"].after)
        right = Right(role=role, commission=commission, is_chair="is_chair" in values)
        first_name, last_name = _names(line) if find_person(email) is None else ("", "")
        colleague = Colleague(
            email=email,
            first_name=first_name,
            last_name=last_name,
            language=translation.get_language(),
        )
        add_person(colleague, right, by=by, now=now)
        return
    change = values["is_chair"]
    role = row_meant(RoleProfile.objects.all(), line.cells[ROLE])
    held = _held(find_person(email), role, commission)
    if held is None or held.is_chair != change.before:
        message = _("Column “%(column)s” was changed since the preview.")
        raise Refused([Blocker("changed", message % {"column": change.label})])
    change_right(held, is_chair=change.after, by=by)


# -- What the line says ----------------------------------------------------------------------------


def _is_chair(line: Line) -> bool | None:
    """None where it says nothing of it."""
    text = line.cells.get(CHAIR, "")
    field = Assignment._meta.get_field("is_chair")
    return bool(meaning_of(field, text)) if text else None


def _names(line: Line) -> tuple[str, str]:
    """First name and name, whose words are in capitals, or else the last one; empty where the line
    does not say both."""
    words = line.cells.get(PERSON, "").split()
    number = len(words)
    while number > 1 and words[number - 1].isupper():
        number -= 1
    number = min(number, len(words) - 1) if words else 0
    return " ".join(words[:number]), " ".join(words[number:])


def _held(person: User | None, role: RoleProfile, commission: Commission) -> Assignment | None:
    if person is None or commission.pk is None:
        return None
    rows = Assignment.objects.select_related("user", "role", "commission")
    return rows.filter(user=person, role=role, commission=commission).first()


# -- What becomes of it ----------------------------------------------------------------------------


def _plan_right(
    run: Run,
    line: Line,
    labels: Mapping[str, str],
    email: str,
    person: User | None,
    right: Right,
    found: Plan,
) -> None:
    """A role to be given, for which somebody without an account is invited."""
    assert right.commission is not None  # noqa: S101 -- that of the line
    if person is not None and _was_changed(person, right.role, line, AccessEvent.TAKEN):
        message = _("This role was taken back since the export: it stays so.")
        found.warnings.append(Blocker("changed_since", message))
        return
    # A commission that is to be made is nobody's place yet.
    known = person if right.commission.pk is not None else None
    blockers = giving_blockers(known, right, by=run.asked_by)  # type: ignore[arg-type]
    found.blockers += blockers
    if "out_of_reach" in {blocker.code for blocker in blockers}:
        return  # who gives no rights there learns nothing of accounts either
    names = _names(line)
    if person is None and not all(is_name(name) for name in names):
        message = _("Nobody has an account with this address: first name and NAME are expected.")
        found.blockers.append(_about(labels.get(PERSON, ""), message))
        return
    invited = _("%(person)s, invited by mail") % {"person": " ".join(names)}
    found.warnings += giving_warnings(person, right)
    found.made.append(MEMBER)
    told = f"{email} ({person or invited})"
    found.changes += [
        Change(MEMBER, "user", "", labels[EMAIL], None, email, "", told),
        Change(MEMBER, "role", "", labels[ROLE], None, right.role.pk, "", str(right.role)),
    ]
    if right.is_chair:
        found.changes.append(
            Change(MEMBER, "is_chair", "", labels[CHAIR], None, True, "", _("Yes"))
        )


def _plan_chair(
    run: Run,
    line: Line,
    labels: Mapping[str, str],
    held: Assignment,
    is_chair: bool | None,
    found: Plan,
) -> None:
    """Whether somebody who is a member chairs the commission."""
    if not Assignment.objects.filter(holds_today(), pk=held.pk).exists():
        message = _("This person had this role there: it is over or out of service.")
        kind = found.blockers if line.exported_at is None else found.warnings
        kind.append(Blocker("stopped", message))
        return
    if is_chair is None or is_chair == held.is_chair:
        return
    if _was_changed(held.user, held.role, line, AccessEvent.CHANGED):
        message = _("Column “%(column)s” was changed since the export: it stays “%(now)s”.")
        says = {"column": labels[CHAIR], "now": _yes_or_no(held.is_chair)}
        found.warnings.append(Blocker("changed_since", message % says))
        return
    found.blockers += changing_blockers(held, is_active=held.is_active, by=run.asked_by)  # type: ignore[arg-type]
    words = (_yes_or_no(held.is_chair), _yes_or_no(is_chair))
    found.changes.append(
        Change(MEMBER, "is_chair", "", labels[CHAIR], held.is_chair, is_chair, *words)
    )


def _was_changed(person: User, role: RoleProfile, line: Line, event: AccessEvent) -> bool:
    """Whether this happened to the role of `person` after the line was exported."""
    if line.exported_at is None:
        return False
    later = entries_about(person).filter(at__gt=line.exported_at, event=event)
    return any(role.pk in entry.data["changes"].get("role", ()) for entry in later)


def _yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _about(label: str, problem: str) -> Blocker:
    message = _("Column “%(column)s”: %(problem)s")
    return Blocker("misread", message % {"column": label, "problem": problem})
