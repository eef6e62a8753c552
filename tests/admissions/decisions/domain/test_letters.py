"""Letters: which there are, what they say, that they are made once, kept, replaced, withdrawn."""

import hashlib
import io
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from i18nfield.strings import LazyI18nString

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain import letters
from candide.admissions.decisions.domain.answering import withdraw
from candide.admissions.decisions.domain.current import draft_decision, released_decision
from candide.admissions.decisions.domain.entering import delete_draft, enter_decision
from candide.admissions.decisions.domain.letter_rendering import LetterFailed
from candide.admissions.decisions.domain.letter_templates import LetterTemplates
from candide.admissions.decisions.domain.letters import (
    is_letter_mailed,
    keep_letter,
    letter_kind,
    letter_name,
    make_letter,
    making_letter_blockers,
    readable_letter,
    withdraw_letter,
)
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.domain.verification import (
    REPLACED,
    VALID,
    WITHDRAWN,
    typed_code,
    verify,
)
from candide.admissions.decisions.enums import LetterKind
from candide.admissions.decisions.models import Letter, LetterTemplate, ReplacedLetter
from candide.core.blockers import Refused
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import decided, draft_of, with_letters
from tests.factories import samples
from tests.factories.catalogue import ApplicationCentreFactory, ProgrammeKindFactory
from tests.factories.files import StoredFileFactory
from tests.factories.letters import LetterTemplateFactory
from tests.factories.reference import DiplomaTypeFactory

DAY = timedelta(days=1)


@pytest.fixture
def given(application):
    """The commission of Alix's application gives letters, and sends them."""
    with_letters(application, LetterMode.BOTH)
    return again(application)


def drafted(application, bao, outcome=Outcome.FAVOURABLE, **fields):
    enter_decision(application, draft_of(outcome, **fields), by=bao, now=NOW)
    return draft_decision(again(application))


def kept(decision, *, now=NOW, language="fr"):
    return keep_letter(decision=decision, language=language, now=now)


def content_of(file):
    with open_file(file) as content:
        return content.read()


def words_of(letter):
    document = pypdfium2.PdfDocument(content_of(letter.file))
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.split())


def letter_in(application):
    return released_decision(again(application)).letter


# -- What it says ---------------------------------------------------------------------------------


def test_letter_says_who_what_and_until_when(given, bao):
    given.intake.acceptance_due_on = (NOW + 10 * DAY).date()
    given.intake.save()
    given.intake.programme.commission.__class__.objects.update(signatory="La présidente du jury")

    letter = kept(drafted(given, bao, comment="Bravo <b>& merci</b>"))

    candidate, text = given.candidate, words_of(letter)
    said = [
        candidate.birth_name,
        candidate.first_name,
        candidate.user.file_number,
        str(given.intake.programme.name),
        str(given.intake.programme.commission.name),
        "25 mars 2027",
        "Bravo <b>& merci</b>",
        "La présidente du jury",
        f"{settings.BASE_URL}/verifier/",
    ]
    unbroken = text.replace(" ", "")
    assert [each for each in said if "".join(each.split()) not in unbroken] == []
    assert letter.code in "".join(filter(str.isalnum, text))  # B-137: however its line is broken
    assert "${" not in text
    assert "{if" not in text


def test_letter_is_accessible_in_the_language_of_who_reads_it(given, bao):
    letter = kept(drafted(given, bao), language="en")

    with pikepdf.open(io.BytesIO(content_of(letter.file))) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("en", True)
        assert str(pdf.docinfo.Title).startswith("Your application to ")
    assert "I am pleased to tell you" in words_of(letter)


def test_comment_the_candidate_does_not_read_is_not_in_the_letter(given, bao):
    draft = draft_of(Outcome.UNFAVOURABLE, comment="Entre nous")
    draft.type.shows_comment = False
    draft.type.save()
    enter_decision(given, draft, by=bao, now=NOW)

    text = words_of(kept(draft_decision(again(given))))

    assert "Entre nous" not in text
    assert "Motif : R." in text


def test_logo_and_signature_are_in_the_letter(given, bao):
    institution = Institution.current()
    commission = given.intake.programme.commission
    bare = kept(drafted(given, bao)).file
    picture = {"content": samples.image("png"), "media_type": "image/png"}
    institution.logo = StoredFileFactory(name="logo.png", **picture)
    institution.save()
    commission.signature = StoredFileFactory(name="signature.png", **picture)
    commission.save()

    pictured = kept(draft_decision(again(given))).file

    def pictures(file):
        document = pypdfium2.PdfDocument(content_of(file))
        return sum(1 for thing in document[0].get_objects() if thing.type == 3)

    assert pictures(pictured) - pictures(bare) == 2


def test_signature_that_is_gone_is_a_failure_with_its_reason(given, bao):
    commission = given.intake.programme.commission
    commission.signature = StoredFileFactory(media_type="image/png")
    commission.save()
    default_storage.delete(commission.signature.blob)

    with pytest.raises(LetterFailed) as failure:
        kept(drafted(given, bao))

    assert failure.value.codes == ["letter_failed"]
    assert Letter.objects.count() == 0


def test_nothing_is_released_whose_letter_cannot_be_made(given, bao):
    LetterTemplateFactory(body=LazyI18nString({"en": "Only in English"}), name="Vide")
    given.candidate.user.__class__.objects.update(language="fr")
    drafted(given, bao)

    with pytest.raises(Refused) as refusal:
        release(again(given), by=bao, now=NOW)

    assert refusal.value.codes == ["letter_failed"]
    assert "Vide" in str(refusal.value)
    assert released_decision(again(given)) is None
    assert OutgoingMail.objects.count() == 0


def test_who_is_called_from_the_list_is_called_without_a_letter(listed, alix, bao, application):
    decided(application, Outcome.FAVOURABLE, by=bao)
    with_letters(application, LetterMode.BOTH)
    LetterTemplateFactory(body=LazyI18nString({"en": "Only in English"}))

    withdraw(again(application), by=alix.user, now=NOW + DAY)

    first = again(listed[0])
    assert first.released_outcome == Outcome.FAVOURABLE
    assert Letter.objects.filter(decision__application=first).count() == 0
    assert "letters.failed" in entries_about(first).values_list("event", flat=True)


# -- Which template -------------------------------------------------------------------------------


def template_used(application, bao):
    drafted(application, bao)
    letter = kept(draft_decision(again(application)))
    return letter.template if letter else None


def test_most_specific_template_in_service_is_used(given, bao):
    """B-135: a centre, a type of diploma, a kind of programme; those of others are for others."""
    programme = given.intake.programme
    programme.diploma_type, programme.kind = DiplomaTypeFactory(), ProgrammeKindFactory()
    programme.save()
    general = LetterTemplateFactory()
    of_kind = LetterTemplateFactory(programme_kind=programme.kind)
    LetterTemplateFactory(programme_kind=ProgrammeKindFactory())
    LetterTemplateFactory(diploma_type=DiplomaTypeFactory())
    LetterTemplateFactory(centre=ApplicationCentreFactory())
    of_diploma = LetterTemplateFactory(diploma_type=programme.diploma_type)
    of_centre = LetterTemplateFactory(centre=programme.commission.centre)

    assert template_used(given, bao) == of_centre
    for less, template in ((of_centre, of_diploma), (of_diploma, of_kind), (of_kind, general)):
        LetterTemplate.objects.filter(pk=less.pk).update(is_active=False)
        assert LetterTemplates().find(programme, LetterKind.ADMISSION) == template


def test_programme_without_type_of_diploma_has_the_general_letter(given, bao):
    LetterTemplateFactory(diploma_type=DiplomaTypeFactory())
    general = LetterTemplateFactory()
    assert given.intake.programme.diploma_type is None

    assert template_used(given, bao) == general


def test_templates_that_do_not_apply_give_no_letter(given, bao):
    LetterTemplateFactory(is_active=False)

    assert template_used(given, bao) is None


def test_language_a_template_does_not_speak_is_the_default_one(given, bao):
    LetterTemplateFactory()

    letter = kept(drafted(given, bao), language="en")

    assert letter.language == "fr"
    assert "Bonjour" in words_of(letter)


# -- Made once ------------------------------------------------------------------------------------


def test_same_letter_is_made_once(given, bao, monkeypatch):
    draft = drafted(given, bao)
    first = kept(draft)
    drawn = []
    monkeypatch.setattr(letters, "render_letter", lambda *args, **kwargs: drawn.append(args))

    second = kept(draft_decision(again(given)), now=NOW + timedelta(hours=1))

    assert (second.pk, second.code, second.file_id) == (first.pk, first.code, first.file_id)
    assert drawn == []
    assert Letter.objects.count() == 1


def test_release_gives_out_the_very_letter_that_was_prepared(given, bao):
    prepared = kept(drafted(given, bao))

    release(again(given), by=bao, now=NOW)

    letter = letter_in(given)
    assert (letter.pk, letter.code, letter.file) == (prepared.pk, prepared.code, prepared.file)
    assert hashlib.sha256(content_of(letter.file)).hexdigest() == letter.file.sha256
    assert OutgoingMail.objects.get().attachments.get().file == prepared.file


def test_prepared_letter_that_says_something_else_is_made_anew_and_leaves_nothing(given, bao):
    prepared = kept(drafted(given, bao))
    before = (prepared.code, prepared.file_id)

    changed = kept(drafted(given, bao, comment="Autre chose"))

    assert changed.pk == prepared.pk
    assert (changed.code, changed.file_id) != before
    assert ReplacedLetter.objects.count() == 0
    assert StoredFile.objects.unreferenced().filter(pk=before[1]).exists()


def test_decision_that_has_no_letter_any_more_loses_the_prepared_one(given, bao):
    kept(drafted(given, bao))
    with_letters(again(given), LetterMode.NONE)

    assert kept(draft_decision(again(given))) is None
    assert Letter.objects.count() == 0


def test_draft_is_deleted_with_its_prepared_letter(given, bao):
    kept(drafted(given, bao))

    delete_draft(again(given), by=bao)

    assert Letter.objects.count() == 0


# -- When it is given -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "downloaded", "mailed"),
    [
        (LetterMode.NONE, False, False),
        (LetterMode.DOWNLOAD, True, False),
        (LetterMode.MAIL, False, True),
        (LetterMode.BOTH, True, True),
    ],
)
def test_letter_is_given_as_the_commission_says(application, bao, mode, downloaded, mailed):
    with_letters(application, mode)

    released = decided(again(application), Outcome.UNFAVOURABLE, by=bao)

    decision = released_decision(released)
    assert bool(readable_letter(released, decision)) == downloaded
    assert is_letter_mailed(released, decision) == mailed
    assert OutgoingMail.objects.get().attachments.count() == (1 if mailed else 0)


def test_institution_that_gives_no_letters_locks_all(given, bao):
    released = decided(given, Outcome.UNFAVOURABLE, by=bao)
    assert readable_letter(released, released_decision(released)) is not None

    Institution.objects.update(has_letters=False)

    assert readable_letter(released, released_decision(released)) is None
    assert is_letter_mailed(released, released_decision(released)) is False
    assert letter_kind(released_decision(released)) == ""


def test_name_of_the_file_keeps_the_code_of_the_programme(given):
    given.candidate.birth_name = "X" * 200

    name = letter_name("refusal", given)

    assert name.startswith(f"lettre_refus-{given.candidate.user.file_number}_XXX")
    assert name.endswith(f"-{given.intake.programme.code}.pdf")
    assert len(name) <= 100


# -- Verifying ------------------------------------------------------------------------------------


def test_letter_that_was_issued_is_verified_by_its_code(given, bao):
    released = decided(given, Outcome.FAVOURABLE, by=bao)

    found = verify(letter_in(released).code)

    names = (given.candidate.first_name, given.candidate.birth_name)
    assert (found.kind, found.programme, found.state, found.is_valid) == (
        LetterKind.ADMISSION.label,
        str(given.intake.programme.name),
        VALID,
        True,
    )
    assert (found.campaign, found.issued_on) == (str(given.intake.campaign), NOW.date())
    assert found.initials == " ".join(f"{name[0]}." for name in names)


def test_letter_of_a_draft_is_unknown(given, bao):
    assert verify(kept(drafted(given, bao)).code) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abcd-efgh-jkmn", "ABCDEFGHJKMN"),
        (" ABCD EFGH JKMN ", "ABCDEFGHJKMN"),
        ("ABCD-EFGH", ""),
        ("ABCD-EFGH-JKM0", ""),
        ("", ""),
    ],
)
def test_code_is_read_however_it_is_typed(typed, code):
    assert typed_code(typed) == code


def test_letter_made_anew_replaces_the_one_that_is_out(given, bao):
    released = decided(given, Outcome.FAVOURABLE, by=bao)
    old = letter_in(released)
    released.candidate.first_name = "ALIXE"
    released.candidate.save()

    new = make_letter(released_decision(again(released)), by=bao, now=NOW + DAY)

    assert (verify(old.code).state, verify(new.code).state) == (REPLACED, VALID)
    assert ReplacedLetter.objects.get().file == old.file
    assert entries_about(released).first().event == "letters.replaced"


def test_letter_that_says_the_same_is_not_made_anew(given, bao):
    released = decided(given, Outcome.FAVOURABLE, by=bao)
    old = letter_in(released)

    assert make_letter(released_decision(released), by=bao, now=NOW + DAY).code == old.code
    assert ReplacedLetter.objects.count() == 0


def test_missing_letter_is_made_by_hand(application, bao):
    released = decided(application, Outcome.FAVOURABLE, by=bao)
    with_letters(released, LetterMode.DOWNLOAD)

    letter = make_letter(released_decision(again(released)), by=bao, now=NOW + DAY)

    assert readable_letter(again(released), released_decision(again(released))) == letter
    assert entries_about(released).first().event == "letters.made"


def test_letter_that_was_withdrawn_is_gone_and_says_so(given, bao):
    released = decided(given, Outcome.FAVOURABLE, by=bao)
    old = letter_in(released)

    withdraw_letter(released_decision(released), by=bao, now=NOW + DAY)

    assert readable_letter(again(released), released_decision(again(released))) is None
    assert verify(old.code).state == WITHDRAWN
    with pytest.raises(Refused) as refusal:
        withdraw_letter(released_decision(again(released)), by=bao, now=NOW + DAY)
    assert refusal.value.codes == ["no_letter"]
    new = make_letter(released_decision(again(released)), by=bao, now=NOW + 2 * DAY)
    assert (verify(old.code).state, verify(new.code).state) == (REPLACED, VALID)


def test_later_decision_replaces_the_letter_before(given, bao):
    released = decided(given, Outcome.UNFAVOURABLE, by=bao)
    old = letter_in(released)
    enter_decision(released, draft_of(Outcome.FAVOURABLE), by=bao, now=NOW + DAY)

    release(again(released), by=bao, now=NOW + DAY)

    assert verify(old.code).state == REPLACED
    assert verify(letter_in(released).code).is_valid


def test_offer_that_was_declined_takes_its_letter_along(given, alix, bao):
    released = decided(given, Outcome.FAVOURABLE, by=bao)
    old = letter_in(released)

    withdraw(released, by=alix.user, now=NOW)

    assert verify(old.code).state == WITHDRAWN


# -- Why none is made -----------------------------------------------------------------------------


def test_why_no_letter_is_made(given, bao):
    assert [b.code for b in making_letter_blockers(None)] == ["no_decision"]
    listed = decided(given, Outcome.WAITING_LIST, by=bao)
    assert codes(listed) == ["no_letter"]
    enter_decision(listed, draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)
    release(again(listed), by=bao, now=NOW)
    assert codes(given) == []
    LetterTemplateFactory(is_active=False)
    assert codes(given) == ["no_template"]
    with_letters(again(given), LetterMode.NONE)
    assert codes(given) == ["no_letters"]


def codes(application):
    decision = released_decision(again(application))
    return [blocker.code for blocker in making_letter_blockers(decision)]
