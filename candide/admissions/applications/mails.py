"""Mails about an application, to the candidate and to the commission [MAIL, annex 3]."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application, Correction, Snapshot
from candide.admissions.candidates.domain.ine import without_key
from candide.core.deadlines import long_date, long_moment
from candide.foundation.files.models import StoredFile
from candide.institution.access.models import Assignment
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.enums import AlertMode, CopyMode
from candide.institution.mails.enums import Audience
from candide.institution.mails.kinds import Mail, Placeholder, register

_RECEIVED_AT = Placeholder(
    "dossier.dateReception", _("when the dossier was received"), "3 mai 2027 à 10h02"
)
# Named as eCandidat's, so that an institution's texts work when pasted [MAIL-05].
GENERAL = (
    Placeholder("libelleCampagne", _("campaign"), "Campagne 2026-2027"),
    Placeholder("prenom", _("first name, as the account has it"), "Alix"),
    Placeholder("candidat.numDossierOpi", _("file number"), "7K2M9QXA"),
    Placeholder("candidat.civilite", _("civility"), "Mme"),
    Placeholder("candidat.nomPat", _("birth name"), "MARTIN"),
    Placeholder("candidat.nomUsu", _("usual name"), "DURAND"),
    Placeholder("candidat.prenom", _("first name"), "ALIX"),
    Placeholder("candidat.autrePrenom", _("other first name"), "JEANNE"),
    Placeholder("candidat.ine", _("INE without its key"), "120890177"),
    Placeholder("candidat.cleIne", _("key of the INE"), "FJ"),
    Placeholder("candidat.datNaiss", _("date of birth"), "2 mai 2005"),
    Placeholder("candidat.libVilleNaiss", _("town of birth"), "ORLÉANS"),
    Placeholder("candidat.libLangue", _("language of pages and mails"), "français"),
    Placeholder("candidat.tel", _("telephone"), "02 38 00 00 01"),
    Placeholder("candidat.telPort", _("mobile telephone"), "06 39 98 00 01"),
    Placeholder("formation.code", _("code of the programme"), "M1INFO"),
    Placeholder("formation.libelle", _("name of the programme"), "Master 1 Informatique"),
    Placeholder("formation.codEtpVetApo", _("code of the stage in the student system"), ""),
    Placeholder("formation.codVrsVetApo", _("version of the stage in the student system"), ""),
    Placeholder("formation.libApo", _("name in the student system"), ""),
    Placeholder("formation.motCle", _("keywords"), "informatique, logiciel"),
    Placeholder("formation.datDebDepot", _("applications from"), "1er mars 2027"),
    Placeholder("formation.datFinDepot", _("applications until"), "30 avril 2027"),
    Placeholder("formation.datPreAnalyse", _("screening"), "5 mai 2027"),
    Placeholder("formation.datRetour", _("last day for the dossier"), "12 mai 2027"),
    Placeholder("formation.datJury", _("day of the jury"), "2 juin 2027"),
    Placeholder("formation.datPubli", _("day of the results"), "5 juin 2027"),
    Placeholder("formation.datConfirm", _("last day to answer"), "15 juin 2027"),
    Placeholder("commission.libelle", _("commission"), "Commission Informatique"),
    Placeholder("commission.mail", _("e-mail of the commission"), "info@univ.example"),
    Placeholder("commission.tel", _("telephone of the commission"), "01 99 00 12 34"),
    Placeholder("commission.fax", _("fax"), "01 99 00 12 35"),
    Placeholder("commission.signataire", _("signatory"), "La présidente du jury"),
    Placeholder("commission.adresse", _("address of the commission"), "1 place du Savoir"),
    Placeholder("commission.url", _("web page"), "https://univ.example/info", is_link=True),
    Placeholder("commission.commentaireRetour", _("comment on returning dossiers"), "Bâtiment B"),
    replace(_RECEIVED_AT, sample="3 mai 2027"),
    Placeholder("dossier.enLigne", _("empty unless the dossier is transmitted online"), "en ligne"),
    Placeholder("dossier.papier", _("empty unless the dossier is sent on paper"), ""),
    Placeholder("dossier.montantFraisIns", _("enrolment fee"), "243,00"),
    Placeholder("dossier.complementExo", _("exemption from the fee"), ""),
    Placeholder(
        "lienCandidature",
        _("address of the application in this service"),
        "https://candidatures.univ.example/espace/candidatures/12/",
        is_link=True,
    ),
)


class ApplicationMail(Mail):
    """A mail to the candidate about one application, copied to the centre if it wants that."""

    placeholders: ClassVar[tuple[Placeholder, ...]] = GENERAL
    audience = Audience.CANDIDATE
    is_of_centre = True

    def __init__(self, application: Application) -> None:
        self.application = application

    @classmethod
    def of(cls, application: Application) -> "ApplicationMail | None":
        """This mail about `application` as that stands, for previews; None where it takes what is
        not there. Kinds that need more than the application say what."""
        return cls(application)

    @classmethod
    def known_values(cls, about: Any) -> Mapping[str, object]:
        return (cls.of(about) or ApplicationMail(about)).values()

    def recipients(self) -> Iterable[str]:
        return [self.application.candidate.user.email]

    def copies(self) -> Iterable[str]:
        centre = self.application.intake.programme.commission.centre
        if centre.copy_mode == CopyMode.MAILBOX:
            return [centre.contact_email]
        if centre.copy_mode == CopyMode.MANAGERS:
            return addresses_of(centre=centre)
        return ()

    def language(self) -> str:
        return self.application.candidate.user.language

    def centre(self) -> Any:
        return self.application.intake.programme.commission.centre

    def about(self) -> Any:
        return self.application

    def for_user(self) -> Any:
        return self.application.candidate.user

    def values(self) -> dict[str, object]:
        application = self.application
        candidate, intake = application.candidate, application.intake
        programme = intake.programme
        commission = programme.commission
        is_online = is_paperless(application.intake)
        ine = without_key(candidate.ine)
        page = reverse("candidate:application", args=[application.pk])
        return {
            "libelleCampagne": intake.campaign,
            "prenom": candidate.user.first_name or candidate.first_name,
            "candidat.numDossierOpi": candidate.user.file_number,
            "candidat.civilite": candidate.get_civility_display(),
            "candidat.nomPat": candidate.birth_name,
            "candidat.nomUsu": candidate.usual_name,
            "candidat.prenom": candidate.first_name,
            "candidat.autrePrenom": candidate.other_first_name,
            "candidat.ine": ine,
            "candidat.cleIne": candidate.ine.removeprefix(ine),
            "candidat.datNaiss": _day(candidate.born_on),
            "candidat.libVilleNaiss": candidate.birth_city,
            "candidat.libLangue": candidate.user.get_language_display(),
            "candidat.tel": candidate.phone,
            "candidat.telPort": candidate.mobile,
            "formation.code": programme.code,
            "formation.libelle": programme.name,
            "formation.codEtpVetApo": "",  # until programmes are tied to those of a student system
            "formation.codVrsVetApo": "",
            "formation.libApo": "",
            "formation.motCle": programme.keywords,
            "formation.datDebDepot": _day(intake.opens_on),
            "formation.datFinDepot": _day(intake.closes_on),
            "formation.datPreAnalyse": _day(intake.screening_on),
            "formation.datRetour": _day(application.documents_due_on),
            "formation.datJury": _day(intake.jury_on),
            "formation.datPubli": _day(intake.results_on),
            "formation.datConfirm": _day(application.acceptance_due_on or intake.acceptance_due_on),
            "commission.libelle": commission.name,
            "commission.mail": commission.email,
            "commission.tel": commission.phone,
            "commission.fax": commission.fax,
            "commission.signataire": commission.signatory,
            "commission.adresse": ", ".join(commission.address_lines),
            "commission.url": commission.url,
            "commission.commentaireRetour": commission.return_comment,
            "dossier.dateReception": _day(application.received_on),
            "dossier.enLigne": _("online") if is_online else "",
            "dossier.papier": "" if is_online else _("on paper"),
            "dossier.montantFraisIns": _amount(application.fee_amount),
            "dossier.complementExo": application.exemption_note,
            "lienCandidature": f"{settings.BASE_URL}{page}",
        }


class CommissionAlert(ApplicationMail):
    """A mail to the commission, copied like any other about the application. `switch` is the
    commission's flag for this alert [back-office 24.3]."""

    switch = ""
    audience = Audience.COMMISSION

    def recipients(self) -> Iterable[str]:
        commission = self.application.intake.programme.commission
        if not getattr(commission, self.switch):
            return ()
        if commission.alert_mode == AlertMode.MAILBOX:
            return [commission.alert_email or commission.email]
        if commission.alert_mode == AlertMode.MEMBERS:
            return addresses_of(commission=commission)
        return ()

    def language(self) -> str:
        return settings.LANGUAGE_CODE

    def for_user(self) -> Any:
        return None

    def values(self) -> dict[str, object]:
        page = reverse("staff:application", args=[self.application.pk])
        return {**super().values(), "lienCandidature": f"{settings.BASE_URL}{page}"}


def addresses_of(**place: Any) -> Iterable[str]:
    """The addresses of those who work at a centre or in a commission."""
    working = Assignment.objects.filter(
        is_active=True, role__is_active=True, user__is_active=True, **place
    )
    return working.order_by("pk").values_list("user__email", flat=True)


def _day(day: Any) -> str:
    return long_date(day) if day else ""


def _amount(amount: Any) -> str:
    return number_format(amount, 2) if amount is not None else ""


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
        *(each for each in GENERAL if each.name != _RECEIVED_AT.name),
        _RECEIVED_AT,
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
