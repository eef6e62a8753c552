"""What the dossier says, on paper and online [PDF-02, TRANS-01, TRANS-09]."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from candide.admissions.applications.domain import dossier as dossier_module
from candide.admissions.applications.domain.documents import declare_not_concerned, give_document
from candide.admissions.applications.domain.dossier import _text, current_dossier
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.candidates.domain.identity import identity_entry, save_identity
from candide.admissions.candidates.models import Candidate
from candide.foundation.files.domain.blobs import delete_blob
from candide.foundation.pdf.joining import JoiningFailed
from candide.institution.catalogue.models import Institution
from candide.institution.requirements.enums import QuestionKind
from tests.admissions.conftest import NOW
from tests.factories.applications import AnswerFactory, ApplicationFactory
from tests.factories.catalogue import CommissionFactory, IntakeFactory, ProgrammeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.reference import DepartmentFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

UNREAD = "Ces fichiers n'ont pas pu être lus et ne sont pas joints : "


@pytest.fixture
def commission(db):
    return CommissionFactory(
        name="Scolarité de droit", address_1="12 rue des Dossiers", return_comment="Sans agrafe."
    )


@pytest.fixture
def made(alix, commission):
    """Makes Alix's application to a programme of the commission, on paper or online."""

    def make(**intake):
        programme = ProgrammeFactory(commission=commission)
        return ApplicationFactory(
            candidate=alix, intake=IntakeFactory(programme=programme, **intake)
        )

    return make


def pages(application):
    """The words of each page of the dossier as it stands, in French."""
    content = current_dossier(application, language="fr", now=NOW).content
    document = pypdfium2.PdfDocument(content)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    texts = [text.replace("• ", "") for text in texts]
    document.close()
    return texts


@pytest.mark.parametrize(
    ("extended_to", "day"), [(None, "29 avril 2027"), (date(2027, 5, 6), "6 mai 2027")]
)
def test_paper_dossier_ends_with_what_to_join_where_to_post_it_and_until_when(
    made, extended_to, day
):
    """S2-33, S2-34, VIEW-06."""
    DocumentRequirementFactory(common=True, label="Relevé de notes")
    paper = made(paper=True)
    paper.documents_extended_to = extended_to
    paper.save()

    last = pages(paper)[-1]

    for expected in (
        "Relevé de notes",
        "12 rue des Dossiers",
        "45000 Orléans",
        "Sans agrafe.",
        f"Au plus tard le {day}, le cachet de la poste faisant foi",
    ):
        assert expected in last


def test_deadlines_say_their_hour(made):
    """A day alone reads as leaving the day itself out."""
    words = " ".join(pages(made(open=True, acceptance_due_on=date(2027, 6, 1))))

    for expected in (
        "À transmettre avant le 29 avril 2027 à 23 h 59, heure de Paris",
        "Date limite de retour 29 avril 2027 à 23 h 59, heure de Paris",
        "Réponse attendue avant le 1er juin 2027 à 23 h 59, heure de Paris",
    ):
        assert expected in words


def test_answers_are_written_as_the_language_writes_them(made):
    application = made(open=True)
    for kind, value in ((QuestionKind.NUMBER, "12.5"), (QuestionKind.DATE, "2027-09-01")):
        question = QuestionFactory(common=True, kind=kind, label=f"Question {kind}")
        AnswerFactory(application=application, question=question, value=value)

    words = " ".join(pages(application))

    assert "Question number 12,5" in words
    assert "Question date 1er septembre 2027" in words


@pytest.mark.parametrize("answer", ["x" * 400 + "fin", "https://example.org/" + "y" * 400 + "fin"])
def test_word_without_end_is_printed_to_its_end(made, answer):
    """PDF-02: nothing given is cut off at the edge of the page."""
    application = made(open=True)
    question = QuestionFactory(common=True, label="Votre projet")
    AnswerFactory(application=application, question=question, value=answer)

    content = current_dossier(application, language="fr", now=NOW).content

    document = pypdfium2.PdfDocument(content)
    shown = "".join(
        page.get_textpage().get_text_bounded(right=page.get_width()) for page in document
    )
    document.close()
    assert answer in "".join(shown.split())


def test_paper_dossier_leaves_out_what_does_not_concern_the_candidate(made, alix):
    """PJ-19."""
    paper = made(paper=True)
    kept, left_out = (
        DocumentRequirementFactory(common=True, conditional=True, label=label)
        for label in ("Attestation", "Titre de séjour")
    )
    declare_not_concerned(paper, left_out, by=alix.user, now=NOW)

    last = pages(paper)[-1]

    assert str(kept.label) in last
    assert str(left_out.label) not in last


def test_dossier_transmitted_online_asks_nobody_to_post_anything(made):
    """S0-20."""
    words = " ".join(pages(made(open=True)))

    assert "À transmettre avant" in words
    assert "cachet de la poste" not in words


def test_data_changed_before_transmitting_are_what_is_transmitted(made, alix):
    """S0-17, S0-19, S2-55: having applied closes nothing; having transmitted keeps what was."""
    application, born_in = made(open=True), DepartmentFactory()

    def rename(name):
        kept = Candidate.objects.get(pk=alix.pk)
        entry = replace(identity_entry(kept), birth_name=name, birth_department=born_in)
        save_identity(alix.user, entry=entry, version=kept.version, by=alix.user, now=NOW)

    rename("Durand")
    snapshot = transmit(application, by=alix.user, now=NOW)
    rename("Leroy")

    snapshot.refresh_from_db()
    assert snapshot.data["file"]["name"] == "DURAND ALIX"
    assert Candidate.objects.get(pk=alix.pk).birth_name == "LEROY"


def given(application, label, **fields):
    """A document of the application, with its content unless it was deleted."""
    requirement = DocumentRequirementFactory(common=True, label=label)
    file = StoredFileFactory(**fields)
    give_document(application, requirement, file, by=application.candidate.user, now=NOW)
    return file


def test_dossier_names_the_file_that_is_gone(made):
    """PDF-04."""
    application = made(open=True)
    given(application, "Relevé de notes")
    delete_blob(given(application, "Diplôme").key)

    dossier = current_dossier(application, language="fr", now=NOW)

    assert (dossier.skipped, dossier.is_provisional) == (["Diplôme"], True)
    words = " ".join(pages(application))
    assert UNREAD + "Diplôme" in words
    assert words.endswith("Page 1")


def test_dossier_has_no_files_while_the_file_service_is_in_maintenance(made):
    """PDF-04."""
    application = made(open=True)
    given(application, "Relevé de notes")
    Institution.objects.update(is_upload_closed=True)

    dossier = current_dossier(application, language="fr", now=NOW)

    assert (dossier.skipped, dossier.is_provisional) == (["Relevé de notes"], True)
    words = " ".join(pages(application))
    assert "Le service de fichiers est en maintenance" in words
    assert UNREAD + "Relevé de notes" in words
    assert not words.endswith("Page 1")


def test_dossier_that_cannot_be_joined_is_its_summary(made, monkeypatch):
    """PDF-04."""

    def fail(*args, **kwargs):
        raise JoiningFailed("time")

    application = made(open=True)
    given(application, "Relevé de notes")
    monkeypatch.setattr(dossier_module, "join", fail)

    dossier = current_dossier(application, language="fr", now=NOW)

    assert (dossier.skipped, dossier.is_provisional) == (["Relevé de notes"], True)
    assert UNREAD + "Relevé de notes" in " ".join(pages(application))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Licence", "Licence"), ({"en": "Bachelor"}, "Bachelor"), ({"fr": "Licence"}, "Licence")],
)
def test_kept_text_is_read_in_the_language_there_is(value, expected):
    assert _text(value, "en") == expected
