"""Make candide/demo/data/programmes.csv: real names and usual capacities of national diplomas.

    python tools/demo/make_programmes.py MASTERS.csv LICENCES.csv

Both files are open data of the French ministry of higher education (Licence Ouverte 2.0): the
masters' survey « Trouver mon master » 2021 and the Parcoursup list of 2019. Only facts are kept:
the name of a diploma and the median capacity over the institutions that give it.
"""

import csv
import statistics
import sys
from collections import defaultdict
from pathlib import Path

OUT = Path(__file__).parents[2] / "candide" / "demo" / "data" / "programmes.csv"
# Our five fictitious faculties, with words that tell the fields of each.
CENTRES = {
    "SANTE": ("sante", "santé", "physiques et sportives", "staps", "nutrition", "biolog", "vie"),
    "DEG": ("droit", "gestion", "econom", "économ", "management", "finance", "comptab", "banque"),
    "LLA": (
        "lettres",
        "langues",
        "arts",
        "littérat",
        "traduction",
        "musicolog",
        "cinéma",
        "théâtre",
    ),
    "SHS": ("histoire", "géograph", "psycholog", "sociolog", "éducation", "philosoph", "humaines"),
}
MASTERS_A_CENTRE, LICENCES = 18, 34


def centre_of(domain: str, name: str) -> str:
    words = name.lower()
    for code, marks in CENTRES.items():
        if any(mark in words for mark in marks):
            return code
    by_domain = {"DROIT": "DEG", "ARTS": "LLA", "SCIENCES HUMAINES": "SHS"}
    return next((code for mark, code in by_domain.items() if mark in domain.upper()), "ST")


def read(path: str) -> list[list[str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    return rows[1:]


def masters(path: str) -> list[tuple[str, str, str, int]]:
    capacities: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in read(path):
        name = " ".join(row[10].split()).replace("’", "'")
        if row[0] == "2021" and row[14] == "1" and row[20].isdigit() and int(row[20]) > 0:
            capacities[centre_of(row[9], name), name].append(int(row[20]))
    chosen = []
    for centre in (*CENTRES, "ST"):
        ranked = sorted(
            (item for item in capacities.items() if item[0][0] == centre and len(item[0][1]) < 90),
            key=lambda item: (-len(item[1]), item[0][1]),
        )
        chosen += [
            (centre, "M", name, int(statistics.median(numbers)))
            for (_, name), numbers in ranked[:MASTERS_A_CENTRE]
        ]
    return chosen


def licences(path: str) -> list[tuple[str, str, str, int]]:
    capacities: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in read(path):
        name = " ".join(row[10].split()).replace("’", "'")
        if row[7] == "Licence" and row[14].isdigit() and int(row[14]) > 0 and len(name) < 80:
            capacities[centre_of(row[8].replace("Licence - ", ""), name), name].append(int(row[14]))
    ranked = sorted(capacities.items(), key=lambda item: (-len(item[1]), item[0][1]))
    return [
        (centre, "L", name, max(10, int(statistics.median(numbers)) // 4))
        for (centre, name), numbers in ranked[:LICENCES]
    ]


def main() -> None:
    rows = [*licences(sys.argv[2]), *masters(sys.argv[1])]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(["centre", "level", "name", "capacity"])
        writer.writerows(sorted(rows))
    print(len(rows), "programmes written")


if __name__ == "__main__":
    main()
