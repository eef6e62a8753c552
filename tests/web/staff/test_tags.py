"""Tags in the staff's pages: the screen, an application, the grid, many at once."""

import pytest
from django.urls import reverse

from candide.admissions.tags.domain.tagging import tags_of
from candide.admissions.tags.models import Tag
from candide.foundation.runs.models import Run
from candide.institution.access.enums import Capability
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import ApplicationCentreFactory, IntakeFactory
from tests.factories.tags import TagFactory, TaggingFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SCREEN = "/gestion/parametrage/etiquettes/"


@pytest.fixture
def centre(application):
    return application.intake.programme.commission.centre


def page(application):
    return reverse("staff:application", args=[application.pk])


def change(client, application, **data):
    return client.post(reverse("staff:change_tags", args=[application.pk]), data, follow=True)


def labels(application):
    return [tag.label for tag in tags_of([application.pk]).get(application.pk, [])]


def test_manager_of_a_centre_makes_its_tags_and_reads_the_institutions(client, centre):
    client.force_login(member(Capability.MANAGE_ORGANISATION, centre=centre))
    common = TagFactory(label="Boursier")
    foreign = TagFactory(label="Ailleurs", centre=ApplicationCentreFactory())

    client.post(
        f"{SCREEN}nouveau/",
        {"label": "À revoir", "colour": "orange", "centre": centre.pk, "is_active": "on"},
    )

    made = Tag.objects.get(label="À revoir")
    assert (made.colour, made.centre) == ("orange", centre)
    listed = words(client.get(SCREEN))
    shown = [name for name in ("À revoir Orange", "Boursier", "Ailleurs") if name in listed]
    assert shown == ["À revoir Orange", "Boursier"]
    assert client.post(f"{SCREEN}{common.pk}/", {"label": "X"}).status_code == 403
    assert client.get(f"{SCREEN}{foreign.pk}/").status_code == 404


def test_name_taken_already_is_said_beside_it(as_ada, centre):
    TagFactory(label="Boursier")

    response = as_ada.post(
        f"{SCREEN}nouveau/", {"label": "boursier", "colour": "red", "centre": centre.pk}
    )

    assert response.status_code == 422
    assert response.context["form"].errors["label"] == [
        "Il y a déjà une étiquette de ce nom : Toute l'université."
    ]


def test_tag_of_applications_cannot_be_deleted(as_ada):
    tag = TaggingFactory().tag

    response = as_ada.post(f"{SCREEN}{tag.pk}/supprimer/")

    assert response.status_code == 409
    assert "Candidature portant l’étiquette : 1" in words(response)
    assert Tag.objects.get() == tag


def test_tags_are_ticked_and_taken_off_on_the_page_and_history_tells(as_bao, application):
    first, second = TagFactory(label="À revoir"), TagFactory(label="Boursier")

    added = change(as_bao, application, add=[first.pk, second.pk])
    removed = change(as_bao, application, remove=first.pk)

    assert "À revoir" in words(added)
    assert labels(application) == ["Boursier"]
    history = [(one.what, one.details) for one in removed.context["history"]]
    assert sorted(history) == [
        ("Étiquette ajoutée", ["Boursier"]),
        ("Étiquette ajoutée", ["À revoir"]),
        ("Étiquette retirée", ["À revoir"]),
    ]


def test_tag_of_another_centre_is_refused_with_its_reason(as_bao, application):
    foreign = TagFactory(label="Ailleurs", centre=ApplicationCentreFactory())

    response = change(as_bao, application, add=foreign.pk)

    assert "« Ailleurs » est une étiquette d’un autre centre." in words(response)
    assert labels(application) == []


def test_chris_tags_nothing_of_alix(client, application):
    client.force_login(staff("manager", centre=ApplicationCentreFactory()))

    assert change(client, application, add=TagFactory().pk).status_code == 404


def test_member_reads_tags_and_changes_none(client, application):
    TaggingFactory(application=application, tag__label="Boursier")
    client.force_login(staff("commission", commission=application.intake.programme.commission))

    response = client.get(page(application))

    assert "Boursier" in words(response)
    assert b'name="remove"' not in response.content
    assert change(client, application, add=TagFactory().pk).status_code == 403


def test_candidate_never_sees_a_tag(client, application):
    TaggingFactory(application=application, tag__label="Dossier fragile")
    client.force_login(application.candidate.user)

    shown = client.get(reverse("candidate:application", args=[application.pk]))

    assert shown.status_code == 200
    assert "Dossier fragile" not in words(shown)


def test_grid_shows_tags_and_is_narrowed_by_them(as_bao, application, centre):
    tag = TaggingFactory(application=application, tag__label="Boursier", tag__colour="orange").tag
    beside = ApplicationFactory(intake=application.intake)
    TaggingFactory(application=beside, tag__is_active=False)
    grid = reverse("staff:applications")

    def found(wanted):
        lines = as_bao.get(grid, {"tag": wanted, "columns": "tags"}).context["lines"]
        return {line.application.pk: str(line.cells[0].text) for line in lines}

    chip = '<span class="staff-tag staff-tag-orange">Boursier</span>'
    assert found("") == {application.pk: chip, beside.pk: "–"}
    assert found(tag.pk) == {application.pk: chip}
    assert found("none") == {beside.pk: "–"}


def test_many_are_tagged_by_a_form_that_offers_what_is_in_reach(as_bao, application, centre):
    tag = TagFactory(label="Boursier", centre=centre)
    TagFactory(label="Ailleurs", centre=IntakeFactory().programme.commission.centre)
    as_bao.post(reverse("staff:runs"), {"ids": [application.pk]})
    address = reverse("staff:run_action", args=[Run.objects.get().pk, "etiquettes"])

    offered = as_bao.get(address).context["form"].fields["tags"].queryset
    preview = as_bao.post(address, {"mode": "add", "tags": [tag.pk]}, follow=True)

    assert list(offered) == [tag]
    assert "Ajouter : Boursier" in words(preview)
