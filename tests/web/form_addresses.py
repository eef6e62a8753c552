"""Addresses of external forms, with who gets there."""

from datetime import date
from typing import Any

from candide.admissions.applications.domain.asked import RequestedForm
from candide.admissions.applications.domain.external_forms import token_of
from tests.web.actors import CHECKER, OWNER, PUBLIC

TODAY = date(2027, 3, 15)

FORM_PAGES: dict[str, tuple[Any, ...]] = {
    "public:form_return": PUBLIC,
    "staff:remind_forms": CHECKER,
    "candidate:form_not_concerned": OWNER,
}


def form_addresses(application: Any, form: Any) -> dict[str, dict[str, Any]]:
    """What the addresses of a form are made of, and the one it comes back to."""
    token = token_of(RequestedForm(application, form, None), today=TODAY)
    return {
        "staff:formulaires_programmes": {"pk": form.pk},
        "staff:formulaires_secret": {"pk": form.pk},
        "public:form_return": {"token": token},
    }
