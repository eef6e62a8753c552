"""Those who work here as the directory knows them: found, followed, and out when they left."""

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.access import jobs
from candide.institution.access.domain.directory import follow, followed, read, search
from candide.institution.access.domain.giving import Right, add_person
from candide.institution.access.enums import Capability
from candide.institution.access.scope import is_staff_member
from candide.institution.accounts.domain.closing import reopen_account
from candide.institution.accounts.domain.invitation import Colleague
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.integrations.directory.demonstration import DemonstrationDirectory
from candide.integrations.directory.none import NoDirectory
from candide.integrations.directory.port import DirectoryPerson, Unavailable
from tests.factories.access import AssignmentFactory, RoleProfileFactory, ada
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def person(uid, last_name="ROY", email=""):
    return DirectoryPerson(
        uid=uid, first_name="Eve", last_name=last_name, email=email or f"{uid}@univ.example"
    )


def colleague(uid="", **fields):
    """Somebody with a role, followed as `uid`."""
    role = RoleProfileFactory(grants={Capability.VIEW_APPLICATIONS: True})
    return AssignmentFactory(
        role=role, user=UserFactory(staff=True, directory_id=uid, **fields)
    ).user


def again(user):
    return User.objects.get(pk=user.pk)


def last_event(user):
    return entries_about(user).first().event


# -- Searching -------------------------------------------------------------------------------------


def test_search_says_who_has_an_account():
    eve, dan = person("eve"), person("dan")
    account = UserFactory(staff=True, email=eve.email)

    assert search("roy", directory=DemonstrationDirectory([eve, dan])) == [
        (dan, None),
        (eve, account),
    ]


def test_one_letter_is_not_searched():
    with pytest.raises(Refused) as refusal:
        search(" r ", directory=DemonstrationDirectory())

    assert refusal.value.codes == ["too_short"]


def test_without_a_directory_nobody_is_found_and_nobody_is_gone():
    assert NoDirectory().search("roy") == []
    for asked in (NoDirectory().by_uid, NoDirectory().by_email):
        with pytest.raises(Unavailable):
            asked(["x"])


# -- Adding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_account", [False, True])
def test_who_is_added_from_the_directory_is_followed(now, has_account):
    Institution.current()
    admin, role = ada(), RoleProfileFactory(grants={Capability.VIEW_APPLICATIONS: True})
    if has_account:
        UserFactory(staff=True, email="eve@univ.example")
    eve = Colleague(
        email="eve@univ.example",
        first_name="Eve",
        last_name="ROY",
        language="fr",
        directory_id="eve",
    )

    added = add_person(eve, Right(role=role), by=admin, now=now)

    assert again(added).directory_id == "eve"


# -- Following -------------------------------------------------------------------------------------


def test_name_and_address_follow_the_directory():
    eve = colleague("eve", last_name="DURAND", email="old@univ.example")

    follow(eve, person("eve"))

    eve = again(eve)
    assert (eve.first_name, eve.last_name, eve.email) == ("Eve", "ROY", "eve@univ.example")
    entry = entries_about(eve).first()
    assert (entry.event, entry.by_id) == (AccountEvent.CHANGED, None)
    assert set(entry.data["fields"]) == {"first_name", "last_name", "email"}


def test_what_is_as_the_directory_says_leaves_no_trace():
    eve = colleague("eve", first_name="Eve", last_name="ROY", email="eve@univ.example")

    follow(eve, person("eve"))

    assert not entries_about(eve).exists()


def test_who_left_has_no_rights_any_more_and_no_session():
    ada()
    eve = colleague("eve")

    follow(eve, None)

    eve = again(eve)
    assert (eve.is_active, is_staff_member(eve), eve.session_epoch) == (False, False, 1)
    assert last_event(eve) == AccountEvent.LEFT
    follow(eve, None)  # a second run in the same night
    assert entries_about(eve).count() == 1


def test_who_is_the_last_to_give_rights_is_not_closed_out():
    last = ada(directory_id="ada")

    with pytest.raises(Refused) as refusal:
        follow(last, None)

    assert (refusal.value.codes, again(last).is_active) == (["last_manager"], True)


def test_address_of_another_account_is_not_taken():
    eve = colleague("eve", email="old@univ.example")
    UserFactory(email="eve@univ.example")

    with pytest.raises(Refused) as refusal:
        follow(eve, person("eve"))

    assert (refusal.value.codes, again(eve).email) == (["email_taken"], "old@univ.example")


def test_who_was_there_before_the_directory_is_found_by_address():
    eve, unknown = colleague(email="eve@univ.example"), colleague(email="zoe@ailleurs.example")

    said = read([eve, unknown], directory=DemonstrationDirectory([person("eve")]))
    follow(eve, said[eve.pk])

    assert set(said) == {eve.pk}
    assert (again(eve).directory_id, last_event(eve)) == ("eve", AccountEvent.FOLLOWED)


def test_two_accounts_are_not_the_same_person():
    eve, double = colleague("eve", email="old@univ.example"), colleague(email="eve@univ.example")

    assert set(read([eve, double], directory=DemonstrationDirectory([person("eve")]))) == {eve.pk}


@pytest.mark.parametrize(("left", "is_refused"), [(3, False), (4, True)])
def test_directory_that_forgets_many_at_once_closes_nobody(left, is_refused):
    accounts = [colleague(f"u{number}") for number in range(5)]
    there = DemonstrationDirectory([person(f"u{number}") for number in range(left, 5)])

    try:
        said = read(accounts, directory=there)
    except Refused as refusal:
        found = refusal.codes
    else:
        found = [None] * sum(each is None for each in said.values())

    assert found == (["too_many_left"] if is_refused else [None] * left)


def test_staff_alone_are_followed():
    eve = colleague("eve")
    colleague("gone", is_active=False)
    AssignmentFactory(user=UserFactory(), role=RoleProfileFactory())  # a candidate who also works
    UserFactory(staff=True)

    assert followed() == [eve]


def test_who_is_opened_again_by_hand_is_no_longer_followed():
    admin, eve = ada(), colleague("eve")
    follow(eve, None)

    reopen_account(eve, by=admin)

    eve = again(eve)
    assert (eve.is_active, eve.directory_id) == (True, "")
    assert read([eve], directory=DemonstrationDirectory([])) == {}


# -- The job ---------------------------------------------------------------------------------------


class Run:
    """What a job is given: acts on each row at once."""

    def __init__(self):
        self.rows = []

    def each(self, rows, act):
        for row in rows:
            self.rows.append(row)
            act(row)


def test_job_follows_everybody_the_directory_speaks_of(now, monkeypatch):
    ada(email="ada@ailleurs.example")
    eve, dan = colleague("eve"), colleague("dan")
    there = DemonstrationDirectory([person("eve")])
    monkeypatch.setattr(jobs.directories, "current", lambda: there)
    run = Run()

    jobs.follow_directory(now, run)

    assert run.rows == [eve, dan]
    assert [again(each).is_active for each in (eve, dan)] == [True, False]


def test_job_without_a_directory_does_nothing(now, monkeypatch):
    colleague("eve")
    monkeypatch.setattr(jobs.directories, "current", NoDirectory)
    run = Run()

    jobs.follow_directory(now, run)

    assert run.rows == []
