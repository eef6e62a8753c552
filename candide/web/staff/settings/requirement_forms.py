"""Forms of what is asked: documents and questions."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.questions import answered_values
from candide.admissions.applications.models import Answer
from candide.core.blockers import Blocker
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.pages.domain.wording import choices_of
from candide.institution.requirements.domain.answers import in_language
from candide.institution.requirements.domain.choices import lines_of, parsed, removed_codes
from candide.institution.requirements.domain.conditions import possible_conditions
from candide.institution.requirements.domain.linking import owner_blockers
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import DocumentRequirement, Question
from candide.web.shared.forms import LongTextField
from candide.web.staff.settings.forms import SettingForm

LANGUAGES = [code for code, _name in settings.LANGUAGES]
NAMES = (
    "code",
    "label",
    "help_text",
    "centre",
    "position",
    "is_active",
)
IDENTITY = "destroyed_after_days"
ASKED = ("is_common", "is_unique", "is_conditional", "route")
MEANINGS = {
    "position": gettext_lazy(
        "Candidates see what has a smaller number first; what has none comes last."
    ),
    "is_common": gettext_lazy(
        "Asked by every programme of its owner, without a link: of the institution, or of the "
        "centre. Otherwise only by the programmes it is linked to."
    ),
    "is_unique": gettext_lazy(
        "Given anew with each application. Otherwise a common one is given once, and shared by "
        "all applications of the candidate."
    ),
    "is_conditional": gettext_lazy(
        "The candidate may declare not to be concerned, and then gives nothing."
    ),
    "route": gettext_lazy(
        "Asked only while an application is treated this way; empty: always. Candidates do not "
        "see the route."
    ),
}


class AskedForm(SettingForm):
    """What documents and questions have in common."""

    def narrow(self) -> None:
        self.fields["position"].validators.append(MaxValueValidator(30_000))
        always, *_routes = self.fields["route"].choices
        self.fields["route"].choices = [always, *choices_of(AdmissionRoute)]
        for name, text in MEANINGS.items():
            self.fields[name].help_text = text
        for name in ("code", "sis_code"):
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = "off"

    def blockers(self) -> list[Blocker]:
        centre = self.cleaned_data.get("centre")
        return owner_blockers(self.instance, centre.pk if centre else None)

    def warnings(self) -> list[Blocker]:
        row = self.instance
        if row.pk and row.is_common and (number := row.programmes.count()):
            message = _(
                "It is common: its links to %(number)d programmes have no effect. They are kept "
                "for the day it is not common any more."
            )
            return [Blocker("links_without_effect", message % {"number": number})]
        return []


class DocumentRequirementForm(AskedForm):
    parts = (
        (gettext_lazy("Whom it is asked of"), ASKED),
        (gettext_lazy("What is given"), ("max_mb", "max_pages", "sis_code", IDENTITY)),
    )

    class Meta(SettingForm.Meta):
        model = DocumentRequirement
        fields = (*NAMES, *ASKED, "max_mb", "max_pages", "sis_code", IDENTITY)

    def narrow(self) -> None:
        super().narrow()
        self._limit("max_mb", most=100)
        self._limit("max_pages", most=2000)
        self._limit(IDENTITY, most=1000)
        self.fields[IDENTITY].help_text = _(
            "Only for a copy of an identity card, a passport, a residence permit: its file is "
            "destroyed once no application of the candidate needs it, and candidates are told so. "
            "Leave time to appeal. Empty: kept as long as the dossier."
        )
        self.fields["max_mb"].help_text = _("Empty: what the institution allows.")
        self.fields["max_pages"].help_text = _("Empty: what the institution allows.")
        self.fields["sis_code"].help_text = _(
            "Where the student system holds such a document of the candidate, it is taken from "
            "there."
        )

    def _limit(self, name: str, *, most: int) -> None:
        field = self.fields[name]
        field.validators += [MinValueValidator(1), MaxValueValidator(most)]
        field.widget.attrs |= {"min": 1, "max": most}


class QuestionSettingForm(AskedForm):
    """A question. Its choices are lines, in each language; the condition under which it is asked
    is one choice among the answers other questions can have."""

    parts = (
        (gettext_lazy("Whom it is asked of"), ("is_common", "is_unique", "is_conditional")),
        (gettext_lazy("When it is asked"), ("route", "condition")),
        (
            gettext_lazy("How it is answered"),
            ("kind", "is_required", "max_length", *(f"choices_{code}" for code in LANGUAGES)),
        ),
    )
    condition = forms.ChoiceField(
        label=gettext_lazy("Asked only if"),
        required=False,
        help_text=gettext_lazy(
            "The answer that has it asked. Where the other question is not asked, this one is not "
            "either."
        ),
    )

    class Meta(SettingForm.Meta):
        model = Question
        fields = (*NAMES, *ASKED, "kind", "is_required", "max_length")

    def narrow(self) -> None:
        super().narrow()
        question = self.instance
        self.fields["is_required"].help_text = _(
            "Without an answer the dossier cannot be transmitted."
        )
        length = self.fields["max_length"]
        length.help_text = _("Of a text; other answers have a form of their own.")
        length.validators += [MinValueValidator(1), MaxValueValidator(10_000)]
        length.widget.attrs |= {"min": 1, "max": 10_000}
        if question.pk and Answer.objects.filter(question=question).exists():
            self.fields["kind"].disabled = True
            self.fields["kind"].help_text = _("It was answered: how is settled.")
        for code, name in settings.LANGUAGES:
            self.fields[f"choices_{code}"] = LongTextField(
                label=_("Choices, %(language)s") % {"language": _(name).lower()},
                required=False,
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
                help_text=self._choices_help(code),
                initial=lines_of(question.choices, code),
            )
        self._conditions = {
            _key(each.question.pk, each.value): each
            for each in possible_conditions(question, among=self._others())
        }
        self.fields["condition"].choices = self._condition_choices()
        self.fields["condition"].initial = (
            _key(question.depends_on_id, question.depends_on_value)
            if question.depends_on_id
            else ""
        )

    def _others(self) -> Any:
        """Questions of the institution, and of centres in reach."""
        rows = Question.objects.filter(is_active=True)
        if self.reach.everywhere:
            found = rows
        else:
            found = rows.filter(centre=None) | rows.filter(centre__in=self.reach.centres)
        return found | Question.objects.filter(pk=self.instance.depends_on_id)

    def _choices_help(self, code: str) -> str:
        if code == LANGUAGES[0]:
            return _(
                "Only where one of several is chosen: one a line. A line may begin with a code, "
                "as “FI | Initial education”; answers keep the code, so the words may change."
            )
        return _("In the same order, or with the same codes.")

    def _condition_choices(self) -> list[Any]:
        language = get_language() or LANGUAGES[0]
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, each in self._conditions.items():
            words = {True: _("Yes"), False: _("No")}.get(each.value) or in_language(
                each.label, language
            )
            title = f"{each.question.label} ({each.question.code})"
            groups.setdefault(title, []).append((key, f"{each.question.label} : {words}"))
        return [("", _("Always")), *groups.items()]

    def blockers(self) -> list[Blocker]:
        found = super().blockers()
        texts = {code: self.cleaned_data.get(f"choices_{code}", "") for code in LANGUAGES}
        choices, wrong = parsed(texts, languages=LANGUAGES)
        found += wrong
        is_choice = self.cleaned_data.get("kind") == QuestionKind.CHOICE
        about = f"field:choices_{LANGUAGES[0]}"
        if is_choice and len(choices) < 2:
            found.append(Blocker("too_few", _("Write two choices at least, one a line."), about))
        if not is_choice and any(text.strip() for text in texts.values()):
            message = _("Only a question with one of several has choices: empty them.")
            found.append(Blocker("no_choices", message, about))
        found += self._taken_away(choices, about)
        if not wrong:
            self.instance.choices = choices
        chosen = self._conditions.get(self.cleaned_data.get("condition", ""))
        self.instance.depends_on = chosen.question if chosen else None
        self.instance.depends_on_value = chosen.value if chosen else None
        return found

    def _taken_away(self, choices: list[dict[str, Any]], about: str) -> list[Blocker]:
        """Against taking away what was answered, or what another question waits for."""
        question = self.instance
        removed = removed_codes(question.choices, choices)
        if not question.pk or not removed:
            return []
        answered = answered_values(question)
        awaited = set(question.dependants.values_list("depends_on_value", flat=True))
        labels = {choice["code"]: choice["label"] for choice in question.choices}
        found = []
        for code in sorted(removed & (answered | awaited)):
            label = {"choice": in_language(labels[code], get_language() or LANGUAGES[0])}
            if code in answered:
                message = _("“%(choice)s” was answered: write it again, with its code.") % label
            else:
                message = _("Another question is asked if “%(choice)s”: write it again.") % label
            found.append(Blocker("choice_used", message, about))
        return found


class TemplateFileForm(forms.Form):
    """The file candidates fill in."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, picture, or text document (DOCX, ODT)."),
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.jpg,.jpeg,.png,.heic,.webp,.tif,.tiff,.docx,.odt"}
        ),
    )


def _key(question: int, value: Any) -> str:
    return f"{question}:{json.dumps(value)}"
