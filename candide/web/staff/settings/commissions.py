"""The screen of commissions: beside the row, its signature and its test letters."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.documents import file_service_blockers
from candide.admissions.decisions.domain.letter_preview import commission_test_letter
from candide.admissions.decisions.domain.letters import PREFIXES
from candide.admissions.decisions.enums import LetterKind
from candide.core.blockers import Refused, refuse_if
from candide.core.views import permission_required
from candide.foundation.files.domain.storing import store
from candide.institution.catalogue.domain.signature import LIMITS, put_signature
from candide.institution.catalogue.models import Commission
from candide.web.shared.downloads import serve, serve_content
from candide.web.staff.settings.crud import Crud
from candide.web.staff.settings.letter_forms import SignatureForm


@dataclass(frozen=True)
class CommissionCrud(Crud):
    """Who changes a commission gives its signature, and looks at letters as it would sign them."""

    row_template: str = "staff/settings/commission_row.html"

    def urls(self) -> list[URLPattern]:
        at = f"parametrage/{self.slug}/<int:pk>/"
        may_view = permission_required(self.view)
        may_manage = permission_required(self.manage)
        return [
            *super().urls(),
            path(f"{at}signature", may_view(self.signature), name=f"{self.name}_signature"),
            path(
                f"{at}signature/deposer/",
                require_POST(may_manage(self.put_signature)),
                name=f"{self.name}_signature_put",
            ),
            path(
                f"{at}signature/retirer/",
                require_POST(may_manage(self.remove_signature)),
                name=f"{self.name}_signature_remove",
            ),
            path(
                f"{at}lettre-d-essai/<slug:kind>.pdf",
                may_view(self.test_letter),
                name=f"{self.name}_test_letter",
            ),
        ]

    def signature(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The image, to be looked at."""
        signature = self._row(request, pk).signature
        if signature is None:
            raise Http404
        return serve(request, signature, as_attachment=False)

    def put_signature(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check and keep what was sent, in place of the signature there is."""
        row = self._own(request, pk)
        form = SignatureForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                refuse_if(file_service_blockers())
                file = store([form.cleaned_data["file"]], by=request.user, limits=LIMITS)
            except Refused as refusal:
                for blocker in refusal.blockers:
                    form.add_error("file", blocker.message)
            else:
                put_signature(row, file, by=request.user)
                messages.success(request, _("The signature was saved."))
                return redirect(f"{self.url('row', pk)}#signature")
        context = {"row": row, "row_url": self.url("row", pk), "form": form}
        return self._render(request, "staff/settings/template_refused.html", context, status=422)

    def remove_signature(self, request: HttpRequest, pk: int) -> HttpResponse:
        put_signature(self._own(request, pk), None, by=request.user)
        messages.success(request, _("The signature was removed."))
        return redirect(f"{self.url('row', pk)}#signature")

    def test_letter(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        """A letter of nobody, signed by this commission."""
        row = self._own(request, pk)
        if kind not in LetterKind.values:
            raise Http404
        letter = LetterKind(kind)
        language = request.LANGUAGE_CODE
        try:
            content = commission_test_letter(row, letter, language=language, now=timezone.now())
        except Refused as refusal:
            context = {"row": row, "row_url": self.url("row", pk), "blockers": refusal.blockers}
            return self._render(request, "staff/settings/letter_failed.html", context, status=409)
        return serve_content(
            request,
            content,
            media_type="application/pdf",
            filename=f"{PREFIXES[letter]}-test.pdf",
            as_attachment=False,
        )

    def _own(self, request: HttpRequest, pk: int) -> Commission:
        row = self._row(request, pk)
        if not request.user.has_perm(self.manage, row):
            raise PermissionDenied
        return row

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        if row.pk is None:
            return {}
        return {
            "signature_form": SignatureForm(auto_id="id_signature_%s"),
            "signature_url": self.url("signature", row.pk),
            "signature_put_url": self.url("signature_put", row.pk),
            "signature_remove_url": self.url("signature_remove", row.pk),
            "test_letters": [
                (kind.label, self.url("test_letter", row.pk, kind.value)) for kind in LetterKind
            ],
        }
