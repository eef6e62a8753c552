"""Messages the institution shows to everybody (« messages »)."""

from datetime import date

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.institution.pages.models import Notice


def notice_for(place: str, *, today: date) -> str:
    """What is shown in `place` on that day, in the language of the reader: the texts of every
    notice, a paragraph apart; empty when there is none [HOME-02]."""
    texts = (str(notice.text).strip() for notice in Notice.objects.shown(place, today))
    return "\n\n".join(text for text in texts if text)


def notice_blockers(notice: Notice) -> list[Blocker]:
    """Why `notice` may not be saved."""
    blockers = []
    if notice.is_active and not str(notice.text).strip():
        message = _("Write what is to be shown.")
        blockers.append(Blocker("empty", message, "field:text"))
    if notice.shown_from and notice.shown_until and notice.shown_until < notice.shown_from:
        message = _("The last day comes before the first.")
        blockers.append(Blocker("ends_before", message, "field:shown_until"))
    return blockers
