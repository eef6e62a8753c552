"""Programmes and their openings as they are set up [B-045 to B-059]."""

from datetime import date
from typing import Any

import pytest

from candide.admissions.decisions.models import IntakeDecisions
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.enums import Capability
from candide.institution.catalogue.enums import (
    AdmissionRoute,
    CatalogueGrouping,
    OfferState,
    Period,
)
from candide.institution.catalogue.models import Institution, Intake, Programme
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import (
    CampaignFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
    ProgrammeKindFactory,
)
from tests.factories.decisions import DecisionTypeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PROGRAMMES = "/gestion/parametrage/formations/"
OPENINGS = "/gestion/parametrage/ouvertures/"
PROGRAMME = {
    "code": "M1-DP",
    "name_0": "Master Droit public",
    "name_1": "",
    "is_active": "on",
    "keywords": "juriste",
}
OPENING = {
    "is_active": "on",
    "is_paperless": "on",
    "is_capacity_published": "on",
    "route": AdmissionRoute.CONTROLLED,
    "opens_on": "2027-03-01",
    "closes_on": "2027-04-15",
    "documents_due_on": "2027-04-30",
    "information_0": "",
    "information_1": "",
}


@pytest.fixture(autouse=True)
def institution() -> Any:
    Institution.current()
    Institution.objects.update(catalogue_grouping=CatalogueGrouping.NONE)


def sign_in(client: Any, **scope: Any) -> Any:
    user = member(Capability.MANAGE_CATALOGUE, **scope)
    client.force_login(user)
    return user


def save(client: Any, address: str, row: Any, typed: dict[str, Any]) -> Any:
    page = client.get(f"{address}{row.pk}/")
    typed = {**typed, "seen": page.context["form"].initial["seen"]}
    return client.post(f"{address}{row.pk}/", typed)


def listed(client: Any, **chosen: Any) -> list[str]:
    page = client.get(PROGRAMMES, chosen).context["page"]
    return [each.programme.code for each in page.object_list]


def test_programme_is_made_with_an_address_and_found_at_once(client):
    user = sign_in(client)
    commission = CommissionFactory()

    client.post(
        f"{PROGRAMMES}nouveau/",
        {**PROGRAMME, "commission": commission.pk, "url": "https://ufr.example/droit"},
    )

    made = Programme.objects.get()
    assert (made.slug, made.commission) == ("master-droit-public", commission)
    assert made.url == "https://ufr.example/droit"
    assert {"droit", "juriste"} <= set(made.search_text.split())
    assert HistoryEntry.objects.get(event=RowEvent.CREATED).by_id == user.pk


def test_programme_without_its_code_is_refused_where_it_is_required(client):
    """A-010."""
    sign_in(client)
    Institution.objects.update(is_sis_code_required=True)
    commission = CommissionFactory()
    sent = {**PROGRAMME, "commission": commission.pk}

    refused = client.post(f"{PROGRAMMES}nouveau/", sent)
    kept_back = client.post(f"{PROGRAMMES}nouveau/", {**sent, "is_active": ""})

    assert set(refused.context["form"].errors) == {"sis_code"}
    assert kept_back.status_code == 302
    assert not Programme.objects.get().is_active


def test_address_is_permanent(client):
    sign_in(client)
    programme = ProgrammeFactory(slug="droit")

    save(
        client,
        PROGRAMMES,
        programme,
        {**PROGRAMME, "commission": programme.commission_id, "slug": "autre"},
    )

    programme.refresh_from_db()
    assert (programme.code, programme.slug) == ("M1-DP", "droit")


def test_programme_is_put_out_of_service_and_nobody_applies_to_it(client):
    """B-045."""
    sign_in(client)
    programme = IntakeFactory(open=True, programme__name="Master Chimie").programme
    typed = {**PROGRAMME, "name_0": "Master Chimie", "commission": programme.commission_id}

    save(client, PROGRAMMES, programme, {**typed, "is_active": ""})
    programme.refresh_from_db()
    closed = (programme.is_active, "Master Chimie" in words(client.get("/offre/")))
    save(client, PROGRAMMES, programme, typed)

    assert closed == (False, False)
    assert "Master Chimie" in words(client.get("/offre/"))


def test_code_and_diploma_in_the_student_system_are_typed(client):
    """B-047."""
    sign_in(client)
    programme = ProgrammeFactory()
    there = {"sis_code": "M1DEG03", "sis_diploma": "MDEG", "sis_diploma_version": "1"}

    save(
        client,
        PROGRAMMES,
        programme,
        {**PROGRAMME, "commission": programme.commission_id, **there},
    )

    programme.refresh_from_db()
    assert {name: getattr(programme, name) for name in there} == there


def test_members_choose_only_commissions_of_their_own(client):
    own = CommissionFactory()
    sibling = CommissionFactory(centre=own.centre)
    sign_in(client, commission=own)

    elsewhere = client.post(f"{PROGRAMMES}nouveau/", {**PROGRAMME, "commission": sibling.pk})
    client.post(f"{PROGRAMMES}nouveau/", {**PROGRAMME, "commission": own.pk})

    assert list(elsewhere.context["form"].errors) == ["commission"]
    assert Programme.objects.get().commission == own


def test_programmes_of_others_do_not_exist(client):
    own, other = IntakeFactory(), IntakeFactory()
    sign_in(client, centre=own.programme.commission.centre)

    answers = [
        client.get(address).status_code
        for address in (
            f"{PROGRAMMES}{own.programme_id}/",
            f"{PROGRAMMES}{other.programme_id}/",
            f"{PROGRAMMES}{other.programme_id}/ouvrir/",
            f"{PROGRAMMES}{other.programme_id}/supprimer/",
            f"{OPENINGS}{other.pk}/",
            f"{OPENINGS}{other.pk}/supprimer/",
        )
    ]

    assert answers == [200, 404, 404, 404, 404, 404]
    assert listed(client) == [own.programme.code]


@pytest.mark.parametrize(
    ("grouping", "asked"),
    [
        (CatalogueGrouping.NONE, set()),
        (CatalogueGrouping.DIPLOMA, {"diploma_type"}),
        (CatalogueGrouping.KIND, {"kind"}),
    ],
)
def test_only_what_the_catalogue_groups_by_is_asked(client, grouping, asked):
    """B-048."""
    Institution.objects.update(catalogue_grouping=grouping)
    ProgrammeKindFactory()
    sign_in(client)

    form = client.get(f"{PROGRAMMES}nouveau/").context["form"]

    assert {"diploma_type", "kind"} & set(form.fields) == asked
    assert all(form.fields[name].required for name in asked)


def test_list_is_narrowed_by_every_choice(client):
    sign_in(client)
    law = IntakeFactory(
        open=True, programme__code="law", programme__name="Droit", campaign__code="2027"
    )
    arts = IntakeFactory(soon=True, programme__code="arts", programme__name="Arts plastiques")
    ProgrammeFactory(code="never", name="Jamais")
    over = IntakeFactory(
        programme=arts.programme,
        campaign=CampaignFactory(over=True),
        opens_on=date(2026, 3, 1),
        closes_on=date(2026, 4, 1),
    )

    assert listed(client) == ["arts", "law", "never"]
    assert listed(client, q="plastique") == ["arts"]
    assert listed(client, centre=law.programme.centre.pk) == ["law"]
    assert listed(client, commission=arts.programme.commission_id) == ["arts"]
    assert listed(client, period=Period.SOON) == ["arts"]
    assert listed(client, state=OfferState.NOT_OPENED) == ["never"]
    assert listed(client, campaign=over.campaign_id, state=OfferState.SOUND) == ["arts"]


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_a_constant_number_of_queries(client, number, django_assert_num_queries):
    sign_in(client)
    for _number in range(number):
        IntakeFactory()

    with django_assert_num_queries(15):
        client.get(PROGRAMMES)


def test_programme_shows_its_openings_with_their_calendar_and_what_is_odd(client):
    sign_in(client)
    intake = IntakeFactory(open=True, acceptance_due_on=date(2027, 12, 1))

    said = words(client.get(f"{PROGRAMMES}{intake.programme_id}/"))
    rows = client.get(PROGRAMMES).content.decode().partition("<tbody>")[2]

    assert "Dates hors campagne" in rows
    assert "Campagne 2027" in said
    assert "Dates hors campagne" in said
    assert "1er décembre 2027" in said


def test_programme_is_opened_in_a_campaign_with_the_decisions_it_gives(client):
    user = sign_in(client)
    programme, campaign = ProgrammeFactory(), CampaignFactory()
    favourable, called = DecisionTypeFactory(), DecisionTypeFactory()

    response = client.post(
        f"{PROGRAMMES}{programme.pk}/ouvrir/",
        {
            **OPENING,
            "campaign": campaign.pk,
            "route": AdmissionRoute.DIRECT,
            "is_paperless": "",
            "capacity": "30",
            "is_capacity_published": "",
            "information_0": "À distance.",
            "information_1": "Online.",
            "favourable": favourable.pk,
            "has_automatic_reserve_list": "on",
            "called": called.pk,
        },
    )

    intake = Intake.objects.get()
    given = IntakeDecisions.objects.get()
    assert response.url == f"{OPENINGS}{intake.pk}/"
    assert (intake.programme, intake.campaign) == (programme, campaign)
    assert (intake.route, intake.is_paperless) == (AdmissionRoute.DIRECT, False)
    assert (intake.capacity, intake.is_capacity_published) == (30, False)
    assert intake.information.data == {"fr": "À distance.", "en": "Online."}
    assert (given.intake, given.favourable, given.called) == (intake, favourable, called)
    assert set(HistoryEntry.objects.values_list("event", "by_id")) == {(RowEvent.CREATED, user.pk)}


def test_every_date_out_of_order_is_said_beside_its_field(client):
    """B-051."""
    sign_in(client)
    programme, campaign = ProgrammeFactory(), CampaignFactory()
    dates = {"closes_on": "2027-02-01", "jury_on": "2027-04-01", "results_on": "2027-03-01"}

    response = client.post(
        f"{PROGRAMMES}{programme.pk}/ouvrir/", {**OPENING, "campaign": campaign.pk, **dates}
    )

    form = response.context["form"]
    assert form.non_field_errors() == []
    assert (response.status_code, set(form.errors)) == (422, {"closes_on", "jury_on", "results_on"})
    assert len(form.errors["results_on"]) == 2
    assert Intake.objects.count() == 0


def test_dates_outside_the_campaign_are_saved_once_confirmed(client):
    sign_in(client)
    intake = IntakeFactory()
    typed = {**OPENING, "acceptance_due_on": "2027-12-01"}

    warned = save(client, OPENINGS, intake, typed)
    intake.refresh_from_db()
    assert (warned.status_code, intake.acceptance_due_on) == (409, None)
    assert [each.code for each in warned.context["warnings"]] == ["outside_campaign"]

    save(client, OPENINGS, intake, {**typed, "confirmed": warned.context["warnings_mark"]})
    intake.refresh_from_db()
    assert intake.acceptance_due_on == date(2027, 12, 1)


def test_change_of_the_decisions_meanwhile_is_not_written_over(client):
    sign_in(client)
    intake = IntakeFactory()
    mark = client.get(f"{OPENINGS}{intake.pk}/").context["form"].initial["seen"]
    IntakeDecisions.objects.create(intake=intake, favourable=DecisionTypeFactory())

    response = client.post(f"{OPENINGS}{intake.pk}/", {**OPENING, "seen": mark})

    assert response.status_code == 409
    assert IntakeDecisions.objects.get().favourable is not None


def test_history_of_an_opening_has_its_decisions(client):
    sign_in(client)
    intake, favourable = IntakeFactory(), DecisionTypeFactory(label="Admis d'office")

    save(client, OPENINGS, intake, {**OPENING, "favourable": favourable.pk})
    other = DecisionTypeFactory(label="Admis")
    save(client, OPENINGS, intake, {**OPENING, "favourable": other.pk})

    said = words(client.get(f"{OPENINGS}{intake.pk}/"))
    assert "Admis d'office → Admis" in said


def test_dates_are_looked_at_while_they_are_typed(client):
    sign_in(client)
    campaign = CampaignFactory()
    typed = {**OPENING, "campaign": campaign.pk}

    page = client.get(f"{PROGRAMMES}{ProgrammeFactory().pk}/ouvrir/").content.decode()
    sound = client.post(f"{OPENINGS}verifier/", typed)
    wrong = client.post(f"{OPENINGS}verifier/", {**typed, "jury_on": "2027-04-01"})
    odd = client.post(f"{OPENINGS}verifier/", {**typed, "jury_on": "2027-12-01"})

    assert f'hx-post="{OPENINGS}verifier/" hx-trigger="change from:closest form"' in page
    assert [len(each.context["blockers"]) for each in (sound, wrong, odd)] == [0, 1, 0]
    assert [bool(each.context["milestones"]) for each in (sound, wrong, odd)] == [True, False, True]
    assert [each.code for each in odd.context["warnings"]] == ["outside_campaign"]
    assert Intake.objects.count() == 0


def test_catalogue_of_candidates_follows_at_once(client):
    """B-059."""
    sign_in(client)
    intake = IntakeFactory(open=True, programme__name="Master Droit public")
    assert "Master Droit public" in words(client.get("/offre/"))

    save(client, OPENINGS, intake, {**OPENING, "is_active": ""})

    assert "Master Droit public" not in words(client.get("/offre/"))


def test_what_was_applied_to_is_never_deleted(client):
    sign_in(client)
    intake = ApplicationFactory(cancelled=True).intake

    answers = [
        client.post(address)
        for address in (
            f"{OPENINGS}{intake.pk}/supprimer/",
            f"{PROGRAMMES}{intake.programme_id}/supprimer/",
        )
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert [len(answer.context["blockers"]) for answer in answers] == [1, 1]
    assert Programme.objects.count() == 1


def test_what_was_never_applied_to_is_deleted(client):
    sign_in(client)
    intake = IntakeFactory()

    gone = client.post(f"{OPENINGS}{intake.pk}/supprimer/")
    client.post(f"{PROGRAMMES}{intake.programme_id}/supprimer/")

    assert gone.url == f"{PROGRAMMES}{intake.programme_id}/"
    assert Programme.objects.count() == 0


def test_reader_looks_at_openings_and_changes_nothing(client):
    intake = IntakeFactory()
    client.force_login(
        member(
            Capability.MANAGE_CATALOGUE, can_write=False, centre=intake.programme.commission.centre
        )
    )

    looked = [
        client.get(f"{address}{pk}/").status_code
        for address, pk in ((PROGRAMMES, intake.programme_id), (OPENINGS, intake.pk))
    ]
    refused = [
        client.post(address).status_code
        for address in (
            f"{PROGRAMMES}{intake.programme_id}/",
            f"{OPENINGS}{intake.pk}/",
            f"{PROGRAMMES}{intake.programme_id}/ouvrir/",
        )
    ]

    assert (looked, refused) == ([200, 200], [403, 403, 403])
