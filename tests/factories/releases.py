"""Releases of the frozen day (see catalogue.py)."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from candide.admissions.releases import models
from candide.admissions.releases.enums import ReleaseState, RowState
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.runs import RunFactory

DAY = date(2027, 3, 15)
PLANNED_FOR = datetime(2027, 3, 15, 16, 0, tzinfo=UTC)
DONE_AT = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


class ReleaseFactory(DjangoModelFactory):
    """Prepared, to be released on the frozen day. Its programmes are those of the rows a test
    makes: it says them."""

    class Meta:
        model = models.Release

    class Params:
        planned = factory.Trait(
            state=ReleaseState.PLANNED,
            planned_for=PLANNED_FOR,
            planned_by=factory.SelfAttribute("created_by"),
        )
        done = factory.Trait(
            state=ReleaseState.DONE,
            planned_for=DONE_AT,
            planned_by=factory.SelfAttribute("created_by"),
            done_at=DONE_AT,
        )

    run = factory.SubFactory(RunFactory, done=True, kind="release")
    day = DAY
    created_at = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)
    created_by = factory.SubFactory(UserFactory, staff=True)


class ReleaseRowFactory(DjangoModelFactory):
    """A prepared row, with its mail."""

    class Meta:
        model = models.ReleaseRow

    release = factory.SubFactory(ReleaseFactory)
    application = factory.SubFactory(ApplicationFactory, complete=True, has_draft_decision=True)
    position = factory.Sequence(lambda n: n + 1)
    state = RowState.PREPARED
    says = "Avis favorable"
    fingerprint = "0" * 64
    language = "fr"
    has_mail = True
    subject = "Votre candidature : avis favorable"
    text = "Bonjour,\n\nla commission vous a admis.\n"
    html = "<p>Bonjour,</p><p>la commission vous a admis.</p>"
