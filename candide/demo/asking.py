"""What the programmes of the demonstration ask for."""

from candide.demo.files import template_of
from candide.demo.organisation import Organisation, text
from candide.institution.requirements.domain.template_files import put_template
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import DocumentRequirement, ExternalForm, Question

COMMON = (
    ("IDENTITE", "Pièce d’identité", "Identity document", {"is_common": True}),
    ("CV", "Curriculum vitæ", "Curriculum vitae", {"is_common": True}),
    (
        "NOTES-BAC",
        "Relevés de notes du baccalauréat",
        "Transcripts of the baccalaureate",
        {"is_common": True, "sis_code": "RNBAC"},
    ),
    (
        "NOTES",
        "Relevés de notes du cursus",
        "Transcripts of studies",
        {"is_common": True, "sis_code": "RNSUP"},
    ),
    (
        "DESCRIPTIFS",
        "Descriptifs/contenus des formations ou cursus suivis",
        "Descriptions of the programmes followed",
        {"is_common": True, "is_conditional": True},
    ),
    (
        "TITRE",
        "Titre professionnel",
        "Professional title",
        {"is_common": True, "is_conditional": True},
    ),
)
OF_PROGRAMMES = (
    ("MOTIVATION", "Lettre de motivation", "Letter of motivation", {"is_unique": True}),
    (
        "RECO",
        "Lettre de recommandation",
        "Letter of recommendation",
        {"is_unique": True, "is_conditional": True},
    ),
)


def create_requirements(organisation: Organisation) -> None:
    """Documents common to all, one common to a centre, some of programmes, one with a template to
    fill in, and questions of every kind, one of which depends on another."""
    for position, (code, french, english, more) in enumerate(COMMON, start=1):
        DocumentRequirement.objects.create(
            code=code, label=text(french, english), position=position * 10, **more
        )
    DocumentRequirement.objects.create(
        code="PORTFOLIO",
        label=text("Portfolio", "Portfolio"),
        help_text=text("Dix pages au plus.", "Ten pages at most."),
        centre=organisation.centres["LLA"],
        is_common=True,
        position=70,
        max_pages=10,
    )
    programmes = [intake.programme for intake in organisation.intakes]
    for position, (code, french, english, more) in enumerate(OF_PROGRAMMES, start=8):
        requirement = DocumentRequirement.objects.create(
            code=code, label=text(french, english), position=position * 10, **more
        )
        requirement.programmes.set(programmes if code == "MOTIVATION" else programmes[1::2])
        if code == "RECO":
            put_template(requirement, template_of(french), by=None)
    _questions(programmes)


def _questions(programmes: list) -> None:
    adjusted = Question.objects.create(
        code="AMENAGEMENT",
        label=text("Demandez-vous un aménagement ?", "Do you ask for adjustments?"),
        kind=QuestionKind.YES_NO,
        is_common=True,
        position=10,
    )
    Question.objects.create(
        code="AMENAGEMENT-QUOI",
        label=text("Quel aménagement ?", "Which adjustments?"),
        kind=QuestionKind.SHORT_TEXT,
        is_common=True,
        position=11,
        max_length=200,
        depends_on=adjusted,
        depends_on_value=True,
    )
    scheme = Question.objects.create(
        code="REGIME",
        label=text("Sous quel régime étudierez-vous ?", "Under which scheme would you study?"),
        kind=QuestionKind.CHOICE,
        is_unique=True,
        position=20,
        choices=[
            {"code": "FI", "label": {"fr": "Formation initiale", "en": "Initial education"}},
            {"code": "FC", "label": {"fr": "Formation continue", "en": "Continuing education"}},
            {"code": "ALT", "label": {"fr": "Alternance", "en": "Work-study"}},
        ],
    )
    scheme.programmes.set(programmes[::2])
    project = Question.objects.create(
        code="PROJET",
        label=text("Décrivez votre projet", "Describe your project"),
        kind=QuestionKind.LONG_TEXT,
        is_unique=True,
        position=30,
        max_length=1500,
    )
    project.programmes.set(programmes[::4])
    start = Question.objects.create(
        code="DEBUT",
        label=text("À partir de quand êtes-vous disponible ?", "When are you available from?"),
        kind=QuestionKind.DATE,
        is_required=False,
        is_unique=True,
        position=40,
    )
    start.programmes.set(programmes[::4])
    score = Question.objects.create(
        code="SCORE",
        label=text("Votre score de langue, s’il y en a un", "Your language score, if any"),
        kind=QuestionKind.NUMBER,
        is_required=False,
        is_unique=True,
        position=50,
    )
    score.programmes.set(programmes[::4])
    form = ExternalForm.objects.create(
        code="LANGUES",
        label=text("Questionnaire de langues", "Language questionnaire"),
        help_text=text("Dix minutes environ.", "About ten minutes."),
        url="https://questionnaires.univ-valmont.example/langues?dossier=${numDossier}",
        is_conditional=True,
        position=10,
    )
    form.programmes.set(programmes[1::4])
