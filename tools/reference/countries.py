"""Make countries.csv.

    npm pack i18n-iso-countries@7.14.0 && tar xzf i18n-iso-countries-7.14.0.tgz
    python tools/reference/countries.py package

The names come from i18n-iso-countries (MIT); INSEE's codes, the nationalities and the names it
words badly stand in countries_by_hand.csv. French territories overseas are départements.
"""

import csv
import json
import sys
from pathlib import Path

from table import write

BY_HAND = Path(__file__).with_name("countries_by_hand.csv")
FRENCH_TERRITORIES = {"BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"}
UNINHABITED = {"AQ", "UM"}  # Antarctica and islets: nobody is born there, INSEE has no code
STATELESS = "99995"
COLUMNS = (
    "code apogee_code iso2 iso3 name name_en nationality nationality_en is_principal is_country"
)


def names(package: Path, language: str) -> dict[str, str]:
    """The short name of each country; a country with several has its usual one first."""
    read = json.loads((package / "langs" / f"{language}.json").read_text(encoding="utf-8"))
    return {
        iso2: name if isinstance(name, str) else name[0] for iso2, name in read["countries"].items()
    }


def main(package: Path) -> None:
    french, english = names(package, "fr"), names(package, "en")
    iso3 = {line[0]: line[1] for line in json.loads((package / "codes.json").read_text("utf-8"))}
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        by_hand = list(csv.DictReader(file, delimiter=";"))
    rows = []
    for line in by_hand:
        iso2, cog, principal = line["iso2"], line["cog"], line["is_principal"]
        rows.append(
            (
                cog if principal == "1" else f"{cog}-{iso2}",
                cog[2:],
                iso2,
                iso3.get(iso2, ""),
                line["name"] or french[iso2],
                line["name_en"] or english[iso2],
                line["nationality"],
                line["nationality_en"],
                principal,
                "0" if cog == STATELESS else "1",
            )
        )
    known = {line["iso2"] for line in by_hand} | FRENCH_TERRITORIES | UNINHABITED
    if missing := set(french) - known:
        sys.exit(f"No INSEE code for {', '.join(sorted(missing))}: add them to {BY_HAND.name}.")
    write("countries.csv", COLUMNS.split(), sorted(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
