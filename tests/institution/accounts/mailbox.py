"""Reading what accounts were sent."""

import re

from candide.institution.mails.models import OutgoingMail

_LINK = re.compile(r"https?://\S+/compte/(?:activation|mot-de-passe|adresse-mail)/([\w-]+)/")


def sent() -> list[tuple[str, str]]:
    """(kind, address) of every mail, oldest first."""
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", "to"))


def last_text(kind: str) -> str:
    return OutgoingMail.objects.filter(kind=kind).order_by("-pk")[0].text


def last_secret(kind: str) -> str:
    """The secret of the link in the last mail of its kind."""
    return _LINK.search(last_text(kind)).group(1)
