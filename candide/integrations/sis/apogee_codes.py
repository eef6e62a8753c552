"""How Apogée writes what we write otherwise."""

FRENCH = "99"  # INSEE's countries begin with it, Apogée's go without
DIGITS = 3
INES_KEY = 2


def country(code: str) -> str:
    """INSEE's code of a country of Apogée.

    >>> country("100")
    '99100'
    """
    return f"{FRENCH}{code}" if len(code) == DIGITS else code


def apogee_country(code: str) -> str:
    return code.removeprefix(FRENCH) if len(code) > DIGITS else code


def department(code: str) -> str:
    """A département of Apogée as everybody else writes it.

    >>> department("045"), department("02A"), department("971")
    ('45', '2A', '971')
    """
    return code[1:] if len(code) == DIGITS and code.startswith("0") else code


def apogee_department(code: str) -> str:
    return code.rjust(DIGITS, "0") if code else ""


def civility(sex: str) -> str:
    return {"F": "Mme", "M": "M."}.get(sex.upper(), "")


def sex(civility: str) -> str:
    return {"Mme": "F", "M.": "M"}.get(civility, "")


def split_ine(ine: str) -> tuple[str, str]:
    """The number and its key: two letters since 2018, one character before."""
    ine = ine.strip().upper()
    key = INES_KEY if ine[:9].isdigit() and ine[9:].isalpha() else 1
    return ine[:-key], ine[-key:]
