"""Telephone numbers, those of territories overseas as they are dialled there [FILE-PER]."""

import pytest

from candide.admissions.candidates.domain.phones import (
    parse_phone,
    phone_blockers,
    shown_phone,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("   ", ""),
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("06/12/34/56/78", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0590 22 12 34", "+590590221234"),
        ("0690 12 34 56", "+590690123456"),
        ("0596 30 12 34", "+596596301234"),
        ("0696 12 34 56", "+596696123456"),
        ("0594 30 12 34", "+594594301234"),
        ("0694 12 34 56", "+594694123456"),
        ("0262 20 12 34", "+262262201234"),
        ("0692 12 34 56", "+262692123456"),
        ("0693 12 34 56", "+262693123456"),
        ("0269 61 23 45", "+262269612345"),
        ("0639 69 12 34", "+262639691234"),
        ("0508 43 01 23", "+508430123"),
        ("+687 25 12 34", "+687251234"),
        ("+212 6 12 34 56 78", "+212612345678"),
        ("+44 20 7946 0958", "+442079460958"),
        ("06 39 98 00 11", "+33639980011"),
        ("01 99 00 12 34", "+33199001234"),
        ("07 81 23 45 67", "+33781234567"),
    ],
)
def test_number_is_recognised(typed, kept):
    assert parse_phone(typed) == kept
    assert phone_blockers("phone", typed) == []


@pytest.mark.parametrize(
    "typed", ["06 12 34", "12345", "abc", "06 12 34 56 7x", "00 00 00 00 00", "+33 1", "+"]
)
def test_what_is_no_number_is_refused_at_its_field(typed):
    [blocker] = phone_blockers("mobile", typed)

    assert (blocker.code, blocker.about) == ("phone", "field:mobile")


@pytest.mark.parametrize("typed", ["06 12 34 56 78", "0692 12 34 56", "+212 6 12 34 56 78"])
def test_kept_number_is_recognised_again(typed):
    kept = parse_phone(typed)

    assert parse_phone(kept) == kept
    assert parse_phone(shown_phone(kept)) == kept


def test_number_is_shown_in_groups():
    assert shown_phone("+33612345678") == "+33 6 12 34 56 78"
    assert shown_phone("something old") == "something old"
