"""What several people do at the same moment in their browsers, and what they are answered."""

from typing import Any

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.concurrency.at_once import Act, Outcome
from tests.factories.samples import pdf


def posting(user: Any, url: str, **data: Any) -> Act:
    """Sign `user` in now; post `data` to `url` when it is time."""
    client = Client(headers={"accept-language": "fr"})
    client.force_login(user)
    return lambda: client.post(url, data)


def statuses(outcomes: list[Outcome]) -> list[int]:
    return sorted(outcome.value.status_code for outcome in outcomes)


def answer_with(outcomes: list[Outcome], status: int) -> HttpResponse:
    """The only answer with that status."""
    (found,) = (each.value for each in outcomes if each.value.status_code == status)
    return found


def told(outcomes: list[Outcome]) -> list[str]:
    """What the next page of each says."""
    requests = (outcome.value.wsgi_request for outcome in outcomes)
    return sorted(str(message) for each in requests for message in get_messages(each))


def upload(pages: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile("notes.pdf", pdf(pages=pages), content_type="application/pdf")
