"""What the database itself forbids of the offer."""

import pytest
from django.db import IntegrityError

from candide.institution.catalogue.models import Institution

pytestmark = pytest.mark.django_db


def test_there_is_one_institution():
    """S2-04: one deployment serves one institution."""
    Institution.current()

    with pytest.raises(IntegrityError, match="institution_is_one"):
        Institution.objects.create(pk=2, name="Une autre")
