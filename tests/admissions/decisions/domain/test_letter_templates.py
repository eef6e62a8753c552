"""What may stand in a template, Word documents, previews and test letters, what one begins with."""

import pypdfium2
import pytest
from i18nfield.strings import LazyI18nString

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain import letter_rendering
from candide.admissions.decisions.domain.current import draft_decision
from candide.admissions.decisions.domain.entering import enter_decision
from candide.admissions.decisions.domain.letter_preview import (
    commission_test_letter,
    preview_letter,
)
from candide.admissions.decisions.domain.letter_rendering import LetterFailed, making, render_letter
from candide.admissions.decisions.domain.letter_templates import (
    LONGEST,
    LetterTemplates,
    template_blockers,
)
from candide.admissions.decisions.domain.letter_values import sample_values
from candide.admissions.decisions.domain.letters import keep_letter
from candide.admissions.decisions.domain.starter import begin_with_letters
from candide.admissions.decisions.domain.word_templates import (
    office_warnings,
    put_word_template,
    word_blockers,
    word_templates_of,
)
from candide.admissions.decisions.enums import LetterKind, LetterSource
from candide.admissions.decisions.models import LetterTemplate, WordTemplate
from candide.core.blockers import Refused
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.history.domain.log import entries_about
from candide.foundation.pdf.word import WordFailed
from candide.institution.catalogue.domain.signature import put_signature
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import draft_of, with_letters
from tests.factories import samples, word
from tests.factories.files import StoredFileFactory
from tests.factories.letters import LetterTemplateFactory


def words_of(content):
    document = pypdfium2.PdfDocument(content)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.split())


def codes(blockers):
    return [blocker.code for blocker in blockers]


# -- What may be saved -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"body": {"fr": "${prenomCandidat} {if($isAppel)}x{endif($isAppel)}"}}, []),
        ({"body": {"fr": "${prenom}"}}, ["unknown_variable"]),
        ({"body": {"fr": "${motifRefus}"}}, ["unknown_variable"]),
        ({"body": {"fr": "${motifRefus}"}, "kind": LetterKind.REFUSAL}, []),
        ({"body": {"fr": "x", "en": "{if($date)}"}}, ["not_closed"]),
        ({"title": {"fr": "${}"}}, ["malformed"]),
        ({"body": {"en": "x"}}, ["no_text"]),
        ({"body": {"en": "x"}, "source": LetterSource.WORD}, []),
        ({"footer": {"fr": "x" * (LONGEST + 1)}}, ["too_long"]),
    ],
)
@pytest.mark.django_db
def test_template_says_only_what_there_is(fields, expected):
    texts = {
        name: LazyI18nString(value) if isinstance(value, dict) else value
        for name, value in fields.items()
    }

    assert codes(template_blockers(LetterTemplateFactory.build(**texts))) == expected


@pytest.mark.django_db
def test_one_template_is_in_service_for_the_same_letters():
    there = LetterTemplateFactory()

    assert codes(template_blockers(LetterTemplateFactory.build())) == ["not_alone"]
    assert template_blockers(LetterTemplateFactory.build(is_active=False)) == []
    assert template_blockers(LetterTemplateFactory.build(kind=LetterKind.REFUSAL)) == []
    assert template_blockers(there) == []


def test_template_in_one_language_says_it_as_plain_text(application, bao):
    with_letters(application, LetterMode.BOTH)
    LetterTemplateFactory(title="Objet", body="Bonjour tout court")
    enter_decision(again(application), draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)

    letter = keep_letter(decision=draft_decision(again(application)), language="en", now=NOW)

    with open_file(letter.file) as content:
        assert "Bonjour tout court" in words_of(content.read())


@pytest.mark.django_db
def test_new_installation_has_letters_and_keeps_what_staff_wrote():
    begin_with_letters()
    assert LetterTemplate.objects.count() == 2
    assert [template_blockers(row) for row in LetterTemplate.objects.all()] == [[], []]

    LetterTemplate.objects.filter(kind=LetterKind.REFUSAL).update(name="À nous", is_active=False)
    begin_with_letters()

    assert LetterTemplate.objects.get(kind=LetterKind.REFUSAL).name == "À nous"


# -- Previews -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_preview_of_nobody_says_that_it_is_a_test_and_has_no_code():
    """B-042: on each page."""
    template = LetterTemplateFactory(body=LazyI18nString({"fr": "${nomPatCandidat}\n\n" * 60}))

    content = preview_letter(template, language="fr", now=NOW)

    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    assert len(pages) > 1
    assert all("SPÉCIMEN" in text for text in pages)
    assert "MARTIN" in pages[0]
    assert "Chacun peut vérifier" not in words_of(content)


def test_preview_of_an_application_has_its_values(application, bao):
    template = LetterTemplateFactory(
        body=LazyI18nString({"fr": "${prenomCandidat} : ${libelleAvis} ${commentaireAvis}"})
    )
    preview = {"language": "fr", "now": NOW, "application": application}

    before = words_of(preview_letter(template, **preview))
    enter_decision(application, draft_of(Outcome.FAVOURABLE, comment="Très bien"), by=bao, now=NOW)
    after = words_of(preview_letter(template, **preview))

    name = application.candidate.first_name
    assert f"{name} : {Outcome.FAVOURABLE.label}" in before
    assert "Très bien" not in before
    assert "Très bien" in after


def test_test_letter_is_signed_by_its_commission(application, bao):
    commission = application.intake.programme.commission
    commission.signatory = "Le doyen"
    commission.save()
    image = {"content": samples.image("png"), "media_type": "image/png"}
    put_signature(commission, StoredFileFactory(name="s.png", **image), by=bao)
    commission.refresh_from_db()

    content = commission_test_letter(commission, LetterKind.REFUSAL, language="fr", now=NOW)

    document = pypdfium2.PdfDocument(content)
    assert sum(1 for thing in document[0].get_objects() if thing.type == 3) == 1
    document.close()
    assert "Le doyen" in words_of(content)
    assert str(commission.name) in words_of(content)
    assert entries_about(commission).first().data["changes"] == {"signature": None}


def test_commission_without_a_template_in_service_has_no_test_letter(application):
    LetterTemplateFactory(is_active=False)

    with pytest.raises(LetterFailed):
        commission_test_letter(
            application.intake.programme.commission, LetterKind.ADMISSION, language="fr", now=NOW
        )


# -- Word documents -------------------------------------------------------------------------------


def stored(*paragraphs):
    return StoredFileFactory(name="lettre.docx", content=word.document(*paragraphs))


@pytest.mark.parametrize(
    ("paragraphs", "expected", "named"),
    [
        ((word.field("nomPatCandidat"), word.field("$dateLimiteConfirm"), word.IMAGE), [], ""),
        (
            (
                word.field("#if($showSignataire)") + word.field("libelleSignature"),
                word.field("#end"),
            ),
            [],
            "",
        ),
        ((word.field("nom"), word.field("$motifRefus")), ["unknown_fields"], "motifRefus, nom"),
        ((word.field("#end"),), ["unbalanced"], "#end"),
    ],
)
@pytest.mark.django_db
def test_fields_without_a_value_are_named(paragraphs, expected, named):
    blockers = word_blockers(LetterTemplateFactory(), stored(*paragraphs))

    assert codes(blockers) == expected
    assert named in " ".join(blocker.message for blocker in blockers)


@pytest.mark.django_db
def test_what_is_no_word_document_is_refused(monkeypatch):
    def fails(content):
        raise WordFailed("boom")

    monkeypatch.setattr("candide.admissions.decisions.domain.word_templates.look", fails)

    assert codes(word_blockers(LetterTemplateFactory(), stored())) == ["damaged"]


def test_word_document_is_put_replaced_and_removed(bao):
    template = LetterTemplateFactory(source=LetterSource.WORD)
    first, second = stored(word.field("date")), stored(word.field("dateHeure"))

    put_word_template(template, first, language="fr", by=bao)
    put_word_template(template, second, language="fr", by=bao)

    assert [(code, each and each.file) for code, _name, each in word_templates_of(template)] == [
        ("fr", second),
        ("en", None),
    ]
    with pytest.raises(Refused) as refusal:
        put_word_template(template, stored(word.field("x")), language="fr", by=bao)
    assert refusal.value.codes == ["unknown_fields"]
    put_word_template(template, None, language="fr", by=bao)
    assert WordTemplate.objects.count() == 0
    assert list(entries_about(template).values_list("event", flat=True)) == [
        "letters.word_removed",
        "letters.word_put",
        "letters.word_put",
    ]


def word_letter(application, bao, monkeypatch, *paragraphs):
    """What is put into the Word document of a decision's letter, instead of laying it out."""
    asked = []

    def fake(content, merge, **told):
        asked.append((merge, told))
        return samples.pdf()

    monkeypatch.setattr(letter_rendering, "fill", fake)
    with_letters(application, LetterMode.BOTH)
    template = LetterTemplateFactory(source=LetterSource.WORD, body="")
    put_word_template(template, stored(*paragraphs), language="fr", by=bao)
    enter_decision(again(application), draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)
    keep_letter(decision=draft_decision(again(application)), language="en", now=NOW)
    return asked[0]


def test_letter_is_merged_from_the_word_document(application, bao, monkeypatch):
    Institution.objects.create(pk=1, name="Université de Valmont")
    commission = application.intake.programme.commission
    put_signature(commission, StoredFileFactory(content=b"image"), by=bao)
    commission.refresh_from_db()

    merge, told = word_letter(application, bao, monkeypatch, word.field("nomPatCandidat"))

    assert merge.values["nomPatCandidat"] == application.candidate.birth_name
    assert (merge.image, "showSignataire" in merge.given) == (b"image", True)
    assert "isAppel" not in merge.given
    assert merge.values["codeVerification"] in merge.tail
    assert (told["language"], told["author"]) == ("fr", "Université de Valmont")


def test_document_that_shows_the_code_itself_gets_no_last_line(application, bao, monkeypatch):
    merge, _told = word_letter(application, bao, monkeypatch, word.field("codeVerification"))

    assert merge.tail == ""
    assert "showSignataire" not in merge.given


def test_test_letter_from_a_word_document_says_that_it_is_worth_nothing(bao, monkeypatch):
    merges = []
    monkeypatch.setattr(
        letter_rendering, "fill", lambda _content, merge, **_told: merges.append(merge) or b""
    )
    template = LetterTemplateFactory(source=LetterSource.WORD, body="")
    put_word_template(template, stored(), language="fr", by=bao)
    templates, values = LetterTemplates(), sample_values(LetterKind.ADMISSION)

    for _time in range(2):  # the second time from what was read
        made = making(
            template,
            kind=template.kind,
            language="fr",
            values=values,
            commission=None,
            templates=templates,
            is_test=True,
        )
        render_letter(made, code="", created=NOW)

    first, second = (merge.tail for merge in merges)
    assert first == second
    assert first.startswith("Lettre d’essai, qui ne concerne personne")


def test_word_letter_without_an_office_program_is_reported(application, bao, settings):
    settings.OFFICE = "no-such-program"
    with_letters(application, LetterMode.BOTH)
    template = LetterTemplateFactory(source=LetterSource.WORD)
    put_word_template(template, stored(), language="fr", by=bao)
    enter_decision(again(application), draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)

    with pytest.raises(LetterFailed):
        keep_letter(decision=draft_decision(again(application)), language="fr", now=NOW)
    assert codes(office_warnings()) == ["no_office"]
    settings.OFFICE = "/bin/sh"
    assert office_warnings() == []
