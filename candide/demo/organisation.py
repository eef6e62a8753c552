"""The university of the demonstration: fictitious, with the programmes real ones have."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from django.utils.text import slugify
from i18nfield.strings import LazyI18nString

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.models import DecisionReason, DecisionType, IntakeDecisions
from candide.demo.calendars import CALENDARS, TURN
from candide.institution.catalogue.enums import AdmissionRoute, AlertMode, CopyMode, LetterMode
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Campaign,
    Commission,
    Institution,
    Intake,
    Programme,
)
from candide.institution.reference.models import DiplomaType

CENTRES = {
    "DEG": ("Faculté de droit, économie et gestion", "Faculty of law, economics and management"),
    "LLA": ("UFR Lettres, langues et arts", "Faculty of letters, languages and arts"),
    "SANTE": ("Faculté de santé et sciences du vivant", "Faculty of health and life sciences"),
    "SHS": ("UFR Sciences humaines et sociales", "Faculty of humanities and social sciences"),
    "ST": ("Faculté des sciences et techniques", "Faculty of science and technology"),
}
LEVELS = {
    "L": ("L2", "Licence 2", "Bachelor, second year:", "L"),
    "M": ("M1", "Master 1", "Master, first year:", "M"),
}
PAPER_EVERY, DIRECT_EVERY = 9, 7


@dataclass
class Organisation:
    """What was created, for what is built on it."""

    campaign: Campaign
    centres: dict[str, ApplicationCentre]
    commissions: list[Commission]
    intakes: list[Intake]
    calendar_of: dict[int, str]


def text(french: str, english: str) -> LazyI18nString:
    return LazyI18nString({"fr": french, "en": english})


def create_organisation(today: date) -> Organisation:
    """Create institution, campaign, centres, commissions, programmes and intakes."""
    _institution()
    campaign = Campaign.objects.create(
        code=str(today.year),
        label=text(f"Campagne {today.year}-{today.year + 1}", f"Campaign {today.year}"),
        starts_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=160),
    )
    centres = {
        code: ApplicationCentre.objects.create(
            code=code,
            name=text(*names),
            copy_mode=CopyMode.NONE,
            contact_email=f"candidatures-{code.lower()}@univ-valmont.example",
            max_applications=8,
        )
        for code, names in CENTRES.items()
    }
    commissions = [
        commission for code, centre in centres.items() for commission in _commissions(code, centre)
    ]
    return _with_intakes(campaign, centres, commissions, today)


def _institution() -> None:
    Institution.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Université de Valmont",
            "short_name": "l’université de Valmont",
            "hands_over": True,
            "website": "https://www.univ-valmont.example",
            "contact_email": "candidatures@univ-valmont.example",
            "privacy_text": text(
                "Vos données servent à examiner vos candidatures et sont conservées un an après "
                "la fin de la campagne. Vous pouvez les consulter, les corriger et demander leur "
                "effacement à dpo@univ-valmont.example.",
                "Your data are used to examine your applications and kept for one year after the "
                "campaign. You may read them, correct them and have them erased: "
                "dpo@univ-valmont.example.",
            ),
        },
    )


def _commissions(code: str, centre: ApplicationCentre) -> list[Commission]:
    return [
        Commission.objects.create(
            centre=centre,
            code=f"{code}-{number}",
            name=text(
                f"Commission {level} – {CENTRES[code][0]}", f"{english} – {CENTRES[code][1]}"
            ),
            email=f"commission-{code.lower()}-{number}@univ-valmont.example",
            phone=f"01 99 00 {number}0 {len(code)}0",
            address_1="Service des candidatures",
            address_2=f"Bâtiment {code}, {number} allée du Savoir",
            postcode="45000",
            city="Valmont",
            return_comment=text(
                "N’agrafez pas vos documents.", "Please do not staple your documents."
            ),
            alert_mode=AlertMode.MAILBOX,
            alert_email=f"alerte-{code.lower()}-{number}@univ-valmont.example",
            letter_mode=LetterMode.BOTH,
            signatory="La présidente de la commission",
        )
        for number, (level, english) in enumerate(
            (("Licence", "Bachelor commission"), ("Master", "Master commission")), start=1
        )
    ]


def _with_intakes(
    campaign: Campaign,
    centres: dict[str, ApplicationCentre],
    commissions: list[Commission],
    today: date,
) -> Organisation:
    types = {row.code: row for row in DiplomaType.objects.all()}
    by_code = {commission.code: commission for commission in commissions}
    programmes, intakes, calendars = [], [], []
    for number, row in enumerate(read_programmes()):
        prefix, french, english, diploma = LEVELS[row["level"]]
        commission = by_code[f"{row['centre']}-{'1' if row['level'] == 'L' else '2'}"]
        code = f"{prefix}-{row['centre']}-{number:03d}"
        programme = Programme(
            commission=commission,
            code=code,
            slug=slugify(f"{french} {row['name']}")[:110] + f"-{number}",
            name=text(f"{french} {row['name']}", f"{english} {row['name']}"),
            diploma_type=types.get(diploma),
            keywords=row["name"].split()[0].lower(),
            url=f"https://www.univ-valmont.example/formations/{code.lower()}",
        )
        programme.search_text = programme.words()
        programmes.append(programme)
        calendar = TURN[number % len(TURN)]
        calendars.append(calendar)
        intakes.append(
            Intake(
                programme=programme,
                campaign=campaign,
                is_paperless=number % PAPER_EVERY != 0,
                route=AdmissionRoute.DIRECT
                if number % DIRECT_EVERY == 3
                else AdmissionRoute.CONTROLLED,
                capacity=int(row["capacity"]),
                has_automatic_reserve_list=number % 2 == 0,
                information=text(
                    "Une réunion d’information a lieu chaque mois, en ligne.",
                    "An information meeting is held online every month.",
                ),
                **CALENDARS[calendar].dates(today),
            )
        )
    Programme.objects.bulk_create(programmes)
    Intake.objects.bulk_create(intakes)
    _decision_settings(intakes)
    return Organisation(
        campaign,
        centres,
        commissions,
        intakes,
        {intake.pk: calendar for intake, calendar in zip(intakes, calendars, strict=True)},
    )


def read_programmes() -> list[dict[str, str]]:
    """The programmes of the package's own data file."""
    path = files("candide.demo") / "data" / "programmes.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines(), delimiter=";"))


DECISION_TYPES = (
    ("AVIS_FAVORABLE", "Avis favorable", "Favourable", Outcome.FAVOURABLE, True, True),
    ("AVIS_FAVORABLE_LC", "Avis favorable (liste complémentaire)", "Favourable (reserve list)",
     Outcome.FAVOURABLE, True, True),
    ("AVIS_DEFAVORABLE", "Avis défavorable", "Unfavourable", Outcome.UNFAVOURABLE, True, False),
    ("AVIS_LISTE_ATT", "Placement sur liste d’attente", "Waiting list", Outcome.WAITING_LIST,
     False, False),
    ("AVIS_LISTE_COMP", "Placement sur liste complémentaire", "Reserve list",
     Outcome.RESERVE_LIST, False, False),
    ("AVIS_PRESELECTION", "Présélection", "Shortlisted", Outcome.SHORTLISTED, False, False),
)  # fmt: skip
REASONS = (
    ("NIVEAU", "Niveau insuffisant dans les matières fondamentales", "Level too low"),
    ("PREREQUIS", "Prérequis non satisfaits", "Prerequisites not met"),
    ("PROJET", "Projet professionnel insuffisamment argumenté", "Project not argued enough"),
    ("CAPACITE", "Capacité d’accueil atteinte", "No place left"),
)


def _decision_settings(intakes: list[Intake]) -> None:
    """The types of decision and reasons an installation begins with, and those of the intakes."""
    types = {}
    for code, french, english, outcome, is_final, is_transferred in DECISION_TYPES:
        types[code], _created = DecisionType.objects.get_or_create(
            code=code,
            defaults={
                "label": text(french, english),
                "outcome": outcome,
                "is_final": is_final,
                "is_transferred": is_transferred,
            },
        )
    for code, french, english in REASONS:
        DecisionReason.objects.get_or_create(code=code, defaults={"label": text(french, english)})
    IntakeDecisions.objects.bulk_create(
        IntakeDecisions(
            intake=intake,
            favourable=types["AVIS_FAVORABLE"],
            called=types["AVIS_FAVORABLE_LC"],
        )
        for intake in intakes
    )
