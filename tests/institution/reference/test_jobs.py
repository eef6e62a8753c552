"""Whether reference data are those that come with Candide [B-170]."""

from types import SimpleNamespace

import pytest

from candide.institution.reference.domain import loading
from candide.institution.reference.enums import Source
from candide.institution.reference.jobs import compare_reference
from candide.institution.reference.models import ResultType
from tests.factories.reference import ResultTypeFactory

pytestmark = pytest.mark.django_db
RESULTS = "code;name;short_name;position\nADM;Admis;ADM;1\nAJ;Ajourné;AJ;2\n"


def test_what_an_upgrade_would_bring_is_counted_and_nothing_done(now, monkeypatch, tmp_path):
    (tmp_path / "result_types.csv").write_text(RESULTS, encoding="utf-8")
    monkeypatch.setattr(loading, "DATA", tmp_path)
    ResultTypeFactory(code="ADM", name="Reçu", source=Source.PACKAGE)
    ResultTypeFactory(code="DEF", name="Défaillant", source=Source.PACKAGE)
    counted = {}

    compare_reference(now, SimpleNamespace(count=counted.update))

    assert counted == {"to_add": 1, "to_change": 1, "to_close": 1}
    rows = ResultType.objects.order_by("code").values_list("code", "name", "is_active")
    assert list(rows) == [("ADM", "Reçu", True), ("DEF", "Défaillant", True)]
