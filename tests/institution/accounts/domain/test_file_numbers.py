"""ACC-08, ACC-11."""

import re

import pytest
from django.db import transaction

from candide.institution.accounts.domain import file_numbers
from candide.institution.accounts.domain.file_numbers import issue_file_number
from candide.institution.accounts.models import IssuedFileNumber
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import IssuedFileNumberFactory

pytestmark = pytest.mark.django_db


def test_number_has_eight_characters_nobody_confuses(now):
    numbers = {issue_file_number(now=now) for _turn in range(20)}

    assert len(numbers) == 20
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", number) for number in numbers)


def test_prefix_counts_in_the_length(now):
    Institution.objects.update_or_create(pk=1, defaults={"file_number_prefix": "O1"})

    number = issue_file_number(now=now)

    assert re.fullmatch(r"O1[2-9A-HJ-NP-Z]{6}", number)


def test_number_already_given_is_drawn_again(now, monkeypatch):
    IssuedFileNumberFactory(number="22222222")
    drawn = iter("2" * 8 + "3" * 8)
    monkeypatch.setattr(file_numbers.secrets, "choice", lambda alphabet: next(drawn))

    assert issue_file_number(now=now) == "33333333"


def test_whole_number_is_compared_with_its_prefix(now, monkeypatch):
    """The original compared the number without its prefix."""
    Institution.objects.update_or_create(pk=1, defaults={"file_number_prefix": "A"})
    IssuedFileNumberFactory(number="A2222222")
    drawn = iter("2" * 7 + "3" * 7)
    monkeypatch.setattr(file_numbers.secrets, "choice", lambda alphabet: next(drawn))

    assert issue_file_number(now=now) == "A3333333"


def test_number_is_given_back_when_the_account_is_not_made(now):
    with transaction.atomic():
        issue_file_number(now=now)
        transaction.set_rollback(True)

    assert IssuedFileNumber.objects.count() == 0
