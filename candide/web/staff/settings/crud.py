"""One parameter screen: a list, a page to create and change a row, and one to delete it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.core.deleting import hanging_blockers
from candide.core.text import fold
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.foundation.history.domain.changes import log_deleted, log_saved, values_of
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.web.staff.settings.forms import SettingForm, warnings_mark
from candide.web.staff.settings.history import Entry, row_sentences

PAGE = 100
SHOWN_HISTORY = 50


@dataclass(frozen=True)
class Column:
    """A column of the list: its heading and how its value is found (an attribute, or a function
    of the row). Booleans are shown as yes or no."""

    heading: Any
    value: str | Callable[[Any], Any]

    def of(self, row: Model) -> Any:
        found = self.value(row) if callable(self.value) else getattr(row, self.value)
        return _("Yes") if found is True else _("No") if found is False else found


@dataclass(frozen=True)
class Line:
    """A row of the list: where it leads, its values under their headings."""

    url: str
    cells: list[tuple[Any, Any]]
    is_closed: bool


@dataclass(frozen=True)
class Crud:
    """What one screen needs to know. `slug` is in the address and in the names of its URLs,
    `view` and `manage` are permissions, `capability` says where somebody may write; `create` is
    the permission to make and delete rows where it takes more than to change one. `after_saved`
    does in the same transaction what follows from a change, with the row and its values before.
    `is_offered` says whether this institution has use for the screen; without `has_list` its rows
    are reached from the page of another.
    """

    slug: str
    title: Any
    new: Any
    model: type[Model]
    form: type[SettingForm]
    capability: Capability
    view: str
    manage: str
    columns: tuple[Column, ...]
    help: Any = ""
    order: tuple[Any, ...] = ("code",)
    joined: tuple[str, ...] = ()
    after_saved: Callable[[Any, dict[str, Any]], None] | None = None
    create: str = ""
    is_offered: Callable[[], bool] = lambda: True
    has_list: bool = True
    list_template: str = "staff/settings/list.html"
    row_template: str = "staff/settings/row.html"

    # -- Addresses --------------------------------------------------------------------------------

    def urls(self) -> list[URLPattern]:
        """Three pages, and the deletion."""
        at, name = f"parametrage/{self.slug}/", self.name
        may_view = permission_required(self.view)
        may_make = permission_required(self.create or self.manage)
        listed = [path(at, may_view(self.list_page), name=name)] if self.has_list else []
        return [
            *listed,
            path(f"{at}nouveau/", may_make(self.new_page), name=f"{name}_new"),
            path(f"{at}<int:pk>/", may_view(self.row_page), name=f"{name}_row"),
            path(f"{at}<int:pk>/supprimer/", may_make(self.delete_page), name=f"{name}_delete"),
        ]

    @property
    def name(self) -> str:
        """What the names of its URLs begin with."""
        return self.slug.replace("-", "_")

    @property
    def address(self) -> str:
        return self.url()

    def url(self, what: str = "", *args: Any) -> str:
        name = f"{self.name}_{what}" if what else self.name
        return reverse(f"staff:{name}", args=args)

    # -- Pages ------------------------------------------------------------------------------------

    def list_page(self, request: HttpRequest) -> HttpResponse:
        """The rows somebody may know of: those in service, or all; found by any word shown."""
        rows = self._rows(request).order_by(*self.order)
        has_service = self._has_service()
        shows_all = not has_service or request.GET.get("all") == "1"
        if not shows_all:
            rows = rows.filter(is_active=True)
        searched = request.GET.get("q", "").strip()
        words = fold(searched).split()
        found = [line for line in map(self._line, rows) if _contains(line, words)]
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "searched": searched,
            "has_service": has_service,
            "shows_all": shows_all,
            "may_create": request.user.has_perm(self.create or self.manage),
            "may_change_some": request.user.has_perm(self.manage),
            "new_url": self.url("new"),
            "previous_url": querystring(request, page.number - 1) if page.has_previous() else "",
            "next_url": querystring(request, page.number + 1) if page.has_next() else "",
        }
        return self._render(request, self.list_template, context)

    def _line(self, row: Any) -> Line:
        return Line(
            self.url("row", row.pk),
            [(column.heading, column.of(row)) for column in self.columns],
            is_closed=not getattr(row, "is_active", True),
        )

    def new_page(self, request: HttpRequest) -> HttpResponse:
        return self._form_page(request, self.new_row(request))

    def row_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._form_page(request, self._row(request, pk))

    def delete_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What keeps the row from being deleted, or a last question."""
        row = self._row(request, pk)
        if not self._may_delete(request, row):
            raise PermissionDenied
        blockers = self.deletion_blockers(row)
        if request.method == "POST" and not blockers:
            try:
                with transaction.atomic():
                    log_deleted(row, by=request.user)
                    row.delete()
            except ProtectedError:  # somebody used it meanwhile
                blockers = self.deletion_blockers(row)
            else:
                messages.success(request, _("Deleted."))
                return redirect(self.back_url(row))
        status = 409 if request.method == "POST" else 200
        context = {
            "row": row,
            "list_url": self.back_url(row),
            "row_url": self.url("row", pk),
            "blockers": blockers,
            "warnings": [] if blockers else self.deletion_warnings(row),
        }
        return self._render(request, "staff/settings/delete.html", context, status=status)

    # -- What they are made of --------------------------------------------------------------------

    def _form_page(self, request: HttpRequest, row: Any) -> HttpResponse:
        form: SettingForm
        blockers: list[Blocker] = []
        warnings: list[Blocker] = []
        status = 200
        may_change = self._may_change(request, row)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        if request.method == "POST" and "preview" not in request.POST:
            saved, form, blockers, warnings = self._saved(request, row)
            if saved is not None:
                messages.success(request, _("Saved."))
                return redirect(self.url("row", saved.pk))
            status = 409 if blockers or warnings else 422
        else:
            form = self._form(request, row)
            if request.method == "POST":
                status = 200 if form.is_valid() else 422
            elif row.pk:
                warnings = form.warnings()
        if not may_change:
            for field in form.fields.values():
                field.disabled = True
        context = {
            "warnings": warnings,
            "warnings_mark": warnings_mark(warnings),
            "row": row if row.pk else None,
            "delete_url": self.url("delete", row.pk) if row.pk else "",
            "form": form,
            "preview": form.preview(),
            "blockers": blockers,
            "may_change": may_change,
            "may_delete": bool(row.pk) and self._may_delete(request, row),
            "history": self.history(row) if row.pk else [],
            "list_url": self.back_url(row),
            **self.row_context(request, row),
        }
        return self._render(request, self.row_template, context, status=status)

    def _form(self, request: HttpRequest, row: Any) -> SettingForm:
        reach = reach_of(request.user, self.capability, write=True)
        data: Any = (request.POST, request.FILES) if request.method == "POST" else ()
        return self.form(*data, instance=row, reach=reach)

    @transaction.atomic
    def _saved(
        self, request: HttpRequest, row: Any
    ) -> tuple[Any, SettingForm, list[Blocker], list[Blocker]]:
        """The row once saved, or None; the form; what refuses it where the form itself does not
        say; what is to be confirmed before. The form is made of the row as it is once locked."""
        before: dict[str, Any] = {}
        if row.pk:
            self._lock(row)
            before = values_of(row)
            if not self._may_change(request, row):
                raise PermissionDenied
        form = self._form(request, row)
        if form.is_stale():
            form.data = form.data.copy()
            form.data[form.add_prefix("seen")] = form.initial["seen"]
            return None, form, [_stale()], []
        if not form.is_valid():
            return None, form, [], []
        if not form.is_confirmed():
            return None, form, [], form.warnings()
        saved = self.save(form, before=before, by=request.user)
        log_saved(saved, before=before, by=request.user)
        return saved, form, [], []

    def _lock(self, row: Any) -> None:
        """Lock `row`, and have it as it is now."""
        current = self.model._default_manager.select_for_update(of=("self",))
        try:
            row.refresh_from_db(from_queryset=current)
        except self.model.DoesNotExist:
            raise Http404 from None  # somebody deleted it meanwhile

    def _may_change(self, request: HttpRequest, row: Any) -> bool:
        return request.user.has_perm(self.manage, row) if row.pk else True

    # -- What a screen may do in its own way -------------------------------------------------------

    def new_row(self, request: HttpRequest) -> Any:
        """The row a new page begins with."""
        return self.model()

    def save(self, form: SettingForm, *, before: dict[str, Any], by: Any) -> Any:
        """Write what was typed, and what follows from it."""
        row = form.save()
        if self.after_saved is not None:
            self.after_saved(row, before)
        return row

    def back_url(self, row: Any) -> str:
        """Where one comes from to the page of `row`."""
        return self.url()

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page of `row` shows besides the form."""
        return {}

    def history(self, row: Any) -> list[Entry]:
        return row_sentences(entries_about(row)[:SHOWN_HISTORY], row)

    def _rows(self, request: HttpRequest) -> Any:
        rows = visible(self.model._default_manager.all(), request.user)
        return rows.select_related(*self.joined) if self.joined else rows

    def _row(self, request: HttpRequest, pk: int) -> Any:
        row = self._rows(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def deletion_blockers(self, row: Any) -> list[Blocker]:
        """Everything that hangs on `row`."""
        return hanging_blockers(row)

    def deletion_warnings(self, row: Any) -> list[Blocker]:
        """What goes with `row` though it does not keep it from being deleted."""
        return []

    def _may_delete(self, request: HttpRequest, row: Any) -> bool:
        return request.user.has_perm(self.create or self.manage, row)

    def _has_service(self) -> bool:
        return any(field.name == "is_active" for field in self.model._meta.concrete_fields)

    def _render(
        self, request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        context = {"list_url": self.url() if self.has_list else "", **context}
        context |= {"crud": self, "navigation": "staff"}
        return render(request, template, context, status=status)


def querystring(request: HttpRequest, page: int) -> str:
    """The same address at another page."""
    data = request.GET.copy()
    data["page"] = str(page)
    return f"?{data.urlencode()}"


def _contains(line: Line, words: list[str]) -> bool:
    text = fold(" ".join(str(value) for _heading, value in line.cells))
    return all(word in text for word in words)


def _stale() -> Blocker:
    return Blocker(
        "changed_meanwhile",
        _(
            "Somebody changed this meanwhile: see the history below. What you typed is still here; "
            "save again to put it in place of that."
        ),
    )
