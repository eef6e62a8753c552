"""Texts staff write in place of the standard ones."""

from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.db import connection

from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.models import Institution
from candide.institution.mails import kinds as registry
from candide.institution.mails.domain.texts import (
    BODY_LENGTH,
    preview,
    remove_text,
    save_text,
    text_blockers,
)
from candide.institution.mails.models import MailTemplate
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.mails import NOW, MailTemplateFactory
from tests.institution.mails.kinds import Invitation, RequiredInvitation

pytestmark = pytest.mark.django_db

BAO = SimpleNamespace(pk=7)


def save(now, **changes) -> MailTemplate:
    options = {
        "kind": Invitation,
        "centre": None,
        "subject": {"fr": "Bienvenue", "en": "Welcome"},
        "body": {"fr": "Bonjour ${prenom}", "en": "Hello ${prenom}"},
        "is_enabled": True,
        "by": BAO,
        "now": now,
    }
    return save_text(**{**options, **changes})


def test_text_is_saved_for_the_institution_and_for_a_centre(now):
    centre = ApplicationCentreFactory()

    save(now)
    save(now, centre=centre, name="Admis en alternance", is_enabled=False)

    rows = MailTemplate.objects.order_by("pk")
    assert [(row.centre_id, row.name, row.is_enabled, row.version) for row in rows] == [
        (None, "", True, 1),
        (centre.pk, "Admis en alternance", False, 1),
    ]
    assert rows[0].body.data == {"fr": "Bonjour ${prenom}", "en": "Hello ${prenom}"}
    assert (rows[0].updated_at, rows[0].updated_by_id) == (now, BAO.pk)
    events = [(entry.event, entry.data) for entry in HistoryEntry.objects.order_by("pk")]
    assert events == [("mail-text-changed", {"kind": "invitation", "version": 1})] * 2


def test_text_is_changed_from_the_version_that_was_shown(now):
    save(now)

    row = save(now, subject={"fr": "Bonjour"}, body={"fr": "Corps"}, version=1)

    assert (row.version, row.subject.data) == (2, {"fr": "Bonjour"})
    assert MailTemplate.objects.count() == 1


@pytest.mark.parametrize(("exists", "version"), [(True, None), (True, 2), (False, 1)])
def test_text_somebody_else_changed_meanwhile_is_not_overwritten(now, exists, version):
    if exists:
        save(now)
    before = list(MailTemplate.objects.order_by("pk").values())

    with pytest.raises(Refused) as refusal:
        save(now, subject={"fr": "x"}, body={"fr": "x"}, version=version)

    assert refusal.value.codes == ["stale"]
    assert list(MailTemplate.objects.order_by("pk").values()) == before


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_first_texts_at_once_one_is_kept_and_the_other_told():
    start = Barrier(4)
    outcomes = []

    def write():
        try:
            start.wait(10)
            save(NOW)
            outcomes.append("kept")
        except Refused as refusal:
            outcomes.append(refusal.codes[0])
        finally:
            connection.close()

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == ["kept", "stale", "stale", "stale"]
    assert MailTemplate.objects.count() == 1


def test_first_text_that_somebody_else_wrote_at_the_same_moment_refuses(now, monkeypatch):
    save(now)
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda rows: None)

    with pytest.raises(Refused) as refusal:
        save(now)

    assert refusal.value.codes == ["stale"]


@pytest.mark.parametrize(
    ("subject", "body", "found"),
    [
        ({}, {}, []),
        ({"fr": "s"}, {"fr": "${prenom} ${etablissement}"}, []),
        ({"fr": "${nom}"}, {"fr": "b"}, [("unknown_variable", "subject:fr")]),
        ({"en": "s"}, {"en": "${nom}"}, [("unknown_variable", "body:en")]),
        ({"fr": "s"}, {"fr": "{if($prenom)}"}, [("not_closed", "body:fr")]),
        ({"fr": "s"}, {}, [("half_a_text", "subject:fr")]),
        ({}, {"en": "b"}, [("half_a_text", "subject:en")]),
        ({"fr": "s" * 500}, {"fr": "b" * BODY_LENGTH}, []),
        (
            {"fr": "s" * 501},
            {"fr": "b" * (BODY_LENGTH + 1)},
            [("too_long", "subject:fr"), ("too_long", "body:fr")],
        ),
    ],
)
def test_text_blockers(subject, body, found):
    """[MAIL-02]; unknown variables are refused when staff save, not when the mail is sent."""
    blockers = text_blockers(Invitation, subject=subject, body=body, is_enabled=True)

    assert [(blocker.code, blocker.about) for blocker in blockers] == found


def test_refused_text_says_in_which_language(now):
    with pytest.raises(Refused) as refusal:
        save(now, subject={"en": "s" * 501}, body={"en": "${nom}"})

    assert [blocker.message for blocker in refusal.value.blockers] == [
        "English : 500 caractères au plus.",
        "English : La variable ${nom} n'existe pas dans ce mail.",
    ]
    assert MailTemplate.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "is_enabled", "codes"),
    [
        (Invitation, False, []),
        (RequiredInvitation, True, []),
        (RequiredInvitation, False, ["required"]),
    ],
)
def test_mail_without_which_nobody_signs_in_cannot_be_switched_off(kind, is_enabled, codes):
    blockers = text_blockers(kind, subject={}, body={}, is_enabled=is_enabled)

    assert [blocker.code for blocker in blockers] == codes


def test_text_is_removed():
    row = MailTemplateFactory()

    remove_text(row, by=BAO)

    assert MailTemplate.objects.count() == 0
    assert HistoryEntry.objects.get().event == "mail-text-removed"


class TestPreview:
    @pytest.fixture(autouse=True)
    def _registered(self, monkeypatch):
        monkeypatch.setattr(registry, "_kinds", {"invitation": Invitation})
        Institution.objects.create(pk=1, name="Université d'Essai")

    def test_preview_shows_samples(self):
        shown = preview("invitation", subject="Pour ${prenom}", body="${le} ${x}", language="fr")

        assert shown.subject == "Pour Alix"
        assert shown.text.startswith("15 mars 2027\n\n-- \nUniversité d'Essai\n")

    def test_preview_shows_a_real_mail(self):
        shown = preview(
            "invitation",
            subject="Pour ${prenom}",
            body="${etablissement}",
            language="en",
            mail=Invitation(prenom="Chris"),
        )

        assert shown.subject == "Pour Chris"
        assert shown.text.startswith("Université d'Essai\n")
        assert "This mail was sent automatically" in shown.text
