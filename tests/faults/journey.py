"""One candidate's way through a deployment over HTTP, from signing in to the confirmed place, in
steps: each is done by one POST, and can be read back at any later time."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx

from tests.factories import samples
from tests.faults.browser import Browser

PASSWORD = "Orage-Bleu-42!"


@dataclass(frozen=True)
class Step:
    """`do` asks for it once; `is_done` reads it back."""

    name: str
    do: Callable[[], httpx.Response]
    is_done: Callable[[], bool]


@dataclass(frozen=True)
class Offer:
    """What is applied to, and asked for: keys of rows."""

    intake: int
    transcript: int
    photos: int
    question: int
    decision_type: int


@dataclass
class Journey:
    """`candidate` and `staff` are two browsers; staff are signed in already."""

    number: int
    email: str
    offer: Offer
    candidate: Browser
    staff: Browser
    pk: int = 0
    kept: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.transcript = samples.pdf(pages=2, text=f"Notes {self.number}")
        self.kept[self.offer.transcript] = hashlib.sha256(self.transcript).hexdigest()
        self.photo = samples.photo(width=600 + self.number)

    def steps(self) -> Iterator[Step]:
        """In their order; each is asked for once those before are done."""
        yield Step("sign in", self.sign_in, self.is_signed_in)
        yield Step("apply", self.apply, self.has_applied)
        yield Step("answer", self.answer, self.is_answered)
        yield Step("upload", self.give_transcript, self.has_transcript)
        yield Step("upload photos", self.give_photos, self.has_photos)
        yield Step("transmit", self.transmit, self.is_transmitted)
        yield Step("complete", self.set_complete, self.is_complete)
        yield Step("decide", self.decide, self.is_decided)
        yield Step("release", self.release, self.is_released)
        yield Step("accept", self.accept, self.is_accepted)

    # -- The candidate ------------------------------------------------------------------------

    def sign_in(self) -> httpx.Response:
        return self.candidate.sign_in(self.email, PASSWORD)

    def is_signed_in(self) -> bool:
        return self.candidate.get("candidate:space").status_code == httpx.codes.OK

    def apply(self) -> httpx.Response:
        answer = self.candidate.post("candidate:apply", self.offer.intake)
        self.pk = int(answer.headers["Location"].rstrip("/").rpartition("/")[2])
        return answer

    def has_applied(self) -> bool:
        return f"/candidatures/{self.pk}/" in self.candidate.get("candidate:applications").text

    def answer(self) -> httpx.Response:
        prefix = f"question-{self.offer.question}"
        return self.candidate.post(
            "candidate:question_answer",
            self.pk,
            self.offer.question,
            data={f"{prefix}-answer": self.words, f"{prefix}-seen": "0"},
        )

    def is_answered(self) -> bool:
        return self.words in self.candidate.get("candidate:application", self.pk).text

    @property
    def words(self) -> str:
        return f"Parce que {self.number} fois oui"

    def give_transcript(self) -> httpx.Response:
        return self._give(self.offer.transcript, ("notes.pdf", self.transcript))

    def has_transcript(self) -> bool:
        return self._is_kept(self.offer.transcript)

    def give_photos(self) -> httpx.Response:
        photo = ("photo.jpg", self.photo)
        return self._give(self.offer.photos, photo, photo)

    def has_photos(self) -> bool:
        return self._is_kept(self.offer.photos)

    def transmit(self) -> httpx.Response:
        return self.candidate.post("candidate:transmit", self.pk)

    def is_transmitted(self) -> bool:
        return _is_pdf(self.candidate.get("candidate:receipt", self.pk, 1))

    def accept(self) -> httpx.Response:
        return self.candidate.post("candidate:accept", self.pk)

    def is_accepted(self) -> bool:
        page = self.candidate.get("candidate:application", self.pk)
        return "Vous avez confirmé : la place est à vous." in page.text

    def _give(self, requirement: int, *files: tuple[str, bytes]) -> httpx.Response:
        return self.candidate.post(
            "candidate:document_upload",
            self.pk,
            requirement,
            data={"seen": ""},
            files=[("files", file) for file in files],
        )

    def _is_kept(self, requirement: int) -> bool:
        """The same content each time it is read; of the PDF, what was uploaded."""
        found = self.candidate.get("candidate:document_file", self.pk, requirement)
        if not _is_pdf(found):
            return False
        digest = hashlib.sha256(found.content).hexdigest()
        return self.kept.setdefault(requirement, digest) == digest

    # -- Staff --------------------------------------------------------------------------------

    def set_complete(self) -> httpx.Response:
        return self.staff.post(
            "staff:set_status",
            self.pk,
            data={"status-status": "complete", "status-seen": "received"},
        )

    def is_complete(self) -> bool:
        page = self.staff.get("staff:application", self.pk)
        return self.staff.field("status-seen", page) == "complete"

    def decide(self) -> httpx.Response:
        return self.staff.post(
            "staff:enter_decision",
            self.pk,
            data={"decision-type": self.offer.decision_type, "decision-seen": ""},
        )

    def is_decided(self) -> bool:
        return self._draft_seen() != "" or self.is_released()

    def release(self) -> httpx.Response:
        return self.staff.post("staff:release", self.pk, data={"seen": self._draft_seen()})

    def is_released(self) -> bool:
        return _is_pdf(self.candidate.get("candidate:letter", self.pk))

    def _draft_seen(self) -> str:
        return self.staff.field("seen", self.staff.get("staff:release", self.pk))


def _is_pdf(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.OK and answer.content.startswith(b"%PDF")
