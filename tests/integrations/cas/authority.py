"""What the CAS server of the tests asks who somebody is; imported by its process alone."""

from typing import Any

from cas_server.auth import AuthUser

from tests.integrations.cas.people import ATTRIBUTES, PASSWORD


class People(AuthUser):
    def test_password(self, password: str) -> bool:
        return self.username in ATTRIBUTES and password == PASSWORD

    def attributs(self) -> dict[str, Any]:
        return ATTRIBUTES[self.username]
