"""The screens of what is asked: documents, questions, their templates and links."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import Answer
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import DocumentRequirement, Question
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.catalogue import ProgrammeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.factories.samples import pdf
from tests.web.conftest import words
from tests.web.staff.conftest import staff
from tests.web.staff.test_settings import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

DOCUMENTS = "/gestion/parametrage/pieces/"
QUESTIONS = "/gestion/parametrage/questions/"
TYPED = {"code": "CV", "label_0": "Curriculum vitæ", "label_1": "CV", "is_active": "on"}
ASKED = {
    "code": "REGIME",
    "label_0": "Quel régime ?",
    "kind": QuestionKind.CHOICE,
    "max_length": "1000",
    "is_required": "on",
    "is_active": "on",
}


def mark(client: Any, address: str) -> str:
    return client.get(address).context["form"].initial["seen"]


def save(client: Any, row: Any, typed: dict[str, Any]) -> Any:
    screen = DOCUMENTS if isinstance(row, DocumentRequirement) else QUESTIONS
    address = f"{screen}{row.pk}/"
    response = client.post(address, {**typed, "seen": mark(client, address)})
    row.refresh_from_db()
    return response


def test_document_is_set_up_with_every_field(client, ada_asks, programme):
    response = client.post(
        f"{DOCUMENTS}nouveau/",
        {
            **TYPED,
            "help_text_0": "Deux pages.",
            "position": "20",
            "is_common": "on",
            "is_conditional": "on",
            "route": "direct",
            "max_mb": "5",
            "max_pages": "2",
            "sis_code": "CV1",
        },
    )

    made = DocumentRequirement.objects.get()
    assert response.status_code == 302
    assert (made.label.data, made.help_text.data) == (
        {"fr": "Curriculum vitæ", "en": "CV"},
        {"fr": "Deux pages."},
    )
    assert (made.position, made.route, made.max_mb, made.max_pages, made.sis_code) == (
        20,
        "direct",
        5,
        2,
        "CV1",
    )
    assert (made.is_common, made.is_unique, made.is_conditional) == (True, False, True)


def test_form_says_what_common_unique_and_conditional_mean(client, ada_asks, programme):
    page = words(client.get(f"{DOCUMENTS}nouveau/"))

    assert "Demandée par toutes les formations de qui la définit" in page
    assert "Donnée à nouveau pour chaque candidature" in page
    assert "Le candidat peut déclarer ne pas être concerné" in page


@pytest.mark.parametrize("field", ["max_mb", "max_pages"])
def test_document_of_nothing_at_most_is_refused(client, ada_asks, programme, field):
    response = client.post(f"{DOCUMENTS}nouveau/", {**TYPED, field: "0"})

    assert list(response.context["form"].errors) == [field]


def test_list_says_where_it_comes_from_and_how_many_programmes_ask(client, ada_asks, programme):
    centre = programme.commission.centre
    ProgrammeFactory()
    DocumentRequirementFactory(code="c", common=True, conditional=True, position=2)
    DocumentRequirementFactory(code="b", common=True, centre=centre, position=1)
    DocumentRequirementFactory(code="a", programmes=[programme], route="direct")

    page = client.get(DOCUMENTS).context["page"]

    assert [[str(value) for _heading, value in line.cells[1:6]] for line in page] == [
        ["b", "1", f"Toutes les formations de {centre}", "1", "donnée une fois pour toutes"],
        [
            "c",
            "2",
            "Toutes les formations de l'établissement",
            "2",
            "donnée une fois pour toutes, conditionnelle",
        ],
        ["a", "–", "Les formations auxquelles elle est liée", "1", "Accès direct"],
    ]


@pytest.mark.parametrize("screen", [DOCUMENTS, QUESTIONS])
@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_constant_number_of_queries(
    client, ada_asks, programme, screen, count, django_assert_num_queries
):
    for _number in range(count):
        DocumentRequirementFactory(common_to_centre=True)
        QuestionFactory(common_to_centre=True)

    with django_assert_num_queries(9):
        client.get(screen)


def test_row_of_the_institution_is_read_by_a_centre_and_changed_by_others(
    client, bao_asks, programme
):
    central = DocumentRequirementFactory(common=True)
    foreign = DocumentRequirementFactory(common_to_centre=True)

    page = client.get(f"{DOCUMENTS}{central.pk}/")
    answers = [
        client.post(f"{DOCUMENTS}{row.pk}/{below}", TYPED).status_code
        for row in (central, foreign)
        for below in ("", "supprimer/", "modele/deposer/", "modele/retirer/")
    ]

    assert "Vous pouvez consulter" in words(page)
    assert answers == [403, 403, 403, 403, 404, 404, 404, 404]


# -- Links -----------------------------------------------------------------------------------------


def test_links_in_reach_are_added_and_removed_and_those_elsewhere_stay(client, bao_asks, programme):
    colleague = ProgrammeFactory(commission=programme.commission)
    foreign = ProgrammeFactory()
    document = DocumentRequirementFactory(programmes=[foreign, colleague])

    response = client.post(
        f"{DOCUMENTS}{document.pk}/formations/",
        {"add": [programme.pk], "remove": [colleague.pk]},
        follow=True,
    )

    assert set(document.programmes.all()) == {foreign, programme}
    assert "1 formation hors de votre périmètre" in words(response)
    assert HistoryEntry.objects.get().event == RowEvent.CHANGED


@pytest.mark.parametrize("name", ["add", "remove"])
def test_link_out_of_reach_is_not_changed(client, bao_asks, name):
    foreign = ProgrammeFactory()
    document = DocumentRequirementFactory(programmes=[foreign])

    response = client.post(f"{DOCUMENTS}{document.pk}/formations/", {name: [foreign.pk]})

    assert (response.status_code, list(document.programmes.all())) == (404, [foreign])


def test_reader_changes_no_link(client, programme):
    centre = programme.commission.centre
    client.force_login(member(Capability.MANAGE_REQUIREMENTS, can_write=False, centre=centre))
    question = QuestionFactory()

    response = client.post(f"{QUESTIONS}{question.pk}/formations/", {"add": [programme.pk]})

    assert (response.status_code, question.programmes.count()) == (404, 0)


def test_link_to_what_became_common_is_refused_with_its_reason(client, bao_asks, programme):
    question = QuestionFactory(common=True)

    response = client.post(f"{QUESTIONS}{question.pk}/formations/", {"add": [programme.pk]})

    assert (response.status_code, question.programmes.count()) == (409, 0)
    assert "est commune : elle est demandée sans lien" in words(response)


def test_programmes_to_link_are_found_without_accents_and_counted(
    client, bao_asks, programme, monkeypatch
):
    monkeypatch.setattr("candide.web.staff.settings.requirements.SHOWN_PROGRAMMES", 1)
    for name in ("Économie appliquée", "Économie et gestion"):
        ProgrammeFactory(commission=programme.commission, name=name)
    question = QuestionFactory()

    response = client.get(f"{QUESTIONS}{question.pk}/formations/", {"q": "economie"})

    assert [str(each) for each in response.context["possible"]] == ["Économie appliquée"]
    assert response.context["hidden"] == 1


def test_common_one_with_links_warns_that_they_have_no_effect(client, ada_asks, programme):
    document = DocumentRequirementFactory(code="CV", programmes=[programme])

    first = save(client, document, {**TYPED, "is_common": "on"})
    confirmed = client.post(
        f"{DOCUMENTS}{document.pk}/",
        {
            **TYPED,
            "is_common": "on",
            "seen": mark(client, f"{DOCUMENTS}{document.pk}/"),
            "confirmed": first.context["warnings_mark"],
        },
    )

    document.refresh_from_db()
    assert (first.status_code, confirmed.status_code, document.is_common) == (409, 302, True)
    assert list(document.programmes.all()) == [programme]


def test_document_linked_elsewhere_cannot_be_given_to_a_centre(client, ada_asks, programme):
    document = DocumentRequirementFactory(code="CV", programmes=[ProgrammeFactory()])

    response = save(client, document, {**TYPED, "centre": programme.commission.centre_id})

    assert list(response.context["form"].errors) == ["centre"]


# -- Deleting --------------------------------------------------------------------------------------


def test_deletion_warns_where_it_is_linked_or_common(client, ada_asks, programme):
    linked = DocumentRequirementFactory(programmes=[programme])
    common = QuestionFactory(common=True)

    pages = [
        words(client.get(f"{address}supprimer/"))
        for address in (f"{DOCUMENTS}{linked.pk}/", f"{QUESTIONS}{common.pk}/")
    ]
    client.post(f"{DOCUMENTS}{linked.pk}/supprimer/")

    assert "1 formation à laquelle elle est liée ne la demandera plus" in pages[0]
    assert "Elle est commune : 1 formation ne la demandera plus" in pages[1]
    assert DocumentRequirement.objects.count() == 0


def test_document_that_was_given_cannot_be_deleted_and_says_why(client, ada_asks, programme):
    """B-070."""
    document = SubmittedDocumentFactory().requirement

    response = client.post(f"{DOCUMENTS}{document.pk}/supprimer/")

    assert (response.status_code, DocumentRequirement.objects.count()) == (409, 1)
    assert [each.code for each in response.context["blockers"]] == ["in_use", "in_use"]


def test_answered_question_cannot_be_deleted_and_says_why(client, ada_asks, programme):
    question = QuestionFactory(common=True)
    answer(question, "x")

    response = client.post(f"{QUESTIONS}{question.pk}/supprimer/")

    assert (response.status_code, Question.objects.count()) == (409, 1)
    assert "Réponse : 1" in words(response)


# -- Questions -------------------------------------------------------------------------------------


def answer(question: Question, value: Any) -> Answer:
    application = ApplicationFactory()
    return Answer.objects.create(
        application=application,
        question=question,
        value=value,
        status=ItemStatus.SUBMITTED,
        answered_at=application.created_at,
    )


def test_choices_are_typed_a_line_each_in_each_language(client, ada_asks, programme):
    response = client.post(
        f"{QUESTIONS}nouveau/",
        {**ASKED, "choices_fr": "FI | Initiale\nAlternance", "choices_en": "Initial\nWork-study"},
    )

    assert response.status_code == 302
    assert Question.objects.get().choices == [
        {"code": "FI", "label": {"fr": "Initiale", "en": "Initial"}},
        {"code": "alternance", "label": {"fr": "Alternance", "en": "Work-study"}},
    ]


def test_choices_are_told_by_their_labels_in_the_history(client, ada_asks, programme):
    client.post(f"{QUESTIONS}nouveau/", {**ASKED, "choices_fr": "Initiale\nAlternance"})
    question = Question.objects.get()
    save(client, question, {**ASKED, "choices_fr": "Initiale\nAlternance\nReprise"})

    page = client.get(f"{QUESTIONS}{question.pk}/")

    assert "Initiale, Alternance, Reprise" in words(page)
    client.force_login(staff("administrator"))
    assert "Initiale, Alternance, Reprise" in words(client.get(reverse("staff:whole_history")))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"choices_fr": "Une seule"}, "choices_fr"),
        ({"choices_fr": "Une\nDeux", "choices_en": "One\nTwo\nThree"}, "choices_en"),
        ({"kind": QuestionKind.YES_NO, "choices_fr": "Oui\nNon"}, "choices_fr"),
        ({"kind": QuestionKind.SHORT_TEXT, "max_length": "0"}, "max_length"),
    ],
)
def test_wrong_choices_are_refused_beside_their_field(client, ada_asks, programme, typed, field):
    response = client.post(f"{QUESTIONS}nouveau/", {**ASKED, **typed})

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Question.objects.count() == 0


def test_choice_that_was_answered_may_be_renamed_not_taken_away(client, ada_asks, programme):
    question = QuestionFactory(code="REGIME", choice=True)
    answer(question, "b")

    taken = save(client, question, {**ASKED, "choices_fr": "a | Première\nc | Autre"})
    renamed = save(client, question, {**ASKED, "choices_fr": "b | Deuxième\nc | Autre"})

    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["choices_fr"])
    assert "« Seconde » a reçu des réponses" in words(taken)
    assert renamed.status_code == 302
    assert [choice["code"] for choice in question.choices] == ["b", "c"]


def test_choice_another_question_waits_for_is_not_taken_away(client, ada_asks, programme):
    question = QuestionFactory(code="REGIME", choice=True)
    QuestionFactory(depends_on=question, depends_on_value="a")

    response = save(client, question, {**ASKED, "choices_fr": "b | Seconde\nc | Autre"})

    assert "Une autre question est posée si « Première »" in words(response)


def test_kind_of_an_answered_question_is_settled(client, ada_asks, programme):
    question = QuestionFactory(code="REGIME", yes_no=True)
    answer(question, value=True)

    save(client, question, {**ASKED, "kind": QuestionKind.NUMBER})

    assert question.kind == QuestionKind.YES_NO


def test_condition_is_chosen_among_answers_of_others_and_taken_away(client, ada_asks, programme):
    above = QuestionFactory(code="AMENAGEMENT", yes_no=True)
    below = QuestionFactory(code="REGIME")
    typed = {**ASKED, "kind": QuestionKind.SHORT_TEXT}

    save(client, below, {**typed, "condition": f"{above.pk}:true"})
    with_condition = (below.depends_on, below.depends_on_value)
    save(client, below, typed)
    circle = save(client, below, {**typed, "condition": f"{below.pk}:true"})

    assert with_condition == (above, True)
    assert (below.depends_on, below.depends_on_value) == (None, None)
    assert list(circle.context["form"].errors) == ["condition"]


def test_condition_offers_no_question_of_another_centre(client, bao_asks, programme):
    QuestionFactory(code="central", yes_no=True)
    QuestionFactory(code="own", yes_no=True, centre=programme.commission.centre)
    QuestionFactory(code="foreign", yes_no=True, common_to_centre=True)

    choices = client.get(f"{QUESTIONS}nouveau/").context["form"].fields["condition"].choices

    assert [group for group, _options in choices[1:]] == [
        "Question central ? (central)",
        "Question own ? (own)",
    ]


# -- Template --------------------------------------------------------------------------------------


def upload(content: bytes = b"", name: str = "modele.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf(), "application/pdf")


@pytest.mark.django_db(transaction=True)
def test_template_is_given_replaced_served_and_removed(client, ada_asks, programme):
    document = DocumentRequirementFactory()
    address = f"{DOCUMENTS}{document.pk}/modele"

    client.post(f"{address}/deposer/", {"file": upload(name="premier.pdf")})
    client.post(f"{address}/deposer/", {"file": upload(name="second.pdf")})
    document.refresh_from_db()
    served = client.get(address)
    assert (document.template_file.name, served.status_code) == ("second.pdf", 200)
    assert served["Content-Disposition"] == 'attachment; filename="second.pdf"'
    assert b"".join(served.streaming_content).startswith(b"%PDF")

    client.post(f"{address}/retirer/")
    document.refresh_from_db()
    assert (document.template_file, client.get(address).status_code) == (None, 404)
    changed = [list(entry.data["changes"]) for entry in HistoryEntry.objects.all()]
    assert changed == [["template_file"]] * 3


@pytest.mark.django_db(transaction=True)
def test_template_that_is_no_document_is_refused_with_its_reason(client, ada_asks, programme):
    document = DocumentRequirementFactory()
    address = f"{DOCUMENTS}{document.pk}/modele/deposer/"

    empty = client.post(address)
    wrong = client.post(address, {"file": upload(b"MZ\x90 no document", "virus.pdf")})

    document.refresh_from_db()
    assert (empty.status_code, wrong.status_code, document.template_file) == (422, 422, None)
    assert "Ce type de fichier n'est pas accepté" in words(wrong).replace("’", "'")


def test_template_of_another_centre_is_not_served(client, bao_asks, programme):
    document = DocumentRequirementFactory(common_to_centre=True)

    assert client.get(f"{DOCUMENTS}{document.pk}/modele").status_code == 404


def test_no_template_is_taken_while_the_file_service_is_closed(client, ada_asks, programme):
    Institution.objects.update(is_upload_closed=True)
    document = DocumentRequirementFactory()

    response = client.post(f"{DOCUMENTS}{document.pk}/modele/deposer/", {"file": upload()})

    assert response.status_code == 422
    assert "maintenance" in words(response)
