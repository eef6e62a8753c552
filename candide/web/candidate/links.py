"""Where things to do and blockers lead a candidate: what they are `about` as an address."""

from django.urls import reverse

from candide.web.shared.links import blocker_link


@blocker_link("account")
def account_link(key: str) -> str:
    """Where a new activation link is asked for."""
    return reverse("account_resend")


@blocker_link("application")
def application_link(key: str) -> str:
    """`application:12`, or `application:12/document-5` for a part of its page."""
    pk, _, anchor = key.partition("/")
    return reverse("candidate:application", args=[pk]) + (f"#{anchor}" if anchor else "")


@blocker_link("applications")
def applications_link(key: str) -> str:
    return reverse("candidate:applications")


@blocker_link("catalogue")
def catalogue_link(key: str) -> str:
    return reverse("public:catalogue")


@blocker_link("intake")
def intake_link(key: str) -> str:
    """Applying to an intake."""
    return reverse("candidate:apply", args=[key])


@blocker_link("section")
def section_link(key: str) -> str:
    """A part of the file."""
    return reverse("candidate:section", args=[key])
