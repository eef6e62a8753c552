"""What a trial of faults knows: who uses the deployment, what it confirmed to them; and what must
hold afterwards."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application, Snapshot
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.models import User
from candide.institution.catalogue.enums import LetterMode
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import staff_member
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import CampaignFactory, IntakeFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.faults.browser import Browser
from tests.faults.installation import Installation
from tests.faults.journey import PASSWORD, Journey, Offer, Step
from tests.faults.mail_server import MailServer

DAY = timedelta(days=1)


@dataclass
class Trial:
    """A deployment, who uses it, and what it confirmed to them."""

    installation: Installation
    mail_server: MailServer
    offer: Offer
    staff: Browser
    confirmed: list[Step] = field(default_factory=list, kw_only=True)
    seconds: dict[str, float] = field(default_factory=dict, kw_only=True)
    journeys: list[Journey] = field(default_factory=list, kw_only=True)
    kills_of_workers: int = field(default=0, kw_only=True)

    def begin_journey(self, candidate: Browser) -> Journey:
        user = CandidateFactory(complete=True).user
        User.objects.filter(pk=user.pk).update(password=password())
        journey = Journey(len(self.journeys) + 1, user.email, self.offer, candidate, self.staff)
        self.journeys.append(journey)
        return journey

    def close(self) -> None:
        self.staff.close()
        for journey in self.journeys:
            journey.candidate.close()


def an_offer() -> Offer:
    """A programme open now, with two documents and a question, and Bao who manages its centre."""
    today = timezone.localdate()
    campaign = CampaignFactory(starts_on=today - DAY, ends_on=today + 200 * DAY)
    intake = IntakeFactory(campaign=campaign, opens_on=today - DAY, closes_on=today + 30 * DAY)
    commission = intake.programme.commission
    commission.letter_mode, commission.email = LetterMode.BOTH, "commission@example.org"
    commission.save()
    bao = staff_member("manager", centre=commission.centre)
    User.objects.filter(pk=bao.pk).update(email="bao@example.org", password=password())
    return Offer(
        intake=intake.pk,
        transcript=DocumentRequirementFactory(common=True).pk,
        photos=DocumentRequirementFactory(common=True).pk,
        question=QuestionFactory(common=True).pk,
        decision_type=DecisionTypeFactory(outcome=Outcome.FAVOURABLE).pk,
    )


@cache
def password() -> str:
    """As the deployment keeps it; tests keep theirs in a cheaper way."""
    return Argon2PasswordHasher().encode(PASSWORD, "0123456789abcdef")


# -- Afterwards -----------------------------------------------------------------------------------


def assert_confirmed_is_there(trial: Trial) -> None:
    lost = [step.name for step in trial.confirmed if not step.is_done()]
    assert lost == []
    assert len(trial.confirmed) >= 9 * len(trial.journeys)


def assert_everything_happened_once(trial: Trial) -> None:
    """Each disturbed journey left in history, outbox and dossiers what the undisturbed one did."""
    first, *disturbed = [left_by(journey) for journey in trial.journeys]
    assert first["mails"] == {
        "application-created": 1,
        "dossier-received": 1,
        "commission-transmission": 1,
        "status-complete": 1,
        "decision-favourable": 1,
        "answer-accepted": 1,
    }
    assert disturbed == [first] * len(disturbed)
    assert Application.objects.count() == len(trial.journeys)
    assert not Snapshot.objects.filter(pdf=None).exists()


def assert_each_mail_sent_once_or_repeated_by_a_kill(trial: Trial) -> None:
    assert not OutgoingMail.objects.exclude(status=MailStatus.SENT).exists()
    times = Counter(trial.mail_server.message_ids())
    assert set(times) == set(OutgoingMail.objects.values_list("message_id", flat=True))
    assert max(times.values()) <= 2
    assert sum(times.values()) - len(times) <= trial.kills_of_workers


def left_by(journey: Journey) -> dict[str, object]:
    application = Application.objects.get(pk=journey.pk)
    return {
        "events": Counter(entry.event for entry in entries_about(application)),
        "mails": Counter(
            OutgoingMail.objects.filter(about_id=journey.pk).values_list("kind", flat=True)
        ),
        "documents": application.submitted_documents.count(),
        "versions": application.candidate.documents.count(),
        "snapshots": application.snapshots.count(),
        "status": application.dossier_status,
        "answer": application.answer,
    }
