"""Pégase by files: what is handed over is written into the files its operators load [5.7.3].

Each hand-over has files of its own, so that what was carried once is never carried again; a day's
second one has a number in its name. Everything is quoted, so that a semicolon in an address stays
in it. Pégase's format knows no withdrawal: a fourth file names those who gave up their place, to be
dealt with by hand. Nothing comes back: whoever loaded the files says so in Candide.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from candide.integrations.sis.none import NoStudentSystem
from candide.integrations.sis.port import Enrolling, HandedOver, MadeFile, Verdict, Wish

MOST_WISHES = 5
ORIGIN = "EC"
CIVILITIES = {"M.": "M", "Mme": "F"}

ADDRESS = (
    "adresse_code_pays",
    "adresse_ligne1_etage",
    "adresse_ligne2_batiment",
    "adresse_ligne3_voie",
    "adresse_ligne4_complement",
)
CANDIDAT = (
    *("numero_candidat", "sexe", "nom_famille", "nom_usuel", "prenom", "prenom2", "prenom3"),
    *("date_naissance", "code_pays_naissance", "code_commune_naissance"),
    *("libelle_commune_naissance", "code_nationalite", "ine"),
    *ADDRESS,
    *("adresse_code_postal", "adresse_code_commune", "adresse_cp_ville_etranger"),
    *("numero_telephone1", "numero_telephone2", "courriel"),
)
CANDIDATURE = (
    *("numero_candidat", "origine_admission", "voie_admission", "annee_concours", "code_voeu"),
    *("code_periode", "code_formation_psup", "code_sise", "code_etablissement_affectation"),
)
VOEU = ("origine_admission", "annee_concours", "code_voeu", "code_periode")
INSCRIPTION = (
    *("nom_naissance", "nom_usage", "prenom", "prenom2", "prenom3", "sexe", "date_naissance"),
    *("code_pays_naissance", "code_commune_naissance", "libelle_commune_naissance_etranger"),
    *("code_nationalite", "ine"),
    *ADDRESS,
    *("adresse_ligne5_etranger", "adresse_code_postal", "adresse_code_commune"),
    *("numero_telephone1", "numero_telephone2", "mail"),
    *(f"{name}{number}" for number in range(1, MOST_WISHES + 1) for name in VOEU),
)
DESISTEMENT = ("numero_candidat", "nom_famille", "prenom", "code_voeu", "code_periode")

Row = dict[str, str]


class PegaseFiles(NoStudentSystem):
    people_at_once = 1000
    makes_files = True
    reference_source = "pegase"

    def hand_over(self, people: Sequence[Enrolling], *, on: date, number: int) -> HandedOver:
        verdicts: dict[str, Verdict] = {}
        sheets: dict[str, list[Row]] = {name: [] for name in SHEETS}
        for each in people:
            told = _told(each, verdicts)
            news = [wish for wish in told if wish.is_news]
            if news:
                sheets["candidat"].append(_candidat(each))
                sheets["candidature"] += [_candidature(each, wish) for wish in news]
                sheets["inscription"].append(_inscription(each, told))
            gone = [wish for wish in each.wishes if wish.is_withdrawn and wish.is_news]
            sheets["desistement"] += [_desistement(each, wish) for wish in gone]
        files = (
            MadeFile(name=f"{name}-{_day(on, number)}.csv", content=_written(SHEETS[name], rows))
            for name, rows in sheets.items()
            if rows
        )
        codes = {each.file_number: each.file_number for each in people}
        return HandedOver(verdicts=verdicts, codes=codes, files=tuple(files))


def _told(each: Enrolling, verdicts: dict[str, Verdict]) -> list[Wish]:
    """The wishes that stand, the old ones first; those beyond the fifth are refused."""
    standing = [wish for wish in each.wishes if not wish.is_withdrawn]
    standing.sort(key=lambda wish: wish.is_news)
    for position, wish in enumerate(standing):
        if wish.is_news:
            fits = position < MOST_WISHES
            reason = "" if fits else f"Pégase prend {MOST_WISHES} vœux au plus par candidat."
            verdicts[wish.key] = Verdict(is_accepted=None if fits else False, reason=reason)
    for wish in each.wishes:
        if wish.is_withdrawn and wish.is_news:
            verdicts[wish.key] = Verdict(is_accepted=True)
    return standing[:MOST_WISHES]


def _day(on: date, number: int) -> str:
    return f"{on:%Y%m%d}" if number == 1 else f"{on:%Y%m%d}-{number}"


def _who(each: Enrolling) -> Row:
    person, address = each.person, each.person.address
    return {
        "sexe": CIVILITIES.get(person.civility, ""),
        "prenom": person.first_name,
        "prenom2": person.other_first_name,
        "date_naissance": f"{person.born_on:%d/%m/%Y}",
        "code_pays_naissance": person.birth_country,
        "code_commune_naissance": each.birth_commune,
        "code_nationalite": person.nationality,
        "ine": person.ine,
        "adresse_code_pays": address.country if address else "",
        "adresse_ligne1_etage": address.line_2 if address else "",
        "adresse_ligne2_batiment": address.line_3 if address else "",
        "adresse_ligne3_voie": address.line_1 if address else "",
        "adresse_code_postal": address.postcode if address else "",
        "adresse_code_commune": address.commune if address else "",
        "numero_telephone1": person.phone,
        "numero_telephone2": person.mobile,
    }


def _candidat(each: Enrolling) -> Row:
    person = each.person
    return {
        **_who(each),
        "numero_candidat": each.file_number,
        "nom_famille": person.birth_name,
        "nom_usuel": person.usual_name,
        "libelle_commune_naissance": person.birth_city,
        "adresse_cp_ville_etranger": person.address.foreign_city if person.address else "",
        "courriel": person.email,
    }


def _candidature(each: Enrolling, wish: Wish) -> Row:
    return {"numero_candidat": each.file_number, **_voeu(wish)}


def _inscription(each: Enrolling, wishes: Iterable[Wish]) -> Row:
    person = each.person
    row = {
        **_who(each),
        "nom_naissance": person.birth_name,
        "nom_usage": person.usual_name,
        "libelle_commune_naissance_etranger": "" if each.birth_commune else person.birth_city,
        "adresse_ligne5_etranger": person.address.foreign_city if person.address else "",
        "mail": person.email,
    }
    for number, wish in enumerate(wishes, start=1):
        row |= {f"{name}{number}": value for name, value in _voeu(wish).items()}
    return row


def _desistement(each: Enrolling, wish: Wish) -> Row:
    voeu = _voeu(wish)
    return {
        "numero_candidat": each.file_number,
        "nom_famille": each.person.birth_name,
        "prenom": each.person.first_name,
        **{name: voeu[name] for name in ("code_voeu", "code_periode")},
    }


def _voeu(wish: Wish) -> Row:
    return {
        "origine_admission": ORIGIN,
        "code_voeu": wish.programme,
        "code_periode": wish.campaign,
    }


def _written(columns: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    """In UTF-8 with a heading, parted by semicolons, every cell quoted and on one line."""
    out = StringIO()
    writer = csv.DictWriter(
        out, columns, restval="", delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n"
    )
    writer.writeheader()
    writer.writerows({name: " ".join(cell.split()) for name, cell in row.items()} for row in rows)
    return out.getvalue().encode()


SHEETS = {
    "candidat": CANDIDAT,
    "candidature": CANDIDATURE,
    "inscription": INSCRIPTION,
    "desistement": DESISTEMENT,
}
