"""The backup of every night: it shares with the one before, and old ones go."""

import os
import subprocess

import pytest

from tests.architecture.sources import ROOT

RECORDING = """#!/bin/sh
echo "$*" >> "$BACKUPS/asked"
for last in "$@"; do :; done
mkdir "$last"
"""


@pytest.fixture
def backups(tmp_path):
    program = tmp_path / "candide"
    program.write_text(RECORDING)
    program.chmod(0o755)
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def run(backups, **more):
    environment = {
        "PATH": os.defpath,
        "BACKUPS": str(backups),
        "CANDIDE": str(backups.parent / "candide"),
        **more,
    }
    subprocess.run([ROOT / "deploy/nightly-backup"], env=environment, check=True)
    return (backups / "asked").read_text().replace(str(backups), "").splitlines()[-1]


def test_first_backup_has_none_before_it(backups):
    asked = run(backups).split()

    assert asked[0] == "backup"
    assert len(asked) == 2


def test_backup_shares_with_the_last_one_and_old_ones_go(backups):
    for day in ("2026-01-01", "2026-01-02", "2026-01-02.unfinished", "of-the-university"):
        (backups / day).mkdir()
    long_ago = 1_767_225_600
    os.utime(backups / "2026-01-01", (long_ago, long_ago))
    os.utime(backups / "of-the-university", (long_ago, long_ago))

    asked = run(backups, KEEP="10")

    assert asked.startswith("backup --previous /2026-01-02 /20")
    left = {path.name for path in backups.iterdir() if path.is_dir()}
    assert left == {"2026-01-02", "of-the-university", asked.rpartition("/")[2]}
