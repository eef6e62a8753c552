"""Who sees which saved views and which mails."""

import pytest

from candide.admissions.applications.domain.saved_views import save_view
from candide.admissions.applications.models import SavedView
from candide.institution.access.enums import Capability
from candide.institution.access.models import Grant
from candide.institution.mails.models import OutgoingMail
from tests.factories.mails import OutgoingMailFactory

pytestmark = pytest.mark.django_db


def test_staff_see_their_views_and_those_that_are_shared_candidates_none(alix, bao, chris):
    own = save_view(by=bao, name="À vérifier", query="?documents=unchecked")
    shared = save_view(by=chris, name="Complets", query="?status=complete", is_shared=True)
    save_view(by=chris, name="À moi", query="?status=received")

    assert set(SavedView.objects.visible_to(bao)) == {own, shared}
    assert not SavedView.objects.visible_to(alix.user).exists()


def test_mails_about_nothing_are_of_who_sees_the_whole_outbox(bao, alix):
    mail = OutgoingMailFactory()

    assert bao.has_perm("mails.retry")
    assert not bao.has_perm("mails.retry", mail)
    assert not OutgoingMail.objects.visible_to(bao).exists()
    assert not OutgoingMail.objects.visible_to(alix.user).exists()


def test_who_sees_no_application_sees_no_mail(chris):
    Grant.objects.filter(capability=Capability.VIEW_APPLICATIONS).delete()
    OutgoingMailFactory()

    assert not OutgoingMail.objects.visible_to(chris).exists()
