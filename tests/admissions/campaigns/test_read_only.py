"""An archived application is read, and whatever one tries to do to it is refused, whoever tries
[back-office 29]: one line for each thing that is done to an application."""

from datetime import timedelta
from typing import Any

import pytest

from candide.admissions.applications.domain.cancelling import cancel, restore
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.correcting import (
    Wanted,
    ask_corrections,
    ask_further_document,
)
from candide.admissions.applications.domain.documents import declare_not_concerned
from candide.admissions.applications.domain.enrolment import set_fees, set_regime
from candide.admissions.applications.domain.examining import (
    declare_status,
    extend_documents_due,
    set_route,
)
from candide.admissions.applications.domain.external_forms import remind_of_forms
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.domain.writing import Letter, write_to
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from candide.admissions.correspondence.domain.notes import write_note
from candide.admissions.correspondence.domain.thread import write_to_candidate, write_to_staff
from candide.admissions.decisions.domain.answering import (
    accept,
    auto_withdraw,
    extend_acceptance_due,
    remind,
    withdraw,
)
from candide.admissions.decisions.domain.entering import Draft, delete_draft, enter_decision
from candide.admissions.decisions.domain.letters import make_letter, withdraw_letter
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.domain.routing import confirm_route
from candide.admissions.decisions.models import Decision
from candide.admissions.tags.domain.tagging import add_tags, remove_tags
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionFactory, DecisionTypeFactory
from tests.factories.reference import StudyRegimeFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.factories.tags import TagFactory

pytestmark = pytest.mark.django_db

LATER = NOW.date() + timedelta(days=40)
BY: dict[str, Any] = {"now": NOW}


def _draft() -> Draft:
    return Draft(type=DecisionTypeFactory())


def _decision(application: Any) -> Any:
    return Decision.objects.select_related("application").get(
        application=application, released_at__isnull=False
    )


ACTS = {
    "transmit": lambda a, by: transmit(a, by=by, **BY),
    "documents": lambda a, by: declare_not_concerned(
        a, DocumentRequirementFactory(common=True, conditional=True), by=by, **BY
    ),
    "check": lambda a, by: check_documents(a, [], ItemStatus.APPROVED, comment="", by=by, **BY),
    "status": lambda a, by: declare_status(a, DossierStatus.COMPLETE, by=by, **BY),
    "day of the dossier": lambda a, by: extend_documents_due(a, LATER, by=by, **BY),
    "route": lambda a, by: set_route(a, AdmissionRoute.DIRECT, by=by, **BY),
    "confirm route": lambda a, by: confirm_route(a, by=by, **BY),
    "correction": lambda a, by: ask_corrections(
        a, Wanted(labels=["CV"]), comment="", due_on=LATER, by=by, **BY
    ),
    "further document": lambda a, by: ask_further_document(a, "CV", is_internal=True, by=by, **BY),
    "remind of forms": lambda a, by: remind_of_forms(a, by=by, **BY),
    "fees": lambda a, by: set_fees(a, {"exemption_note": "a"}, by=by),
    "regime": lambda a, by: set_regime(a, StudyRegimeFactory(), by=by),
    "mail": lambda a, by: write_to(a, Letter({"fr": "Objet"}, {"fr": "Texte"}), by=by),
    "note": lambda a, by: write_note(a, "Note", by=by, **BY),
    "message": lambda a, by: write_to_candidate(a, "Bonjour", by=by, **BY),
    "message of the candidate": lambda a, by: write_to_staff(a, "Bonjour", by=by, **BY),
    "add tags": lambda a, by: add_tags(a, [TagFactory()], by=by, **BY),
    "remove tags": lambda a, by: remove_tags(a, [TagFactory()], by=by),
    "enter a decision": lambda a, by: enter_decision(a, _draft(), by=by, **BY),
    "delete the draft": lambda a, by: delete_draft(a, by=by),
    "release": lambda a, by: release(a, by=by, **BY),
    "make the letter": lambda a, by: make_letter(_decision(a), by=by, **BY),
    "withdraw the letter": lambda a, by: withdraw_letter(_decision(a), by=by, **BY),
    "accept": lambda a, by: accept(a, by=by, **BY),
    "withdraw": lambda a, by: withdraw(a, by=by, **BY),
    "day to answer": lambda a, by: extend_acceptance_due(a, LATER, by=by, **BY),
    "cancel": lambda a, by: cancel(a, by=by, **BY),
}


@pytest.fixture
def archived():
    """An offer nobody answered, with a draft after it."""
    made = ApplicationFactory(offered=True, has_draft_decision=True, archived_at=NOW)
    kind = DecisionTypeFactory()
    DecisionFactory(application=made, type=kind, released=True)
    DecisionFactory(application=made, type=kind)
    return Application.objects.with_offer().get(pk=made.pk)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_archived_application_is_only_read(archived, act):
    bao = UserFactory(staff=True)
    before = Application.objects.filter(pk=archived.pk).values().get()

    with pytest.raises(Refused) as refusal:
        act(archived, bao)

    assert "archived" in refusal.value.codes
    assert Application.objects.filter(pk=archived.pk).values().get() == before
    assert not HistoryEntry.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert Decision.objects.filter(application=archived).count() == 2


def test_archived_application_is_not_restored():
    cancelled = ApplicationFactory(cancelled=True, archived_at=NOW)

    with pytest.raises(Refused) as refusal:
        restore(cancelled, by=UserFactory(staff=True), now=NOW)

    assert "archived" in refusal.value.codes


def test_jobs_leave_archived_applications_alone(archived):
    Application.objects.update(acceptance_due_on=NOW.date() - timedelta(days=1))
    archived.refresh_from_db()

    assert auto_withdraw(archived, now=NOW) is False
    assert remind(archived, now=NOW) is False
    assert Application.objects.get().answer == ""
    assert not OutgoingMail.objects.exists()
