"""Where sessions are kept: as Django keeps them, and with whose they are. Settings name it."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from candide.core.sessions import SEEN_KEY
from candide.institution.accounts.models import Visit

# Of a candidate who is inside, and does not wait in line any more.
LET_IN = "let_in"
# By which whoever signed somebody in ends the session: this one, or all of theirs.
TICKET_KEY = "sign_in_ticket"
SUBJECT_KEY = "sign_in_subject"


class SessionStore(DatabaseStore):
    """Sessions in rows of `Visit`."""

    @classmethod
    def get_model_class(cls) -> type[Visit]:
        return Visit

    def create_model_instance(self, data: dict[str, Any]) -> Visit:
        visit: Any = super().create_model_instance(data)
        account, seen = data.get(SESSION_KEY), data.get(SEEN_KEY)
        visit.account_id = int(account) if account else None
        visit.seen_at = datetime.fromtimestamp(seen, UTC) if seen else None
        visit.ticket = data.get(TICKET_KEY, "")
        visit.subject = data.get(SUBJECT_KEY, "")
        return visit
