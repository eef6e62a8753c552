"""Mails are not kept for ever."""

from datetime import timedelta

import pytest

from candide.foundation.files.models import StoredFile
from candide.foundation.jobs.registry import find_job
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.factories.files import StoredFileFactory
from tests.factories.mails import NOW, AttachmentFactory, OutgoingMailFactory
from tests.jobs import counted

pytestmark = pytest.mark.django_db


def test_mails_go_after_the_days_set_but_not_those_still_to_be_sent():
    Institution.current()
    Institution.objects.update(mail_days=90)
    old = NOW - timedelta(days=91)
    AttachmentFactory(mail=OutgoingMailFactory(sent=True, queued_at=old), file=StoredFileFactory())
    OutgoingMailFactory(status="failed", queued_at=old)
    waiting = OutgoingMailFactory(queued_at=old)
    recent = OutgoingMailFactory(sent=True, queued_at=NOW - timedelta(days=89))

    assert counted("destroy-mails", now=NOW) == {"mails": 2}

    assert set(OutgoingMail.objects.all()) == {waiting, recent}
    assert StoredFile.objects.unreferenced().count() == 1  # for the cleaning of files
    assert find_job("destroy-mails").destroys
