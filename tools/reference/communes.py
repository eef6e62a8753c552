"""Make departments.csv and communes.csv.gz.

    npm pack @etalab/decoupage-administratif@6.0.0   # today's communes and postcodes
    npm pack @etalab/decoupage-administratif@0.8.0   # the last one with the history since 1943
    (unpack each in a folder of its own)
    python tools/reference/communes.py TODAY/package HISTORY/package

Both hold INSEE's official geographical code (Licence Ouverte 2.0); the postcodes come from the
tax administration (FIMOCT). Former communes are there for people who were born in them.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from table import write

KINDS = {
    "commune-actuelle": ("current", ""),
    "arrondissement-municipal": ("district", ""),
    "commune-deleguee": ("delegated", "-D"),
    "commune-associee": ("associated", "-A"),
}
COLUMNS = "code insee kind department name parent valid_until_year postcodes"
CORSICA = {"20"}  # one département until 1976


def read(package: Path, name: str) -> list[dict]:
    return json.loads((package / "data" / f"{name}.json").read_text(encoding="utf-8"))


def folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "Oe"))
    return re.sub(r"[^a-z0-9]+", " ", plain.encode("ascii", "ignore").decode().lower()).strip()


def todays(package: Path) -> dict[str, tuple]:
    rows = {}
    for commune in read(package, "communes"):
        kind, suffix = KINDS[commune["type"]]
        code = commune["code"] + suffix
        parent = commune.get("commune") or commune.get("chefLieu", "")
        postcodes = " ".join(commune.get("codesPostaux", []))
        rows[code] = (
            code,
            commune["code"],
            kind,
            commune["departement"],
            commune["nom"],
            parent,
            "",
            postcodes,
        )
    names = {(row[1], folded(row[4])) for row in rows.values() if row[2] == "current"}
    return {  # a delegated commune that bears the name of the whole adds nothing
        code: row
        for code, row in rows.items()
        if row[2] == "current" or (row[1], folded(row[4])) not in names
    }


def heir(commune: dict, by_id: dict[str, dict], today: dict[str, tuple]) -> str:
    """The commune of today in which a former one lies, "" when the trace is lost."""
    seen = set()
    while commune["id"] not in seen:
        seen.add(commune["id"])
        after = commune.get("pole") or commune.get("successeur")
        if after not in by_id:
            break
        commune = by_id[after]
    return commune["code"] if commune["code"] in today else ""


def successors(package: Path) -> dict[str, str]:
    """Old codes and the commune that has taken them in, without their names."""
    return {
        old: commune["code"]
        for commune in read(package, "communes")
        if commune["type"] == "commune-actuelle"
        for old in commune.get("anciensCodes", [])
    }


def former(
    package: Path, today: dict[str, tuple], taken_in: dict[str, str]
) -> dict[tuple[str, str], tuple]:
    history = read(package, "historique-communes")
    by_id = {commune["id"]: commune for commune in history}
    departments = {row[3] for row in today.values()}
    known = {(row[1], folded(row[4])) for row in today.values()}
    rows: dict[tuple[str, str], tuple] = {}
    for commune in history:
        code, name, ended = commune["code"], commune["nom"], commune.get("dateFin", "")
        if commune["type"] != "COM" or (code, folded(name)) in known:
            continue
        if not ended and f"{code}-D" in today:
            continue
        parent = heir(commune, by_id, today) or taken_in.get(code, "")
        department = code[:3] if code[:2] in {"97", "98"} else code[:2]
        if department in CORSICA:
            department = parent[:2]
            if any((f"{part}{code[2:]}", folded(name)) in known for part in ("2A", "2B")):
                continue
        if department not in departments:
            continue
        previous = rows.get((code, folded(name)))
        if previous is None or previous[6] < ended[:4]:
            key = f"{code}-{ended.replace('-', '') or 'F'}"  # F: ended after that history
            rows[code, folded(name)] = (
                key,
                code,
                "former",
                department,
                name,
                parent,
                ended[:4],
                "",
            )
    return rows


def main(today_package: Path, history_package: Path) -> None:
    departments = read(today_package, "departements")
    write("departments.csv", ("code", "name"), sorted((d["code"], d["nom"]) for d in departments))
    today = todays(today_package)
    taken_in = successors(today_package)
    rows = [*today.values(), *former(history_package, today, taken_in).values()]
    if doubles := [code for code, count in Counter(row[0] for row in rows).items() if count > 1]:
        sys.exit(f"Codes given twice: {', '.join(sorted(doubles))}")
    write("communes.csv.gz", COLUMNS.split(), sorted(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
