"""Creating an account [ACC-01…12]."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import QuerySet

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.domain import creation
from candide.institution.accounts.domain.activation import activate
from candide.institution.accounts.domain.creation import (
    NewAccount,
    create_account,
    creation_blockers,
)
from candide.institution.accounts.domain.identifiers import reset_password
from candide.institution.accounts.domain.sso import Identity
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import IssuedFileNumber, MailedLink, User
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalogue import CampaignFactory
from tests.institution.accounts.mailbox import last_secret, last_text, sent

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ALIX = Identity(provider="institution", subject="amartin", first_name="Alix")


@pytest.fixture(autouse=True)
def campaign():
    return CampaignFactory()


def typed(**others):
    values = {
        "last_name": "d'Ormesson ",
        "first_name": "Ève",
        "email": "Eve@Example.org",
        "password": PASSWORD,
        "language": "fr",
    }
    return NewAccount(**{**values, **others})


def test_account_is_created_as_typed(now):
    create_account(typed(next_page="/offre/droit/", notice_version="abc"), now=now)

    user = User.objects.get()
    assert (user.last_name, user.first_name, user.email) == (
        "D'ORMESSON",
        "Ève",
        "eve@example.org",
    )
    assert user.check_password(PASSWORD)
    assert user.awaits_activation
    assert user.notice_version == "abc"
    assert user.activation_due_at == datetime(2027, 3, 20, 23, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert list(IssuedFileNumber.objects.values_list("pk", flat=True)) == [user.file_number]
    assert MailedLink.objects.get().next_page == "/offre/droit/"
    assert [entry.event for entry in entries_about(user)] == [AccountEvent.CREATED]


def test_mail_gives_the_login_the_link_and_the_last_day(now):
    create_account(typed(), now=now)

    text = last_text("account-created")
    assert sent() == [("account-created", "eve@example.org")]
    assert User.objects.get().file_number in text
    assert "20 mars 2027 à 23 h 00, heure de Paris" in text
    assert PASSWORD not in text
    assert "copiez l'adresse ci-dessus et collez-la dans votre navigateur" in text
    assert last_secret("account-created") not in str(MailedLink.objects.values())


def test_there_are_as_many_days_to_activate_as_the_institution_says(now):
    """A-018."""
    Institution.objects.update_or_create(pk=1, defaults={"activation_days": 9})

    create_account(typed(), now=now)

    until = datetime(2027, 3, 24, 23, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert (User.objects.get().activation_due_at, MailedLink.objects.get().expires_at) == (
        until,
        until,
    )
    assert "24 mars 2027 à 23 h 00, heure de Paris" in last_text("account-created")


def test_mail_is_in_the_language_of_the_page(now):
    create_account(typed(language="en"), now=now)

    assert "Your file number is" in last_text("account-created")


@pytest.mark.parametrize(
    ("dates", "codes"),
    [
        ({}, []),
        ({"candidates_until": date(2027, 3, 15)}, []),
        ({"candidates_until": date(2027, 3, 14)}, ["no_campaign"]),
        ({"ends_on": date(2027, 3, 14)}, ["no_campaign"]),
        ({"starts_on": date(2027, 3, 16)}, ["no_campaign"]),
        ({"is_active": False}, ["no_campaign"]),
    ],
)
def test_creation_blockers_by_campaign(campaign, now, dates, codes):
    """CAMP-02, CAMP-03."""
    for name, value in dates.items():
        setattr(campaign, name, value)
    campaign.save()

    assert [b.code for b in creation_blockers(today=now.date())] == codes


def test_people_from_outside_may_be_kept_out(now):
    Institution.objects.update_or_create(pk=1, defaults={"has_local_accounts": False})

    assert [b.code for b in creation_blockers(today=now.date())] == ["only_through_sso"]


def test_refused_creation_changes_nothing(campaign, now):
    campaign.delete()

    with pytest.raises(Refused):
        create_account(typed(), now=now)

    assert (User.objects.count(), IssuedFileNumber.objects.count(), sent()) == (0, 0, [])


def test_known_address_creates_nothing_and_tells_its_owner(now):
    alix = UserFactory(email="eve@example.org")

    create_account(typed(), now=now)

    alix.refresh_from_db()
    assert User.objects.get() == alix
    assert alix.last_name == "MARTIN"
    assert sent() == [("account-exists", "eve@example.org")]
    assert alix.file_number in last_text("account-exists")
    assert MailedLink.objects.count() == 0


def test_address_of_an_account_out_of_service_is_told_too(now):
    UserFactory(email="eve@example.org", not_activated=True, out_of_service=True)

    create_account(typed(), now=now)

    assert sent() == [("account-exists", "eve@example.org")]


def test_account_never_activated_starts_afresh_with_what_was_typed_last(now):
    create_account(typed(first_name="Faute"), now=now)
    number = User.objects.get().file_number
    first = MailedLink.objects.get().digest

    create_account(typed(password="Autre-Mot-77!"), now=now + DAY)

    user = User.objects.get()
    assert (user.first_name, user.file_number) == ("Ève", number)
    assert not user.has_usable_password()
    assert user.activation_due_at == datetime(2027, 3, 21, 23, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert MailedLink.objects.get().digest != first
    assert [kind for kind, _ in sent()] == ["account-created", "account-created"]
    assert IssuedFileNumber.objects.count() == 1


def test_who_typed_the_address_of_somebody_else_has_no_password_to_their_account(now):
    create_account(typed(password="Mot-de-la-victime-1!"), now=now)
    create_account(typed(password="Mot-de-l-intrus-1!"), now=now + DAY)
    secret = last_secret("account-created")

    done = activate(secret, now=now + DAY)
    reset_password(done.password_secret, password="Choisi-par-elle-1!", now=now + DAY)

    user = User.objects.get()
    assert user.check_password("Choisi-par-elle-1!")
    assert not user.check_password("Mot-de-l-intrus-1!")


def test_form_sent_twice_leaves_the_first_mail_the_good_one(now):
    create_account(typed(), now=now)
    link = MailedLink.objects.get()

    create_account(typed(), now=now + timedelta(seconds=1))

    assert MailedLink.objects.get().digest == link.digest
    assert sent() == [("account-created", "eve@example.org")]


def test_form_of_an_account_that_starts_afresh_sent_twice_is_the_same(now):
    create_account(typed(), now=now)
    create_account(typed(), now=now + DAY)
    link = MailedLink.objects.get()

    create_account(typed(), now=now + DAY + timedelta(seconds=1))

    assert MailedLink.objects.get().digest == link.digest
    assert len(sent()) == 2


def test_form_sent_again_through_the_institution_is_not_the_same(now):
    """The first link would attach whom the institution signed in before, or nobody."""
    create_account(typed(password=None), now=now, identity=ALIX)

    create_account(typed(), now=now + timedelta(seconds=1))

    assert MailedLink.objects.get().identity == {}
    assert len(sent()) == 2


def test_form_sent_again_with_another_password_is_not_the_same(now):
    create_account(typed(), now=now)

    create_account(typed(password="Autre-Mot-77!"), now=now + timedelta(seconds=1))

    assert not User.objects.get().has_usable_password()
    assert len(sent()) == 2


def test_address_taken_between_the_look_and_the_writing_is_a_known_one(now, monkeypatch):
    alix = UserFactory(email="eve@example.org")
    exists = QuerySet.exists
    monkeypatch.setattr(
        QuerySet, "exists", lambda self: False if self.model is User else exists(self)
    )

    create_account(typed(), now=now)

    assert User.objects.get() == alix
    assert IssuedFileNumber.objects.count() == 0
    assert sent() == [("account-exists", "eve@example.org")]


def test_password_is_hashed_whether_the_address_is_known_or_not(now, monkeypatch):
    """Otherwise the time of the answer would tell [ACC-04]."""
    hashed = []
    monkeypatch.setattr(creation, "make_password", lambda raw: hashed.append(raw) or "x")
    UserFactory(email="known@example.org")

    create_account(typed(email="known@example.org"), now=now)
    create_account(typed(email="unknown@example.org"), now=now)

    assert hashed == [PASSWORD, PASSWORD]
