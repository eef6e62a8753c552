"""What every mail about an application shares: its values, who reads it, who gets copies [24.3,
24.5]."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.ine import without_key
from candide.core.deadlines import long_date
from candide.institution.access.models import Assignment
from candide.institution.access.scope import holds_today
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.enums import AlertMode, CopyMode
from candide.institution.catalogue.models import Intake
from candide.institution.mails.enums import Audience
from candide.institution.mails.kinds import Mail, Placeholder

RECEIVED_AT = Placeholder(
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
    replace(RECEIVED_AT, sample="3 mai 2027"),
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
        self.offer: Mapping[str, object] | None = None  # what `offered` gave, where it is known

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
            return addresses_of(Q(centre=centre))
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
        ine = without_key(candidate.ine)
        page = reverse("candidate:application", args=[application.pk])
        return {
            **(offered(intake) if self.offer is None else self.offer),
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
            "formation.datRetour": _day(application.documents_due_on),
            "formation.datConfirm": _day(application.acceptance_due_on or intake.acceptance_due_on),
            "dossier.dateReception": _day(application.received_on),
            "dossier.montantFraisIns": fee_of(application),
            "dossier.complementExo": application.exemption_note,
            "lienCandidature": f"{settings.BASE_URL}{page}",
        }


class CommissionAlert(ApplicationMail):
    """A mail to the commission, copied like any other about the application. `switch` is the
    commission's flag for this alert [back-office 24.3]."""

    switch = ""
    audience = Audience.COMMISSION

    def recipients(self) -> Iterable[str]:
        programme = self.application.intake.programme
        commission = programme.commission
        if not getattr(commission, self.switch):
            return ()
        if commission.alert_mode == AlertMode.MAILBOX:
            return [commission.alert_email or commission.email]
        if commission.alert_mode == AlertMode.MEMBERS:
            return addresses_of(Q(commission=commission) | Q(programme=programme))
        return ()

    def language(self) -> str:
        return settings.LANGUAGE_CODE

    def for_user(self) -> Any:
        return None

    def values(self) -> dict[str, object]:
        page = reverse("staff:application", args=[self.application.pk])
        return {**super().values(), "lienCandidature": f"{settings.BASE_URL}{page}"}


def offered(intake: Intake) -> dict[str, object]:
    """The values of what is applied to, the same for all who do."""
    programme = intake.programme
    commission = programme.commission
    is_online = is_paperless(intake)
    return {
        "libelleCampagne": intake.campaign,
        "formation.code": programme.code,
        "formation.libelle": programme.name,
        "formation.codEtpVetApo": "",  # until programmes are tied to those of a student system
        "formation.codVrsVetApo": "",
        "formation.libApo": "",
        "formation.motCle": programme.keywords,
        "formation.datDebDepot": _day(intake.opens_on),
        "formation.datFinDepot": _day(intake.closes_on),
        "formation.datPreAnalyse": _day(intake.screening_on),
        "formation.datJury": _day(intake.jury_on),
        "formation.datPubli": _day(intake.results_on),
        "commission.libelle": commission.name,
        "commission.mail": commission.email,
        "commission.tel": commission.phone,
        "commission.fax": commission.fax,
        "commission.signataire": commission.signatory,
        "commission.adresse": ", ".join(commission.address_lines),
        "commission.url": commission.url,
        "commission.commentaireRetour": commission.return_comment,
        "dossier.enLigne": _("online") if is_online else "",
        "dossier.papier": "" if is_online else _("on paper"),
    }


def addresses_of(place: Q) -> Iterable[str]:
    """The addresses of those who work at a centre, in a commission, for a programme."""
    working = Assignment.objects.filter(
        place, holds_today(), role__is_active=True, user__is_active=True
    )
    return working.order_by("pk").values_list("user__email", flat=True)


def _day(day: Any) -> str:
    return long_date(day) if day else ""


def fee_of(application: Application) -> str:
    """The enrolment fee, in figures."""
    amount = application.fee_amount
    return number_format(amount, 2) if amount is not None else ""
