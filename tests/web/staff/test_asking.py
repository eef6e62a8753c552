"""« Ce qui est demandé », seen from programmes: one, several at once, and as a candidate."""

import re
from typing import Any

import pytest

from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.enums import Capability
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory, ProgrammeFactory
from tests.factories.requirements import (
    DocumentRequirementFactory,
    ExternalFormFactory,
    QuestionFactory,
)
from tests.web.conftest import words
from tests.web.staff.test_settings import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

ASKING = "/gestion/parametrage/demandes/"


def lines(response: Any, place: int) -> list[tuple[str, str]]:
    """Code and origin of what the page of a programme lists."""
    part = response.context["parts"][place]
    return [(line.asked.code, line.origin) for line in part.asked]


def test_programme_shows_what_it_asks_in_order_and_from_where(client, bao_asks, programme):
    centre = programme.commission.centre
    DocumentRequirementFactory(code="lettre", programmes=[programme])
    DocumentRequirementFactory(code="portfolio", common=True, centre=centre)
    DocumentRequirementFactory(code="cv", common=True)
    DocumentRequirementFactory(code="free")
    above = QuestionFactory(code="above", yes_no=True, common=True)
    QuestionFactory(code="below", common=True, depends_on=above, depends_on_value=True)

    response = client.get(f"{ASKING}{programme.pk}/")

    assert lines(response, 0) == [
        ("cv", "Toutes les formations de l'établissement"),
        ("portfolio", f"Toutes les formations de {centre}"),
        ("lettre", "Cette formation"),
    ]
    assert [line.asked.code for line in response.context["parts"][0].others] == ["free"]
    assert "seulement si « Question above ? » : Oui" in words(response)


def test_programme_adds_and_removes_of_both_kinds_at_once(client, bao_asks, programme):
    other = ProgrammeFactory()
    removed = DocumentRequirementFactory(programmes=[programme, other])
    added = QuestionFactory(programmes=[other])

    response = client.post(
        f"{ASKING}{programme.pk}/",
        {f"pieces-{removed.pk}": "remove", f"questions-{added.pk}": "add"},
    )

    assert response.status_code == 302
    assert set(removed.programmes.all()) == {other}
    assert set(added.programmes.all()) == {other, programme}
    assert HistoryEntry.objects.filter(event=RowEvent.CHANGED).count() == 2


def test_programme_refuses_what_is_of_another_centre(client, ada_asks, programme):
    foreign = DocumentRequirementFactory(common_to_centre=True, is_common=False)

    response = client.post(f"{ASKING}{programme.pk}/", {f"pieces-{foreign.pk}": "add"})

    assert (response.status_code, foreign.programmes.count()) == (409, 0)
    assert "est d'un autre centre" in words(response)


def test_programme_out_of_reach_is_not_there(client, bao_asks, programme):
    foreign, document = ProgrammeFactory(), DocumentRequirementFactory()
    several = {"programme": [programme.pk, foreign.pk], f"pieces-{document.pk}": "add"}

    answers = [
        client.get(f"{ASKING}{foreign.pk}/"),
        client.post(f"{ASKING}{foreign.pk}/", {f"pieces-{document.pk}": "add"}),
        client.post(f"{ASKING}plusieurs/", {**several, "confirmed": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert document.programmes.count() == 0
    assert str(foreign) not in words(client.get(ASKING))


def test_requirement_of_another_centre_is_not_there(client, bao_asks, programme):
    foreign = DocumentRequirementFactory(common_to_centre=True, is_common=False)

    response = client.post(f"{ASKING}{programme.pk}/", {f"pieces-{foreign.pk}": "add"})

    assert response.status_code == 404


def test_reader_of_a_programme_changes_nothing(client, programme):
    centre = programme.commission.centre
    client.force_login(member(Capability.MANAGE_REQUIREMENTS, can_write=False, centre=centre))
    document = DocumentRequirementFactory()
    change = {f"pieces-{document.pk}": "add"}

    page = client.get(f"{ASKING}{programme.pk}/")
    answers = [
        client.post(f"{ASKING}{programme.pk}/", change).status_code,
        client.post(f"{ASKING}plusieurs/", {**change, "programme": programme.pk}).status_code,
    ]

    assert "Vous pouvez consulter" in words(page)
    assert answers == [404, 403]
    assert document.programmes.count() == 0


def test_mass_links_say_what_will_change_then_add_and_remove(client, ada_asks, programme):
    other, third = ProgrammeFactory(), ProgrammeFactory()
    added = DocumentRequirementFactory(label="Lettre", programmes=[programme])
    removed = QuestionFactory(label="Projet ?", programmes=[other, third])
    left = DocumentRequirementFactory(programmes=[programme])
    form = ExternalFormFactory(label="Enquête", programmes=[programme])
    several = {"programme": [programme.pk, other.pk]}
    change = {
        **several,
        f"pieces-{added.pk}": "add",
        f"questions-{removed.pk}": "remove",
        f"formulaires-{form.pk}": "add",
    }

    offered = words(client.get(f"{ASKING}plusieurs/", several))
    asked = client.post(f"{ASKING}plusieurs/", change)
    before = (set(added.programmes.all()), set(removed.programmes.all()))
    client.post(f"{ASKING}plusieurs/", {**change, "confirmed": "1"})

    assert "1 sur 2" in offered
    assert "« Lettre » sera demandée par 1 formation de plus. Pour 1, rien ne change." in words(
        asked
    )
    assert "« Projet ? » ne sera plus demandée par 1 formation. Pour 1, rien ne change." in words(
        asked
    )
    assert before == ({programme}, {other, third})
    assert (set(added.programmes.all()), set(removed.programmes.all())) == (
        {programme, other},
        {third},
    )
    assert set(left.programmes.all()) == {programme}
    assert "« Enquête »" in words(asked)
    assert set(form.programmes.all()) == {programme, other}


def test_mass_links_refused_leave_everything(client, ada_asks, programme):
    document = DocumentRequirementFactory()
    foreign = DocumentRequirementFactory(common_to_centre=True, is_common=False)

    response = client.post(
        f"{ASKING}plusieurs/",
        {
            "programme": [programme.pk],
            f"pieces-{document.pk}": "add",
            f"pieces-{foreign.pk}": "add",
            "confirmed": "1",
        },
    )

    assert (response.status_code, document.programmes.count()) == (409, 0)


def test_mass_links_without_programmes_lead_back(client, ada_asks, programme):
    response = client.get(f"{ASKING}plusieurs/", follow=True)

    assert "Choisissez d'abord des formations" in words(response)


def test_programmes_show_how_much_each_asks_itself(client, ada_asks, programme):
    DocumentRequirementFactory(programmes=[programme])
    DocumentRequirementFactory(programmes=[programme], is_active=False)
    QuestionFactory(programmes=[programme], is_common=True)

    response = client.get(ASKING)

    assert response.context["lines"] == [(programme, [1, 0, 0])]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("below", "queries"), [("", 12), ("{pk}/", 18)])
def test_pages_of_programmes_take_constant_queries(
    client, ada_asks, programme, count, below, queries, django_assert_num_queries
):
    for _number in range(count):
        ProgrammeFactory()
        DocumentRequirementFactory(common=True)
        DocumentRequirementFactory(programmes=[programme])
        DocumentRequirementFactory(centre=programme.commission.centre)
        above = QuestionFactory(common=True, yes_no=True)
        QuestionFactory(common=True, depends_on=above, depends_on_value=True)

    with django_assert_num_queries(queries):
        client.get(f"{ASKING}{below.format(pk=programme.pk)}")


# -- Preview ---------------------------------------------------------------------------------------


def rows_of(response: Any, panel: str) -> list[str]:
    """What a panel of the checklist draws, item by item, without its links, forms and keys."""
    text = response.content.decode()
    inside = text[text.index(f'id="{panel}"') :].partition("</section>")[0]
    items = re.findall(
        r'<li class="candide-checklist-item".*?(?=<li class="candide-ch|</section>|$)', inside, re.S
    )
    return [re.sub(r"<[^>]+>", " ", item).split() for item in items]


def test_preview_draws_the_checklist_of_the_candidate(client, programme):
    intake = IntakeFactory(programme=programme, open=True)
    DocumentRequirementFactory(common=True, conditional=True, help_text="Recto verso.")
    DocumentRequirementFactory(code="lettre", unique=True, programmes=[programme])
    application = ApplicationFactory(intake=intake)

    client.force_login(application.candidate.user)
    seen = client.get(f"/espace/candidatures/{application.pk}/")
    client.force_login(member(Capability.MANAGE_REQUIREMENTS))
    previewed = client.get(f"{ASKING}apercu/{intake.pk}/")

    hidden = ":"  # what only readers of the screen hear after a link
    expected = [[word for word in row if word != hidden] for row in rows_of(seen, "documents")]
    assert len(expected) == 2
    for shown, row in zip(rows_of(previewed, "documents"), expected, strict=True):
        assert set(shown) == set(row)


def test_preview_shows_questions_with_those_that_wait_and_can_be_used_for_nothing(
    client, bao_asks, programme
):
    intake = IntakeFactory(programme=programme, open=True)
    above = QuestionFactory(code="above", common=True, yes_no=True)
    QuestionFactory(code="below", common=True, depends_on=above, depends_on_value=True)
    QuestionFactory(code="direct", common=True, route="direct")

    response = client.get(f"{ASKING}apercu/{intake.pk}/")

    page = response.context["page"]
    assert [row.item.question.code for row in page.questions] == ["above"]
    assert [(words_, row.item.question.code) for words_, row in page.waiting] == [
        ("seulement si « Question above ? » : Oui", "below")
    ]
    assert "Aperçu comme un candidat" in words(response)
    main = response.content.decode().partition("<main")[2].partition("</main")[0]
    assert ("<form" in main, main.count("<fieldset disabled>")) == (False, 2)


def test_preview_of_a_paper_dossier_takes_no_file(client, bao_asks, programme):
    intake = IntakeFactory(programme=programme, paper=True)
    DocumentRequirementFactory(common=True)

    response = client.get(f"{ASKING}apercu/{intake.pk}/")

    assert 'type="file"' not in response.content.decode()
    assert "Joignez ces pièces" in words(response)


def test_preview_out_of_reach_is_not_there(client, bao_asks):
    assert client.get(f"{ASKING}apercu/{IntakeFactory().pk}/").status_code == 404
