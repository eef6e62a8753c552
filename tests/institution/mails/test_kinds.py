"""What a mail is when it is queued."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from i18nfield.strings import LazyI18nString

from candide.institution.catalogue.models import Institution
from candide.institution.mails import kinds as registry
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.kinds import (
    Mail,
    Text,
    find_kind,
    kinds,
    new_message_id,
    register,
    standard_text,
    text_of,
    valid_addresses,
)
from candide.institution.mails.models import Attachment, OutgoingMail
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.files import StoredFileFactory
from tests.factories.mails import MailTemplateFactory
from tests.institution.mails.kinds import Invitation, RequiredInvitation, SecretInvitation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _institution(settings):
    settings.BASE_URL = "https://candide.test"
    settings.DEFAULT_FROM_EMAIL = "Candide <ne-pas-repondre@univ.test>"
    Institution.objects.create(pk=1, name="Université d'Essai")


def in_french(subject: str, body: str) -> dict:
    return {"subject": LazyI18nString({"fr": subject}), "body": LazyI18nString({"fr": body})}


# -- Queueing -------------------------------------------------------------------------------------


def test_mail_is_queued_in_the_words_and_the_language_of_its_reader(now):
    french, english = (Invitation(language=language).send()[0] for language in ("fr", "en"))

    assert (french.language, french.subject) == ("fr", "Bienvenue Alix")
    assert french.text == (
        "Bonjour Alix,\n\n"
        "le 15 mars 2027, activez votre compte (https://candide.test/compte/activer/abc_def).\n\n"
        "Université d'Essai, https://candide.test\n\n"
        "-- \n"
        "Université d'Essai\n"
        "Ce mail a été envoyé automatiquement : merci de ne pas y répondre.\n"
    )
    assert (english.language, english.subject) == ("en", "Welcome Alix")
    assert english.text.splitlines()[2].startswith("on 15 March 2027, activate your account (")
    assert english.text.endswith("This mail was sent automatically: please do not reply to it.\n")
    assert '<div lang="en">' in english.html


def test_queued_mail_waits_for_the_worker(now, settings):
    settings.SEND_MAILS = True

    (mail,) = Invitation().send()

    mail.refresh_from_db()
    assert (mail.status, mail.to, mail.domain, mail.kind) == (
        MailStatus.QUEUED,
        "alix@example.org",
        "example.org",
        "invitation",
    )
    assert (mail.queued_at, mail.next_attempt_at) == (now, now)
    assert mail.give_up_at == now + timedelta(days=5)
    assert mail.message_id.endswith("@univ.test>")


def test_mails_that_are_never_sent_are_kept_to_be_read(settings):
    settings.SEND_MAILS = False

    (mail,) = Invitation().send()

    assert mail.status == MailStatus.KEPT


def test_mail_goes_with_the_action_it_follows_from():
    with transaction.atomic():
        Invitation().send()
        transaction.set_rollback(True)

    assert OutgoingMail.objects.count() == 0


def test_each_reader_and_each_copy_is_a_delivery_of_its_own():
    mails = Invitation(
        to=["alix@example.org", "Alix@Example.org", "bao@univ.test"],
        copies=["centre@univ.test", "ALIX@example.org", "centre@univ.test"],
    ).send()

    assert [(mail.to, mail.copy_to, mail.recipient) for mail in mails] == [
        ("alix@example.org", "", "alix@example.org"),
        ("bao@univ.test", "", "bao@univ.test"),
        ("alix@example.org", "centre@univ.test", "centre@univ.test"),
    ]
    assert [mail.domain for mail in mails] == ["example.org", "univ.test", "univ.test"]
    assert len({mail.message_id for mail in mails}) == 3


@pytest.mark.parametrize(
    "address",
    ["", None, "alix", "alix@", "a b@example.org", "a@b.test\nBcc: c@d.test", "a@b.test,c@d.test"],
)
def test_address_that_is_none_is_dropped_in_silence(address):
    """[MAIL-01]"""
    mails = Invitation(to=[address], copies=["centre@univ.test"]).send()

    assert mails == []
    assert valid_addresses([address, " alix@example.org "]) == ["alix@example.org"]


def test_secret_goes_to_its_reader_alone():
    mails = SecretInvitation(copies=["centre@univ.test"]).send()

    assert [(mail.recipient, mail.is_secret, mail.is_urgent) for mail in mails] == [
        ("alix@example.org", True, True)
    ]


@pytest.mark.parametrize(("reply_to", "kept"), [("bao@univ.test", "bao@univ.test"), ("bao", "")])
def test_answers_go_to_an_address_if_it_is_one(reply_to, kept):
    (mail,) = Invitation(reply_to=reply_to).send()

    assert mail.reply_to == kept


def test_mail_says_what_it_is_about_and_whose_it_is():
    centre = ApplicationCentreFactory()

    (mail,) = Invitation(about=centre, for_user=SimpleNamespace(pk=7)).send()

    assert (mail.about_type, mail.about_id) == ("catalogue.applicationcentre", centre.pk)
    assert mail.for_user_id == 7


def test_files_go_with_each_delivery():
    letter = StoredFileFactory()

    mails = Invitation(
        attachments=[(letter, "lettre_admission.pdf")], copies=["centre@univ.test"]
    ).send()

    found = Attachment.objects.order_by("pk").values_list("mail", "file", "name")
    assert list(found) == [(mail.pk, letter.pk, "lettre_admission.pdf") for mail in mails]


def test_queueing_costs_the_same_however_many_read_it(django_assert_num_queries):
    # savepoint, texts, institution, mails, release; files need one more when there are some
    for readers in (1, 3):
        to = [f"reader-{n}@example.org" for n in range(readers)]
        with django_assert_num_queries(5):
            Invitation(to=to).send()


def test_value_for_no_placeholder_is_an_error():
    class Wrong(Invitation):
        def values(self):
            return {"prénom": "Alix"}

    with pytest.raises(KeyError):
        Wrong().send()


def test_mail_says_whom_it_goes_to():
    class Nobody(Mail):
        code = "invitation"

    with pytest.raises(TypeError, match="recipients"):
        Nobody()


def test_defaults_of_a_mail():
    class Plain(Mail):
        code = "plain"

        def recipients(self):
            return []

    mail = Plain()

    assert mail.language() == settings.LANGUAGE_CODE
    assert (mail.copies(), mail.attachments(), mail.values(), mail.reply_to()) == ((), (), {}, "")
    assert (mail.centre(), mail.template(), mail.about(), mail.for_user()) == (None,) * 4
    assert sorted(Plain.samples()) == ["etablissement", "lienAccueil"]


def test_message_ids_differ_and_name_our_domain(settings):
    settings.DEFAULT_FROM_EMAIL = "Candide <candide@univ.test>"

    ids = {new_message_id() for _ in range(100)}

    assert len(ids) == 100
    assert {each.rpartition("@")[2] for each in ids} == {"univ.test>"}


# -- Which text ------------------------------------------------------------------------------------


def test_standard_text_speaks_when_staff_wrote_none():
    assert text_of(Invitation, language="en").subject == "Welcome ${prenom}"


def test_text_of_the_institution_goes_before_the_standard_one():
    MailTemplateFactory(name="", **in_french("Établissement", "Corps"))

    assert text_of(Invitation, language="fr") == Text("Établissement", "Corps", "fr")


def test_text_of_the_centre_goes_before_that_of_the_institution():
    centre, other = ApplicationCentreFactory.create_batch(2)
    MailTemplateFactory(name="", **in_french("Établissement", "Corps"))
    MailTemplateFactory(name="", centre=centre, **in_french("Centre", "Corps"))

    subjects = {
        place and place.pk: text_of(Invitation, language="fr", centre=place).subject
        for place in (centre, other, None)
    }

    assert subjects == {centre.pk: "Centre", other.pk: "Établissement", None: "Établissement"}


@pytest.mark.parametrize(
    "words", [{}, {"fr": "Seulement en français"}, {"en": ""}, {"en": "  "}, "Une seule langue"]
)
def test_text_that_says_nothing_in_a_language_lets_the_standard_one_speak(words):
    """[I18N-04]"""
    text = words if isinstance(words, str) else LazyI18nString(words)
    MailTemplateFactory(name="", subject=text, body=text)

    assert text_of(Invitation, language="en").subject == "Welcome ${prenom}"


def test_chosen_text_goes_before_all_and_speaks_the_default_language_rather_than_be_silent():
    centre = ApplicationCentreFactory()
    MailTemplateFactory(name="", centre=centre, **in_french("Centre", "Corps"))
    chosen = MailTemplateFactory(name="Admis en alternance", **in_french("Alternance", "Corps"))

    texts = [
        text_of(Invitation, language=language, centre=centre, chosen=chosen)
        for language in ("fr", "en")
    ]

    assert texts == [Text("Alternance", "Corps", "fr")] * 2


def test_chosen_text_without_words_leaves_it_to_the_others():
    chosen = MailTemplateFactory(subject="", body="")

    assert text_of(Invitation, language="en", chosen=chosen).subject == "Welcome ${prenom}"


def test_language_of_the_text_is_the_language_of_the_mail():
    chosen = MailTemplateFactory(**in_french("Alternance le ${le}", "Corps"))

    (mail,) = Invitation(language="en", template=chosen).send()

    assert mail.language == "fr"
    assert mail.text.endswith("merci de ne pas y répondre.\n")


@pytest.mark.parametrize("place", ["institution", "centre", "chosen"])
def test_mail_that_is_switched_off_is_not_sent(place):
    centre = ApplicationCentreFactory()
    row = MailTemplateFactory(
        name="x" if place == "chosen" else "",
        centre=centre if place == "centre" else None,
        is_enabled=False,
    )
    answers = {"centre": centre, "template": row if place == "chosen" else None}

    assert Invitation(**answers).send() == []
    assert len(RequiredInvitation(**answers).send()) == 1


def test_centre_that_switches_a_mail_off_does_so_for_itself():
    MailTemplateFactory(name="", centre=ApplicationCentreFactory(), is_enabled=False)

    assert len(Invitation(centre=ApplicationCentreFactory()).send()) == 1


def test_language_without_a_standard_text_gets_the_french_one():
    assert standard_text(Invitation, "de").language == "fr"


def test_kind_without_any_text_is_an_error():
    class Silent(Invitation):
        code = "silent"

    with pytest.raises(LookupError, match="silent"):
        standard_text(Silent, "fr")


# -- The registry ---------------------------------------------------------------------------------


def test_registered_kinds_are_found(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})

    register(Invitation)

    assert kinds() == [Invitation]
    assert find_kind("invitation") is Invitation
    with pytest.raises(KeyError):
        find_kind("other")
