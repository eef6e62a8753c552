"""How far one goes with candidates: by the capabilities of one's role alone."""

from typing import Any

import pytest

from candide.institution.access.enums import Capability
from tests.factories.access import AssignmentFactory, RoleProfileFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SEE, ADMINISTER = Capability.VIEW_CANDIDATES, Capability.ADMINISTER_CANDIDATES
ACT = Capability.ACT_FOR_CANDIDATES


@pytest.mark.parametrize("place", ["centre", "commission"])
@pytest.mark.parametrize(
    ("grants", "answers"),
    [
        ({}, [404, 404, 404]),
        ({SEE: False}, [200, 403, 403]),
        ({SEE: False, ADMINISTER: False}, [200, 403, 403]),
        ({SEE: False, ADMINISTER: True}, [200, 200, 403]),
        ({SEE: False, ACT: True}, [200, 403, 200]),
    ],
)
def test_each_capability_opens_its_own_pages(
    client: Any, application: Any, place: str, grants: dict[Any, bool], answers: list[int]
) -> None:
    """B-011: seeing, administering the account, acting in the candidate's place."""
    commission = application.intake.programme.commission
    where = {"centre": commission.centre} if place == "centre" else {"commission": commission}
    role = RoleProfileFactory(grants={Capability.VIEW_APPLICATIONS: False, **grants})
    client.force_login(AssignmentFactory(role=role, **where).user)
    page = f"/gestion/candidats/{application.candidate.user_id}/"

    found = [client.get(f"{page}{path}").status_code for path in ("", "compte/", "candidater/")]

    assert found == answers
