"""The catalogue finds what was renamed, from the next night on [OFF-03]."""

from types import SimpleNamespace

import pytest

from candide.institution.catalogue.jobs import refresh_search
from tests.factories.catalogue import IntakeFactory

pytestmark = pytest.mark.django_db


def test_renamed_centre_is_found_after_the_nightly_job(now):
    programme = IntakeFactory().programme
    programme.commission.centre.name = "Institut des étoiles"
    programme.commission.centre.save()
    counted = {}

    refresh_search(now, SimpleNamespace(count=counted.update))

    programme.refresh_from_db()
    assert "etoiles" in programme.search_text
    assert counted == {"changed": 1}
