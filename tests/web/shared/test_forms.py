"""Label, help and error belong to their field in the markup; classes are Bootstrap's."""

import re

import pytest
from django import forms
from django.utils import translation

from candide.web.shared.components import SampleForm
from tests.web.shared.conftest import even, words


def group(form, name):
    with translation.override("fr"):
        return even(form[name].as_field_group())


def tag(html, name="input"):
    """The first tag called `name`, as a dict of its attributes."""
    found = re.search(rf"<{name}\b([^>]*)>", html).group(1)
    return {key: value or "" for key, value in re.findall(r'([\w-]+)(?:="([^"]*)")?', found)}


@pytest.mark.parametrize(
    ("name", "element", "css"),
    [
        ("text", "input", "form-control"),
        ("email", "input", "form-control"),
        ("number", "input", "form-control"),
        ("day", "input", "form-control"),
        ("password", "input", "form-control"),
        ("file", "input", "form-control"),
        ("long_text", "textarea", "form-control"),
        ("select", "select", "form-select"),
        ("checkbox", "input", "form-check-input"),
        ("radio", "input", "form-check-input"),
        ("several", "input", "form-check-input"),
    ],
)
def test_widget_has_the_class_of_its_kind(name, element, css):
    assert tag(group(SampleForm(), name), element)["class"] == css


def test_each_part_of_a_split_widget_has_the_class():
    assert group(SampleForm(), "moment").count('class="form-control"') == 2


def test_class_of_the_author_is_kept():
    class Small(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "w-25"}))

    assert tag(group(Small(), "code"))["class"] == "form-control w-25"


@pytest.mark.parametrize(
    ("name", "element", "css"),
    [
        ("text", "input", "form-control is-invalid"),
        ("select", "select", "form-select is-invalid"),
        ("checkbox", "input", "form-check-input is-invalid"),
    ],
)
def test_error_marks_its_field_and_is_tied_to_it(name, element, css):
    drawn = group(SampleForm({}), name)
    attributes = tag(drawn, element)

    assert (attributes["class"], attributes["aria-invalid"]) == (css, "true")
    assert f"id_{name}_error" in attributes["aria-describedby"].split()
    assert f'id="id_{name}_error"' in drawn
    assert "Erreur : Ce champ est obligatoire." in words(drawn)


def test_help_is_tied_to_its_field():
    drawn = group(SampleForm(), "text")

    assert tag(drawn)["aria-describedby"] == "id_text_helptext"
    assert 'id="id_text_helptext"' in drawn


def test_label_says_in_words_that_a_field_is_required():
    assert words(group(SampleForm(), "number")) == "Nombre d'années"
    assert words(group(SampleForm(), "checkbox")).endswith("de ma saisie (obligatoire)")


def test_choices_stand_in_a_fieldset_with_a_legend():
    drawn = group(SampleForm({}), "radio")

    fieldset = tag(drawn, "fieldset")
    assert fieldset["id"] == "id_radio_group"
    assert fieldset["aria-describedby"] == "id_radio_error"
    assert words(re.search("<legend.*?</legend>", drawn, re.DOTALL).group()) == (
        "Civilité (obligatoire)"
    )
    assert re.findall(r'for="(.*?)"', drawn) == ["id_radio_0", "id_radio_1"]


def test_choices_name_their_groups():
    drawn = words(group(SampleForm(), "several"))

    assert drawn == "Langues Autant que vous voulez. Europe Première Deuxième Ailleurs Troisième"


def test_hidden_field_draws_nothing_to_read():
    assert words(group(SampleForm(), "hidden")) == ""


def test_label_and_choices_are_escaped():
    class Hostile(forms.Form):
        evil = forms.ChoiceField(
            label="<script>", choices=[("x", "<b>gras</b>")], widget=forms.RadioSelect
        )

    drawn = group(Hostile(), "evil")

    assert "<script>" in words(drawn)
    assert "<b>" in words(drawn)


def test_errors_have_a_place_that_a_save_can_fill():
    assert 'id="id_email_errors" aria-live="polite" data-errors-of="id_email"' in group(
        SampleForm(), "email"
    )
