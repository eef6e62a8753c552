from candide.institution.catalogue.models import Institution
from candide.institution.pages.models import Notice
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory


def open_menus(page, subject):
    """On a small screen the main menu, on a wide one that of the account."""
    button = page.locator(".site-menu-button")
    if button.is_visible():
        button.click()
    else:
        page.locator(".user-menu > summary").click()


def maintenance():
    Notice.objects.create(place=Notice.Place.MAINTENANCE, text="Retour à 8 h.", is_active=True)
    Institution.objects.update(is_in_maintenance=True)


def alix(subject=None):
    return UserFactory()


def bao(subject=None):
    return UserFactory(staff=True, first_name="Bao")


STATES = [
    State("components, anonymous", "/gestion/components/", weighed=False),
    State("components, candidate, menus open", "/gestion/components/", alix, act=open_menus),
    State("components, staff", "/gestion/components/", bao, weighed=False),
    State("accessibility", "/accessibilite/"),
    State("page not found", "/nulle-part/", status=404),
    State("page not found, signed in", "/nulle-part/", alix, status=404),
    State("not allowed", "/erreur/403/", status=403),
    State("request not understood", "/erreur/400/", status=400),
    State("form expired", "/erreur/csrf/", status=403),
    State("nothing to show", "/erreur/405/", status=405),
    State("server error", "/erreur/500/", status=500),
    State("maintenance", "/", setup=maintenance),
    State("maintenance, form sent", "/compte/creer/", setup=maintenance, post={}, status=503),
    State("file not cleared", "/erreur/file/", status=409),
    State("confirmation", "/erreur/confirm/", alix),
    State("confirmation, refused", "/erreur/confirm-refused/", alix, status=409),
]
