"""« Remontée » : the list, doing it again, putting aside, files, reports, the code by hand."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import SubmittedDocument
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import (
    Delivery,
    PreEnrolment,
)
from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.models import Download
from candide.foundation.files.domain.blobs import open_file
from candide.institution.access.enums import Capability
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW
from tests.admissions.handover.conftest import (
    admit,
    row_of,
    set_institution,
    state_of,
    tell_all,
)
from tests.factories.applications import DocumentVersionFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.web.conftest import words, words_inside
from tests.web.staff.conftest import member, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
S = HandoverState
LIST = reverse("staff:handover")
ACT = reverse("staff:handover_act")
FILES = reverse("staff:handover_files")
REPORTS = reverse("staff:handover_reports")


# -- The list --------------------------------------------------------------------------------------


def test_list_counts_by_state_and_finds_by_name_number_code_and_programme(as_ada, confirmed):
    row = row_of(confirmed)
    PreEnrolment.objects.update(code="EC7K2M9Q")
    PreEnrolmentFactory(refused=True)
    number = confirmed.candidate.user.file_number

    everything = as_ada.get(LIST)
    by_state = as_ada.get(LIST, {"state": "to_send"})
    searches = [
        as_ada.get(LIST, {"q": q}).context["rows"]
        for q in (str(number), "ec7k2m9q", confirmed.intake.programme.code)
    ]

    numbers = {value: count for value, _label, count, _url in everything.context["states"]}
    assert (numbers[S.TO_SEND], numbers[S.REFUSED], len(everything.context["rows"])) == (1, 1, 2)
    assert "Formation inconnue : M1X" in words(everything)
    assert by_state.context["rows"] == [row]
    assert searches == [[row]] * 3


def test_manager_sees_the_own_centre_alone_and_may_not_steer(as_bao, confirmed):
    PreEnrolmentFactory()

    page = as_bao.get(LIST)

    assert page.context["rows"] == [row_of(confirmed)]
    assert as_bao.post(ACT, {"verb": "replay", "which": "found"}).status_code == 403


def test_older_ones_follow(as_ada, confirmed, monkeypatch):
    monkeypatch.setattr("candide.web.shared.addresses.PAGE", 1)
    newer = PreEnrolmentFactory()

    first = as_ada.get(LIST)
    second = as_ada.get(LIST + first.context["older"])

    assert (first.context["rows"], second.context["rows"]) == ([newer], [row_of(confirmed)])


def test_replaying_asks_with_the_number_and_then_does_it(as_ada, confirmed):
    tell_all()
    row = row_of(confirmed)
    gone = PreEnrolmentFactory(withdrawn=True)

    asked = as_ada.post(ACT, {"verb": "replay", "ids": [row.pk, gone.pk]})
    before = state_of(row)
    done = as_ada.post(
        ACT, {"verb": "replay", "ids": [row.pk, gone.pk], "confirmed": 1}, follow=True
    )

    assert (asked.context["number"], before) == (2, S.ACCEPTED)
    assert (state_of(row), state_of(gone)) == (S.TO_SEND, S.WITHDRAWN)
    assert "1 préinscription est remontée à nouveau." in words(done)


def test_refused_withdrawal_is_replayed_as_a_withdrawal(as_ada, hands_over):
    row = PreEnrolmentFactory(refused=True, is_wanted=False, is_held=True)

    as_ada.post(ACT, {"verb": "replay", "ids": row.pk, "confirmed": 1, "back": row.pk})

    assert state_of(row) == S.TO_WITHDRAW


def test_everything_found_is_put_aside(as_ada, confirmed):
    refused, accepted = PreEnrolmentFactory(refused=True), PreEnrolmentFactory(accepted=True)

    as_ada.post(ACT, {"verb": "aside", "which": "found", "confirmed": 1})

    states = [state_of(row) for row in (row_of(confirmed), refused, accepted)]
    assert states == [S.ASIDE, S.ASIDE, S.ACCEPTED]
    assert PreEnrolment.objects.get(pk=refused.pk).reason == ""
    assert tell_all() == 0


def test_what_is_being_told_is_not_put_aside(as_ada, confirmed):
    leased = NOW + timedelta(minutes=5)
    PreEnrolment.objects.update(claim="6f1a2c54-3ad4-4d57-9c1b-111111111111", leased_until=leased)

    page = as_ada.post(
        ACT, {"verb": "aside", "which": "found", "state": "to_send", "confirmed": 1}, follow=True
    )

    assert "Rien de ce qui a été choisi ne pouvait être modifié." in words(page)
    assert row_of(confirmed).state == S.TO_SEND


@pytest.mark.parametrize("data", [{}, {"verb": "steal", "which": "found"}, {"verb": "replay"}])
def test_nothing_chosen_changes_nothing(as_ada, confirmed, data):
    assert "Rien n’a été choisi." in words(as_ada.post(ACT, data, follow=True))


def test_too_many_at_once_are_refused(as_ada, confirmed, monkeypatch):
    monkeypatch.setattr("candide.admissions.handover.domain.replaying.MOST_AT_ONCE", 0)

    page = as_ada.post(ACT, {"verb": "replay", "which": "found", "confirmed": 1}, follow=True)

    assert "Au plus 0 à la fois" in words(page)


def test_page_of_one_says_why_and_when_it_is_tried_again(as_ada, confirmed):
    PreEnrolment.objects.update(attempts=2, last_error="Unavailable")
    address = reverse("staff:handover_row", args=[row_of(confirmed).pk])

    page = words(as_ada.get(address))

    assert "L’envoi n’a pas encore abouti. Unavailable" in page
    assert "Prochain essai" in page or "Prochaine tentative" in page


def test_refusals_are_counted_on_the_first_page(as_ada, hands_over):
    PreEnrolmentFactory(refused=True)

    assert "1 refusée par le SI scolarité" in words(as_ada.get(reverse("staff:today")))


# -- Files -----------------------------------------------------------------------------------------


@pytest.fixture
def delivered(confirmed, settings):
    settings.STUDENT_SYSTEM = "files"
    set_institution(handover_documents=True)
    tell_all()
    return Delivery.objects.get()


def test_files_are_taken_one_by_one_and_it_is_in_the_history(as_ada, delivered):
    file = delivered.files.select_related("file").order_by("pk")[0]

    response = as_ada.post(reverse("staff:handover_file", args=[delivered.pk, file.pk]))

    assert b"".join(response).startswith(b'"numero_candidat";')
    assert "attachment" in response["Content-Disposition"]
    assert "candidat-20270315.csv" in words(as_ada.get(FILES))


def test_archive_holds_files_and_documents_of_who_is_in_them(as_ada, confirmed, delivered):
    requirement = DocumentRequirementFactory(sis_code="RNBAC")
    version = DocumentVersionFactory(
        candidate=confirmed.candidate,
        requirement=requirement,
        file=StoredFileFactory(),
        status=ItemStatus.APPROVED,
    )
    SubmittedDocument.objects.create(
        application=confirmed, requirement=requirement, version=version
    )

    response = as_ada.post(reverse("staff:handover_archive", args=[delivered.pk]))
    work(clock=lambda: NOW)

    download = Download.objects.get()
    assert response["Location"] == reverse("staff:download", args=[download.pk])
    with open_file(download.file) as content:
        names = zipfile.ZipFile(BytesIO(content.read())).namelist()
    number = confirmed.candidate.user.file_number
    assert names == [
        "candidat-20270315.csv",
        "candidature-20270315.csv",
        "inscription-20270315.csv",
        f"pieces/{number}/PJ_RNBAC_{number}_{confirmed.pk}.pdf",
    ]


def test_who_lost_the_right_gets_no_archive(as_ada, delivered):
    as_ada.post(reverse("staff:handover_archive", args=[delivered.pk]))
    Download.objects.update(asked_by=staff("manager"))

    work(clock=lambda: NOW)

    assert Download.objects.get().file is None


def test_loaded_files_make_their_people_accepted_once(as_ada, confirmed, delivered):
    address = reverse("staff:handover_loaded", args=[delivered.pk])

    said = words(as_ada.post(address, follow=True))
    twice = words(as_ada.post(address, follow=True))

    assert "1 préinscription est dans le SI scolarité." in said
    assert "déjà déclarés chargés" in twice
    assert row_of(confirmed).state == S.ACCEPTED


def test_next_files_are_asked_of_the_job(as_ada, confirmed, settings):
    settings.STUDENT_SYSTEM = "files"

    first = words(as_ada.post(reverse("staff:handover_prepare"), follow=True))
    second = words(as_ada.post(reverse("staff:handover_prepare"), follow=True))

    assert "Les fichiers sont en préparation" in first
    assert "Les fichiers sont en préparation" not in second.replace(first, "")


# -- The code by hand [B-101] ----------------------------------------------------------------------


def code_of(**values):
    return {f"code-{name}": value for name, value in values.items()}


def test_code_is_entered_counts_as_handed_over_and_is_told(as_bao, hands_over, application, bao):
    admitted = admit(application, by=bao)
    address = reverse("staff:enter_code", args=[admitted.pk])
    before = as_bao.get(reverse("staff:application", args=[admitted.pk]))
    assert before.context["code_form"]["with_mail"].value() is True

    page = as_bao.post(address, code_of(seen="", code="ab12", with_mail="on"), follow=True)

    row = row_of(admitted)
    assert (row.state, row.code, row.is_code_by_hand) == (S.ACCEPTED, "AB12", True)
    assert "le candidat est prévenu par mail" in words(page)
    mail = OutgoingMail.objects.get(kind="enrolment-code-changed", copy_to="")
    assert "AB12" in mail.text
    assert tell_all() == 0


def test_code_without_mail(as_bao, confirmed):
    mark = f"|{row_of(confirmed).turn}"

    as_bao.post(reverse("staff:enter_code", args=[confirmed.pk]), code_of(seen=mark, code="AB12"))

    assert row_of(confirmed).code == "AB12"
    assert not OutgoingMail.objects.filter(kind="enrolment-code-changed").exists()


@pytest.mark.parametrize(
    ("code", "seen", "status"), [("", "", 422), ("A-1", "|1", 409), ("AB1", "old", 409)]
)
def test_wrong_or_stale_code_is_refused_with_what_was_typed(as_bao, confirmed, code, seen, status):
    address = reverse("staff:enter_code", args=[confirmed.pk])

    response = as_bao.post(address, code_of(seen=seen, code=code))

    assert response.status_code == status
    assert row_of(confirmed).code == ""


def test_nobody_who_was_not_admitted_gets_a_code(as_bao, hands_over, application):
    address = reverse("staff:enter_code", args=[application.pk])

    response = as_bao.post(address, code_of(seen="", code="AB12"))

    assert response.status_code == 409
    assert "Seul un candidat admis" in words(response)
    assert (
        as_bao.get(reverse("staff:application", args=[application.pk])).context["code_form"] is None
    )


def test_code_that_is_being_told_waits(as_bao, confirmed):
    leased = NOW + timedelta(minutes=5)
    PreEnrolment.objects.update(claim="6f1a2c54-3ad4-4d57-9c1b-111111111111", leased_until=leased)
    mark = f"|{row_of(confirmed).turn}"

    response = as_bao.post(
        reverse("staff:enter_code", args=[confirmed.pk]), code_of(seen=mark, code="AB12")
    )

    assert response.status_code == 409


def test_candidate_reads_the_code_once_the_system_knows_them(client, confirmed):
    client.force_login(confirmed.candidate.user)
    address = reverse("candidate:application", args=[confirmed.pk])

    before = words_inside(client.get(address))
    tell_all()
    after = words_inside(client.get(address))

    code = f"EC{confirmed.candidate.user.file_number}"
    assert code not in before
    assert f"Code d’inscription {code}" in after


def test_what_is_hidden_from_a_commission_is_not_shown_here_either(client, confirmed):
    commission = confirmed.intake.programme.commission
    client.force_login(member(Capability.MANAGE_HANDOVER, commission=commission))
    address = reverse("staff:handover_row", args=[row_of(confirmed).pk])
    before = client.get(address).status_code
    set_institution(statuses_hidden_from_commissions=[confirmed.dossier_status])

    client.post(ACT, {"verb": "aside", "ids": [row_of(confirmed).pk], "confirmed": 1})

    assert (before, client.get(address).status_code) == (200, 404)
    assert client.get(LIST).context["number"] == 0
    assert row_of(confirmed).state == S.TO_SEND


def test_who_hands_over_in_one_centre_steers_there_alone(client, confirmed):
    centre = confirmed.intake.programme.commission.centre
    client.force_login(member(Capability.MANAGE_HANDOVER, centre=centre))
    other = PreEnrolmentFactory(refused=True)

    client.post(ACT, {"verb": "aside", "ids": [row_of(confirmed).pk, other.pk], "confirmed": 1})

    assert (row_of(confirmed).state, state_of(other)) == (S.ASIDE, S.REFUSED)
    assert client.get(FILES).status_code == 403
