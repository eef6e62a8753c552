"""What a letter may name: the fields of eCandidat's letters, by their names [back-office 25.3]."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.application_mail import fee_of
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import due_when_released
from candide.admissions.decisions.enums import LetterKind
from candide.admissions.decisions.models import Decision
from candide.core.clock import localdate
from candide.core.deadlines import long_date, long_moment
from candide.institution.catalogue.models import Institution
from candide.institution.mails.rendering import Placeholder

CODE, ADDRESS = "codeVerification", "adresseVerification"
# Only of Word documents: texts end with the signature by themselves.
IMAGE, SHOWS_SIGNATURE = "imageSignature", "showSignataire"

FIELDS = (
    Placeholder("numeroDossierCandidat", _("file number"), "7K2M9QXA"),
    Placeholder("civiliteCandidat", _("civility"), "Mme"),
    Placeholder("nomPatCandidat", _("birth name"), "MARTIN"),
    Placeholder("nomUsuCandidat", _("usual name"), "DURAND"),
    Placeholder("prenomCandidat", _("first name"), "ALIX"),
    Placeholder("dateNaissanceCandidat", _("date of birth"), "2 mai 2005"),
    Placeholder(
        "adresseCandidat", _("address of the candidate"), "12 rue des Lilas\n45000 ORLÉANS"
    ),
    Placeholder("libelleCampagne", _("campaign"), "Campagne 2026-2027"),
    Placeholder("libelleCommission", _("commission"), "Commission Informatique"),
    Placeholder(
        "adresseCommission", _("address of the commission"), "1 place du Savoir\n45000 ORLÉANS"
    ),
    Placeholder("codeFormation", _("code of the programme"), "M1INFO"),
    Placeholder("libelleFormation", _("name of the programme"), "Master 1 Informatique"),
    Placeholder("libelleSignature", _("signatory"), "La présidente du jury"),
    Placeholder("libelleAvis", _("decision"), "Avis favorable"),
    Placeholder(
        "commentaireAvis", _("comment of the commission"), "La commission vous encourage à…"
    ),
    Placeholder("motifRefus", _("reason of a refusal"), "Prérequis insuffisants"),
    Placeholder("dateLimiteConfirm", _("last day to answer"), "15 juin 2027"),
    Placeholder("dateJuryFormation", _("day of the jury"), "2 juin 2027"),
    Placeholder("dateValidationAvis", _("day of the decision"), "5 juin 2027"),
    Placeholder("isAppel", _("empty unless the decision follows an appeal"), "oui"),
    Placeholder("montantFraisIns", _("enrolment fee"), "243,00"),
    Placeholder("complementExo", _("exemption from the fee"), "Boursier"),
    Placeholder("date", _("day the letter was made"), "5 juin 2027"),
    Placeholder("dateHeure", _("moment the letter was made"), "5 juin 2027 à 10h02"),
    Placeholder("etablissement", _("name of the institution"), "Université de Valmont"),
    Placeholder(CODE, _("code to verify the letter by"), "ABCD-EFGH-JKMN"),
    Placeholder(
        ADDRESS,
        _("where the letter is verified"),
        "https://candidatures.univ-valmont.fr/verifier/",
        is_link=True,
    ),
)
# What differs each time a letter is made, without its saying anything else.
PASSING = frozenset({"date", "dateHeure", CODE, ADDRESS})
PASSED = dict.fromkeys(PASSING, "")
SAMPLE_DECISIONS = {
    LetterKind.ADMISSION: "Avis favorable",
    LetterKind.REFUSAL: "Avis défavorable",
}
ONLY_OF_REFUSALS, NEVER_OF_REFUSALS = {"motifRefus"}, {"dateLimiteConfirm"}


def fields_of(kind: str) -> tuple[Placeholder, ...]:
    """The fields a letter of this kind may name."""
    others = NEVER_OF_REFUSALS if kind == LetterKind.REFUSAL else ONLY_OF_REFUSALS
    return tuple(field for field in FIELDS if field.name not in others)


def values_of_letter(
    decision: Decision,
    *,
    kind: str,
    language: str,
    now: datetime,
    passing: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """A value for each field, in `language`. Of a draft, as it will be when it is released at
    `now`. `passing` are the values that pass, where those of this moment do not matter."""
    application = decision.application
    candidate, intake = application.candidate, application.intake
    commission = intake.programme.commission
    day = localdate(decision.released_at or now)
    with translation.override(language):
        values: dict[str, Any] = {
            "numeroDossierCandidat": candidate.user.file_number,
            "civiliteCandidat": candidate.get_civility_display(),
            "nomPatCandidat": candidate.birth_name,
            "nomUsuCandidat": candidate.usual_name,
            "prenomCandidat": candidate.first_name,
            "dateNaissanceCandidat": _day(candidate.born_on),
            "adresseCandidat": "\n".join(_address(application)),
            "libelleCampagne": intake.campaign,
            "libelleCommission": commission.name,
            "adresseCommission": "\n".join(commission.address_lines),
            "codeFormation": intake.programme.code,
            "libelleFormation": intake.programme.name,
            "libelleSignature": commission.signatory,
            "libelleAvis": decision.type.label,
            "commentaireAvis": decision.comment if decision.type.shows_comment else "",
            "motifRefus": decision.reason or "",
            "dateLimiteConfirm": _day(due_when_released(application, decision, on=day)),
            "dateJuryFormation": _day(intake.jury_on),
            "dateValidationAvis": _day(day),
            "isAppel": gettext("yes") if decision.is_appeal else "",
            "montantFraisIns": fee_of(application),
            "complementExo": application.exemption_note,
            "etablissement": Institution.current().name,
            **(passing_values(now=now) if passing is None else passing),
        }
        return {field.name: str(values[field.name]) for field in fields_of(kind)}


def sample_values(kind: str, *, signatory: str | None = None) -> dict[str, str]:
    """What a letter of nobody says, signed by `signatory` if one is given."""
    values = {field.name: field.sample for field in fields_of(kind)}
    values["libelleAvis"] = SAMPLE_DECISIONS[LetterKind(kind)]
    values["etablissement"] = Institution.current().name
    values[ADDRESS] = verification_address()
    if signatory is not None:
        values["libelleSignature"] = signatory
    return values


def passing_values(*, now: datetime) -> dict[str, str]:
    """What is the same for all letters made at this moment; the code comes when one is kept."""
    return {
        "date": long_date(localdate(now)),
        "dateHeure": long_moment(now),
        CODE: "",
        ADDRESS: verification_address(),
    }


def verification_address() -> str:
    return f"{settings.BASE_URL}{reverse('public:verify')}"


def unknown_names(names: Iterable[str], kind: str) -> list[str]:
    """Those of `names` that a Word document of this kind of letter has no value for."""
    known = {field.name for field in fields_of(kind)} | {IMAGE, SHOWS_SIGNATURE}
    return sorted(set(names) - known)


def _address(application: Application) -> list[str]:
    address = getattr(application.candidate, "address", None)
    return address.lines if address is not None else []


def _day(day: date | None) -> str:
    return long_date(day) if day else ""
