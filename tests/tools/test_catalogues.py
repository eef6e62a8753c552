import gettext
import io

import pytest

from tools.catalogues import Message, compiled, merged, read_po, write_po

PO = """msgid ""
msgstr ""
"Language: fr\\n"

#. Translators: a button
#, python-format
msgctxt "verb"
msgid "Save %(name)s"
msgstr "Enregistrer %(name)s"

#, python-format
msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "un jour"
msgstr[1] "%(n)d jours"

#, fuzzy
msgid "Old"
msgstr "Vieux"

msgid ""
"Two\\n"
"\\"lines\\""
msgstr ""

#~ msgid "Gone"
#~ msgstr "Parti"
"""


@pytest.fixture
def messages(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(PO)
    return read_po(path)


def test_read(messages):
    assert [m.text for m in messages.values()] == [
        "Save %(name)s",
        "%(n)d day",
        "Old",
        'Two\n"lines"',
    ]
    save = messages["verb", "Save %(name)s"]
    assert save.texts == ["Enregistrer %(name)s"]
    assert save.comments == ["Translators: a button"]
    assert [m.is_translated for m in messages.values()] == [True, True, False, False]


def test_what_is_written_is_read_again(messages, tmp_path):
    path = tmp_path / "fr" / "django.po"

    write_po(path, messages)

    assert read_po(path) == messages


def test_compiled_is_what_gettext_reads(messages):
    french = gettext.GNUTranslations(io.BytesIO(compiled(messages)))

    assert french.pgettext("verb", "Save %(name)s") == "Enregistrer %(name)s"
    assert french.ngettext("%(n)d day", "%(n)d days", 1) == "un jour"
    assert french.ngettext("%(n)d day", "%(n)d days", 2) == "%(n)d jours"
    assert french.gettext("Old") == "Old"


@pytest.mark.parametrize(
    ("message", "differ"),
    [
        (Message("%(a)s", texts=["%(a)s"]), False),
        (Message("%(a)s", texts=["%(b)s"]), True),
        (Message("%(a)s", texts=["rien"]), True),
        (Message("%(n)d day", plural="%(n)d days", texts=["un jour", "%(n)d jours"]), False),
        (Message("%(n)d day", plural="%(n)d days", texts=["%(m)d jour", "%(n)d jours"]), True),
    ],
)
def test_placeholders_differ(message, differ):
    assert message.placeholders_differ() is differ


def test_merged_keeps_own_translations_then_those_of_others():
    found = {(None, text): Message(text) for text in ("Kept", "Known elsewhere", "New")}
    old = {(None, "Kept"): Message("Kept", texts=["Gardé"])}
    others = {
        (None, "Kept"): Message("Kept", texts=["Conservé"]),
        (None, "Known elsewhere"): Message("Known elsewhere", texts=["Connu"]),
    }

    result = merged(found, old, others)

    assert [m.texts for m in result.values()] == [["Gardé"], ["Connu"], []]
