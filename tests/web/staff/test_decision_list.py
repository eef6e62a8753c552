"""Decisions entered by list: each line for itself, nothing typed is lost."""

import pytest
from django.urls import reverse

from candide.admissions.decisions.domain.current import draft_decision, draft_mark
from candide.admissions.decisions.domain.entering import Draft, delete_draft, enter_decision
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionReasonFactory, DecisionTypeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def reserve():
    return DecisionTypeFactory(outcome="reserve_list", label="Liste complémentaire")


@pytest.fixture
def other(application):
    return again(ApplicationFactory(intake=application.intake, complete=True))


def page(application, query=""):
    return reverse("staff:decision_list", args=[application.intake_id]) + query


def line(application, kind=None, rank="", *, was=None, reason="", comment="", seen=None):
    """The fields of a line as the browser sends them; `was` is the draft the page showed."""
    key = application.pk
    sent = {
        "type": kind.pk if kind else "",
        "reason": reason,
        "rank": rank,
        "comment": comment,
    }
    before = {"type": was.type_id, "rank": was.rank or "", "comment": was.comment} if was else {}
    return {
        "rows": [key],
        f"{key}-seen": draft_mark(was) if seen is None else seen,
        **{f"{key}-{name}": value for name, value in sent.items()},
        **{f"initial-{key}-{name}": before.get(name, "") for name in sent},
    }


def lines(*some):
    sent = {name: value for each in some for name, value in each.items()}
    return sent | {"rows": [key for each in some for key in each["rows"]]}


def decided(application):
    draft = draft_decision(again(application))
    return (draft.type, draft.rank) if draft else None


def test_lines_filled_in_are_entered_and_the_others_left(as_bao, application, other, reserve):
    reason = DecisionReasonFactory()
    refusal = DecisionTypeFactory(outcome="unfavourable")
    third = ApplicationFactory(intake=application.intake)
    sent = lines(
        line(application, reserve, "2"),
        line(other, refusal, reason=reason.pk, comment="Trop juste"),
        line(third),
    )

    response = as_bao.post(page(application, "?show=undecided"), sent, follow=True)

    assert "2 avis sont saisis." in words(response)
    assert response.redirect_chain[0][0].endswith("?show=undecided&page=1")
    assert decided(application) == (reserve, 2)
    draft = draft_decision(again(other))
    assert (draft.type, draft.reason, draft.comment) == (refusal, reason, "Trop juste")
    assert decided(third) is None


def test_who_is_shortlisted_has_the_interview_of_the_programme(as_bao, application):
    """B-052."""
    intake = application.intake
    intake.shortlist_place = "Salle 204"
    intake.save()
    shortlisted = DecisionTypeFactory(outcome="shortlisted")

    as_bao.post(page(application), line(application, shortlisted))

    assert draft_decision(again(application)).shortlist_place == "Salle 204"


def test_ranks_are_exchanged_between_lines(as_bao, bao, application, other, reserve):
    drafts = [
        enter_decision(each, Draft(reserve, rank=number), by=bao, now=NOW)
        for number, each in enumerate((application, other), start=1)
    ]
    sent = lines(
        line(application, reserve, "2", was=drafts[0]), line(other, reserve, "1", was=drafts[1])
    )

    as_bao.post(page(application), sent)

    assert [decided(each)[1] for each in (application, other)] == [2, 1]


def test_refused_line_says_why_keeps_what_was_typed_and_leaves_the_others(
    as_bao, application, other, reserve
):
    third = ApplicationFactory(intake=application.intake)
    sent = lines(
        line(application, reserve, "7"),
        line(other, reserve, "7", comment="Gardez-moi"),
        line(third, reserve, "8"),
    )

    refused = as_bao.post(page(application), sent)

    assert refused.status_code == 409
    shown = words(refused)
    assert f"{other.candidate.display_name} : Le rang 7 figure sur plusieurs lignes." in shown
    assert "Gardez-moi" in shown
    assert f'href="#row-{other.pk}"' in refused.content.decode()
    assert [decided(each) for each in (application, other, third)] == [None, None, (reserve, 8)]


def test_what_somebody_entered_meanwhile_is_told_and_replaced_only_when_sent_again(
    as_bao, bao, application, reserve
):
    favourable = DecisionTypeFactory(label="Admis en master")
    enter_decision(application, Draft(favourable), by=staff("administrator"), now=NOW)

    refused = as_bao.post(page(application), line(application, reserve, "4", seen=""))

    assert refused.status_code == 409
    assert "Admis en master" in words(refused)
    assert "Votre saisie est conservée" in words(refused)
    assert decided(application) == (favourable, None)
    seen = draft_mark(draft_decision(again(application)))
    assert f'value="{seen}"' in refused.content.decode()
    as_bao.post(page(application), line(application, reserve, "4", seen=seen))
    assert decided(application) == (reserve, 4)


def test_line_nobody_touched_is_left_whatever_changed_meanwhile(
    as_bao, bao, application, other, reserve
):
    enter_decision(application, Draft(reserve, rank=1), by=bao, now=NOW)

    response = as_bao.post(
        page(application), lines(line(application, seen=""), line(other, reserve, "2"))
    )

    assert response.status_code == 302
    assert [decided(each)[1] for each in (application, other)] == [1, 2]


def test_decision_is_not_emptied_here_and_no_rank_is_no_number(as_bao, bao, application, reserve):
    draft = enter_decision(application, Draft(reserve, rank=1), by=bao, now=NOW)

    emptied = as_bao.post(page(application), line(application, was=draft))
    misread = as_bao.post(page(application), line(application, reserve, "un", was=draft))

    assert "Choisissez un avis." in words(emptied)
    assert (emptied.status_code, misread.status_code) == (409, 409)
    assert 'value="un"' in misread.content.decode()
    assert decided(application) == (reserve, 1)


def test_nothing_filled_in_changes_nothing(as_bao, application):
    assert "Rien n’a été modifié." in words(
        as_bao.post(page(application), line(application), follow=True)
    )


def test_list_is_narrowed_and_read_page_by_page(as_bao, bao, application, reserve, monkeypatch):
    monkeypatch.setattr("candide.web.staff.deciding.rows.PAGE", 1)
    other = ApplicationFactory(
        intake=application.intake, complete=True, candidate__birth_name="ZYTNICKI"
    )
    type(other.candidate).objects.filter(pk=other.candidate_id).update(search_text="zytnicki")
    ApplicationFactory()

    first = as_bao.get(page(application))
    second = as_bao.get(page(application, "?page=2"))
    found = as_bao.get(page(application, "?q=Zytnicki"))
    undecided = as_bao.get(page(application, "?show=undecided"))

    shown = [
        [each.application.pk for each in one.context["lines"]]
        for one in (first, second, found, undecided)
    ]
    assert sorted(shown[0] + shown[1]) == sorted([application.pk, other.pk])
    assert shown[2:] == [[other.pk], [other.pk]]
    assert [number for *_more, number in first.context["tabs"]] == [2, 1, 0, 0]
    sent = line(application, reserve, "1") | {"next": "1", "page": "1"}
    assert as_bao.post(page(application), sent).url.endswith("?page=2")


def test_draft_that_was_deleted_is_not_written_again_unseen(as_bao, bao, application, reserve):
    draft = enter_decision(application, Draft(reserve, rank=1), by=bao, now=NOW)
    delete_draft(application, by=bao)

    refused = as_bao.post(page(application), line(application, reserve, "2", was=draft))

    assert refused.status_code == 409
    assert decided(application) is None


def test_programme_of_another_centre_is_not_found(client, application, other, reserve):
    chris = staff("manager", centre=ApplicationFactory().intake.programme.commission.centre)
    client.force_login(chris)

    assert client.get(page(application)).status_code == 404
    assert client.post(page(application), line(other, reserve, "1")).status_code == 404
    assert decided(other) is None


def test_lines_of_another_programme_are_not_entered(as_bao, application, reserve):
    elsewhere = ApplicationFactory()

    as_bao.post(page(application), line(elsewhere, reserve, "1"))

    assert decided(elsewhere) is None


def test_programmes_are_listed_with_what_is_to_be_done(as_bao, bao, application, other, reserve):
    enter_decision(application, Draft(reserve, rank=1), by=bao, now=NOW)
    ApplicationFactory()

    (shown,) = as_bao.get(reverse("staff:intakes")).context["lines"]

    assert shown.intake == application.intake
    assert {name: shown.numbers[name] for name in ("all", "undecided", "drafted", "waiting")} == {
        "all": 2,
        "undecided": 1,
        "drafted": 1,
        "waiting": 0,
    }
