import pytest

from candide.institution.reference.domain.importing import values


@pytest.mark.parametrize(
    ("convert", "cell", "value"),
    [
        (values.postcode, "01400", "01400"),
        (values.postcodes, "45000 45100", ["45000", "45100"]),
        (values.postcodes, "", []),
        (values.insee, "01004", "01004"),
        (values.insee, "2a004", "2A004"),
        (values.department, "01", "01"),
        (values.department, "001", "01"),
        (values.department, "D001", "01"),
        (values.department, "02A", "2A"),
        (values.department, "D02B", "2B"),
        (values.department, "971", "971"),
        (values.department, "988", "988"),
        (values.uai, "0450049j", "0450049J"),
        (values.uai, "T171435T", "T171435T"),
        (values.cog, "99109", "99109"),
        (values.digits(4), "0031", "0031"),
        (values.digits(4), "NBGE", "NBGE"),
        (values.digits(3), "0031", "0031"),
        (values.year, "", None),
        (values.year, "2021", 2021),
        (values.year, "2021-01-01", 2021),
        (values.year, "31/12/1995", 1995),
        (values.compact_date, "", ""),
        (values.compact_date, "2016-01-01", "20160101"),
        (values.compact_date, "20160101", "20160101"),
        (values.compact_date, "2016-01-01T00:00:00", "20160101"),
        (values.compact_date, "31/12/1995 00:00", "19951231"),
        (values.number, "", 0),
        (values.number, "12", 12),
        (values.flag, "Oui", True),
        (values.flag, "1", True),
        (values.flag, "FAUX", False),
        (values.flag, "", False),
        (values.text, "NA", "NA"),
    ],
)
def test_cell_is_read(convert, cell, value):
    assert convert(cell) == value


@pytest.mark.parametrize(
    ("convert", "cell", "condemns"),
    [
        (values.postcode, "1400", "lost_zero"),
        (values.postcode, "209", "lost_zero"),
        (values.postcode, "1400.0", "written_as_number"),
        (values.postcode, "4,5E+04", "written_as_number"),
        (values.postcode, "SW1A 2AA", ""),
        (values.insee, "1004", "lost_zero"),
        (values.insee, "1004.0", "written_as_number"),
        (values.insee, "98D29", ""),
        (values.department, "1", "lost_zero"),
        (values.department, "1.0", "written_as_number"),
        (values.department, "D999", ""),
        (values.department, "Loiret", ""),
        (values.uai, "10001W", "lost_zero"),
        (values.uai, "0450049", ""),
        (values.cog, "99109.0", "written_as_number"),
        (values.cog, "109", ""),
        (values.digits(4), "31", "lost_zero"),
        (values.digits(4), "31.0", "written_as_number"),
        (values.year, "depuis toujours", ""),
        (values.compact_date, "1er janvier 2016", ""),
        (values.number, "douze", ""),
        (values.flag, "peut-être", ""),
    ],
)
def test_cell_that_cannot_be_read_says_whether_its_file_can_be_trusted(convert, cell, condemns):
    with pytest.raises(values.Unreadable) as refusal:
        convert(cell)

    assert refusal.value.condemns == condemns
    assert cell in refusal.value.message


def test_spaces_around_and_within_are_tidied():
    assert values.clean("  LYON\u00a0 03 ") == "LYON 03"


@pytest.mark.parametrize(
    ("uai", "is_doubtful"),
    [("0951099D", False), ("0450049J", False), ("0450049A", True), ("T171435T", True)],
)
def test_uai_is_doubtful_when_its_key_is_wrong(uai, is_doubtful):
    assert values.uai_is_doubtful(uai) == is_doubtful
