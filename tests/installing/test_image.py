"""What deploy/Containerfile says, beside pyproject.toml."""

import re
import tomllib

from tests.architecture.sources import ROOT


def test_image_brings_every_extra():
    """Nobody installs anything in a container that runs. Of `ldap` Debian's package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {each for name in extras if name != "ldap" for each in extras[name]}
    said = (ROOT / "deploy/Containerfile").read_text("utf-8")

    assert "python3-ldap" in said.split()
    assert wanted == set(re.findall(r"'([^' ]+==[^' ]+)'", said))
