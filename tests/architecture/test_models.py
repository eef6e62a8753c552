"""What every model has to say of itself."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from candide.core.personal_data import declarations
from candide.foundation.files.models import StoredFile

OURS = [model for model in apps.get_models() if model.__module__.startswith("candide.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_declared_personal_or_not(model):
    declaration = declarations().get(model)
    fields = {field.name for field in model._meta.local_fields}
    fields |= {field.name for field in model._meta.local_many_to_many}

    assert declaration is not None
    # A foreign key may be declared by its column.
    columns = {field.attname: field.name for field in model._meta.local_fields}
    personal = {columns.get(name, name) for name in declaration.personal}
    neutral = {columns.get(name, name) for name in declaration.neutral}
    assert personal & neutral == set()
    assert personal | neutral == fields


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_model_is_ordered_by_itself(model):
    """Who shows rows orders them (conventions, 17)."""
    assert list(model._meta.ordering) == []


def test_every_reference_to_a_stored_file_protects_it():
    references = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.local_fields
        if field.related_model is StoredFile
        and field.model is not StoredFile
        and not field.model.__module__.startswith("candide.foundation.files")
        and field.remote_field.on_delete is not models.PROTECT
    ]

    assert references == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    output = StringIO()

    call_command("makemigrations", check_changes=True, dry_run=True, stdout=output)

    assert output.getvalue() == "No changes detected\n"
