"""« Ma candidature » in every state, and the pages on which what cannot be undone is decided."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from candide.admissions.applications.domain.snapshot import freeze
from candide.admissions.applications.enums import ItemStatus, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import Letter
from candide.foundation.leases.domain.leasing import take
from candide.foundation.leases.enums import LeaseReason
from candide.institution.catalogue.models import Institution
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.applications import (
    AnswerFactory,
    ApplicationFactory,
    DocumentVersionFactory,
    SubmittedDocumentFactory,
)
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import DAY, TODAY, CommissionFactory, IntakeFactory, ProgrammeFactory
from tests.factories.corrections import CorrectionFactory, CorrectionItemFactory
from tests.factories.correspondence import MessageFactory
from tests.factories.decisions import DecisionFactory, DecisionReasonFactory, DecisionTypeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
OVER = {
    "opens_on": TODAY - 60 * DAY,
    "closes_on": TODAY - 2 * DAY,
    "documents_due_on": TODAY - DAY,
}


def applied(*, intake=None, **state):
    """An application of Alix to a programme with everything a page shows of it."""
    commission = CommissionFactory(
        email="scolarite@example.org",
        phone="02 38 00 00 00",
        fax="02 38 00 00 01",
        url="https://commission.example/",
        return_comment="Joindre une enveloppe timbrée.\nNe rien agrafer.",
    )
    programme = ProgrammeFactory(
        name="Master Droit international et européen des affaires", commission=commission
    )
    dates = {
        "screening_on": TODAY + 40 * DAY,
        "jury_on": TODAY + 60 * DAY,
        "results_on": TODAY + 70 * DAY,
        "acceptance_due_on": TODAY + 85 * DAY,
        "information": "# Entretien\n\nIl a lieu **à distance**.\nIl dure vingt minutes.",
    }
    candidate = CandidateFactory(complete=True)
    made = ApplicationFactory(
        candidate=candidate,
        intake=IntakeFactory(programme=programme, **{**dates, **(intake or {})}),
        **state,
    )
    return Application.objects.with_offer().get(pk=made.pk)


def asked(application, label, *, conditional=False, **more):
    return DocumentRequirementFactory(
        label=label,
        is_conditional=conditional,
        programmes=[application.intake.programme],
        **{"is_unique": True, **more},
    )


def given(application, requirement, status=ItemStatus.SUBMITTED, **version):
    """What Alix gave for `requirement`: a file, unless she is not concerned."""
    file = version.pop("file", None)
    if file is None and status != ItemStatus.NOT_APPLICABLE and "destroyed_at" not in version:
        file = StoredFileFactory(name="relevé de notes du baccalauréat.pdf", page_count=3)
    again = version.pop("again", False)
    made = DocumentVersionFactory(
        candidate=application.candidate,
        requirement=requirement,
        file=file,
        status=status,
        **version,
    )
    return SubmittedDocumentFactory(application=application, version=made, is_requested_again=again)


def ask_everything(application):
    """Documents and questions of every kind."""
    asked(application, "Pièce d’identité", is_unique=False, help_text="Recto et verso.")
    asked(application, "Projet", template_file=StoredFileFactory(name="modele-de-projet.docx"))
    asked(application, "Titre professionnel", conditional=True)
    programmes = [application.intake.programme]
    for kind in ("yes_no", "choice", "number", "date", "long_text", "conditional"):
        QuestionFactory(
            label=f"Question de genre {kind}",
            help_text="Une phrase suffit.",
            programmes=programmes,
            **{kind: True},
        )


def nothing_given():
    application = applied()
    ask_everything(application)
    return application


def every_document():
    """A document in each status, and files an antivirus has not let through."""
    application = applied()
    given(application, asked(application, "Transmise"))
    given(application, asked(application, "Validée"), ItemStatus.APPROVED)
    refused = "Ce relevé est illisible : déposez-en une nouvelle copie."
    given(application, asked(application, "Refusée"), ItemStatus.REFUSED, comment=refused)
    declined = asked(application, "Non concerné", conditional=True)
    given(application, declined, ItemStatus.NOT_APPLICABLE)
    given(application, asked(application, "De l’université"), is_from_sis=True)
    asked(application, "Titre de séjour", destroyed_after_days=60)
    paper = asked(application, "Pièce d’identité", destroyed_after_days=60)
    given(application, paper, ItemStatus.APPROVED, destroyed_at=NOW)
    for state in ("pending", "infected", "unscannable"):
        file = StoredFileFactory(name=f"{state}.pdf", **{state: True})
        given(application, asked(application, f"Fichier {state}"), file=file)
    return application


def ready():
    application = applied()
    given(application, asked(application, "Relevés de notes du cursus"))
    return application


def uploads_closed():
    application = nothing_given()
    Institution.objects.update(is_upload_closed=True)
    return application


def held_by_staff():
    """« Compte verrouillé par un autre utilisateur »."""
    application = nothing_given()
    bao = UserFactory(staff=True)
    resource = f"application:{application.pk}"
    take(resource, by=bao, tab="one", now=NOW, reason=LeaseReason.STAFF)
    return application


def too_late():
    application = applied(intake=OVER)
    asked(application, "Relevés de notes du cursus")
    return application


def incomplete_too_late():
    application = applied(intake=OVER, incomplete=True)
    refused = asked(application, "Relevés de notes du cursus")
    given(application, refused, ItemStatus.REFUSED, comment="Page 2 illisible.")
    return application


def on_paper(*, intake=None, **state):
    application = applied(intake={"is_paperless": False, **(intake or {})}, **state)
    asked(application, "Relevés de notes du cursus", is_unique=False)
    return application


def on_paper_with_questions():
    application = on_paper()
    QuestionFactory(label="Langue ?", programmes=[application.intake.programme])
    return application


def on_paper_incomplete():
    application = on_paper(incomplete=True)
    refused = asked(application, "Diplôme")
    without_file = DocumentVersionFactory(
        candidate=application.candidate,
        requirement=refused,
        status=ItemStatus.REFUSED,
        comment="Copie non signée.",
    )
    SubmittedDocumentFactory(application=application, version=without_file)
    return application


def received(**state):
    """Transmitted: frozen, with its receipt."""
    application = applied(**(state or {"transmitted": True}))
    given(application, asked(application, "Relevés de notes du cursus"))
    question = QuestionFactory(label="Langue ?", programmes=[application.intake.programme])
    AnswerFactory(application=application, question=question, value="Allemand")
    return frozen(application)


def frozen(application):
    snapshot = freeze(application, by=application.candidate.user, now=NOW - timedelta(days=4))
    snapshot.receipt = StoredFileFactory(name="accuse-de-reception.pdf")
    snapshot.pdf = StoredFileFactory(name="dossier.pdf")
    snapshot.save()
    return application


def incomplete():
    """Declared incomplete: what is refused, missing or asked for again is open."""
    application = applied(incomplete=True)
    given(application, asked(application, "Diplôme"), ItemStatus.APPROVED)
    refused = asked(application, "Relevés de notes du cursus")
    given(application, refused, ItemStatus.REFUSED, comment="Page 2 illisible.")
    given(application, asked(application, "Lettre de motivation"), again=True)
    asked(application, "Curriculum vitæ")
    return frozen(application)


def complete():
    return received(complete=True)


def talked_about():
    """With a message of each side, the last of which waits to be read."""
    application = received()
    MessageFactory(application=application, read=True)
    MessageFactory(application=application, from_staff=True, text="Oui.\nAvant lundi.")
    return application


def asked_again(due_on=TODAY + 7 * DAY):
    """Received, and asked for a document and an answer again."""
    application = received()
    correction = CorrectionFactory(application=application, due_on=due_on)
    requirement = application.submitted_documents.get().requirement
    CorrectionItemFactory(correction=correction, requirement=requirement)
    question = application.answers.get().question
    CorrectionItemFactory(correction=correction, requirement=None, question=question)
    Application.objects.filter(pk=application.pk).update(correction_due_on=due_on)
    return application


def asked_too_late():
    return asked_again(due_on=TODAY - DAY)


def decided(outcome, *, letter=False, application=None, **decision):
    """A released decision as the candidate sees it."""
    state = {"complete": True, "has_any_decision": True, "released_outcome": outcome}
    application = application or received(**state, rank_shown=decision.get("rank"))
    kind = DecisionTypeFactory(label=str(outcome.label), outcome=outcome)
    released = DecisionFactory(application=application, type=kind, released=True, **decision)
    if letter:
        Letter.objects.create(
            decision=released, file=StoredFileFactory(name="lettre.pdf"), made_at=NOW
        )
    return application


def offered():
    application = received(offered=True, acceptance_due_on=TODAY + 12 * DAY)
    return decided(
        Outcome.FAVOURABLE,
        letter=True,
        application=application,
        comment="Très bon dossier.\nBienvenue.",
    )


def offer_over():
    application = received(offered=True, acceptance_due_on=TODAY - DAY)
    return decided(Outcome.FAVOURABLE, application=application)


def unfavourable():
    reason = DecisionReasonFactory(label="Prérequis non satisfaits")
    return decided(Outcome.UNFAVOURABLE, letter=True, reason=reason)


def refused_incomplete():
    state = {"incomplete": True, "released_outcome": Outcome.UNFAVOURABLE}
    return decided(Outcome.UNFAVOURABLE, application=received(**state, has_any_decision=True))


def shortlisted():
    return decided(
        Outcome.SHORTLISTED,
        shortlist_on=TODAY + 9 * DAY,
        shortlist_time=time(14, 30),
        shortlist_place="Bâtiment B, salle 204",
    )


def accepted():
    application = received(accepted=True, fee_amount="254.50")
    return decided(Outcome.FAVOURABLE, letter=True, application=application)


def withdrawn():
    return decided(Outcome.FAVOURABLE, application=received(withdrawn=True))


def user(application):
    return application.candidate.user


def page(application, path=""):
    return f"/espace/candidatures/{application.pk}/{path}"


def act(name):
    return lambda application: page(application, f"{name}/")


def on_document(name):
    """The address of something done to the first document asked for."""

    def address(application):
        requirement = application.intake.programme.documentrequirements.order_by("pk").first()
        return page(application, f"pieces/{requirement.pk}/{name}/")

    return address


def on_question(name=""):
    """The address of something done to the first question asked."""

    def address(application):
        question = application.intake.programme.questions.order_by("pk").first()
        return page(application, f"questions/{question.pk}/{name}")

    return address


def conditional_first():
    application = applied()
    asked(application, "Titre professionnel", conditional=True, help_text="S’il y en a un.")
    QuestionFactory(conditional=True, programmes=[application.intake.programme])
    return application


def number_asked():
    application = applied()
    QuestionFactory(number=True, label="Score ?", programmes=[application.intake.programme])
    return application


def number_of(application):
    return application.intake.programme.questions.get().pk


def held(setup):
    """As `setup` makes it, while somebody else changes the checklist."""

    def made():
        application = setup()
        take(f"application:{application.pk}", by=UserFactory(), tab="one", now=NOW)
        return application

    return made


def open_replacing(browser, application):
    browser.locator(".candide-replace > summary").first.click()


def declined(application):
    requirement = application.intake.programme.documentrequirements.get()
    given(application, requirement, ItemStatus.NOT_APPLICABLE)
    return application


STATES = [
    State("application, nothing given", page, user, setup=nothing_given),
    State("application, nothing asked", page, user, setup=applied),
    State("application, every document", page, user, setup=every_document),
    State("application, replacing", page, user, setup=ready, act=open_replacing),
    State("application, ready", page, user, setup=ready),
    State("application, uploads closed", page, user, setup=uploads_closed),
    State("application, talked about", page, user, setup=talked_about),
    State(
        "application, message empty",
        lambda application: f"{page(application)}messages/",
        user,
        setup=received,
        post={"message-text": ""},
        status=422,
    ),
    State("application, asked to complete", page, user, setup=asked_again),
    State("application, asked to complete, too late", page, user, setup=asked_too_late),
    State("application, locked by staff", page, user, setup=held_by_staff),
    State("application, too late", page, user, setup=too_late),
    State("application, incomplete, too late", page, user, setup=incomplete_too_late),
    State("application, on paper", page, user, setup=on_paper),
    State("application, on paper, questions", page, user, setup=on_paper_with_questions),
    State("application, on paper, too late", page, user, setup=lambda: on_paper(intake=OVER)),
    State("application, on paper, incomplete", page, user, setup=on_paper_incomplete),
    State(
        "application, on paper, incomplete, too late",
        page,
        user,
        setup=lambda: on_paper(intake=OVER, incomplete=True),
    ),
    State(
        "application, paper received",
        page,
        user,
        setup=lambda: frozen(on_paper(transmitted=True)),
    ),
    State("application, received", page, user, setup=received),
    State("application, incomplete", page, user, setup=incomplete),
    State("application, complete", page, user, setup=complete),
    State("application, offered", page, user, setup=offered),
    State("application, offer over", page, user, setup=offer_over),
    State("application, unfavourable", page, user, setup=unfavourable),
    State("application, unfavourable, incomplete", page, user, setup=refused_incomplete),
    State(
        "application, reserve list",
        page,
        user,
        setup=lambda: decided(Outcome.RESERVE_LIST, rank=7),
    ),
    State("application, waiting list", page, user, setup=lambda: decided(Outcome.WAITING_LIST)),
    State("application, shortlisted", page, user, setup=shortlisted),
    State("application, accepted", page, user, setup=accepted),
    State("application, withdrawn", page, user, setup=withdrawn),
    State("application, cancelled", page, user, setup=lambda: applied(cancelled=True)),
    State(
        "application, file refused",
        on_document("deposer"),
        user,
        setup=nothing_given,
        post={},
        status=409,
    ),
    State(
        "application, answer refused",
        on_question(),
        user,
        setup=number_asked,
        post=lambda application: {f"question-{number_of(application)}-answer": "beaucoup"},
        status=422,
    ),
    State("transmitting", act("transmettre"), user, setup=ready),
    State("transmitting, blocked", act("transmettre"), user, setup=nothing_given),
    State(
        "transmitting, refused",
        act("transmettre"),
        user,
        setup=nothing_given,
        post={},
        status=409,
    ),
    State("cancelling", act("annuler"), user, setup=applied),
    State("cancelling, refused", act("annuler"), user, setup=complete, post={}, status=409),
    State("confirming", act("confirmer"), user, setup=offered),
    State("confirming, refused", act("confirmer"), user, setup=offer_over, post={}, status=409),
    State("withdrawing", act("se-desister"), user, setup=accepted),
    State("withdrawing, refused", act("se-desister"), user, setup=complete, post={}, status=409),
    State("deleting a document", on_document("supprimer"), user, setup=ready),
    State(
        "deleting a document, refused",
        on_document("supprimer"),
        user,
        setup=held(ready),
        post={},
        status=409,
    ),
    State(
        "taking back a statement",
        on_document("supprimer"),
        user,
        setup=lambda: declined(conditional_first()),
    ),
    State("not concerned", on_document("non-concerne"), user, setup=conditional_first),
    State(
        "not concerned, refused",
        on_document("non-concerne"),
        user,
        setup=held(conditional_first),
        post={},
        status=409,
    ),
    State(
        "not concerned by a question",
        on_question("non-concerne/"),
        user,
        setup=conditional_first,
    ),
    State(
        "not concerned by a question, refused",
        on_question("non-concerne/"),
        user,
        setup=held(conditional_first),
        post={},
        status=409,
    ),
]
