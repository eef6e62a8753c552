"""What `candide prepare` gives a new installation."""

import pytest
from i18nfield.strings import LazyI18nString

from candide.core.starting import begin
from candide.institution.access.domain.composing import grants_of
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile
from candide.institution.catalogue.models import Institution
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
    Institution.objects.update_or_create(pk=1, defaults={"max_applications": 7})
    manager = RoleProfile.objects.get(code="manager")
    manager.grants.exclude(capability=Capability.VIEW_APPLICATIONS).delete()
    manager.grants.update(can_write=False)
    RoleProfile.objects.filter(code="commission").update(name="Jury", is_active=False)
    roles = RoleProfile.objects.count()

    begin()

    assert [str(entry.question) for entry in FaqEntry.objects.all()] == ["À nous"]
    assert RoleProfile.objects.count() == roles
    assert grants_of(manager) == {Capability.VIEW_APPLICATIONS: False}
    jury = RoleProfile.objects.get(code="commission")
    assert (jury.name, jury.is_active) == ("Jury", False)
    assert Institution.objects.get().max_applications == 7
