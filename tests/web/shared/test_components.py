"""Each component in each of its states; the page of components is tested with axe as well."""

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from django import forms
from django.template.loader import get_template
from django.utils import translation

from candide.admissions.applications.domain import stage
from candide.admissions.applications.domain.track import Step
from candide.core.blockers import Blocker
from candide.institution.pages.models import Wording
from candide.web.shared import links, statuses
from tests.web.shared.conftest import words

pytestmark = pytest.mark.django_db

COTTON = Path(statuses.__file__).parent / "templates" / "cotton"
STATES = [(kind, value) for kind, enum in statuses.ENUMS.items() for value in enum.values]


# -- Status ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "value"), STATES)
def test_status_says_its_word_beside_an_icon(draw, kind, value):
    drawn = draw("{% status_mark kind value %}", kind=kind, value=value)

    assert "<svg" in drawn
    assert re.search(rf"candide-tone-(?:{'|'.join(statuses.TONES)})\"", drawn)
    assert words(drawn) != ""


@pytest.mark.parametrize("kind", statuses.NONE_YET)
def test_status_none_yet_has_a_word(draw, kind):
    drawn = draw("{% status_mark kind '' %}", kind=kind)

    assert words(drawn) in {"En attente", "Pas encore de réponse"}


STAGES = [
    found
    for found in vars(stage).values()
    for found in (found.values() if isinstance(found, dict) else [found])
    if isinstance(found, stage.Stage)
]


@pytest.mark.parametrize("found", STAGES, ids=lambda found: found.code)
def test_stage_of_an_application_has_a_look_and_its_word(draw, found):
    drawn = draw("{% status_mark 'stage' found %}", found=found)

    with translation.override("fr"):
        assert words(drawn) == str(found.label)


def test_status_shows_what_the_institution_calls_it(draw):
    Wording.objects.create(code="DossierStatus.complete", label={"fr": "Dossier prêt"})

    assert words(draw("{% status_mark 'dossier' 'complete' %}")) == "Dossier prêt"


def test_status_of_an_unknown_value_is_an_error(draw):
    with pytest.raises(ValueError, match="is not a valid DossierStatus"):
        draw("{% status_mark 'dossier' 'lost' %}")


def test_status_looks_of_one_kind_differ():
    """Neither the icon nor the word of two statuses of a kind are the same."""
    for kind, enum in statuses.ENUMS.items():
        icons = [statuses.look(kind, value).icon for value in enum.values]
        labels = [str(statuses.look(kind, value).word) for value in enum.values]
        assert len(set(labels)) == len(labels)
        assert len(set(icons)) >= len(icons) - 1


def test_status_shows_and_escapes_the_institutions_own_word(draw):
    drawn = draw("{% status_mark 'dossier' 'complete' word %}", word="<b>Prêt</b>")

    assert words(drawn) == "<b>Prêt</b>"


# -- Deadline ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("frozen")
def test_deadline_says_day_hour_zone_and_how_long(draw):
    drawn = draw("<c-deadline :on='on' label='À transmettre avant le' />", on=date(2027, 3, 20))

    assert words(drawn) == (
        "À transmettre avant le 20 mars 2027 à 23 h 59, heure de Paris (dans 5 jours)"
    )
    assert 'datetime="2027-03-20T23:59:59+01:00"' in drawn


@pytest.mark.usefixtures("frozen")
def test_deadline_compact_leaves_the_hour_out(draw):
    drawn = draw("<c-deadline :on='on' compact />", on=date(2027, 3, 14))

    assert words(drawn) == "14 mars 2027 (passée depuis 1 jour)"


@pytest.mark.usefixtures("frozen")
def test_deadline_today_counts_down(draw):
    drawn = draw("<c-deadline :on='on' compact />", on=date(2027, 3, 15))

    assert words(drawn) == "15 mars 2027 (aujourd'hui, jusqu'à minuit)"
    assert 'data-countdown="50399"' in drawn


def test_deadline_without_a_date_draws_nothing(draw):
    assert words(draw("<c-deadline :on='on' />", on=None)) == ""


# -- Blockers ----------------------------------------------------------------------------------

MISSING = Blocker("missing", "La pièce « CV » manque.", "document:12")
LATE = Blocker("too_late", "La date est <passée>.")


def test_blockers_lists_every_reason_with_its_link(draw):
    drawn = draw("<c-blockers :blockers='blockers' />", blockers=[MISSING, LATE])

    assert words(drawn) == ("Ce n'est pas possible La pièce « CV » manque. La date est <passée>.")
    assert '<a href="#document-12">La pièce « CV » manque.</a>' in drawn
    assert drawn.count("<li>") == 2


def test_blockers_after_an_attempt_are_announced_and_take_the_focus(draw):
    silent = draw("<c-blockers :blockers='blockers' />", blockers=[LATE])
    announced = draw("<c-blockers :blockers='blockers' live />", blockers=[LATE])

    assert "role=" not in silent
    assert 'role="alert" tabindex="-1" data-focus' in announced


def test_blockers_as_warnings_say_so(draw):
    drawn = draw("<c-blockers :blockers='blockers' level='warning' />", blockers=[LATE])

    assert words(drawn).startswith("Avant de continuer")
    assert "candide-blockers-warning" in drawn


def test_blockers_empty_or_unknown_draw_nothing(draw):
    assert words(draw("<c-blockers :blockers='blockers' />", blockers=[])) == ""
    assert words(draw("<c-blockers :blockers='blockers' />")) == ""


def test_blocker_link_registered_by_an_area_is_used(monkeypatch):
    monkeypatch.setattr(links, "_addresses", {})
    links.blocker_link("document")(lambda key: f"/pieces/{key}/")

    assert [links.blocker_url(MISSING), links.blocker_url(LATE)] == ["/pieces/12/", ""]


# -- Forms -------------------------------------------------------------------------------------


class Sample(forms.Form):
    name = forms.CharField(label="Nom")
    kind = forms.ChoiceField(label="Sorte", choices=[("a", "A")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("Tout est faux.")


def test_error_summary_links_each_error_to_its_field(draw):
    drawn = draw("<c-error-summary :form='form' />", form=Sample({}))

    assert 'role="alert"' in drawn
    assert words(drawn) == (
        "Il y a quelque chose à corriger Tout est faux. Nom – Ce champ est obligatoire."
        " Sorte – Ce champ est obligatoire."
    )
    assert re.findall('href="(.*?)"', drawn) == ["#id_name", "#id_kind_group"]


def test_error_summary_of_a_form_without_errors_draws_nothing(draw):
    assert words(draw("<c-error-summary :form='form' />", form=Sample())) == ""


def test_field_draws_label_and_widget(draw):
    drawn = draw("<c-field :field='field' />", field=Sample()["name"])

    assert words(drawn) == "Nom (obligatoire)"
    assert 'for="id_name"' in drawn


@pytest.mark.parametrize(
    ("saved", "state"), [("", "idle"), ("saved='à 14 h 32'", "saved")], ids=["idle", "saved"]
)
def test_save_state_says_whether_it_is_saved(draw, saved, state):
    drawn = draw(f"<c-save-state {saved} />")

    assert f'data-save-state="{state}" role="status"' in drawn
    assert {"idle", "saving", "saved", "failed", "refused"} == set(
        re.findall('data-show="(.*?)"', drawn)
    )


def test_upload_names_its_limit_and_ties_help_to_the_field(draw):
    drawn = draw("{% upload_field 'Diplôme' number='7' max_mb=5 multiple=True %}")

    assert "5 Mo au plus par fichier" in words(drawn)
    assert 'data-max-mb="5" aria-describedby="upload-7-help"' in drawn
    assert " multiple" in drawn


def test_upload_refused_says_why_at_the_field(draw):
    drawn = draw("{% upload_field 'Diplôme' number='7' error=error %}", error="Abîmé & <vide>")

    assert "Erreur : Abîmé & <vide>" in words(drawn)
    assert 'aria-describedby="upload-7-help upload-7-error" aria-invalid="true"' in drawn


# -- The others --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "spoken"),
    [
        ("info", "Information :"),
        ("success", "Effectué :"),
        ("warning", "Attention :"),
        ("error", "Erreur :"),
    ],
)
def test_alert_says_its_level_in_words(draw, level, spoken):
    drawn = draw(f"<c-alert level='{level}' title='Titre'>Corps</c-alert>")

    assert words(drawn) == f"{spoken} Titre Corps"


@pytest.mark.parametrize(
    ("state", "spoken"),
    [
        ("complete", "Complet"),
        ("mandatory", "Obligatoire, à compléter"),
        ("optional", "Facultatif"),
    ],
)
def test_step_says_its_state_in_words(draw, state, spoken):
    drawn = draw(f"<c-steps label='x'><c-step url='/a' state='{state}'>Adresse</c-step></c-steps>")

    assert words(drawn) == f"Adresse {spoken}"
    assert "aria-current" not in drawn


def test_step_current_is_marked(draw):
    assert 'aria-current="step"' in draw("<c-step url='/a' current>Adresse</c-step>")


@pytest.mark.parametrize(
    ("state", "spoken"),
    [("done", "Fait"), ("current", "En cours"), ("ahead", "À venir"), ("stopped", "Arrêtée")],
)
def test_step_of_a_track_says_its_state_in_words(draw, state, spoken):
    steps = [Step("decision", "Décision", state, date(2027, 5, 1))]

    drawn = draw("{% track steps %}", steps=steps)

    assert words(drawn) == f"Décision {spoken}, 1er mai 2027"
    assert ('aria-current="step"' in drawn) == (state == "current")


def test_file_says_what_is_known(draw):
    source = (
        "<c-file :name='name' url='/f' kind='PDF' :size='1482361' :pages='3' :on='on'>"
        "<c-button url='/v'>Voir</c-button></c-file>"
    )

    drawn = draw(source, name="<cv>.pdf", on=date(2027, 3, 2))

    assert words(drawn) == "<cv>.pdf PDF 1,5 Mo 3 pages déposé le 2 mars 2027 Voir"


def test_file_of_which_little_is_known_says_no_more(draw):
    assert words(draw("<c-file name='photo.jpg' />")) == "photo.jpg"


def test_person_with_and_without_more(draw):
    full = draw("<c-person name='Alix Martin' number='AB12CD34' url='/p' email='a@example.org' />")

    assert words(full) == "Alix Martin AB12CD34 a@example.org"
    assert words(draw("<c-person :name='name' />", name="<i>Bao</i>")) == "<i>Bao</i>"


def test_empty_says_what_would_fill_it(draw):
    drawn = draw("<c-empty title='Aucune candidature'>Choisissez une formation.</c-empty>")

    assert words(drawn) == "Aucune candidature Choisissez une formation."


def test_progress_has_a_label_and_words(draw):
    drawn = draw("<c-progress label='Pièces' :value='3' :max='7' unit='pièces' id='p' live />")

    assert words(drawn) == "Pièces 3 sur 7 pièces"
    assert '<progress id="p-bar" value="3" max="7">' in drawn
    assert 'role="status"' in drawn


@pytest.mark.parametrize(("previous", "following"), list(product(["", "/p"], ["", "/n"])))
def test_pagination_offers_the_pages_there_are(draw, previous, following):
    drawn = draw("<c-pagination :previous='p' :next='n' />", p=previous, n=following)

    assert re.findall('href="(.*?)"', drawn) == [url for url in (previous, following) if url]


def test_tab_current_and_count(draw):
    drawn = draw(
        "<c-tabs label='Parties'><c-tab url='/a' current :count='0'>A</c-tab>"
        "<c-tab url='/b'>B</c-tab></c-tabs>"
    )

    assert words(drawn) == "A 0 B"
    assert drawn.count('aria-current="page"') == 1


def test_card_with_status_and_actions(draw):
    drawn = draw(
        "<c-card title='Master' url='/m' level='2'><c-slot name='status'>S</c-slot>Corps"
        "<c-slot name='actions'>A</c-slot></c-card>"
    )

    assert words(drawn) == "Master S Corps A"
    assert '<h2 class="candide-card-title"><a href="/m">' in drawn


def test_card_without_anything_has_only_its_title(draw):
    drawn = draw("<c-card :title='title' />", title="<Droit>")

    assert words(drawn) == "<Droit>"
    assert "footer" not in drawn


def test_panel_is_named_by_its_heading(draw):
    drawn = draw("<c-panel title='Pièces' id='docs' icon='files' level='3'>x</c-panel>")

    assert 'aria-labelledby="docs-title"' in drawn
    assert '<h3 id="docs-title">' in drawn


def test_fact_not_given_says_so(draw):
    drawn = draw(
        "<c-facts><c-fact term='Montant'>{{ fee }}</c-fact>"
        "<c-fact term='Rang'> </c-fact></c-facts>",
        fee="12 €",
    )

    assert words(drawn) == "Montant12 € RangNon renseigné"


def test_receipt_says_when_and_what(draw):
    drawn = draw(
        "<c-receipt title='Transmis' moment='14 h' sha256='abc' url='/r'>Corps</c-receipt>"
    )

    assert words(drawn) == (
        "Transmis Corps Enregistré14 h Empreinte (SHA-256)abc Télécharger l'accusé de réception"
    )
    assert words(draw("<c-receipt title='Fait' />")) == "Fait"


def test_table_has_a_caption(draw):
    hidden = draw("<c-table caption='Candidatures'><tbody></tbody></c-table>")
    shown = draw("<c-table caption='Candidatures' visible dense><tbody></tbody></c-table>")

    assert '<caption class="visually-hidden">Candidatures</caption>' in hidden
    assert "<caption>Candidatures</caption>" in shown


def test_button_is_a_link_where_it_leads_somewhere(draw):
    link = draw(
        "<c-button url='/a?b=1&c=2' tone='secondary' icon='plus' hotkey='n'>Aller</c-button>"
    )
    button = draw("<c-button tone='danger' name='v' value='x' form='f' hotkey='k'>Ôter</c-button>")

    assert '<a class="btn btn-outline-secondary" href="/a?b=1&amp;c=2" data-hotkey="n">' in link
    assert (
        '<button class="btn btn-danger" type="submit" name="v" value="x" form="f" data-hotkey="k">'
        in button
    )


def test_post_is_a_form_of_its_own_sent_once(draw):
    drawn = draw("<c-post url='/x' icon='trash-2' name='n' value='v'>Supprimer</c-post>")

    assert 'method="post" action="/x" data-submit-once' in drawn
    assert 'name="n" value="v"' in drawn
    assert words(drawn) == "Supprimer"


def test_hotkeys_lists_keys_and_can_be_switched_off(draw):
    drawn = draw("<c-hotkeys><c-fact term='v'>Valider</c-fact></c-hotkeys>")

    assert words(drawn) == ("Touches ? Touches de cette page vValider Utiliser ces touches Fermer")
    assert "data-hotkeys-switch" in drawn


@pytest.mark.parametrize("tone", statuses.TONES)
def test_badge_in_each_tone(draw, tone):
    drawn = draw(f"<c-badge tone='{tone}' icon='tag'>Mot</c-badge>")

    assert words(drawn) == "Mot"
    assert f"candide-tone-{tone}" in drawn


def test_crumb_of_the_page_itself_is_no_link(draw):
    drawn = draw("<c-breadcrumbs><c-crumb url='/'>A</c-crumb><c-crumb>B</c-crumb></c-breadcrumbs>")

    assert re.findall("<a href", drawn) == ["<a href"]
    assert 'aria-current="page">B' in drawn


# -- All ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(COTTON.glob("*.html")), ids=lambda path: path.stem)
def test_component_passes_no_attribute_through_unescaped(path):
    """Cotton writes `{{ attrs }}` without escaping dynamic values."""
    source = path.read_text(encoding="utf-8")

    assert "{{ attrs" not in source
    assert "|safe" not in source
    get_template(f"cotton/{path.name}")


@pytest.mark.parametrize("path", sorted(COTTON.glob("*.html")), ids=lambda path: path.stem)
def test_component_says_what_it_is_for(path):
    assert path.read_text(encoding="utf-8").startswith("{% comment %}")


def test_page_of_components_draws_every_component():
    page = (COTTON.parent / "shared" / "components.html").read_text(encoding="utf-8")
    layout = {"nav_link"}

    missing = [
        path.stem
        for path in COTTON.glob("*.html")
        if path.stem not in layout and f"<c-{path.stem.replace('_', '-')}" not in page
    ]

    assert missing == []
