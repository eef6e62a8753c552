"""People who were here before the walk: their account is activated and their file says what
`journey.fill_file` enters. Runs in a process of the demonstration, with its settings, by the
actions the pages take."""

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
from candide.institution.accounts.domain.activation import activate
from candide.institution.accounts.domain.creation import NewAccount, create_account
from candide.institution.accounts.domain.links import make_activation_link_again
from candide.institution.accounts.models import User
from candide.institution.reference.domain.queries import countries, series_for_year
from candide.institution.reference.models import School
from tests.browser.walks import told


@transaction.atomic
def let_in(people: list[dict[str, str]], *, password: str) -> None:
    """Each is a `walker.Person`, as a dictionary."""
    for person in people:
        write_file(activated(person, password), person)


def activated(person: dict[str, str], password: str) -> User:
    """Who opened the link of a mail."""
    names = {name: person[name] for name in ("last_name", "first_name", "email")}
    now = timezone.now()
    create_account(NewAccount(**names, password=password, language="fr"), now=now)
    user = User.objects.get(email=person["email"])
    until = user.activation_due_at
    return activate(make_activation_link_again(user, now=now, until=until), now=now).user


def write_file(user: User, person: dict[str, str]) -> Candidate:
    now = timezone.now()
    france = countries().first()
    department = told.DEPARTMENT.partition(" ")[0]
    school = School.objects.get(name=told.SCHOOL, department__code=department)
    identity = IdentityEntry(
        nationality=france,
        ine=person["ine"],
        civility=Civility.MRS,
        birth_name=person["last_name"],
        first_name=person["first_name"],
        born_on=told.BORN_ON,
        birth_country=france,
        birth_department=school.department,
        birth_city=told.BIRTH_CITY,
        mobile=told.MOBILE,
    )
    address = AddressEntry(
        country=france, postcode=told.POSTCODE, commune=school.commune, line_1=told.STREET
    )
    baccalaureate = BaccalaureateEntry(
        series=series_for_year(told.BACCALAUREATE_YEAR).get(name=told.SERIES),
        year=told.BACCALAUREATE_YEAR,
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
