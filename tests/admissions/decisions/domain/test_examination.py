"""Appeals, every decision on an application, and the examination sheet."""

import io

import pikepdf
import pypdfium2
import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.entering import enter_decision
from candide.admissions.decisions.domain.examination import render_sheets, sheet_name, sheets_of
from candide.admissions.decisions.domain.listing import Entry, enter_rows, next_free_rank
from candide.admissions.decisions.domain.queries import decisions_on
from candide.admissions.decisions.models import DecisionType
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import decided, draft_of, refused
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.decisions import DecisionReasonFactory, DecisionTypeFactory


@pytest.mark.parametrize(
    ("is_final", "has_appeals", "codes"),
    [(True, True, []), (False, True, ["nothing_to_appeal"]), (True, False, ["no_appeals"])],
)
def test_appeal_follows_a_final_decision_where_there_are_appeals(
    application, bao, is_final, has_appeals, codes
):
    application = decided(application, Outcome.UNFAVOURABLE, by=bao)
    DecisionType.objects.update(is_final=is_final)
    Institution.current()
    Institution.objects.update(has_appeals=has_appeals)
    appeal = draft_of(Outcome.FAVOURABLE, is_appeal=True)

    if codes:
        assert refused(enter_decision, application, appeal, by=bao, now=NOW) == codes
    else:
        assert enter_decision(application, appeal, by=bao, now=NOW).is_appeal


def test_nothing_released_is_nothing_to_appeal(application, bao):
    enter_decision(application, draft_of(Outcome.UNFAVOURABLE), by=bao, now=NOW)
    DecisionType.objects.update(is_final=True)
    appeal = draft_of(Outcome.FAVOURABLE, is_appeal=True)

    assert refused(enter_decision, application, appeal, by=bao, now=NOW) == ["nothing_to_appeal"]


@pytest.mark.parametrize("is_appeal", [True, False])
def test_mail_says_whether_the_decision_follows_an_appeal(application, bao, is_appeal):
    """B-098."""
    application = decided(application, Outcome.UNFAVOURABLE, by=bao)
    DecisionType.objects.update(is_final=True)
    OutgoingMail.objects.all().delete()

    decided(application, Outcome.FAVOURABLE, by=bao, is_appeal=is_appeal)

    mail = OutgoingMail.objects.get()
    assert ("Cet avis fait suite à votre recours." in mail.text) == is_appeal


def test_every_decision_is_told_newest_first(application, bao):
    application = decided(application, Outcome.RESERVE_LIST, by=bao, rank=2)
    draft = enter_decision(application, draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)

    newest, oldest = decisions_on(application)

    assert newest == draft
    assert (oldest.rank, oldest.created_by, oldest.released_by) == (2, bao, bao)


# -- By list ---------------------------------------------------------------------------------------


def test_rows_are_entered_each_for_itself_and_one_that_stays_keeps_its_rank(application, bao):
    """The second wants the rank the first gives up; the first is refused, and so is the second."""
    second, third = (again(ApplicationFactory(intake=application.intake)) for _n in range(2))
    enter_decision(application, draft_of(Outcome.RESERVE_LIST, rank=1), by=bao, now=NOW)
    rows = [
        Entry(application.pk, draft_of(Outcome.RESERVE_LIST, rank=2), "12-stale"),
        Entry(second.pk, draft_of(Outcome.RESERVE_LIST, rank=1)),
        Entry(third.pk, draft_of(Outcome.RESERVE_LIST, rank=3)),
    ]

    left = enter_rows(application.intake, rows, by=bao, now=NOW)

    assert {pk: [each.code for each in why] for pk, why in left.items()} == {
        application.pk: ["changed"],
        second.pk: ["rank_taken"],
    }
    assert next_free_rank(application.intake) == 4


def test_first_free_rank_is_one(application):
    assert next_free_rank(application.intake) == 1


# -- The sheet -------------------------------------------------------------------------------------


def test_sheet_offers_what_is_in_service_in_the_centre(application):
    own = application.intake.programme.commission.centre
    kept = [
        DecisionTypeFactory(outcome=Outcome.RESERVE_LIST),
        DecisionTypeFactory(centre=own),
    ]
    DecisionTypeFactory(is_active=False)
    DecisionTypeFactory(centre=ApplicationCentreFactory())
    reason = DecisionReasonFactory()
    DecisionReasonFactory(is_active=False)

    (sheet,) = sheets_of([application])

    assert sorted(str(choice.label) for choice in sheet.choices) == sorted(
        str(kind.label) for kind in kept
    )
    assert [choice.policy.ranked for choice in sheet.choices].count(True) == 1
    assert sheet.reasons == [reason]


def test_sheets_of_many_cost_the_same_and_begin_a_page_each(application, django_assert_num_queries):
    other = again(ApplicationFactory(intake=application.intake))
    reason, kind = DecisionReasonFactory(label="Places"), DecisionTypeFactory(label="Admis")
    Institution.current()

    with django_assert_num_queries(2):
        sheets_of([application, other])
    content = render_sheets([application, other], language="fr", now=NOW)

    with pikepdf.open(io.BytesIO(content)) as made:
        assert len(made.pages) == 2
        assert str(made.docinfo["/Title"]) == "Fiche d’examen"
    assert sheet_name(application).startswith("fiche-examen-")
    pages = pypdfium2.PdfDocument(content)
    says = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]
    pages.close()
    assert all(f"☐ {one.label}" in said for one in (reason, kind) for said in says)
