"""The forms of the institution's settings, one a group, and what each does in a sentence."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from candide.admissions.applications.enums import DossierStatus
from candide.core.blockers import Blocker
from candide.core.colour import READABLE, contrast_ratio, readable
from candide.foundation.history.domain.changes import values_of
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.wording import choices_of
from candide.web.shared.theme import LIGHT_GROUND
from candide.web.staff.menu import entries as menu_entries
from candide.web.staff.settings.forms import SettingForm
from candide.web.staff.settings.history import LIST_WORDS, shown_value
from candide.web.staff.settings.institution_groups import DELEGATED, delegable

HELP: dict[str, Any] = {
    "name": _("As it stands in mails, letters and at the top of pages."),
    "website": _("Where the name of the institution leads, at the foot of every page."),
    "short_name": _("Shown where there is little room; empty: the name."),
    "uai": _("The national number of the institution, as 0451482C; it stands in the register."),
    "primary_colour": _("Of headings and buttons, as #0b4f8a; contrast is seen to."),
    "languages": _("Of pages, mails and translated texts. French is always in service."),
    "contact_email": _("Shown to candidates on the assistance page."),
    "contact_url": _("A form of the institution, shown on the assistance page."),
    "documentation_url": _("A guide of your own, offered on the assistance page."),
    "documentation_url_en": _("Empty: readers of English get the other one."),
    "privacy_text": _("On the page about personal data. Empty: a general text."),
    "has_local_accounts": _("Otherwise only those who sign in through the institution apply."),
    "has_sso_door": _("Where signing in through the institution was installed."),
    "password_reset_hours": _("After that the person asks for another one."),
    "second_factor_for": _(
        "A code from the telephone or a passkey at each sign-in. Whoever must and has neither is "
        "led to choose one before anything else."
    ),
    "release_sign_in_minutes": _(
        "Whoever signed in longer ago signs in again first. 0: it is never asked."
    ),
    "export_sign_in_minutes": _(
        "The same, for spreadsheets and documents of applications. 0: it is never asked."
    ),
    "file_number_prefix": _("Of new file numbers; those there are stay as they are."),
    "activation_days": _("After that an account that was never activated is deleted."),
    "is_ine_required": _("Otherwise it may be left out, with a reason."),
    "bea_check": _("What happens to an INE of the old kind whose key is wrong."),
    "base36_check": _("What happens to an INE in base 36 whose key is wrong."),
    "rnie_check": _("What happens to an INE of the national directory whose key is wrong."),
    "has_internal_studies": _("From the student system; without, candidates type them."),
    "has_ine_lookup": _("In the student system, where one is connected."),
    "has_student_documents": _("Those it approved are given without being asked for again."),
    "max_applications": _("Also what a new centre begins with."),
    "forms_block_transmission": _("Otherwise a form that is not filled in is only signalled."),
    "reset_status_on_route_change": _("So that the dossier is looked at again."),
    "catalogue_grouping": _("How candidates find programmes."),
    "is_paperless": _("Otherwise every dossier is returned on paper."),
    "is_sis_code_required": _("One that has none is not saved; those there are stay as they are."),
    "reminder_days": _("A mail to those who have not answered yet."),
    "rank_display": _("The rank as it was entered, the place in the line now, or nothing."),
    "letter_after_acceptance": _("Otherwise it comes with the decision."),
    "has_letters": _("Otherwise no letter is made at all, whatever the commissions say."),
    "has_appeals": _("Decisions and letters say how."),
    "hands_over": _("Those whose decision is of a type that is handed over."),
    "handover_moment": _("The later, the fewer withdrawals follow."),
    "handover_address": _("Otherwise the student system asks for them again at the enrolment."),
    "handover_at_once": _("Otherwise each night; files are always made by night."),
    "handover_people": _("Empty: everybody who waits."),
    "handover_prefix": _("Before the file number; Pégase has the file number alone."),
    "handover_documents": _("The approved ones that have a code in the student system."),
    "max_dossiers": _("Of those downloaded together; examination sheets alike."),
    "is_upload_closed": _("No document is given, deleted or looked at; the rest goes on."),
    "is_in_maintenance": _(
        "Of staff only those who set up the institution come in; candidates and visitors read, "
        "and change nothing."
    ),
    "job_history_days": _("After that what a run of a job did is forgotten."),
    "archive_days": _("Files of candidates are kept that long once their campaign is archived."),
    "most_candidates": _(
        "At peaks: candidates who arrive then wait on a page that lets them in in their order. "
        "Whoever is inside goes on, and staff never wait. Empty: nobody waits."
    ),
    "unused_days": _(
        "Of candidates without an application who signed in no more. They are told by mail 30 days "
        "before; signing in keeps the account."
    ),
    "mail_days": _("Those about an application go with it at the latest."),
    "sign_in_days": _("The journal of sign-ins; six months to a year are usual."),
    "reading_days": _("Of staff and of other systems; six months to a year are usual."),
    "max_file_mb": _("Each file a candidate sends, before it is made a PDF."),
    "max_document_pages": _("Beyond, the candidate is asked for fewer."),
    "max_document_mb": _("Once the files given were put together."),
}


class InstitutionForm(SettingForm):
    """Some of the settings. Others may change the other ones meanwhile."""

    class Meta(SettingForm.Meta):
        model = Institution
        fields: tuple[str, ...] = ()

    def narrow(self) -> None:
        for name, field in self.fields.items():
            field.help_text = self.help_of(name)
        if "languages" in self.fields:
            offered = [(code, str(name)) for code, name in settings.LANGUAGES]
            self._choose("languages", offered)
        if "statuses_hidden_from_commissions" in self.fields:
            self._choose("statuses_hidden_from_commissions", choices_of(DossierStatus))
        if "hidden_entries" in self.fields:
            self._choose("hidden_entries", menu_entries())
        if DELEGATED in self.fields:
            self._choose(DELEGATED, delegable())
        if "primary_colour" in self.fields:
            self.fields["primary_colour"].widget = forms.TextInput(attrs={"maxlength": 7})

    @classmethod
    def help_of(cls, name: str) -> Any:
        if name == "seen":
            return ""
        field: Any = Institution._meta.get_field(name)
        return HELP.get(name, field.help_text)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """A list that is kept is chosen from boxes."""
        before = self.fields[name]
        self.fields[name] = forms.MultipleChoiceField(
            label=before.label,
            help_text=before.help_text,
            required=False,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_languages(self) -> list[str]:
        """French is in service whatever is ticked."""
        chosen = {settings.LANGUAGE_CODE, *self.cleaned_data["languages"]}
        return [code for code, _name in settings.LANGUAGES if code in chosen]

    def warnings(self) -> list[Blocker]:
        """A colour that cannot be read as it is: what is shown in its place."""
        colour = self.cleaned_data.get("primary_colour") if self.is_bound else None
        if not colour or "primary_colour" not in self.changed_data:
            return []
        shown = readable(colour, LIGHT_GROUND)
        if shown == colour.lower():
            return []
        message = _(
            "%(colour)s is too light to be read on the ground of the pages (contrast %(ratio)s, "
            "%(least)s is needed): links are shown in %(shown)s."
        ) % {
            "colour": colour,
            "ratio": number_format(contrast_ratio(colour, LIGHT_GROUND), 1),
            "least": number_format(READABLE, 1),
            "shown": shown,
        }
        return [Blocker("too_light", message, "field:primary_colour")]

    def mark(self) -> str:
        values = values_of(self.instance)
        shown = {name: values.get(name) for name in self._meta.fields or ()}
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


class LogoForm(forms.Form):
    file = forms.FileField(
        label=_("Logo"),
        help_text=_("An image, best wider than high; it stands at the top of every page."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


LIST_WORDS.update(
    {
        (Institution, DELEGATED): lambda: dict(delegable()),
        (Institution, "languages"): lambda: {
            code: str(language) for code, language in settings.LANGUAGES
        },
        (Institution, "statuses_hidden_from_commissions"): lambda: dict(choices_of(DossierStatus)),
        (Institution, "hidden_entries"): lambda: {
            page: str(words) for page, words in menu_entries()
        },
    }
)


def in_words(institution: Institution, name: str) -> str:
    """The value of a setting as the page of all shows it."""
    if name == DELEGATED:
        number = len(institution.delegated_settings)
        return ngettext("%(number)d setting", "%(number)d settings", number) % {"number": number}
    return shown_value(institution, name)


@lru_cache(maxsize=32)
def form_for(names: tuple[str, ...]) -> type[InstitutionForm]:
    """The form of these settings."""
    return forms.modelform_factory(Institution, form=InstitutionForm, fields=names)
