"""The screen of commissions: beside the row, its signature and its test letters."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.admissions.decisions.domain.letter_preview import commission_test_letter
from candide.admissions.decisions.domain.letters import PREFIXES
from candide.admissions.decisions.enums import LetterKind
from candide.core.views import permission_required
from candide.institution.catalogue.domain.signature import LIMITS, put_signature
from candide.web.shared.downloads import serve
from candide.web.staff.settings.letter_forms import SignatureForm
from candide.web.staff.settings.row_files import FileCrud


@dataclass(frozen=True)
class CommissionCrud(FileCrud):
    """Who changes a commission gives its signature, and looks at letters as it would sign them."""

    row_template: str = "staff/settings/commission_row.html"

    def urls(self) -> list[URLPattern]:
        at = f"parametrage/{self.slug}/<int:pk>/"
        letter = permission_required(self.view)(self.test_letter)
        return [
            *super().urls(),
            *self._file_urls(
                f"{at}signature",
                f"{self.name}_signature",
                show=self.signature,
                put=self.put_signature,
                remove=self.remove_signature,
            ),
            path(f"{at}lettre-d-essai/<slug:kind>.pdf", letter, name=f"{self.name}_test_letter"),
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
        return self._given(
            request,
            row,
            SignatureForm(request.POST, request.FILES),
            limits=LIMITS,
            keep=lambda file: put_signature(row, file, by=request.user),
            said=_("The signature was saved."),
            place="signature",
        )

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
        how = {"language": request.LANGUAGE_CODE, "now": timezone.now()}
        return self._letter(
            request,
            row,
            lambda: commission_test_letter(row, letter, **how),
            filename=f"{PREFIXES[letter]}-test.pdf",
        )

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
