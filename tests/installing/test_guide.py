"""The documents can be followed: their commands are shell, and all that is to be filled in is
known."""

import shutil
import subprocess

import pytest
from cryptography import x509

from tests.architecture.sources import ROOT
from tests.installing.guide import BLANK, CHAPTERS, blocks, filled, under

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


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing")
def test_certificate_to_try_with_vouches_for_no_other(tmp_path):
    """The machine is made to trust it, and who has its key is not to be trusted with all names."""
    (block,) = under("install", "4. The certificate")
    command = block.text.partition("\ncp ")[0].replace("/etc/ssl/private", str(tmp_path))

    subprocess.run(
        ["/bin/sh", "-ec", command.replace("/etc/ssl", str(tmp_path))],
        check=True,
        capture_output=True,
    )

    made = x509.load_pem_x509_certificate((tmp_path / "candide.pem").read_bytes()).extensions
    assert not made.get_extension_for_class(x509.BasicConstraints).value.ca
    names = made.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["candidatures.univ.example"]
