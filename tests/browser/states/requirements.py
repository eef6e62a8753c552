"""What is asked: documents and questions with their links, a template, what is refused."""

from urllib.parse import urlencode

from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, Grant, RoleProfile
from candide.institution.requirements.enums import QuestionKind
from tests.browser.states.staff import administrator
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import CommissionFactory, IntakeFactory, ProgrammeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

SETTINGS = "/gestion/parametrage/"
ASKING = f"{SETTINGS}demandes/"
DOCUMENTS, QUESTIONS = f"{SETTINGS}pieces/", f"{SETTINGS}questions/"


def programmes():
    commission = CommissionFactory()
    names = ("Économie appliquée", "Informatique", "Lettres modernes")
    return [ProgrammeFactory(commission=commission, name=name) for name in names]


def document(**fields):
    """One that is linked, in reach and elsewhere, with a template."""
    own = programmes()
    return DocumentRequirementFactory(
        code="MOTIVATION",
        label={"fr": "Lettre de motivation", "en": "Letter of motivation"},
        help_text={"fr": "Une page."},
        programmes=[*own[:2], ProgrammeFactory(name="Physique")],
        template_file=StoredFileFactory(name="modele-de-lettre.pdf"),
        **fields,
    )


def documents():
    """Of every origin, one out of service."""
    made = document(position=30)
    centre = made.programmes.first().commission.centre
    DocumentRequirementFactory(code="CV", label="Curriculum vitæ", common=True, position=10)
    DocumentRequirementFactory(
        code="PORTFOLIO", label="Portfolio", common=True, centre=centre, conditional=True
    )
    DocumentRequirementFactory(code="ANCIEN", route="direct", is_active=False)
    return made


def question():
    above = QuestionFactory(code="AMENAGEMENT", label="Demandez-vous un aménagement ?", yes_no=True)
    return QuestionFactory(
        code="REGIME",
        label="Sous quel régime étudierez-vous ?",
        choice=True,
        programmes=programmes()[:1],
        depends_on=above,
        depends_on_value=True,
    )


def manager(row):
    """Somebody who sets up what one centre asks."""
    role = RoleProfile.objects.create(code="asking", name="Pièces et questions")
    Grant.objects.create(role=role, capability=Capability.MANAGE_REQUIREMENTS, can_write=True)
    user = UserFactory(staff=True, first_name="Bao", last_name="TRAN")
    centre = row.programmes.order_by("pk").first().commission.centre
    Assignment.objects.create(user=user, role=role, centre=centre)
    return user


def at(screen, below=""):
    return lambda row: f"{screen}{row.pk}/{below}"


def previewed():
    """An intake that asks everything there is to ask."""
    intake = IntakeFactory(open=True)
    made = document(conditional=True)
    made.programmes.add(intake.programme)
    above = QuestionFactory(code="AMENAGEMENT", common=True, yes_no=True, conditional=True)
    QuestionFactory(common=True, choice=True, depends_on=above, depends_on_value=True)
    for kind in ("number", "date", "long_text"):
        QuestionFactory(common=True, **{kind: True})
    return intake


def several(made):
    return {"programme": [str(programme.pk) for programme in made.programmes.all()]}


def of_programme(made):
    return f"{ASKING}{made.programmes.order_by('pk').first().pk}/"


STATES = [
    State(
        "preview as a candidate",
        lambda intake: f"{ASKING}apercu/{intake.pk}/",
        administrator,
        previewed,
        weighed=False,
    ),
    State("programmes that ask", ASKING, administrator, documents, weighed=False),
    State("programmes that ask, none", ASKING, administrator, weighed=False),
    State("what a programme asks", of_programme, manager, documents, weighed=False),
    State(
        "what several programmes ask",
        lambda made: f"{ASKING}plusieurs/?{urlencode(several(made), doseq=True)}",
        administrator,
        documents,
        weighed=False,
    ),
    State(
        "what several programmes ask, to be confirmed",
        f"{ASKING}plusieurs/",
        administrator,
        documents,
        post=lambda made: {
            "programme": str(made.programmes.first().pk),
            f"pieces-{made.pk}": "remove",
        },
        weighed=False,
    ),
    State("documents", f"{DOCUMENTS}?all=1", administrator, documents, weighed=False),
    State("documents, new", f"{DOCUMENTS}nouveau/", administrator, weighed=False),
    State("document", at(DOCUMENTS), administrator, document, weighed=False),
    State("document, of a centre's manager", at(DOCUMENTS), manager, document, weighed=False),
    State("document, links", at(DOCUMENTS, "formations/"), manager, document, weighed=False),
    State(
        "document, links of a common one",
        at(DOCUMENTS, "formations/"),
        administrator,
        lambda: document(is_common=True),
        weighed=False,
    ),
    State(
        "document, links refused",
        at(DOCUMENTS, "formations/"),
        administrator,
        lambda: document(is_active=False),
        post=lambda row: {"add": [row.programmes.first().pk]},
        status=409,
        weighed=False,
    ),
    State(
        "document, template refused",
        at(DOCUMENTS, "modele/deposer/"),
        administrator,
        document,
        post={"file": ""},
        status=422,
        weighed=False,
    ),
    State(
        "document, to be deleted with its links",
        at(DOCUMENTS, "supprimer/"),
        administrator,
        document,
        weighed=False,
    ),
    State("questions", QUESTIONS, administrator, question, weighed=False),
    State("question", at(QUESTIONS), administrator, question, weighed=False),
    State(
        "question, refused",
        f"{QUESTIONS}nouveau/",
        administrator,
        post={
            "code": "REGIME",
            "label_0": "Quel régime ?",
            "kind": QuestionKind.CHOICE,
            "max_length": "0",
            "choices_fr": "Une seule",
            "choices_en": "One\nTwo",
        },
        status=422,
        weighed=False,
    ),
]
