"""CAS as one more provider of django-allauth, which looks for it in a module of this name: what
follows a sign-in is then the same for CAS and OpenID Connect."""

from typing import Any

from allauth.socialaccount.providers.base import Provider, ProviderAccount
from allauth.utils import build_absolute_uri
from django.http import HttpResponse, HttpResponseRedirect  # noqa: TID251 -- allauth's edge
from django.urls import reverse

from candide.integrations.cas import CasPerson, CasServer, sign_in_url

AGAIN = "again"


class CasProvider(Provider):
    """A CAS server of the institution."""

    id = "candide_cas"  # no name of one server: those are letters and digits
    name = "CAS"
    account_class = ProviderAccount
    supports_redirect = True

    @property
    def server(self) -> CasServer:
        told = self.app.settings
        return CasServer(url=told["server_url"], version=told["version"])

    def redirect(
        self,
        request: Any,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Lead there, to come back into this very visit; `again`: whoever they are there already,
        they sign in anew."""
        is_again = kwargs.get(AGAIN, False)
        state = self.stash_redirect_state(request, process, next_url, data, **{AGAIN: is_again})
        address = self.service(request, state)
        return HttpResponseRedirect(sign_in_url(self.server, address, is_again=is_again))

    def service(self, request: Any, state: str) -> str:
        """The address one comes back to, which the ticket is made for: it holds what only this
        visit knows, so that nobody is signed in by a ticket of somebody else."""
        path = reverse("account_cas_return", args=[self.sub_id])
        return f"{build_absolute_uri(request, path)}?state={state}"

    def extract_uid(self, data: CasPerson) -> str:
        """Some servers give the login as it was typed, others in small letters [AUTH-03]."""
        return data.login.lower()

    def extract_extra_data(self, data: CasPerson) -> dict[str, Any]:
        return {"login": data.login, "attributes": dict(data.attributes)}


provider_classes = [CasProvider]
