"""What a centre gives its new openings to begin with."""

from candide.institution.catalogue.domain.centre_defaults import new_intake
from candide.institution.catalogue.models import ApplicationCentre, Commission, Programme
from tests.factories.catalogue import DAY, TODAY

GIVEN = {
    "is_paperless": False,
    "has_automatic_reserve_list": True,
    "information": "Réunion chaque mois.",
    "opens_on": TODAY,
    "closes_on": TODAY + DAY,
    "documents_due_on": TODAY + 2 * DAY,
    "screening_on": TODAY + 3 * DAY,
    "jury_on": TODAY + 4 * DAY,
    "results_on": TODAY + 5 * DAY,
    "acceptance_due_on": TODAY + 6 * DAY,
    "acceptance_days": 7,
    "reserve_acceptance_due_on": TODAY + 8 * DAY,
    "reserve_acceptance_days": 9,
}


def test_new_opening_begins_with_each_thing_its_centre_gives():
    """B-031."""
    programme = Programme(commission=Commission(centre=ApplicationCentre(**GIVEN)))

    intake = new_intake(programme)

    assert {name: getattr(intake, name) for name in GIVEN} == GIVEN
