"""What the institution hides from commissions is hidden on every page, in every count and file."""

import pytest
from django.urls import reverse

from candide.admissions.handover.models import PreEnrolment
from candide.foundation.downloads.domain.making import work
from candide.foundation.files.domain.blobs import open_file
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, Grant
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.reporting.exports.domain.applications import ask_applications
from candide.reporting.statistics.lines import Level, lines_of
from candide.reporting.statistics.scope import Scope
from tests.admissions.conftest import NOW
from tests.factories.applications import ApplicationFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.factories.mails import OutgoingMailFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def rows(application):
    """One the commission knows of, and one it does not."""
    institution = Institution.current()
    institution.statuses_hidden_from_commissions = ["awaited"]
    institution.save()
    hidden = ApplicationFactory(
        intake=application.intake, candidate__birth_name="CACHEE", candidate__usual_name=""
    )
    for each in (application, hidden):
        OutgoingMailFactory(
            about_type="applications.application",
            about_id=each.pk,
            to=f"{each.candidate.birth_name.lower()}@example.org",
        )
    return application, hidden


@pytest.fixture
def dana(rows):
    commission = rows[0].intake.programme.commission
    role = create_starter_roles()["commission"]
    wider = (Capability.VIEW_CANDIDATES, Capability.VIEW_OUTBOX, Capability.MANAGE_HANDOVER)
    for capability in wider:
        Grant.objects.update_or_create(
            role=role, capability=capability, defaults={"can_write": True}
        )
    return staff("commission", commission=commission)


@pytest.fixture
def as_dana(client, dana):
    client.force_login(dana)
    return client


def test_member_of_a_commission_meets_them_nowhere(as_dana, rows):
    shown, hidden = rows
    name = hidden.candidate.birth_name

    lists = {
        "grid": reverse("staff:applications"),
        "candidates": f"{reverse('staff:candidates')}?q={name}",
        "outbox": reverse("staff:outbox"),
        "today": reverse("staff:today"),
    }
    told = {page: name in words(as_dana.get(address)).upper() for page, address in lists.items()}
    pages = {
        "application": reverse("staff:application", args=[hidden.pk]),
        "candidate": reverse("staff:candidate", args=[hidden.candidate.user_id]),
        "mail": reverse("staff:mail", args=[OutgoingMail.objects.get(about_id=hidden.pk).pk]),
    }
    found = {page: as_dana.get(address).status_code for page, address in pages.items()}

    assert told == dict.fromkeys(lists, False)
    assert found == dict.fromkeys(pages, 404)
    assert shown.candidate.birth_name in words(as_dana.get(lists["grid"]))
    candidate = reverse("staff:candidate", args=[shown.candidate.user_id])
    assert as_dana.get(candidate).status_code == 200


def test_statistics_do_not_count_them_for_a_commission(as_dana, dana, rows):
    centre = rows[0].intake.programme.commission.centre
    campaign = rows[0].intake.campaign
    bao = staff("manager", centre=centre)

    counted = {
        user: [
            line.numbers["applied"] for line in lines_of(Scope(user, campaign), Level.PROGRAMMES)
        ]
        for user in (dana, bao)
    }
    overview = as_dana.get(reverse("staff:statistics"))

    assert counted == {dana: [1], bao: [2]}
    assert overview.context["numbers"]["applied"] == 1
    assert overview.context["people"].candidates == 1
    assert sum(row["day"].applied for row in overview.context["days"]) == 1


def test_export_leaves_them_out_for_a_commission(dana, rows):
    download = ask_applications(
        [each.pk for each in rows],
        columns=["birth_name"],
        format="csv",
        by=dana,
        now=NOW,
        about=[],
    )
    work(clock=lambda: NOW)
    download.refresh_from_db()

    with open_file(download.file) as content:
        text = content.read().decode("utf-8-sig")

    assert "CACHEE" not in text
    assert len(text.splitlines()) == 2


def test_hand_over_to_the_student_system_leaves_them_out_for_a_commission(as_dana, dana, rows):
    shown, hidden = (PreEnrolmentFactory(application=each, refused=True) for each in rows)

    seen = as_dana.get(reverse("staff:handover"))
    found = [
        as_dana.get(reverse("staff:handover_row", args=[each.pk])).status_code
        for each in (shown, hidden)
    ]
    sent = {"verb": "replay", "ids": [shown.pk, hidden.pk], "confirmed": "1"}
    as_dana.post(reverse("staff:handover_act"), sent)

    assert (seen.context["number"], list(seen.context["rows"])) == (1, [shown])
    assert found == [200, 404]
    states = [PreEnrolment.objects.get(pk=each.pk).state for each in (shown, hidden)]
    assert states == ["to_send", "refused"]


def test_right_from_the_centre_meets_them(as_dana, dana, rows):
    _shown, hidden = rows
    centre = hidden.intake.programme.commission.centre
    Assignment.objects.create(user=dana, role=create_starter_roles()["manager"], centre=centre)

    page = reverse("staff:candidate", args=[hidden.candidate.user_id])

    assert as_dana.get(page).status_code == 200
