"""The staff of the demonstration."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from candide.demo.crowd import PASSWORD
from candide.demo.office.cohorts import PREPARED
from candide.demo.organisation import Organisation
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import Capability as C
from candide.institution.access.models import Assignment, Grant, RoleProfile
from candide.institution.accounts.models import User

# (e-mail, first name, last name, role, code of the centre, commission or programme)
STAFF = (
    ("admin@univ-valmont.example", "Ada", "LEROUX", "administrator", ""),
    ("elia@univ-valmont.example", "Élia", "FAURE", "registrar", ""),
    ("bao@univ-valmont.example", "Bao", "TRAN", "manager", "ST"),
    ("chris@univ-valmont.example", "Chris", "MOREL", "manager", "LLA"),
    ("dana@univ-valmont.example", "Dana", "KELLER", "commission", "ST-2"),
    ("farah@univ-valmont.example", "Farah", "BENALI", "programme", PREPARED),
)

# The role this university composed beside those an installation begins with.
HEAD = (
    "programme",
    "Responsable de formation",
    {
        C.VIEW_APPLICATIONS: False,
        C.CHECK_DOCUMENTS: True,
        C.ENTER_DECISIONS: True,
        C.TAG_APPLICATIONS: True,
        C.WRITE_NOTES: True,
        C.WRITE_TO_CANDIDATES: True,
        C.VIEW_CANDIDATES: False,
        C.MANAGE_CATALOGUE: True,
    },
)


def create_staff(organisation: Organisation) -> None:
    """An administrator, the registrar, two managers of different centres, a member of a commission,
    the head of a programme."""
    roles = create_starter_roles()
    code, name, capabilities = HEAD
    roles[code] = RoleProfile.objects.create(code=code, name=name)
    Grant.objects.bulk_create(
        Grant(role=roles[code], capability=capability, can_write=can_write)
        for capability, can_write in capabilities.items()
    )
    places = {
        **{centre.code: {"centre": centre} for centre in organisation.centres.values()},
        **{each.code: {"commission": each} for each in organisation.commissions},
        **{each.programme.code: {"programme": each.programme} for each in organisation.intakes},
    }
    now = timezone.now()  # noqa: TID251 -- the moment of writing
    for email, first, last, role, place in STAFF:
        user = User.objects.create(
            email=email,
            first_name=first,
            last_name=last,
            password=make_password(PASSWORD),
            activated_at=now,
        )
        Assignment.objects.create(user=user, role=roles[role], **places.get(place, {}))
