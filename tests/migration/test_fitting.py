"""Values as our fields take them."""

import pytest
from i18nfield.strings import LazyI18nString

from candide.admissions.tags.models import Tag
from candide.institution.catalogue.models import ApplicationCentre, Commission, Programme
from candide.migration.fitting import LeftOut, fitted


def test_what_is_too_long_is_cut_and_said():
    values, notes = fitted(
        Commission,
        {"phone": "0" * 30, "name": LazyI18nString({"fr": "x" * 600, "en": "short"})},
    )

    assert values["phone"] == "0" * 20
    assert values["name"].data == {"fr": "x" * 500, "en": "short"}
    assert len(notes) == 2


def test_code_that_is_too_long_is_not_cut_in_two():
    with pytest.raises(LeftOut, match="code"):
        fitted(ApplicationCentre, {"code": "C" * 21})


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [(Commission, "url", "pas une adresse"), (ApplicationCentre, "contact_email", "moi@")],
)
def test_what_is_none_and_may_be_empty_is_left_empty(model, name, value):
    values, notes = fitted(model, {name: value})

    assert values == {name: ""}
    assert len(notes) == 1


def test_choice_nobody_offers_is_refused():
    with pytest.raises(LeftOut):
        fitted(Tag, {"colour": "beige"})


def test_what_fits_stays_and_nothing_is_said():
    values = {"code": "M1", "keywords": "", "url": "https://univ.example", "kind_id": None}

    assert fitted(Programme, values) == (values, [])
