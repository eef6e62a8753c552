"""The pages of the rights, as the first page of the settings shows them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Page:
    """`view` is the permission that lets somebody look, `name` that of the URL."""

    title: Any
    help: Any
    view: str
    name: str

    @property
    def address(self) -> str:
        return reverse(f"staff:{self.name}")


RIGHTS = (
    Page(
        _("People"),
        _("Who works here, with which roles; invite, close an account."),
        "access.view_people",
        "people",
    ),
    Page(
        _("Roles"), _("What people may do, composed of capabilities."), "access.view_roles", "roles"
    ),
    Page(
        _("Check rights"),
        _("What a person can do, by which role; who has access to a centre or a commission."),
        "access.view_people",
        "rights_check",
    ),
)
# Shown as long as there is something to decide.
NEWS = Page(
    _("New capabilities"),
    _("What this version lets people do and nobody holds yet."),
    "access.manage_roles",
    "roles_news",
)
