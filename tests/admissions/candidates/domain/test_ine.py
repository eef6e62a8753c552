"""Formats and keys of the INE [FILE-INE-02, 03, 04; refdata 7]."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candide.admissions.candidates.domain.ine import (
    BEA_KEYS,
    EXAMPLES,
    RNIE_DIGITS,
    base36_key,
    bea_key,
    check_ine,
    normalise,
    rnie_key,
)
from candide.admissions.candidates.enums import IneFormat
from candide.admissions.candidates.models import Candidate
from candide.institution.catalogue.enums import CheckMode
from candide.institution.catalogue.models import Institution

STRICT = Institution(rnie_check=CheckMode.REFUSE)
STANDARD = Institution()
LAX = Institution(bea_check=CheckMode.OFF, base36_check=CheckMode.OFF, rnie_check=CheckMode.OFF)


def told(check):
    return [*(blocker.code for blocker in check.blockers), *(w.code for w in check.warnings)]


@pytest.mark.parametrize(
    ("ine", "kind"),
    [
        ("1856816120S", IneFormat.BEA),
        ("1234567890V", IneFormat.BEA),
        ("0494004062M", IneFormat.BEA),
        ("123456789FJ", IneFormat.RNIE),
        ("223456789HE", IneFormat.RNIE),
        ("0DDG5R00015", IneFormat.BASE36),
        ("0DDG5Z00024", IneFormat.BASE36),
        ("12345678900", IneFormat.BASE36),
        ("18568161208", IneFormat.BASE36),
        ("0601A12345N", IneFormat.SIFA),
        ("0601D12345A", IneFormat.PROVISIONAL),
    ],
)
def test_valid_ine_is_recognised_without_a_remark(ine, kind):
    check = check_ine(ine, institution=STRICT)

    assert (check.value, check.format, told(check)) == (ine, kind, [])


@pytest.mark.parametrize("ine", EXAMPLES)
def test_examples_of_the_help_are_valid(ine):
    assert told(check_ine(ine, institution=STRICT)) == []


@pytest.mark.parametrize(
    ("ine", "codes"),
    [
        ("1856816120C", ["ine_key"]),  # as one guide prints it
        ("1234567890A", ["ine_key"]),  # as the other does
        ("123456789AA", ["ine_key"]),
        ("090601811AB", ["ine_key"]),
        ("123456789LM", ["ine_key"]),
        ("0DDG5R00014", ["ine_key"]),
        ("0601A12345A", ["ine_key"]),
        ("0000000000A", ["ine_repeated"]),  # its key is right
        ("11111111110", ["ine_repeated"]),
        ("111111111KE", ["ine_repeated"]),
        ("ZZZZZZZZZZ0", ["ine_shape"]),
        ("ABCDEFGHIJK", ["ine_shape"]),
        ("12345678É0V", ["ine_characters"]),
        ("12345/7890V", ["ine_characters"]),
        ("١٢٣٤٥٦٧٨٩٠V", ["ine_characters"]),
        ("1234567890", ["ine_length"]),
        ("1234567890VV", ["ine_length"]),
        ("185681612OS", ["ine_confused"]),
        ("I856816I2OS", ["ine_confused"]),
        ("L23456789FJ", ["ine_confused"]),
    ],
)
def test_wrong_ine_is_refused_with_what_is_wrong(ine, codes):
    check = check_ine(ine, institution=STRICT)

    assert [blocker.code for blocker in check.blockers] == codes
    assert check.warnings == []
    assert {blocker.about for blocker in check.blockers} == {"field:ine"}


def test_letter_o_for_zero_is_explained_with_the_ine_it_may_be():
    """It looks like a number of the national register, of which a wrong key would only warn."""
    [blocker] = check_ine("185681612OS", institution=STANDARD).blockers

    assert "1856816120S" in blocker.message


@pytest.mark.parametrize("text", ["", "   ", "\t", "-"])
def test_nothing_typed_is_fine(text):
    check = check_ine(text, institution=STRICT)

    assert (check.value, check.format, told(check)) == ("", None, [])


@pytest.mark.parametrize(
    "text",
    ["1856816120s", " 1856816120 S ", "1856816120-s", "18 568 161 20 S", "1856816120S"],
)
def test_spaces_and_small_letters_are_mended(text):
    assert check_ine(text, institution=STRICT).value == "1856816120S"


@pytest.mark.parametrize(
    ("ine", "setting"),
    [
        ("1856816120C", "bea_check"),
        ("0601A12345A", "bea_check"),
        ("0601D12345B", "bea_check"),
        ("0DDG5R00014", "base36_check"),
        ("123456789AA", "rnie_check"),
    ],
)
@pytest.mark.parametrize(
    ("mode", "blockers", "warnings"),
    [
        (CheckMode.OFF, [], []),
        (CheckMode.WARN, [], ["ine_key"]),
        (CheckMode.REFUSE, ["ine_key"], []),
    ],
)
def test_institution_decides_what_a_wrong_key_does(ine, setting, mode, blockers, warnings):
    check = check_ine(ine, institution=Institution(**{setting: mode}))

    assert [blocker.code for blocker in check.blockers] == blockers
    assert [warning.code for warning in check.warnings] == warnings


def test_standard_settings_warn_of_a_wrong_rnie_key_and_refuse_the_others():
    refused = ["1856816120C", "0DDG5R00014"]

    assert [check_ine(ine, institution=STANDARD).warnings for ine in refused] == [[], []]
    assert check_ine("123456789AA", institution=STANDARD).blockers == []
    assert told(check_ine("123456789AA", institution=STANDARD)) == ["ine_key"]


@pytest.mark.parametrize("ine", ["0000000000A", "1856816120C", "123456789AA", "0DDG5R00014"])
def test_unchecked_formats_pass(ine):
    assert told(check_ine(ine, institution=LAX)) == []


@pytest.mark.parametrize("ine", ["1234567890", "ABCDEFGHIJK"])
def test_what_is_no_ine_is_refused_even_where_keys_are_unchecked(ine):
    assert check_ine(ine, institution=LAX).blockers != []


@pytest.mark.parametrize(
    ("ine", "number", "key"),
    [("1856816120S", "1856816120", "S"), ("123456789FJ", "123456789", "FJ")],
)
def test_number_and_key_are_told_apart(ine, number, key):
    """FILE-INE-04."""
    candidate = Candidate(ine=ine)

    assert (candidate.ine_number, candidate.ine_key) == (number, key)


# -- Any number ------------------------------------------------------------------------------------
DIGITS = "0123456789"
several = lambda number: len(set(number)) > 1  # noqa: E731 -- a filter, read where it is used
bea_numbers = st.text(DIGITS, min_size=10, max_size=10).filter(several)
rnie_numbers = st.text(DIGITS, min_size=9, max_size=9).filter(several)
base36_numbers = st.text(DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=10, max_size=10).filter(
    lambda number: several(number) and any(character.isdigit() for character in number)
)


@given(bea_numbers)
def test_any_bea_number_with_its_key_passes(number):
    assert told(check_ine(number + bea_key(number), institution=STRICT)) == []


@given(rnie_numbers)
def test_any_rnie_number_with_its_key_passes(number):
    assert told(check_ine(number + rnie_key(number), institution=STRICT)) == []


@given(base36_numbers)
def test_any_base36_number_with_its_key_passes(number):
    assert told(check_ine(number + base36_key(number), institution=STRICT)) == []


@given(bea_numbers, st.integers(0, 9), st.sampled_from(DIGITS))
def test_one_wrong_digit_of_a_bea_number_is_found(number, place, digit):
    typed = number[:place] + digit + number[place + 1 :] + bea_key(number)

    assert (told(check_ine(typed, institution=STRICT)) == []) == (digit == number[place])


@given(rnie_numbers, st.integers(0, 8), st.sampled_from(DIGITS))
def test_one_wrong_digit_of_an_rnie_number_is_found(number, place, digit):
    typed = number[:place] + digit + number[place + 1 :] + rnie_key(number)

    assert (told(check_ine(typed, institution=STRICT)) == []) == (digit == number[place])


@given(bea_numbers, st.integers(0, 8))
def test_two_swapped_digits_of_a_bea_number_are_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    found = told(check_ine(swapped + bea_key(number), institution=STRICT))

    assert (found == []) == (swapped == number)


@given(bea_numbers, st.sampled_from(BEA_KEYS))
def test_only_one_letter_is_the_key(number, letter):
    check = check_ine(number + letter, institution=STRICT)

    assert (told(check) == []) == (letter == bea_key(number))


@given(st.text(max_size=20))
def test_no_text_whatever_breaks_the_check(text):
    check = check_ine(text, institution=STRICT)

    assert check.value == normalise(text)
    assert check.format is not None or check.value == "" or check.blockers


@given(rnie_numbers)
def test_rnie_key_is_two_of_its_letters(number):
    assert set(rnie_key(number)) <= set(RNIE_DIGITS)
