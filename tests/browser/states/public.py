"""Home, assistance, and the pages of accounts."""

from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from candide.config.providers import USUAL
from candide.institution.accounts.domain.activation import activate
from candide.institution.accounts.domain.creation import NewAccount, create_account
from candide.institution.accounts.domain.email_change import ask_email_change
from candide.institution.accounts.domain.identifiers import send_identifiers
from candide.institution.accounts.domain.second_factor import (
    add_passkey,
    passkeys_of,
    switch_on,
)
from candide.institution.accounts.domain.sso import Identity, attach
from candide.institution.catalogue.models import Campaign, Institution
from candide.institution.pages.domain.starter import add_starter_faq
from candide.web.shared.again import KEPT
from tests.browser.states.state import State
from tests.factories.access import ada
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalogue import CampaignFactory
from tests.factories.letters import LetterFactory
from tests.factories.pages import NoticeFactory
from tests.institution.accounts.authenticator import Authenticator, kept_by
from tests.institution.accounts.domain.test_second_factor import SECRET, code_at
from tests.institution.accounts.mailbox import last_secret

CREATE = "/compte/creer/"
SIGN_IN = "/compte/connexion/"
CHANGE_PASSWORD = "/compte/mot-de-passe/"
CHANGE_EMAIL = "/compte/adresse-mail/"
FACTOR = "/compte/second-facteur/"
NEW = NewAccount(
    last_name="d'Alès de Corbet",
    first_name="Marie-Françoise",
    email="marie-francoise.dales-de-corbet@exemple.fr",
    password=PASSWORD,
    language="fr",
)
IDENTITY = Identity(
    provider="institution",
    subject="amartin",
    first_name="Alix",
    last_name="MARTIN",
    email="alix.martin@etu.exemple.fr",
    student_number="22301457",
)
EMPTY = {"email": ""}
NAMED = {"BASE_URL": "http://localhost"}  # where browsers make passkeys


def institution(**values):
    """The institution with what an assistance page shows."""
    Institution.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Université de Valmont",
            "contact_email": "assistance@univ-valmont.fr",
            "contact_url": "https://univ-valmont.fr/contact",
            "documentation_url": "https://univ-valmont.fr/guide",
            **values,
        },
    )


def issued_letter():
    institution()
    return LetterFactory()


def open_campaign():
    institution()
    return CampaignFactory()


def closed_campaign():
    institution()
    Campaign.objects.all().update(is_active=False)


def everything_at_home():
    open_campaign()
    CampaignFactory(code="M", label="Masters", candidates_until=date(2027, 4, 1))
    NoticeFactory(text="Le service est fermé du **1er au 8 mai**. [Le site](https://exemple.fr)")


def faq():
    institution()
    add_starter_faq()


def bao():
    return UserFactory(staff=True, first_name="Bao", last_name="NGUYEN")


def alix(subject=None):
    return UserFactory()


def itself(subject):
    return subject


# -- Links sent by mail ---------------------------------------------------------------------------


def created():
    open_campaign()
    create_account(NEW, now=timezone.now())
    return last_secret("account-created")


def activated():
    secret = created()
    activate(secret, now=timezone.now())
    return secret


def activation_page(secret):
    return f"/compte/activation/{secret}/"


def forgotten():
    user = UserFactory()
    send_identifiers(user.email, now=timezone.now())
    return last_secret("forgotten-identifiers")


def staff_forgotten():
    send_identifiers(bao().email, now=timezone.now())
    return last_secret("forgotten-identifiers")


def expired():
    user = UserFactory()
    send_identifiers(user.email, now=timezone.now() - timedelta(hours=3))
    return last_secret("forgotten-identifiers")


def password_page(secret):
    return f"{CHANGE_PASSWORD}{secret}/"


def changing():
    user = UserFactory()
    ask_email_change(user, email="nouvelle.adresse@exemple.fr", now=timezone.now())
    return user


def email_page(subject):
    return f"{CHANGE_EMAIL}{last_secret('email-change-asked')}/"


# -- Signing in -----------------------------------------------------------------------------------


def too_many_sign_ins():
    open_campaign()
    for _turn in range(5):
        Client().post(SIGN_IN, {"login": "K7P2M9QX", "password": "x"})


def too_many_links():
    institution()
    for _turn in range(60):
        Client().post("/compte/activation/x/")


def with_factor():
    user = bao()
    now = timezone.now()
    switch_on(user, secret=SECRET, code=code_at(now), now=now)
    return user


def with_passkeys():
    user = with_factor()
    for name in ("Ordinateur du bureau", "Clé du trousseau, celle de secours, rangée au bureau"):
        add_passkey(user, name=name, credential=kept_by(Authenticator()))
    return user


def passkey_of(user):
    return f"{FACTOR}cles/{passkeys_of(user)[0].pk}/"


def after_the_password(user):
    """What the visit holds once the password was right."""
    visitor = Client()
    visitor.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    return dict(visitor.session)


def came_through_the_door(subject=None):
    at = timezone.now().timestamp()
    return {"sso_identity": {"at": at, "next": "", **IDENTITY.as_dict()}}


def linked():
    user = UserFactory(student_number="22301457")
    attach(user, IDENTITY)
    return user


def linked_elsewhere():
    linked()
    return UserFactory()


CAS = {
    "name": "valmont",
    "kind": "cas",
    "label": "CAS Valmont",
    "url": "https://cas.univ-valmont.example/",
    "audience": ["candidates", "staff"],
    "names": USUAL["cas"],
}


def attached_to_cas():
    user = bao()
    attach(user, Identity(provider="valmont", subject="bao"))
    return user


def demanded():
    user = ada()
    Institution.objects.update(second_factor_for="staff")
    return user


STATES = [
    State("home", "/", setup=everything_at_home),
    State("home, no campaign", "/", setup=closed_campaign),
    State("home, no door", "/", setup=lambda: institution(has_sso_door=False)),
    State("home, signed in", "/", alix, setup=open_campaign),
    State("home, staff", "/", lambda subject: bao(), setup=open_campaign),
    State("verify", "/verifier/", setup=institution),
    State(
        "verify, a letter that stands",
        "/verifier/",
        setup=issued_letter,
        post=lambda letter: {"code": letter.code},
    ),
    State("verify, unknown", "/verifier/", setup=institution, post={"code": "ZZZZ"}),
    State("privacy", "/donnees-personnelles/", setup=institution),
    State(
        "privacy, in their words",
        "/donnees-personnelles/",
        setup=lambda: institution(
            privacy_text="# Notice\n\n- **un**\n- [deux](https://exemple.fr)"
        ),
    ),
    State("assistance", "/assistance/", setup=faq),
    State("assistance, found", "/assistance/?q=activation", setup=faq),
    State("assistance, one open", "/assistance/?q=cachet", setup=faq),
    State("assistance, nothing found", "/assistance/?q=zzz", setup=faq),
    State("assistance, nothing set up", "/assistance/"),
    State("assistance, signed in", "/assistance/", alix, setup=faq),
    State("create account", CREATE, setup=open_campaign),
    State("create account, errors", CREATE, setup=open_campaign, post=EMPTY, status=422),
    State("create account, closed", CREATE, setup=closed_campaign),
    State("mail sent", "/compte/creer/mail-envoye/", kept={"mail_sent_to": "alix@exemple.fr"}),
    State("mail sent, to whom is forgotten", "/compte/creer/mail-envoye/"),
    State("activation", activation_page, setup=created),
    State("activation, already done", activation_page, setup=activated),
    State("activation, pressed twice", activation_page, setup=activated, post=EMPTY, status=409),
    State("activation, unknown link", "/compte/activation/x/"),
    State(
        "links, too many",
        "/compte/activation/x/",
        setup=too_many_links,
        post=EMPTY,
        status=429,
    ),
    State("activation link again", "/compte/activation/"),
    State("activation link again, errors", "/compte/activation/", post=EMPTY, status=422),
    State(
        "activation link sent again",
        "/compte/activation/mail-envoye/",
        kept={"mail_sent_to": "alix@exemple.fr"},
    ),
    State("sign in", SIGN_IN, setup=open_campaign),
    State("sign in, on the way", f"{SIGN_IN}?next=/offre/", setup=open_campaign),
    State("sign in, session ended", f"{SIGN_IN}?next=/espace/&ended=1", setup=open_campaign),
    State(
        "sign in, wrong",
        SIGN_IN,
        setup=open_campaign,
        post={"login": "K7P2M9QX", "password": "x"},
        status=422,
    ),
    State(
        "sign in, too often",
        SIGN_IN,
        setup=too_many_sign_ins,
        post={"login": "K7P2M9QX", "password": "x"},
        status=429,
    ),
    State("sign in, not active", "/compte/connexion/non-active/"),
    State("sign in, out of service", "/compte/connexion/hors-service/"),
    State("sign in, code", "/compte/connexion/code/", setup=with_factor, kept=after_the_password),
    State(
        "sign in, wrong code",
        "/compte/connexion/code/",
        setup=with_factor,
        kept=after_the_password,
        post={"code": "000000"},
    ),
    State(
        "sign in, passkey",
        "/compte/connexion/code/",
        setup=with_passkeys,
        kept=after_the_password,
        settings=NAMED,
    ),
    State("sign out", "/compte/deconnexion/", alix),
    State("forgotten identifiers", "/compte/identifiants-oublies/"),
    State("forgotten identifiers, errors", "/compte/identifiants-oublies/", post=EMPTY, status=422),
    State("identifiers sent", "/compte/identifiants-oublies/mail-envoye/"),
    State("choose password", password_page, setup=forgotten),
    State("choose password, staff", password_page, setup=staff_forgotten),
    State(
        "choose password, weak",
        password_page,
        setup=forgotten,
        post={"password": "abc", "password_again": "abc"},
        status=422,
    ),
    State("choose password, expired", password_page, setup=expired),
    State("account", "/compte/", alix),
    State("account, linked", "/compte/", itself, setup=linked),
    State("account, staff", "/compte/", itself, setup=with_factor),
    State("change password", CHANGE_PASSWORD, alix),
    State("change password, errors", CHANGE_PASSWORD, alix, post=EMPTY, status=422),
    State(
        "change password, has none",
        CHANGE_PASSWORD,
        lambda subject: UserFactory(has_local_password=False),
    ),
    State("change address", CHANGE_EMAIL, alix),
    State("change address, waiting", CHANGE_EMAIL, itself, setup=changing),
    State("change address, errors", CHANGE_EMAIL, alix, post=EMPTY, status=422),
    State("validate address", email_page, setup=changing),
    State("validate address, unknown link", f"{CHANGE_EMAIL}x/"),
    State(
        "sso arrival",
        "/compte/universite/creer/",
        setup=open_campaign,
        kept=came_through_the_door,
    ),
    State(
        "sso arrival, closed",
        "/compte/universite/creer/",
        setup=closed_campaign,
        kept=came_through_the_door,
    ),
    State("sso link", "/compte/universite/rattacher/", alix, kept=came_through_the_door),
    State(
        "sso link, refused",
        "/compte/universite/rattacher/",
        itself,
        setup=linked_elsewhere,
        kept=came_through_the_door,
    ),
    State(
        "sso arrival, staff alone",
        "/compte/universite/creer/",
        kept=lambda subject: {
            "sso_identity": {
                **came_through_the_door()["sso_identity"],
                "provider": "valmont",
                "login": "clemartin",
            }
        },
        settings={"SIGN_IN": [{**CAS, "audience": ["staff"]}]},
    ),
    State("sign in, several doors", SIGN_IN, settings={"SIGN_IN": [CAS], "OIDC_LABEL": "Valmont+"}),
    State("account of staff, doors", "/compte/", itself, setup=bao, settings={"SIGN_IN": [CAS]}),
    State("sso failed", "/compte/universite/echec/"),
    State("sso signed out", "/compte/universite/deconnexion/institution/"),
    State(
        "sign in again",
        "/compte/confirmer/?next=/gestion/",
        itself,
        setup=attached_to_cas,
        settings={"SIGN_IN": [CAS]},
    ),
    State(
        "signed in again",
        "/compte/confirmer/suite/?next=/gestion/",
        itself,
        setup=bao,
        kept={KEPT: {"path": "/gestion/", "fields": {"seen": ["1"]}}},
    ),
    State("second factor, demanded", FACTOR, itself, setup=demanded, settings=NAMED),
    State("second factor, code demanded", f"{FACTOR}activer/", itself, setup=demanded),
    State("second factor, passkeys", FACTOR, itself, setup=with_passkeys, settings=NAMED),
    State("passkey, new", f"{FACTOR}cles/ajouter/", itself, setup=bao, settings=NAMED),
    State("passkey, not here", f"{FACTOR}cles/ajouter/", itself, setup=bao),
    State("passkey, remove", passkey_of, itself, setup=with_passkeys, settings=NAMED),
    State(
        "sign in again, passkey",
        "/compte/confirmer/?next=/gestion/",
        itself,
        setup=with_passkeys,
        settings=NAMED,
    ),
    State("second factor, off", FACTOR, itself, setup=bao),
    State("second factor, on", FACTOR, itself, setup=with_factor),
    State(
        "second factor, codes",
        FACTOR,
        itself,
        setup=with_factor,
        kept={"show_recovery_codes": True},
    ),
    State("second factor, switch on", f"{FACTOR}activer/", itself, setup=bao),
    State(
        "second factor, wrong code",
        f"{FACTOR}activer/",
        itself,
        setup=bao,
        post={"code": "1", "current": PASSWORD},
        status=422,
    ),
    State("second factor, switch off", f"{FACTOR}desactiver/", itself, setup=with_factor),
    State("second factor, new codes", f"{FACTOR}codes/", itself, setup=with_factor),
]
