"""The little language of mail texts [MAIL-05]."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candide.institution.mails.syntax import (
    markup_tags,
    problems,
    resolve,
    unknown_variables,
)

KNOWN = ["prenom", "candidat.nomPat", "motif"]
VALUES = {"prenom": "Alix", "candidat.nomPat": "Durand", "motif": ""}


def wrong(text):
    return [*unknown_variables(text, KNOWN), *problems(text)]


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("", ""),
        ("Bonjour ${prenom} ${candidat.nomPat}.", "Bonjour Alix Durand."),
        ("a{if($motif)} motif : ${motif}{endif($motif)}b", "ab"),
        ("a{if($prenom)} ${prenom}{endif($prenom)}b", "a Alixb"),
        ("{if($prenom)}1{if($motif)}2{endif($motif)}3{endif($prenom)}", "13"),
        ("{if($motif)}1{if($prenom)}2{endif($prenom)}3{endif($motif)}4", "4"),
        ("{if($prenom)}1{if($prenom)}2{endif($prenom)}3{endif($prenom)}4", "1234"),
        ("Une ligne\n{if($prenom)}\ndeux\n{endif($prenom)}", "Une ligne\n\ndeux\n"),
        ("5 $ et {accolades} et $prenom", "5 $ et {accolades} et $prenom"),
    ],
)
def test_text_is_resolved(text, resolved):
    assert resolve(text, VALUES) == resolved
    assert wrong(text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("${nom}", ["unknown_variable"]),
        ("{if($nom)}a{endif($nom)}${nom}", ["unknown_variable"]),
        ("{if($prenom)}a", ["not_closed"]),
        ("a{endif($prenom)}", ["unexpected_end"]),
        (
            "{if($prenom)}{if($motif)}a{endif($prenom)}{endif($motif)}",
            ["not_closed", "unexpected_end"],
        ),
        ("${prenom", ["malformed"]),
        ("${pré nom}", ["malformed"]),
        ("{if(prenom)}a{endif(prenom)}", ["malformed", "malformed"]),
        ("{if($prenom}a", ["malformed"]),
    ],
)
def test_what_is_wrong_is_said(text, codes):
    assert [problem.code for problem in wrong(text)] == codes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${nom}", "La variable ${nom} n'existe pas dans ce mail."),
        ("{if($prenom)}a", "{if($prenom)} n'est jamais fermé : il manque {endif($prenom)}."),
        ("a{endif($prenom)}", "{endif($prenom)} ne ferme aucune condition ouverte."),
        ("${pré nom}", "« ${pré nom} » n'est pas compris."),
    ],
)
def test_what_is_wrong_is_said_in_french(text, message):
    assert [problem.message for problem in wrong(text)] == [message]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("Bonjour\n\n{if($prenom)}a", ["ligne 3 : {if($prenom)} n'est jamais fermé : il manque"]),
        ("a\n{endif($prenom)}\n${x", ["ligne 2 : {endif($prenom)}", "ligne 3 : « ${x »"]),
        ("a\n${nom}\n${nom}", ["ligne 2 : La variable ${nom}"]),
    ],
)
def test_what_is_wrong_in_a_text_of_several_lines_names_the_line(text, messages):
    found = [problem.message for problem in wrong(text)]

    assert [said.startswith(start) for said, start in zip(found, messages, strict=True)] == [
        True
    ] * len(messages)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("a < b > c, <alix@example.org>", []),
        ("Bonjour\n<b>gras</b>", ["ligne 2 : <b>", "ligne 2 : </b>"]),
        ('<p class="x">', ['<p class="x">']),
    ],
)
def test_html_is_pointed_out(text, messages):
    found = [tag.message.partition(" s'affiche")[0] for tag in markup_tags(text)]

    assert found == messages


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("${gone} a", " a"),
        ("{if($gone)}a{endif($gone)}b", "b"),
        ("{if($prenom)}a", "a"),
        ("a{endif($prenom)}b", "ab"),
        ("${pré nom}", "${pré nom}"),
    ],
)
def test_text_that_was_stored_is_always_sent(text, sent):
    """A variable may go with a new version of the software; the mail still leaves."""
    assert resolve(text, VALUES) == sent


@given(st.text(alphabet="${}()ifend.prenom \n"))
def test_nothing_written_raises(text):
    resolve(text, VALUES)
    wrong(text)


@given(st.text())
def test_values_are_inserted_as_they_are(value):
    assert resolve("<${prenom}>", {"prenom": value}) == f"<{value}>"
