import pytest

from candide.core.colour import READABLE, contrast_ratio, mix, parse, readable, text_on


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#000000", 21),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#123456", "#123456", 1),
    ],
)
def test_contrast_ratio_is_that_of_wcag(one, other, ratio):
    assert contrast_ratio(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("colour", ["", "#fff", "#gggggg", "blue", "#1234567"])
def test_parse_refuses_what_is_no_colour(colour):
    with pytest.raises(ValueError, match="hex"):
        parse(colour)


def test_mix_goes_from_one_colour_to_the_other():
    assert [mix("#000000", "#ffffff", share) for share in (0, 0.5, 1)] == [
        "#000000",
        "#808080",
        "#ffffff",
    ]


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#ffdd00", "#777777", "#0b4f8a"])
def test_text_can_be_read_on_any_colour(colour):
    assert contrast_ratio(text_on(colour), colour) >= READABLE


@pytest.mark.parametrize("background", ["#ffffff", "#f1f3f5", "#2b3035", "#000000", "#808080"])
@pytest.mark.parametrize("colour", ["#ffdd00", "#0b4f8a", "#808080", "#ffffff", "#000000"])
def test_readable_colour_can_be_read(colour, background):
    assert contrast_ratio(readable(colour, background), background) >= READABLE


def test_readable_leaves_a_colour_that_can_be_read_alone():
    assert readable("#0b4f8a", "#ffffff") == "#0b4f8a"


def test_readable_goes_to_the_end_where_nothing_reaches_the_ratio():
    assert readable("#777777", "#ffffff", 22) == "#000000"
