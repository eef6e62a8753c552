"""What members of staff see: today, the grid, an application in every state, the outbox."""

from candide.admissions.applications.enums import ApplicationEvent, ItemStatus, Outcome
from candide.admissions.decisions.models import IntakeDecisions
from candide.foundation.history.domain.log import log
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from tests.browser.states import candidate
from tests.browser.states.shared import maintenance
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.corrections import (
    ASKED_AT,
    AdditionalDocumentFactory,
    CorrectionFactory,
    CorrectionItemFactory,
)
from tests.factories.correspondence import MessageFactory, NoteFactory
from tests.factories.decisions import DecisionFactory, DecisionReasonFactory, DecisionTypeFactory
from tests.factories.mails import AttachmentFactory, OutgoingMailFactory

TODAY_PAGE, GRID, OUTBOX = "/gestion/", "/gestion/candidatures/", "/gestion/mails/"
DEMONSTRATION = "/gestion/demonstration/"


def staff(role, **scope):
    user = UserFactory(staff=True, first_name="Bao", last_name="TRAN")
    Assignment.objects.create(user=user, role=create_starter_roles()[role], **scope)
    return user


def administrator(subject=None):
    return staff("administrator")


def manager_without_rights(subject=None):
    """Somebody whose centre is not the application's."""
    return staff("manager", centre=IntakeFactory().programme.commission.centre)


def bao(application):
    return staff("manager", centre=application.intake.programme.commission.centre)


def member(application):
    return staff("commission", commission=application.intake.programme.commission)


def every_application():
    """One in each state a row may be in, and more than a page of them."""
    for trait in ("transmitted", "incomplete", "complete", "accepted", "withdrawn", "cancelled"):
        ApplicationFactory(**{trait: True})
    for outcome in Outcome:
        ApplicationFactory(complete=True, has_any_decision=True, released_outcome=outcome)
    ApplicationFactory(complete=True, has_any_decision=True, has_draft_decision=True)
    intake = IntakeFactory()
    for _number in range(45):
        ApplicationFactory(intake=intake)
    OutgoingMailFactory(failed=True)


def types():
    """What a decision is chosen among."""
    for outcome in Outcome:
        DecisionTypeFactory(label=str(outcome.label), outcome=outcome)
    DecisionReasonFactory(label="Prérequis non satisfaits")


def seen_by_staff(setup):
    """As `setup` makes it, with types of decisions, a history and mails."""

    def made():
        application = setup()
        types()
        log(application, ApplicationEvent.APPLIED, by=application.candidate.user)
        OutgoingMailFactory(
            about_type=application._meta.label_lower,
            about_id=application.pk,
            subject="Votre candidature",
        )
        return application

    return made


def to_check():
    """Received, with a document in each state an examiner meets."""
    application = candidate.received()
    approved = candidate.asked(application, "Diplôme")
    candidate.given(application, approved, ItemStatus.APPROVED)
    refused = candidate.asked(application, "Curriculum vitæ")
    candidate.given(application, refused, ItemStatus.REFUSED, comment="Illisible.")
    declined = candidate.asked(application, "Titre professionnel", conditional=True)
    candidate.given(application, declined, ItemStatus.NOT_APPLICABLE)
    candidate.asked(application, "Lettre de recommandation")
    shared = candidate.asked(application, "Pièce d’identité", is_unique=False)
    candidate.given(application, shared)
    return application


def talked_about():
    """With notes, and messages read and unread on both sides."""
    application = to_check()
    NoteFactory(application=application, author=bao(application), important=True)
    MessageFactory(application=application, read=True)
    MessageFactory(application=application, from_staff=True, read=True, text="Oui.\nAvant lundi.")
    MessageFactory(application=application, from_staff=True, text="Avez-vous le relevé ?")
    MessageFactory(application=application, text="Le voici bientôt.")
    return application


def asked_again():
    """A request that runs, one that is over, and documents of this application alone."""
    application = to_check()
    added = AdditionalDocumentFactory(
        application=application,
        internal=True,
        requirement__label="Avis du jury",
        requirement__centre=application.intake.programme.commission.centre,
    )
    application.intake.programme.documentrequirements.add(added.requirement)
    running = CorrectionFactory(application=application)
    for use in application.submitted_documents.all()[:2]:
        CorrectionItemFactory(correction=running, requirement=use.requirement)
    over = CorrectionFactory(application=application, closed_at=ASKED_AT, outcome="answered")
    CorrectionItemFactory(correction=over, of_question=True, given_at=ASKED_AT)
    type(application).objects.filter(pk=application.pk).update(
        correction_due_on=running.due_on, has_additional_documents=True
    )
    return application


def in_place(path=""):
    """The page on which staff act for the candidate, or one behind it."""
    return lambda application: page(application, f"a-la-place/{path}")


def on_first(path):
    """What is done there about the first document that was given."""

    def address(application):
        use = application.submitted_documents.order_by("pk").first()
        return page(application, f"a-la-place/pieces/{use.requirement_id}/{path}")

    return address


def drafted(outcome=Outcome.RESERVE_LIST, **decision):
    application = candidate.complete()
    kind = DecisionTypeFactory(label=str(outcome.label), outcome=outcome)
    DecisionFactory(application=application, type=kind, **decision)
    application.has_any_decision = application.has_draft_decision = True
    application.save()
    return application


def draft_of_refusal():
    reason = DecisionReasonFactory(label="Capacité d’accueil atteinte")
    return drafted(Outcome.UNFAVOURABLE, reason=reason, comment="Dossier solide pourtant.")


def draft_after_answer():
    """Released, answered, and another decision drafted: everything a release warns of."""
    application = candidate.accepted()
    kind = DecisionTypeFactory(label="Avis défavorable", outcome=Outcome.UNFAVOURABLE)
    DecisionFactory(application=application, type=kind, reason=DecisionReasonFactory())
    type(application).objects.update(
        has_draft_decision=True, dossier_status="incomplete", is_route_confirmed=False
    )
    return application


def route_to_confirm():
    application = candidate.complete()
    kind = DecisionTypeFactory(label="Admis de plein droit", outcome=Outcome.FAVOURABLE)
    IntakeDecisions.objects.create(intake=application.intake, favourable=kind)
    type(application).objects.update(route="direct", is_route_confirmed=False)
    return application


def mails_about():
    """Of one application: sent, and failed."""
    application = candidate.complete()
    for state in ("sent", "failed"):
        OutgoingMailFactory(
            **{state: True}, about_type="applications.application", about_id=application.pk
        )
    return application


def tried_mail():
    tries = [["2027-03-15T08:00:00+00:00", "451 4.3.0 Try again later"]]
    return OutgoingMailFactory(attempts=1, tries=tries, last_error=tries[0][1])


def every_mail():
    for state in ("sending", "sent", "failed", "kept", "secret", "copy"):
        OutgoingMailFactory(subject=f"Mail {state}", **{state: True})
    for _number in range(50):
        OutgoingMailFactory()


def failed_mail():
    return OutgoingMailFactory(
        failed=True, text="Bonjour Alix,\n\nvoir https://candidatures.example/espace/ .\n"
    )


def page(application, path=""):
    return f"/gestion/candidatures/{application.pk}/{path}"


def with_document(label):
    """The page with the document of this label in the viewer."""

    def address(application):
        requirement = application.intake.programme.documentrequirements.get(label=label)
        return page(application, f"?piece={requirement.pk}")

    return address


def check(application):
    requirement = application.intake.programme.documentrequirements.order_by("pk").first()
    return page(application, f"pieces/{requirement.pk}/verifier/")


def shown(name, setup, *, url=page, actor=bao, **more):
    """A state of the page of an application."""
    return State(f"staff, {name}", url, actor, setup=seen_by_staff(setup), weighed=False, **more)


def mistaken(name, setup, path, post):
    """A form of the page of an application, sent with what it cannot be."""
    return shown(name, setup, url=lambda subject: page(subject, path), post=post, status=422)


def listed(name, url, actor=administrator, setup=lambda: None, **more):
    return State(f"staff, {name}", url, actor, setup=setup, weighed=False, **more)


def open_everything(browser, application):
    closed = browser.locator("details:not([open]) > summary").locator("visible=true")
    while closed.count():
        closed.first.click()


STATES = [
    listed("today, nothing", TODAY_PAGE, manager_without_rights),
    listed("today", TODAY_PAGE, setup=every_application),
    listed("applications, none", GRID),
    listed("applications, in maintenance", GRID, setup=maintenance),
    listed("applications", GRID, setup=every_application),
    listed("applications, filtered", f"{GRID}?dossier=complete&q=martin", setup=every_application),
    listed("applications, nothing found", f"{GRID}?q=zzz", setup=every_application),
    listed("outbox, empty", OUTBOX),
    listed("outbox", OUTBOX, setup=every_mail),
    listed("outbox, failed", f"{OUTBOX}?status=failed", setup=every_mail),
    listed("mail, failed", lambda mail: f"{OUTBOX}{mail.pk}/", setup=failed_mail),
    listed(
        "mail, sent",
        lambda mail: f"{OUTBOX}{mail.pk}/",
        setup=lambda: OutgoingMailFactory(sent=True),
    ),
    listed(
        "mail, with a file",
        lambda attached: f"{OUTBOX}{attached.mail_id}/",
        setup=AttachmentFactory,
    ),
    listed(
        "mail, secret",
        lambda mail: f"{OUTBOX}{mail.pk}/",
        setup=lambda: OutgoingMailFactory(secret=True),
    ),
    listed("outbox, nothing in reach", OUTBOX, manager_without_rights, setup=every_mail),
    listed(
        "outbox, of one application",
        lambda application: f"{OUTBOX}?application={application.pk}",
        bao,
        mails_about,
    ),
    listed("mail, tried in vain", lambda mail: f"{OUTBOX}{mail.pk}/", setup=tried_mail),
    listed("demonstration, nobody", DEMONSTRATION, settings={"DEMO": True}),
    listed("demonstration", DEMONSTRATION, setup=every_application, settings={"DEMO": True}),
    shown("application awaited", candidate.nothing_given),
    shown("application to check", to_check, act=open_everything),
    shown("application to check, approved", to_check, url=with_document("Diplôme")),
    shown("application to check, refused", to_check, url=with_document("Curriculum vitæ")),
    shown(
        "application to check, not concerned", to_check, url=with_document("Titre professionnel")
    ),
    shown("application to check, missing", to_check, url=with_document("Lettre de recommandation")),
    shown("application to check, shared", to_check, url=with_document("Pièce d’identité")),
    shown(
        "application, scan awaited",
        candidate.every_document,
        url=with_document("Fichier pending"),
    ),
    shown("application to check, member", to_check, actor=member),
    shown("application, nothing asked", candidate.applied),
    shown("application on paper", candidate.on_paper),
    shown("application incomplete", candidate.incomplete),
    shown("application complete", candidate.complete),
    shown("application drafted", lambda: drafted(rank=3)),
    shown("application offered", candidate.offered),
    shown("application refused", candidate.unfavourable),
    shown(
        "application on the reserve list",
        lambda: candidate.decided(Outcome.RESERVE_LIST, rank=7),
    ),
    shown("application shortlisted", candidate.shortlisted),
    shown("application confirmed, decided anew", draft_after_answer),
    shown("application withdrawn", candidate.withdrawn),
    shown("application cancelled", lambda: candidate.applied(cancelled=True)),
    shown("application, talked about", talked_about),
    shown("application, talked about, member", talked_about, actor=member),
    shown("application, asked to complete", asked_again, url=with_document("Avis du jury")),
    shown(
        "note, to be changed",
        talked_about,
        url=lambda application: f"/gestion/candidatures/notes/{application.notes.get().pk}/",
        actor=lambda application: application.notes.get().author,
    ),
    shown(
        "note, empty",
        talked_about,
        url=lambda application: f"/gestion/candidatures/notes/{application.notes.get().pk}/",
        actor=lambda application: application.notes.get().author,
        post={"note-text": ""},
        status=422,
    ),
    shown("asking for corrections", to_check, url=lambda one: page(one, "complements/")),
    shown(
        "asking for corrections, nothing chosen",
        to_check,
        url=lambda one: page(one, "complements/"),
        post={"due_on": "2027-01-01"},
        status=409,
    ),
    shown(
        "asking for corrections, unwise",
        to_check,
        url=lambda one: page(one, "complements/"),
        post=lambda one: {
            f"document-{one.submitted_documents.get(version__status='approved').requirement_id}": (
                "illegible"
            ),
            "due_on": "2030-01-01",
        },
    ),
    shown(
        "asking for corrections, not handed over",
        candidate.nothing_given,
        url=lambda one: page(one, "complements/"),
    ),
    shown("acting for the candidate", candidate.conditional_first, url=in_place()),
    shown("acting for the candidate, received", to_check, url=in_place()),
    shown("acting for the candidate, locked", candidate.held(candidate.ready), url=in_place()),
    shown(
        "acting for the candidate, cancelled",
        lambda: candidate.applied(cancelled=True),
        url=in_place(),
    ),
    shown("acting: transmitting", candidate.ready, url=in_place("transmettre/")),
    shown("acting: transmitting, blocked", candidate.nothing_given, url=in_place("transmettre/")),
    shown("acting: transmitting, too late", candidate.too_late, url=in_place("transmettre/")),
    shown("acting: cancelling", candidate.applied, url=in_place("annuler/")),
    shown("acting: confirming", candidate.offered, url=in_place("confirmer/")),
    shown("acting: withdrawing", candidate.accepted, url=in_place("se-desister/")),
    shown("acting: deleting", candidate.ready, url=on_first("supprimer/")),
    shown(
        "acting: deleting, stale",
        candidate.ready,
        url=on_first("supprimer/"),
        post={"seen": "0"},
        status=409,
    ),
    mistaken("note, nothing written", candidate.complete, "notes/", {"note-text": ""}),
    mistaken("message, nothing written", candidate.complete, "messages/", {"message-text": ""}),
    mistaken(
        "further document, no name",
        candidate.complete,
        "pieces-complementaires/",
        {"further-label": ""},
    ),
    shown("application of another centre", to_check, actor=manager_without_rights, status=404),
    shown(
        "checking, refused without a comment",
        to_check,
        url=check,
        post={"verdict": "refuse", "check-comment": "", "check-seen": ""},
        status=409,
    ),
    mistaken(
        "status, refused",
        candidate.nothing_given,
        "statut/",
        {"status-status": "", "status-on": "hier"},
    ),
    shown(
        "status, to be confirmed",
        candidate.nothing_given,
        url=lambda application: page(application, "statut/"),
        post={"status-status": "complete", "status-on": ""},
    ),
    mistaken("decision, incomplete", candidate.complete, "avis/", {"decision-type": ""}),
    mistaken("deadline, refused", candidate.complete, "delai/", {"day": "bientôt"}),
    mistaken(
        "answer deadline, refused",
        candidate.offered,
        "delai-reponse/",
        {"answer-day": "bientôt"},
    ),
    shown(
        "route, to be confirmed",
        route_to_confirm,
        url=lambda application: page(application, "type-de-traitement/valider/"),
    ),
    shown(
        "route, confirmed already",
        candidate.complete,
        url=lambda application: page(application, "type-de-traitement/valider/"),
    ),
    shown(
        "route, unwise",
        candidate.accepted,
        url=lambda application: page(application, "type-de-traitement/"),
        post={"route": "undetermined"},
    ),
    shown(
        "releasing", draft_of_refusal, url=lambda application: page(application, "avis/publier/")
    ),
    shown(
        "releasing, unwise",
        draft_after_answer,
        url=lambda application: page(application, "avis/publier/"),
    ),
    shown(
        "releasing, nothing to release",
        candidate.complete,
        url=lambda application: page(application, "avis/publier/"),
    ),
]
