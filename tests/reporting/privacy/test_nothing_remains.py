"""After erasure no value of the person remains: not in a table, a file, the outbox, the search or
the history. A value nobody else has is put into each field that may hold one, of each model that
hangs on an account, and looked for everywhere afterwards."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import (
    SET_NULL,
    BinaryField,
    CharField,
    EmailField,
    JSONField,
    Model,
    TextField,
)
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.test import Client

from candide.admissions.applications.domain.editing import checklist_of
from candide.admissions.applications.models import FormAnswer, SavedView, Snapshot
from candide.admissions.candidates.models import (
    IneClaim,
    InternalStudies,
    MissedFetch,
    PossibleDuplicate,
    SearchKey,
    SectionDraft,
    StudentDocument,
)
from candide.admissions.decisions.models import ReplacedLetter
from candide.admissions.handover.models import DeliveryFile, HandedDocument
from candide.core.personal_data import declarations
from candide.foundation.downloads.models import Download
from candide.foundation.files.models import OriginalFile, StoredFile
from candide.foundation.history.domain.log import log
from candide.foundation.history.models import HistoryEntry
from candide.foundation.leases.models import Presence
from candide.foundation.runs.models import RunItem
from candide.institution.access.models import Assignment
from candide.institution.accounts.domain.journal import note_sign_in
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import PlaceInLine, User, Visit
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import Attachment, OutgoingMail
from candide.institution.tokens.models import KeptAnswer
from candide.reporting.exports.models import ExportTemplate
from candide.reporting.privacy.domain.belongings import belongings_of
from candide.reporting.privacy.domain.erasing import erase, forget_farewells
from candide.reporting.privacy.domain.reading_log import note_together
from candide.reporting.privacy.enums import Opened
from candide.reporting.privacy.models import ErasedApplication
from candide.reporting.webhooks.domain.publishing import PUBLISHED
from candide.reporting.webhooks.models import Delivery
from tests.factories.accounts import MailedLinkFactory, UserFactory
from tests.factories.applications import (
    AnswerFactory,
    ApplicationFactory,
    SubmittedDocumentFactory,
)
from tests.factories.candidates import (
    CandidateFactory,
    ExternalStudiesFactory,
    InternshipFactory,
    WorkExperienceFactory,
)
from tests.factories.corrections import AdditionalDocumentFactory, CorrectionItemFactory
from tests.factories.correspondence import MessageFactory, NoteFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.downloads import DownloadFactory
from tests.factories.files import OriginalFileFactory, StoredFileFactory
from tests.factories.handover import DeliveryFactory, PreEnrolmentFactory, SystemReportFactory
from tests.factories.leases import LeaseFactory
from tests.factories.letters import LetterFactory
from tests.factories.mails import AttachmentFactory, OutgoingMailFactory
from tests.factories.releases import ReleaseRowFactory
from tests.factories.requirements import ExternalFormFactory
from tests.factories.runs import RunFactory, RunItemFactory
from tests.factories.tags import TaggingFactory
from tests.factories.tokens import TokenFactory, bearer
from tests.factories.webhooks import SubscriptionFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
MARK = "zqxj"
KEPT = {"language", "domain", "code"}  # which say nothing of anybody, or are looked up by
# What hangs on accounts of staff, which are not erased, or on permissions nobody uses.
OF_STAFF = {Assignment, SavedView, ExportTemplate}
UNUSED = {"auth.User_groups", "accounts.User_groups", "accounts.User_user_permissions"}
# Fields a value of a person may stand in, of rows that are never a candidate's: what staff set up,
# what Django keeps of itself, and what is declared of nobody.
OF_NOBODY = {
    "access.Assignment",
    "applications.SavedView",
    "auth.Group",
    "auth.Permission",
    "catalogue.Commission",
    "contenttypes.ContentType",
    "django_tasks_database.DBTaskResult",  # names of handlers and ids
    "exports.ExportTemplate",
    "requirements.ExternalForm",
    "runs.Run",  # what staff typed for all in it; what came of each is in its items
    "sessions.Session",  # sessions are visits here
    "socialaccount.SocialApp",
}

# Declared to hold nothing of anybody, and given something all the same, as a mistake might.
BY_HAND = {"history_historyentry", "leases_lease"}


def reachable(model: type[Model], seen: set[type[Model]]) -> set[type[Model]]:
    """Every model of which a row may hang on one of `model`."""
    seen.add(model)
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        if relation.on_delete is not SET_NULL and relation.related_model not in seen:
            reachable(relation.related_model, seen)
    return seen


def somebody() -> Any:
    """Alix, of whom there is something in every model; and an account merged into hers."""
    alix = CandidateFactory(complete=True, ine="1234567890K", ine_state="confirmed")
    user = alix.user
    other = UserFactory(merged_into=user, is_active=False)
    CandidateFactory(user=other)
    for factory in (ExternalStudiesFactory, InternshipFactory, WorkExperienceFactory):
        factory(candidate=alix)
    InternalStudies.objects.create(candidate=alix, year="2026", code="L1", label="Licence")
    StudentDocument.objects.create(
        candidate=alix, sis_code="RN", year="2026", file=StoredFileFactory()
    )
    SectionDraft.objects.create(user=user, section="identity", values={"a": "b"})
    MissedFetch.objects.create(user=user, kind="record", missed_at=NOW, next_attempt_at=NOW)
    SearchKey.objects.create(user=user, kind="name", text="x", head="x", tail="x")
    PossibleDuplicate.objects.create(one=user, other=UserFactory(), reasons=["ine"], found_at=NOW)
    IneClaim.objects.create(candidate=alix, holder=alix, ine="x", made_at=NOW)
    _sign_in(user)
    _apply(alix)
    return alix


def _sign_in(user: Any) -> None:
    PlaceInLine.objects.create(user=user, seen_at=NOW)
    MailedLinkFactory(user=user, purpose="email", email="x@example.org", identity={"uid": "x"})
    address = EmailAddress.objects.create(user=user, email=user.email)
    EmailConfirmation.objects.create(email_address=address, key="x", created=NOW)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    account = SocialAccount.objects.create(user=user, provider="p", uid="x", extra_data={})
    app = SocialApp.objects.create(provider="p", name="p", client_id="p")
    SocialToken.objects.create(account=account, app=app, token="x")
    Client().force_login(user)


def _apply(alix: Any) -> None:
    application = ApplicationFactory(candidate=alix, accepted=True)
    use = SubmittedDocumentFactory(
        application=application,
        version__candidate=alix,
        version__status="submitted",
        version__file=StoredFileFactory(),
    )
    OriginalFileFactory(stored_file=use.version.file)
    AdditionalDocumentFactory(application=application)
    AnswerFactory(application=application)
    FormAnswer.objects.create(
        application=application, form=ExternalFormFactory(), answers={}, received_at=NOW
    )
    CorrectionItemFactory(correction__application=application)
    snapshot = Snapshot.objects.create(
        application=application,
        number=1,
        made_at=NOW,
        data={},
        pdf=StoredFileFactory(),
        receipt=StoredFileFactory(),
    )
    snapshot.documents.add(use.version)
    decision = DecisionFactory(application=application, released=True)
    LetterFactory(decision=decision)
    ReplacedLetter.objects.create(
        decision=decision,
        kind="admission",
        code="ABCD",
        made_at=NOW,
        replaced_at=NOW,
        file=StoredFileFactory(),
    )
    NoteFactory(application=application)
    MessageFactory(application=application)
    ReleaseRowFactory(application=application, letter=StoredFileFactory())
    TaggingFactory(application=application)
    announced = PreEnrolmentFactory(application=application, refused=True)
    for delivery in (DeliveryFactory(), DeliveryFactory()):
        announced.deliveries.add(delivery)
        DeliveryFile.objects.create(delivery=delivery, file=StoredFileFactory())
    HandedDocument.objects.create(
        pre_enrolment=announced, kind="RN", version=use.version, next_attempt_at=NOW
    )
    _copies(alix, application)


def _copies(alix: Any, application: Any) -> None:
    """What speaks of her without pointing at her rows."""
    mail = OutgoingMailFactory(for_user_id=alix.user_id, copy_to="x@example.org", sent=True)
    AttachmentFactory(mail=mail, file=StoredFileFactory())
    OutgoingMailFactory(about_type="applications.application", about_id=application.pk)
    RunItemFactory(run=RunFactory(kind="bulk"), subject_id=application.pk)
    SystemReportFactory(lines=[["missing", application.pk, MARK], ["missing", 0, "Bo"]])
    DownloadFactory(ready=True, keys=(application.pk,))
    DownloadFactory(ready=True, kind="personal-data", asked_by=alix.user, keys=(alix.user_id,))
    DownloadFactory(ready=True, keys=(application.pk + 1000,), title="Others")
    log(application, AccountEvent.CHANGED, by=alix.user, before=MARK)
    LeaseFactory(resource=f"file:{alix.user_id}/address", tab=MARK)
    LeaseFactory(resource=checklist_of(application), owner_id=alix.user_id, tab=MARK)
    Presence.objects.create(resource=checklist_of(application), person_id=3, seen_at=NOW)
    StoredFileFactory(created_by=alix.user)


def plant(alix: Any) -> None:
    """A value of their own in every personal field that holds text, and in every file."""
    numbers = count()
    found = belongings_of(alix.user)
    rows = [(model, found.rows[model]) for model in found.rows]
    rows += [(OutgoingMail, OutgoingMail.objects.values_list("pk", flat=True))]
    rows += [(RunItem, RunItem.objects.values_list("pk", flat=True))]
    others = Download.objects.exclude(title="Others")
    rows += [(Download, others.values_list("pk", flat=True))]
    rows += [(StoredFile, found.files)]
    rows += [(model, model.objects.values_list("pk", flat=True)) for model in (Visit, Attachment)]
    originals = OriginalFile.objects.filter(stored_file__in=found.files)
    rows += [(OriginalFile, originals.values_list("pk", flat=True))]
    for model, keys in rows:
        declared = declarations().get(model)
        names = declared.personal if declared else {f.name for f in model._meta.concrete_fields}
        for field in model._meta.concrete_fields:
            if field.name in names and _may_hold(field):
                for key in keys:
                    _plant(model, key, field, next(numbers))
    for file in StoredFile.objects.filter(pk__in=found.files):
        default_storage.delete(file.blob)
        default_storage.save(file.blob, ContentFile(f"{MARK} {file.pk}".encode()))


def _may_hold(field: Any) -> bool:
    """Whether a value of a person fits in."""
    if field.name in KEPT or field.choices or field.primary_key or field.is_relation:
        return False
    if isinstance(field, JSONField | BinaryField):
        return True
    return isinstance(field, CharField | TextField) and (field.max_length or 99) >= 8


def holding() -> set[str]:
    """Every table that may hold a value of a candidate, of whatever application of Django: a model
    that is added is among them unless it declares all its fields of nobody."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        declared = declarations().get(model)
        fields = model._meta.concrete_fields
        names = declared.personal if declared else {field.name for field in fields}
        may = any(field.name in names and _may_hold(field) for field in fields)
        if may and model._meta.label not in OF_NOBODY:
            found.add(model._meta.db_table)
    return found


def _plant(model: type[Model], key: Any, field: Any, number: int) -> None:
    value: Any = f"{MARK}{number:04}"
    if isinstance(field, JSONField):
        value = {"value": value} if isinstance(field.get_default(), dict) else [value]
    elif isinstance(field, BinaryField):
        value = value.encode()
    elif isinstance(field, EmailField):
        value = f"{value}@example.org"
    rows = model._base_manager.filter(pk=key)
    if field.name == "ine":  # whose state says whether there is one
        rows = rows.exclude(ine="")
    rows.update(**{field.name: value})


def go_on(application: Any) -> None:
    """What happens afterwards makes copies too: a program writes, others are called, mails go."""
    for event in PUBLISHED:
        log(application, event)
    response = Client().post(
        f"/api/v1/applications/{application.pk}/status/",
        {"status": "received"},
        "application/json",
        headers={**bearer(TokenFactory()), "Idempotency-Key": "k"},
    )
    assert response.status_code == 200, response.content
    reader = UserFactory(staff=True)
    note_together([application.pk], reader=reader, opened=Opened.EXPORT, now=NOW)
    note_sign_in(application.candidate.user, way="password")


def tables_it_is_in() -> set[str]:
    return {name for name in _tables() if _is_in(name)}


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def _is_in(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return any(MARK in _as_text(value) for row in cursor.fetchall() for value in row)


def _as_text(value: Any) -> str:
    is_bytes = isinstance(value, bytes | memoryview)
    return bytes(value).decode("latin-1") if is_bytes else str(value)


def where_it_is(files_dir: Path) -> list[str]:
    """Tables and files in which a planted value is."""
    found = sorted(tables_it_is_in())
    paths = [path for path in files_dir.rglob("*") if path.is_file()]
    found += [path.name for path in paths if MARK.encode() in path.read_bytes()]
    return found


def test_something_hangs_on_the_person_in_every_model():
    """A model that is added fails here, until the test below has a row of it."""
    alix = somebody()

    wanted = {model for model in reachable(User, set()) if model not in OF_STAFF}
    wanted = {model for model in wanted if model._meta.label not in UNUSED}
    found = belongings_of(alix.user)
    assert {model._meta.label for model in wanted if not found.rows.get(model)} == set()


@pytest.mark.django_db(transaction=True)
def test_no_value_of_the_person_remains(files_dir):
    """B-160: in no table, file, mail, search or history."""
    Institution.current()
    alix = somebody()
    SubscriptionFactory()
    plant(alix)
    go_on(alix.applications.get())
    planted = where_it_is(files_dir)
    user = User.objects.get(pk=alix.user_id)
    OutgoingMailFactory(to=user.email, text=MARK)  # about nothing, for nobody in particular
    bystander = CandidateFactory(complete=True)

    erase(user, by=None, now=NOW, with_mail=True)
    OutgoingMail.objects.update(status="sent", sent_at=NOW)
    forget_farewells()

    # In every table that may hold one, and in none that is declared to hold none.
    tables = {name for name in planted if name in _tables()} - BY_HAND
    assert (sorted(holding() - tables), sorted(tables - holding())) == ([], [])
    assert Delivery.objects.count() == len(PUBLISHED) + 1
    assert KeptAnswer.objects.count() == 1
    assert where_it_is(files_dir) == []
    assert User.objects.filter(pk=bystander.user_id).exists()
    assert Download.objects.get().title == "Others"
    assert RunItem.objects.get().says == ""
    assert ErasedApplication.objects.count() == 1
    assert not Visit.objects.filter(account_id=user.pk).exists()
    entries = HistoryEntry.objects.exclude(event=AccountEvent.ERASED)
    assert {str(entry.data) for entry in entries} == {"{}"}
