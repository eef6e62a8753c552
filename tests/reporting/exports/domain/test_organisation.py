"""Spreadsheets of centres, commissions and programmes."""

import openpyxl
import pytest
from django.utils.text import capfirst

from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.domain.taking import taking_blockers
from candide.foundation.files.domain.blobs import open_file
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import ApplicationCentre, Intake
from candide.reporting.exports.domain.organisation import (
    CENTRES,
    COMMISSIONS,
    PROGRAMMES,
    TABLES,
    ask_table,
)
from tests.admissions.conftest import NOW
from tests.factories.catalogue import CommissionFactory, IntakeFactory, ProgrammeFactory
from tests.web.staff.conftest import member, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def made(code, by):
    download = ask_table(code, by=by, now=NOW)
    work(clock=lambda: NOW)
    download.refresh_from_db()
    return download


def lines(download):
    with open_file(download.file) as content:
        rows = list(openpyxl.load_workbook(content).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_centres_with_a_line_for_each_manager():
    ada, commission = staff("administrator"), CommissionFactory()
    bao = staff("manager", centre=commission.centre)
    dana = staff("commission", commission=commission)
    gone = staff("manager", centre=commission.centre)
    Assignment.objects.filter(user=gone).update(is_active=False)
    empty = CommissionFactory().centre

    found = lines(made(CENTRES, ada))

    people = [
        (line["Code"], line["Adresse mail de la personne"], line["Commission"]) for line in found
    ]
    code = commission.centre.code
    expected = [(code, bao.email, None), (code, dana.email, commission.code)]
    assert sorted(people, key=str) == sorted([*expected, (empty.code, None, None)], key=str)
    roles = {line["Adresse mail de la personne"]: line["Profil"] for line in found}
    assert roles[bao.email] == "Gestionnaire de centre"
    # Every setting of the centre has its column, one a language where it is translated.
    columns = {name.removesuffix(" (fr)") for name in found[0]}
    settings = {field for field in ApplicationCentre._meta.concrete_fields if field.name != "id"}
    assert {capfirst(str(field.verbose_name)) for field in settings} <= columns


def test_commissions_with_a_line_for_each_member():
    commission = CommissionFactory(phone="+33 1", city="BREST")
    by = member(Capability.MANAGE_ORGANISATION, centre=commission.centre)
    dana = staff("commission", commission=commission)
    Assignment.objects.filter(user=dana).update(is_chair=True)
    CommissionFactory()

    (line,) = lines(made(COMMISSIONS, by))

    assert (line["Code"], line["Ville"], line["Centre de candidature"]) == (
        commission.code,
        "BREST",
        commission.centre.code,
    )
    assert line["Préside"] == "Oui"


def test_programmes_with_a_line_for_each_opening():
    intake = IntakeFactory(capacity=30)
    commission = intake.programme.commission
    by = member(Capability.MANAGE_CATALOGUE, centre=commission.centre)
    bare = ProgrammeFactory(commission=commission)
    ProgrammeFactory()

    found = lines(made(PROGRAMMES, by))

    assert {(line["Code"], line["Campagne"]) for line in found} == {
        (intake.programme.code, intake.campaign.code),
        (bare.code, None),
    }
    (opened,) = [line for line in found if line["Campagne"]]
    assert (opened["Capacité d'accueil"], opened["Ouverture en service"]) == (30, "Oui")
    assert opened["Fin de dépôt"].date() == intake.closes_on


def test_every_field_of_an_opening_has_its_column():
    """B-058."""
    columns = {".".join(cell.key.split(".")[:2]) for cell in TABLES[PROGRAMMES].cells("")}

    fields = {field.name for field in Intake._meta.concrete_fields} - {"id", "programme"}
    assert {f"intake.{name}" for name in fields} <= columns
    assert {"intakedecisions.favourable", "intakedecisions.called"} <= columns


def test_right_taken_away_keeps_the_file_back():
    by = member(Capability.MANAGE_CATALOGUE)
    ProgrammeFactory()
    download = made(PROGRAMMES, by)
    Assignment.objects.filter(user=by).delete()

    now_without = type(by).objects.get(pk=by.pk)
    codes = [b.code for b in taking_blockers(download, by=now_without, now=NOW)]
    assert codes == ["not_allowed"]
