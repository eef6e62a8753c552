"""The reserve list of a programme: who waits, who was called; calling and ordering by hand."""

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import draft_decision
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import Decision, IntakeDecisions
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member, staff
from tests.web.staff.test_programmes import OPENING, OPENINGS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def waiting(application, bao):
    """Two of the programme of `application`, which has two places, wait on its list."""
    intake = application.intake
    intake.capacity = 1
    intake.save()
    IntakeDecisions.objects.create(
        intake=intake, favourable=DecisionTypeFactory(label="Admis en master")
    )
    kind = DecisionTypeFactory(outcome=Outcome.RESERVE_LIST)
    found = []
    for rank in (10, 20):
        one = again(ApplicationFactory(intake=intake, complete=True))
        enter_decision(one, Draft(kind, rank=rank), by=bao, now=NOW)
        release(one, by=bao, now=NOW)
        found.append(again(one))
    return found


def page(application, name="list", query=""):
    return reverse(f"staff:reserve_{name}", args=[application.intake_id]) + query


def kind_of(application):
    return IntakeDecisions.objects.get(intake=application.intake_id).favourable_id


def outcomes(applications):
    return [again(each).released_outcome for each in applications]


def test_list_shows_who_waits_in_order_with_the_places(as_bao, application, waiting):
    shown = as_bao.get(page(application))

    assert [line["application"].pk for line in shown.context["waiting"]] == [
        one.pk for one in waiting
    ]
    assert [line["application"].place for line in shown.context["waiting"]] == [1, 2]
    places = shown.context["places"]
    assert (places.capacity, places.free, places.waiting) == (1, 1, 2)
    assert "appelez vous-même" in words(shown)


def test_next_one_is_shown_then_called_once(as_bao, application, waiting):
    asked = {"number": "1", "kind": kind_of(application)}

    shown = as_bao.get(page(application, "call"), asked)

    assert [one.pk for one in shown.context["following"]] == [waiting[0].pk]
    assert outcomes(waiting) == [Outcome.RESERVE_LIST] * 2
    sent = asked | {"seen": shown.context["seen"]}
    assert "1 candidat est appelé" in words(
        as_bao.post(page(application, "call"), sent, follow=True)
    )
    assert as_bao.post(page(application, "call"), sent).status_code == 409
    assert outcomes(waiting) == [Outcome.FAVOURABLE, Outcome.RESERVE_LIST]
    called = as_bao.get(page(application, query="?show=called"))
    assert [call.decision.application_id for call in called.context["calls"]] == [waiting[0].pk]
    assert "1 appelé – autant que demandé" in words(called)
    assert as_bao.get(page(application, query="?show=declined")).context["calls"] == []


def test_places_added_on_the_page_of_the_opening_call_the_next(client, application, waiting):
    """B-050."""
    intake = application.intake
    called = DecisionTypeFactory(label="Admis sur la liste")
    IntakeDecisions.objects.filter(intake=intake).update(called=called)
    type(intake).objects.update(capacity=0, has_automatic_reserve_list=True)
    client.force_login(member(Capability.MANAGE_CATALOGUE))
    address = f"{OPENINGS}{intake.pk}/"
    typed = {
        **OPENING,
        "capacity": "1",
        "has_automatic_reserve_list": "on",
        "called": called.pk,
        "seen": client.get(address).context["form"].initial["seen"],
    }

    warned = client.post(address, typed)
    client.post(address, {**typed, "confirmed": warned.context["warnings_mark"]})

    assert [each.code for each in warned.context["warnings"]] == ["calls_reserve_list"]
    assert outcomes(waiting) == [Outcome.FAVOURABLE, Outcome.RESERVE_LIST]
    assert Decision.objects.get(type=called).application_id == waiting[0].pk


def test_more_than_places_are_free_stops_and_asks(as_bao, application, waiting):
    asked = {"number": "2", "kind": kind_of(application)}

    shown = as_bao.get(page(application, "call"), asked)
    beyond = as_bao.get(shown.context["beyond_url"])

    assert len(shown.context["following"]) == 1
    assert "au-delà de la capacité" in words(shown)
    assert len(beyond.context["following"]) == 2
    sent = asked | {"seen": beyond.context["seen"], "beyond": "on"}
    as_bao.post(page(application, "call"), sent)
    assert outcomes(waiting) == [Outcome.FAVOURABLE] * 2


def test_call_without_a_number_or_with_another_decision_is_refused(as_bao, application, waiting):
    other = DecisionTypeFactory(outcome=Outcome.UNFAVOURABLE)

    for sent in ({"number": ""}, {"number": "1", "kind": other.pk}):
        assert as_bao.post(page(application, "call"), sent).status_code == 422
    assert outcomes(waiting) == [Outcome.RESERVE_LIST] * 2


def test_new_places_are_entered_as_drafts(as_bao, application, waiting):
    _first, second = waiting

    done = as_bao.post(
        page(application, "order"),
        {f"place-{second.pk}": "1", f"seen-{second.pk}": ""},
        follow=True,
    )

    assert "2 rangs sont saisis." in words(done)
    assert [draft_decision(again(each)).rank for each in waiting] == [20, 10]


def test_place_that_is_no_place_is_told_and_kept(as_bao, application, waiting):
    first, second = waiting

    refused = as_bao.post(
        page(application, "order"), {f"place-{second.pk}": "zut", f"place-{first.pk}": ""}
    )

    assert refused.status_code == 409
    assert "Choisissez une place entre 1 et 2." in words(refused)
    assert f'href="#row-{second.pk}"' in refused.content.decode()
    assert 'value="zut"' in refused.content.decode()


def test_member_of_the_commission_reads_and_orders_and_calls_nobody(client, application, waiting):
    client.force_login(staff("commission", commission=application.intake.programme.commission))

    shown = client.get(page(application))

    assert (shown.context["may_enter"], shown.context["may_release"]) == (True, False)
    sent = {"number": "1", "kind": kind_of(application)}
    assert client.post(page(application, "call"), sent).status_code == 403
    assert outcomes(waiting) == [Outcome.RESERVE_LIST] * 2


def test_status_hidden_from_commissions_is_on_no_tab(client, application, waiting):
    """Back-office 12.2: neither by name nor in a number."""
    Decision.objects.filter(application=waiting[0]).update(is_promotion=True)
    Application.objects.filter(pk=waiting[0].pk).update(
        released_outcome=Outcome.FAVOURABLE, answer="withdrawn", answered_at=NOW
    )
    commission = staff("commission", commission=application.intake.programme.commission)
    tabs = ("waiting", "called", "declined")
    pages = [page(application, query=f"?show={tab}") for tab in tabs]

    def told():
        client.force_login(commission)
        found = [client.get(address) for address in pages]
        return [
            [len(each.context["page"].object_list) for each in found],
            *(each.context["numbers"] for each in found),
        ]

    seen = told()
    Institution.objects.update(statuses_hidden_from_commissions=["complete"])

    assert seen == [[1, 1, 1], *[dict.fromkeys(tabs, 1)] * 3]
    assert told() == [[0, 0, 0], *[dict.fromkeys(tabs, 0)] * 3]


def test_programme_of_another_centre_is_not_found(client, application, waiting):
    chris = staff("manager", centre=ApplicationFactory().intake.programme.commission.centre)
    client.force_login(chris)

    assert client.get(page(application)).status_code == 404
    for name in ("call", "order"):
        assert client.post(page(application, name)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "query", "queries"),
    [("list", "", 14), ("list", "?show=called", 13), ("rows", "", 14), ("intakes", "", 7)],
)
def test_pages_take_constant_queries(
    as_bao, bao, application, count, name, query, queries, django_assert_num_queries
):
    kind, offer = DecisionTypeFactory(outcome="reserve_list"), DecisionTypeFactory()
    for rank in range(1, count + 1):
        for chosen, fields in ((kind, {"rank": rank}), (offer, {})):
            one = again(ApplicationFactory(intake=application.intake, complete=True))
            enter_decision(one, Draft(chosen, **fields), by=bao, now=NOW)
            decision = release(one, by=bao, now=NOW)
            type(decision).objects.filter(pk=decision.pk, type=offer).update(is_promotion=True)
            enter_decision(again(one), Draft(kind, rank=50 + one.pk), by=bao, now=NOW)
    address = {
        "list": page(application),
        "rows": reverse("staff:decision_list", args=[application.intake_id]),
        "intakes": reverse("staff:intakes"),
    }[name] + query
    as_bao.get(address)

    with django_assert_num_queries(queries):
        as_bao.get(address)
