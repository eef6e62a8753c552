"""Programmes and openings read back: what is new, what changes, what stays, what is refused."""

from datetime import date, time

import pytest
from django.utils.translation import override

from candide.admissions.decisions.models import IntakeDecisions
from candide.core.blockers import Refused
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.foundation.history.domain.log import entries_about
from candide.foundation.runs.domain.asking import confirm
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.catalogue.enums import AdmissionRoute, CatalogueGrouping
from candide.institution.catalogue.models import Institution, Programme
from candide.reporting.exports.domain.organisation import PROGRAMMES, TABLES
from candide.reporting.imports.domain.sheet import MOST_BYTES, labels_of, read
from tests.factories.catalogue import (
    CampaignFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
    ProgrammeKindFactory,
)
from tests.factories.decisions import DecisionTypeFactory
from tests.reporting.imports.conftest import (
    LATER,
    Sheet,
    changes,
    confirmed,
    examined,
    outcomes,
    work_all,
)
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def intake():
    Institution.current()
    Institution.objects.update(catalogue_grouping=CatalogueGrouping.NONE)
    return IntakeFactory(capacity=30, programme__code="INFO", programme__name="Informatique")


@pytest.fixture
def by(intake):
    return member(Capability.MANAGE_CATALOGUE, centre=intake.programme.commission.centre)


@pytest.fixture
def sheet(intake, by):
    return Sheet(PROGRAMMES, by)


def history_of(row):
    return [entry.data.get("changes", {}) for entry in entries_about(row)]


# -- Unchanged, changed ----------------------------------------------------------------------------


def test_file_given_back_as_it_was_changes_nothing(intake, sheet):
    ProgrammeFactory(commission=intake.programme.commission)

    run = examined(Sheet(PROGRAMMES, sheet.by))

    assert outcomes(run) == [("needless", []), ("needless", [])]


def test_what_changes_is_shown_before_and_after_then_done_with_one_history_entry(intake, sheet):
    programme = intake.programme
    sheet.put(2, name="Informatique et société", capacity=45, closes_on=intake.closes_on)

    run = examined(sheet)

    shown = [
        ("Nom (fr)", "Informatique", "Informatique et société"),
        ("Capacité d'accueil", "30", "45"),
    ]
    assert changes(run) == shown
    assert Programme.objects.get().name == programme.name
    confirm(run, by=sheet.by, now=LATER)
    work_all()
    intake.refresh_from_db()
    assert (str(Programme.objects.get().name), intake.capacity) == ("Informatique et société", 45)
    assert "informatique et societe" in Programme.objects.get().search_text
    assert history_of(intake) == [{"capacity": [30, 45]}]
    assert [list(changed) for changed in history_of(programme)] == [["name"]]


def test_programme_changed_needs_its_code_where_it_is_required(intake, sheet):
    """A-010."""
    Institution.objects.update(is_sis_code_required=True)
    sheet.put(2, name="Informatique et société")

    assert outcomes(examined(sheet)) == [("refused", ["no_sis_code"])]


def test_every_kind_of_cell_is_read(intake, sheet):
    sheet.put(
        2,
        **{
            "Mots clés": "python",
            "Type de traitement": "accès DIRECT",
            "Dossier dématérialisé": "Non",
            "Heure de l'entretien": "14h30",
            "Jour de l'entretien": "1/7/2027",
            "Informations complémentaires (fr)": "Venez",
        },
    )

    confirmed(sheet)

    intake.refresh_from_db()
    assert Programme.objects.get().keywords == "python"
    assert (intake.route, intake.is_paperless) == (AdmissionRoute.DIRECT, False)
    assert (intake.shortlist_on, intake.shortlist_time) == (date(2027, 7, 1), time(14, 30))
    assert str(intake.information) == "Venez"


def test_kind_is_read_by_its_code_or_its_name(intake, sheet):
    licence = ProgrammeKindFactory(code="LIC", name="Licences")
    ProgrammeKindFactory(code="A", name="Masters")
    ProgrammeKindFactory(code="B", name="Masters")

    assert outcomes(examined(sheet.put(2, Type="LIC"))) == [("ready", [])]
    assert outcomes(examined(sheet.put(2, Type="licences"))) == [("ready", [])]
    run = examined(sheet.put(2, Type="Masters"))
    assert "A, B." in run.items.get().notes[0][1]
    confirmed(sheet.put(2, Type="Licences"))
    assert Programme.objects.get().kind == licence
    assert outcomes(examined(sheet.put(2, Type="LIC"))) == [("needless", [])]


def test_column_that_was_taken_out_changes_nothing(intake, sheet):
    sheet.drop("Capacité d'accueil")

    assert outcomes(examined(sheet)) == [("needless", [])]


def test_optional_cell_that_was_emptied_is_emptied(intake, sheet):
    sheet.put(2, capacity=None)

    confirmed(sheet)

    intake.refresh_from_db()
    assert intake.capacity is None


def test_line_that_was_taken_out_deletes_nothing(intake, sheet):
    ProgrammeFactory(commission=intake.programme.commission)

    confirmed(sheet.put(2, capacity=31))

    assert Programme.objects.count() == 2


# -- New -------------------------------------------------------------------------------------------


def test_new_programme_and_new_opening_begin_with_what_the_centre_gives(intake, sheet):
    centre = intake.programme.commission.centre
    centre.has_automatic_reserve_list = False
    centre.is_paperless = False
    centre.save()
    CampaignFactory(code="2028", starts_on=date(2028, 1, 1), ends_on=date(2028, 9, 30))
    days = {
        "opens_on": "01/02/2028",
        "closes_on": "2028-03-01",
        "due_on": date(2028, 3, 2),
    }
    commission = intake.programme.commission.code
    sheet.add(code="MATH", name="Maths", commission=commission, campaign="2027", **days)
    sheet.add(code="MATH", name="Maths", commission=commission, campaign="2028", **days)
    sheet.add(code="INFO", name="Informatique", commission=commission, campaign="2028", **days)

    run = examined(sheet)

    says = list(run.items.order_by("position").values_list("says", flat=True))
    assert says == ["", *["nouvelle formation, nouvelle ouverture"] * 2, "nouvelle ouverture"]
    confirm(run, by=sheet.by, now=LATER)
    work_all()
    warned = ["outside_campaign"] * 3
    assert outcomes(run) == [("needless", []), ("done", warned), ("done", []), ("done", [])]
    maths = Programme.objects.get(code="MATH")
    assert (maths.slug, maths.intakes.count(), maths.is_active) == ("maths", 2, True)
    assert not maths.intakes.first().is_paperless
    assert maths.intakes.filter(closes_on=date(2028, 3, 1)).count() == 2
    assert [entry.event for entry in entries_about(maths)] == ["row_created"]


def test_new_line_that_lacks_something_says_what(intake, sheet):
    Institution.objects.update(catalogue_grouping=CatalogueGrouping.KIND)
    sheet.add(code="X", name="Sans commission")
    sheet.add(code="Y", commission=intake.programme.commission.code, campaign="2027")
    sheet.add(name="Sans code")

    found = outcomes(examined(sheet))[1:]

    assert found[0] == ("refused", ["empty", "empty"])
    assert found[1][0] == "refused"
    assert {"empty", "missing_date"} <= set(found[1][1])
    assert found[2] == ("refused", ["code_missing"])


# -- Refused ---------------------------------------------------------------------------------------


WRONG = [
    ({"closes_on": "bientôt"}, ["misread"], "comme 31/03/2027"),
    ({"closes_on": "31/02/2027"}, ["misread"], "« 31/02/2027 »"),
    ({"closes_on": "01/02/27"}, ["misread"], "Colonne « Fin de dépôt »"),
    ({"closes_on": None}, ["misread", "missing_date"], "obligatoire"),
    ({"Heure de l'entretien": "25:00"}, ["misread"], "comme 14:30"),
    ({"Type de traitement": "au hasard"}, ["misread"], "Accès direct"),
    ({"Page internet": "nulle part"}, ["misread"], "URL"),
    ({"Type": "Licence"}, ["misread"], "rien à choisir"),
    ({"capacity": "trente"}, ["misread"], "nombre entier"),
    ({"capacity": 40000}, ["misread"], "32767"),
    ({"Ouverture en service": "peut-être"}, ["misread"], "« Oui » ou « Non »"),
    ({"name": "x" * 5001}, ["misread"], "5000 caractères"),
    ({"name": None}, ["misread", "empty"], "obligatoire"),
    ({"commission": "inconnue"}, ["misread"], "Un de ces codes"),
    ({"commission": None}, ["misread", "empty"], "obligatoire"),
    ({"centre": "ailleurs"}, ["wrong_centre"], "la commission est du centre"),
    ({"campaign": "1999"}, ["campaign_unknown"], "campagnes est attendue : 2027"),
    ({"campaign": None}, ["campaign_missing"], "Campagne"),
    ({"opens_on": date(2027, 12, 1)}, ["closes_on_before_opens_on"], "précède"),
]


def test_what_is_wrong_names_its_column_and_what_is_expected(intake, by):
    commission = intake.programme.commission
    for number in range(len(WRONG)):
        IntakeFactory(programme__code=f"A{number:02}", programme__commission=commission)
    sheet = Sheet(PROGRAMMES, by)
    for line, (cells, _codes, _words) in enumerate(WRONG, start=2):
        sheet.put(line, **cells)

    items = list(examined(sheet).items.order_by("position"))[: len(WRONG)]

    told = [[code for code, _message in item.notes] for item in items]
    assert told == [codes for _cells, codes, _words in WRONG]
    said = [" ".join(message for _code, message in item.notes) for item in items]
    unsaid = [
        (words, text)
        for (_cells, _codes, words), text in zip(WRONG, said, strict=True)
        if words not in text
    ]
    assert unsaid == []


def test_same_opening_on_two_lines_is_told_and_contradictions_of_a_programme(intake, sheet):
    other = CampaignFactory(code="2028", starts_on=date(2028, 1, 1), ends_on=date(2028, 9, 30))
    again = IntakeFactory(programme=intake.programme, campaign=other)
    sheet = Sheet(PROGRAMMES, sheet.by)
    sheet.put(2, name="Une").put(3, name="Deux")
    sheet.add(code="INFO", campaign="2027", name="Une", commission=again.programme.commission.code)

    found = outcomes(examined(sheet))

    assert found[0] == ("ready", [])
    assert found[1] == ("refused", ["contradicts"])
    assert "twice" in found[2][1]


def test_only_what_one_may_change(intake, sheet):
    elsewhere = ProgrammeFactory(code="AILLEURS")
    sheet.add(code="AILLEURS", name="Volée")
    sheet.add(code="NEUF", name="Neuve", commission=elsewhere.commission.code)
    sheet.put(2, commission=elsewhere.commission.code)

    found = outcomes(examined(sheet))

    assert found == [
        ("refused", ["misread"]),
        ("refused", ["not_allowed"]),
        ("refused", ["misread", "empty"]),
    ]


def test_line_that_somebody_added_empties_nothing(intake, sheet):
    sheet.add(code="INFO", campaign="2027", capacity=31)
    sheet.sheet.delete_rows(2)

    run = confirmed(sheet)

    assert outcomes(run) == [("done", ["no_moment"])]
    assert changes(run) == [("Capacité d'accueil", "30", "31")]


def test_who_only_reads_changes_nothing(intake):
    reader = member(
        Capability.MANAGE_CATALOGUE, can_write=False, centre=intake.programme.commission.centre
    )

    run = examined(Sheet(PROGRAMMES, reader).put(2, capacity=31))

    assert outcomes(run) == [("refused", ["not_allowed"])]


def test_right_that_was_taken_away_since_the_preview_changes_nothing(intake, sheet):
    run = examined(sheet.put(2, name="Autre", capacity=31))
    confirm(run, by=sheet.by, now=LATER)
    Assignment.objects.all().delete()

    work_all()

    assert outcomes(run) == [("refused", ["not_allowed"])]
    intake.refresh_from_db()
    assert intake.capacity == 30


# -- Changed by others -----------------------------------------------------------------------------


def change(row, **fields):
    """As somebody else does it in a page, with the history it writes."""
    before = values_of(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    log_saved(row, before=before, by=None)


def test_what_others_changed_since_the_export_stays_and_is_told(intake, sheet, frozen):
    frozen.move_to(LATER)
    change(intake, capacity=60)
    sheet.put(2, name="Autre")

    run = confirmed(sheet)

    assert outcomes(run) == [("done", ["changed_since"])]
    intake.refresh_from_db()
    assert (intake.capacity, str(Programme.objects.get().name)) == (60, "Autre")


def test_what_both_changed_since_the_export_is_refused(intake, sheet, frozen):
    frozen.move_to(LATER)
    change(intake, capacity=60)
    change(intake.programme, name="Nouveau nom")

    run = examined(sheet.put(2, capacity=31, name="Autre"))

    assert outcomes(run) == [("refused", ["conflict", "conflict"])]
    assert "60" in run.items.get().notes[1][1]


def test_what_both_changed_alike_is_no_conflict(intake, sheet, frozen):
    frozen.move_to(LATER)
    change(intake, capacity=60)

    assert outcomes(examined(sheet.put(2, capacity=60))) == [("needless", [])]


def test_line_that_does_not_say_when_it_was_exported_is_compared_with_now(intake, sheet):
    sheet.put(2, exported="hier", capacity=31)

    assert outcomes(examined(sheet)) == [("ready", ["no_moment"])]


def test_what_was_changed_between_preview_and_confirmation_is_refused(intake, sheet):
    run = examined(sheet.put(2, capacity=31))
    change(intake, capacity=60)
    confirm(run, by=sheet.by, now=LATER)

    work_all()

    assert outcomes(run) == [("refused", ["changed"])]


def test_what_was_made_or_deleted_meanwhile_is_refused(intake, by):
    commission = intake.programme.commission
    bare = ProgrammeFactory(code="NU", commission=commission)
    sheet = Sheet(PROGRAMMES, by)
    days = {"opens_on": "01/03/2027", "closes_on": "02/03/2027", "due_on": "03/03/2027"}
    sheet.put(2, name="Autre")
    sheet.add(code="NEUF", name="Neuve", commission=commission.code)
    sheet.add(code="NU", campaign="2027", **days)
    run = examined(sheet)
    ProgrammeFactory(code="NEUF", commission=commission)
    IntakeFactory(programme=bare)
    intake.delete()
    intake.programme.delete()
    confirm(run, by=sheet.by, now=LATER)

    work_all()

    assert [codes for _state, codes in outcomes(run)] == [
        ["gone"],
        [],
        ["made_meanwhile"],
        ["made_meanwhile"],
    ]


# -- Decisions it gives by itself, places added ----------------------------------------------------


def test_decisions_given_by_itself_are_read_by_their_codes(intake, sheet):
    DecisionTypeFactory(code="ADMIS", outcome="favourable")
    DecisionTypeFactory(code="REFUS", outcome="unfavourable")
    heading = labels_of(PROGRAMMES)["intakedecisions.favourable"]

    refused = examined(sheet.put(2, **{heading: "REFUS"}))
    run = confirmed(sheet.put(2, **{heading: "ADMIS"}))

    assert outcomes(refused) == [("refused", ["misread"])]
    assert outcomes(run) == [("done", [])]
    assert outcomes(examined(Sheet(PROGRAMMES, sheet.by))) == [("needless", [])]
    assert IntakeDecisions.objects.get(intake=intake).favourable.code == "ADMIS"


def test_reserve_list_called_by_itself_needs_its_decision(intake, sheet):
    sheet.put(2, **{labels_of(PROGRAMMES)["intake.has_automatic_reserve_list"]: "Oui"})

    assert outcomes(examined(sheet)) == [("refused", ["no_called_decision"])]


# -- The file --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x" * (MOST_BYTES + 1), "too_large"),
        (b"Code;Nom\nX;Y\n", "column_missing"),
        (b"Code;Campagne\n;\n", "empty"),
        (b"Code;Campagne\n" + b"X;2027\n" * 5001, "too_many"),
    ],
)
def test_what_is_no_such_file_is_refused(content, code):
    with pytest.raises(Refused) as refusal:
        read(PROGRAMMES, content)

    assert refusal.value.codes == [code]


def test_headings_are_read_in_english_too_and_others_are_named():
    upload = read(PROGRAMMES, b"Code,Campaign,Whatever\nINFO,2027,x\n")

    assert [line.cells for line in upload.lines] == [
        {"programme.code": "INFO", "intake.campaign": "2027"}
    ]
    assert upload.ignored == ["Whatever"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", list(TABLES))
def test_no_two_columns_are_called_the_same(language, code):
    with override(language):
        headings = [cell.heading.text for cell in TABLES[code].cells("")]

    assert sorted(headings) == sorted(set(headings))


def test_commission_of_a_programme_changes_within_reach(intake, sheet):
    other = CommissionFactory(centre=intake.programme.commission.centre)

    confirmed(sheet.put(2, commission=other.code))

    assert Programme.objects.get().commission == other


def test_programme_is_not_moved_to_where_the_right_was_taken_away(intake):
    commission, other = intake.programme.commission, CommissionFactory()
    by = member(Capability.MANAGE_CATALOGUE, commission=commission)
    there = Assignment.objects.create(user=by, role=by.assignments.get().role, commission=other)
    sheet = Sheet(PROGRAMMES, type(by).objects.get(pk=by.pk))
    run = examined(sheet.put(2, commission=other.code, centre=other.centre.code))
    there.delete()
    confirm(run, by=by, now=LATER)

    work_all()

    assert outcomes(run) == [("refused", ["not_allowed"])]
    assert Programme.objects.get().commission == commission
