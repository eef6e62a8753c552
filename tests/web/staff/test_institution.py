"""Every setting of the institution: found, changed by group, told in the history."""

import pytest
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from candide.institution.access.enums import Capability
from candide.institution.catalogue.domain.languages import languages_in_service
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.web.staff.settings.institution_forms import InstitutionForm
from candide.web.staff.settings.institution_groups import APART, groups
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.pages import NoticeFactory
from tests.factories.samples import image, upload
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/etablissement/"


@pytest.fixture(autouse=True)
def institution():
    return Institution.current()


@pytest.fixture
def ada(client):
    user = member(Capability.MANAGE_INSTITUTION)
    client.force_login(user)
    return client


def group(slug):
    return f"{PAGE}{slug}/"


def shown(client, slug):
    """What the page of a group would send back unchanged."""
    form = client.get(group(slug)).context["form"]
    found = {}
    for field in form:
        value = field.value()
        if value not in (None, False):
            found[field.html_name] = value if isinstance(value, list) else str(value)
    return found


def change(client, slug, without=(), **data):
    sent = {name: v for name, v in shown(client, slug).items() if name not in without}
    return client.post(group(slug), {**sent, **data})


def test_every_setting_is_in_one_group(ada):
    """B-166: and each of them on the page."""
    named = [name for each in groups() for name in each.names]
    shown_lines = [line for each in ada.get(PAGE).context["groups"] for line in each.lines]

    settings = {field.name for field in Institution._meta.concrete_fields} - set(APART)
    assert sorted(named) == sorted(settings)
    assert len(shown_lines) == len(settings | {"logo"})


def test_every_setting_has_its_help():
    """A-001."""
    silent = [name for each in groups() for name in each.names if not InstitutionForm.help_of(name)]

    assert silent == []


def test_value_that_is_no_longer_the_first_one_says_which_that_was(ada):
    change(ada, "fichiers", max_file_mb="35")

    lines = {
        line.label: line.initial
        for each in ada.get(PAGE).context["groups"]
        for line in each.lines
        if line.initial
    }

    assert lines == {"Taille maximale d'un fichier, en Mo": "20"}


def test_colour_too_light_to_be_read_is_said_with_what_is_shown_instead(ada):
    asked = change(ada, "identite", primary_colour="#ffe066")
    (warning,) = asked.context["warnings"]
    kept = Institution.objects.get().primary_colour
    change(ada, "identite", primary_colour="#ffe066", confirmed=asked.context["warnings_mark"])
    dark = change(ada, "identite", primary_colour="#123456")

    assert warning.code == "too_light"
    assert (asked.status_code, kept, dark.status_code) == (409, "#0b4f8a", 302)


def test_web_site_is_where_the_name_leads(ada):
    assert b'href="https://univ.example/"' not in ada.get(PAGE).content

    change(ada, "identite", website="https://univ.example/")

    assert b'<a href="https://univ.example/">' in ada.get(PAGE).content


def test_settings_are_found_by_words_of_their_help(ada):
    found = ada.get(PAGE, {"q": "recours"}).context["groups"]

    assert [str(line.label) for each in found for line in each.lines] == [
        "Les décisions peuvent faire l'objet d'un recours"
    ]
    assert ada.get(PAGE, {"q": "zzz"}).context["groups"] == []


def test_setting_is_changed_and_the_history_says_before_and_after(ada):
    response = change(ada, "fichiers", max_file_mb="35")

    assert response.status_code == 302
    assert Institution.objects.get().max_file_mb == 35
    (entry,) = ada.get(group("fichiers")).context["history"]
    assert [(one.before, one.after) for one in entry.changes] == [("20", "35")]
    assert ada.get(group("reponses")).context["history"] == []


def test_wrong_value_is_refused_and_the_layout_keeps_the_right_one(ada):
    response = change(ada, "identite", name="", primary_colour="blue")

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "primary_colour"}
    assert Institution.objects.get().name == "Université"


@pytest.mark.parametrize(
    ("slug", "name", "value"),
    [
        ("conservation", "archive_days", "99999999"),
        ("reponses", "reminder_days", "40000"),
        ("remontee", "handover_people", "99999999999"),
    ],
)
def test_number_no_database_keeps_is_refused_on_every_one(ada, slug, name, value):
    """A-001. SQLite would take it, and a day so far away is none."""
    response = change(ada, slug, **{name: value})

    assert (response.status_code, set(response.context["form"].errors)) == (422, {name})


@pytest.mark.parametrize(
    ("slug", "name", "least", "most"),
    [
        ("fichiers", "max_file_mb", 1, 100),
        ("fichiers", "max_dossiers", 1, 1000),
        ("candidatures", "max_applications", 1, 30000),
        ("comptes", "activation_days", 1, 30000),
        ("conservation", "mail_days", 60, 30000),
    ],
)
def test_number_outside_of_its_bounds_is_refused_beside_its_field(ada, slug, name, least, most):
    """A-001."""
    answers = [change(ada, slug, **{name: str(value)}) for value in (least - 1, least, most)]
    beyond = change(ada, slug, **{name: "40000" if most == 30000 else str(most + 1)})

    assert [each.status_code for each in (*answers, beyond)] == [422, 302, 302, 422]
    assert all(set(each.context["form"].errors) == {name} for each in (answers[0], beyond))
    assert getattr(Institution.objects.get(), name) == most


def test_group_changed_meanwhile_is_shown_another_group_is_not_in_the_way(ada):
    sent = shown(ada, "fichiers")
    Institution.objects.update(reminder_days=9)
    other = ada.post(group("fichiers"), {**sent, "max_file_mb": "30"})
    stale = ada.post(group("fichiers"), {**sent, "max_file_mb": "40"})
    kept, form = Institution.objects.get().max_file_mb, stale.context["form"]
    again = ada.post(group("fichiers"), {**sent, "max_file_mb": "40", "seen": form["seen"].value()})

    assert (other.status_code, stale.status_code, again.status_code) == (302, 409, 302)
    assert (kept, form["max_file_mb"].value()) == (30, "40")
    assert Institution.objects.get().max_file_mb == 40


def test_reader_looks_and_a_centre_does_not_know_of_it(client):
    client.force_login(member(Capability.MANAGE_INSTITUTION, can_write=False))
    assert client.get(group("identite")).status_code == 200
    assert client.post(group("identite"), {}).status_code == 403
    assert client.get(group("nulle-part")).status_code == 404

    client.force_login(member(Capability.MANAGE_INSTITUTION, centre=ApplicationCentreFactory()))
    assert client.get(PAGE).status_code == 403


def test_statuses_hidden_from_commissions_are_ticked(ada):
    change(ada, "candidatures", statuses_hidden_from_commissions=["awaited"])

    assert Institution.objects.get().statuses_hidden_from_commissions == ["awaited"]
    assert "En attente" in words(ada.get(PAGE, {"q": "commissions"}))


def test_logo_is_checked_saved_and_removed(ada):
    address = reverse("staff:institution_logo")

    ada.post(address, {"file": upload(image("PNG"), "logo.png")})
    saved = Institution.objects.get().logo
    refused = ada.post(address, {"file": upload(b"no image", "logo.png")}, follow=True)
    nothing = ada.post(address, {}, follow=True)
    ada.post(address, {"remove": "1"})

    assert saved.media_type.startswith("image/")
    assert [m.level_tag for m in refused.context["messages"]][-1] == "error"
    assert "Choisissez d’abord une image." in words(nothing)
    assert Institution.objects.get().logo is None


def test_logo_is_found_and_stands_in_the_history_of_its_group(ada):
    ada.post(reverse("staff:institution_logo"), {"file": upload(image("PNG"), "blason.png")})

    found = ada.get(PAGE, {"q": "logo"})
    group = ada.get(reverse("staff:institution_group", args=["identite"]))

    assert [line.value for each in found.context["groups"] for line in each.lines] == ["blason.png"]
    assert "Logo : – → blason.png" in words(group)


def test_refused_logo_is_not_advised_to_become_a_pdf(ada):
    address = reverse("staff:institution_logo")

    refused = ada.post(address, {"file": upload(b"<svg xmlns='x'/>", "logo.svg")}, follow=True)

    assert "PNG ou JPEG." in words(refused)
    assert "PDF" not in words(refused)


# -- What is left to the registrar ---------------------------------------------------------------


@pytest.fixture
def registrar(client, institution):
    institution.delegated_settings = ["has_appeals", "rank_display", "max_applications"]
    institution.save()
    client.force_login(member(Capability.CHANGE_SETTINGS))
    return client


def labels(page):
    return [line.label for each in page.context["groups"] for line in each.lines]


def test_registrar_sees_what_was_left_to_them_and_nothing_else(registrar):
    """A-005."""
    page = registrar.get(PAGE)

    assert labels(page) == [
        "Nombre de vœux maximal",
        "Les décisions peuvent faire l'objet d'un recours",
        "Rang montré aux candidats",
    ]
    assert set(registrar.get(group("reponses")).context["form"].fields) == {
        "seen",
        "has_appeals",
        "rank_display",
    }
    assert registrar.get(group("identite")).status_code == 404
    assert registrar.get(group("delegation")).status_code == 404
    assert registrar.post(reverse("staff:institution_logo"), {"remove": "1"}).status_code == 403


def test_registrar_changes_what_was_left_to_them_alone(registrar):
    """A-003: what is sent for another setting changes nothing."""
    response = change(
        registrar, "reponses", without=["has_appeals"], has_letters="", reminder_days=9
    )

    assert response.status_code == 302
    row = Institution.objects.get()
    assert (row.has_appeals, row.has_letters, row.reminder_days) == (False, True, 2)
    assert registrar.post(group("fichiers"), {}).status_code == 404


def test_registrar_who_only_reads_changes_nothing(registrar):
    registrar.force_login(member(Capability.CHANGE_SETTINGS, can_write=False))

    assert registrar.get(group("reponses")).status_code == 200
    assert registrar.post(group("reponses"), {}).status_code == 403


def test_where_nothing_is_left_to_others_there_is_no_such_page(registrar):
    Institution.objects.update(delegated_settings=[])

    assert registrar.get(PAGE).status_code == 403
    assert registrar.get(group("reponses")).status_code == 403


def test_administrator_leaves_settings_to_the_registrar_and_filters_by_that(ada):
    """A-004."""
    change(ada, "delegation", delegated_settings=["reminder_days", "has_letters"])

    assert Institution.objects.get().delegated_settings == ["reminder_days", "has_letters"]
    assert labels(ada.get(PAGE, {"delegated": "1"})) == [
        "Des lettres sont données",
        "Nombre de jours avant l'échéance pour relancer une admission sans réponse",
    ]
    assert words(ada.get(PAGE)).count("délégué ") >= 2
    history = words(ada.get(reverse("staff:institution_group", args=["delegation"])))
    assert "→ Avis, lettres, réponses – Nombre de jours avant" in history
    assert "reminder_days" not in history


def test_what_decides_who_comes_in_is_left_to_nobody(ada):
    response = change(ada, "delegation", delegated_settings=["is_in_maintenance"])

    assert response.status_code == 422


# -- Languages in service ------------------------------------------------------------------------


@pytest.fixture
def french_alone():
    Institution.objects.update(languages=["fr"])


def test_french_stays_in_service_whatever_is_ticked(ada):
    change(ada, "identite", without=["languages"])

    assert Institution.objects.get().languages == ["fr"]
    for others in ([], ["en"]):
        Institution.objects.update(languages=others)
        assert [code for code, _name in languages_in_service()] == ["fr", *others]


def test_language_out_of_service_is_spoken_to_nobody(client, french_alone):
    page = client.get("/", headers={"accept-language": "en"})

    assert page.context["LANGUAGE_CODE"] == "fr"
    assert b"English" not in page.content


def test_texts_in_a_language_out_of_service_are_kept_and_not_asked(ada, french_alone):
    client = ada
    client.force_login(member(Capability.MANAGE_TEXTS))

    address = "/gestion/parametrage/messages/"
    notice = NoticeFactory(text=LazyI18nString({"fr": "Fermé", "en": "Closed"}))

    page = client.get(f"{address}nouveau/").content.decode()
    form = client.get(f"{address}{notice.pk}/").context["form"]
    french, english = form["text"].field.widget.decompress(form["text"].value())
    client.post(
        f"{address}{notice.pk}/",
        {
            "place": "home",
            "text_0": f"{french} lundi",
            "text_1": english,
            "position": "10",
            "is_active": "on",
            "seen": form.initial["seen"],
        },
    )

    notice.refresh_from_db()
    assert notice.text.data == {"fr": "Fermé lundi", "en": "Closed"}
    assert '<div hidden><label class="form-label" for="id_text_1">' in page
    assert '<div><label class="form-label" for="id_text_0">' in page


def test_mails_are_in_a_language_in_service(french_alone, application, client, bao):
    user = UserFactory(language="en")
    type(application).objects.update(dossier_status="awaited")
    application.candidate.user.language = "en"
    application.candidate.user.save()
    client.force_login(bao)

    client.post(
        reverse("staff:set_status", args=[application.pk]),
        {"status-status": "received", "status-on": "", "confirmed": "1"},
    )

    assert user.language == "en"
    assert OutgoingMail.objects.latest("pk").language == "fr"
