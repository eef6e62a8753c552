"""Staff who come in through the institution, and what it says of them [AUTH-03]."""

import pytest
from allauth.socialaccount.models import SocialAccount

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.domain.providers import (
    AttributeNames,
    SignInProvider,
    find_provider,
    providers,
)
from candide.institution.accounts.domain.provisioning import (
    provision,
    staff_account,
    welcome_staff,
)
from candide.institution.accounts.domain.sso import (
    Identity,
    account_of,
    attach,
    link_identity,
    linking_blockers,
    may_sign_in,
)
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.integrations.directory.port import DirectoryPerson
from tests.factories.accounts import UserFactory
from tests.institution.accounts.mailbox import sent
from tests.integrations.cas.server import connect

pytestmark = pytest.mark.django_db
BAO = Identity(
    provider="valmont",
    subject="btran",
    login="btran",
    first_name="Bao",
    last_name="Tran",
    email="bao@univ.example",
    student_number="22301457",
)


@pytest.fixture(autouse=True)
def cas(settings):
    """A CAS server for candidates and staff, beside the OpenID provider for candidates."""
    connect(settings, "http://127.0.0.1:9/")


def bao(**fields):
    values = {"staff": True, "directory_id": "btran", "email": "bao@univ.example"}
    return UserFactory(**{**values, **fields})


def events(user):
    return [entry.event for entry in entries_about(user)]


# -- Who signs people in ---------------------------------------------------------------------------


def test_providers_are_those_of_the_settings(settings):
    settings.OIDC_LABEL = "Mon université"

    assert providers() == [
        SignInProvider(name="institution", label="Mon université", url="http://127.0.0.1:9"),
        SignInProvider(
            name="valmont",
            label="CAS Valmont",
            url="http://127.0.0.1:9/",
            is_cas=True,
            is_for_staff=True,
            names=AttributeNames(login="", first_name="givenName", last_name="sn", email="mail"),
        ),
    ]


def test_without_a_provider_there_is_none(settings):
    settings.OIDC_ISSUER, settings.SIGN_IN = "", []

    assert providers() == []
    assert find_provider("valmont") is None


@pytest.mark.parametrize(
    ("name", "staff", "may"),
    [
        ("institution", False, True),
        ("institution", True, False),
        ("valmont", False, True),
        ("valmont", True, True),
        ("gone", False, False),
    ],
)
def test_providers_sign_in_to_accounts_they_are_meant_for(name, staff, may):
    user = UserFactory(staff=staff)

    assert may_sign_in(user, find_provider(name)) is may


def test_identity_reads_what_is_mapped_and_nothing_else():
    names = AttributeNames(login="", first_name="givenName", last_name="sn", email="mail")
    said = {
        "givenName": "B\0ao\n",
        "sn": "T" * 300,
        "mail": " Bao@Univ.example",
        "is_superuser": "True",
        "is_active": "1",
        "directory_id": "aleroux",
        "subject": "aleroux",
        "login": "aleroux",
        "email": "ada@univ.example",
    }

    identity = Identity.from_claims(said, provider="valmont", subject="btran", names=names)

    assert identity == Identity(
        provider="valmont",
        subject="btran",
        login="btran",
        first_name="Bao",
        last_name="T" * 100,
        email="bao@univ.example",
    )


# -- Whose account it is ---------------------------------------------------------------------------


def test_directory_login_proves_whose_account_of_staff_it_is():
    user = bao(directory_id="BTran")

    assert staff_account(BAO) == user


@pytest.mark.parametrize(
    "identity",
    [
        Identity(provider="institution", subject="btran", login="btran"),
        Identity(provider="valmont", subject="other", login="other"),
        Identity(provider="valmont", subject="btran", login=""),
        Identity(provider="gone", subject="btran", login="btran"),
        Identity(provider="valmont", subject="x", login="x", email="bao@univ.example"),
    ],
    ids=["provider of candidates", "somebody else", "no login", "unknown provider", "address"],
)
def test_nothing_else_proves_it(identity):
    bao()

    assert staff_account(identity) is None


def test_two_logins_that_differ_by_case_prove_nothing():
    bao()
    bao(directory_id="BTRAN", email="other@univ.example")

    assert staff_account(BAO) is None


def test_account_without_a_login_of_the_directory_is_nobodys():
    bao(directory_id="")

    assert staff_account(BAO) is None


def test_what_is_attached_outweighs_the_directory():
    attached = bao(directory_id="", email="a@univ.example")
    attach(attached, Identity(provider="valmont", subject="btran"))
    bao()

    assert staff_account(BAO) == attached


# -- Coming in -------------------------------------------------------------------------------------


def test_first_sign_in_attaches_and_activates(now):
    user = bao(first_name="B.", last_name="T.", activated_at=None)

    kept = welcome_staff(user, BAO, now=now)

    user.refresh_from_db()
    assert (kept.user, kept.provider, kept.uid) == (user, "valmont", "btran")
    assert user.activated_at == now
    assert (user.first_name, user.last_name, user.email) == ("Bao", "TRAN", "bao@univ.example")
    assert (user.student_number, user.is_superuser) == ("", False)
    assert sent() == [("sign-in-changed", "bao@univ.example")]
    assert events(user) == [
        AccountEvent.CHANGED,
        AccountEvent.ACTIVATED,
        AccountEvent.SSO_LINKED,
    ]


def test_second_sign_in_changes_nothing(now):
    user = bao(first_name="Bao", last_name="TRAN")
    welcome_staff(user, BAO, now=now)

    welcome_staff(user, BAO, now=now)

    assert SocialAccount.objects.count() == 1
    assert events(user) == [AccountEvent.SSO_LINKED]


def test_where_a_directory_is_followed_it_alone_says_who_somebody_is(now, settings):
    settings.DIRECTORY = "ldap"
    user = bao(first_name="B.", last_name="T.")

    welcome_staff(user, BAO, now=now)

    user.refresh_from_db()
    assert (user.first_name, user.last_name) == ("B.", "T.")


def test_what_is_not_worth_keeping_is_not_kept(now):
    user = bao(first_name="Bao", last_name="TRAN")
    odd = Identity(
        provider="valmont",
        subject="btran",
        login="btran",
        first_name="http://x.example",
        last_name="<b></b>",
        email="no address",
    )

    welcome_staff(user, odd, now=now)

    user.refresh_from_db()
    assert (user.first_name, user.last_name, user.email) == ("Bao", "TRAN", "bao@univ.example")


def test_address_of_somebody_else_keeps_nobody_out(now):
    UserFactory(email=BAO.email)
    user = bao(email="old@univ.example", first_name="B.")

    welcome_staff(user, BAO, now=now)

    user.refresh_from_db()
    assert (user.email, user.first_name) == ("old@univ.example", "B.")


def test_staff_come_before_the_candidate_they_were(now):
    """AUTH-03: the file number and the password still open the candidate's account."""
    candidate = UserFactory(email="candidate@example.org")
    attach(candidate, BAO)
    user = bao()

    welcome_staff(user, BAO, now=now)

    assert account_of(BAO) == user
    assert events(candidate)[0] == AccountEvent.SSO_LEFT
    assert sent()[1:] == [
        ("sign-in-changed", "candidate@example.org"),
        ("sign-in-changed", "bao@univ.example"),
    ]


# -- Attaching by proof ----------------------------------------------------------------------------


def test_staff_who_are_signed_in_attach_their_sign_in():
    user = bao(directory_id="")

    link_identity(user, BAO, now=None)

    assert account_of(BAO) == user


@pytest.mark.parametrize(
    ("fields", "identity", "codes"),
    [
        ({}, BAO, []),
        ({"directory_id": "other"}, BAO, ["linked_to_another"]),
        ({}, Identity(provider="institution", subject="s"), ["not_for_you"]),
        ({}, Identity(provider="gone", subject="s"), ["not_for_you"]),
    ],
)
def test_linking_blockers_of_staff(fields, identity, codes):
    user = bao(**fields)

    assert [blocker.code for blocker in linking_blockers(user, identity)] == codes


def test_one_account_is_attached_at_several_providers():
    alix = UserFactory()
    attach(alix, Identity(provider="institution", subject="opaque"))

    found = linking_blockers(alix, Identity(provider="valmont", subject="amartin"))

    assert found == []


# -- What the institution says ---------------------------------------------------------------------


def test_what_is_not_said_stays():
    user = bao()

    provision(user, DirectoryPerson(uid="btran", first_name="", last_name="TRAN", email=""))

    fresh = User.objects.get()
    assert (fresh.first_name, fresh.last_name, fresh.email) == ("Alix", "TRAN", "bao@univ.example")


def test_address_of_another_account_is_refused():
    user = bao()
    UserFactory(email="taken@univ.example")
    said = DirectoryPerson(uid="btran", first_name="", last_name="", email="taken@univ.example")

    with pytest.raises(Refused) as refusal:
        provision(user, said)

    assert refusal.value.codes == ["email_taken"]
