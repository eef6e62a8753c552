"""Make schools.csv.

    python tools/reference/schools.py HIGHER.csv LYCEES.csv

HIGHER is the Ministry of Higher Education's « principaux établissements d'enseignement
supérieur », LYCEES the Ministry of Education's « adresse et géolocalisation des établissements »
(both Licence Ouverte 2.0). The first is taken whole; of the second a few public lycées per
département, enough to try the forms: an institution imports the whole list.
"""

import csv
import gzip
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

from table import DATA, write

COLUMNS = "code kind name name_en short_name department commune city is_secondary is_higher"
FOREIGN = "999"  # the French schools of Athens, Rome, Madrid and Cairo
# Of which many hold a diploma, though the list has it in Paris sciences et lettres only.
BY_HAND = [
    (
        "0750736T",
        "university",
        "Université Paris Dauphine - PSL",
        "Paris Dauphine University",
        "Dauphine",
        "75",
        "75116",
        "Paris 16e",
        "0",
        "1",
    )
]
HIGHER_KINDS = {
    "Université": "university",
    "Grand établissement": "grand_etablissement",
    "École": "school",
}
GENERAL = {"300", "302", "306"}
VOCATIONAL = {"320"}
GENERAL_PER_DEPARTMENT = 3
VOCATIONAL_PER_DEPARTMENT = 1
UAI_PREFIXES = {"2A": "620", "2B": "720", "988": "983", "987": "984"}


def folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", plain)
    words = re.sub(r"\bcede?x?\b.*$|\bc$", "", words.strip()).strip()
    return re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", words))


def department(code: str) -> str:
    """ "D075", "075", "02A" or the Ministry of Education's "620" as INSEE writes it."""
    bare = code.removeprefix("D")
    if bare in UAI_PREFIXES.values():
        return next(insee for insee, prefix in UAI_PREFIXES.items() if prefix == bare)
    return bare[1:] if re.fullmatch(r"0(\d\d|2[AB])", bare) else bare


def communes() -> dict[tuple[str, str], tuple[str, str]]:
    """Code and name of a commune by département and folded name; former ones lead to today's."""
    with gzip.open(DATA / "communes.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    by_code = {row["code"]: (row["code"], row["name"]) for row in rows}
    found = {}
    for row in sorted(rows, key=lambda row: row["kind"] == "current"):
        target = by_code.get(row["parent"] if row["kind"] != "district" else row["code"])
        if row["kind"] == "current":
            target = by_code[row["code"]]
        if target:
            found[row["department"], folded(row["name"])] = target
    return found


def town(line: str) -> str:
    """The folded name of the commune of an address, of the district in the three large towns."""
    if found := re.match(r"(PARIS|LYON|MARSEILLE)\D*(\d+)", line):
        number = int(found[2])
        return f"{found[1].lower()} {number}{'er' if number == 1 else 'e'} arrondissement"
    return folded(line)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def uai_of(row: dict[str, str]) -> str:
    """Where two were merged, the one of its département."""
    code = department(row["Code département"])
    prefix = UAI_PREFIXES.get(code, code.zfill(3))
    codes = re.split(r"[; ]+", row["uai - identifiant"] or row["anciens codes uai"])
    return next((one for one in codes if one.startswith(prefix)), codes[0])


def higher(path: Path) -> list[tuple]:
    rows = list(BY_HAND)
    for row in read(path):
        uai = uai_of(row)
        if department(row["Code département"]) == FOREIGN:
            continue
        if not uai:
            print(f"without UAI, left out: {row['libellé']}")
            continue
        rows.append(
            (
                uai,
                HIGHER_KINDS.get(row["type d'établissement"], "other"),
                row["libellé"],
                row["English name"],
                row["sigle"] or row["nom court"],
                department(row["Code département"]),
                row["Code commune"],
                row["Commune"],
                "0",
                "1",
            )
        )
    return rows


def lycees(path: Path) -> list[tuple]:
    """A few of each département, in its largest lists of lycées first."""
    known = communes()
    by_department: dict[str, list[tuple]] = defaultdict(list)
    for row in read(path):
        if row["secteur_public_prive_libe"] != "Public" or row["nature_uai"] not in (
            GENERAL | VOCATIONAL
        ):
            continue
        code = department(row.get("code_departement") or row["departement"])
        commune = known.get((code, town(row["localite_acheminement_uai"])))
        if commune:
            kind = "lycee" if row["nature_uai"] in GENERAL else "vocational_lycee"
            by_department[code].append((row["numero_uai"], kind, row, commune))
    rows = []
    for code, there in sorted(by_department.items()):
        towns = [commune[0] for _, _, _, commune in there]
        there.sort(key=lambda one: (-towns.count(one[3][0]), one[0]))
        for kind, most in (
            ("lycee", GENERAL_PER_DEPARTMENT),
            ("vocational_lycee", VOCATIONAL_PER_DEPARTMENT),
        ):
            for uai, _, row, commune in [one for one in there if one[1] == kind][:most]:
                name = row["appellation_officielle"]
                rows.append((uai, kind, name, "", "", code, *commune, "1", "1"))
    return rows


def main(higher_path: Path, lycees_path: Path) -> None:
    rows = higher(higher_path) + lycees(lycees_path)
    write("schools.csv", COLUMNS.split(), sorted(set(rows)))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
