"""Fees, exemptions, regimes, and the marks of tacit decisions."""

from decimal import Decimal

from candide.institution.catalogue.models import Institution
from tests.browser.states import candidate
from tests.browser.states.settings import SETTINGS
from tests.browser.states.staff import GRID, TODAY_PAGE, administrator, bao, member
from tests.browser.states.state import State
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import TacitThresholdFactory
from tests.factories.reference import FeeExemptionFactory, StudyRegimeFactory


def settled():
    """An application of which everything is settled."""
    application = candidate.accepted()
    type(application).objects.update(
        fee_amount=Decimal("254.50"),
        fee_exemption=FeeExemptionFactory(name="Boursier sur critères sociaux"),
        exemption_note="échelon 7, notification reçue",
        study_regime=StudyRegimeFactory(name="Formation initiale"),
    )
    return type(application).objects.with_offer().get(pk=application.pk)


def silent():
    """Somebody waits for each mark, somebody for none."""
    Institution.objects.update(tacit_reference="transmitted")
    for days, label, tone in (
        (1, "À décider bientôt", "warning"),
        (2, "Silence bientôt acquis", "danger"),
        (90, "Silence acquis", "neutral"),
    ):
        TacitThresholdFactory(days=days, label=label, tone=tone)
    ApplicationFactory(transmitted=True)
    ApplicationFactory(complete=True, has_draft_decision=True, has_any_decision=True)
    ApplicationFactory()


def page(application):
    return f"{GRID}{application.pk}/#enrolment"


STATES = [
    State("enrolment, settled", page, bao, settled, weighed=False),
    State("enrolment, to be read", page, member, settled, weighed=False),
    State(
        "enrolment, wrong amount",
        lambda application: f"{GRID}{application.pk}/droits/",
        bao,
        settled,
        post={"fees-fee_amount": "beaucoup"},
        status=422,
        weighed=False,
    ),
    State(
        "applications, some silent",
        f"{GRID}?columns=silent_since&columns=dossier&sort=silent_since",
        administrator,
        silent,
        weighed=False,
    ),
    State("today, some silent", TODAY_PAGE, administrator, silent, weighed=False),
    State("tacit decisions", f"{SETTINGS}silence/", administrator, silent, weighed=False),
    State("thresholds", f"{SETTINGS}seuils-de-silence/", administrator, silent, weighed=False),
    State("exemption, new", f"{SETTINGS}exonerations/nouveau/", administrator, weighed=False),
]
