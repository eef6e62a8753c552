"""What was kept long enough is destroyed: announced, agreed to, in pieces, with its figures kept
[B-029]."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from candide.admissions.applications.domain import deleting_account
from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import Application, DocumentVersion, Snapshot
from candide.admissions.campaigns import jobs
from candide.admissions.campaigns.domain import destroying
from candide.admissions.campaigns.domain.destroying import (
    announce,
    begin,
    destroy_application,
    destroy_applications,
    destruction_moment,
    finish,
    to_announce,
    to_destroy,
)
from candide.admissions.campaigns.models import Destruction
from candide.admissions.candidates.domain import claims
from candide.admissions.candidates.models import Candidate
from candide.admissions.decisions.models import Decision, Letter
from candide.admissions.handover.models import Delivery, DeliveryFile
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.domain.running import run_due_jobs
from candide.foundation.jobs.domain.schedule import agree
from candide.foundation.runs.models import RunItem
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.enums import CampaignEvent
from candide.institution.catalogue.models import Campaign, Institution
from candide.institution.mails.models import OutgoingMail
from candide.reporting.statistics.days import days_of
from candide.reporting.statistics.delays import delay_of, delays_by_intake, together
from candide.reporting.statistics.lines import Level, lines_of
from candide.reporting.statistics.people import people_of
from candide.reporting.statistics.scope import Scope
from tests.factories.access import AssignmentFactory, ada
from tests.factories.accounts import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    DocumentVersionFactory,
    SubmittedDocumentFactory,
)
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import DAY, CampaignFactory, IntakeFactory
from tests.factories.corrections import AdditionalDocumentFactory
from tests.factories.correspondence import MessageFactory, NoteFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import DeliveryFactory, PreEnrolmentFactory, SystemReportFactory
from tests.factories.letters import LetterFactory
from tests.factories.mails import OutgoingMailFactory
from tests.factories.releases import ReleaseRowFactory
from tests.factories.runs import RunFactory, RunItemFactory
from tests.factories.tags import TaggingFactory

MOST = 190  # one alone takes 177

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference_data_uncompared"),
]


@pytest.fixture
def old(now):
    """Archived a year ago; administrators were told a month ago."""
    Institution.current()
    return CampaignFactory(
        over=True,
        is_active=False,
        archived_at=now - 365 * DAY,
        announced_at=now - 30 * DAY,
    )


def full(campaign, candidate):
    """An application with everything that can hang on one."""
    made = ApplicationFactory(
        candidate=candidate,
        intake=IntakeFactory(campaign=campaign),
        offered=True,
        archived_at=campaign.archived_at,
    )
    version = DocumentVersionFactory(
        candidate=candidate, file=StoredFileFactory(), status=ItemStatus.SUBMITTED
    )
    SubmittedDocumentFactory(application=made, requirement=version.requirement, version=version)
    snapshot = Snapshot.objects.create(
        application=made,
        number=1,
        made_at=campaign.archived_at,
        data={},
        data_sha256="0" * 64,
        pdf=StoredFileFactory(),
    )
    snapshot.documents.add(version)
    decision = DecisionFactory(application=made, released=True)
    LetterFactory(decision=decision, file=StoredFileFactory())
    ReleaseRowFactory(application=made)
    AdditionalDocumentFactory(application=made)
    MessageFactory(application=made)
    NoteFactory(application=made)
    TaggingFactory(application=made)
    OutgoingMailFactory(about_type="applications.application", about_id=made.pk)
    return made


def alix(**fields):
    user = UserFactory(created_at=fields.pop("created_at"), **fields)
    return CandidateFactory(user=user, complete=True)


def test_moment_is_after_the_days_of_retention_and_after_the_notice(now):
    Institution.current()
    fresh = CampaignFactory.build(archived_at=now, is_active=False)
    late = CampaignFactory.build(archived_at=now - 400 * DAY, announced_at=now, is_active=False)

    assert destruction_moment(fresh) == now + 365 * DAY
    assert destruction_moment(late) == now + 30 * DAY
    assert destruction_moment(CampaignFactory.build()) is None


def test_what_is_announced_and_what_is_destroyed_by_day(old, now):
    unannounced = CampaignFactory(code="x", is_active=False, archived_at=now - 335 * DAY)
    CampaignFactory(code="y", is_active=False, archived_at=now - 334 * DAY)
    CampaignFactory()

    assert list(to_announce(now=now)) == [unannounced]
    assert list(to_destroy(now=now)) == [old]
    assert list(to_destroy(now=now - timedelta(seconds=1))) == []
    Institution.objects.update(archive_days=366)
    assert list(to_destroy(now=now)) == []


def test_administrators_are_told_once(now):
    Institution.current()
    person = ada()
    campaign = CampaignFactory(is_active=False, archived_at=now - 340 * DAY)

    announce(campaign.pk, now=now)
    announce(campaign.pk, now=now + DAY)

    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("destruction-announced", person.email)
    assert Campaign.objects.get().announced_at == now
    assert HistoryEntry.objects.filter(event=CampaignEvent.ANNOUNCED).count() == 1


def test_job_announces_what_is_to_be_destroyed_a_month_before(now):
    Institution.current()
    person = ada()
    CampaignFactory(over=True, is_active=False, archived_at=now - 400 * DAY)
    run = SimpleNamespace(each=lambda pks, act: [act(pk) for pk in pks])

    jobs.announce_destructions(now, run)
    jobs.announce_destructions(now + DAY, run)

    assert OutgoingMail.objects.get(kind="destruction-announced").to == person.email
    assert list(to_destroy(now=now + 30 * DAY - timedelta(seconds=1))) == []
    assert to_destroy(now=now + 30 * DAY).exists()


def test_everything_of_an_application_goes_and_the_account_nobody_uses(old, now):
    candidate = alix(created_at=old.archived_at - 100 * DAY)
    made = full(old, candidate)
    before = StoredFile.objects.count()
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    counts = Destruction.objects.get().counts
    assert before >= 3
    for model in (Application, Decision, Letter, Snapshot, DocumentVersion, Candidate):
        assert not model.objects.exists(), model
    assert not User.objects.filter(pk=candidate.user_id).exists()
    assert not OutgoingMail.objects.filter(about_id=made.pk).exists()
    assert not StoredFile.objects.unreferenced().exists()
    assert (counts["applications"], counts["accounts"], counts["documents"]) == (1, 1, 1)
    assert (counts["decisions"], counts["letters"], counts["snapshots"]) == (1, 1, 1)
    assert counts["files"] == 3


@pytest.mark.parametrize("kind", ["bulk", "release", "decision-sheet"])
def test_long_works_say_nothing_of_it_any_more(old, now, kind):
    made = full(old, alix(created_at=old.archived_at - DAY))
    RunItemFactory(run=RunFactory(kind=kind), subject_id=made.pk, says="Alix", details={"a": 1})
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    item = RunItem.objects.get()
    assert (item.says, item.notes, item.details) == ("", [], {})


def test_history_says_nothing_of_it_and_of_the_account_any_more(old, now):
    candidate = alix(created_at=old.archived_at - DAY)
    merged = UserFactory(merged_into=candidate.user, is_active=False)
    made = full(old, candidate)
    other = ApplicationFactory()
    for subject in (made, candidate, candidate.user, merged, other):
        log(subject, AccountEvent.CHANGED, before="Alix")
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    said = HistoryEntry.objects.filter(event=AccountEvent.CHANGED).order_by("pk")
    assert [entry.data for entry in said] == [{}, {}, {}, {}, {"before": "Alix"}]


def test_files_for_the_student_system_go_with_those_in_them(old, now):
    made = full(old, alix(created_at=old.archived_at - DAY))
    delivery = DeliveryFactory()
    PreEnrolmentFactory(application=made, sent=True).deliveries.add(delivery)
    csv = StoredFileFactory()
    DeliveryFile.objects.create(delivery=delivery, file=csv)
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    assert not Delivery.objects.exists()
    assert not StoredFile.objects.filter(pk=csv.pk).exists()


def test_reports_on_the_student_system_name_nobody_who_is_destroyed(old, now):
    made = full(old, alix(created_at=old.archived_at - DAY))
    other = ApplicationFactory()
    lines = [["missing", made.pk, "Alix"], ["missing", other.pk, "Bo"], ["missing", None, "Code"]]
    report = SystemReportFactory(lines=lines)
    begin(old.pk, now=now)
    destroy_application(made.pk, now=now)

    finish(old.pk, now=now)

    report.refresh_from_db()
    assert report.lines == [["missing", None, ""], *lines[1:]]


def test_applications_go_together_in_fewer_statements_than_alone(
    old, now, django_assert_max_num_queries
):
    """Of whoever: alone in the campaign, with an application elsewhere, with an account that stays.
    Four take hardly more statements than one does."""
    people = [alix(created_at=old.archived_at - DAY) for _number in range(4)]
    ApplicationFactory(candidate=people[0])
    AssignmentFactory(user=people[1].user)
    made = [full(old, candidate) for candidate in people]
    begin(old.pk, now=now)

    with django_assert_max_num_queries(MOST):
        destroy_applications([each.pk for each in made], now=now)

    counts = Destruction.objects.get().counts
    left = set(Candidate.objects.filter(pk__in=[each.pk for each in people]))
    assert left == {people[0], people[1]}
    assert (counts["applications"], counts["accounts"], counts["documents"]) == (4, 2, 4)
    assert not StoredFile.objects.unreferenced().exists()
    assert Application.objects.count() == 1


def test_account_into_which_one_that_stays_was_merged_stays(old, now):
    candidate = alix(created_at=old.archived_at - DAY)
    merged = UserFactory(merged_into=candidate.user, is_active=False)
    AssignmentFactory(user=merged)
    made = full(old, candidate)
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    assert User.objects.filter(pk__in=[merged.pk, candidate.user_id]).count() == 2
    assert not Application.objects.exists()


def test_account_stays_where_it_is_not_known_since_when_nobody_uses_it(old, now):
    candidate = alix(created_at=old.archived_at - DAY)
    made = full(old, candidate)
    begin(old.pk, now=now)
    Campaign.objects.update(archived_at=None)

    destroy_application(made.pk, now=now)

    assert User.objects.filter(pk=candidate.user_id).exists()
    assert not Application.objects.exists()


def each_lock(monkeypatch, name, do):
    """Have `do` done when destroying, or deleting the account, takes this lock."""
    for module in (destroying, deleting_account):
        monkeypatch.setattr(module, name, do, raising=False)


def test_locks_are_taken_in_the_order_of_all_that_delete_an_account(old, now, monkeypatch):
    """Or two of them wait for each other, and the night's destruction ends there."""
    made = full(old, alix(created_at=old.archived_at - DAY))
    taken = []
    each_lock(monkeypatch, "lock_rights", lambda: taken.append("rights"))
    monkeypatch.setattr(claims, "lock_ines", lambda: taken.append("ines"))
    monkeypatch.setattr(destroying, "lock_candidate", lambda _pk: taken.append("candidate"))
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    assert taken[:3] == ["rights", "ines", "candidate"]


def test_account_somebody_signs_in_to_while_it_waits_for_the_lock_stays(old, now, monkeypatch):
    candidate = alix(created_at=old.archived_at - DAY)
    made = full(old, candidate)
    each_lock(monkeypatch, "lock_rights", lambda: User.objects.update(last_login=now))
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    assert User.objects.filter(pk=candidate.user_id).exists()
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "why", ["another application", "signed in since", "opened since", "works here", "was merged"]
)
def test_account_that_is_still_used_stays(old, now, why):
    archived_at = old.archived_at
    since = archived_at + DAY if why == "opened since" else archived_at - DAY
    candidate = alix(
        created_at=since, last_login=archived_at + DAY if why == "signed in since" else None
    )
    made = full(old, candidate)
    shared = made.submitted_documents.get().version
    if why == "another application":
        other = ApplicationFactory(candidate=candidate)
        SubmittedDocumentFactory(application=other, requirement=shared.requirement, version=shared)
    if why == "works here":
        candidate.user.is_superuser = True
        candidate.user.save()
        ada()
    if why == "was merged":
        candidate.user.merged_into, candidate.user.is_active = UserFactory(), False
        candidate.user.save()
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    assert User.objects.filter(pk=candidate.user_id).exists()
    assert not Application.objects.filter(pk=made.pk).exists()
    is_kept = DocumentVersion.objects.filter(pk=shared.pk).exists()
    assert is_kept == (why == "another application")


def test_accounts_merged_into_it_go_with_it(old, now):
    candidate = alix(created_at=old.archived_at - DAY)
    gone = UserFactory(merged_into=candidate.user, is_active=False)
    made = full(old, candidate)
    begin(old.pk, now=now)

    destroy_application(made.pk, now=now)

    assert not User.objects.filter(pk__in=[gone.pk, candidate.user_id]).exists()


def test_nothing_is_destroyed_before_somebody_agreed_and_the_job_goes_on_after_a_kill(
    old, now, monkeypatch
):
    for _number in range(2):
        full(old, alix(created_at=old.archived_at - DAY))
    run_due_jobs(now)
    run_due_jobs(now + DAY)
    untouched = Application.objects.count()
    agree("destroy-campaigns", by=ada(), now=now + DAY)
    first = min(Application.objects.values_list("pk", flat=True))
    real = destroying.lock_candidate

    def killed(pk):
        if Application.objects.filter(candidate=pk, pk=first).exists():
            raise RuntimeError("killed")
        real(pk)

    with monkeypatch.context() as patched:
        patched.setattr(destroying, "lock_candidate", killed)
        run_due_jobs(now + 2 * DAY)
    half = Application.objects.count(), Campaign.objects.get(pk=old.pk).destroyed_at
    later = now + 3 * DAY
    run_due_jobs(later)
    run_due_jobs(later + DAY)

    destruction = Destruction.objects.get()
    assert untouched == 2
    assert half == (1, None)
    assert Application.objects.count() == 0
    assert Campaign.objects.get(pk=old.pk).destroyed_at == destruction.finished_at == later
    assert (destruction.begun_at, destruction.counts["applications"]) == (now + 2 * DAY, 2)
    assert HistoryEntry.objects.filter(event=CampaignEvent.DESTROYED).count() == 1


def test_figures_are_the_same_after_the_destruction(old, now):
    """Every number of the statistics, in whole and narrowed, without a person left in them."""
    intake = IntakeFactory(campaign=old, capacity=10)
    commission = intake.programme.commission
    person = ada()
    candidate = alix(created_at=old.archived_at - 100 * DAY)
    for state in ({"accepted": True}, {"transmitted": True}, {}, {"cancelled": True}):
        ApplicationFactory(intake=intake, archived_at=old.archived_at, **state)
    ApplicationFactory(
        candidate=candidate,
        intake=IntakeFactory(campaign=old, programme__commission=commission),
        archived_at=old.archived_at,
        offered=True,
    )
    told = ApplicationFactory(candidate=candidate, intake=intake, offered=True)
    DecisionFactory(application=told, released=True)
    scopes = [
        {},
        {"centre": commission.centre_id},
        {"commission": commission.pk},
        {"intake": intake.pk},
        {"with_closed": True},
    ]

    def pictures():
        campaign = Campaign.objects.get(pk=old.pk)
        for narrowed in scopes:
            scope = Scope(User.objects.get(pk=person.pk), campaign, **narrowed)
            yield (
                [lines_of(scope, level) for level in Level],
                days_of(scope, None),
                delay_of(together(delays_by_intake(scope))),
                people_of(scope),
            )

    before = list(pictures())
    begin(old.pk, now=now)
    begin(old.pk, now=now)
    for pk in destroying.left_of(old.pk):
        destroy_application(pk, now=now)
    done = finish(old.pk, now=now)

    assert done
    assert list(pictures()) == before
    assert before[0][3].candidates == 4
    assert not Application.objects.filter(intake__campaign=old).exists()
