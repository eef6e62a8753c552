"""Centres, commissions, programmes and their openings, in each of their states."""

from datetime import date

from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.models import Intake
from tests.browser.states.staff import administrator
from tests.browser.states.state import State
from tests.factories.catalogue import (
    CampaignFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
)
from tests.factories.decisions import DecisionTypeFactory

SETTINGS = "/gestion/parametrage/"
PROGRAMMES, OPENINGS = f"{SETTINGS}formations/", f"{SETTINGS}ouvertures/"
DATES = f"{OPENINGS}dates/"


def commission():
    row = CommissionFactory(name="Commission des masters de droit")
    CommissionFactory(centre=row.centre, name="Commission des licences")
    return row


def opening():
    """With every date, one outside the campaign, and a history."""
    DecisionTypeFactory(label="Avis favorable")
    row = IntakeFactory(
        programme__name="Master 1 Droit public",
        jury_on=date(2027, 5, 20),
        results_on=date(2027, 6, 1),
        acceptance_due_on=date(2027, 10, 10),
        capacity=30,
    )
    before = values_of(row)
    row.capacity = 32
    row.save()
    log_saved(row, before=before, by=None)
    return row


def programmes():
    """One in each state, and more than a page of them."""
    first = opening()
    IntakeFactory(is_active=False, programme__name="Licence 2 Histoire")
    IntakeFactory(soon=True, programme__name="Master 1 Chimie", is_paperless=False)
    ProgrammeFactory(name="Master 1 Jamais ouvert")
    for number in range(50):
        IntakeFactory(
            programme__commission=first.programme.commission, programme__name=f"Diplôme n° {number}"
        )
    return first


def two_campaigns():
    """What is made, what exists, what is left out, what would be outside the campaign."""
    source = opening()
    into = CampaignFactory(code="2028", starts_on=date(2028, 1, 3), ends_on=date(2028, 9, 30))
    there = IntakeFactory(programme__name="Master 1 Chimie")
    IntakeFactory(programme=there.programme, campaign=into)
    IntakeFactory(is_active=False, programme__name="Licence 2 Histoire")
    return source, into


def preview(subject):
    source, into = subject
    return f"{OPENINGS}dupliquer/?source={source.campaign_id}&into={into.pk}"


def several():
    """One that is changed and one whose dates would contradict one another."""
    return [
        opening(),
        IntakeFactory(
            programme__name="Licence 2 Histoire",
            closes_on=date(2027, 6, 1),
            documents_due_on=date(2027, 6, 15),
        ),
    ]


def chosen(rows: list[Intake]):
    return {
        "keys": ",".join(str(row.pk) for row in rows),
        "jury_on": "2027-05-21",
        "step": "preview",
    }


STATES = [
    State("centre, new", f"{SETTINGS}centres/nouveau/", administrator, weighed=False),
    State(
        "commission",
        lambda row: f"{SETTINGS}commissions/{row.pk}/",
        administrator,
        commission,
        weighed=False,
    ),
    State("programmes", PROGRAMMES, administrator, programmes, weighed=False),
    State("programmes, none", f"{PROGRAMMES}?q=zz", administrator, programmes, weighed=False),
    State("programme, new", f"{PROGRAMMES}nouveau/", administrator, weighed=False),
    State(
        "programme, set up",
        lambda row: f"{PROGRAMMES}{row.programme_id}/",
        administrator,
        opening,
        weighed=False,
    ),
    State(
        "programme, never opened",
        lambda row: f"{PROGRAMMES}{row.pk}/",
        administrator,
        ProgrammeFactory,
        weighed=False,
    ),
    State(
        "opening, new",
        lambda row: f"{PROGRAMMES}{row.pk}/ouvrir/",
        administrator,
        ProgrammeFactory,
        weighed=False,
    ),
    State("opening", lambda row: f"{OPENINGS}{row.pk}/", administrator, opening, weighed=False),
    State(
        "opening, dates typed",
        lambda row: f"{OPENINGS}{row.pk}/",
        administrator,
        opening,
        act=lambda page, row: _type_a_date(page),
        weighed=False,
    ),
    State(
        "programme, to be duplicated",
        lambda row: f"{PROGRAMMES}{row.programme_id}/dupliquer/",
        administrator,
        opening,
        weighed=False,
    ),
    State("campaign, to be duplicated", f"{OPENINGS}dupliquer/", administrator, weighed=False),
    State("campaign, previewed", preview, administrator, two_campaigns, weighed=False),
    State(
        "openings, dates to change",
        lambda rows: f"{DATES}?intake={rows[0].pk}",
        administrator,
        several,
        weighed=False,
    ),
    State("openings, previewed", DATES, administrator, several, post=chosen, weighed=False),
]


def _type_a_date(page):
    page.fill("#id_jury_on", "2027-03-20")
    page.locator("#id_jury_on").dispatch_event("change")
    page.locator("#dates .candide-blockers").first.wait_for()
