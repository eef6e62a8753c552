"""How somebody who typed an identifier and a password is known."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Exists, OuterRef

from candide.institution.accounts.models import User


class AccountBackend(BaseBackend):
    """Signs in with the file number or the e-mail address, and a password [AUTH-01]. It grants no
    permission: those are in the rules."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **others: Any
    ) -> User | None:
        if not username or "\0" in username or password is None:
            return None  # no account is called so, and PostgreSQL would refuse to look
        user = find_by_login(username)
        if user is None:
            User().set_password(password)  # takes as long as checking one
            return None
        knows_password = user.check_password(password)
        if user.merged_into is not None:  # what signed in to it signs in to the one that stays
            knows_password = user.merged_into.check_password(password) or knows_password
            user = user.merged_into
        return user if knows_password and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a visit. `has_roles` spares most people, who have none, being asked for
        their rights."""
        roles = User._meta.get_field("assignments").related_model._default_manager
        people = User.objects.annotate(has_roles=Exists(roles.filter(user=OuterRef("pk"))))
        # Not first(): each request asks, and one row needs no order.
        return next(iter(people.filter(pk=user_id, is_active=True)), None)


def one_way_to_write(login: str) -> str:
    """What attempts are counted under, so that another way to write a login is not another one."""
    return login.strip().lower() if "@" in login else "".join(login.split()).upper()


def find_by_login(login: str) -> User | None:
    """The account somebody means by `login`, however they wrote it."""
    login = one_way_to_write(login)
    users = User.objects.select_related("merged_into")
    if "@" in login:
        return users.filter(email=login).first()
    return users.filter(file_number=login).first()
