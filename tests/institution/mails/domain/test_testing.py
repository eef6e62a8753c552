"""A text sent as a test to who writes it."""

from datetime import timedelta

import pytest

from candide.core.blockers import Refused
from candide.institution.catalogue.models import Institution
from candide.institution.mails.domain.testing import AT_MOST, send_test
from candide.institution.mails.domain.texts import preview
from candide.institution.mails.kinds import Text
from candide.institution.mails.models import OutgoingMail
from tests.factories.accounts import UserFactory
from tests.institution.mails.kinds import Invitation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def institution():
    Institution.current()


def shown(language="fr"):
    return preview(Invitation, Text("Pour ${prenom}", "Bonjour", language))


def test_test_goes_to_oneself_alone_and_says_what_it_is(now):
    bao = UserFactory(staff=True, email="bao@univ.test")

    send_test([shown(), shown("en")], to=bao, now=now)

    mails = OutgoingMail.objects.order_by("pk")
    assert [(mail.to, mail.copy_to, mail.subject, mail.language) for mail in mails] == [
        ("bao@univ.test", "", "[Essai] Pour Alix", "fr"),
        ("bao@univ.test", "", "[Test] Pour Alix", "en"),
    ]
    assert {(mail.kind, mail.about_id, mail.for_user_id) for mail in mails} == {
        ("test", None, bao.pk)
    }


def test_only_so_many_an_hour(now):
    bao, chris = UserFactory(staff=True), UserFactory(staff=True)
    send_test([shown()] * AT_MOST, to=bao, now=now)

    with pytest.raises(Refused) as refusal:
        send_test([shown()], to=bao, now=now)
    send_test([shown()], to=chris, now=now)
    send_test([shown()], to=bao, now=now + timedelta(hours=1))

    assert refusal.value.codes == ["too_many_tests"]
    assert OutgoingMail.objects.filter(for_user_id=bao.pk).count() == AT_MOST + 1
