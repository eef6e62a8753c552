"""The mail of this room."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.application_mail import GENERAL, ApplicationMail
from candide.admissions.applications.models import Application
from candide.core.deadlines import long_date
from candide.institution.mails.kinds import Placeholder, register


@register
class DeadlineExtended(ApplicationMail):
    """A last day was moved on for everybody of a programme or of more."""

    code = "deadline-extended"
    title = gettext_lazy("Deadline extended")
    is_urgent = False
    placeholders = (
        *GENERAL,
        Placeholder("ancienneDate", gettext_lazy("the day it was"), "12 mai 2027"),
        Placeholder("nouvelleDate", gettext_lazy("the day it is now"), "14 mai 2027"),
        Placeholder("pourLeDossier", gettext_lazy("empty unless it is for the dossier"), "oui"),
        Placeholder("pourLaReponse", gettext_lazy("empty unless it is to answer an offer"), ""),
        Placeholder(
            "motif",
            gettext_lazy("why, if that was said"),
            "Le service a été interrompu le 11 mai.",
        ),
    )

    def __init__(
        self,
        application: Application,
        *,
        before: date,
        after: date,
        is_answer: bool,
        reason: str,
    ) -> None:
        super().__init__(application)
        self.before, self.after = before, after
        self.is_answer, self.reason = is_answer, reason

    @classmethod
    def of(cls, application: Application) -> None:
        return None

    def values(self) -> dict[str, object]:
        return {
            **super().values(),
            "ancienneDate": long_date(self.before),
            "nouvelleDate": long_date(self.after),
            "pourLeDossier": "" if self.is_answer else _("yes"),
            "pourLaReponse": _("yes") if self.is_answer else "",
            "motif": self.reason,
        }
