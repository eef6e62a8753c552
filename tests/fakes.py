"""Stand-ins for what is outside the process; each passes the contract tests of the real thing."""

from typing import BinaryIO

from candide.integrations.antivirus import Finding, Unavailable, Verdict
from tests.factories import samples


class FakeAntivirus:
    """Finds the EICAR test, refuses what is larger than four megabytes, and can be away."""

    LARGEST = 4 * 1024 * 1024

    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0

    def scan(self, content: BinaryIO) -> Verdict:
        self.asked += 1
        if self.is_away:
            raise Unavailable("ConnectionRefusedError")
        read = content.read()
        if len(read) > self.LARGEST:
            return Verdict(Finding.FAILED, "INSTREAM size limit exceeded")
        if samples.eicar() in read:
            return Verdict(Finding.INFECTED, "Eicar-Test")
        return Verdict(Finding.CLEAN)
