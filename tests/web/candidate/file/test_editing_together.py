"""Two people, two windows, a session that ends: nobody is kept out for nothing and nothing typed is
lost [LOCK-01…09 REC, architecture 0]."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from candide.admissions.candidates.domain.editing import begin, end
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Address, SectionDraft
from candide.foundation.leases.models import Lease
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.candidates import InternshipFactory
from tests.web.candidate.file.conftest import FILE, words
from tests.web.conftest import links

READ, EDIT = f"{FILE}adresse/", f"{FILE}adresse/modifier/"
TYPED = {"country": "99100", "postcode": "45000", "commune": "45234", "line_1": "1 rue du Port"}
LOCKED = "Compte verrouillé par un autre utilisateur"

pytestmark = pytest.mark.usefixtures("alix")


@pytest.fixture
def staff_at_it(user):
    """Somebody of the admissions office changes the address."""
    bao = UserFactory(staff=True, first_name="Bao")
    begin(user, section=Section.ADDRESS, by=bao, tab="bao", now=timezone.now())
    return bao


@pytest.fixture
def second(user):
    """Another browser of the same person."""
    client = Client()
    client.force_login(user)
    return client


# -- Leases ----------------------------------------------------------------------------------------
def test_reading_and_opening_take_no_lease(visitor):
    visitor.get(READ, follow=True)
    visitor.get(EDIT)

    assert not Lease.objects.exists()


def test_typing_takes_the_lease_and_saving_gives_it_back(visitor, user):
    visitor.autosave(EDIT, {**TYPED, "tab": "a"})
    lease = Lease.objects.get()
    visitor.post(EDIT, {**TYPED, "tab": "a"})

    assert (lease.resource, lease.owner_id, lease.tab) == (f"file:{user.pk}/address", user.pk, "a")
    assert not Lease.objects.exists()


def test_who_is_kept_out_reads_why_and_until_when(visitor, staff_at_it):
    """The guides' message; S0-07, S0-08, S2-57."""
    visitor.post(EDIT, TYPED)  # refused: noted as waiting, so that there is an end

    response = visitor.get(EDIT)

    text = words(response)
    assert LOCKED in text
    assert "le service des admissions travaille sur ce dossier" in text
    assert "11 h 00" in text
    assert "Si le problème persiste, contactez-nous" in text
    assert ("/assistance/", "Assistance") in links(response)
    assert 'name="line_1"' not in response.content.decode()


def test_other_sections_stay_open_meanwhile(visitor, staff_at_it):
    assert LOCKED not in words(visitor.get(f"{FILE}baccalaureat/modifier/"))


def test_what_was_typed_meanwhile_is_kept_and_comes_back(visitor, user, staff_at_it):
    refused = visitor.post(EDIT, TYPED)
    end(user, section=Section.ADDRESS, by=staff_at_it, tab="bao")
    again = visitor.get(EDIT)

    assert refused.status_code == 409
    assert LOCKED in words(refused)
    assert refused.context["form"]["line_1"].value() == "1 rue du Port"
    assert not Address.objects.exists()
    assert again.context["form"]["line_1"].value() == "1 rue du Port"


def test_autosave_meanwhile_is_kept_too(visitor, staff_at_it):
    response = visitor.autosave(EDIT, TYPED)

    assert response.status_code == 409
    assert LOCKED in words(response)
    assert SectionDraft.objects.get().values["line_1"] == "1 rue du Port"
    assert not Address.objects.exists()


def test_lease_ends_by_itself(visitor, staff_at_it, frozen):
    frozen.shift(timedelta(minutes=15))

    response = visitor.post(EDIT, {**TYPED, "then": "next"})

    assert response.status_code == 302
    assert Address.objects.get().line_1 == "1 rue du Port"


def test_list_that_somebody_else_changes_can_only_be_read(visitor, user):
    bao = UserFactory(staff=True)
    begin(user, section=Section.INTERNSHIPS, by=bao, tab="bao", now=timezone.now())

    response = visitor.get(f"{FILE}stages/")

    assert LOCKED in words(response)
    assert "Nouveau stage" not in words(response)


def test_line_that_somebody_else_changes_is_not_deleted(visitor, user, alix):
    line = InternshipFactory(candidate=alix)
    bao = UserFactory(staff=True)
    begin(user, section=Section.INTERNSHIPS, by=bao, tab="bao", now=timezone.now())

    response = visitor.post(f"{FILE}stages/{line.pk}/supprimer/")

    assert response.status_code == 409
    assert LOCKED in words(response)
    assert list(alix.internships.all()) == [line]


# -- Two windows of the same person ----------------------------------------------------------------
def test_same_person_goes_on_in_another_window(visitor, second):
    visitor.autosave(EDIT, {**TYPED, "tab": "a"})

    response = second.post(EDIT, {**TYPED, "line_1": "2 rue du Port", "version": "1", "tab": "b"})

    assert response.status_code == 302
    assert Address.objects.get().line_1 == "2 rue du Port"


def test_older_window_sees_the_difference_and_loses_nothing(visitor, second):
    visitor.autosave(EDIT, {**TYPED, "tab": "a"})
    second.post(EDIT, {**TYPED, "line_1": "2 rue du Port", "version": "1", "tab": "b"})
    typed = {**TYPED, "line_1": "3 rue du Port", "version": "1", "tab": "a"}

    told = visitor.autosave(EDIT, typed)
    shown = visitor.post(EDIT, typed)
    kept = Address.objects.get().line_1
    again = shown.context["form"]
    saved = visitor.post(EDIT, {**typed, "version": again.data["version"]})

    assert (told.status_code, shown.status_code) == (409, 409)
    assert "modifiées entre-temps" in words(told)
    assert [(d.label, d.kept, d.typed) for d in shown.context["differences"]] == [
        ("Adresse", "2 rue du Port", "3 rue du Port")
    ]
    assert again["line_1"].value() == "3 rue du Port"
    assert kept == "2 rue du Port"
    assert saved.status_code == 302
    assert Address.objects.get().line_1 == "3 rue du Port"


def test_difference_is_told_in_words(visitor, second, places):
    visitor.post(EDIT, TYPED)
    second.post(EDIT, {"country": "99131", "foreign_city": "Liège", "line_1": "x", "version": "1"})

    shown = visitor.post(EDIT, {**TYPED, "line_1": "x", "line_2": "y", "version": "1"})

    assert {(d.label, d.kept, d.typed) for d in shown.context["differences"]} == {
        ("Pays", "Belgique", "France"),
        ("Code postal", "", "45000"),
        ("Commune", "", "Orléans"),
        ("Commune étrangère", "Liège", ""),
        ("Complément d'adresse 1", "", "y"),
    }


def test_two_windows_that_save_the_same_do_not_meet(visitor, second):
    visitor.post(EDIT, {**TYPED, "tab": "a"})

    assert second.post(EDIT, {**TYPED, "tab": "b"}).status_code == 302


# -- A session that ended --------------------------------------------------------------------------
def test_what_was_sent_after_the_session_ended_comes_back(visitor, user):
    """Without script; with it the page keeps it itself."""
    owner = visitor.get(EDIT).context["entry_owner"]
    visitor.cookies.clear()
    headers = {"Referer": f"http://testserver{EDIT}"}

    sent = visitor.post(EDIT, {**TYPED, "entry_owner": owner}, headers=headers)
    visitor.post(sent.url, {"login": user.email, "password": PASSWORD})
    back = visitor.get(EDIT)
    once_more = visitor.get(EDIT)

    assert f"next={EDIT}" in sent.url
    assert back.context["has_returned"]
    assert back.context["form"]["line_1"].value() == "1 rue du Port"
    assert "Votre session avait expiré" in words(back)
    assert not Address.objects.exists()
    assert not once_more.context["has_returned"]


def test_nobody_else_gets_what_was_sent(visitor):
    owner = visitor.get(EDIT).context["entry_owner"]
    visitor.cookies.clear()
    eden = UserFactory()
    visitor.post(EDIT, {**TYPED, "entry_owner": owner})
    assert "kept_entry" in visitor.session
    visitor.force_login(eden)

    response = visitor.get(FILE)
    page = visitor.get(EDIT, follow=True)

    assert "1 rue du Port" not in words(response) + words(page)


def test_forged_owner_keeps_nothing(client):
    client.post(EDIT, {**TYPED, "entry_owner": "forged"})

    assert "kept_entry" not in client.session
