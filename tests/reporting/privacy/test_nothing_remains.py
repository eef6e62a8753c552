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
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import SET_NULL, CharField, EmailField, JSONField, Model, TextField
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
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.foundation.history.models import HistoryEntry
from candide.foundation.leases.models import Presence
from candide.foundation.runs.models import RunItem
from candide.institution.access.models import Assignment
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import PlaceInLine, User, Visit
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.reporting.exports.models import ExportTemplate
from candide.reporting.privacy.domain.belongings import belongings_of
from candide.reporting.privacy.domain.erasing import erase, forget_farewells
from candide.reporting.privacy.models import ErasedApplication
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

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
MARK = "zqxj"
# What hangs on accounts of staff, which are not erased, or on permissions nobody uses.
OF_STAFF = {Assignment, SavedView, ExportTemplate}
UNUSED = {"auth.User_groups", "accounts.User_groups", "accounts.User_user_permissions"}


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
    kept = {"language", "domain", "code"}
    rows = [(model, found.rows[model]) for model in found.rows]
    rows += [(OutgoingMail, OutgoingMail.objects.values_list("pk", flat=True))]
    rows += [(RunItem, RunItem.objects.values_list("pk", flat=True))]
    others = Download.objects.exclude(title="Others")
    rows += [(Download, others.values_list("pk", flat=True))]
    rows += [(StoredFile, found.files)]
    for model, keys in rows:
        declared = declarations().get(model)
        names = declared.personal if declared else {f.name for f in model._meta.concrete_fields}
        for field in model._meta.concrete_fields:
            if field.name in names - kept and not field.choices and not field.primary_key:
                for key in keys:
                    _plant(model, key, field, next(numbers))
    for file in StoredFile.objects.filter(pk__in=found.files):
        default_storage.delete(file.blob)
        default_storage.save(file.blob, ContentFile(f"{MARK} {file.pk}".encode()))


def _plant(model: type[Model], key: Any, field: Any, number: int) -> None:
    value: Any = f"{MARK}{number:04}"
    if isinstance(field, JSONField):
        value = {"value": value} if isinstance(field.get_default(), dict) else [value]
    elif isinstance(field, EmailField):
        value = f"{value}@example.org"
    elif not isinstance(field, CharField | TextField) or (field.max_length or 99) < 8:
        return
    rows = model._base_manager.filter(pk=key)
    if field.name == "ine":  # whose state says whether there is one
        rows = rows.exclude(ine="")
    rows.update(**{field.name: value})


def where_it_is(files_dir: Path) -> list[str]:
    """Tables and files in which a planted value is."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if any(MARK in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
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
    plant(alix)
    planted = where_it_is(files_dir)
    user = User.objects.get(pk=alix.user_id)
    OutgoingMailFactory(to=user.email, text=MARK)  # about nothing, for nobody in particular
    bystander = CandidateFactory(complete=True)

    erase(user, by=None, now=NOW, with_mail=True)
    OutgoingMail.objects.update(status="sent", sent_at=NOW)
    forget_farewells()

    assert len(planted) > 40
    assert where_it_is(files_dir) == []
    assert User.objects.filter(pk=bystander.user_id).exists()
    assert Download.objects.get().title == "Others"
    assert RunItem.objects.get().says == ""
    assert ErasedApplication.objects.count() == 1
    assert not Visit.objects.filter(account_id=user.pk).exists()
    entries = HistoryEntry.objects.exclude(event=AccountEvent.ERASED)
    assert [entry.data for entry in entries] == [{}]
