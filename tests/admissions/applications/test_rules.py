"""Who sees which saved views."""

import pytest

from candide.admissions.applications.domain.saved_views import save_view
from candide.admissions.applications.models import SavedView

pytestmark = pytest.mark.django_db


def test_staff_see_their_views_and_those_that_are_shared_candidates_none(alix, bao, chris):
    own = save_view(by=bao, name="À vérifier", query="?documents=unchecked")
    shared = save_view(by=chris, name="Complets", query="?status=complete", is_shared=True)
    save_view(by=chris, name="À moi", query="?status=received")

    assert set(SavedView.objects.visible_to(bao)) == {own, shared}
    assert not SavedView.objects.visible_to(alix.user).exists()
