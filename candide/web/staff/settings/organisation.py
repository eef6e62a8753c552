"""The screens of the organisation: centres, commissions, kinds of programme."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from candide.admissions.decisions.domain.centre_defaults import (
    decisions_of,
    set_centre_decisions,
)
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.catalogue.domain.organisation import follow_name
from candide.institution.catalogue.enums import CatalogueGrouping
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Commission,
    Institution,
    ProgrammeKind,
)
from candide.web.staff.settings.columns import CODE, IN_SERVICE, NAME
from candide.web.staff.settings.commissions import CommissionCrud
from candide.web.staff.settings.crud import SHOWN_HISTORY, Column, Crud
from candide.web.staff.settings.forms import SettingForm
from candide.web.staff.settings.history import Entry, row_sentences
from candide.web.staff.settings.organisation_forms import (
    ApplicationCentreForm,
    CommissionForm,
    ProgrammeKindForm,
)


def _follow_centre(row: Any, before: dict[str, Any]) -> None:
    follow_name(row, before, "commission__centre")


def _follow_kind(row: Any, before: dict[str, Any]) -> None:
    follow_name(row, before, "kind")


def groups_by_kind() -> bool:
    return Institution.current().catalogue_grouping == CatalogueGrouping.KIND


class CentreCrud(Crud):
    """With the decisions its new openings begin with."""

    def new_row(self, request: HttpRequest) -> ApplicationCentre:
        return ApplicationCentre(max_applications=Institution.current().max_applications)

    def save(self, form: SettingForm, *, before: dict[str, Any], by: Any) -> Any:
        centre = super().save(form, before=before, by=by)
        set_centre_decisions(
            centre,
            favourable=form.cleaned_data["favourable"],
            called=form.cleaned_data["called"],
            by=by,
        )
        return centre

    def history(self, row: Any) -> list[Entry]:
        found = super().history(row)
        given = decisions_of(row)
        if given.pk is not None:
            found += row_sentences(entries_about(given)[:SHOWN_HISTORY], given)
        return sorted(found, key=lambda entry: entry.at, reverse=True)


CENTRES = CentreCrud(
    slug="centres",
    title=_("Application centres"),
    new=_("New centre"),
    help=_("Faculties and institutes that take applications."),
    model=ApplicationCentre,
    form=ApplicationCentreForm,
    capability=Capability.MANAGE_ORGANISATION,
    view="catalogue.view_centres",
    manage="catalogue.manage_centres",
    create="catalogue.make_centres",
    columns=(
        NAME,
        CODE,
        Column(_("Copies of mails"), lambda row: row.get_copy_mode_display()),
        Column(_("Applications at most"), "max_applications"),
        IN_SERVICE,
    ),
    after_saved=_follow_centre,
)
COMMISSIONS = CommissionCrud(
    slug="commissions",
    title=_("Commissions"),
    new=_("New commission"),
    help=_("Who examines applications, what candidates read of them, and who is alerted."),
    model=Commission,
    form=CommissionForm,
    capability=Capability.MANAGE_ORGANISATION,
    view="catalogue.view_commissions",
    manage="catalogue.manage_commissions",
    create="catalogue.make_commissions",
    columns=(
        NAME,
        CODE,
        Column(_("Centre"), "centre"),
        Column(_("E-mail"), "email"),
        Column(_("Alerts"), lambda row: row.get_alert_mode_display()),
        Column(_("Letters"), lambda row: row.get_letter_mode_display()),
        IN_SERVICE,
    ),
    order=("centre__code", "code"),
    joined=("centre", "signature"),
)
PROGRAMME_KINDS = Crud(
    slug="types-de-formation",
    title=_("Kinds of programme"),
    new=_("New kind of programme"),
    help=_("How the catalogue groups programmes."),
    model=ProgrammeKind,
    form=ProgrammeKindForm,
    capability=Capability.MANAGE_CATALOGUE,
    view="catalogue.view_kinds",
    manage="catalogue.manage_kinds",
    columns=(NAME, CODE, IN_SERVICE),
    after_saved=_follow_kind,
    is_offered=groups_by_kind,
)
