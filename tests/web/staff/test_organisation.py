"""Centres, commissions and kinds of programme as they are set up [B-030, B-037, B-076]."""

from typing import Any

import pytest

from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.enums import Capability
from candide.institution.catalogue.enums import AlertMode, CatalogueGrouping, CopyMode, LetterMode
from candide.institution.catalogue.models import ApplicationCentre, Commission, Institution
from tests.factories.catalogue import (
    ApplicationCentreFactory,
    CommissionFactory,
    ProgrammeFactory,
    ProgrammeKindFactory,
)
from tests.factories.requirements import QuestionFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SETTINGS = "/gestion/parametrage/"
CENTRES, COMMISSIONS = f"{SETTINGS}centres/", f"{SETTINGS}commissions/"
KINDS = f"{SETTINGS}types-de-formation/"
CENTRE = {
    "code": "DROIT",
    "name_0": "UFR de droit",
    "name_1": "",
    "is_active": "on",
    "copy_mode": CopyMode.NONE,
    "max_applications": "5",
    "information_0": "",
}
COMMISSION = {
    "code": "DROIT-M",
    "name_0": "Masters de droit",
    "name_1": "",
    "is_active": "on",
    "address_1": "1 rue des Épreuves",
    "postcode": "45000",
    "city": "Orléans",
    "alert_mode": AlertMode.NONE,
    "letter_mode": LetterMode.NONE,
}
ALERTS = (
    "alerts_proposals",
    "alerts_transmissions",
    "alerts_cancellations",
    "alerts_withdrawals",
    "alerts_promotions",
    "alerts_messages",
)
SWITCHED_ON = {"alerts_messages": "on"}


@pytest.fixture(autouse=True)
def institution() -> Any:
    return Institution.current()


def sign_in(client: Any, capability: Capability = Capability.MANAGE_ORGANISATION, **scope: Any):
    user = member(capability, **scope)
    client.force_login(user)
    return user


def save(client: Any, address: str, row: Any, typed: dict[str, Any]) -> Any:
    page = client.get(f"{address}{row.pk}/")
    return client.post(
        f"{address}{row.pk}/", {**typed, "seen": page.context["form"].initial["seen"]}
    )


def test_centre_is_made_by_who_sets_up_everything(client):
    """B-030, and B-034: opened to decisions of its own."""
    user = sign_in(client)

    client.post(f"{CENTRES}nouveau/", {**CENTRE, "sets_decisions": "on"})

    made = ApplicationCentre.objects.get()
    entry = HistoryEntry.objects.get(event=RowEvent.CREATED)
    assert (made.code, str(made.name), made.max_applications) == ("DROIT", "UFR de droit", 5)
    assert made.sets_decisions
    assert (entry.subject_id, entry.by_id) == (made.pk, user.pk)


def test_centre_is_renamed_put_out_of_service_and_deleted(client):
    """B-030."""
    sign_in(client)
    centre = ApplicationCentreFactory()

    save(client, CENTRES, centre, {**CENTRE, "is_active": ""})
    centre.refresh_from_db()
    client.post(f"{CENTRES}{centre.pk}/supprimer/")

    assert (centre.code, str(centre.name), centre.is_active) == ("DROIT", "UFR de droit", False)
    assert not ApplicationCentre.objects.exists()


def test_mailbox_is_asked_for_where_copies_go_to_it(client):
    sign_in(client)

    response = client.post(f"{CENTRES}nouveau/", {**CENTRE, "copy_mode": CopyMode.MAILBOX})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["contact_email"])


def test_manager_of_a_centre_changes_all_but_what_it_is_called(client):
    """B-035; nor does the manager open it to decisions of its own, B-034."""
    centre = ApplicationCentreFactory(code="LETTRES", name="UFR Lettres")
    sign_in(client, centre=centre)

    save(client, CENTRES, centre, {**CENTRE, "is_active": "", "sets_decisions": "on"})

    centre.refresh_from_db()
    assert (centre.code, str(centre.name), centre.is_active) == ("LETTRES", "UFR Lettres", True)
    assert (centre.max_applications, centre.sets_decisions) == (5, False)


def test_manager_of_a_centre_neither_makes_nor_deletes_one_nor_sees_others(client):
    own, other = ApplicationCentreFactory(), ApplicationCentreFactory()
    sign_in(client, centre=own)

    answers = [
        client.get(address).status_code
        for address in (
            f"{CENTRES}nouveau/",
            f"{CENTRES}{own.pk}/supprimer/",
            f"{CENTRES}{other.pk}/",
        )
    ]

    assert answers == [403, 403, 404]
    listed = words(client.get(CENTRES))
    assert (str(own.name) in listed, str(other.name) in listed) == (True, False)


def test_centre_is_deleted_only_when_nothing_hangs_on_it_not_even_a_question(client):
    """5.2, with the questions that eCandidat forgets."""
    sign_in(client)
    centre = ApplicationCentreFactory()
    CommissionFactory(centre=centre)
    QuestionFactory(centre=centre)
    member(Capability.MANAGE_TEXTS, centre=centre)

    response = client.post(f"{CENTRES}{centre.pk}/supprimer/")

    assert (response.status_code, ApplicationCentre.objects.count()) == (409, 1)
    assert [blocker.message for blocker in response.context["blockers"]] == [
        "Commission : 1",
        "Affectation : 1",
        "Question : 1",
    ]


def test_catalogue_finds_programmes_by_the_new_name_of_their_centre_at_once(client):
    sign_in(client)
    programme = ProgrammeFactory()

    save(client, CENTRES, programme.commission.centre, {**CENTRE, "name_0": "Polytechnique"})

    programme.refresh_from_db()
    assert "polytechnique" in programme.search_text


def test_manager_of_a_centre_makes_its_commissions(client):
    """6.2."""
    centre, other = ApplicationCentreFactory(), ApplicationCentreFactory()
    sign_in(client, centre=centre)

    elsewhere = client.post(f"{COMMISSIONS}nouveau/", {**COMMISSION, "centre": other.pk})
    client.post(f"{COMMISSIONS}nouveau/", {**COMMISSION, "centre": centre.pk})

    assert list(elsewhere.context["form"].errors) == ["centre"]
    assert Commission.objects.get().centre == centre


def test_commission_is_put_out_of_service_and_deleted_once_nothing_hangs_on_it(client):
    """B-037."""
    programme = ProgrammeFactory()
    commission = programme.commission
    sign_in(client, centre=commission.centre)

    save(client, COMMISSIONS, commission, {**COMMISSION, "is_active": ""})
    commission.refresh_from_db()
    refused = client.post(f"{COMMISSIONS}{commission.pk}/supprimer/")
    programme.delete()
    client.post(f"{COMMISSIONS}{commission.pk}/supprimer/")

    assert (commission.code, commission.is_active) == ("DROIT-M", False)
    assert refused.status_code == 409
    assert [blocker.message for blocker in refused.context["blockers"]] == ["Formation : 1"]
    assert not Commission.objects.exists()


def test_commission_is_set_up_with_every_field(client):
    """B-038 to B-041: contact, comment, address, alerts, letters, signatory."""
    commission = CommissionFactory(alerts_messages=False)
    sign_in(client, commission=commission)
    texts = {
        "email": "jury@univ.example",
        "phone": "02 38 00 00 00",
        "fax": "02 38 00 00 01",
        "url": "https://univ.example/jury",
        "address_1": "2 rue des Lettres",
        "address_2": "Bâtiment B",
        "address_3": "Porte 3",
        "postcode": "37000",
        "city": "Tours",
        "alert_mode": AlertMode.MAILBOX,
        "alert_email": "alerte@univ.example",
        "letter_mode": LetterMode.BOTH,
        "signatory": "Le doyen",
    }
    comment = {"return_comment_0": "Par la poste", "return_comment_1": "By post"}

    save(client, COMMISSIONS, commission, {**COMMISSION, **texts, **comment, **SWITCHED_ON})

    commission.refresh_from_db()
    assert {name: getattr(commission, name) for name in texts} == texts
    assert commission.return_comment.data == {"fr": "Par la poste", "en": "By post"}
    assert [name for name in ALERTS if getattr(commission, name)] == list(SWITCHED_ON)


def test_member_changes_the_own_commission_but_not_what_it_is_called(client):
    """B-043."""
    commission = CommissionFactory(code="OWN", name="Jury")
    sibling = CommissionFactory(centre=commission.centre)
    sign_in(client, commission=commission)

    save(client, COMMISSIONS, commission, {**COMMISSION, "is_active": "", "city": "Blois"})
    answers = [
        client.get(address).status_code
        for address in (
            f"{COMMISSIONS}nouveau/",
            f"{COMMISSIONS}{commission.pk}/supprimer/",
            f"{COMMISSIONS}{sibling.pk}/",
            CENTRES,
        )
    ]

    commission.refresh_from_db()
    assert (commission.code, str(commission.name), commission.is_active) == ("OWN", "Jury", True)
    assert commission.city == "Blois"
    assert answers == [403, 403, 404, 403]


def test_commission_keeps_its_centre(client):
    sign_in(client)
    commission, other = CommissionFactory(), ApplicationCentreFactory()

    save(client, COMMISSIONS, commission, {**COMMISSION, "centre": other.pk})

    kept = commission.centre
    commission.refresh_from_db()
    assert (commission.code, commission.centre) == ("DROIT-M", kept)


def test_address_is_taken_over_from_another_commission_of_the_centre(client):
    """B-038."""
    sign_in(client)
    commission = CommissionFactory(address_2="Bâtiment B", city="Tours")
    foreign = CommissionFactory()
    typed = {**COMMISSION, "centre": commission.centre_id, "address_1": "", "city": ""}

    refused = client.post(f"{COMMISSIONS}nouveau/", {**typed, "address_from": foreign.pk})
    client.post(f"{COMMISSIONS}nouveau/", {**typed, "address_from": commission.pk})

    made = Commission.objects.get(code="DROIT-M")
    assert "address_from" in refused.context["form"].errors
    assert made.address_lines == commission.address_lines


def test_alert_mailbox_is_asked_for_where_alerts_go_to_it(client):
    sign_in(client)
    typed = {**COMMISSION, "centre": ApplicationCentreFactory().pk}

    response = client.post(
        f"{COMMISSIONS}nouveau/", {**typed, "alert_mode": AlertMode.MAILBOX, "alert_email": ""}
    )

    assert list(response.context["form"].errors) == ["alert_email"]


def test_kinds_are_offered_only_where_the_catalogue_is_grouped_by_them(client):
    sign_in(client, Capability.MANAGE_CATALOGUE)

    before = words(client.get(SETTINGS))
    Institution.objects.update(catalogue_grouping=CatalogueGrouping.KIND)
    after = words(client.get(SETTINGS))

    assert ("Types de formation" in before, "Types de formation" in after) == (False, True)


def test_kind_is_renamed_and_programmes_are_found_by_it(client):
    sign_in(client, Capability.MANAGE_CATALOGUE)
    kind = ProgrammeKindFactory()
    programme = ProgrammeFactory(kind=kind)

    save(client, KINDS, kind, {"code": "DU", "name_0": "Diplôme maison", "is_active": "on"})

    programme.refresh_from_db()
    assert "maison" in programme.search_text
    assert client.post(f"{KINDS}{kind.pk}/supprimer/").status_code == 409
