"""The same worker in its real process, where only the process's bounds help."""

import pytest

from candide.core import sandbox
from candide.core.blockers import Refused
from candide.foundation.files.domain.storing import store
from candide.foundation.files.models import StoredFile
from tests.factories import samples
from tests.factories.samples import upload

pytestmark = pytest.mark.django_db


def refusal(uploads):
    with pytest.raises(Refused) as refused:
        store(uploads, by=None)
    return [(blocker.code, getattr(blocker, "name", "")) for blocker in refused.value.blockers]


@pytest.fixture
def little(monkeypatch):
    """Bounds so narrow that an ordinary file of the given cost breaks them."""

    def narrow(**bounds):
        narrowed = sandbox.Bounds(**bounds)
        monkeypatch.setattr(sandbox, "Bounds", lambda: narrowed)

    return narrow


def test_photos_and_pages_are_joined_in_the_real_process():
    uploads = [upload(samples.photo(), "a.jpg"), upload(samples.heic(), "b.heic")]

    assert store(uploads, by=None).page_count == 2


@pytest.mark.parametrize("content", [samples.stream_bomb, samples.image_bomb])
def test_bomb_is_refused_within_its_bounds(content):
    assert refusal([upload(content())]) == [("too_complex", "diplome.pdf")]


def test_900_megapixels_are_refused_without_decoding_them():
    assert refusal([upload(samples.enormous_png(), "a.png")]) == [("image_too_large", "a.png")]


def test_file_that_takes_too_much_memory_is_to_blame_alone(little):
    little(memory_bytes=240 * 1024 * 1024)
    uploads = [
        upload(samples.pdf(), "bon.pdf"),
        upload(samples.enormous_png(10_400), "lourd.png"),
        upload(samples.HTML, "page.pdf"),
    ]

    assert refusal(uploads) == [("too_complex", "lourd.png"), ("wrong_type", "page.pdf")]


@pytest.mark.parametrize(
    ("failure", "code"),
    [("time", "took_too_long"), ("memory", "too_complex"), ("crash", "damaged")],
)
def test_joining_that_is_ended_blames_no_single_file(monkeypatch, failure, code):
    reports = [
        {"found": 0, "kind": "pdf", "media_type": "application/pdf", "pages": 1, "problem": ""},
        {"began": None},
    ]
    outcome = sandbox.Outcome(failure=sandbox.Failure(failure), reports=reports)
    monkeypatch.setattr(sandbox, "run", lambda module, request: outcome)

    assert refusal([upload(samples.pdf())]) == [(code, "diplome.pdf")]


def test_machine_without_a_free_process_asks_to_come_back(monkeypatch):
    outcome = sandbox.Outcome(failure=sandbox.Failure.BUSY)
    monkeypatch.setattr(sandbox, "run", lambda module, request: outcome)

    assert refusal([upload(samples.pdf())]) == [("busy", "diplome.pdf")]


def test_file_that_takes_too_long_is_refused(little):
    little(cpu_seconds=0)

    assert refusal([upload(samples.pdf(), "lent.pdf")])[0][0] == "took_too_long"
    assert StoredFile.objects.count() == 0
