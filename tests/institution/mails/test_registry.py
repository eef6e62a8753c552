"""Every mail there is: it has its words in each language, and they are what they were. After a
change of words: `pytest tests/institution/mails/test_registry.py --snapshot-update`."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.validators import URLValidator
from django.utils.translation import override
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from candide.institution.mails.domain.texts import text_blockers, text_warnings
from candide.institution.mails.kinds import Mail, kinds, standard_text

LANGUAGES = [code for code, _ in settings.LANGUAGES]
KINDS = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
EACH = pytest.mark.parametrize("language", LANGUAGES)


class AsText(SingleFileSnapshotExtension):
    """One readable file for each mail and language."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def snapshot(snapshot):
    return snapshot.use_extension(AsText)


def subclasses(kind: type[Mail]) -> Iterator[type[Mail]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def test_every_mail_is_registered():
    named = {
        kind.code
        for kind in subclasses(Mail)
        if "code" in vars(kind) and kind.__module__.startswith("candide.")
    }

    assert named == {kind.code for kind in kinds()}


@KINDS
@EACH
def test_standard_text_is_there_and_could_be_saved_by_staff(kind, language):
    """Staff who open it and save it unchanged are not refused."""
    text = standard_text(kind, language)

    assert text.language == language
    assert text.subject
    said = {"subject": {language: text.subject}, "body": {language: text.body}}
    assert text_blockers(kind, **said, is_enabled=True) == []
    assert text_warnings(kind, **said) == []


@KINDS
def test_centres_have_words_of_their_own_for_what_is_about_their_applications(kind):
    assert kind.is_of_centre == (kind.centre is not Mail.centre)


@KINDS
@EACH
def test_placeholders_and_title_are_described(kind, language):
    names = [placeholder.name for placeholder in kind.all_placeholders()]

    with override(language):
        descriptions = [str(placeholder.description) for placeholder in kind.all_placeholders()]
        title = str(kind.title)

    assert len(names) == len(set(names))
    assert all([title, *descriptions])


@KINDS
def test_samples_of_links_are_addresses(kind):
    for placeholder in kind.all_placeholders():
        if placeholder.is_link:
            URLValidator(schemes=["https"])(placeholder.sample)


@KINDS
@EACH
def test_rendered_with_its_samples(kind, language, snapshot):
    rendered = kind.render(
        standard_text(kind, language), kind.samples(), institution="Université de Valmont"
    )

    whole = f"{rendered.subject}\n\n{rendered.text}\n{rendered.html}"
    assert "${" not in whole
    assert whole == snapshot
