"""« Mails type de décision » : the parameter screen of texts that types of decision choose."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from candide.admissions.decisions.domain.decision_mails import (
    decision_kinds,
    decision_mail_blockers,
    decision_mail_warnings,
    decision_mails,
    deletion_blockers,
    types_with,
)
from candide.core.blockers import Blocker
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.mails.domain.texts import current_words
from candide.institution.mails.kinds import find_kind
from candide.institution.mails.models import MailTemplate
from candide.web.staff.mails.forms import MailTextForm
from candide.web.staff.mails.history import TextEntry, text_history
from candide.web.staff.mails.trying import Trial, is_trial, placeholders_of, trial_of
from candide.web.staff.settings.columns import OWNER
from candide.web.staff.settings.crud import Column, Crud
from candide.web.staff.settings.forms import SettingForm


class DecisionMailForm(MailTextForm):
    """A text types of decision choose. What it announces and whose it is are chosen once: types
    rely on both."""

    class Meta(SettingForm.Meta):
        model = MailTemplate
        fields = ("name", "centre", "is_enabled", "subject", "body")

    def __init__(self, *args: Any, instance: MailTemplate, **kwargs: Any) -> None:
        kind = find_kind(instance.kind)
        if instance.pk is None:
            said = current_words(kind, None)
            kwargs["initial"] = {
                "subject": LazyI18nString({name: text.subject for name, text in said.items()}),
                "body": LazyI18nString({name: text.body for name, text in said.items()}),
            }
        super().__init__(*args, instance=instance, kind=kind, **kwargs)

    def narrow(self) -> None:
        super().narrow()
        self.fields["name"].required = True
        centre = self.fields["centre"]
        centre.disabled = self.instance.pk is not None
        if centre.disabled:
            centre.queryset = type(self.instance)._meta.get_field("centre").related_model.objects
        elif not self.reach.everywhere:
            centre.queryset = centre.queryset.filter(sets_decisions=True)

    def blockers(self) -> list[Blocker]:
        return [*super().blockers(), *decision_mail_blockers(self.instance)]

    def warnings(self) -> list[Blocker]:
        return [*super().warnings(), *decision_mail_warnings(self.instance)]


@dataclass(frozen=True)
class DecisionMailCrud(Crud):
    """The frame, with what there is to try beside the form."""

    row_template: str = "staff/mails/decision_mail.html"

    def new_row(self, request: HttpRequest) -> MailTemplate:
        """Of the kind the address names."""
        kinds = decision_kinds()
        code = request.GET.get("kind") or next(iter(kinds))
        if code not in kinds:
            raise Http404
        return MailTemplate(kind=code)

    def _form_page(self, request: HttpRequest, row: Any) -> HttpResponse:
        if not is_trial(request):
            return super()._form_page(request, row)
        reach = reach_of(request.user, self.capability, write=True)
        may_change = request.user.has_perm(self.manage, row) if row.pk else True
        form = self.form(request.POST, instance=row, reach=reach)
        for field in form.fields.values():
            field.disabled = field.disabled or not may_change
        trial = trial_of(request, form)  # type: ignore[arg-type]
        stored = self._row(request, row.pk) if row.pk else row
        context = {
            "row": stored if row.pk else None,
            "form": form,
            "may_change": may_change,
            "may_delete": bool(row.pk) and self._may_delete(request, stored),
            "delete_url": self.url("delete", row.pk) if row.pk else "",
            "history": self.history(stored) if row.pk else [],
            **self.row_context(request, stored),
            "trial": trial,
        }
        return self._render(request, self.row_template, context)

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        kind = find_kind(row.kind)
        return {
            "kind": kind,
            "kinds": decision_kinds().values(),
            "types": types_with(row),
            "trial": Trial(takes_application=True),
            "placeholders": placeholders_of(kind),
        }

    def history(self, row: Any) -> list[TextEntry]:  # type: ignore[override]
        return text_history(row)

    def deletion_blockers(self, row: Any) -> list[Blocker]:
        return deletion_blockers(row)

    def _rows(self, request: HttpRequest) -> Any:
        return super()._rows(request).filter(pk__in=decision_mails().values("pk"))


DECISION_MAILS = DecisionMailCrud(
    slug="mails-de-decision",
    title=_("Decision mails"),
    new=_("New decision mail"),
    help=_("Texts that types of decision choose for the mail of a released decision."),
    model=MailTemplate,
    form=DecisionMailForm,
    capability=Capability.MANAGE_DECISIONS,
    view="mails.view_decision_mails",
    manage="mails.manage_decision_mail",
    columns=(
        Column(_("Name"), "name"),
        Column(_("Announces"), lambda row: find_kind(row.kind).title),
        OWNER,
        Column(_("In service"), "is_enabled"),
    ),
    order=("kind", "name", "pk"),
    joined=("centre",),
)
