"""Who runs the machine makes an administrator [B-001]."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, Grant
from candide.institution.access.scope import is_held
from candide.institution.accounts.models import User
from tests.factories.access import ada
from tests.factories.candidates import CandidateFactory
from tests.institution.accounts.mailbox import sent

pytestmark = pytest.mark.django_db
EVERYWHERE = {"centre_id": None, "commission_id": None}
ADA = ["ada.leroux@univ.example", "--name", "Ada", "Leroux"]


def holds_everything(person):
    return all(is_held(person, one, write=True, **EVERYWHERE) for one in Capability)


def test_first_one_is_invited_and_may_do_everything(capsys):
    call_command("administrator", *ADA)

    person = User.objects.get(email="ada.leroux@univ.example")
    assert (person.first_name, person.last_name) == ("Ada", "LEROUX")
    assert holds_everything(person)
    assert [to for _kind, to in sent()] == ["ada.leroux@univ.example"]
    assert "choose a password" in capsys.readouterr().out


def test_again_sends_another_invitation_and_gives_nothing_twice():
    call_command("administrator", *ADA)
    call_command("administrator", "ADA.Leroux@univ.example")

    assert Assignment.objects.count() == 1
    assert len(sent()) == 2


def test_who_was_shut_out_comes_back_with_every_right():
    role = create_starter_roles()["administrator"]
    person = ada()
    Assignment.objects.filter(user=person).delete()
    Assignment.objects.create(user=person, role=role, is_active=False, ends_on=date(2020, 1, 1))
    User.objects.filter(pk=person.pk).update(is_active=False)
    role.is_active = False
    role.save()
    Grant.objects.filter(role=role, capability=Capability.MANAGE_STAFF).update(can_write=False)

    call_command("administrator", person.email)

    person = User.objects.get(pk=person.pk)
    assert person.is_active
    assert holds_everything(person)
    assert sent() == []


def test_candidate_does_not_become_one():
    alix = CandidateFactory().user

    with pytest.raises(CommandError, match=alix.file_number):
        call_command("administrator", alix.email)

    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [(["ada"], "no mail address"), (["eve@univ.example"], "--name FIRST LAST")],
)
def test_what_is_missing_is_said(words, said):
    with pytest.raises(CommandError, match=said):
        call_command("administrator", *words)
