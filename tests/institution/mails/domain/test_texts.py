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
    current_words,
    overview,
    preview,
    reset_text,
    save_text,
    stored_text,
    text_blockers,
    text_warnings,
)
from candide.institution.mails.kinds import Text
from candide.institution.mails.models import MailTemplate
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.mails import NOW
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
    save(now, centre=centre, body={"fr": "Bonjour", "en": "Hello"}, is_enabled=False)

    rows = MailTemplate.objects.order_by("pk")
    assert [(row.centre_id, row.is_enabled, row.version) for row in rows] == [
        (None, True, 1),
        (centre.pk, False, 1),
    ]
    assert rows[0].body.data == {"fr": "Bonjour ${prenom}", "en": "Hello ${prenom}"}
    assert (rows[0].updated_at, rows[0].updated_by_id) == (now, BAO.pk)
    written, silenced = HistoryEntry.objects.order_by("pk")
    assert (written.event, written.by_id, written.subject_id) == ("row_changed", 7, rows[0].pk)
    assert written.data["changes"] == {
        "subject": ["", {"fr": "Bienvenue", "en": "Welcome"}],
        "body": ["", {"fr": "Bonjour ${prenom}", "en": "Hello ${prenom}"}],
    }
    assert silenced.data["changes"]["is_enabled"] == [True, False]


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
        ({"fr": "${nom}"}, {"fr": "b"}, []),
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
    """[MAIL-02]"""
    blockers = text_blockers(Invitation, subject=subject, body=body, is_enabled=True)

    assert [(blocker.code, blocker.about) for blocker in blockers] == found


@pytest.mark.parametrize(
    ("subject", "body", "found"),
    [
        ({"fr": "s"}, {"fr": "${prenom} ${etablissement}"}, []),
        ({"fr": "${nom}"}, {"fr": "b"}, [("unknown_variable", "subject:fr")]),
        ({"en": "s"}, {"en": "${nom}"}, [("unknown_variable", "body:en")]),
        ({"fr": "<b>"}, {"fr": "<b>"}, [("html", "body:fr")]),
    ],
)
def test_text_warnings(subject, body, found):
    """What shows nothing, or shows as it is typed, is said and may be saved all the same."""
    warnings = text_warnings(Invitation, subject=subject, body=body)

    assert [(warning.code, warning.about) for warning in warnings] == found


def test_refused_text_says_in_which_language(now):
    with pytest.raises(Refused) as refusal:
        save(now, subject={"en": "s" * 501}, body={"en": "a\n${nom"})

    assert [blocker.message for blocker in refusal.value.blockers] == [
        "English : 500 caractères au plus.",
        "English, ligne 2 : « ${nom » n'est pas compris.",
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


def test_going_back_to_the_first_text_keeps_the_row_and_its_history(now):
    row = save(now, is_enabled=False)

    reset_text(row, by=BAO, now=now)

    row.refresh_from_db()
    assert (row.subject.data, row.body.data, row.is_enabled, row.version) == ({}, {}, False, 2)
    entry = HistoryEntry.objects.order_by("-pk").first()
    assert entry.data["changes"]["subject"] == [{"fr": "Bienvenue", "en": "Welcome"}, {}]


def test_what_is_said_anyway_is_not_stored_and_goes_on_following_it(now):
    centre = ApplicationCentreFactory()
    save(now)

    row = save(
        now,
        centre=centre,
        subject={"fr": "Bienvenue", "en": "Hi"},
        body={"fr": "Bonjour ${prenom}\r\n", "en": "Hello"},
    )
    save(now, subject={"fr": "Salut"}, body={"fr": "Corps"}, version=1)

    assert row.subject.data == {"en": "Hi"}
    said = current_words(Invitation, centre)
    assert (said["fr"].subject, said["en"].subject) == ("Salut", "Hi")
    assert stored_text(Invitation, centre) == row


@pytest.fixture
def invitation(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {"invitation": Invitation})
    Institution.objects.create(pk=1, name="Université d'Essai")


@pytest.mark.usefixtures("invitation")
def test_overview_tells_what_is_sent_and_written_where(now, django_assert_num_queries):
    centre = ApplicationCentreFactory(name="UFR Droit")
    silent = ApplicationCentreFactory(name="UFR Lettres")
    save(now, centre=centre)
    save(now, centre=silent, subject={}, body={}, is_enabled=False)

    with django_assert_num_queries(1):
        (everywhere,) = overview()
    (here,), (there,) = overview(centre), overview(silent)

    assert (everywhere.is_enabled, everywhere.is_changed) == (True, False)
    assert (everywhere.centres, everywhere.silent_centres) == (["UFR Droit"], ["UFR Lettres"])
    assert (here.is_enabled, here.is_changed) == (True, True)
    assert (there.is_enabled, there.is_changed) == (False, False)


@pytest.mark.usefixtures("invitation")
class TestPreview:
    def test_preview_shows_samples(self):
        text = Text("Pour ${prenom}", "${le} ${x} ${etablissement}", "fr")

        shown = preview(Invitation, text)

        assert shown.rendered.subject == "Pour Alix"
        assert shown.rendered.text.startswith("15 mars 2027  Université d'Essai\n\n-- \n")
        assert shown.made_up == ["le", "prenom"]

    def test_preview_shows_what_is_known_and_samples_for_the_rest(self, monkeypatch):
        monkeypatch.setattr(Invitation, "known_values", lambda about: {"prenom": about})
        text = Text("Pour ${prenom}", "{if($le)}${le}{endif($le)}", "en")

        shown = preview(Invitation, text, about="Chris")

        assert shown.rendered.subject == "Pour Chris"
        assert "This mail was sent automatically" in shown.rendered.text
        assert shown.made_up == ["le"]
