"""Templates of letters, with their previews; signatures of commissions."""

from candide.admissions.decisions.enums import LetterKind, LetterSource
from candide.admissions.decisions.models import WordTemplate
from candide.institution.catalogue.models import Institution
from tests.browser.states.staff import administrator
from tests.browser.states.state import State
from tests.factories import samples, word
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory
from tests.factories.decisions import RELEASED_AT
from tests.factories.files import StoredFileFactory
from tests.factories.letters import LetterFactory, LetterTemplateFactory
from tests.factories.reference import DiplomaTypeFactory

LETTERS = "/gestion/parametrage/lettres/"
COMMISSIONS = "/gestion/parametrage/commissions/"


def several():
    LetterTemplateFactory(name="Admission, lettre générale")
    LetterTemplateFactory(name="Refus", kind=LetterKind.REFUSAL, source=LetterSource.WORD)
    LetterTemplateFactory(name="Admission en master", diploma_type=DiplomaTypeFactory())
    return LetterTemplateFactory(
        name="Admission à l’UFR Sciences", centre=ApplicationCentreFactory(name="UFR Sciences")
    )


def worded():
    row = LetterTemplateFactory(name="Lettre Word", source=LetterSource.WORD)
    file = StoredFileFactory(name="lettre.docx", content=word.document())
    WordTemplate.objects.create(template=row, language="fr", file=file)
    return row


def empty():
    return LetterTemplateFactory(name="Vide", source=LetterSource.WORD, is_active=False)


def signed():
    Institution.current()
    image = samples.image("png", samples.drawing(width=400, height=120))
    file = StoredFileFactory(name="signature.png", content=image, media_type="image/png")
    return CommissionFactory(name="Commission Informatique", signature=file, signatory="Le doyen")


def issued():
    return LetterFactory(withdrawn_at=RELEASED_AT)


def at(row):
    return f"{LETTERS}{row.pk}/"


STATES = [
    State("letters list", LETTERS, administrator, several, weighed=False),
    State("letters, new", f"{LETTERS}nouveau/", administrator, weighed=False),
    State("letters, one", at, administrator, several, weighed=False),
    State("letters, Word", at, administrator, worded, weighed=False),
    State(
        "letters, Word without a program",
        at,
        administrator,
        worded,
        weighed=False,
        settings={"OFFICE": "no-such-program"},
    ),
    State(
        "letters, failed",
        lambda row: f"{at(row)}apercu.pdf?language=fr",
        administrator,
        empty,
        status=409,
        weighed=False,
    ),
    State(
        "letters, Word refused",
        lambda row: f"{at(row)}word/fr/deposer/",
        administrator,
        worded,
        post={"file": ""},
        status=422,
        weighed=False,
    ),
    State(
        "letter of an application",
        lambda letter: f"/gestion/candidatures/{letter.decision.application_id}/lettre/",
        administrator,
        issued,
        weighed=False,
    ),
    State(
        "commission, signature",
        lambda row: f"{COMMISSIONS}{row.pk}/",
        administrator,
        signed,
        weighed=False,
    ),
]
