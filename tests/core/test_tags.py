from datetime import UTC, date, datetime

import lucide
import pytest
from django.utils import translation

from candide.core.templatetags.candide import file_size, icon, long_date


def test_icon_is_hidden_from_screen_readers():
    drawn = icon("check", 20)

    assert 'aria-hidden="true"' in drawn
    assert 'width="20"' in drawn


def test_icon_that_does_not_exist_is_an_error():
    with pytest.raises(lucide.IconDoesNotExist):
        icon("no-such-icon")


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "1 ko"),
        (999, "1 ko"),
        (12_400, "12 ko"),
        (999_400, "999 ko"),
        (1_482_361, "1,5 Mo"),
        (20_000_000, "20,0 Mo"),
    ],
)
def test_file_size_as_people_say_it(size, words):
    with translation.override("fr"):
        assert file_size(size) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, ""),
        (date(2027, 6, 1), "1er juin 2027"),
        (datetime(2027, 6, 1, 22, 30, tzinfo=UTC), "2 juin 2027"),
    ],
)
def test_long_date(day, words):
    with translation.override("fr"):
        assert long_date(day) == words
