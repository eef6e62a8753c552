"""The register of processing is made from what the models declare."""

from types import SimpleNamespace

import pytest
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst

from candide.core import personal_data
from candide.core.personal_data import declarations, declare
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.processings import UNDESCRIBED
from candide.reporting.privacy.domain.register import (
    as_table,
    processing_of,
    register,
    word_of,
)
from candide.reporting.privacy.domain.register_words import WORDS
from candide.reporting.privacy.models import Reading

pytestmark = pytest.mark.django_db

PERSONAL = sorted(
    (model for model, declared in declarations().items() if declared.personal),
    key=lambda model: model._meta.label,
)


def fresh(room: str) -> type[models.Model]:
    """A model nobody has thought of when the register was written."""

    class Hobby(models.Model):
        name = models.CharField(models.Field.description, max_length=9)

        class Meta:
            app_label = room
            managed = False
            verbose_name = "passe-temps"

    return Hobby


@pytest.mark.parametrize(("room", "code"), [("candidates", "file"), ("unheard", "undescribed")])
def test_newly_declared_model_appears(monkeypatch, room, code):
    monkeypatch.setattr(personal_data, "_declarations", declarations())
    monkeypatch.setattr("django.apps.apps.register_model", lambda *_model: None)
    declare(fresh(room), personal="name", neutral="id")

    (entry,) = [each for each in register() if each.processing.code == code]

    assert "Passe-temps" in [kind.title for kind in entry.kinds]


def test_every_model_that_holds_personal_data_is_told_once():
    told = [kind.title for entry in register() for kind in entry.kinds]

    assert len(told) == len(PERSONAL)


def test_what_is_told_is_described_and_has_words():
    """A field that stands in no form gets its word in `register_words`."""
    fields = {
        f"{model._meta.label}.{each.name}": each
        for model in PERSONAL
        for each in model._meta.concrete_fields
        if {each.name, each.attname} & declarations()[model].personal
    }

    wordless = [
        name
        for name, each in fields.items()
        if each.name not in WORDS and not isinstance(each.verbose_name, Promise)
    ]

    assert wordless == []
    plain = {m._meta.verbose_name for m in PERSONAL if type(m._meta.verbose_name) is str}
    assert plain <= {"session", "mail"}  # which are French as well
    assert [model for model in PERSONAL if processing_of(model) == UNDESCRIBED] == []


def test_retention_and_recipients_are_those_that_are_set():
    institution = Institution.current()
    institution.reading_days = 123
    institution.save()
    roles = create_starter_roles()
    roles["commission"].name = "Jury"
    roles["commission"].save()

    entries = {each.processing.code: each for each in register()}

    with translation.override("fr"):
        assert entries["readings"].kept == "123 jours"
    assert "Jury" in entries["applications"].recipients
    assert "Jury" not in entries["handover"].recipients


def test_table_has_a_line_for_each_kind_of_data():
    entries = register()

    headings, rows = as_table(entries)

    assert {len(row) for row in rows} == {len(headings)}
    assert len(rows) == len(PERSONAL)
    (line,) = [row for row in rows if row[4] == capfirst(str(Reading._meta.verbose_name))]
    assert line[0] == "Journal des consultations"


def test_field_without_label_is_called_by_its_name():
    assert word_of(SimpleNamespace(verbose_name="shoe size", name="shoe_size")) == "shoe_size"
