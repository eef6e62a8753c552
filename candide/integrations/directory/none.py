"""No directory: people are known by their address, and nobody leaves by themselves."""

from collections.abc import Iterable

from candide.integrations.directory.port import DirectoryPerson, Unavailable


class NoDirectory:
    is_connected = False

    def search(self, text: str) -> list[DirectoryPerson]:
        return []

    def by_uid(self, uids: Iterable[str]) -> dict[str, DirectoryPerson]:
        raise Unavailable("none")

    def by_email(self, emails: Iterable[str]) -> dict[str, DirectoryPerson]:
        raise Unavailable("none")
