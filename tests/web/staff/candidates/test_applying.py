"""Applications created by staff, and duplicates, on the pages."""

from typing import Any

import pytest

from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.indexing import index_people
from candide.admissions.candidates.models import PossibleDuplicate
from candide.admissions.decisions.models import IntakeDecisions
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.access.scope import reach_of
from candide.institution.accounts.models import User
from tests.admissions.conftest import NOW
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.institution.accounts.mailbox import sent
from tests.web.conftest import links, words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

CANDIDATES, DUPLICATES = "/gestion/candidats/", "/gestion/doublons/"


@pytest.fixture
def alix(application: Any) -> Any:
    index_people([application.candidate.user_id], now=NOW)
    return application.candidate.user


@pytest.fixture
def intake(application: Any) -> Any:
    """Another programme of the same commission, with a favourable decision."""
    made = IntakeFactory(
        open=True,
        campaign=application.intake.campaign,
        programme__commission=application.intake.programme.commission,
        programme__name="Master Histoire",
    )
    IntakeDecisions.objects.create(intake=made, favourable=DecisionTypeFactory())
    return made


def confirm(user: Any, intake: Any) -> str:
    return f"{CANDIDATES}{user.pk}/candidater/{intake.pk}/"


@pytest.mark.parametrize(("kind", "is_proposal"), [("classic", False), ("proposal", True)])
def test_application_is_created_from_the_page_of_the_candidate(
    as_bao, alix, intake, kind, is_proposal
):
    """B-161, B-162."""
    listed = as_bao.get(f"{CANDIDATES}{alix.pk}/candidater/", {"q": "histoire"})
    assert (confirm(alix, intake), "Master Histoire") in links(listed)
    asked = as_bao.get(confirm(alix, intake))

    response = as_bao.post(confirm(alix, intake), {"kind": kind, "seen": asked.context["mark"]})

    made = Application.objects.get(candidate__user=alix, intake=intake)
    assert (made.is_proposal, response.url) == (is_proposal, f"/gestion/candidatures/{made.pk}/")
    again = as_bao.post(confirm(alix, intake), {"kind": kind, "seen": asked.context["mark"]})
    assert again.status_code == 409
    assert "a déjà candidaté" in words(again)


def test_application_is_created_from_the_catalogue(as_bao, alix, intake):
    """B-021: the programme first, then for whom, of those in reach."""
    elsewhere = ApplicationFactory(candidate=CandidateFactory(complete=True)).candidate.user
    index_people([elsewhere.pk], now=NOW)
    programme = as_bao.get(f"/offre/{intake.programme.slug}/")
    address = f"/gestion/candidater/{intake.pk}/"
    assert address in [url for url, _text in links(programme)]

    chosen = as_bao.get(address, {"q": "martin"})

    offered = {url for url, _text in links(chosen)}
    assert [confirm(user, intake) in offered for user in (alix, elsewhere)] == [True, False]
    assert "Personne trouvée" not in words(as_bao.get(address, {"q": "xyzzy"}))


def test_dates_are_warnings_and_new_ones_are_read_first(as_bao, alix, intake):
    seen = as_bao.get(confirm(alix, intake)).context["mark"]
    type(intake).objects.filter(pk=intake.pk).update(closes_on=intake.opens_on)

    response = as_bao.post(confirm(alix, intake), {"kind": "classic", "seen": seen})
    assert response.status_code == 422
    assert [warning.code for warning in response.context["warnings"]] == ["too_late"]
    assert not Application.objects.filter(intake=intake).exists()

    mark = response.context["mark"]
    assert as_bao.post(confirm(alix, intake), {"kind": "classic", "seen": mark}).status_code == 302


def test_nobody_applies_beyond_their_perimeter(as_bao, alix):
    elsewhere = IntakeFactory(open=True)

    assert as_bao.get(confirm(alix, elsewhere)).status_code == 404
    assert as_bao.get(f"/gestion/candidater/{elsewhere.pk}/").status_code == 404
    listed = as_bao.get(f"{CANDIDATES}{alix.pk}/candidater/").context["intakes"]
    assert elsewhere not in listed


def test_who_looks_after_candidates_and_sees_no_application_comes_back_to_the_person(
    client, alix, intake
):
    client.force_login(staff("candidate_manager"))
    mark = client.get(confirm(alix, intake)).context["mark"]

    response = client.post(confirm(alix, intake), {"kind": "classic", "seen": mark})

    assert response.url == f"{CANDIDATES}{alix.pk}/"


# -- Duplicates ------------------------------------------------------------------------------------


@pytest.fixture
def pair(application: Any) -> Any:
    kept = application.candidate.user
    gone = CandidateFactory(complete=True, first_name="ALIXE", user__email="autre@example.org").user
    index_people([kept.pk, gone.pk], now=NOW)
    return PossibleDuplicate.objects.get()


def test_duplicates_are_listed_compared_previewed_and_merged(as_ada, pair):
    one, other = pair.one, pair.other
    application = ApplicationFactory(candidate=other.candidate)
    address = f"{DUPLICATES}{pair.pk}/"
    assert address in [url for url, _text in links(as_ada.get(DUPLICATES))]

    compared = as_ada.get(address)
    assert "ALIXE" in words(compared)
    chosen = {"keep": one.pk, "take": ["first_name"]}
    preview = as_ada.post(address, chosen | {"act": "preview"})
    taken = preview.context["taken"]
    assert "first_name" in taken
    response = as_ada.post(
        address,
        {"keep": one.pk, "take": taken, "act": "merge", "seen": preview.context["seen"]},
    )

    assert response.url == f"{CANDIDATES}{one.pk}/"
    application.refresh_from_db()
    one.candidate.refresh_from_db()
    assert application.candidate == one.candidate
    assert one.candidate.first_name == "ALIXE"
    assert {kind for kind, _to in sent()} == {"accounts-merged"}
    assert "ALIXE" in words(as_ada.get(f"{CANDIDATES}{other.pk}/", follow=True))


def test_other_account_may_stay(as_ada, pair):
    context = as_ada.get(f"{DUPLICATES}{pair.pk}/", {"keep": pair.other_id}).context

    assert (context["kept"], context["gone"]) == (pair.other, pair.one)


def test_stale_preview_and_second_merge_are_refused(as_ada, pair):
    address = f"{DUPLICATES}{pair.pk}/"
    seen = as_ada.get(address).context["seen"]
    ApplicationFactory(candidate=pair.other.candidate)

    assert as_ada.post(address, {"act": "merge", "seen": seen}).status_code == 409
    seen = as_ada.get(address).context["seen"]
    assert as_ada.post(address, {"act": "merge", "seen": seen}).status_code == 302
    assert as_ada.post(address, {"act": "merge", "seen": seen}).status_code == 409


def test_reasons_are_shown_when_both_live_in_one_intake(as_ada, pair, application):
    ApplicationFactory(candidate=pair.other.candidate, intake=application.intake)

    response = as_ada.get(f"{DUPLICATES}{pair.pk}/")

    assert "annulez d'abord" in words(response)
    assert "Voir le résultat" not in words(response)


def test_two_people_are_not_shown_again(as_ada, pair):
    as_ada.post(f"{DUPLICATES}{pair.pk}/", {"act": "distinct"})

    assert "Aucun doublon" in words(as_ada.get(DUPLICATES))


def test_two_files_are_compared_by_number(as_ada, pair):
    other = UserFactory(file_number="ZZZZZZZZ")

    response = as_ada.post(DUPLICATES, {"one": pair.one.file_number, "other": "zzzzzzzz"})
    assert PossibleDuplicate.objects.get(other=other).pk == int(response.url.split("/")[-2])
    assert as_ada.post(DUPLICATES, {"one": "?", "other": ""}).status_code == 409


def test_page_of_a_candidate_says_that_there_may_be_another_account(as_ada, pair):
    assert f"{DUPLICATES}{pair.pk}/" in [
        url for url, _text in links(as_ada.get(f"{CANDIDATES}{pair.other_id}/"))
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_duplicates_take_constant_queries(as_ada, application, count, django_assert_num_queries):
    for number in range(count):
        one = UserFactory(email=f"zoe.{number}@example.org")
        PossibleDuplicate.objects.create(
            one=one, other=UserFactory(email=f"zoe{number}@example.org"), found_at=NOW
        )
    as_ada.get(DUPLICATES)

    with django_assert_num_queries(6):
        as_ada.get(DUPLICATES)


# -- One role for the managers of a centre ---------------------------------------------------------


def test_managers_of_a_centre_get_a_role_after_it_was_shown(as_ada, application, bao):
    """B-012."""
    roles = create_starter_roles()
    centre = application.intake.programme.commission.centre
    AssignmentFactory(user=bao, role=roles["candidate_reader"])
    address = "/gestion/parametrage/personnes/centre/"
    values = {
        "centre": centre.pk,
        "role": roles["candidate_manager"].pk,
        "instead_of": roles["candidate_reader"].pk,
    }
    assert as_ada.get(address).status_code == 200
    assert as_ada.post(address, values | {"instead_of": values["role"]}).status_code == 422

    shown = as_ada.post(address, values)
    assert [row.person for row in shown.context["going"]] == [bao]
    stale = as_ada.post(address, values | {"confirm": "1", "person": []})
    assert stale.status_code == 409
    as_ada.post(address, values | {"confirm": "1", "person": [bao.pk]})

    held = Assignment.objects.filter(user=bao, centre=None).values_list("role__code", flat=True)
    assert list(held) == ["candidate_manager"]
    bao = User.objects.get(pk=bao.pk)
    assert reach_of(bao, Capability.ADMINISTER_CANDIDATES, write=True).everywhere
