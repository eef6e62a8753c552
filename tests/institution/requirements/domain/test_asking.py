import pytest

from candide.institution.catalogue.models import Programme
from candide.institution.requirements.domain.asking import (
    Origin,
    asked_of_programme,
    linkable,
    may_be_linked_to,
    with_programme_count,
)
from candide.institution.requirements.models import DocumentRequirement
from tests.factories.catalogue import ProgrammeFactory
from tests.factories.requirements import DocumentRequirementFactory

pytestmark = pytest.mark.django_db


def asked(code, **fields):
    return DocumentRequirementFactory(code=code, **fields)


def test_programme_asks_in_the_order_of_candidates_and_says_why(django_assert_num_queries):
    programme, other = ProgrammeFactory.create_batch(2)
    centre = programme.commission.centre
    asked("lettre", programmes=[programme], position=1)
    asked("portfolio", common=True, centre=centre)
    asked("cv", common=True)
    asked("identite", common=True, position=5)
    asked("direct", programmes=[programme], route="direct")
    asked("foreign", common_to_centre=True)
    asked("elsewhere", programmes=[other])
    asked("old", common=True, is_active=False)
    asked("was-linked", programmes=[programme], common_to_centre=True)

    with django_assert_num_queries(2):
        found = asked_of_programme(DocumentRequirement, programme)

    assert [(each.asked.code, each.origin) for each in found] == [
        ("identite", Origin.INSTITUTION),
        ("cv", Origin.INSTITUTION),
        ("portfolio", Origin.CENTRE),
        ("lettre", Origin.PROGRAMME),
        ("direct", Origin.PROGRAMME),
    ]


def test_programmes_in_service_that_ask_are_counted():
    own = ProgrammeFactory()
    colleague = ProgrammeFactory(commission=own.commission)
    elsewhere = ProgrammeFactory()
    closed = ProgrammeFactory(is_active=False)
    asked("of-all", common=True)
    asked("of-centre", common=True, centre=own.commission.centre)
    asked("of-empty-centre", common_to_centre=True)
    asked("linked", programmes=[colleague, elsewhere, closed])
    asked("of-none")

    counts = with_programme_count(DocumentRequirement.objects.all())

    assert dict(counts.values_list("code", "programme_count")) == {
        "of-all": 3,
        "of-centre": 2,
        "of-empty-centre": 0,
        "linked": 2,
        "of-none": 0,
    }


def test_linkable_is_what_all_chosen_programmes_may_ask_for():
    own, foreign = ProgrammeFactory.create_batch(2)
    asked("central")
    asked("own", centre=own.commission.centre)
    asked("common", common=True)
    asked("old", is_active=False)
    asked("of one application", centre=own.commission.centre, is_individual=True)

    def codes(programmes):
        return set(linkable(DocumentRequirement, programmes).values_list("code", flat=True))

    assert codes([own]) == {"central", "own"}
    assert codes([own, foreign]) == {"central"}


@pytest.mark.django_db
def test_what_is_of_a_centre_is_linked_to_programmes_of_that_centre():
    own, other = ProgrammeFactory(), ProgrammeFactory()
    centre = own.commission.centre
    programmes = Programme.objects.filter(pk__in=[own.pk, other.pk])

    of_centre = may_be_linked_to(DocumentRequirementFactory(centre=centre), programmes)
    of_all = may_be_linked_to(DocumentRequirementFactory(), programmes)

    assert set(of_centre) == {own}
    assert set(of_all) == {own, other}
