"""Templates of letters and signatures of commissions, as those who set them up find them."""

import pytest
from django.urls import reverse

from candide.admissions.decisions.enums import LetterKind, LetterSource
from candide.admissions.decisions.models import LetterTemplate
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import ApplicationCentre
from tests.factories import samples, word
from tests.factories.access import AssignmentFactory
from tests.factories.catalogue import CommissionFactory
from tests.factories.letters import LetterTemplateFactory
from tests.web.staff.conftest import member, staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]
DOCX = "lettre.docx"


def url(name, *args):
    return reverse(f"staff:{name}", args=args)


def typed(**fields):
    return {
        "name": "Lettre des masters",
        "kind": "admission",
        "source": "text",
        "body_0": "Bonjour ${prenomCandidat}",
        "is_active": "on",
        **fields,
    }


def row_of(response):
    return LetterTemplate.objects.get(pk=int(response.url.rstrip("/").rsplit("/", 1)[1]))


def content_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_template_is_written_and_its_history_says_so(as_ada):
    response = as_ada.post(url("lettres_new"), typed())

    row = row_of(response)
    assert (row.name, row.kind, str(row.body)) == (
        "Lettre des masters",
        "admission",
        "Bonjour ${prenomCandidat}",
    )
    page = as_ada.get(response.url)
    assert "numeroDossierCandidat" in page.content.decode()
    assert "motifRefus" not in page.content.decode()
    assert entries_about(row).count() == 1


def test_variable_that_does_not_exist_is_said_beside_its_field(as_ada):
    response = as_ada.post(url("lettres_new"), typed(body_0="${prenom}"))

    assert response.status_code == 422
    assert "${prenom}" in str(response.context["form"].errors["body"])
    assert LetterTemplate.objects.count() == 0


def test_template_that_was_changed_meanwhile_is_not_overwritten(as_ada):
    row = LetterTemplateFactory()
    seen = as_ada.get(url("lettres_row", row.pk)).context["form"].initial["seen"]
    LetterTemplate.objects.update(name="Autre")

    response = as_ada.post(url("lettres_row", row.pk), typed(seen=seen))

    assert response.status_code == 409
    assert LetterTemplate.objects.get().name == "Autre"


def test_copy_begins_with_the_same_and_out_of_service(as_ada):
    row = LetterTemplateFactory(name="Modèle")

    page = as_ada.get(f"{url('lettres_new')}?copie={row.pk}")

    form = page.context["form"]
    assert (form.initial["name"], form.initial["is_active"]) == ("Modèle (copie)", False)
    assert form.initial["body"] == row.body


def test_centre_reads_what_is_of_the_institution_and_writes_its_own(client, application):
    centre = application.intake.programme.commission.centre
    ApplicationCentre.objects.update(sets_decisions=True)
    bao = member(Capability.MANAGE_DECISIONS, centre=centre)
    general = LetterTemplateFactory()
    client.force_login(bao)

    assert client.post(url("lettres_row", general.pk), typed()).status_code == 403
    own = row_of(client.post(url("lettres_new"), typed(centre=centre.pk)))
    assert own.centre == centre


def test_template_of_another_centre_is_unknown(client, application):
    own = LetterTemplateFactory(centre=application.intake.programme.commission.centre)
    from_elsewhere = member(Capability.MANAGE_DECISIONS, centre=other_centre())
    client.force_login(from_elsewhere)

    for name in ("lettres_row", "lettres_preview"):
        assert client.get(url(name, own.pk)).status_code == 404


def other_centre():
    return ApplicationCentre.objects.create(code="AUTRE", name="Autre")


# -- Preview --------------------------------------------------------------------------------------


def test_preview_is_a_pdf_of_nobody_or_of_an_application_in_reach(as_ada, application):
    row = LetterTemplateFactory()
    at = url("lettres_preview", row.pk)

    for asked in ({"language": "fr"}, {"language": "en", "application": application.pk}):
        response = as_ada.get(at, asked)
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        assert response.content.startswith(b"%PDF-")


def test_preview_of_an_application_out_of_reach_is_refused(client, application):
    client.force_login(member(Capability.MANAGE_DECISIONS))
    at = url("lettres_preview", LetterTemplateFactory().pk)

    for number in (application.pk, 999_999):
        response = client.get(at, {"language": "fr", "application": number})
        assert response.status_code == 409
        assert [b.code for b in response.context["blockers"]] == ["letter_failed"]
    assert client.get(at, {"language": "xx"}).status_code == 409


# -- Word documents -------------------------------------------------------------------------------


@pytest.fixture
def worded():
    return LetterTemplateFactory(kind=LetterKind.ADMISSION, source=LetterSource.WORD)


def give(client, row, content, language="fr", name=DOCX):
    at = url("lettres_word_put", row.pk, language)
    return client.post(at, {"file": samples.upload(content, name)})


def test_word_document_is_checked_given_taken_again_and_removed(as_ada, worded):
    content = word.document(word.field("nomPatCandidat"))

    assert give(as_ada, worded, content).status_code == 302
    taken = as_ada.get(url("lettres_word", worded.pk, "fr"))
    assert content_of(taken) == content
    assert as_ada.post(url("lettres_word_remove", worded.pk, "fr")).status_code == 302
    assert as_ada.get(url("lettres_word", worded.pk, "fr")).status_code == 404


def test_word_document_with_unknown_fields_names_them(as_ada, worded):
    response = give(as_ada, worded, word.document(word.field("$nomDuChat")))

    assert response.status_code == 422
    assert "nomDuChat" in str(response.context["form"].errors)
    assert worded.word_templates.count() == 0


@pytest.mark.parametrize("content", [samples.pdf(), b""])
def test_what_is_no_word_document_is_refused(as_ada, worded, content):
    assert give(as_ada, worded, content).status_code == 422


def test_word_document_has_a_language_there_is_and_an_owner(as_ada, client, worded):
    assert give(as_ada, worded, word.document(), language="de").status_code == 404
    client.force_login(member(Capability.MANAGE_DECISIONS, centre=other_centre()))
    assert give(client, worded, word.document()).status_code == 403


def test_server_without_an_office_program_is_said_on_the_page(as_ada, worded, settings):
    settings.OFFICE = "no-such-program"

    page = as_ada.get(url("lettres_row", worded.pk))

    assert [b.code for b in page.context["office_warnings"]] == ["no_office"]


# -- Signatures -----------------------------------------------------------------------------------


def sign(client, commission, content, name="signature.png"):
    at = url("commissions_signature_put", commission.pk)
    return client.post(at, {"file": samples.upload(content, name)})


def test_signature_is_given_shown_and_removed(as_ada, application):
    commission = application.intake.programme.commission

    assert sign(as_ada, commission, samples.image("png")).status_code == 302
    shown = as_ada.get(url("commissions_signature", commission.pk))
    assert (shown["Content-Type"], content_of(shown)[:4]) == ("image/png", b"\x89PNG")
    sign(as_ada, commission, samples.image("jpeg"), "s.jpg")
    replaced = as_ada.get(url("commissions_signature", commission.pk))
    assert (replaced["Content-Type"], content_of(replaced)[:2]) == ("image/jpeg", b"\xff\xd8")
    assert as_ada.post(url("commissions_signature_remove", commission.pk)).status_code == 302
    assert as_ada.get(url("commissions_signature", commission.pk)).status_code == 404


@pytest.mark.parametrize(("content", "name"), [(samples.pdf(), "s.pdf"), (b"", "s.png")])
def test_signature_is_an_image(as_ada, application, content, name):
    response = sign(as_ada, application.intake.programme.commission, content, name)

    assert response.status_code == 422
    assert response.context["form"].errors


def test_member_signs_the_own_commission_and_sees_its_test_letters(client, application):
    commission = application.intake.programme.commission
    client.force_login(member(Capability.MANAGE_ORGANISATION, commission=commission))

    assert sign(client, commission, samples.image("jpeg"), "s.jpg").status_code == 302
    for kind in LetterKind:
        response = client.get(url("commissions_test_letter", commission.pk, kind.value))
        assert response.content.startswith(b"%PDF-")
    assert client.get(url("commissions_test_letter", commission.pk, "x")).status_code == 404


def test_who_only_reads_a_commission_has_neither_signature_nor_test_letters(client, application):
    commission = application.intake.programme.commission
    """Even where they set up another one."""
    reader = member(Capability.MANAGE_ORGANISATION, can_write=False, commission=commission)
    role = member(Capability.MANAGE_ORGANISATION).assignments.get().role
    AssignmentFactory(user=reader, role=role, commission=CommissionFactory())
    client.force_login(reader)

    assert sign(client, commission, samples.image("png")).status_code == 403
    assert client.post(url("commissions_signature_remove", commission.pk)).status_code == 403
    at = url("commissions_test_letter", commission.pk, "admission")
    assert client.get(at).status_code == 403
    client.force_login(staff("manager", centre=other_centre()))
    assert client.get(at).status_code in (403, 404)


def test_commission_without_a_template_says_why_there_is_no_test_letter(as_ada, application):
    LetterTemplateFactory(is_active=False)
    commission = application.intake.programme.commission

    response = as_ada.get(url("commissions_test_letter", commission.pk, "admission"))

    assert response.status_code == 409
