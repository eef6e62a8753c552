"""Words for statuses, notices, questions and answers."""

from datetime import date

from candide.admissions.applications.enums import DossierStatus
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, Grant, RoleProfile
from candide.institution.pages.domain.wording import own_words, reword
from candide.institution.pages.models import Notice
from tests.browser.states.staff import TODAY_PAGE, administrator
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.pages import FaqEntryFactory, NoticeFactory

SETTINGS = "/gestion/parametrage/"
WORDING, NOTICES, FAQ = (f"{SETTINGS}{name}/" for name in ("libelles", "messages", "faq"))
MARKDOWN = (
    "Le service ferme le **24 décembre**.\n\n- rien n’est perdu\n- [plan](https://univ.example)"
)


def reworded():
    bao = UserFactory(staff=True, first_name="Bao", last_name="TRAN")
    wanted = {DossierStatus.RECEIVED: {"fr": "Bien arrivé", "en": "Arrived"}}
    reword(wanted, by=bao, seen=own_words())


def notices():
    NoticeFactory(place=Notice.Place.STAFF, text=MARKDOWN)
    return NoticeFactory(text=MARKDOWN, shown_from=date(2027, 3, 1), shown_until=date(2027, 3, 31))


def questions():
    FaqEntryFactory(question="Comment transmettre mon dossier ?", position=20)
    return FaqEntryFactory(question="Quand aurai-je une réponse ?", answer=MARKDOWN, position=10)


def reader(_subject):
    role = RoleProfile.objects.create(code="reader", name="Lecture")
    Grant.objects.create(role=role, capability=Capability.MANAGE_TEXTS, can_write=False)
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=role)
    return user


STATES = [
    State("words", WORDING, administrator, reworded, weighed=False),
    State("words, to be read", WORDING, reader, weighed=False),
    State(
        "words, changed meanwhile",
        WORDING,
        administrator,
        reworded,
        post={"seen": "{}"},
        status=409,
        weighed=False,
    ),
    State("notices", f"{NOTICES}?all=1", administrator, notices, weighed=False),
    State("notice", lambda row: f"{NOTICES}{row.pk}/", administrator, notices, weighed=False),
    State("notice for staff", TODAY_PAGE, administrator, notices, weighed=False),
    State("questions", FAQ, administrator, questions, weighed=False),
    State("question", lambda row: f"{FAQ}{row.pk}/", administrator, questions, weighed=False),
]
