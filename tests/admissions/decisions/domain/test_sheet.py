"""Decisions entered by list and from a spreadsheet: checked line by line, then entered."""

import io

import pytest
import xlsxwriter

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions import tasks as _registered  # noqa: F401 -- registers the kind
from candide.admissions.decisions.domain.current import draft_decision, draft_mark
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.listing import Entry, drafts_of, enter_list
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.domain.sheet import begin_sheet
from candide.admissions.decisions.domain.sheet_reading import (
    MOST_BYTES,
    Line,
    as_csv,
    as_xlsx,
    read,
    table,
)
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.core.blockers import Refused
from candide.foundation.runs.domain.asking import confirm
from candide.foundation.runs.domain.working import work
from candide.institution.access.models import Assignment
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import decision_type, draft_of
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionReasonFactory

HEAD = "Candidature;Numéro de dossier;Code de l'avis;Code de la motivation;Rang;Commentaire\n"


@pytest.fixture
def beside(application):
    def make(**fields):
        return again(ApplicationFactory(intake=application.intake, **fields))

    return make


@pytest.fixture(autouse=True)
def codes(db):
    for outcome in Outcome:
        decision_type(outcome, code=outcome.value)
    DecisionReasonFactory(code="places")


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def reserve(rank, **fields):
    return draft_of(Outcome.RESERVE_LIST, rank=rank, **fields)


def rank_of(application):
    return draft_decision(again(application)).rank


# -- By list --------------------------------------------------------------------------------------


def test_list_is_entered_together_and_ranks_are_exchanged(application, beside, bao):
    other = beside()
    for number, each in enumerate((application, other), start=1):
        enter_decision(each, reserve(number), by=bao, now=NOW)
    entries = [
        Entry(application.pk, reserve(2), draft_mark(draft_decision(application))),
        Entry(other.pk, reserve(1), draft_mark(draft_decision(other))),
    ]

    enter_list(application.intake, entries, by=bao, now=NOW)

    assert [rank_of(each) for each in (application, other)] == [2, 1]


def test_list_is_refused_as_a_whole_and_every_line_says_why(application, beside, bao):
    elsewhere = ApplicationFactory(intake=IntakeFactory())
    held, changed, twice, fine = beside(), beside(), beside(), beside()
    enter_decision(held, reserve(9), by=bao, now=NOW)
    entries = [
        Entry(elsewhere.pk, reserve(1)),
        Entry(application.pk, reserve(9)),
        Entry(changed.pk, reserve(2), "12-else"),
        Entry(twice.pk, reserve(2)),
        Entry(fine.pk, draft_of(Outcome.FAVOURABLE)),
    ]

    with pytest.raises(Refused) as refusal:
        enter_list(application.intake, entries, by=bao, now=NOW)

    assert [(blocker.code, blocker.about) for blocker in refusal.value.blockers] == [
        ("unknown", f"application:{elsewhere.pk}"),
        ("rank_taken", f"application:{application.pk}"),
        ("changed", f"application:{changed.pk}"),
        ("rank_twice", f"application:{changed.pk}"),
        ("rank_twice", f"application:{twice.pk}"),
    ]
    assert drafts_of([fine.pk]) == {}


# -- Reading --------------------------------------------------------------------------------------


def workbook(*rows):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def test_workbook_is_read_by_its_headings_and_whole_numbers_are_whole():
    content = workbook(["Rang", "CANDIDATURE", "code de l'avis"], [3, 12, "LC"], ["", "", ""])

    assert read(content) == [Line(2, application="12", type="LC", rank="3")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_table_is_read_in_either_encoding_and_english_too(encoding):
    french = f"{HEAD}12;X;LC;;3;Réserve\n".encode(encoding)
    english = b"Application,Code of the decision\n12,LC\n"

    assert read(french) == [Line(2, "12", "LC", "", "3", "Réserve")]
    assert read(english) == [Line(2, "12", "LC")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 no workbook", "unreadable"),
        (b"\x81\x8d\xff\xfe", "unreadable"),
        (b"", "column_missing"),
        (b"Candidature;Rang\n1;2\n", "column_missing"),
        (HEAD.encode(), "empty"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
        (HEAD.encode() + b"1;;LC;;;\n" * 5001, "too_many"),
    ],
)
def test_what_is_no_sheet_is_refused(content, code):
    assert refused(read, content) == [code]


def test_model_comes_back_as_it_left(application, beside, bao):
    other = beside()
    enter_decision(application, reserve(4, comment="Bravo"), by=bao, now=NOW)
    enter_decision(other, draft_of(Outcome.UNFAVOURABLE), by=bao, now=NOW)
    blank = beside()
    rows = table([application, other, blank], drafts_of([application.pk, other.pk]))
    types, reasons = DecisionType.objects.all(), DecisionReason.objects.all()

    for content in (as_csv(rows), as_xlsx(rows, types, reasons)):
        lines = read(content)
        assert [line.application for line in lines] == [
            str(each.pk) for each in (application, other, blank)
        ]
        assert [line.rank for line in lines] == ["4", "", ""]
        assert [bool(line.type) for line in lines] == [True, True, False]
        assert lines[1].reason == "r"


# -- From the sheet -------------------------------------------------------------------------------


def work_all():
    while work(clock=lambda: NOW):
        pass


def examined(intake, bao, *lines):
    numbered = [Line(number, *values) for number, values in enumerate(lines, start=2)]
    run = begin_sheet(intake, numbered, by=bao, now=NOW)
    work_all()
    return run


def outcomes(run):
    found = run.items.order_by("position").values_list("state", "notes")
    return [(state, [code for code, _message in notes]) for state, notes in found]


def done(intake, bao, *lines):
    run = examined(intake, bao, *lines)
    run.refresh_from_db()
    confirm(run, by=bao, now=NOW)
    work_all()
    return run


def test_every_line_is_looked_at_and_says_what_is_wrong(application, beside, bao):
    elsewhere = ApplicationFactory(intake=IntakeFactory())
    held, cancelled, same, replaced = beside(), beside(cancelled=True), beside(), beside()
    enter_decision(held, reserve(9), by=bao, now=NOW)
    enter_decision(same, reserve(8), by=bao, now=NOW)
    enter_decision(replaced, draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)
    others = [beside() for _number in range(8)]
    keys = [str(each.pk) for each in others]

    run = examined(
        application.intake,
        bao,
        ("x", "favourable"),
        (str(elsewhere.pk), "favourable"),
        (str(application.pk), "reserve_list", "", "3"),
        (str(application.pk), "favourable"),
        (keys[0], "reserve_list", "", "9"),
        (keys[1], "reserve_list", "", "3"),
        (keys[2], "unknown"),
        (keys[3], "unfavourable"),
        (keys[4], "unfavourable", "nothing"),
        (keys[5], "reserve_list", "", "first"),
        (keys[6], "favourable", "", "", "x" * 1001),
        (keys[7], ""),
        (str(cancelled.pk), "favourable"),
        (str(same.pk), "reserve_list", "", "8"),
        (str(replaced.pk), "waiting_list"),
    )

    assert outcomes(run) == [
        ("refused", ["unknown"]),
        ("refused", ["unknown"]),
        ("ready", []),
        ("refused", ["twice"]),
        ("refused", ["rank_taken"]),
        ("refused", ["rank_twice"]),
        ("refused", ["type_unknown"]),
        ("refused", ["reason_missing"]),
        ("refused", ["reason_unknown"]),
        ("refused", ["rank_misread"]),
        ("refused", ["comment_long"]),
        ("needless", []),
        ("refused", ["cancelled"]),
        ("needless", []),
        ("ready", ["draft_replaced"]),
    ]
    says = list(run.items.order_by("position").values_list("says", flat=True))
    assert "rang 3" in says[2]
    assert "→" in says[-1]
    assert not draft_decision(application)


def test_sheet_is_entered_as_drafts_and_tells_nobody(application, beside, bao):
    refusal = beside()

    run = done(
        application.intake,
        bao,
        (str(application.pk), "reserve_list", "", "3", "Bravo"),
        (str(refusal.pk), "unfavourable", "places"),
    )

    assert outcomes(run) == [("done", []), ("done", [])]
    draft = draft_decision(again(application))
    assert (draft.rank, draft.comment, draft.created_by) == (3, "Bravo", bao)
    assert draft_decision(again(refusal)).reason.code == "places"
    assert not OutgoingMail.objects.exists()


def test_ranks_of_the_sheet_go_round_and_none_is_held_twice(application, beside, bao):
    rows = [application, beside(), beside(), beside()]
    for rank, row in enumerate(rows, start=1):
        enter_decision(row, reserve(rank), by=bao, now=NOW)

    run = done(
        application.intake,
        bao,
        *(
            (str(row.pk), "reserve_list", "", str(rank))
            for row, rank in zip(rows, [2, 3, 1, 5], strict=True)
        ),
    )

    assert outcomes(run) == [("done", ["draft_replaced"])] * 4
    assert [rank_of(row) for row in rows] == [2, 3, 1, 5]
    assert Decision.objects.count() == 4


def test_draft_changed_after_the_preview_is_not_overwritten(application, beside, bao):
    run = examined(application.intake, bao, (str(application.pk), "favourable"))
    enter_decision(application, Draft(type=decision_type(Outcome.WAITING_LIST)), by=bao, now=NOW)
    run.refresh_from_db()
    confirm(run, by=bao, now=NOW)
    work_all()

    assert outcomes(run) == [("refused", ["changed"])]


def test_type_that_is_gone_and_right_that_was_taken_enter_nothing(application, beside, bao):
    other = beside()
    lines = [(str(application.pk), "favourable"), (str(other.pk), "waiting_list")]
    run = examined(application.intake, bao, *lines)
    DecisionType.objects.filter(code="favourable").update(code="renamed")
    run.refresh_from_db()
    confirm(run, by=bao, now=NOW)
    work(clock=lambda: NOW, limit=1)
    Assignment.objects.filter(user=bao).delete()
    work_all()

    assert outcomes(run) == [("refused", ["type_unknown"]), ("refused", ["unknown"])]


def test_reader_who_may_not_enter_is_told(application, bao):
    bao.assignments.get().role.grants.filter(capability="enter_decisions").delete()

    run = examined(application.intake, bao, (str(application.pk), "favourable"))

    assert outcomes(run) == [("refused", ["not_allowed"])]


# -- A place that an offer frees -------------------------------------------------------------------


def test_offer_taken_back_calls_the_next_of_the_reserve_list(application, listed, bao, beside):
    first, second, _third = listed
    enter_decision(application, draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)
    release(application, by=bao, now=NOW)
    assert again(first).released_outcome == "reserve_list"

    enter_decision(again(application), draft_of(Outcome.UNFAVOURABLE), by=bao, now=NOW)
    release(again(application), by=bao, now=NOW)

    assert again(first).released_outcome == "favourable"
    assert again(second).released_outcome == "reserve_list"
