"""The letter of an application by hand, and the letters of an action as one file."""

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.models import Letter
from candide.foundation.downloads.models import Download
from candide.institution.catalogue.enums import LetterMode
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import decided, with_letters
from tests.factories.runs import RunFactory, RunItemFactory
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def admitted(application, bao):
    return decided(application, Outcome.FAVOURABLE, by=bao)


def url(name, row):
    return reverse(f"staff:{name}", args=[row.pk])


def test_letter_that_is_missing_is_made_then_withdrawn_then_made_anew(as_bao, admitted):
    page = as_bao.get(url("letter_page", admitted))
    assert [each.code for each in page.context["reasons"]] == ["no_letters"]
    with_letters(admitted, LetterMode.DOWNLOAD)

    assert as_bao.post(url("letter_make", admitted)).status_code == 302
    page = as_bao.get(url("letter_page", admitted))
    assert page.context["code"].replace("-", "") == Letter.objects.get().code
    assert (page.context["may_make"], page.context["may_withdraw"]) == (False, True)

    assert as_bao.post(url("letter_withdraw", admitted)).status_code == 302
    page = as_bao.get(url("letter_page", admitted))
    assert (page.context["may_make"], page.context["may_withdraw"]) == (True, False)
    assert as_bao.post(url("letter_withdraw", admitted)).status_code == 409

    assert as_bao.post(url("letter_make", admitted)).status_code == 302
    page = as_bao.get(url("letter_page", admitted))
    assert len(page.context["replaced"]) == 1


def test_letter_that_would_say_something_else_is_said(as_bao, admitted):
    with_letters(admitted, LetterMode.DOWNLOAD)
    as_bao.post(url("letter_make", admitted))
    admitted.candidate.first_name = "ALIXE"
    admitted.candidate.save()

    page = as_bao.get(url("letter_page", admitted))

    assert (page.context["is_changed"], page.context["may_make"]) == (True, True)


def test_application_without_a_decision_has_no_letter(as_bao, application):
    assert as_bao.get(url("letter_page", application)).context["letter"] is None
    response = as_bao.post(url("letter_make", application))
    assert [b.code for b in response.context["blockers"]] == ["no_decision"]


def test_member_reads_the_letter_and_neither_makes_nor_withdraws_it(client, admitted):
    with_letters(admitted, LetterMode.DOWNLOAD)
    client.force_login(staff("commission", commission=admitted.intake.programme.commission))

    assert client.get(url("letter_page", admitted)).status_code == 200
    assert client.post(url("letter_make", admitted)).status_code == 403
    assert client.post(url("letter_withdraw", admitted)).status_code == 403


# -- Of an action ---------------------------------------------------------------------------------


def run_of(bao, *rows, code="lettres"):
    run = RunFactory(done=True, asked_by=bao, values={"action": code, "values": {}})
    for position, row in enumerate(rows, start=1):
        RunItemFactory(run=run, position=position, subject_id=row.pk, state="done", settled_at=NOW)
    return run


@pytest.mark.parametrize("format", ["zip", "pdf"])
def test_letters_of_an_action_are_asked_for_as_one_file(as_bao, bao, admitted, format):
    run = run_of(bao, admitted)

    response = as_bao.post(url("run_letters", run), {"format": format})

    download = Download.objects.get()
    assert response.url == reverse("staff:download", args=[download.pk])
    assert (download.kind, download.subjects, download.values) == (
        "letters",
        [admitted.pk],
        {"format": format},
    )


def test_other_actions_have_no_letters(as_bao, bao, admitted):
    assert as_bao.post(url("run_letters", run_of(bao, admitted, code="statut"))).status_code == 409
    assert as_bao.post(url("run_letters", run_of(bao))).status_code == 409
    assert Download.objects.count() == 0


def test_action_of_somebody_else_gives_no_letters(client, bao, admitted):
    run = run_of(bao, admitted)
    client.force_login(staff("manager", centre=again(admitted).intake.programme.centre))

    assert client.post(url("run_letters", run)).status_code == 404
