import gzip

import pytest

from candide.core.blockers import Refused
from candide.institution.reference.domain.importing import reading

HEADER = ["code", "nom"]


def decode(path, content, *, encodings=("utf-8",)):
    return reading.decode(path, content, encodings=encodings, delimiter=";", header=HEADER)


def sheet(tmp_path, text):
    return reading.Sheet(tmp_path / "pays.csv", text, ";", HEADER)


def test_contents_are_unpacked(tmp_path):
    packed = tmp_path / "pays.csv.gz"
    packed.write_bytes(gzip.compress(b"code;nom\n"))

    assert reading.contents(packed) == b"code;nom\n"


def test_damaged_archive_is_refused(tmp_path):
    packed = tmp_path / "pays.csv.gz"
    packed.write_bytes(gzip.compress(b"code;nom\n" * 100)[:20])

    with pytest.raises(Refused) as refusal:
        reading.contents(packed)

    assert refusal.value.codes == ["damaged"]


@pytest.mark.parametrize(
    ("content", "cut"),
    [
        (b"code;nom\n1;x", [(";", ["code", "nom"])]),
        (b"\xef\xbb\xbf#code,nom\r\n", [(",", ["code", "nom"])]),
        (b'"code"\t"nom"\n', [("\t", ["code", "nom"])]),
        ("libellé;nom, prénom;x\n".encode("cp1252"), None),
        (b"code\n", []),
        (b"", []),
    ],
)
def test_headers_are_cut_by_the_delimiters_they_contain(content, cut):
    found = reading.headers(content)

    if cut is None:  # the one with most columns first
        assert [(delimiter, len(cells)) for delimiter, cells in found] == [(";", 3), (",", 2)]
    else:
        assert found == cut


def test_mark_of_utf8_is_no_part_of_the_text(tmp_path):
    assert decode(tmp_path / "pays.csv", b"\xef\xbb\xbfcode;nom\n") == "code;nom\n"


def test_other_encoding_names_line_and_column(tmp_path):
    content = "code;nom\n1;Andorre\n2;Algérie\n".encode("cp1252")

    with pytest.raises(Refused) as refusal:
        decode(tmp_path / "pays.csv", content)

    (blocker,) = refusal.value.blockers
    assert blocker.code == "bad_encoding"
    assert blocker.message.startswith("pays.csv, ligne 3, colonne « nom » : ")
    assert "n° 6" in blocker.message


def test_wrong_byte_beyond_the_headings_names_the_cell_by_its_number(tmp_path):
    with pytest.raises(Refused) as refusal:
        decode(tmp_path / "pays.csv", "code;nom\n1;x;é\n".encode("cp1252"))

    assert "colonne « 3 »" in refusal.value.blockers[0].message


def test_encoding_of_the_list_is_tried_in_its_turn(tmp_path):
    content = "code;nom\n1;Algérie\n".encode("cp1252")

    text = decode(tmp_path / "pays.csv", content, encodings=("utf-8", "cp1252"))

    assert text == "code;nom\n1;Algérie\n"


def test_no_encoding_of_the_list_fits(tmp_path):
    with pytest.raises(Refused) as refusal:
        decode(tmp_path / "pays.csv", b"code;nom\n1;\x81\n", encodings=("utf-8", "cp1252"))

    assert "UTF-8" in refusal.value.blockers[0].message


@pytest.mark.parametrize("mangled", ["AlgÃ©rie", "Lâ€™Union", "Alg\ufffdrie"])
def test_letters_damaged_by_somebody_before_are_seen(tmp_path, mangled):
    content = f"code;nom\n1;{mangled}\n".encode()

    with pytest.raises(Refused) as refusal:
        decode(tmp_path / "pays.csv", content)

    (blocker,) = refusal.value.blockers
    assert blocker.code == "mangled"
    assert blocker.message.startswith("pays.csv, ligne 2, colonne « nom » : ")


def test_lines_have_the_number_they_begin_at_and_empty_ones_are_left_out(tmp_path):
    text = 'code;nom\r\n1;"deux\r\nlignes"\r\n;\r\n\r\n2;x\r\n'

    rows = list(sheet(tmp_path, text).lines())

    assert rows == [(2, ["1", "deux\r\nlignes"]), (6, ["2", "x"])]


def test_quotation_mark_left_open_is_refused(tmp_path):
    with pytest.raises(Refused) as refusal:
        list(sheet(tmp_path, 'code;nom\n1;x\n2;"y\n3;z\n').lines())

    (blocker,) = refusal.value.blockers
    assert blocker.code == "damaged"
    assert blocker.message.startswith("pays.csv, ligne 3 : ")


def test_headings_are_compared_without_accents_capitals_and_signs(tmp_path):
    found = reading.Sheet(tmp_path / "x.csv", "", ";", ["Libellé_d’acheminement", "UAI - id"])

    assert found.headings == ["libelle d acheminement", "uai id"]
