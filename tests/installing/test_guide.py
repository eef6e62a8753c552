"""The documents can be followed: their commands are shell, and all that is to be filled in is
known."""

import subprocess

import pytest

from tests.architecture.sources import ROOT
from tests.installing.guide import BLANK, CHAPTERS, blocks, filled

BLANKS = {"<address of the repository>", "<version>", "<former version>"}


@pytest.mark.parametrize("name", ["install", "upgrade", "operate"])
def test_commands_are_shell(name):
    for block in blocks(name):
        text = BLANK.sub("something", block.text)
        done = subprocess.run(["/bin/sh", "-n"], input=text, capture_output=True, text=True)
        assert done.returncode == 0, (block.heading, done.stderr)


def test_all_that_is_to_be_filled_in_is_known():
    asked = {
        blank
        for name in ("install", "upgrade")
        for b in blocks(name)
        for blank in BLANK.findall(b.text)
    }

    assert asked <= BLANKS
    assert filled("cd /opt/candide-<former version>", former_version="1") == "cd /opt/candide-1"


def test_every_numbered_chapter_says_what_to_do():
    assert set(CHAPTERS) <= {block.heading for block in blocks("install")}


def test_every_file_that_is_copied_is_there():
    for block in blocks("install"):
        for word in block.text.split():
            if word.startswith("deploy/"):
                assert (ROOT / word).is_file(), word
