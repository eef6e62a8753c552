"""What the values of eCandidat's columns mean."""

from datetime import date, datetime, time, timedelta

import pytest

from candide.integrations.ecandidat import values


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("été", "été"),
        ("Ã©tÃ©", "été"),
        ("ÃƒÂ©tÃƒÂ©", "été"),  # twice
        ("lâ€™Å“uvre", "l’œuvre"),
        ("FacultÃ© de Âge", "Faculté de Âge"),
        ("À l’été", "À l’été"),
        ("  deux\r\nlignes\x00 ", "deux\nlignes"),
        (b"caf\xc3\xa9", "café"),
        (None, ""),
        (12, "12"),
    ],
)
def test_text(stored, meant):
    assert values.text(stored) == meant


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        (b"\x01", True),
        (b"\x00", False),
        (1, True),
        ("O", True),
        ("N", False),
        (None, False),
    ],
)
def test_flag(stored, meant):
    assert values.flag(stored) is meant


def test_flag_that_is_not_there_is_as_it_would_be():
    assert values.flag(None, default=True) is True


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("0000-00-00", None),
        (None, None),
        (date(2027, 5, 1), date(2027, 5, 1)),
        (datetime(2027, 5, 1, 8), date(2027, 5, 1)),  # noqa: DTZ001 -- as the driver gives it
        (date(207, 5, 1), None),
    ],
)
def test_day(stored, meant):
    assert values.day(stored) == meant


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        (timedelta(hours=14, minutes=30), time(14, 30)),
        (timedelta(hours=30), None),
        (time(9), time(9)),
        (None, None),
    ],
)
def test_hour(stored, meant):
    assert values.hour(stored) == meant


@pytest.mark.parametrize(
    ("stored", "meant"), [("12", 12), (" 7 ", 7), ("sept", None), (None, None)]
)
def test_number(stored, meant):
    assert values.number(stored) == meant


def test_email_is_compared_in_lower_case():
    assert values.email(" Alix.Martin @Univ.FR ") == "alix.martin@univ.fr"
