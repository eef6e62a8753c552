"""What belongs to a person's visits: their language, and ending every session."""

from django.db import transaction
from django.db.models import F

from candide.foundation.history.domain.log import log
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.domain.languages import languages_in_service


def choose_language(user: User, language: str) -> None:
    """The language of the person's pages and mails [AUTH-07]; one that is not in service is not
    kept."""
    if language in dict(languages_in_service()) and language != user.language:
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def end_all_sessions(user: User) -> User:
    """Sign the account out everywhere (« se déconnecter partout »)."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    log(user, AccountEvent.SIGNED_OUT, by=user)
    return User.objects.get(pk=user.pk)
