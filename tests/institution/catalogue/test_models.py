"""What the database itself forbids of the offer."""

import pytest
from django.db import IntegrityError

from candide.institution.catalogue.models import Institution
from candide.institution.catalogue.models.programme import NOT_BEFORE
from tests.factories.catalogue import DAY, TODAY, IntakeFactory

pytestmark = pytest.mark.django_db


def test_there_is_one_institution():
    """S2-04: one deployment serves one institution."""
    Institution.current()

    with pytest.raises(IntegrityError, match="institution_is_one"):
        Institution.objects.create(pk=2, name="Une autre")


OPTIONAL = (
    *("screening_on", "jury_on", "results_on"),
    *("acceptance_due_on", "reserve_acceptance_due_on"),
)


@pytest.mark.parametrize(
    ("later", "earlier"), [(later, earlier) for later in OPTIONAL for earlier in NOT_BEFORE[later]]
)
def test_days_of_an_intake_come_in_order(later, earlier):
    """APP-12."""
    days = dict.fromkeys(("opens_on", "closes_on", "documents_due_on"), TODAY - 9 * DAY)
    days |= {earlier: TODAY, later: TODAY - DAY}
    if earlier == "closes_on":
        days["documents_due_on"] = TODAY

    with pytest.raises(IntegrityError, match=f"intake_{later}_in_order"):
        IntakeFactory(**days)


def test_days_of_an_intake_may_all_be_the_same():
    IntakeFactory(**dict.fromkeys(["opens_on", *NOT_BEFORE], TODAY)).full_clean()
