"""Links sent by mail: 256 random bits, kept only as a digest, for one use, until a moment."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from candide.institution.accounts.enums import LinkPurpose
from candide.institution.accounts.models import MailedLink, User

EXPIRED_KEPT = timedelta(days=30)


class LinkState(StrEnum):
    """What a link is worth when it is followed."""

    VALID = "valid"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def make_link(
    user: User,
    purpose: LinkPurpose,
    *,
    now: datetime,
    expires_at: datetime,
    email: str = "",
    next_page: str = "",
    identity: dict[str, str] | None = None,
) -> str:
    """The secret of a new link, which replaces the last one of its purpose [ACC-19, ACC-23]."""
    secret = secrets.token_urlsafe(32)
    MailedLink.objects.update_or_create(
        user=user,
        purpose=purpose,
        defaults={
            "digest": digest_of(secret),
            "email": email,
            "next_page": next_page,
            "identity": identity or {},
            "made_at": now,
            "expires_at": expires_at,
            "used_at": None,
        },
    )
    return secret


def find_link(secret: str, purpose: LinkPurpose) -> MailedLink | None:
    """The link `secret` belongs to, whatever it is worth; None when there is no such link, or no
    longer because a newer one replaced it."""
    return (
        MailedLink.objects.filter(digest=digest_of(secret), purpose=purpose)
        .select_related("user")
        .first()
    )


def locked_link(secret: str, purpose: LinkPurpose) -> MailedLink | None:
    """The same, with its account locked until the end of the transaction."""
    link = find_link(secret, purpose)
    if link is None:
        return None
    User.objects.locked(link.user_id)
    return find_link(secret, purpose)


def state_of(link: MailedLink | None, *, now: datetime) -> LinkState:
    if link is None or not link.user.is_active:
        return LinkState.UNKNOWN
    if link.used_at:
        return LinkState.USED
    return LinkState.VALID if now <= link.expires_at else LinkState.EXPIRED


def old_links(*, now: datetime) -> QuerySet[MailedLink]:
    """Those that ended a while ago unfollowed. One that was followed says that its address is the
    person's own, that of an invitation until when somebody was expected: they go with the
    account."""
    ended = MailedLink.objects.filter(used_at=None, expires_at__lt=now - EXPIRED_KEPT)
    return ended.exclude(
        purpose=LinkPurpose.PASSWORD, user__activated_at=None, user__file_number=None
    )


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_activation_link_again(user: User, *, now: datetime, until: datetime) -> str:
    """The secret of a new link to activate the account, which leads where the old one led."""
    old = MailedLink.objects.filter(user=user, purpose=LinkPurpose.ACTIVATION).first()
    return make_link(
        user,
        LinkPurpose.ACTIVATION,
        now=now,
        expires_at=until,
        next_page=old.next_page if old else "",
        identity=old.identity if old else None,
    )
