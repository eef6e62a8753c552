"""People who were here before the walk: their account is activated and their file says what
`journey.fill_file` enters. Runs in a process of the demonstration, with its settings, by the
actions the pages take."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from candide.admissions.candidates.domain.address import AddressEntry, save_address
from candide.admissions.candidates.domain.baccalaureate import (
    BaccalaureateEntry,
    save_baccalaureate,
)
from candide.admissions.candidates.domain.identity import IdentityEntry, save_identity
from candide.admissions.candidates.domain.student_import import look_up_ine
from candide.admissions.candidates.enums import Civility
from candide.admissions.candidates.models import Candidate
from candide.institution.accounts.domain.creation import NewAccount, create_account
from candide.institution.accounts.models import User
from candide.institution.reference.domain.queries import countries, series_for_year
from candide.institution.reference.models import School


@transaction.atomic
def let_in(people: list[dict[str, str]], *, password: str) -> None:
    """Each is a `walker.Person`, as a dictionary."""
    for person in people:
        fill_file(activated(person, password), person)


def activated(person: dict[str, str], password: str) -> User:
    """Whoever opened the first mail: the secret of its link is nowhere else."""
    names = {name: person[name] for name in ("last_name", "first_name", "email")}
    now = timezone.now()
    create_account(NewAccount(**names, password=password, language="fr"), now=now)
    user = User.objects.get(email=person["email"])
    user.activated_at = now
    user.save()
    return user


def fill_file(user: User, person: dict[str, str]) -> Candidate:
    now = timezone.now()
    france = countries().first()
    school = School.objects.get(name="Lycée polyvalent Jean Zay", department__code="45")
    identity = IdentityEntry(
        nationality=france,
        ine=person["ine"],
        civility=Civility.MRS,
        birth_name=person["last_name"],
        first_name=person["first_name"],
        born_on=date(2004, 5, 12),
        birth_country=france,
        birth_department=school.department,
        birth_city="Orléans",
        mobile="06 39 98 00 11",
    )
    address = AddressEntry(
        country=france, postcode="45000", commune=school.commune, line_1="1 rue des Épreuves"
    )
    baccalaureate = BaccalaureateEntry(
        series=series_for_year(2022).get(name="Baccalauréat professionnel - services"),
        year=2022,
        country=france,
        department=school.department,
        commune=school.commune,
        school=school,
    )
    candidate = save_identity(user, entry=identity, version=0, by=user, now=now)
    look_up_ine(candidate)  # or the walk is asked whether to go on without
    save_address(candidate, entry=address, version=0, by=user)
    save_baccalaureate(candidate, entry=baccalaureate, version=0, by=user, now=now)
    return candidate
