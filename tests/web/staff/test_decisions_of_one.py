"""The decisions on the page of an application: the last one taken up, appeals, the sheet."""

import re
from datetime import date, time
from typing import Any

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.current import draft_decision
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionType
from tests.admissions.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.decisions import DecisionReasonFactory, DecisionTypeFactory
from tests.web.conftest import links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

INTERVIEW: dict[str, Any] = {
    "shortlist_on": date(2027, 4, 1),
    "shortlist_time": time(14, 30),
    "shortlist_place": "Salle 3",
}


def url(name: str, application: Any) -> str:
    return reverse(f"staff:{name}", args=[application.pk])


@pytest.fixture
def favourable() -> Any:
    return DecisionTypeFactory(outcome=Outcome.FAVOURABLE)


def enter(client: Any, application: Any, **fields: Any) -> Any:
    data = {f"decision-{name}": value for name, value in fields.items()}
    return client.post(url("enter_decision", application), data)


def test_last_decision_is_taken_up_and_all_are_listed(as_bao, bao, application):
    """B-097, B-100."""
    reserve = DecisionType.objects.create(code="LC", label="LC", outcome=Outcome.RESERVE_LIST)
    draft = Draft(reserve, rank=4, comment="Bon dossier")
    enter_decision(application, draft, by=bao, now=NOW)
    release(application, by=bao, now=NOW)
    fresh = as_bao.get(url("application", application))
    assert fresh.context["decision_form"].initial.get("rank") is None
    assert "Reprendre le dernier avis" in words(fresh)

    copied = as_bao.get(url("application", application), {"copy": "1"})

    initial = copied.context["decision_form"].initial
    assert [initial[name] for name in ("type", "rank", "comment", "is_appeal", "seen")] == [
        reserve,
        4,
        "Bon dossier",
        False,
        "",
    ]
    enter(as_bao, application, type=reserve.pk, rank="5", comment="Très bon dossier")
    shown = as_bao.get(url("application", application))
    assert [(each.rank, each.is_draft) for each in shown.context["page"].decisions] == [
        (5, True),
        (4, False),
    ]
    assert "Reprendre le dernier avis" not in words(shown)


def test_reason_and_interview_of_the_last_decision_are_taken_up(as_bao, bao, application):
    """B-097."""
    reason = DecisionReasonFactory()
    refusal = Draft(DecisionTypeFactory(outcome=Outcome.UNFAVOURABLE), reason=reason)
    invitation = Draft(DecisionTypeFactory(outcome=Outcome.SHORTLISTED), **INTERVIEW)

    taken_up = []
    for draft in (refusal, invitation):
        enter_decision(application, draft, by=bao, now=NOW)
        release(application, by=bao, now=NOW)
        copied = as_bao.get(url("application", application), {"copy": "1"})
        taken_up.append(copied.context["decision_form"].initial)

    assert taken_up[0]["reason"] == reason
    assert {name: taken_up[1][name] for name in INTERVIEW} == INTERVIEW


def test_every_decision_is_told_with_who_rank_and_interview(as_bao, bao, application):
    """B-100."""
    dana = UserFactory(staff=True, first_name="Dana", last_name="PETIT")
    reserve = DecisionTypeFactory(outcome=Outcome.RESERVE_LIST)
    enter_decision(application, Draft(reserve, rank=4), by=dana, now=NOW)
    release(application, by=bao, now=NOW)
    invitation = Draft(DecisionTypeFactory(outcome=Outcome.SHORTLISTED), **INTERVIEW)
    enter_decision(application, invitation, by=bao, now=NOW)

    told = words(as_bao.get(url("application", application))).partition("Tous les avis (2)")[2]

    draft, released = told.partition("Convocation :")[::2]
    assert re.search(rf"saisi le \S+ à \S+ par {bao}, non validé", draft)
    assert released.startswith(" 01/04/2027 14:30 Salle 3")
    who = rf"saisi le \S+ à \S+ par {dana}, validé le \S+ à \S+ par {bao}"
    assert re.search(rf"rang 4 .*{who}", released)


def test_types_and_reasons_in_service_here_are_offered(as_bao, application):
    """B-071, B-072: of the institution and of the own centre."""
    own = application.intake.programme.commission.centre
    foreign = ApplicationCentreFactory()
    expected = {}
    for name, factory in (("type", DecisionTypeFactory), ("reason", DecisionReasonFactory)):
        expected[name] = [factory(), factory(centre=own)]
        factory(centre=foreign)
        factory(is_active=False)

    fields = as_bao.get(url("application", application)).context["decision_form"].fields

    assert {name: list(fields[name].queryset) for name in expected} == expected


def test_interview_begins_with_that_of_the_programme(as_bao, application):
    """B-052."""
    intake = application.intake
    intake.shortlist_place, intake.shortlist_on = "Salle 204", date(2027, 5, 4)
    intake.shortlist_time = time(14, 30)
    intake.save()

    form = as_bao.get(url("application", application)).context["decision_form"]

    assert [form[f"shortlist_{name}"].value() for name in ("place", "on", "time")] == [
        "Salle 204",
        date(2027, 5, 4),
        time(14, 30),
    ]


def test_appeal_is_asked_about_only_after_a_final_decision(as_bao, bao, application, favourable):
    """B-098."""
    enter_decision(application, Draft(favourable), by=bao, now=NOW)
    release(application, by=bao, now=NOW)
    assert (
        "is_appeal"
        not in as_bao.get(url("application", application)).context["decision_form"].fields
    )

    DecisionType.objects.update(is_final=True)

    enter(as_bao, application, type=favourable.pk, is_appeal="on")
    assert draft_decision(application).is_appeal


def test_examination_sheet_is_a_pdf(as_bao, application, favourable):
    """B-129."""
    address = url("examination_sheet", application)
    page = as_bao.get(url("application", application))

    sheet = as_bao.get(address)

    assert address in [found for found, _text in links(page)]
    assert sheet.content.startswith(b"%PDF")
    assert "fiche-examen-" in sheet["Content-Disposition"]
