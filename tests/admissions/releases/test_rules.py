"""Who may prepare and see releases."""

import pytest

from candide.admissions.releases.models import Release
from tests.admissions.conftest import NOW, staff_member

pytestmark = pytest.mark.django_db


def test_who_releases_somewhere_may_prepare_and_see_nothing_of_others(bao, alix):
    assert bao.has_perm("releases.view")
    assert bao.has_perm("releases.agree")
    assert not alix.user.has_perm("releases.view")
    assert not Release.objects.visible_to(alix.user).exists()
    assert not Release.objects.visible_to(staff_member("commission")).exists()


def test_who_releases_everywhere_sees_every_release(bao):
    release = Release.objects.create(day=NOW.date(), created_at=NOW, created_by=bao)

    assert list(Release.objects.visible_to(staff_member("administrator"))) == [release]
