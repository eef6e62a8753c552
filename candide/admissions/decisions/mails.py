"""Mails of decisions, answers and calls from the reserve list [MAIL, annex 3]."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.formats import time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.application_mail import (
    GENERAL,
    ApplicationMail,
    CommissionAlert,
)
from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import Decision
from candide.core.deadlines import long_date
from candide.foundation.files.models import StoredFile
from candide.institution.mails.kinds import Placeholder, register
from candide.institution.mails.models import MailTemplate

DECIDED = (
    *GENERAL,
    Placeholder("avis.libelle", _("decision"), "Avis favorable"),
    Placeholder("commentaire", _("comment of the commission"), "La commission vous remercie."),
    Placeholder("complementAppel", _("sentence about the appeal"), "Cet avis fait suite à votre…"),
)


class DecisionMail(ApplicationMail):
    """Announces a released decision. `letter` goes with it."""

    placeholders: ClassVar[tuple[Placeholder, ...]] = DECIDED
    outcome: ClassVar[str] = ""  # of the decisions it announces

    def __init__(
        self, application: Application, *, decision: Decision, letter: StoredFile | None = None
    ) -> None:
        super().__init__(application)
        self.decision = decision
        self.letter = letter

    def template(self) -> MailTemplate | None:
        """The text its type of decision chose [back-office 24.4]."""
        return self.decision.type.mail

    @classmethod
    def of(cls, application: Application) -> "DecisionMail | None":
        decided = application.decisions.filter(type__outcome=cls.outcome)
        decision = decided.select_related("type", "reason").order_by("-pk").first()
        return cls(application, decision=decision) if decision else None

    def attachments(self) -> Sequence[tuple[Any, str]]:
        return [(self.letter, self.letter.name)] if self.letter else ()

    def values(self) -> dict[str, object]:
        decision = self.decision
        shows_comment = decision.type.shows_comment
        return {
            **super().values(),
            "avis.libelle": decision.type.label,
            "commentaire": decision.comment if shows_comment else "",
            "complementAppel": (
                gettext("This decision follows your appeal.") if decision.is_appeal else ""
            ),
        }


@register
class Favourable(DecisionMail):
    code = "decision-favourable"
    title = _("Favourable decision")
    formerly = "AVIS_FAVORABLE"
    outcome = Outcome.FAVOURABLE


@register
class Unfavourable(DecisionMail):
    code = "decision-unfavourable"
    title = _("Unfavourable decision")
    formerly = "AVIS_DEFAVORABLE"
    outcome = Outcome.UNFAVOURABLE
    placeholders = (
        *GENERAL,
        Placeholder("avis.libelle", _("decision"), "Avis défavorable"),
        *DECIDED[-2:],
        Placeholder("motif", _("reason"), "Prérequis insuffisants"),
    )

    def values(self) -> dict[str, object]:
        return {**super().values(), "motif": self.decision.reason or ""}


@register
class ReserveList(DecisionMail):
    code = "decision-reserve-list"
    title = _("Reserve list")
    formerly = "AVIS_LISTE_COMP"
    outcome = Outcome.RESERVE_LIST
    placeholders = (*DECIDED, Placeholder("rang", _("rank"), "12"))

    def values(self) -> dict[str, object]:
        return {**super().values(), "rang": self.application.rank_shown}


@register
class WaitingList(DecisionMail):
    code = "decision-waiting-list"
    title = _("Waiting list")
    formerly = "AVIS_LISTE_ATT"
    outcome = Outcome.WAITING_LIST


@register
class Shortlisted(DecisionMail):
    code = "decision-shortlisted"
    title = _("Shortlisted")
    formerly = "AVIS_PRESELECTION"
    outcome = Outcome.SHORTLISTED
    placeholders = (
        *DECIDED,
        Placeholder("complementPreselect", _("day, hour and place"), "le 3 juin 2027, salle B"),
    )

    def values(self) -> dict[str, object]:
        return {**super().values(), "complementPreselect": appointment(self.decision)}


def appointment(decision: Decision) -> str:
    """« Vous êtes convoqué le … à … à … » with the parts there are [VIEW-05]."""
    parts = []
    if decision.shortlist_on:
        day = long_date(decision.shortlist_on)
        parts.append(gettext("on %(day)s") % {"day": day})
    if decision.shortlist_time:
        hour = time_format(decision.shortlist_time, "TIME_FORMAT")
        parts.append(gettext("at %(hour)s") % {"hour": hour})
    if decision.shortlist_place:
        parts.append(gettext("place: %(place)s") % {"place": decision.shortlist_place})
    return ", ".join(parts)


@register
class Accepted(ApplicationMail):
    code = "answer-accepted"
    title = _("Offer accepted")
    formerly = "CANDIDATURE_CONFIRM"


@register
class Withdrawn(ApplicationMail):
    code = "answer-withdrawn"
    title = _("Withdrawal")
    formerly = "CANDIDATURE_DESIST"


@register
class AutoWithdrawn(ApplicationMail):
    code = "answer-auto-withdrawn"
    title = _("Withdrawal at the deadline")
    formerly = "CANDIDATURE_DESIST_AUTO"


@register
class AnswerReminder(ApplicationMail):
    code = "answer-reminder"
    title = _("Reminder of the deadline to answer")
    formerly = "CANDIDATURE_RELANCE_FAVO"


@register
class CommissionWithdrawal(CommissionAlert):
    code = "commission-withdrawal"
    title = _("Commission: withdrawal")
    formerly = "COMMISSION_ALERT_DESISTEMENT"
    switch = "alerts_withdrawals"


@register
class CommissionPromotion(CommissionAlert):
    code = "commission-promotion"
    title = _("Commission: called from the reserve list")
    formerly = "COMMISSION_ALERT_LISTE_PRINC"
    switch = "alerts_promotions"
