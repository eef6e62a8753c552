"""Mails about an application, to the candidate and to the commission [MAIL, annex 3]."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.application_mail import (
    GENERAL,
    RECEIVED_AT,
    ApplicationMail,
    CommissionAlert,
)
from candide.admissions.applications.models import Application, Correction, Snapshot
from candide.core.deadlines import long_date, long_moment
from candide.foundation.files.models import StoredFile
from candide.institution.mails.kinds import Placeholder, Text, register


@register
class Applied(ApplicationMail):
    code = "application-created"
    title = _("Application made")
    formerly = "CANDIDATURE"


@register
class Proposed(ApplicationMail):
    """Staff made the application, complete at once; the candidate has nothing to hand in [14.2]."""

    code = "application-proposed"
    title = _("Application made by staff (proposal)")


@register
class Cancelled(ApplicationMail):
    code = "application-cancelled"
    title = _("Application cancelled")
    formerly = "CANDIDATURE_ANNULATION"


@register
class StatusAwaited(ApplicationMail):
    code = "status-awaited"
    title = _("Dossier awaited again")
    formerly = "STATUT_AT"


@register
class StatusReceived(ApplicationMail):
    code = "status-received"
    title = _("Dossier received, set by staff")
    formerly = "STATUT_RE"


@register
class StatusIncomplete(ApplicationMail):
    code = "status-incomplete"
    title = _("Dossier incomplete")
    formerly = "STATUT_IN"
    placeholders = (
        *GENERAL,
        Placeholder(
            "piecesAReprendre",
            _("documents to give again, with the comments"),
            "- Relevé de notes : illisible",
        ),
        Placeholder(
            "questionsSansReponse",
            _("questions still to be answered"),
            "- Langue vivante étudiée",
        ),
        Placeholder(
            "rienAReprendre",
            _("empty when a document is to be given again or a question to be answered"),
            "",
        ),
    )

    def __init__(
        self,
        application: Application,
        *,
        documents: Sequence[str] = (),
        questions: Sequence[str] = (),
    ) -> None:
        super().__init__(application)
        self.documents = documents
        self.questions = questions

    @classmethod
    def of(cls, application: Application) -> None:
        return None

    def values(self) -> dict[str, object]:
        return {
            **super().values(),
            "piecesAReprendre": "\n".join(self.documents),
            "questionsSansReponse": "\n".join(self.questions),
            "rienAReprendre": "" if self.documents or self.questions else _("nothing"),
        }


@register
class StatusComplete(ApplicationMail):
    code = "status-complete"
    title = _("Dossier complete")
    formerly = "STATUT_CO"


@register
class RouteControlled(ApplicationMail):
    code = "route-controlled"
    title = _("Controlled access")
    formerly = "TYPE_TRAIT_AC"


@register
class RouteDirect(ApplicationMail):
    """Sent when direct access is confirmed (« valider le type de traitement »); entering that type
    tells nobody [back-office 14.5]."""

    code = "route-direct"
    title = _("Direct access confirmed")
    formerly = "TYPE_TRAIT_AD"


@register
class RouteUndetermined(ApplicationMail):
    """Sent when staff confirm that the route stays awaited; entering that type tells nobody
    [back-office 14.5]."""

    code = "route-undetermined"
    title = _("Admission route awaited")
    formerly = "TYPE_TRAIT_ATT"


@register
class FormsReminder(ApplicationMail):
    """Lists the forms still to be filled in, each with its link [FORM-07]."""

    code = "forms-reminder"
    title = _("Reminder of forms to be filled in")
    formerly = "CANDIDATURE_RELANCE_FORMULAIRE"
    placeholders = (
        *GENERAL,
        Placeholder("formulaires", _("forms to be filled in"), "- Langues", trusted=True),
    )

    def __init__(self, application: Application, *, forms: Sequence[str]) -> None:
        super().__init__(application)
        self.forms = forms

    @classmethod
    def of(cls, application: Application) -> None:
        return None

    def values(self) -> dict[str, object]:
        return {**super().values(), "formulaires": "\n".join(self.forms)}


@register
class EnrolmentCodeChanged(ApplicationMail):
    """The identifier to enrol with, when the student system gives another one. Sent once admitted
    candidates are handed to the student system for enrolment."""

    code = "enrolment-code-changed"
    title = _("Enrolment identifier changed")
    formerly = "CANDIDATURE_MODIF_COD_OPI"
    placeholders = (
        *GENERAL,
        Placeholder("newCodeOpi", _("identifier to enrol with"), "EC7K2M9QXA"),
        Placeholder("formationsOpi", _("programmes it is for"), "- Master 1 Informatique"),
    )

    def __init__(self, application: Application, *, identifier: str, names: Sequence[str]) -> None:
        super().__init__(application)
        self.identifier = identifier
        self.names = names

    @classmethod
    def of(cls, application: Application) -> None:
        return None

    def values(self) -> dict[str, object]:
        return {
            **super().values(),
            "newCodeOpi": self.identifier,
            "formationsOpi": "\n".join(self.names),
        }


@register
class DossierReceived(ApplicationMail):
    """The receipt of a transmission: moment and SHA-256, with the receipt as a PDF; one that could
    not be drawn yet follows on the page of the application, which the mail says [TRANS-05]."""

    code = "dossier-received"
    title = _("Dossier transmitted and received")
    formerly = "STATUT_RE"
    placeholders = (
        *(each for each in GENERAL if each.name != RECEIVED_AT.name),
        RECEIVED_AT,
        Placeholder("dossier.empreinte", _("SHA-256 of the dossier"), "9f86d081884c7d65…"),
        Placeholder("dossier.accuse", _("receipt attached to the mail"), "accuse-7K2M9QXA-12.pdf"),
        Placeholder("dossier.accuseAVenir", _("empty when the receipt is attached"), ""),
    )

    def __init__(
        self, application: Application, *, snapshot: Snapshot, receipt: StoredFile | None
    ) -> None:
        super().__init__(application)
        self.snapshot = snapshot
        self.receipt = receipt

    @classmethod
    def of(cls, application: Application) -> "DossierReceived | None":
        snapshot = application.snapshots.select_related("receipt").order_by("-number").first()
        return cls(application, snapshot=snapshot, receipt=snapshot.receipt) if snapshot else None

    def attachments(self) -> Sequence[tuple[Any, str]]:
        return [(self.receipt, self.receipt.name)] if self.receipt else []

    def values(self) -> dict[str, object]:
        return {
            **super().values(),
            "dossier.dateReception": long_moment(self.snapshot.made_at),
            "dossier.empreinte": self.snapshot.data_sha256,
            "dossier.accuse": self.receipt.name if self.receipt else "",
            "dossier.accuseAVenir": "" if self.receipt else _("to follow"),
        }


@register
class CorrectionAsked(ApplicationMail):
    """Lists what is asked for, why, and until when; sent again when the day is changed."""

    code = "correction-asked"
    title = _("Documents or answers asked for again")
    placeholders = (
        *GENERAL,
        Placeholder("demande.date", _("last day to give it"), "12 mai 2027"),
        Placeholder("demande.liste", _("what is asked for, a line each"), "- Diplôme : périmée"),
        Placeholder("demande.commentaire", _("comment of the admissions office"), "Sceau coupé"),
    )

    def __init__(self, application: Application, *, correction: Correction) -> None:
        super().__init__(application)
        self.correction = correction

    def values(self) -> dict[str, object]:
        correction = self.correction
        lines = [f"- {item}" for item in correction.lines()]
        listed, due = "\n".join(lines), long_date(correction.due_on)
        asked = {"demande.date": due, "demande.liste": listed}
        return {**super().values(), **asked, "demande.commentaire": correction.comment}


@register
class CorrectionCancelled(ApplicationMail):
    code = "correction-cancelled"
    title = _("Request for corrections cancelled")


@register
class CorrectionAnswered(ApplicationMail):
    code = "correction-answered"
    title = _("What was asked for has arrived")


@register
class CommissionCorrection(CommissionAlert):
    code = "commission-correction"
    title = _("Commission: what was asked for has arrived")
    switch = "alerts_transmissions"


@register
class CommissionTransmission(CommissionAlert):
    code = "commission-transmission"
    title = _("Commission: dossier transmitted")
    formerly = "COMMISSION_ALERT_TRANSMISSION"
    switch = "alerts_transmissions"


@register
class CommissionCancellation(CommissionAlert):
    code = "commission-cancellation"
    title = _("Commission: application cancelled")
    formerly = "COMMISSION_ALERT_ANNULATION"
    switch = "alerts_cancellations"


@register
class CommissionProposal(CommissionAlert):
    """Staff made an application complete at once, for the commission to decide on [14.2]."""

    code = "commission-proposal"
    title = _("Commission: proposal made by staff")
    formerly = "COMMISSION_ALERT_PROPOSITION"
    switch = "alerts_proposals"


@register
class Written(ApplicationMail):
    """What staff write themselves, to one candidate or to many. The text of this kind is the one
    they begin with."""

    code = "written"
    title = _("Mail written by staff: the text to begin with")

    def __init__(self, application: Application, *, written: Text) -> None:
        super().__init__(application)
        self.written = written

    @classmethod
    def of(cls, application: Application) -> None:
        return None

    def language(self) -> str:
        return self.written.language

    def text(self) -> Text | None:
        return self.written if super().text() is not None else None
