"""Choices of columns that are kept."""

import pytest

from candide.core.blockers import Refused
from candide.reporting.exports.domain import templates
from candide.reporting.exports.domain.templates import (
    delete_template,
    save_template,
    sharing_blockers,
    templates_of,
)
from candide.reporting.exports.models import ExportTemplate
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import CommissionFactory
from tests.factories.exports import ExportTemplateFactory
from tests.web.staff.conftest import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def commission():
    return CommissionFactory()


@pytest.fixture
def bao(commission):
    return staff("manager", centre=commission.centre)


def kept(by, **fields):
    return save_template(by=by, **{"name": "Mien", "columns": ["ine"], "format": "xlsx", **fields})


def test_kept_in_place_of_what_had_the_name(bao):
    kept(bao)
    kept(bao, columns=["name", "ine"], format="csv", is_shared=True)

    template = ExportTemplate.objects.get()
    assert (template.columns, template.format, template.is_shared) == (
        ["name", "ine"],
        "csv",
        True,
    )


def test_of_a_centre_is_shared_with_it(bao, commission):
    template = kept(bao, centre=commission.centre)

    assert (template.centre, template.is_shared) == (commission.centre, True)


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"columns": []}, ["no_column"]),
        ({"name": ""}, ["no_name"]),
        ({"name": "", "columns": ["gone"]}, ["no_column", "no_name"]),
    ],
)
def test_refused(bao, fields, codes):
    with pytest.raises(Refused) as refused:
        kept(bao, **fields)

    assert refused.value.codes == codes


def test_too_many_are_refused_but_not_another_version_of_one(bao, monkeypatch):
    monkeypatch.setattr(templates, "MOST", 1)
    kept(bao)

    kept(bao, format="csv")
    with pytest.raises(Refused) as refused:
        kept(bao, name="Autre")

    assert refused.value.codes == ["too_many"]


def test_who_shares_with_a_centre_works_there(bao, commission):
    foreign = CommissionFactory().centre
    member = staff("commission", commission=commission)

    assert sharing_blockers(bao, None) == []
    assert sharing_blockers(bao, commission.centre) == []
    assert [b.code for b in sharing_blockers(bao, foreign)] == ["not_there"]
    assert [b.code for b in sharing_blockers(member, commission.centre)] == ["not_there"]
    assert sharing_blockers(staff("administrator"), foreign) == []


def test_who_sees_what(bao, commission):
    own = ExportTemplateFactory(owner=bao)
    ExportTemplateFactory()
    everybodys = ExportTemplateFactory(is_shared=True)
    of_the_centre = ExportTemplateFactory(is_shared=True, centre=commission.centre)
    elsewhere = ExportTemplateFactory(is_shared=True, centre=CommissionFactory().centre)
    CommissionFactory(centre=commission.centre)

    assert set(templates_of(bao)) == {own, everybodys, of_the_centre}
    member = staff("commission", commission=commission)
    assert set(templates_of(member)) == {everybodys, of_the_centre}
    ada = staff("administrator")
    assert set(templates_of(ada)) == {everybodys, of_the_centre, elsewhere}
    assert set(templates_of(UserFactory())) == set()


def test_deleted(bao):
    delete_template(kept(bao))

    assert ExportTemplate.objects.count() == 0
