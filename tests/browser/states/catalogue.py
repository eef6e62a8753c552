"""The catalogue and the page of a programme."""

from tests.browser.states.shared import bao
from tests.browser.states.state import State
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import (
    DAY,
    TODAY,
    ApplicationCentreFactory,
    CampaignFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
)
from tests.factories.reference import DiplomaTypeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

NAMES = ("Droit des affaires", "Économie internationale", "Psychologie du travail", "Biologie")


def offer():
    """More than a page of programmes, in every state, of two centres and two types."""
    for centre in ("UFR Droit, économie et gestion", "UFR Sciences"):
        commission = CommissionFactory(centre=ApplicationCentreFactory(name=centre))
        for diploma in ("Licence", "Master"):
            kind = DiplomaTypeFactory(code=diploma, name=diploma)
            for place, name in enumerate(NAMES * 2):
                programme = ProgrammeFactory(
                    name=f"{diploma} {name} {place}",
                    commission=commission,
                    diploma_type=kind,
                    url="https://formation.example/" if place % 2 else "",
                )
                state = ("open", "soon", "closed", "paper")[place % 4]
                IntakeFactory(programme=programme, capacity=25, **{state: True})


def programme(**state):
    commission = CommissionFactory(
        email="scolarite@example.org",
        phone="02 38 00 00 00",
        fax="02 38 00 00 01",
        url="https://commission.example/",
        return_comment="Joindre une **enveloppe** timbrée.",
    )
    subject = ProgrammeFactory(
        name="Master Droit des affaires", commission=commission, url="https://formation.example/"
    )
    DocumentRequirementFactory(common=True)
    DocumentRequirementFactory(common=True, conditional=True)
    QuestionFactory(common=True)
    return IntakeFactory(
        programme=subject,
        capacity=40,
        information="# Entretien\n\nUn entretien à distance.\n\n## Durée\n\n- 20 minutes",
        **state,
    )


def dated():
    return programme(
        screening_on=TODAY + 40 * DAY,
        jury_on=TODAY + 60 * DAY,
        results_on=TODAY + 70 * DAY,
        acceptance_days=10,
    )


def two_campaigns():
    intake = programme()
    for code in ("2028", "2029"):
        campaign = CampaignFactory(code=code)
        IntakeFactory(programme=intake.programme, campaign=campaign, soon=code == "2029")
    return intake


def out_of_service():
    IntakeFactory(programme=ProgrammeFactory(name="Droit privé"))
    return ProgrammeFactory(name="Droit public", is_active=False, url="https://formation.example/")


def address(subject):
    programme = getattr(subject, "programme", subject)
    return f"/offre/{programme.slug}/"


def open_filters(page, subject):
    summary = page.locator(".catalogue-facets > summary")
    if summary.is_visible():
        summary.click()


STATES = [
    State("catalogue", "/offre/", setup=offer),
    State("catalogue, filters open", "/offre/?period=open", setup=offer, act=open_filters),
    State("catalogue, last page", "/offre/?q=droit&page=9", setup=offer),
    State("catalogue, typing error", "/offre/?q=psycologie", setup=offer),
    State("catalogue, nothing found", "/offre/?q=astronautique", setup=offer),
    State("catalogue, nothing left by filters", "/offre/?q=bio&centre=none", setup=offer),
    State("catalogue, empty", "/offre/"),
    State("programme, open", address, setup=dated),
    State("programme, opening soon", address, setup=lambda: programme(soon=True)),
    State("programme, closed", address, setup=lambda: programme(closed=True)),
    State("programme, paper", address, setup=lambda: programme(paper=True)),
    State("programme, two campaigns", address, setup=two_campaigns),
    State("programme, member of staff", address, bao, setup=programme),
    State(
        "programme, applied to",
        lambda application: address(application.intake),
        lambda application: application.candidate.user,
        setup=lambda: ApplicationFactory(intake=programme()),
    ),
    State("programme, out of service", address, setup=out_of_service, status=404),
    State("programme, no campaign", address, setup=ProgrammeFactory, status=404),
]
