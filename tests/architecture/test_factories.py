"""Every factory gives a valid object, in each of its states."""

import importlib
import inspect
import pkgutil

import factory
import pytest
from factory.django import DjangoModelFactory

import tests.factories


def all_factories() -> list[type[DjangoModelFactory]]:
    found = []
    for module in pkgutil.iter_modules(tests.factories.__path__, "tests.factories."):
        for _, member in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if (
                issubclass(member, DjangoModelFactory)
                and member.__module__ == module.name
                and not member._meta.abstract
            ):
                found.append(member)
    return found


def cases() -> list:
    """Each factory plain, and with each of its traits."""
    found = []
    for maker in all_factories():
        traits = [
            name
            for name, parameter in maker._meta.parameters.items()
            if isinstance(parameter, factory.Trait)
        ]
        for trait in [None, *traits]:
            name = maker.__name__ if trait is None else f"{maker.__name__}-{trait}"
            found.append(pytest.param(maker, trait, id=name))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("maker", "trait"), cases())
def test_factory_gives_a_valid_object(maker, trait, frozen):
    made = maker(**({} if trait is None else {trait: True}))

    made.full_clean()
