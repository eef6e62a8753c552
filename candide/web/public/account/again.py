"""« Confirmez votre identité »: signing in again, by password, by the code of the telephone or
through the institution, before what weighs heavily."""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candide.core.views import permission_required
from candide.institution.accounts.domain.providers import find_provider
from candide.web.public.account.entrance import address_of, next_page, password_is_wrong
from candide.web.public.account.forms import CurrentPasswordForm
from candide.web.shared.again import take_kept


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.change_own")
def again(request: HttpRequest) -> HttpResponse:
    """Ask for the password, or lead to the sign-in pages the account is attached to."""
    user = request.user
    form = CurrentPasswordForm(request.POST or None) if user.has_usable_password() else None
    status = 200
    if request.method == "POST" and form is not None:
        status = 422
        if form.is_valid():
            status = password_is_wrong(request, form)
            if not status:
                reauthenticate_by_password(request)
                return redirect(address_of("account_again_go_on", next_page=next_page(request)))
    attached = [find_provider(name) for name in _attached(request)]
    context = {
        "form": form,
        "offered": [each for each in attached if each is not None],
        "next": address_of("account_again_go_on", next_page=next_page(request)),
        "wanted": next_page(request),
    }
    return render(request, "public/account/again.html", context, status=status)


def _attached(request: HttpRequest) -> list[str]:
    found = request.user.socialaccount_set.order_by("pk")
    return list(found.values_list("provider", flat=True))


@require_safe
@never_cache
@permission_required("accounts.change_own")
def go_on(request: HttpRequest) -> HttpResponse:
    """Signed in again: on to the page, or, where something had been sent, one more click that sends
    it. What was kept is given back once."""
    wanted, fields = take_kept(request, next_page(request))
    if fields is None:
        return redirect(wanted or "public:after_login")
    context = {"address": wanted, "fields": fields}
    return render(request, "public/account/again_go_on.html", context)
