"""What « Ma candidature » says of its statuses, as the guides name them [VIEW-04, PJ-05, TRANS]."""

import re

import pytest

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from tests.admissions.conftest import NOW, again
from tests.factories.requirements import DocumentRequirementFactory
from tests.factories.samples import pdf, upload
from tests.web.candidate.conftest import url
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


def give(client, application, requirement):
    client.post(
        url("document_upload", application, requirement.pk),
        {"files": [upload(pdf(), "notes.pdf")], "seen": ""},
    )


def status_of(application):
    return [item.status for item in requested_documents(again(application))]


def test_each_document_says_its_status(signed_in, application):
    """S0-14, S2-39: what is « En attente » or « Refusée » is still to be given."""
    _awaited, given, refused, declined = (
        DocumentRequirementFactory(common=True, conditional=True, label=label, position=position)
        for position, label in enumerate(("Relevé", "Diplôme", "Lettre", "Attestation"))
    )
    give(signed_in, application, given)
    give(signed_in, application, refused)
    check_documents(
        again(application), [refused], ItemStatus.REFUSED, comment="Flou", by=None, now=NOW
    )
    signed_in.post(url("document_not_concerned", application, declined.pk), {"seen": ""})

    page = words(signed_in.get(url("application", application)))

    for expected in ("Relevé En attente", "Diplôme Transmise", "Lettre Refusée", "Attestation Non"):
        assert expected in page
    assert "« Relevé » est manquante." in page
    assert "« Lettre » a été refusée." in page


def test_transmit_button_turns_green_once_everything_is_there(signed_in, application):
    """S0-15: « Transmettre ma candidature »."""
    requirement = DocumentRequirementFactory(common=True)
    green = re.compile(rf'btn btn-success"\s+href="{url("transmit", application)}"')
    address = url("application", application)

    before = signed_in.get(address)
    give(signed_in, application, requirement)
    after = signed_in.get(address)

    assert "Transmettre ma candidature" in words(before)
    assert not green.search(before.content.decode())
    assert green.search(after.content.decode())


def test_dossier_left_unfinished_waits_for_its_candidate(client, signed_in, application):
    """S0-16: one leaves with documents missing and comes back."""
    given, missing = (DocumentRequirementFactory(common=True, position=n) for n in (1, 2))
    give(signed_in, application, given)

    client.logout()
    client.force_login(application.candidate.user)
    page = words(client.get(url("application", application)))
    give(client, application, missing)

    assert "notes.pdf" in page
    assert "Statut du dossier : En attente" in page
    assert status_of(application) == [ItemStatus.SUBMITTED] * 2
    assert again(application).dossier_status == DossierStatus.AWAITED


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (DossierStatus.AWAITED, "En attente"),
        (DossierStatus.RECEIVED, "Réceptionné"),
        (DossierStatus.INCOMPLETE, "Incomplet"),
        (DossierStatus.COMPLETE, "Complet"),
    ],
)
def test_status_is_read_in_the_detailed_information(signed_in, application, status, word):
    """S2-37, S2-38: « Informations détaillées »."""
    Application.objects.filter(pk=application.pk).update(dossier_status=status)

    page = words(signed_in.get(url("application", application)))

    details = page.split("Informations détaillées")[1].split("Dates utiles")[0]
    assert f"Statut du dossier {word} " in details
