"""The staff of the demonstration."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from candide.demo.crowd import PASSWORD
from candide.demo.organisation import Organisation
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.accounts.models import User

# (e-mail, first name, last name, role, centre, commission)
STAFF = (
    ("admin@univ-valmont.example", "Ada", "LEROUX", "administrator", "", ""),
    ("elia@univ-valmont.example", "Élia", "FAURE", "registrar", "", ""),
    ("bao@univ-valmont.example", "Bao", "TRAN", "manager", "ST", ""),
    ("chris@univ-valmont.example", "Chris", "MOREL", "manager", "LLA", ""),
    ("dana@univ-valmont.example", "Dana", "KELLER", "commission", "", "ST-2"),
)


def create_staff(organisation: Organisation) -> None:
    """An administrator, the registrar, two managers of different centres, a member."""
    roles = create_starter_roles()
    commissions = {commission.code: commission for commission in organisation.commissions}
    now = timezone.now()  # noqa: TID251 -- the moment of writing
    for email, first, last, role, centre, commission in STAFF:
        user = User.objects.create(
            email=email,
            first_name=first,
            last_name=last,
            password=make_password(PASSWORD),
            activated_at=now,
        )
        Assignment.objects.create(
            user=user,
            role=roles[role],
            centre=organisation.centres.get(centre),
            commission=commissions.get(commission),
        )
