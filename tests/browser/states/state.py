"""What one state of a page is, and how it comes about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution

Maybe = Any  # a value, or a function of what `setup` returned that gives one


@dataclass(frozen=True)
class State:
    """One page in one state.

    `setup()` makes what the page shows and returns it (the subject); `url`, `actor`, `post`, `kept`
    and `act` may be functions of it. `actor` is who looks, `post` the fields of a form sent to
    `url` (instead of reading it), `kept` what the visit holds (the session), `act(page, subject)`
    what is clicked once the page is there, `status` what the server answers. `weighed` is whether
    the page must be as light as candidates' pages (interface, 7); staff's need not. `settings` are
    those the installation has in this state.
    """

    name: str
    url: Maybe
    actor: Maybe = None
    setup: Callable[[], Any] = lambda: None
    post: Maybe = None
    kept: Maybe = None
    act: Callable[[Any, Any], None] | None = None
    status: int = 200
    weighed: bool = True
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A state whose rows are in the database; `html` is what a weighed one came as."""

    state: State
    subject: Any
    url: str
    post: dict[str, Any] | None
    actor: User | None
    client: Client
    html: str = ""

    @property
    def session(self) -> str | None:
        cookie = self.client.cookies.get("sessionid")
        return cookie.value if cookie else None


def prepared(state: State) -> Prepared:
    """Make the rows of `state` and sign its actor in."""
    Institution.current()
    subject = state.setup()

    def of_subject(value: Maybe) -> Any:
        return value(subject) if callable(value) else value

    actor = of_subject(state.actor)
    client = Client()
    if actor is not None:
        client.force_login(actor)
    if kept := of_subject(state.kept):
        session = client.session
        session.update(kept)
        session.save()
    return Prepared(state, subject, of_subject(state.url), of_subject(state.post), actor, client)
