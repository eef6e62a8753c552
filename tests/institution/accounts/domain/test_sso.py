"""The sign-in of the institution and our accounts [ACC-03, ACC-15]."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount

from candide.config.providers import USUAL
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.domain.activation import Activated, activate
from candide.institution.accounts.domain.creation import NewAccount, create_account
from candide.institution.accounts.domain.identifiers import reset_password
from candide.institution.accounts.domain.providers import AttributeNames
from candide.institution.accounts.domain.sso import (
    Identity,
    account_of,
    attach,
    identity_blockers,
    link_identity,
    linking_blockers,
    note_student,
    note_student_number,
)
from candide.institution.accounts.enums import AccountEvent, LinkPurpose
from candide.institution.accounts.models import MailedLink, User
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalogue import CampaignFactory
from tests.institution.accounts.mailbox import last_secret, sent

pytestmark = pytest.mark.django_db
DIRECTORY = {
    "name": "valmont",
    "kind": "cas",
    "label": "CAS Valmont",
    "url": "https://cas.univ.example/",
    "audience": ["candidates", "staff"],
    "names": USUAL["cas"],
}
ALIX = Identity(
    provider="institution", subject="amartin", first_name="Alix", student_number="22301457"
)


def typed(email="alix@example.org", password=None, next_page=""):
    return NewAccount(
        last_name="Martin",
        first_name="Alix",
        email=email,
        password=password,
        language="fr",
        next_page=next_page,
    )


@pytest.fixture
def campaign():
    return CampaignFactory()


def test_identity_from_claims_keeps_what_fits():
    claims = {
        "given_name": " Alix ",
        "family_name": "M" * 300,
        "email": "Alix@Example.org",
        "supannEtuId": 22301457,
        "picture": "https://example.org/x.png",
        "birthdate": None,
    }

    identity = Identity.from_claims(
        claims, provider="institution", subject="s", names=AttributeNames()
    )

    assert identity == Identity(
        provider="institution",
        subject="s",
        first_name="Alix",
        last_name="M" * 100,
        email="alix@example.org",
        student_number="22301457",
    )


def test_claims_of_another_shape_are_left_out():
    claims = {"given_name": ["Alix"], "family_name": {"x": 1}, "email": None}

    identity = Identity.from_claims(
        claims, provider="institution", subject="s", names=AttributeNames()
    )

    assert identity == Identity(provider="institution", subject="s")


def test_identity_is_attached_only_once_the_mailbox_is_proved(campaign, now):
    create_account(typed(), now=now, identity=ALIX)
    before = account_of(ALIX)

    done = activate(last_secret("account-created"), now=now, identity=ALIX)

    user = User.objects.get()
    assert before is None
    assert account_of(ALIX) == user
    assert user.student_number == "22301457"
    assert not user.has_local_password
    assert done == Activated(user=user, next_page="")
    assert sent()[1:] == [("sign-in-changed", "alix@example.org")]
    assert [entry.event for entry in entries_about(user)] == [
        AccountEvent.ACTIVATED,
        AccountEvent.SSO_LINKED,
        AccountEvent.CREATED,
    ]


@pytest.mark.parametrize(
    "who_activates",
    [
        None,
        Identity(provider="institution", subject="other"),
        Identity(provider="elsewhere", subject="amartin"),
    ],
)
def test_identity_is_attached_only_by_the_person_it_is_of(campaign, now, who_activates):
    """Otherwise whoever types the address of somebody who is about to activate gets in as them."""
    create_account(typed(password=PASSWORD), now=now)
    create_account(typed(), now=now + timedelta(hours=1), identity=ALIX)

    activate(last_secret("account-created"), now=now, identity=who_activates)

    user = User.objects.get()
    assert user.activated_at == now
    assert user.student_number == ""
    assert SocialAccount.objects.count() == 0
    assert [kind for kind, _ in sent()] == ["account-created"] * 2


def test_identity_that_did_not_ask_for_the_account_is_not_attached(campaign, now):
    create_account(typed(password=PASSWORD), now=now)

    activate(last_secret("account-created"), now=now, identity=ALIX)

    assert SocialAccount.objects.count() == 0


def test_who_activates_without_their_identity_chooses_a_password_at_once(campaign, now):
    """Otherwise nobody could sign in: no password was typed, and nothing is attached."""
    create_account(typed(next_page="/offre/"), now=now, identity=ALIX)

    done = activate(last_secret("account-created"), now=now)
    reset_password(done.password_secret, password=PASSWORD, now=now)

    user = User.objects.get()
    link = MailedLink.objects.get(purpose=LinkPurpose.PASSWORD)
    assert (done.user, done.next_page, link.next_page) == (user, "/offre/", "/offre/")
    assert user.check_password(PASSWORD)


def test_who_typed_a_password_need_not_choose_one(campaign, now):
    create_account(typed(password=PASSWORD), now=now, identity=ALIX)

    done = activate(last_secret("account-created"), now=now)

    assert done == Activated(user=User.objects.get(), next_page="")


def test_account_through_the_door_may_have_a_password(campaign, now):
    create_account(typed(password=PASSWORD), now=now, identity=ALIX)

    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.has_local_password


def test_account_without_password_cannot_be_signed_in_to(campaign, now):
    create_account(typed(), now=now, identity=ALIX)

    user = User.objects.get()
    assert not user.has_usable_password()
    assert not user.check_password("")


def test_door_is_open_though_people_from_outside_are_kept_out(campaign, now):
    Institution.objects.update_or_create(pk=1, defaults={"has_local_accounts": False})

    create_account(typed(), now=now, identity=ALIX)

    assert User.objects.count() == 1


def test_typed_address_attaches_nothing_to_the_account_that_has_it(campaign, now):
    """Linking needs proof, never a typed identifier."""
    UserFactory(email="victim@example.org")

    create_account(typed(email="victim@example.org"), now=now, identity=ALIX)

    assert SocialAccount.objects.count() == 0
    assert sent() == [("account-exists", "victim@example.org")]


def test_one_person_has_one_account(campaign, now):
    """ACC-15: also when the second was asked for before the first was activated."""
    create_account(typed(email="one@example.org"), now=now, identity=ALIX)
    first = last_secret("account-created")
    create_account(typed(email="two@example.org"), now=now, identity=ALIX)
    second = last_secret("account-created")
    activate(first, now=now, identity=ALIX)

    with pytest.raises(Refused) as refusal:
        activate(second, now=now, identity=ALIX)

    assert refusal.value.codes == ["has_account"]
    assert User.objects.get(email="two@example.org").activated_at is None


def test_person_with_an_account_creates_no_other(campaign, now):
    holder = UserFactory()
    attach(holder, ALIX)

    with pytest.raises(Refused) as refusal:
        create_account(typed(), now=now, identity=ALIX)

    assert refusal.value.codes == ["has_account"]
    assert sent() == [("sign-in-changed", holder.email)]
    assert User.objects.get() == holder


def test_student_number_of_another_account_blocks():
    UserFactory(student_number="22301457")

    assert [b.code for b in identity_blockers(ALIX)] == ["student_number_taken"]


def test_identity_attached_at_the_very_moment_is_refused(monkeypatch):
    attach(UserFactory(), ALIX)
    monkeypatch.setattr(
        "candide.institution.accounts.domain.sso.identity_blockers", lambda *_, **__: []
    )

    with pytest.raises(Refused) as refusal:
        attach(UserFactory(), ALIX)

    assert refusal.value.codes == ["has_account"]


@pytest.mark.parametrize(
    ("person", "codes"),
    [
        ({}, []),
        ({"student_number": "22301457"}, []),
        ({"student_number": "99"}, ["other_student"]),
        ({"staff": True}, ["not_for_you"]),
    ],
)
def test_linking_blockers(person, codes):
    assert [b.code for b in linking_blockers(UserFactory(**person), ALIX)] == codes


def test_account_attached_to_somebody_else_is_not_attached_again():
    alix = UserFactory()
    attach(alix, Identity(provider="institution", subject="other"))

    assert [b.code for b in linking_blockers(alix, ALIX)] == ["linked_to_another"]


def test_linking_attaches_and_tells(now):
    alix = UserFactory()

    link_identity(alix, ALIX, now=now)
    link_identity(alix, ALIX, now=now)  # a second click changes nothing

    assert account_of(ALIX) == alix
    assert sent() == [("sign-in-changed", alix.email)]


def test_refused_linking_changes_nothing(now):
    holder = UserFactory()
    attach(holder, ALIX)
    chris = UserFactory()

    with pytest.raises(Refused) as refusal:
        link_identity(chris, ALIX, now=now)

    assert refusal.value.codes == ["has_account"]
    assert chris.socialaccount_set.count() == 0
    assert sent() == [("sign-in-changed", holder.email)]


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [("", "22", "22"), ("11", "22", "11"), ("", "", ""), ("", "taken", "")],
)
def test_note_student_number(before, told, after):
    UserFactory(student_number="taken")
    alix = UserFactory(student_number=before)

    note_student_number(alix, told)

    alix.refresh_from_db()
    assert alix.student_number == after


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"login": "clemartin"}, ("", "clemartin")),
        ({"login": "clemartin", "student_number": "22"}, ("22", "")),
        ({}, ("", "")),
    ],
)
def test_login_is_kept_where_no_student_number_is_given(settings, told, kept):
    settings.SIGN_IN = [DIRECTORY]
    alix = UserFactory()

    note_student(alix, Identity(provider="valmont", subject="x", **told))

    alix.refresh_from_db()
    assert (alix.student_number, alix.student_login) == kept


@pytest.mark.parametrize("provider", ["valmont", "institution", "nobody"])
def test_login_that_is_not_of_the_directory_finds_no_student(settings, provider):
    """People may have chosen it themselves."""
    settings.SIGN_IN = [{**DIRECTORY, "audience": ["candidates"]}]
    alix = UserFactory()

    note_student(alix, Identity(provider=provider, subject="x", login="clemartin"))

    assert alix.student_login == ""


def test_login_of_staff_finds_no_student(settings):
    settings.SIGN_IN = [DIRECTORY]
    bao = UserFactory(staff=True)

    note_student(bao, Identity(provider="valmont", subject="x", login="btran"))

    assert bao.student_login == ""
