"""The student whom the institution signed in under a login, without a student number."""

import pytest

from candide.admissions.candidates.domain.student_import import import_student, signed_in_student
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Refused
from candide.institution.accounts.domain import sso
from tests.factories.accounts import UserFactory


def test_student_is_found_by_login_where_the_institution_gave_no_number(clementine):
    """Issue 4, item 2."""
    assert signed_in_student(UserFactory(student_login="clemartin")) == clementine.student
    assert signed_in_student(UserFactory(student_login="nobody")) is None


def test_number_the_institution_gave_decides_before_the_login(clementine):
    user = UserFactory(student_number="unknown", student_login="clemartin")

    assert signed_in_student(user) is None


def test_student_of_another_account_is_not_found_by_login(clementine):
    UserFactory(student_number=clementine.student.student_number)

    assert signed_in_student(UserFactory(student_login="clemartin")) is None


def test_account_of_who_was_found_by_login_carries_the_number(clementine, now):
    user = UserFactory(student_login="clemartin")

    import_student(user, student=clementine.student, was_signed_in=True, by=user, now=now)

    user.refresh_from_db()
    assert user.student_number == clementine.student.student_number


@pytest.mark.parametrize("is_this_very_moment", [False, True])
def test_student_somebody_else_took_over_meanwhile_is_refused(
    clementine, now, monkeypatch, is_this_very_moment
):
    """One student has one account."""
    UserFactory(student_number=clementine.student.student_number)
    if is_this_very_moment:  # neither sees the other's number yet
        monkeypatch.setattr(sso, "is_held", lambda number: False)
    user = UserFactory(student_login="clemartin")

    with pytest.raises(Refused) as refused:
        import_student(user, student=clementine.student, was_signed_in=True, by=user, now=now)

    assert [blocker.code for blocker in refused.value.blockers] == ["student_number_taken"]
    assert not Candidate.objects.filter(user=user).exists()


def test_account_of_who_proved_it_by_mail_carries_no_number(clementine, now):
    user = UserFactory()

    import_student(user, student=clementine.student, by=user, now=now)

    user.refresh_from_db()
    assert user.student_number == ""
