"""What staff settle for enrolments: on the page of one application, for many, and in settings."""

from decimal import Decimal

import pytest
from django.urls import reverse

from candide.admissions.applications.application_mail import ApplicationMail
from candide.admissions.applications.domain.enrolment import set_fees, set_regime
from candide.foundation.runs.models import Run
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution, TacitThreshold
from candide.institution.reference.models import FeeExemption, StudyRegime
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import TacitThresholdFactory
from tests.factories.reference import FeeExemptionFactory, StudyRegimeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

GRID = reverse("staff:applications")


def fees(**values):
    return {f"fees-{name}": value for name, value in values.items()}


def page_of(application):
    return reverse("staff:application", args=[application.pk])


# -- One application -----------------------------------------------------------------------------


def test_fee_is_entered_as_french_writes_it(as_bao, application):
    exemption = FeeExemptionFactory(name="Boursier")
    address = reverse("staff:enter_fees", args=[application.pk])
    values = fees(
        seen="||", fee_amount="254,50", fee_exemption=exemption.pk, exemption_note="échelon 7"
    )

    response = as_bao.post(address, values, follow=True)

    stored = again(application)
    assert (stored.fee_amount, stored.fee_exemption, stored.exemption_note) == (
        Decimal("254.50"),
        exemption,
        "échelon 7",
    )
    page = words(response)
    assert "Les droits d’inscription sont enregistrés." in page
    assert "– → 254,50 €, – → Boursier, complément d’exonération" in page


@pytest.mark.parametrize("amount", ["beaucoup", "-1", "1,234"])
def test_amount_that_is_none_is_said_beside_its_field(as_bao, application, amount):
    address = reverse("staff:enter_fees", args=[application.pk])

    response = as_bao.post(address, fees(seen="||", fee_amount=amount, exemption_note="a"))

    assert response.status_code == 422
    assert list(response.context["fees_form"].errors) == ["fee_amount"]
    assert again(application).exemption_note == ""


def test_stale_fee_comes_back_with_what_was_typed(as_bao, bao, application):
    set_fees(application, {"fee_amount": Decimal(100)}, by=bao)
    address = reverse("staff:enter_fees", args=[application.pk])

    refused = as_bao.post(address, fees(seen="||", fee_amount="50"))
    form = refused.context["fees_form"]
    accepted = as_bao.post(address, fees(seen=form["seen"].value(), fee_amount="50"))

    assert (refused.status_code, accepted.status_code) == (409, 302)
    assert form["fee_amount"].value() == "50"
    assert again(application).fee_amount == Decimal(50)


def test_fee_of_an_admission_that_was_told_is_saved_with_a_word(as_bao, application):
    type(application).objects.update(released_outcome="favourable", has_any_decision=True)
    address = reverse("staff:enter_fees", args=[application.pk])

    page = words(as_bao.post(address, fees(seen="||", fee_amount="50"), follow=True))

    assert "son mail et sa lettre disent ce qui était connu alors" in page
    assert again(application).fee_amount == Decimal(50)


def test_regime_is_entered_and_stale_one_refused(as_bao, bao, application):
    regime = StudyRegimeFactory(name="Apprentissage")
    address = reverse("staff:enter_regime", args=[application.pk])

    page = words(as_bao.post(address, {"regime-study_regime": regime.pk}, follow=True))
    stale = as_bao.post(address, {"regime-study_regime": "", "regime-seen": ""})

    assert again(application).study_regime == regime
    assert "– → Apprentissage" in page
    # without a mark there was nothing to see before: the field was empty
    assert stale.status_code == 409
    assert as_bao.post(address, {"regime-study_regime": "999999"}).status_code == 422


def test_what_is_out_of_service_is_offered_only_where_it_was_chosen(as_bao, application):
    StudyRegimeFactory(name="Ancien régime", is_active=False)
    kept = StudyRegimeFactory(name="Régime gardé", is_active=False)
    set_regime_of(application, kept)

    form = as_bao.get(page_of(application)).context["regime_form"]

    assert [str(row) for row in form.fields["study_regime"].queryset] == ["Régime gardé"]


def set_regime_of(application, regime):
    type(application).objects.filter(pk=application.pk).update(study_regime=regime)


def test_who_may_not_enter_it_reads_it(client, application):
    client.force_login(staff("commission", commission=application.intake.programme.commission))
    type(application).objects.update(fee_amount=Decimal("254.50"), exemption_note="échelon 7")

    response = client.get(page_of(application))

    assert response.context["fees_form"] is None
    assert "254,50 €" in words(response)
    assert "échelon 7" in words(response)
    address = reverse("staff:enter_fees", args=[application.pk])
    assert client.post(address, fees(fee_amount="1")).status_code == 403


def test_chris_finds_nothing(client, application):
    client.force_login(staff("manager", centre=ApplicationFactory().intake.programme.centre))

    for name in ("enter_fees", "enter_regime"):
        address = reverse(f"staff:{name}", args=[application.pk])
        assert client.post(address, fees(fee_amount="1")).status_code == 404
    assert again(application).fee_amount is None


def test_cancelled_application_has_no_forms(as_bao, application):
    type(application).objects.update(cancelled_at=NOW)

    context = as_bao.get(page_of(application)).context

    assert (context["fees_form"], context["regime_form"]) == (None, None)


# -- Many ----------------------------------------------------------------------------------------


def run_of(client, application):
    client.post(reverse("staff:runs"), {"ids": application.pk})
    return Run.objects.get()


def test_action_on_fees_is_told_by_a_form(as_bao, application):
    run = run_of(as_bao, application)
    address = reverse("staff:run_action", args=[run.pk, "droits"])

    nothing = as_bao.post(address, {})
    asked = as_bao.post(address, {"fee_amount": "254,50", "clear": ["exemption_note"]})

    assert (nothing.status_code, asked.status_code) == (409, 302)
    run.refresh_from_db()
    assert run.values["values"] == {
        "fee_amount": "254.50",
        "fee_exemption": None,
        "exemption_note": "",
        "clear": ["exemption_note"],
    }


def test_action_on_regimes_is_told_by_a_form(as_bao, application):
    regime = StudyRegimeFactory()
    run = run_of(as_bao, application)
    address = reverse("staff:run_action", args=[run.pk, "regime"])

    nothing = as_bao.post(address, {})
    asked = as_bao.post(address, {"study_regime": regime.pk})

    assert (nothing.status_code, asked.status_code) == (409, 302)
    run.refresh_from_db()
    assert run.values["values"] == {"study_regime": regime.pk, "clear": False}


# -- The grid, the mails -------------------------------------------------------------------------


def test_grid_shows_and_finds_fees_and_regimes(as_bao, application):
    exemption, regime = FeeExemptionFactory(name="Boursier"), StudyRegimeFactory(name="Alternance")
    settled = ApplicationFactory(
        intake=application.intake,
        fee_amount=Decimal("254.50"),
        fee_exemption=exemption,
        exemption_note="échelon 7",
        study_regime=regime,
    )
    columns = "&".join(
        f"columns={code}" for code in ("fee", "exemption", "exemption_note", "regime")
    )

    def found(query):
        lines = as_bao.get(f"{GRID}?{columns}&{query}").context["lines"]
        return [(line.application.pk, [str(cell.text) for cell in line.cells]) for line in lines]

    shown = [(settled.pk, ["254.50", "Boursier", "échelon 7", "Alternance"])]
    empty = [(application.pk, ["–"] * 4)]
    assert found(f"exemption={exemption.pk}") == found(f"regime={regime.pk}") == shown
    assert found("exemption=none") == found("regime=none") == empty
    for sort in ("fee", "exemption", "regime"):
        assert found(f"sort={sort}") == shown + empty


def test_mails_say_the_complement_of_the_exemption(application):
    application.exemption_note = "boursier échelon 7"

    assert ApplicationMail(application).values()["dossier.complementExo"] == "boursier échelon 7"


# -- Settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("screen", "model"), [("exonerations", FeeExemption), ("regimes", StudyRegime)]
)
def test_nomenclatures_are_set_up_and_keep_their_code(as_ada, screen, model):
    values = {"code": "BOURS", "name": "Boursier", "position": "1", "is_active": "on"}
    as_ada.post(reverse(f"staff:{screen}_new"), values)
    row = model.objects.get()

    changed = values | {"code": "AUTRE", "name": "Boursier du CROUS", "is_kept": "on"}
    form = as_ada.get(reverse(f"staff:{screen}_row", args=[row.pk])).context["form"]
    as_ada.post(
        reverse(f"staff:{screen}_row", args=[row.pk]), changed | {"seen": form.initial["seen"]}
    )

    row.refresh_from_db()
    assert (row.code, row.name, row.is_kept) == ("BOURS", "Boursier du CROUS", True)
    assert "Boursier du CROUS" in words(as_ada.get(reverse(f"staff:{screen}")))


def test_nomenclature_in_use_is_not_deleted(as_ada, application):
    regime = StudyRegimeFactory()
    set_regime(application, regime, by=None)
    address = reverse("staff:regimes_delete", args=[regime.pk])

    assert as_ada.post(address).status_code == 409
    assert StudyRegime.objects.filter(pk=regime.pk).exists()


def test_nomenclatures_are_the_whole_institutions(client, application):
    manager = member(Capability.MANAGE_INSTITUTION, centre=application.intake.programme.centre)
    client.force_login(manager)
    row = FeeExemptionFactory()

    assert client.get(reverse("staff:exonerations")).status_code == 403
    assert client.get(reverse("staff:exonerations_row", args=[row.pk])).status_code == 403


# -- Tacit decisions -----------------------------------------------------------------------------


def silent(application, **fields):
    """Transmitted on the 11th, four days ago."""
    Institution.objects.update(tacit_reference="transmitted", **fields)
    return TacitThresholdFactory(days=2, label="À décider vite", tone="danger")


def test_grid_marks_who_waits_in_words_and_finds_them(as_bao, application):
    mark = silent(application)
    fresh = ApplicationFactory(intake=application.intake)

    response = as_bao.get(GRID)

    marked = {line.application.pk: line.threshold for line in response.context["lines"]}
    assert marked == {application.pk: mark, fresh.pk: None}
    assert words(response).count("À décider vite") == 3  # filter, legend, row
    for query in ("tacit=any", f"tacit={mark.pk}"):
        (line,) = as_bao.get(f"{GRID}?{query}").context["lines"]
        assert line.application.pk == application.pk


def test_grid_tells_since_when_and_sorts_by_it(as_bao, application):
    silent(application)
    ApplicationFactory(intake=application.intake)

    page = as_bao.get(f"{GRID}?columns=silent_since&sort=silent_since")

    assert [[cell.text for cell in line.cells] for line in page.context["lines"]] == [
        ["11/03/2027"],
        ["–"],
    ]


def test_nothing_of_it_is_shown_where_nothing_is_counted(as_bao, application):
    TacitThresholdFactory(days=2, label="À décider vite")

    response = as_bao.get(f"{GRID}?tacit=any")

    assert "tacit" not in response.context["filters"].fields
    assert [line.threshold for line in response.context["lines"]] == [None]
    assert "À décider vite" not in words(response)


def test_today_counts_who_waits_and_links_to_them(as_bao, application):
    mark = silent(application)
    ApplicationFactory(transmitted=True)

    page = words(as_bao.get(reverse("staff:today")))

    assert "1 À décider vite à partir de 2 jours" in page
    content = as_bao.get(reverse("staff:today")).content.decode()
    assert f"{GRID}?tacit={mark.pk}" in content


def test_thresholds_are_set_up_once_each(as_ada):
    address = reverse("staff:seuils_de_silence_new")
    values = {"days": "30", "label_0": "Bientôt", "tone": "warning", "is_active": "on"}

    made, again_ = as_ada.post(address, values), as_ada.post(address, values)
    pink = as_ada.post(address, values | {"days": "31", "tone": "pink"})
    silent = as_ada.post(address, values | {"days": "31", "label_0": ""})

    assert (made.status_code, again_.status_code) == (302, 422)
    assert (list(pink.context["form"].errors), list(silent.context["form"].errors)) == (
        ["tone"],
        ["label"],
    )
    assert [(row.days, str(row.label)) for row in TacitThreshold.objects.all()] == [(30, "Bientôt")]


def test_reference_is_chosen_and_written_down(as_ada):
    address = reverse("staff:tacit")
    assert as_ada.get(address).status_code == 200

    saved = as_ada.post(address, {"tacit_reference": "complete", "tacit_final_only": "on"})
    wrong = as_ada.post(address, {"tacit_reference": "nonsense"})

    assert (saved.status_code, wrong.status_code) == (302, 422)
    institution = Institution.objects.get()
    assert (institution.tacit_reference, institution.tacit_final_only) == ("complete", True)
