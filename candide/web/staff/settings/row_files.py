"""Screens whose rows have a file of their own (a template to fill in, a signature, a Word document)
or are looked at as a letter."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.documents import file_service_blockers
from candide.core.blockers import Refused, refuse_if
from candide.core.views import permission_required
from candide.foundation.files.domain.checks import Limits
from candide.foundation.files.domain.storing import store
from candide.foundation.files.models import StoredFile
from candide.web.shared.downloads import serve_content
from candide.web.staff.settings.crud import Crud

View = Callable[..., HttpResponseBase]


class FileCrud(Crud):
    """A screen with the addresses at which the file of a row is shown, given and taken back."""

    def _file_urls(
        self, at: str, name: str, *, show: View, put: View, remove: View
    ) -> list[URLPattern]:
        may_manage = permission_required(self.manage)
        return [
            path(at, permission_required(self.view)(show), name=name),
            path(f"{at}/deposer/", require_POST(may_manage(put)), name=f"{name}_put"),
            path(f"{at}/retirer/", require_POST(may_manage(remove)), name=f"{name}_remove"),
        ]

    def _own(self, request: HttpRequest, pk: int) -> Any:
        """The row, for who may change it."""
        row = self._row(request, pk)
        if not request.user.has_perm(self.manage, row):
            raise PermissionDenied
        return row

    def _given(
        self,
        request: HttpRequest,
        row: Any,
        form: forms.Form,
        *,
        limits: Limits,
        keep: Callable[[StoredFile], object],
        said: str,
        place: str,
        tells_changes: bool = False,
    ) -> HttpResponse:
        """Check and keep what was sent, in place of the file there is; or say why not, on a page
        of its own."""
        row_url = self.url("row", row.pk)
        if form.is_valid():
            try:
                refuse_if(file_service_blockers())
                file = store([form.cleaned_data["file"]], by=request.user, limits=limits)
                keep(file)
            except Refused as refusal:
                for blocker in refusal.blockers:
                    form.add_error("file", blocker.message)
            else:
                messages.success(request, said)
                for sentence in file.changes_told if tells_changes else []:
                    messages.info(request, sentence)
                return redirect(f"{row_url}#{place}")
        context = {"row": row, "row_url": row_url, "form": form}
        return self._render(request, "staff/settings/template_refused.html", context, status=422)

    def _letter(
        self, request: HttpRequest, row: Any, make: Callable[[], bytes], *, filename: str
    ) -> HttpResponseBase:
        """The PDF, to be looked at; or why it could not be made."""
        try:
            content = make()
        except Refused as refusal:
            row_url = self.url("row", row.pk)
            context = {"row": row, "row_url": row_url, "blockers": refusal.blockers}
            return self._render(request, "staff/settings/letter_failed.html", context, status=409)
        return serve_content(
            request,
            content,
            media_type="application/pdf",
            filename=filename,
            as_attachment=False,
        )
