"""The screens of what is settled for enrolments: exemptions from fees, study regimes. Files bring
them too, later those of the student system; what is ticked as left alone they do not change."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.institution.access.enums import Capability
from candide.institution.reference.enums import Source
from candide.institution.reference.models import FeeExemption, StudyRegime
from candide.web.staff.settings.columns import CODE, IN_SERVICE, LABEL
from candide.web.staff.settings.crud import Column, Crud
from candide.web.staff.settings.forms import SettingForm

FIELDS = ("code", "name", "name_en", "display_name", "position", "is_active", "is_kept")
SOURCE = Column(_("Source"), lambda row: Source(row.source).label)


class _NomenclatureForm(SettingForm):
    def narrow(self) -> None:
        """The code is what files and the student system know a row by."""
        self.fields["code"].disabled = self.instance.pk is not None


class FeeExemptionForm(_NomenclatureForm):
    class Meta(SettingForm.Meta):
        model = FeeExemption
        fields = FIELDS


class StudyRegimeForm(_NomenclatureForm):
    class Meta(SettingForm.Meta):
        model = StudyRegime
        fields = FIELDS


def _screen(**own: Any) -> Crud:
    return Crud(
        capability=Capability.MANAGE_INSTITUTION,
        view="reference.view_enrolment",
        manage="reference.manage_enrolment",
        columns=(LABEL, CODE, SOURCE, IN_SERVICE),
        order=("position", "search_text", "code"),
        **own,
    )


EXEMPTIONS = _screen(
    slug="exonerations",
    title=_("Exemptions from fees"),
    new=_("New exemption"),
    help=_("Why somebody pays nothing or less; chosen in applications."),
    model=FeeExemption,
    form=FeeExemptionForm,
)
REGIMES = _screen(
    slug="regimes",
    title=_("Study regimes"),
    new=_("New study regime"),
    help=_("Under which one enrols: initial, continuing education, apprenticeship…"),
    model=StudyRegime,
    form=StudyRegimeForm,
)
