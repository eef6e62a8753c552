"""Which form edits which section, how what it holds is checked and saved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from candide.admissions.candidates.domain.address import (
    address_blockers,
    save_address,
    tidy_address,
)
from candide.admissions.candidates.domain.baccalaureate import (
    baccalaureate_blockers,
    save_baccalaureate,
    tidy_baccalaureate,
)
from candide.admissions.candidates.domain.path import item_blockers, save_item, tidy_item
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.web.shared.file.forms import SectionForm
from candide.web.shared.file.forms_path import ExternalStudiesForm, InternshipForm, WorkForm
from candide.web.shared.file.forms_place import AddressForm, BaccalaureateForm

Check = Callable[[SectionForm, datetime], list[Blocker]]
Save = Callable[[SectionForm, Candidate, Any, datetime], Any]


@dataclass(frozen=True)
class Editor:
    """A form and the two calls into the domain that go with it."""

    form: type[SectionForm]
    check: Check
    save: Save
    is_list: bool = False


def _check_address(form: SectionForm, now: datetime) -> list[Blocker]:
    return address_blockers(tidy_address(form.entry()), kept=form.row)


def _save_address(form: SectionForm, candidate: Candidate, by: Any, now: datetime) -> Any:
    return save_address(
        candidate, entry=form.entry(), version=form.shown_version, tab=form.window, by=by
    )


def _check_baccalaureate(form: SectionForm, now: datetime) -> list[Blocker]:
    entry = tidy_baccalaureate(form.entry())
    return baccalaureate_blockers(entry, today=localdate(now), kept=form.row)


def _save_baccalaureate(form: SectionForm, candidate: Candidate, by: Any, now: datetime) -> Any:
    return save_baccalaureate(
        candidate, entry=form.entry(), version=form.shown_version, tab=form.window, by=by, now=now
    )


def _check_item(form: SectionForm, now: datetime) -> list[Blocker]:
    return item_blockers(tidy_item(form.entry()), today=localdate(now), kept=form.row)


def _save_item(form: SectionForm, candidate: Candidate, by: Any, now: datetime) -> Any:
    return save_item(
        candidate,
        entry=form.entry(),
        pk=form.row.pk if form.row else None,
        version=form.shown_version,
        tab=form.window,
        by=by,
        now=now,
    )


EDITORS: dict[Section, Editor] = {
    Section.ADDRESS: Editor(AddressForm, _check_address, _save_address),
    Section.BACCALAUREATE: Editor(BaccalaureateForm, _check_baccalaureate, _save_baccalaureate),
    Section.EXTERNAL_STUDIES: Editor(ExternalStudiesForm, _check_item, _save_item, is_list=True),
    Section.INTERNSHIPS: Editor(InternshipForm, _check_item, _save_item, is_list=True),
    Section.WORK: Editor(WorkForm, _check_item, _save_item, is_list=True),
}
