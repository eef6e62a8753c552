"""Compile requirements/*.in into requirements/*.txt: pinned, with hashes, for every Python and
system the project supports, and without the name of any host.

    make requirements               keeps what is pinned unless a .in file forbids it
    .venv/bin/python tools/compile_requirements.py --upgrade
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"

OPTIONS = [
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
]


def compile_requirements(name: str, *more: str) -> None:
    files = [f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"]
    subprocess.run([UV, "pip", "compile", *OPTIONS, *more, *files], cwd=ROOT, check=True)


if __name__ == "__main__":
    compile_requirements("base", *sys.argv[1:])
    # The tests run on the very versions that are installed.
    compile_requirements("dev", "--constraint=requirements/base.txt", *sys.argv[1:])
