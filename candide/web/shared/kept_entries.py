"""What somebody sent after their session had ended comes back once they signed in again, script or
not. A form opts in with a hidden field `entry_owner`, so that nobody else gets to see it."""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse

from candide.core.sessions import SignInRequiredMiddleware

FIELD = "entry_owner"
KEY = "kept_entry"
LONGEST = 20_000
_SALT = "candide.web.kept_entries"


class SignInRequiredKeepingEntries(SignInRequiredMiddleware):
    """Leads to the sign-in page, and keeps what was sent in the session until then."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        response = super().handle_no_permission(request, view_func)
        if request.method == "POST" and FIELD in request.POST:
            _keep(request)
        return response


def owner_of(user: Any) -> str:
    """The value of the hidden field, for a form shown to `user`."""
    return signing.dumps(user.pk, salt=_SALT)


def take_kept_entry(request: HttpRequest) -> dict[str, str] | None:
    """What the person sent to this very page before they had to sign in; given once."""
    kept = request.session.get(KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[KEY]
    return kept["values"] if kept["owner"] == request.user.pk else None


def _keep(request: HttpRequest) -> None:
    try:
        owner = signing.loads(request.POST[FIELD], salt=_SALT)
    except signing.BadSignature:
        return
    hidden = {FIELD, "csrfmiddlewaretoken"}
    values = {name: text for name, text in request.POST.items() if name not in hidden}
    if sum(map(len, values.values())) <= LONGEST:
        request.session[KEY] = {"path": request.path, "owner": owner, "values": values}
