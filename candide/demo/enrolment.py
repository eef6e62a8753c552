"""What the demonstration settles for enrolments, and how it counts the silence."""

from decimal import Decimal

from i18nfield.strings import LazyI18nString

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.applications.models import Application
from candide.institution.catalogue.enums import TacitReference, TacitTone
from candide.institution.catalogue.models import Institution, TacitThreshold
from candide.institution.reference.models import FeeExemption, StudyRegime

THRESHOLDS = {
    45: ("À décider bientôt", "To be decided soon", TacitTone.WARNING),
    55: ("Silence bientôt acquis", "Silence soon final", TacitTone.DANGER),
}
FEE, REDUCED = Decimal("254.00"), Decimal("0.00")


def create_thresholds() -> None:
    """After how many days an application is marked, counted from the transmission."""
    for days, (french, english, tone) in THRESHOLDS.items():
        TacitThreshold.objects.get_or_create(
            days=days,
            defaults={"label": LazyI18nString({"fr": french, "en": english}), "tone": tone},
        )
    Institution.objects.update(tacit_reference=TacitReference.TRANSMITTED)


def settle_enrolment(
    application: Application, exemptions: list[FeeExemption], regimes: list[StudyRegime]
) -> None:
    """Of a confirmed application what it costs; every third candidate holds a grant."""
    if application.answer != CandidateAnswer.ACCEPTED:
        return
    number = application.candidate_id
    application.study_regime = regimes[number % len(regimes)]
    is_exempt = number % 3 == 0
    application.fee_exemption = exemptions[number % len(exemptions)] if is_exempt else None
    application.fee_amount = REDUCED if is_exempt else FEE
