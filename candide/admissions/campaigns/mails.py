"""The mail of this room."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.institution.accounts.mails import PERSON, AccountMail, page
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Campaign
from candide.institution.mails.enums import Audience
from candide.institution.mails.kinds import Placeholder, register


@register
class DestructionAnnounced(AccountMail):
    """The applications of an archived campaign are to be destroyed [administration 3.5]."""

    code = "destruction-announced"
    title = _("Destruction of an old campaign announced (to administrators)")
    audience = Audience.STAFF
    is_urgent = False
    placeholders = (
        *PERSON,
        Placeholder("campagneArchivee", _("the old campaign"), "Campagne 2025-2026"),
        Placeholder("jourDestruction", _("first day of the destruction"), "4 octobre 2027"),
        Placeholder("nombreCandidatures", _("how many applications"), "1 204"),
        Placeholder(
            "lienConservation",
            _("page of the retention"),
            "https://candidatures.univ-valmont.fr/gestion/parametrage/conservation/",
            is_link=True,
        ),
    )

    def __init__(self, user: User, *, campaign: Campaign, moment: datetime, number: int) -> None:
        super().__init__(user)
        self.campaign, self.moment, self.number = campaign, moment, number

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "campagneArchivee": self.campaign,
            "jourDestruction": long_date(localdate(self.moment)),
            "nombreCandidatures": str(self.number),
            "lienConservation": page("staff:retention"),
        }
