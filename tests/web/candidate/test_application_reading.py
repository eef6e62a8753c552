"""What « Ma candidature » reads: what it shows, once."""

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import Decision, DecisionType
from tests.admissions.conftest import NOW
from tests.factories.requirements import DocumentRequirementFactory, ExternalFormFactory
from tests.web.candidate.conftest import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

JOINED = (
    "applications_application",
    "candidates_candidate",
    "catalogue_intake",
    "catalogue_programme",
    "catalogue_commission",
    "catalogue_applicationcentre",
)


def as_it_is(application):
    """Awaited."""


def cancelled(application):
    Application.objects.filter(pk=application.pk).update(cancelled_at=NOW)


def archived(application):
    Application.objects.filter(pk=application.pk).update(archived_at=NOW)


def offered(application):
    kind = DecisionType.objects.create(code="A", label="Admis", outcome=Outcome.FAVOURABLE)
    Decision.objects.create(
        application=application, type=kind, created_at=NOW, released_at=NOW, comment="Bravo"
    )
    Application.objects.filter(pk=application.pk).update(
        released_outcome=Outcome.FAVOURABLE, has_any_decision=True, acceptance_due_on=NOW.date()
    )


def asked_for_more(application):
    DocumentRequirementFactory(common=True)
    ExternalFormFactory(is_common=True)
    Application.objects.filter(pk=application.pk).update(correction_due_on=NOW.date())


@pytest.mark.parametrize("made", [as_it_is, cancelled, archived, offered, asked_for_more])
@pytest.mark.parametrize("page", ["application", "transmit"])
def test_page_reads_what_is_joined_once(
    signed_in, application, page, made, django_assert_max_num_queries
):
    """It joins the columns it shows: one that was forgotten would be read by itself."""
    made(application)

    with django_assert_max_num_queries(24) as captured:
        assert signed_in.get(url(page, application)).status_code == 200

    read = [query["sql"] for query in captured]
    found = {table: sum(f'FROM "{table}"' in sql for sql in read) for table in JOINED}
    assert found == {table: int(table == "applications_application") for table in JOINED}
