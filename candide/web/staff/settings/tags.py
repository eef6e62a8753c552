"""The screen of tags [back-office 12.5]."""

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.tags.domain.naming import naming_blockers
from candide.admissions.tags.enums import TagColour
from candide.admissions.tags.models import Tag
from candide.core.blockers import Blocker
from candide.institution.access.enums import Capability
from candide.web.staff.settings.columns import IN_SERVICE, LABEL, OWNER
from candide.web.staff.settings.crud import Column, Crud
from candide.web.staff.settings.forms import SettingForm
from candide.web.staff.tags import tag_chip


class TagForm(SettingForm):
    class Meta(SettingForm.Meta):
        model = Tag
        fields = ("label", "colour", "centre", "is_active")
        widgets = {"colour": forms.RadioSelect}

    def narrow(self) -> None:
        """Each colour is shown as it will look; a tag stays where applications have it."""
        self.fields["colour"].choices = [
            (colour.value, tag_chip(colour.label, colour.value)) for colour in TagColour
        ]
        self.fields["centre"].disabled = self.instance.pk is not None

    def blockers(self) -> list[Blocker]:
        return naming_blockers(self.instance)


TAGS = Crud(
    slug="etiquettes",
    title=_("Tags"),
    new=_("New tag"),
    help=_("Marks staff put on applications to find them again; candidates never see them."),
    model=Tag,
    form=TagForm,
    capability=Capability.MANAGE_ORGANISATION,
    view="tags.view",
    manage="tags.manage",
    columns=(LABEL, Column(_("Colour"), lambda row: row.get_colour_display()), OWNER, IN_SERVICE),
    order=("label",),
    joined=("centre",),
)
