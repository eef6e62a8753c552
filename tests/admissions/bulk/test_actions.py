"""Each action: what is possible, what is unwise, what it does."""

from datetime import timedelta

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.actions import ACTIONS
from candide.admissions.decisions.domain.current import draft_decision
from candide.admissions.decisions.domain.entering import enter_decision
from candide.admissions.decisions.models import Decision, IntakeDecisions
from candide.admissions.tags.domain.tagging import tags_of
from candide.core.blockers import Refused
from candide.foundation.runs.domain.asking import confirm
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.bulk.conftest import done, outcomes, previewed, said, work_all
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import decided, decision_type, draft_of
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import ApplicationCentreFactory, IntakeFactory
from tests.factories.decisions import DecisionReasonFactory, DecisionTypeFactory
from tests.factories.tags import TagFactory, TaggingFactory

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DAY = timedelta(days=1)
LATER = (TODAY + 30 * DAY).isoformat()
PAST = (TODAY - DAY).isoformat()


def day(text):
    return {"day": text}


def entered(**values):
    """What the form of a decision gives."""
    kind = decision_type(values.pop("outcome", Outcome.FAVOURABLE))
    return {"type": kind.pk, **values}


def drafted(application, outcome, by, **fields):
    enter_decision(application, draft_of(outcome, **fields), by=by, now=NOW)
    return again(application)


# -- Dossiers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("traits", "values", "outcome"),
    [
        ({"transmitted": True}, {"status": "complete"}, ("ready", [])),
        ({"transmitted": True}, {"status": "received"}, ("ready", ["already_so"])),
        ({"transmitted": True}, {"status": "incomplete"}, ("ready", ["nothing_to_mend", "late"])),
        ({"cancelled": True}, {"status": "complete"}, ("refused", ["cancelled"])),
        ({"archived_at": NOW}, {"status": "complete"}, ("refused", ["archived"])),
    ],
)
def test_status(bao, beside, traits, values, outcome):
    run = previewed(bao, "statut", values, beside(**traits))

    expected = [code.replace("late", "deadline_passed") for code in outcome[1]]
    assert outcomes(run) == [(outcome[0], expected)]


def test_status_is_that_of_its_day(bao, beside):
    """B-094: the day that is given, or today."""
    dated, undated = beside(transmitted=True), beside(transmitted=True)

    done(bao, "statut", {"status": "complete", "on": PAST}, dated)
    done(bao, "statut", {"status": "complete"}, undated)

    assert again(dated).complete_on == TODAY - DAY
    assert again(undated).complete_on == TODAY


@pytest.mark.parametrize(
    ("fields", "route", "outcome"),
    [
        ({"route": "undetermined"}, "controlled", ("ready", [])),
        ({"route": "controlled"}, "controlled", ("needless", [])),
        ({"route": "controlled"}, "direct", ("ready", [])),
        ({"route": "controlled", "offered": True}, "direct", ("refused", ["released"])),
        ({"route": "controlled", "offered": True}, "undetermined", ("ready", ["decided"])),
        ({"route": "controlled", "archived_at": NOW}, "direct", ("refused", ["archived"])),
    ],
)
def test_route(bao, beside, fields, route, outcome):
    row = beside(**fields)

    assert outcomes(previewed(bao, "type-de-traitement", {"route": route}, row)) == [outcome]


def test_route_of_those_that_have_it_is_left_and_others_are_told(bao, beside):
    has_it, gets_it = beside(route="controlled"), beside(route="undetermined")

    run = done(bao, "type-de-traitement", {"route": "controlled"}, has_it, gets_it)

    assert [state for state, _codes in outcomes(run)] == ["needless", "done"]
    assert [mail.about_id for mail in OutgoingMail.objects.all()] == [gets_it.pk]
    assert said(run)[1] == "En attente → Accès contrôlé"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"route": "undetermined", "is_route_confirmed": False}, ("ready", [])),
        ({"route": "controlled"}, ("needless", [])),
        ({"route": "direct", "is_route_confirmed": False}, ("refused", ["no_decision"])),
        ({"is_route_confirmed": False, "archived_at": NOW}, ("refused", ["archived"])),
    ],
)
def test_confirming_the_route(bao, beside, fields, outcome):
    row = beside(**fields)

    assert outcomes(previewed(bao, "validation-type-de-traitement", {}, row)) == [outcome]


def test_routes_are_confirmed_and_direct_access_admits(bao, beside):
    by_right, other = (
        beside(route=route, is_route_confirmed=False) for route in ("direct", "undetermined")
    )
    IntakeDecisions.objects.create(intake=by_right.intake, favourable=DecisionTypeFactory())

    run = done(bao, "validation-type-de-traitement", {}, by_right, other)

    assert [state for state, _codes in outcomes(run)] == ["done", "done"]
    assert [again(row).released_outcome for row in (by_right, other)] == ["favourable", ""]
    kinds = OutgoingMail.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["route-direct", "route-undetermined"]


def test_route_that_resets_the_status_says_so(bao, application):
    Institution.objects.update(reset_status_on_route_change=True)

    run = previewed(bao, "type-de-traitement", {"route": "direct"}, application)

    assert outcomes(run) == [("ready", ["status_reset"])]


@pytest.mark.parametrize(
    ("fields", "text", "outcome"),
    [
        ({}, LATER, ("ready", [])),
        ({}, None, ("needless", [])),
        ({"documents_extended_to": TODAY + DAY}, None, ("ready", [])),
        ({"cancelled": True}, LATER, ("refused", ["cancelled"])),
    ],
)
def test_documents_day(bao, beside, fields, text, outcome):
    assert outcomes(previewed(bao, "date-de-retour", day(text), beside(**fields))) == [outcome]


def test_documents_day_earlier_than_everybodys_says_so(bao):
    bao.assignments.update(centre=None)
    row = ApplicationFactory(intake=IntakeFactory(open=True))

    run = previewed(bao, "date-de-retour", day(TODAY.isoformat()), row)

    assert outcomes(run) == [("ready", ["no_effect"])]


def test_documents_day_is_given_to_all(bao, beside):
    rows = [beside(), beside()]

    run = done(bao, "date-de-retour", day(LATER), *rows)

    assert said(run) == ["Jusqu'au 14 avril 2027"] * 2
    assert {again(row).documents_extended_to.isoformat() for row in rows} == {LATER}
    done(bao, "date-de-retour", day(None), rows[0])
    assert [again(row).documents_extended_to is None for row in rows] == [True, False]


def test_restoring(bao, beside, application):
    cancelled = beside(cancelled=True)
    again_applied = beside(cancelled=True, candidate=application.candidate)

    run = done(bao, "retablir", {}, cancelled, application, again_applied)

    assert outcomes(run) == [
        ("done", []),
        ("refused", ["not_cancelled"]),
        ("refused", ["applied_again"]),
    ]
    assert again(cancelled).cancelled_at is None


# -- Decisions -----------------------------------------------------------------------------------


def test_same_decision_for_many_is_a_draft_for_each(bao, application, beside):
    rows = [application, beside(complete=True)]

    run = done(bao, "avis", entered(comment="Bravo"), *rows)

    assert outcomes(run) == [("done", []), ("done", [])]
    for row in rows:
        draft = draft_decision(again(row))
        assert (draft.type.outcome, draft.comment, draft.created_by) == (
            Outcome.FAVOURABLE,
            "Bravo",
            bao,
        )
        assert again(row).released_outcome == ""
    assert not OutgoingMail.objects.exists()


def test_decision_over_others_warns_before(bao, application, beside):
    released = decided(application, Outcome.FAVOURABLE, by=bao)
    answered = decided(beside(complete=True), Outcome.FAVOURABLE, by=bao)
    Application.objects.filter(pk=answered.pk).update(answer="accepted", answered_at=NOW)
    draft = drafted(beside(complete=True), Outcome.FAVOURABLE, bao)

    run = previewed(bao, "avis", entered(), released, answered, draft)

    assert outcomes(run) == [
        ("ready", ["released"]),
        ("ready", ["answered"]),
        ("ready", ["draft_replaced"]),
    ]


def test_ranks_follow_each_other_in_each_intake_and_skip_what_others_hold(bao, beside):
    bao.assignments.update(centre=None)
    elsewhere = again(ApplicationFactory(complete=True, intake=IntakeFactory(closed=True)))
    drafted(beside(complete=True), Outcome.RESERVE_LIST, bao, rank=6)
    first, cancelled, second, third = (
        beside(complete=True),
        beside(cancelled=True),
        beside(complete=True),
        beside(complete=True),
    )

    run = done(
        bao,
        "avis",
        entered(outcome=Outcome.RESERVE_LIST, first_rank=5),
        first,
        cancelled,
        second,
        elsewhere,
        third,
    )

    assert outcomes(run) == [
        ("done", []),
        ("refused", ["cancelled"]),
        ("done", ["rank_held"]),
        ("done", []),
        ("done", []),
    ]
    ranks = dict(Decision.objects.values_list("application_id", "rank"))
    assert [ranks[row.pk] for row in (first, second, elsewhere, third)] == [5, 7, 5, 8]
    assert said(run)[2].endswith("rang 7")


def test_decision_of_another_centre_is_refused_row_by_row(bao, application):
    foreign = DecisionTypeFactory(centre=ApplicationFactory().intake.programme.commission.centre)

    run = previewed(bao, "avis", {"type": foreign.pk}, application)

    assert outcomes(run) == [("refused", ["not_in_service"])]


def test_appointment_and_reason_are_kept(bao, application, beside):
    reason = DecisionReasonFactory()
    values = entered(
        outcome=Outcome.SHORTLISTED,
        shortlist_on="2027-04-01",
        shortlist_time="14:30:00",
        shortlist_place="Salle 3",
    )
    other = beside(complete=True)

    done(bao, "avis", values, application)
    done(bao, "avis", entered(outcome=Outcome.UNFAVOURABLE, reason=reason.pk), other)

    invited = draft_decision(again(application))
    assert (invited.shortlist_on.isoformat(), invited.shortlist_time.hour) == ("2027-04-01", 14)
    assert invited.shortlist_place == "Salle 3"
    assert draft_decision(again(other)).reason == reason


@pytest.mark.parametrize(
    ("code", "values", "codes"),
    [
        ("statut", {"status": "complete", "on": LATER}, ["in_the_future"]),
        ("statut", {"status": "complete", "on": PAST}, []),
        ("date-de-retour", {"day": PAST}, ["in_the_past"]),
        ("date-de-retour", {"day": None}, []),
        ("date-de-reponse", {"day": PAST}, ["in_the_past"]),
        ("avis", {"outcome": Outcome.UNFAVOURABLE}, ["reason_missing"]),
        ("avis", {"outcome": Outcome.RESERVE_LIST}, ["rank_missing"]),
        ("avis", {"outcome": Outcome.RESERVE_LIST, "first_rank": 1}, []),
        ("validation", {}, []),
    ],
)
def test_values_that_are_wrong_for_every_row(db, code, values, codes):
    values = entered(**values) if code == "avis" else values

    assert [blocker.code for blocker in ACTIONS[code].check(values, TODAY)] == codes


def test_releasing_releases_each_once(bao, application, beside):
    draft = drafted(application, Outcome.FAVOURABLE, bao)
    ranked = drafted(beside(transmitted=True), Outcome.RESERVE_LIST, bao, rank=4)
    none = beside(complete=True)

    run = done(bao, "validation", {}, draft, ranked, none)

    states = [(state, codes[:1]) for state, codes in outcomes(run)]
    assert states == [
        ("done", ["not_complete"]),
        ("done", ["not_complete"]),
        ("refused", ["no_draft"]),
    ]
    assert said(run)[1].endswith("rang 4")
    assert again(draft).released_outcome == Outcome.FAVOURABLE
    assert OutgoingMail.objects.count() == 2

    twice = previewed(bao, "validation", {}, draft, ranked)
    assert outcomes(twice) == [("refused", ["no_draft"])] * 2


def test_many_decisions_leave_by_a_release_where_a_second_person_agrees(bao, application, beside):
    Institution.objects.update(release_agreement_above=1)
    rows = [drafted(each, Outcome.FAVOURABLE, bao) for each in (application, beside())]

    with pytest.raises(Refused) as refusal:
        previewed(bao, "validation", {}, *rows)

    assert refusal.value.codes == ["needs_agreement"]
    assert outcomes(previewed(bao, "validation", {}, rows[0]))[0][0] == "ready"


def test_draft_that_says_something_else_by_now_is_not_released(bao, application):
    draft = drafted(application, Outcome.FAVOURABLE, bao)
    run = previewed(bao, "validation", {}, draft)
    drafted(draft, Outcome.UNFAVOURABLE, bao)

    confirm(run, by=bao, now=NOW)
    work_all()

    assert outcomes(run) == [("refused", ["changed"])]
    assert again(application).released_outcome == ""


def test_deleting_drafts_leaves_what_is_released(bao, application, beside):
    draft = drafted(application, Outcome.FAVOURABLE, bao)
    released = decided(beside(complete=True), Outcome.FAVOURABLE, by=bao)

    run = done(bao, "suppression", {}, draft, released)

    assert outcomes(run) == [("done", []), ("refused", ["no_draft"])]
    assert [d.application_id for d in Decision.objects.all()] == [released.pk]


def test_answer_day(bao, application, beside):
    offered = decided(application, Outcome.FAVOURABLE, by=bao)
    refused = decided(beside(complete=True), Outcome.UNFAVOURABLE, by=bao)

    run = done(bao, "date-de-reponse", day(LATER), offered, refused)

    assert outcomes(run) == [("done", []), ("refused", ["no_offer"])]
    assert again(offered).acceptance_due_on.isoformat() == LATER
    assert outcomes(previewed(bao, "date-de-reponse", day(LATER), offered)) == [("needless", [])]
    taken_away = done(bao, "date-de-reponse", day(None), offered)
    assert outcomes(taken_away) == [("done", [])]
    assert said(taken_away) == ["Plus de date individuelle"]
    assert again(offered).acceptance_extended_to is None


def test_interview_that_is_not_told_is_that_of_the_programme(bao, application):
    intake = application.intake
    intake.shortlist_place, intake.shortlist_on = "Salle 204", TODAY + 10 * DAY
    intake.save()

    done(bao, "avis", entered(outcome=Outcome.SHORTLISTED), application)

    draft = draft_decision(application)
    assert (draft.shortlist_place, draft.shortlist_on) == ("Salle 204", TODAY + 10 * DAY)


# -- Tags ----------------------------------------------------------------------------------------


def labels(application):
    return [tag.label for tag in tags_of([application.pk]).get(application.pk, [])]


def test_tags_are_added_to_those_without_and_others_stay(bao, application, beside):
    tag = TagFactory(label="À revoir")
    TaggingFactory(application=application, tag__label="Boursier")
    has_it = beside()
    TaggingFactory(application=has_it, tag=tag)

    run = done(bao, "etiquettes", {"mode": "add", "tags": [tag.pk]}, application, has_it)

    assert [state for state, _codes in outcomes(run)] == ["done", "needless"]
    assert said(run)[0] == "Ajouter : À revoir"
    assert (labels(application), labels(has_it)) == (["Boursier", "À revoir"], ["À revoir"])


def test_tags_are_removed_where_they_are_and_nothing_else(bao, application, beside):
    tag = TaggingFactory(application=application, tag__label="À revoir").tag
    TaggingFactory(application=application, tag__label="Boursier")
    other = beside()

    run = done(bao, "etiquettes", {"mode": "remove", "tags": [tag.pk]}, application, other)

    assert [state for state, _codes in outcomes(run)] == ["done", "needless"]
    assert said(run)[0] == "Retirer : À revoir"
    assert labels(application) == ["Boursier"]


def test_tags_of_other_centres_and_archived_applications_are_refused(bao, application, beside):
    foreign = TagFactory(centre=ApplicationCentreFactory())
    tag = TagFactory()
    archived = beside(archived_at=NOW)

    added = previewed(bao, "etiquettes", {"mode": "add", "tags": [foreign.pk]}, application)
    removed = previewed(bao, "etiquettes", {"mode": "remove", "tags": [tag.pk]}, archived)

    assert outcomes(added) == [("refused", ["other_centre"])]
    assert outcomes(removed) == [("refused", ["archived"])]
