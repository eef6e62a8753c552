"""« Exporter »: from the list to the file, with columns one chooses and keeps."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.models import Download
from candide.foundation.history.models import HistoryEntry
from candide.reporting.exports.models import ExportTemplate
from tests.admissions.conftest import NOW
from tests.factories.applications import ApplicationFactory
from tests.factories.exports import ExportTemplateFactory
from tests.web.conftest import words, words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

EXPORT = reverse("staff:export")


def ticked(response):
    return [
        code
        for group in response.context["groups"]
        for code, _heading, is_ticked in group.columns
        if is_ticked
    ]


def exported(client, query="", columns=("name", "ine"), **more):
    data = {"do": "export", "query": query, "columns": columns, "format": "csv", **more}
    response = client.post(EXPORT, data)
    assert response.status_code == 302, words(response)
    return Download.objects.latest("pk")


def lines(client, download):
    while work(clock=lambda: NOW):
        pass
    response = client.post(reverse("staff:download_take", args=[download.pk]))
    return b"".join(response).decode("utf-8-sig").splitlines()


def test_begins_with_the_columns_of_the_list(as_bao, application):
    shown = as_bao.get(EXPORT, QueryDict("dossier=received&columns=ine&columns=email"))

    assert ticked(shown) == ["name", "email", "ine"]
    assert "1 candidature – Dossier : Réceptionné" in words_inside(shown)


def test_exports_what_the_search_finds_in_its_order(as_bao, application):
    ApplicationFactory(transmitted=True)
    centre = application.intake
    second = ApplicationFactory(intake=centre, transmitted=True, candidate__birth_name="AAA")
    ApplicationFactory(intake=centre)

    download = exported(as_bao, "dossier=received&sort=name", ("birth_name",))

    found = lines(as_bao, download)
    names = sorted([second.candidate.birth_name, application.candidate.birth_name])
    assert found == ["Nom patronymique", *names]
    assert download.values["about"] == ["Dossier : Réceptionné"]


def test_exports_by_a_count_the_list_is_sorted_by(as_bao, application):
    assert len(lines(as_bao, exported(as_bao, "sort=-given"))) == 2


def test_exports_the_lines_that_are_ticked_and_none_out_of_reach(as_bao, application):
    foreign = ApplicationFactory()
    beside = ApplicationFactory(intake=application.intake)
    begun = as_bao.post(f"{EXPORT}?columns=ine", {"ids": [application.pk, foreign.pk]})
    assert ticked(begun) == ["name", "ine"]
    ids = begun.context["form"]["ids"].value()

    download = exported(as_bao, ids=ids)

    assert download.subjects == [application.pk, foreign.pk]
    assert len(lines(as_bao, download)) == 2
    assert beside.pk not in download.subjects


def test_asked_and_taken_are_in_the_history_with_how_many_rows(as_bao, bao, application):
    lines(as_bao, exported(as_bao))

    entries = HistoryEntry.objects.filter(event__startswith="downloads.").order_by("pk")
    assert [(entry.event, entry.by_id, entry.data["number"]) for entry in entries] == [
        ("downloads.asked", bao.pk, 1),
        ("downloads.made", bao.pk, 1),
        ("downloads.taken", bao.pk, 1),
    ]


def test_no_column_and_nothing_found_say_so(as_bao, application):
    nothing = as_bao.post(EXPORT, {"do": "export", "format": "csv", "columns": []})
    none_found = as_bao.post(
        EXPORT, {"do": "export", "format": "csv", "columns": ["name"], "query": "q=personne"}
    )
    wrong = as_bao.post(EXPORT, {"do": "export", "format": "ods", "columns": ["name"]})

    assert (nothing.status_code, none_found.status_code, wrong.status_code) == (409, 409, 422)
    assert "Choisissez au moins une colonne." in words(nothing)
    assert "Il n'y a rien à exporter ici." in words(none_found)
    assert Download.objects.count() == 0


def test_choice_is_kept_and_found_again(as_bao, bao, application):
    data = {"do": "keep", "query": "dossier=received", "columns": ["ine", "email"]}
    response = as_bao.post(EXPORT, {**data, "format": "csv", "name": " Pour Apogée "})

    template = ExportTemplate.objects.get()
    assert (template.name, template.owner, template.format) == ("Pour Apogée", bao, "csv")
    again = as_bao.get(response.url)
    assert ticked(again) == ["email", "ine"]
    assert again.context["form"]["format"].value() == "csv"


@pytest.mark.parametrize("circle", ["all", "centre"])
def test_shared_template_is_seen_by_those_it_is_shared_with(as_bao, client, application, circle):
    centre = application.intake.programme.commission.centre
    shared = "all" if circle == "all" else str(centre.pk)
    data = {"do": "keep", "columns": ["ine"], "format": "csv", "name": "Pour le jury"}
    assert as_bao.post(EXPORT, {**data, "shared_with": shared}).status_code == 302
    member = staff("commission", commission=application.intake.programme.commission)
    chris = staff("manager", centre=ApplicationFactory().intake.programme.commission.centre)

    seen = {}
    for person in (member, chris):
        client.force_login(person)
        seen[person] = "Pour le jury" in words_inside(client.get(EXPORT))

    assert seen == {member: True, chris: circle == "all"}


def test_template_of_a_centre_one_does_not_manage_is_no_choice(as_bao, application):
    foreign = ApplicationFactory().intake.programme.commission.centre
    data = {"do": "keep", "columns": ["ine"], "format": "csv", "name": "Pour le jury"}

    response = as_bao.post(EXPORT, {**data, "shared_with": str(foreign.pk)})

    assert response.status_code == 422
    assert ExportTemplate.objects.count() == 0


def test_only_the_owner_deletes_a_template(as_bao, bao, application):
    own, other = ExportTemplateFactory(owner=bao), ExportTemplateFactory(is_shared=True)

    assert as_bao.post(reverse("staff:export_template_delete", args=[own.pk])).status_code == 302
    assert as_bao.post(reverse("staff:export_template_delete", args=[other.pk])).status_code == 403
    assert list(ExportTemplate.objects.all()) == [other]


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries(as_bao, bao, application, count, django_assert_num_queries):
    for _number in range(count):
        ExportTemplateFactory(owner=bao)
        ApplicationFactory(intake=application.intake)
    as_bao.get(EXPORT)

    with django_assert_num_queries(10):
        as_bao.get(EXPORT)
