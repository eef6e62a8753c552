"""The catalogue of a large institution: as many queries as for a small one, and little work."""

import random
from itertools import count

import pytest

from candide.institution.catalogue.domain.search import PAGE_SIZE, Query, find_programmes
from candide.institution.catalogue.models import Institution, Intake, Programme
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

pytestmark = pytest.mark.django_db

SIZE = 2_000
SUBJECTS = """
droit économie gestion sciences vie terre informatique mathématiques physique chimie histoire
géographie lettres langues psychologie sociologie management santé sport biologie
"""


@pytest.fixture
def large_offer():
    rng = random.Random(1)  # noqa: S311 -- the same names each time
    commissions = [
        CommissionFactory(centre=centre) for centre in ApplicationCentreFactory.create_batch(20)
    ]
    types = [DiplomaTypeFactory(name=name) for name in ("Licence", "Master", "DU")]
    campaign, numbers = CampaignFactory(), count()
    programmes = [
        ProgrammeFactory.build(
            code=f"P{next(numbers)}",
            name=" ".join(rng.sample(SUBJECTS.split(), 3)).capitalize(),
            commission=rng.choice(commissions),
            diploma_type=rng.choice(types),
        )
        for _ in range(SIZE)
    ]
    for programme in programmes:
        programme.search_text = programme.words()
    Programme.objects.bulk_create(programmes)
    Intake.objects.bulk_create(
        IntakeFactory.build(
            programme=programme, campaign=campaign, closes_on=TODAY + rng.randrange(60) * DAY
        )
        for programme in programmes
    )


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(Query(), id="everything"),
        pytest.param(Query("droit gestion"), id="words"),
        pytest.param(Query("psycologie infromatique"), id="typing errors"),
        pytest.param(Query("", {"period": frozenset({"open"})}), id="a facet"),
    ],
)
def test_large_offer_is_found_in_few_queries(large_offer, query, django_assert_num_queries):
    institution = Institution.current()

    with django_assert_num_queries(5):
        found = find_programmes(query, today=TODAY, institution=institution)

    assert 0 < sum(len(group.intakes) for group in found.groups) <= PAGE_SIZE
    assert found.total == sum(choice.count for choice in found.facets[0].choices)


def test_every_programme_is_on_exactly_one_page(large_offer):
    institution = Institution.current()
    pages = -(-SIZE // PAGE_SIZE)

    listed = [
        intake.programme.code
        for page in (1, 2, pages // 2, pages - 1, pages)
        for group in find_programmes(
            Query(), today=TODAY, page=page, institution=institution
        ).groups
        for intake in group.intakes
    ]

    assert len(listed) == len(set(listed)) == 5 * PAGE_SIZE
