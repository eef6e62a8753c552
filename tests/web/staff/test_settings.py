"""The frame of every parameter screen, tried on the reasons for decisions."""

from typing import Any

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.catalogue.models import Institution
from candide.web.staff.settings.crud import Crud
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SETTINGS = "/gestion/parametrage/"
REASONS = f"{SETTINGS}motivations/"
TYPED = {
    "code": "niveau",
    "label_0": "Niveau insuffisant",
    "label_1": "Level too low",
    "is_active": "on",
}


@pytest.fixture(autouse=True)
def institution() -> Any:
    return Institution.current()


@pytest.fixture
def centre() -> Any:
    return ApplicationCentreFactory(sets_decisions=True)


@pytest.fixture
def ada(client: Any) -> Any:
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=create_starter_roles()["administrator"])
    client.force_login(user)
    return user


@pytest.fixture
def bao(client: Any, centre: Any) -> Any:
    user = member(Capability.MANAGE_DECISIONS, centre=centre)
    client.force_login(user)
    return user


def reason(code: str = "places", **fields: Any) -> DecisionReason:
    return DecisionReason.objects.create(code=code, label={"fr": f"Motif {code}"}, **fields)


def seen(client: Any, row: DecisionReason) -> str:
    return client.get(f"{REASONS}{row.pk}/").context["form"].initial["seen"]


def test_first_page_shows_only_screens_of_ones_own(client, bao):
    assert "Motivations d'avis" in words(client.get(SETTINGS))

    client.force_login(member(Capability.MANAGE_TEXTS))

    assert "Motivations d'avis" not in words(client.get(SETTINGS))


def test_row_is_created_and_history_says_who(client, ada):
    response = client.post(f"{REASONS}nouveau/", TYPED, follow=True)

    made = DecisionReason.objects.get()
    entry = HistoryEntry.objects.get(event=RowEvent.CREATED)
    assert (made.label.data, made.centre) == (
        {"fr": "Niveau insuffisant", "en": "Level too low"},
        None,
    )
    assert (entry.subject_id, entry.by_id) == (made.pk, ada.pk)
    assert "Enregistré" in words(response)


def test_change_is_in_the_history_before_and_after(client, ada, centre):
    row = reason()
    changed = {**TYPED, "code": row.code, "centre": centre.pk, "seen": seen(client, row)}

    response = client.post(f"{REASONS}{row.pk}/", changed, follow=True)

    entry = HistoryEntry.objects.get(event=RowEvent.CHANGED)
    assert entry.data["changes"] == {
        "label": [
            {"fr": "Motif places"},
            {"fr": "Niveau insuffisant", "en": "Level too low"},
        ],
        "centre": [None, centre.pk],
    }
    assert f"Centre : – → {centre.name}" in words(response)
    assert "Libellé : Motif places → Niveau insuffisant / Level too low" in words(response)


def test_saving_without_a_change_writes_no_history(client, ada):
    client.post(f"{REASONS}nouveau/", TYPED)
    row = DecisionReason.objects.get()

    client.post(f"{REASONS}{row.pk}/", {**TYPED, "seen": seen(client, row)})

    assert list(HistoryEntry.objects.values_list("event", flat=True)) == [RowEvent.CREATED]


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something done after the row of the page was read, before it is locked."""

    def between(do):
        read = Crud._row

        def row_and_then(screen, request, pk):
            row = read(screen, request, pk)
            do()
            return row

        monkeypatch.setattr(Crud, "_row", row_and_then)

    return between


def test_change_between_reading_and_locking_is_not_written_over(client, ada, meanwhile):
    row = reason()
    mark = seen(client, row)
    meanwhile(lambda: DecisionReason.objects.update(code="autre"))

    response = client.post(f"{REASONS}{row.pk}/", {**TYPED, "seen": mark})

    row.refresh_from_db()
    assert (response.status_code, row.code) == (409, "autre")


def test_row_deleted_between_reading_and_locking_is_not_found(client, ada, meanwhile):
    row = reason()
    meanwhile(DecisionReason.objects.all().delete)

    response = client.post(f"{REASONS}{row.pk}/", {**TYPED, "seen": ""})

    assert response.status_code == 404


def test_row_taken_out_of_reach_between_reading_and_locking_is_not_shown_any_more(
    client, bao, centre, meanwhile
):
    row = reason(centre=centre)
    mark = seen(client, row)
    meanwhile(lambda: DecisionReason.objects.update(centre=None))

    response = client.post(f"{REASONS}{row.pk}/", {**TYPED, "centre": centre.pk, "seen": mark})

    assert response.status_code == 403
    assert DecisionReason.objects.get().code == row.code


def test_change_of_somebody_else_is_not_written_over_unseen(client, ada):
    row = reason()
    stale = seen(client, row)
    DecisionReason.objects.update(code="autre")

    response = client.post(f"{REASONS}{row.pk}/", {**TYPED, "seen": stale})

    row.refresh_from_db()
    assert (response.status_code, row.code) == (409, "autre")
    assert response.context["form"]["code"].value() == "niveau"
    assert "quelqu'un a modifié" in words(response).lower()

    mark = response.context["form"]["seen"].value()
    again = client.post(f"{REASONS}{row.pk}/", {**TYPED, "seen": mark})
    row.refresh_from_db()
    assert (again.status_code, row.code) == (302, "niveau")


def test_wrong_entry_comes_back_with_its_error(client, ada):
    reason("niveau")

    response = client.post(f"{REASONS}nouveau/", TYPED)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["code"]
    assert response.context["form"]["label"].value() == ["Niveau insuffisant", "Level too low"]


def test_manager_of_a_centre_changes_what_is_of_the_centre_only(client, bao, centre):
    own, central = reason("own", centre=centre), reason("central")
    foreign = reason("foreign", centre=ApplicationCentreFactory())

    listed = words(client.get(REASONS))
    answers = [
        client.post(f"{REASONS}{row.pk}/", {**TYPED, "centre": centre.pk, "seen": "x"}).status_code
        for row in (own, central, foreign)
    ]

    assert ("Motif own" in listed, "Motif central" in listed) == (True, True)
    assert "Motif foreign" not in listed
    assert answers == [409, 403, 404]


def test_manager_of_a_centre_cannot_make_a_row_of_the_institution(client, bao, centre):
    foreign = ApplicationCentreFactory()

    empty = client.post(f"{REASONS}nouveau/", TYPED)
    elsewhere = client.post(f"{REASONS}nouveau/", {**TYPED, "centre": foreign.pk})
    own = client.post(f"{REASONS}nouveau/", {**TYPED, "centre": centre.pk})

    assert (list(empty.context["form"].errors), list(elsewhere.context["form"].errors)) == (
        ["centre"],
        ["centre"],
    )
    assert own.status_code == 302
    assert DecisionReason.objects.get().centre == centre


def test_centre_that_was_not_opened_reads_what_it_has(client, bao, centre):
    own = reason("own", centre=centre)
    centre.sets_decisions = False
    centre.save()

    page = client.get(f"{REASONS}{own.pk}/")
    answers = [
        client.post(address, {**TYPED, "centre": centre.pk, "seen": "x"}).status_code
        for address in (
            f"{REASONS}{own.pk}/",
            f"{REASONS}nouveau/",
            f"{REASONS}{own.pk}/supprimer/",
            f"{SETTINGS}types-de-decision/nouveau/",
        )
    ]

    assert page.context["may_change"] is False
    assert "Nouveau motif" not in words(client.get(REASONS))
    assert answers == [403, 403, 403, 403]


def test_who_manages_two_centres_makes_rows_of_the_opened_one(client, bao, centre):
    closed = ApplicationCentreFactory()
    role = bao.assignments.get().role
    Assignment.objects.create(user=bao, role=role, centre=closed)

    offered = client.get(f"{REASONS}nouveau/").context["form"].fields["centre"].queryset
    refused = client.post(f"{REASONS}nouveau/", {**TYPED, "centre": closed.pk})

    assert list(offered) == [centre]
    assert list(refused.context["form"].errors) == ["centre"]


def test_reader_looks_and_changes_nothing(client, centre):
    row = reason(centre=centre)
    client.force_login(member(Capability.MANAGE_DECISIONS, can_write=False, centre=centre))

    page = client.get(f"{REASONS}{row.pk}/")
    answers = [
        client.post(address, TYPED).status_code
        for address in (
            f"{REASONS}{row.pk}/",
            f"{REASONS}nouveau/",
            f"{REASONS}{row.pk}/supprimer/",
        )
    ]

    assert page.status_code == 200
    assert all(field.disabled for field in page.context["form"].fields.values())
    assert answers == [403, 403, 403]


def test_role_out_of_service_stops_at_once(client, bao):
    RoleProfile.objects.update(is_active=False)

    assert client.get(REASONS).status_code == 403


def test_what_is_used_cannot_be_deleted_and_says_by_what(client, ada, application_with_reason):
    row = application_with_reason

    shown = client.get(f"{REASONS}{row.pk}/supprimer/")
    posted = client.post(f"{REASONS}{row.pk}/supprimer/")

    assert "Avis : 1" in words(shown)
    assert (posted.status_code, DecisionReason.objects.count()) == (409, 1)


def test_what_nothing_uses_is_deleted_after_a_question_and_history_keeps_it(client, ada):
    row = reason()

    asked = client.get(f"{REASONS}{row.pk}/supprimer/")
    assert (asked.status_code, DecisionReason.objects.count()) == (200, 1)
    client.post(f"{REASONS}{row.pk}/supprimer/")

    entry = HistoryEntry.objects.get(event=RowEvent.DELETED)
    assert DecisionReason.objects.count() == 0
    assert entry.data["changes"]["code"] == ["places", None]


def test_list_hides_what_is_out_of_service_until_asked(client, ada):
    reason("old", is_active=False)
    reason("new")

    assert "Motif old" not in words(client.get(REASONS))
    assert "Motif old" in words(client.get(REASONS, {"all": "1"}))


def test_list_finds_whatever_words_it_shows_without_accents(client, ada):
    reason("a", is_active=True)
    DecisionReason.objects.filter(code="a").update(label={"fr": "Résultats insuffisants"})
    reason("b")

    found = client.get(REASONS, {"q": "resultats"})

    assert [line.cells[1][1] for line in found.context["page"].object_list] == ["a"]


def test_long_list_comes_in_pages(client, ada):
    for number in range(101):
        reason(f"r{number:03}")

    first, last = client.get(REASONS), client.get(REASONS, {"page": 2})

    assert [len(each.context["page"].object_list) for each in (first, last)] == [100, 1]
    assert "Page 1 sur 2" in words(first)


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_a_constant_number_of_queries(client, ada, number, django_assert_num_queries):
    for each in range(number):
        reason(f"r{each}", centre=ApplicationCentreFactory())

    with django_assert_num_queries(8):
        client.get(REASONS)


def test_type_of_decision_is_set_up_with_every_field(client, ada, centre):
    """B-071."""
    typed = {**TYPED, "outcome": Outcome.FAVOURABLE, "centre": centre.pk}

    client.post(
        f"{SETTINGS}types-de-decision/nouveau/",
        {**typed, "is_final": "on", "is_transferred": "on", "shows_comment": ""},
    )

    made = DecisionType.objects.get()
    assert (made.code, made.outcome, made.centre) == ("niveau", Outcome.FAVOURABLE, centre)
    assert (made.is_final, made.is_transferred, made.shows_comment) == (True, True, False)


def test_meaning_of_a_type_is_chosen_once(client, ada):
    kind = DecisionType.objects.create(code="fa", label={"fr": "Admis"}, outcome=Outcome.FAVOURABLE)
    address = f"{SETTINGS}types-de-decision/{kind.pk}/"
    mark = client.get(address).context["form"].initial["seen"]

    client.post(address, {**TYPED, "outcome": Outcome.UNFAVOURABLE, "seen": mark})

    kind.refresh_from_db()
    assert (kind.code, kind.outcome) == ("niveau", Outcome.FAVOURABLE)


@pytest.fixture
def application_with_reason(application: Any) -> DecisionReason:
    row = reason()
    kind = DecisionType.objects.create(
        code="de", label={"fr": "Refus"}, outcome=Outcome.UNFAVOURABLE
    )
    application.decisions.create(type=kind, reason=row, created_at=application.created_at)
    return row
