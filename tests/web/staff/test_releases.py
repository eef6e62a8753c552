"""« Publications » : preparing, looking, agreeing, planning, releasing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from candide.admissions.releases.models import Release
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import with_letters
from tests.admissions.releases.conftest import done, drafted, fresh, prepared, rows, work_all
from tests.factories.applications import ApplicationFactory
from tests.factories.runs import RunFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

RELEASES = reverse("staff:releases")


def page(release, name="page", *more):
    return reverse(f"staff:release_{name}", args=[release.pk, *more])


@pytest.fixture
def draft(application, bao):
    return drafted(application, bao)


@pytest.fixture
def release(draft, bao):
    return prepared(draft, by=bao)


def test_drafts_of_a_programme_are_prepared_in_the_background(as_bao, draft):
    shown = words(as_bao.get(RELEASES))
    assert str(draft.intake.programme) in shown

    response = as_bao.post(RELEASES, {"intake": draft.intake_id, "day": "2027-03-16"})

    release = Release.objects.get()
    assert response.headers["Location"] == page(release)
    assert (release.day.isoformat(), rows(release)) == ("2027-03-16", [("waiting", [])])
    assert "Mails et lettres préparés" in words(as_bao.get(page(release)))
    work_all()
    assert as_bao.get(page(release), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_progress_alone_is_asked_for_while_it_is_prepared(as_bao, draft):
    as_bao.post(RELEASES, {"intake": draft.intake_id, "day": "2027-03-15"})

    part = as_bao.get(page(Release.objects.get()), headers={"HX-Request": "true"})

    assert "<html" not in part.content.decode()
    assert "Mails et lettres préparés" in words(part)


def test_selection_of_the_list_is_prepared(as_bao, draft):
    as_bao.post(RELEASES, {"ids": [draft.pk]})

    assert Release.objects.get().rows.get().application_id == draft.pk


def test_nothing_chosen_and_a_day_that_is_none_are_told(as_bao, draft):
    assert as_bao.post(RELEASES, {"day": "2027-03-15"}).status_code == 409
    refused = as_bao.post(RELEASES, {"intake": draft.intake_id, "day": "hier"})
    assert refused.status_code == 422
    assert not Release.objects.exists()


def test_drafts_of_another_centre_are_neither_offered_nor_prepared(client, draft, chris_there):
    client.force_login(chris_there)

    assert str(draft.intake.programme) not in words(client.get(RELEASES))
    client.post(RELEASES, {"intake": draft.intake_id, "day": "2027-03-15"})
    client.post(RELEASES, {"ids": [draft.pk]})

    assert not Release.objects.exists()


@pytest.fixture
def chris_there(db):
    elsewhere = ApplicationFactory().intake.programme.commission.centre
    return staff("manager", centre=elsewhere)


def test_release_with_decisions_of_another_centre_is_not_found(client, draft, chris_there, bao):
    bao.assignments.update(centre=None)
    both = prepared(draft, by=bao)
    client.force_login(chris_there)

    assert client.get(page(both)).status_code == 404
    assert words(client.get(RELEASES)).count("n°") == 0


def test_mail_and_letter_are_read_before_they_leave(as_bao, application, bao):
    with_letters(application, LetterMode.BOTH)
    release = prepared(drafted(again(application), bao), by=bao)
    row = release.rows.get()

    shown = words(as_bao.get(page(release, "row", 1)))
    letter = as_bao.get(page(release, "letter", 1))

    assert row.subject in shown
    assert "Elle est jointe au mail." in shown
    assert b"".join(letter.streaming_content).startswith(b"%PDF")
    assert as_bao.get(page(release, "row", 9)).status_code == 404


def test_letter_that_is_not_there_is_not_found(as_bao, release):
    assert as_bao.get(page(release, "letter", 1)).status_code == 404


def test_released_at_once_after_a_page_that_says_what_follows(as_bao, release, draft):
    assert "Publier 1 avis maintenant" in words(as_bao.get(page(release, "now")))

    as_bao.post(page(release, "now"), {"seen": release.version})
    assert "Les avis sont en cours de publication" in words(as_bao.get(page(release)))
    done(release)

    assert again(draft).released_outcome == "favourable"
    assert OutgoingMail.objects.count() == 1
    assert "Publié" in words(as_bao.get(page(release)))


def test_page_that_is_stale_and_sent_twice_releases_once(as_bao, release):
    stale = as_bao.post(page(release, "now"), {"seen": 7})
    assert stale.status_code == 409
    assert "préparée de nouveau" in words(stale)
    as_bao.post(page(release, "now"), {"seen": release.version})
    done(release)

    again_sent = as_bao.post(page(release, "now"), {"seen": release.version})

    assert again_sent.status_code == 409
    assert OutgoingMail.objects.count() == 1


def test_planned_moved_and_taken_back(as_bao, release):
    as_bao.post(page(release, "plan"), {"hour": "17:30", "seen": release.version})
    planned = fresh(release)
    assert (planned.state, planned.planned_for.isoformat()) == (
        "planned",
        "2027-03-15T16:30:00+00:00",
    )

    as_bao.post(page(release, "unplan"))

    assert fresh(release).state == "open"
    assert as_bao.post(page(release, "unplan")).status_code == 409
    assert as_bao.post(page(release, "plan"), {"hour": "hier"}).status_code == 422


def test_second_person_agrees_and_who_prepared_it_cannot(as_bao, release, application):
    Institution.objects.update(release_agreement_above=0)
    assert as_bao.get(page(release, "agree")).status_code == 405
    assert as_bao.post(page(release, "agree")).status_code == 403
    assert as_bao.post(page(release, "now")).status_code == 409
    assert "Doit donner son accord" in words(as_bao.get(page(release)))
    dana = staff("manager", centre=application.intake.programme.commission.centre)
    as_bao.force_login(dana)

    as_bao.post(page(release, "agree"), {"seen": release.version})

    assert fresh(release).agreed_by == dana


def test_prevented_at_its_hour_it_says_why(as_bao, release):
    as_bao.post(page(release, "plan"), {"hour": "17:30"})
    done(release, now=NOW + timedelta(days=1))

    assert "Son jour était passé" in words(as_bao.get(page(release)))
    as_bao.post(page(release, "prepare_again"), {"day": "2027-03-20"})
    assert (fresh(release).day.isoformat(), fresh(release).version) == ("2027-03-20", 2)
    assert as_bao.post(page(release, "prepare_again"), {"day": "x"}).status_code == 422


def test_preparation_is_stopped_and_goes_on(as_bao, draft):
    as_bao.post(RELEASES, {"intake": draft.intake_id, "day": "2027-03-15"})
    release = Release.objects.get()

    as_bao.post(page(release, "stop"))
    assert fresh(release).run.state == "stopped"
    as_bao.post(page(release, "resume"))
    work_all()

    assert rows(release) == [("prepared", ["not_complete"])]


def test_given_up_and_what_stayed_prepared_in_another(as_bao, release, draft, bao):
    assert as_bao.post(page(release, "continue")).status_code == 409
    as_bao.post(page(release, "give_up"))
    assert fresh(release).state == "given_up"

    second = prepared(again(draft), by=bao)
    again(draft).decisions.all().delete()
    as_bao.post(page(second, "now"), {"seen": 1})
    second = done(second)
    assert "Préparer ce qui est resté" in words(as_bao.get(page(second)))
    as_bao.post(page(second, "continue"))

    assert Release.objects.latest("pk").rows.get().application_id == draft.pk


def test_report_names_everybody_and_says_why(as_bao, application, bao):
    other = again(ApplicationFactory(intake=application.intake, complete=True))
    release = prepared(drafted(application, bao), other, by=bao)

    lines = as_bao.get(page(release, "report")).content.decode("utf-8-sig").splitlines()

    assert len(lines) == 3
    assert application.candidate.user.file_number in lines[1]
    assert "Préparé" in lines[1]
    assert "Non préparé" in lines[2]
    assert "Aucun avis" in lines[2]


def test_what_could_not_be_made_is_told(as_bao, release):
    release.rows.update(state="waiting", fingerprint="")
    release.run.items.update(state="failed", notes=[["failed", "ValueError"]])

    shown = words(as_bao.get(page(release)))

    assert "n'a pas pu être produit" in shown
    assert "ValueError" not in shown


def test_preparations_are_no_actions_of_ones_own(as_bao, bao, release):
    RunFactory(asked_by=bao)

    assert words(as_bao.get(reverse("staff:runs"))).count("n° ") == 1
