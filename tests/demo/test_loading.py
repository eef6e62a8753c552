"""What `candide demo` loads, on a demonstration that is smaller than small."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from candide.admissions.applications.domain.counting import miscounted
from candide.admissions.applications.domain.snapshot import fingerprint
from candide.admissions.applications.enums import DossierStatus, ItemStatus, Outcome
from candide.admissions.applications.models import (
    Application,
    Correction,
    SavedView,
    Snapshot,
    SubmittedDocument,
)
from candide.admissions.candidates.domain.duplicates import open_pairs
from candide.admissions.candidates.models import Candidate, ExternalStudies
from candide.admissions.correspondence.models import Message, Note
from candide.admissions.decisions.domain.queries import IS_UNANSWERED
from candide.admissions.handover.models import PreEnrolment
from candide.admissions.releases.models import Release, ReleaseRow
from candide.admissions.tags.models import Tagging
from candide.demo import loading
from candide.demo.calendars import CALENDARS
from candide.demo.crowd import PASSWORD
from candide.demo.loading import ALIX, FIRST_PERSON, Size, load, sign_ins
from candide.demo.management.commands import demo as command
from candide.demo.office.cohorts import NUMBER, TWINS
from candide.demo.states import DRAFT, every_state
from candide.foundation.downloads.models import Download
from candide.foundation.history.models import HistoryEntry
from candide.foundation.runs.models import Run
from candide.institution.accounts.models import IssuedFileNumber, User
from candide.institution.catalogue.models import ApplicationCentre, Campaign, Intake, Programme
from candide.institution.mails.models import OutgoingMail
from candide.institution.pages.models import FaqEntry
from candide.institution.reference.enums import SchoolKind
from candide.institution.reference.models import Country
from candide.reporting.statistics.scope import Scope
from candide.web.staff.demonstration_examples import more_examples
from tests.factories.accounts import UserFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("frozen"),
    # PostgreSQL takes minutes to take back so much at once; there the walks meet a larger one.
    pytest.mark.skipif(connection.vendor != "sqlite", reason="slow to take back"),
]
DAY = timedelta(days=1)
TINY = Size(candidates=4, applications=10, last_year=12)


def said_nothing(line):
    """Nobody listens."""


@pytest.fixture
def loaded(settings, monkeypatch, now):
    settings.DEMO = True
    monkeypatch.setitem(loading.SIZES, "small", TINY)
    load("small", now=now, say=said_nothing)


def shown(application):
    """What a state plans, as the application and its intake show it."""
    return (
        application.dossier_status,
        DRAFT if application.has_draft_decision else application.released_outcome,
        application.intake.is_paperless,
        application.answer,
        application.cancelled_at is not None,
    )


@pytest.mark.usefixtures("loaded")
def test_loads_one_university_as_planned(now):
    states = every_state()
    this_year = Application.objects.filter(archived_at=None)
    applications = list(
        this_year.select_related("intake__programme", "candidate__user").order_by("pk")
    )
    first, others = applications[: len(states)], applications[len(states) + len(ALIX) :]
    crowd, office = others[: TINY.applications], others[TINY.applications :]

    # Each planned state is there, in order, in an intake whose calendar is the planned one.
    assert [shown(one) for one in first] == [
        (s.status, s.outcome, s.is_paperless, s.answer, s.is_cancelled) for s in states
    ]
    assert [one.intake.closes_on for one in first] == [
        now.date() + timedelta(days=CALENDARS[state.calendar].closes) for state in states
    ]
    pairs = Counter((state.status, state.outcome) for state in states)
    assert set(pairs) == {(s, o) for s in DossierStatus for o in ("", DRAFT, *Outcome)}
    assert len(crowd) == TINY.applications
    assert len({one.candidate_id for one in crowd}) == TINY.candidates

    # Alix has something to transmit, something to answer and something to wait for; everybody can
    # sign in, numbers are issued once.
    alix = User.objects.get(file_number=FIRST_PERSON.file_number)
    of_alix = applications[len(states) : len(states) + len(ALIX)]
    assert {one.candidate.user for one in of_alix} == {alix}
    assert [(one.dossier_status, one.released_outcome) for one in of_alix] == [
        (DossierStatus.AWAITED, ""),
        (DossierStatus.COMPLETE, Outcome.FAVOURABLE),
        (DossierStatus.COMPLETE, Outcome.RESERVE_LIST),
    ]
    assert Application.objects.filter(IS_UNANSWERED, pk=of_alix[1].pk).exists()
    assert all(User.objects.get(email=email).check_password(PASSWORD) for email in staff_logins())
    assert alix.check_password(PASSWORD)
    numbers = set(User.objects.exclude(file_number=None).values_list("file_number", flat=True))
    assert set(IssuedFileNumber.objects.values_list("number", flat=True)) == numbers

    # A believable university.
    assert Programme.objects.count() >= 120
    assert ApplicationCentre.objects.count() == 5
    assert not Intake.objects.filter(capacity=None).exists()

    assert not miscounted().exists()

    # What comes by post is on paper: checked there, not uploaded.
    by_post = SubmittedDocument.objects.filter(application__intake__is_paperless=False)
    assert by_post.filter(version__status=ItemStatus.REFUSED).exists()
    assert not by_post.exclude(version__file=None).exists()
    online = SubmittedDocument.objects.exclude(application__intake__is_paperless=False)
    assert (
        not online.filter(version__file=None)
        .exclude(version__status=ItemStatus.NOT_APPLICABLE)
        .exists()
    )

    # People were born in towns, and studied where one studies for what they have.
    countries = {country.name.upper() for country in Country.objects.all()}
    assert not countries & set(Candidate.objects.values_list("birth_city", flat=True))
    studies = ExternalStudies.objects.values_list("family__short_name", "label", "school__kind")
    assert set(studies) == {("Licence", "Licence, deuxième année", SchoolKind.UNIVERSITY)}

    # What is frozen is whole, and nothing happens in the future or is owed by mail.
    assert not Application.objects.filter(created_at__gt=now).exists()
    assert not Application.objects.filter(transmitted_at__lt=F("created_at")).exists()
    frozen = Application.objects.exclude(frozen_at=None)
    assert set(frozen.values_list("pk", flat=True)) == set(
        Snapshot.objects.values_list("application", flat=True)
    )
    assert all(fingerprint(s.data) == s.data_sha256 for s in Snapshot.objects.all()[:20])
    assert Tagging.objects.filter(tag__is_active=True).count() >= TINY.applications // 6
    queued = OutgoingMail.objects.filter(status="queued").values_list("attempts", flat=True)
    assert list(queued) == [3, 3]
    the_office_did_its_work(office, today=now.date())
    those_who_confirmed_are_handed_over()
    last_year_is_over_decided_archived_and_compared_with()

    # A second run keeps what is there.
    before = list(Application.objects.order_by("pk").values_list("pk", "version"))
    output = StringIO()
    call_command("demo", stdout=output)
    assert list(Application.objects.order_by("pk").values_list("pk", "version")) == before
    assert "ALIX2027" in output.getvalue()


def the_office_did_its_work(office, *, today):
    """Of each thing staff do there is something, told through the product's own actions."""
    assert len(office) == NUMBER + 1  # and the proposal
    rows = Application.objects.filter(pk__in=[one.pk for one in office])
    labels = [
        example.label
        for example in more_examples(Application.objects.filter(archived_at=None), today=today)
    ]
    assert len(labels) == len(set(labels)) == 25

    releases = Release.objects.order_by("pk").values_list("state", "day")
    assert sorted(releases) == [
        ("done", today - 7 * DAY),
        ("open", today + 2 * DAY),
        ("planned", today + DAY),
    ]
    assert set(ReleaseRow.objects.values_list("state", flat=True)) == {"prepared", "released"}
    answers = rows.exclude(answer="").order_by("answer").values_list("answer", flat=True)
    assert list(answers) == ["accepted", "withdrawn"]
    corrections = Correction.objects.order_by("pk")
    assert [(one.is_overdue(today), one.outcome) for one in corrections] == [
        (False, ""),
        (False, ""),
        (True, ""),
        (False, "answered"),
        (False, ""),
    ]
    assert Note.objects.filter(is_important=True).exists()
    assert Message.objects.filter(application__in=rows).count() == 10
    exports = Download.objects.order_by("pk").values_list("kind", "state")
    assert list(exports) == [
        ("applications", "ready"),
        ("documents", "ready"),
        ("documents", "stopped"),
    ]
    assert sorted(Run.objects.filter(kind="bulk").values_list("state", flat=True)) == [
        "done",
        "examined",
    ]
    assert open_pairs().count() >= TWINS
    assert SavedView.objects.filter(is_shared=True).count() == 3
    troubled = OutgoingMail.objects.exclude(last_error="").order_by("pk")
    assert [mail.status for mail in troubled] == ["queued", "queued", "failed", "failed"]

    # Nothing of it happened in the future, and what was done weeks ago says so.
    assert not HistoryEntry.objects.filter(at__date__gt=today).exists()
    entered = HistoryEntry.objects.filter(event="decisions.entered", at__date__lt=today)
    assert entered.count() == 24 + 1


def those_who_confirmed_are_handed_over():
    accepted = Application.objects.filter(answer="accepted", archived_at=None)
    rows = PreEnrolment.objects.filter(application__in=accepted)
    assert rows.count() == PreEnrolment.objects.count() == accepted.count() > 0
    assert Programme.objects.exclude(sis_code="").count() > 100
    assert Programme.objects.filter(sis_code="").exists()


def last_year_is_over_decided_archived_and_compared_with():
    past = Campaign.objects.get(archived_at__isnull=False)
    archived = Application.objects.filter(intake__campaign=past)
    current = past.replaced_by
    assert (past.is_active, current.is_active) == (False, True)
    assert current.activated_at == past.archived_at
    assert archived.count() == TINY.last_year
    assert not archived.exclude(archived_at=past.archived_at).exists()
    assert not archived.filter(created_at__gt=past.archived_at).exists()
    assert not archived.filter(answered_at__gt=past.archived_at).exists()
    assert archived.exclude(released_outcome="").exists()
    assert past.intakes.count() == current.intakes.count()
    assert Scope(None, current).before().campaign == past


def staff_logins():
    return [login for _role, login, _password in sign_ins() if "@" in login]


def test_is_refused_outside_a_demonstration(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="CANDIDE_DEMO"):
        call_command("demo", stdout=StringIO())

    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_is_emptied_and_loaded_anew(settings, monkeypatch):
    """A-048."""
    settings.DEMO = True
    UserFactory()
    found = []
    monkeypatch.setattr(
        command, "load", lambda *_args, **_said: found.append(list(User.objects.all()))
    )

    call_command("demo", "--reset", stdout=StringIO())

    assert found == [[]]
    assert FaqEntry.objects.exists()
