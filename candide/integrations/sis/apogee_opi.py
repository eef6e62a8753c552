"""What Apogée is told of somebody admitted (« OPI ») [5.7.1]: capitals without accents, as long as
its columns are, all wishes that stand at once. An empty wish says that none is left."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from candide.integrations.sis.apogee_codes import apogee_country, apogee_department, sex
from candide.integrations.sis.port import Enrolling, Student, StudentAddress, Verdict, Wish

NAME, FIRST_NAME, LINE, CODE, FEE = 30, 20, 32, 10, 15
DECISION, FILE = "F", "C"  # « favorable », « complet »
LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'", "ß": "ss"})


def clean(words: str, most: int = NAME) -> str:
    """As Apogée keeps it.

    >>> clean("Cœur-de-Lion l’Élu")
    "COEUR-DE-LION L'ELU"
    """
    plain = unicodedata.normalize("NFKD", words.translate(LIGATURES)).upper()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", re.sub(r"[^A-Z0-9 '\-]", " ", plain)).strip()[:most].rstrip()


def refusal_of(wish: Wish) -> Verdict | None:
    """What Apogée could not take, said before it is asked."""
    if not wish.management_centre:
        reason = "Le centre de gestion (CGE) de la formation manque."
    elif not wish.programme_version.isdigit():
        reason = "La version d’étape de la formation manque."
    else:
        return None
    return Verdict(is_accepted=False, reason=reason)


def told(each: Enrolling, wishes: Sequence[Wish], on: date) -> dict[str, Any]:
    person = each.person
    return {
        "individu": {
            "codOpiIntEpo": each.code[:CODE],
            "codEtuOpi": person.student_number if person.student_number.isdigit() else None,
            "etatCivil": _civil_status(person),
            "donneesNaissance": _birth(person),
            "donneesPersonnelles": {
                "adrMailOpi": person.email,
                "numTelPorOpi": person.mobile or person.phone or None,
            },
        },
        "bac": _baccalaureate(person, on),
        "adresseFixe": _address(person.address, person) if person.address else None,
        "voeux": [_wish(wish) for wish in wishes] or [{}],
    }


def _civil_status(person: Student) -> dict[str, Any]:
    return {
        "codNneIndOpi": person.ine or None,
        "codSexEtuOpi": sex(person.civility),
        "libNomPatIndOpi": clean(person.birth_name),
        "libNomUsuIndOpi": clean(person.usual_name) or None,
        "libPr1IndOpi": clean(person.first_name, FIRST_NAME),
        "libPr2IndOpi": clean(person.other_first_name, FIRST_NAME) or None,
    }


def _birth(person: Student) -> dict[str, Any]:
    place = apogee_department(person.birth_department)
    return {
        "codDepPayNai": place or apogee_country(person.birth_country),
        "codPayNat": apogee_country(person.nationality),
        "codTypDepPayNai": "D" if place else "P",
        "dateNaiIndOpi": f"{person.born_on:%d%m%Y}",
        "libVilNaiEtuOpi": clean(person.birth_city),
        "temDateNaiRelOpi": "N",
    }


def _baccalaureate(person: Student, on: date) -> dict[str, Any] | None:
    known = person.baccalaureate
    if known is None:
        return None
    options = dict(zip(range(1, 5), [*known.options, None, None, None, None], strict=False))
    return {
        "codBac": known.series,
        "codDep": apogee_department(known.department) or None,
        "codEtb": known.school or None,
        "codMention": known.honours or None,
        **{f"codOpt{number}Bac": code for number, code in options.items()},
        "codSpe1BacTer": known.speciality_1 or None,
        "codSpe2BacTer": known.speciality_2 or None,
        "codSpeBacPre": known.speciality_dropped or None,
        "daaObtBacOba": str(known.year or on.year),
    }


def _address(address: StudentAddress, person: Student) -> dict[str, Any]:
    return {
        "codBdi": address.postcode or None,
        "codCom": address.commune or None,
        "codPay": apogee_country(address.country),
        "lib1": address.line_1[:LINE],
        "lib2": address.line_2[:LINE] or None,
        "lib3": address.line_3[:LINE] or None,
        "libAde": address.foreign_city[:LINE] or None,
        "numTel": person.phone or person.mobile or None,
    }


def _wish(wish: Wish) -> dict[str, Any]:
    fee = "" if wish.fee is None else str(wish.fee)
    has_diploma = bool(wish.diploma) and wish.diploma_version.isdigit()
    return {
        "codCatExoExt": wish.exemption or None,
        "codCge": wish.management_centre,
        "codDecVeu": DECISION,
        "codDemDos": FILE,
        "codDip": wish.diploma if has_diploma else None,
        "codEtp": wish.programme,
        "codRge": wish.regime or None,
        "codVrsVdi": wish.diploma_version if has_diploma else None,
        "codVrsVet": wish.programme_version,
        "comExoExt": fee if 0 < len(fee) <= FEE else None,
        "numCls": "1",
        "temValPsd": "N",
    }
