"""What `candide prepare` gives a new installation."""

import pytest
from i18nfield.strings import LazyI18nString

from candide.core.starting import begin
from candide.institution.access.models import RoleProfile
from candide.institution.pages.domain.starter import starter_faq
from candide.institution.pages.models import FaqEntry

pytestmark = pytest.mark.django_db


def test_new_installation_begins_with_questions_and_roles():
    begin()

    assert FaqEntry.objects.count() == len(starter_faq("fr"))
    assert RoleProfile.objects.exists()


def test_beginning_again_undoes_nothing_of_what_staff_did():
    begin()
    FaqEntry.objects.exclude(code="statuts").delete()
    FaqEntry.objects.update(question=LazyI18nString({"fr": "À nous"}))
    roles = RoleProfile.objects.count()

    begin()

    assert [str(entry.question) for entry in FaqEntry.objects.all()] == ["À nous"]
    assert RoleProfile.objects.count() == roles
