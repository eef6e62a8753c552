import pytest

from candide.foundation.history.domain.changes import values_of
from candide.institution.catalogue.domain import organisation
from candide.institution.catalogue.enums import AlertMode, CopyMode
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Commission,
    Institution,
    Programme,
)
from tests.factories.catalogue import ProgrammeFactory, ProgrammeKindFactory


@pytest.mark.parametrize(
    ("mode", "email", "codes"),
    [
        (CopyMode.NONE, "", []),
        (CopyMode.MANAGERS, "", []),
        (CopyMode.MAILBOX, "", ["no_contact_email"]),
        (CopyMode.MAILBOX, "droit@univ.example", []),
    ],
)
def test_copies_to_a_mailbox_need_its_address(mode, email, codes):
    """B-033."""
    centre = ApplicationCentre(copy_mode=mode, contact_email=email)

    found = organisation.centre_blockers(centre)

    assert [blocker.code for blocker in found] == codes
    assert {blocker.about for blocker in found} <= {"field:contact_email"}


@pytest.mark.parametrize(
    ("mode", "email", "codes"),
    [
        (AlertMode.NONE, "", []),
        (AlertMode.MEMBERS, "", []),
        (AlertMode.MAILBOX, "", ["no_alert_email"]),
        (AlertMode.MAILBOX, "alerte@univ.example", []),
    ],
)
def test_alerts_to_a_mailbox_need_its_address(mode, email, codes):
    """B-039."""
    commission = Commission(alert_mode=mode, alert_email=email)

    found = organisation.commission_blockers(commission)

    assert [blocker.code for blocker in found] == codes
    assert {blocker.about for blocker in found} <= {"field:alert_email"}


@pytest.mark.django_db
def test_programmes_are_found_by_the_new_name_of_their_centre_and_kind():
    kind = ProgrammeKindFactory(name="Formation courte")
    programme = ProgrammeFactory(kind=kind, commission__centre__name="Faculté des lettres")
    centre = programme.commission.centre
    for row, name, path in ((centre, "UFR Langues", "commission__centre"), (kind, "DU", "kind")):
        before = values_of(row)
        row.name = name
        row.save()
        organisation.follow_name(row, before, path)

    words = Programme.objects.get().search_text.split()
    assert {"langues", "du"} <= set(words)
    assert not {"lettres", "courte"} & set(words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("is_required", "values", "codes"),
    [
        (False, {"sis_code": ""}, []),
        (True, {"sis_code": "M1DEG03"}, []),
        (True, {"sis_code": ""}, ["no_sis_code"]),
        (True, {"sis_code": "", "is_active": False}, []),
    ],
)
def test_programme_in_service_may_need_its_code(is_required, values, codes):
    """A-010."""
    Institution.objects.create(pk=1, is_sis_code_required=is_required)

    found = organisation.programme_blockers(Programme(**values))

    assert [blocker.code for blocker in found] == codes
