"""« Historique »: administrators look through all that was done, by anybody, to anything."""

import inspect
import pkgutil
from datetime import time
from importlib import import_module

import pytest
from django.db.models import TextChoices
from django.urls import reverse

import candide
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.candidates.domain.indexing import index_people
from candide.admissions.tags.models import Tag
from candide.foundation.history.domain.log import log
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.domain.schedule import Plan, change_plan
from candide.institution.access.enums import AccessEvent, Capability
from candide.institution.access.models import RoleProfile
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.web.staff.whole_history import EVENTS
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.mails import NOW
from tests.web.conftest import links, words_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/historique/"


def lines(response):
    return [(str(line.what), line.subject) for line in response.context["lines"]]


def test_who_did_what_to_whom_before_and_after(as_ada, bao, application):
    log(application, ApplicationEvent.STATUS_SET, by=bao, before="received", after="complete")

    page = as_ada.get(PAGE)

    (line,) = page.context["lines"]
    assert (line.said.who, line.said.details) == (str(bao), ["Réceptionné → Complet"])
    assert application.candidate.display_name in line.subject
    assert reverse("staff:application", args=[application.pk]) in dict(links(page))


def test_settings_say_which_field_was_what(as_ada, bao, application):
    programme = application.intake.programme
    log(programme, RowEvent.CHANGED, by=bao, changes={"code": ["M1", "M1-INFO"], "gone": [1, 2]})

    page = as_ada.get(PAGE)

    assert "Code : M1 → M1-INFO" in words_inside(page)
    assert reverse("staff:formations_row", args=[programme.pk]) in dict(links(page))


def test_job_that_runs_at_another_hour_is_in_words(as_ada, bao):
    change_plan("clean-accounts", plan=Plan(hour=time(3, 33)), by=bao, now=NOW)

    (line,) = as_ada.get(PAGE).context["lines"]

    assert line.said.details == ["Tous les jours, à 22 h 30 → Tous les jours, à 03 h 33"]


def test_rights_and_roles_are_in_words(as_ada, bao):
    role = RoleProfile.objects.first()
    log(bao, AccessEvent.GIVEN, changes={"role": [None, role.pk]})
    log(role, RowEvent.CHANGED, changes={"grant:write_notes": [None, "write"]})

    page = as_ada.get(PAGE)

    assert f"→ {role}" in words_inside(page)
    assert f"{Capability.WRITE_NOTES.label} : – →" in words_inside(page)
    assert reverse("staff:person", args=[bao.pk]) in dict(links(page))


def test_what_is_there_no_more_keeps_its_name(as_ada, application):
    log(Tag(pk=900), RowEvent.DELETED, changes={"label": ["À revoir", None]})
    log(Tag(pk=901), RowEvent.DELETED, changes={"label": None})
    entry = log(application, RowEvent.CHANGED)
    HistoryEntry.objects.filter(pk=entry.pk).update(subject_type="old.thing", event="old-event")

    assert lines(as_ada.get(PAGE)) == [
        ("old-event", f"#{application.pk}"),
        ("Suppression", "#901"),
        ("Suppression", "À revoir"),
    ]


def test_it_is_searched_by_candidate_code_person_event_and_day(as_ada, bao, application):
    user = application.candidate.user
    index_people([user.pk], now=NOW)
    programme = application.intake.programme
    other = ApplicationFactory()
    log(other, ApplicationEvent.TRANSMITTED)
    log(user, AccountEvent.CHANGED, by=bao)
    log(programme, RowEvent.CHANGED)

    def found(**asked):
        return [str(what) for what, _subject in lines(as_ada.get(PAGE, asked))]

    changed = str(AccountEvent.CHANGED.label)
    assert len(found()) == 3
    assert found(q=user.file_number) == [changed]
    assert found(code=programme.code) == ["Modification"]
    assert found(by=bao.email) == [changed]
    assert found(event=AccountEvent.CHANGED) == [changed]
    assert found(last="2020-01-01") == []
    assert len(found(first="no day", event="nothing")) == 3
    assert "Rien n’a été fait" in words_inside(as_ada.get(PAGE, {"by": "personne"}))


def test_those_who_did_it_are_looked_through_however_many_have_the_name(as_ada, application):
    User.objects.bulk_create(UserFactory.build_batch(500, last_name="NGUYEN"))
    last = UserFactory(staff=True, last_name="NGUYEN")
    log(application, ApplicationEvent.TRANSMITTED, by=last)
    log(application, ApplicationEvent.TRANSMITTED)

    (line,) = as_ada.get(PAGE, {"by": "nguyen"}).context["lines"]

    assert line.said.who == str(last)


def test_it_is_said_when_there_are_more_candidates_than_are_looked_through(as_ada, monkeypatch):
    monkeypatch.setattr("candide.admissions.candidates.domain.finding.MOST", 1)
    users = [UserFactory(last_name="NGUYEN") for _number in range(2)]
    index_people([user.pk for user in users], now=NOW)

    def said(searched):
        return "Plus de candidats répondent" in words_inside(as_ada.get(PAGE, {"q": searched}))

    assert (said("nguyen"), said(users[0].file_number), said("")) == (True, False, False)


def test_it_is_read_page_by_page(as_ada, application, monkeypatch):
    monkeypatch.setattr("candide.web.shared.addresses.PAGE", 2)
    entries = [log(application, ApplicationEvent.TRANSMITTED) for _number in range(3)]

    first = as_ada.get(PAGE)
    second = as_ada.get(f"{PAGE}{first.context['older']}")

    assert first.context["older"] == f"?before={entries[1].pk}"
    assert (len(lines(second)), second.context["older"]) == (1, "")


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_as_many_queries_however_much_happened(
    as_ada, bao, count, django_assert_num_queries
):
    for _number in range(count):
        application = ApplicationFactory()
        log(application, ApplicationEvent.TRANSMITTED, by=UserFactory(staff=True))
        log(application.intake, RowEvent.CHANGED, by=bao, changes={"campaign": [1, 2]})
    as_ada.get(PAGE)

    with django_assert_num_queries(9):
        as_ada.get(PAGE)


def test_every_event_is_told_and_searched():
    """An event that is written and not listed here could not be looked for."""
    enums = set()
    for module in pkgutil.walk_packages(candide.__path__, "candide."):
        if module.name.endswith(".enums"):
            enums |= {
                each
                for _name, each in inspect.getmembers(import_module(module.name), inspect.isclass)
                if issubclass(each, TextChoices) and each.__name__.endswith("Event")
            }

    told = {enum for _title, enum in EVENTS}
    assert {each.__name__ for each in enums - told} == {"Event"}  # what webhooks call
    values = [value for enum in told for value in enum.values]
    assert len(values) == len(set(values))


def test_nobody_else_sees_it(as_bao):
    assert as_bao.get(PAGE).status_code == 403
