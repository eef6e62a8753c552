"""Extracts the messages of each app into its own French catalogue, and compiles it.

    make messages                                       needs GNU gettext
    .venv/bin/python tools/messages.py candide/web/staff  only the catalogue of that app
    .venv/bin/python tools/messages.py --check          changes nothing, tells what is not in order

A message another catalogue already translates is filled in; what is left to translate is printed.
Obsolete messages are dropped: the history of the repository keeps them.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from catalogues import Key, Message, compiled, merged, read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = Path("locale/fr/LC_MESSAGES/django.po")
SUFFIXES = {".py", ".html", ".txt"}


def apps() -> list[Path]:
    """The folders that own a catalogue, relative to the root: every Django app of ours."""
    return sorted(path.parent.relative_to(ROOT) for path in ROOT.glob("candide/**/apps.py"))


def extract() -> dict[Path, dict[Key, Message]]:
    """The messages of each app as its sources have them, found by Django's own makemessages in a
    copy of the tree, whose empty `locale` folders say which file belongs to which app."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for source in ROOT.glob("candide/**/*"):
            if source.suffix in SUFFIXES and "migrations" not in source.parts:
                target = copy / source.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
        for app in apps():
            (copy / app / "locale").mkdir()
        command = ["-m", "django", "makemessages", "--all", "--keep-pot", "--no-location", "-v0"]
        subprocess.run([sys.executable, *command], cwd=copy, check=True)
        found = {}
        for app in apps():
            pot = copy / app / "locale/django.pot"
            found[app] = read_po(pot) if pot.exists() else {}
        return found


def catalogues() -> dict[Path, dict[Key, Message]]:
    """The catalogues as they should be, by app; translations that are missing are empty."""
    old = {app: read_po(ROOT / app / PO) for app in apps() if (ROOT / app / PO).exists()}
    translated: dict[Key, Message] = {}
    for messages in old.values():
        translated.update({key: m for key, m in messages.items() if m.is_translated})
    return {app: merged(found, old.get(app, {}), translated) for app, found in extract().items()}


def update(only: list[str]) -> int:
    for app, messages in catalogues().items():
        if only and str(app) not in only:
            continue
        path = ROOT / app / PO
        if not messages:
            shutil.rmtree(ROOT / app / "locale", ignore_errors=True)
            continue
        write_po(path, messages)
        path.with_suffix(".mo").write_bytes(compiled(messages))
    return report(only)


def report(only: list[str]) -> int:
    """Print every message that has no translation; 1 when there is one."""
    missing = [
        f"{path.relative_to(ROOT)}: {message.text!r}"
        for path in sorted(ROOT.glob(f"candide/**/{PO}"))
        if not only or str(path.relative_to(ROOT).parents[3]) in only
        for message in read_po(path).values()
        if not message.is_translated
    ]
    for line in missing:
        print(f"not translated: {line}")
    return 1 if missing else 0


def check() -> int:
    """Whether the committed catalogues are what `make messages` would write."""
    wrong = 0
    for app, messages in catalogues().items():
        path = ROOT / app / PO
        committed = read_po(path) if path.exists() else {}
        for what, keys in (
            ("is not in the catalogue", messages.keys() - committed.keys()),
            ("is nowhere in the sources", committed.keys() - messages.keys()),
        ):
            for _, text in sorted(keys, key=str):
                print(f"{app}: {text!r} {what}; run: make messages")
                wrong += 1
    return 1 if report([]) or wrong else 0


if __name__ == "__main__":
    names = [name.rstrip("/") for name in sys.argv[1:]]
    sys.exit(check() if names == ["--check"] else update(names))
