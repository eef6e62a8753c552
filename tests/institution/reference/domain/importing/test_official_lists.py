"""Nomenclatures of Apogée and ARIA, in small."""

import pytest

from candide.core.blockers import Refused
from candide.institution.reference.domain.loading import import_reference
from candide.institution.reference.models import (
    BaccalaureateSeries,
    DiplomaFamily,
    DiplomaType,
    Honours,
)
from tests.factories.reference import BaccalaureateSeriesFactory, HonoursFactory

pytestmark = pytest.mark.django_db


def loaded(model, *names):
    return sorted(model.objects.values_list(*names))


def test_groups_mixed_into_the_series_are_passed_over(write):
    text = """\
code_bac;lib_bac;acronyme_bac;code_bac_parent
S4;Equivalence;;
S1;Bac général;;
0000;0000-sans;;01
NBGE;Nouveau;;04
01;Équivalence;Équivalence;S4
04;Scientifique;S;S1
"""

    import_reference(write("apogee_bac.csv", text))

    assert loaded(BaccalaureateSeries, "code", "name", "is_no_baccalaureate") == [
        ("0000", "0000-sans", True),
        ("NBGE", "Nouveau", False),
    ]


def test_words_of_apogee_do_not_replace_better_ones_but_bring_back_the_line(write):
    BaccalaureateSeriesFactory(code="S", name="Scientifique", is_active=False)

    import_reference(
        write(
            "bac.csv", "Bac ou équivalence (code);Bac ou équivalence (lib.)\nS;Bac S - Non vent\n"
        )
    )

    assert loaded(BaccalaureateSeries, "code", "name", "is_active") == [("S", "Scientifique", True)]


def test_codes_of_series_that_lost_their_zeros_condemn_the_file(write):
    text = "code;libelle\nS;Scientifique\n31;titre étranger\n0;sans bac\n"

    with pytest.raises(Refused) as refusal:
        import_reference(write("aria_bac.csv", text))

    assert refusal.value.codes == ["lost_zero", "lost_zero"]
    assert refusal.value.blockers[0].message.startswith("aria_bac.csv, ligne 3 : « 31 » ")
    assert not BaccalaureateSeries.objects.exists()


def test_honours_and_diplomas_of_apogee(write, tmp_path):
    HonoursFactory(code="TB", name="Très bien")
    write("mention.csv", "code_mention_bac;lib_mention_bac\nTB;Tres bien\nAB;Assez bien\n")
    write(
        "externe.csv",
        "Type de diplôme externe (code);Type de diplôme externe (lib.)\n010;BTS\n",
    )
    write(
        "type.csv",
        "code_type_diplome;lib_type_diplome;acronyme_type_diplome\n"
        "L;Licence;Licence\nDEA;;DEA\nRIEN;;\n",
    )

    import_reference(tmp_path)

    assert loaded(Honours, "code", "name") == [("AB", "Assez bien"), ("TB", "Très bien")]
    assert loaded(DiplomaFamily, "code", "name") == [("010", "BTS")]
    assert loaded(DiplomaType, "code", "name", "short_name") == [
        ("DEA", "DEA", "DEA"),
        ("L", "Licence", "Licence"),
        ("RIEN", "RIEN", ""),
    ]
