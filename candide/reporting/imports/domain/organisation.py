"""Centres and commissions with their members, read back from the spreadsheets of their exports
[back-office 5, 6]. Who manages a centre is given by rights, never by a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.foundation.runs.models import Run
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.catalogue.domain.centre_defaults import defaults_blockers
from candide.institution.catalogue.domain.organisation import (
    centre_blockers,
    commission_blockers,
    follow_name,
)
from candide.institution.catalogue.models import ApplicationCentre, Commission, Institution
from candide.reporting.imports.domain.comparing import Comparison, Pointer, apply, compare
from candide.reporting.imports.domain.line import Line, Plan, contradictions, moment_warnings
from candide.reporting.imports.domain.meaning import row_meant
from candide.reporting.imports.domain.members import perform_member, plan_member

IDENTITY = {"code", "name", "is_active"}


@dataclass(frozen=True)
class Kind:
    """One of both. `settled` are fields only those change who may make such a row, `fixed` those
    nobody changes once it is made."""

    model: type[Any]
    manage: str
    make: str
    settled: frozenset[str]
    fixed: frozenset[str] = frozenset()

    @property
    def part(self) -> str:
        return str(self.model._meta.model_name)

    def blockers(self, row: Any) -> list[Blocker]:
        if self.model is Commission:
            return commission_blockers(row)
        return [*centre_blockers(row), *defaults_blockers(row)]

    def new(self, code: str) -> Any:
        if self.model is Commission:
            return Commission(code=code)
        return ApplicationCentre(code=code, max_applications=Institution.current().max_applications)

    def plan(self, run: Run, line: Line, labels: Mapping[str, str]) -> Plan:
        """What the line would do to a row, which several lines may be about: one a person."""
        key = f"{self.part}.code"
        code = line.cells.get(key, "")
        found = Plan(name=code)
        longest = self.model._meta.get_field("code").max_length
        if not code or len(code) > longest:
            message = _("Column “%(column)s”: a code of at most %(most)d characters is expected.")
            says = {"column": labels[key], "most": longest}
            found.blockers.append(Blocker("code_missing", message % says))
            return found
        row = self.model.objects.filter(code=code).first() or self.new(code)
        if row.pk is not None and not _may(run.asked_by, self.manage, row):
            found.blockers.append(_not_allowed())
            return found
        if row.pk is None:
            found.made.append(self.part)
        cells = {each: text for each, text in line.cells.items() if each != key}
        pointers = {"centre": _centre_pointer(run.asked_by)}
        compared = compare(row, cells, labels, since=line.exported_at, pointers=pointers)
        found.add(compared)
        found.name = f"{code} – {row}"
        found.blockers += contradictions(run.memory, code, compared.changes, line)
        found.blockers += self._limits(run.asked_by, compared, labels)
        if self.model is Commission:
            plan_member(run, line, labels, row, found)
        found.warnings += moment_warnings(line, found.made)
        return found

    def _limits(self, user: Any, compared: Comparison, labels: Mapping[str, str]) -> list[Blocker]:
        """What this person may not change, and what the rules refuse."""
        row = compared.row
        if row.pk is None:
            missing = [*_missing(row, self.part, labels)]
            if missing:
                return missing
            return self.blockers(row) if _may(user, self.make, row) else [_not_allowed()]
        found = []
        if compared.changed & self.fixed:
            found.append(Blocker("fixed", _("A commission stays in its centre.")))
        if compared.changed & self.settled and not _may(user, self.make, row):
            message = _("Your rights do not let you change its code, name, service or settings.")
            found.append(Blocker("not_allowed", message))
        return [*found, *(self.blockers(row) if compared.changes else [])]

    def perform(self, run: Run, found: Plan, line: Line, now: datetime) -> None:
        """Make or change what the preview showed."""
        code = line.cells[f"{self.part}.code"]
        row = self.model.objects.select_for_update(of=("self",)).filter(code=code).first()
        made = run.memory.setdefault("made", [])
        if (row is None) != (self.part in found.made) and code not in made:
            raise Refused([Blocker("made_meanwhile", _("Somebody changed this meanwhile."))])
        row = row or self.new(code)
        before = values_of(row)
        refuse_if(apply(row, found.changes))
        if not before:
            made.append(code)
        names = {change.name for change in found.changes if change.part == self.part}
        permission = self.make if not before or names & self.settled else self.manage
        if not _may(run.asked_by, permission, row):
            raise Refused([_not_allowed()])
        refuse_if(self.blockers(row))
        row.save()
        log_saved(row, before=before, by=run.asked_by)
        if self.model is ApplicationCentre:
            follow_name(row, before, "commission__centre")
        else:
            perform_member(run, found, line, row, now=now)


def _missing(row: Any, part: str, labels: Mapping[str, str]) -> list[Blocker]:
    """What a new row cannot do without."""
    needed = {"name": "name.fr"}
    if part == "commission":
        needed |= {"centre_id": "centre", "address_1": "address_1"}
    message = _("Column “%(column)s”: this may not be empty.")
    return [
        Blocker("empty", message % {"column": labels[f"{part}.{key}"]})
        for name, key in needed.items()
        if not (str(row.name) if name == "name" else getattr(row, name))
    ]


def _centre_pointer(user: Any) -> Pointer:
    return Pointer(lambda text: row_meant(_centres(user), text), lambda row: row.code)


def _centres(user: Any) -> QuerySet[ApplicationCentre]:
    """Where `user` may make commissions."""
    reach = reach_of(user, Capability.MANAGE_ORGANISATION, write=True)
    rows = ApplicationCentre.objects.all()
    return rows if reach.everywhere else rows.filter(pk__in=reach.centres)


def _may(user: Any, permission: str, row: Any) -> bool:
    return user is not None and user.has_perm(permission, row)


def _not_allowed() -> Blocker:
    return Blocker("not_allowed", _("Your rights do not allow this."))


COMMISSION = Kind(
    Commission,
    manage="catalogue.manage_commissions",
    make="catalogue.make_commissions",
    settled=frozenset(IDENTITY),
    fixed=frozenset({"centre"}),
)
CENTRE = Kind(
    ApplicationCentre,
    manage="catalogue.manage_centres",
    make="catalogue.make_centres",
    settled=frozenset(IDENTITY | {"sets_decisions"}),
)
