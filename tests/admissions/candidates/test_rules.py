"""Who may see and change a file: role × whose file."""

import pytest
from django.contrib.auth.models import AnonymousUser

from candide.admissions.candidates.models import Candidate, Internship
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory, InternshipFactory
from tests.factories.catalogue import ApplicationCentreFactory


@pytest.fixture
def people(db):
    """Alix applied in Bao's centre; Chris has another; Dana administers; Eden is a candidate."""
    roles = create_starter_roles()
    alix = CandidateFactory()
    application = ApplicationFactory(candidate=alix)
    centre = application.intake.programme.commission.centre
    bao, chris, dana = (UserFactory(staff=True) for _each in range(3))
    Assignment.objects.create(user=bao, role=roles["manager"], centre=centre)
    Assignment.objects.create(user=chris, role=roles["manager"], centre=ApplicationCentreFactory())
    Assignment.objects.create(user=dana, role=roles["administrator"])
    eden = CandidateFactory()
    return {"alix": alix, "bao": bao, "chris": chris, "dana": dana, "eden": eden}


@pytest.mark.parametrize(
    ("who", "sees", "edits", "enters"),
    [
        ("alix", True, True, True),
        ("eden", False, False, True),
        ("bao", True, False, False),
        ("chris", False, False, False),
        ("dana", True, False, False),
    ],
)
def test_who_may_what_with_the_file_of_alix(people, who, sees, edits, enters):
    alix = people["alix"]
    user = getattr(people[who], "user", people[who])

    assert user.has_perm("candidates.view", alix) is sees
    assert user.has_perm("candidates.edit", alix) is edits
    assert user.has_perm("candidates.edit_own") is enters
    visible = Candidate.objects.visible_to(user)
    assert visible.filter(pk=alix.pk).exists() is sees


@pytest.mark.parametrize(
    ("who", "count"), [("alix", 1), ("eden", 1), ("bao", 1), ("chris", 0), ("dana", 2)]
)
def test_lines_follow_their_file(people, who, count):
    for name in ("alix", "eden"):
        InternshipFactory(candidate=people[name])
    user = getattr(people[who], "user", people[who])

    assert Internship.objects.visible_to(user).count() == count


def test_nobody_sees_without_signing_in(people):
    assert list(Candidate.objects.visible_to(AnonymousUser())) == []


def test_member_of_staff_does_not_edit_an_own_file(people):
    """AUTH-03: staff are never treated as candidates."""
    alix = people["alix"]
    Assignment.objects.create(user=alix.user, role=people["dana"].assignments.get().role)
    user = type(alix.user).objects.get(pk=alix.user.pk)

    assert user.has_perm("candidates.edit", alix) is False


def test_candidates_know_of_their_own_account_alone(people):
    eden = CandidateFactory().user

    assert list(User.objects.visible_to(eden)) == [eden]
