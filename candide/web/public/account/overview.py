"""« Mon compte », the language, and signing out everywhere."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from candide.core.views import permission_required
from candide.institution.access.domain.people import own_rights
from candide.institution.accounts.domain.providers import SignInProvider
from candide.institution.accounts.domain.second_factor import has_second_factor
from candide.institution.accounts.domain.sessions import choose_language, end_all_sessions
from candide.web.public.account.entrance import doors


@require_safe
@never_cache
@permission_required("accounts.change_own")
def overview(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account, and where to change it."""
    user = request.user
    context = {
        "ways": _ways(user),
        "rights": own_rights(user) if user.has_perm("staff.enter") else [],
        "may_use_second_factor": user.has_perm("accounts.use_second_factor"),
        "has_second_factor": has_second_factor(user),
    }
    return render(request, "public/account/overview.html", context)


def _ways(user: Any) -> list[tuple[SignInProvider, bool]]:
    """The sign-ins of the institution that open an account like that of `user`, and whether they
    open this one."""
    offered = doors().candidates if user.is_candidate else doors().staff
    attached = set(user.socialaccount_set.values_list("provider", flat=True))
    return [(provider, provider.name in attached) for provider in offered]


@require_POST
@permission_required("accounts.change_own")
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every other session of the account; this one goes on."""
    user = end_all_sessions(request.user)
    update_session_auth_hash(request, user)
    messages.success(request, _("All other devices are signed out."))
    return redirect("account_overview")


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages; the account remembers it for mails and visits to come."""
    if request.user.is_authenticated:
        choose_language(request.user, request.POST.get("language", ""))
    return set_language(request)
