"""« Envoi de test »: a text of a mail to the person who writes it, marked as a test."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from candide.core.blockers import Blocker, refuse_if
from candide.institution.catalogue.models import Institution
from candide.institution.mails.domain.texts import Preview
from candide.institution.mails.kinds import Mail, Text
from candide.institution.mails.models import OutgoingMail
from candide.institution.mails.rendering import SUBJECT_LENGTH, Rendered

TEST = "test"
AT_MOST = 20
WITHIN = timedelta(hours=1)


class Trial(Mail):
    """A preview as a mail. It is no kind of mail: staff do not write its text."""

    is_urgent = True

    def __init__(self, preview: Preview, *, to: Any) -> None:
        self.code = TEST  # type: ignore[misc]
        self.preview = preview
        self.to = to

    def recipients(self) -> Iterable[str]:
        return [self.to.email]

    def for_user(self) -> Any:
        return self.to

    def text(self) -> Text:
        return self.preview.text

    def rendered(self, text: Text, institution: Institution) -> Rendered:
        with override(text.language):
            marked = _("[Test] %(subject)s") % {"subject": self.preview.rendered.subject}
        return replace(self.preview.rendered, subject=marked[:SUBJECT_LENGTH])


def testing_blockers(user: Any, *, number: int, now: datetime) -> list[Blocker]:
    """Why `user` may not be sent so many tests now."""
    recent = OutgoingMail.objects.filter(for_user_id=user.pk, kind=TEST, queued_at__gt=now - WITHIN)
    if recent.count() + number > AT_MOST:
        message = _("At most %(most)d tests an hour: wait a while, or use the preview.")
        return [Blocker("too_many_tests", message % {"most": AT_MOST})]
    return []


@transaction.atomic
def send_test(previews: Iterable[Preview], *, to: Any, now: datetime) -> list[OutgoingMail]:
    """Queue `previews` for the address of `to`, and for nobody else."""
    previews = list(previews)
    refuse_if(testing_blockers(to, number=len(previews), now=now))
    return [mail for each in previews for mail in Trial(each, to=to).send()]
