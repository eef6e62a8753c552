"""eCandidat's variables work in our mails when an institution pastes its texts [MAIL-05]."""

from datetime import date
from decimal import Decimal

import pytest

from candide.admissions.applications.mails import (
    GENERAL,
    Applied,
    DossierReceived,
    StatusAwaited,
    StatusReceived,
)
from candide.institution.mails.kinds import standard_text
from tests.factories.applications import ApplicationFactory

pytestmark = pytest.mark.django_db

VARIABLES = {
    "candidat": "civilite numDossierOpi nomPat nomUsu prenom autrePrenom ine cleIne datNaiss "
    "libVilleNaiss libLangue tel telPort",
    "formation": "code libelle codEtpVetApo codVrsVetApo libApo motCle datDebDepot datFinDepot "
    "datPreAnalyse datRetour datJury datPubli datConfirm",
    "commission": "libelle mail adresse tel url fax commentaireRetour signataire",
    "dossier": "dateReception montantFraisIns complementExo",
}


def test_every_variable_of_the_rule_is_known():
    wanted = {f"{group}.{name}" for group, names in VARIABLES.items() for name in names.split()}

    assert {placeholder.name for placeholder in GENERAL} >= wanted | {"libelleCampagne"}


def test_every_variable_announced_has_a_value():
    values = Applied(ApplicationFactory()).values()

    assert set(values) == {placeholder.name for placeholder in GENERAL}


def test_previews_promise_an_hour_only_where_one_comes():
    """The day may be entered by staff: only a transmission has an hour."""
    name = "dossier.dateReception"

    received = StatusReceived(ApplicationFactory(received_on=date(2027, 5, 3)))

    assert StatusReceived.samples()[name] == received.values()[name] == "3 mai 2027"
    assert DossierReceived.samples()[name] == "3 mai 2027 à 10h02"


@pytest.mark.parametrize(
    ("ine", "number", "key"),
    [("120890177FJ", "120890177", "FJ"), ("1234567890K", "1234567890", "K"), ("", "", "")],
)
def test_ine_and_its_key_apart(ine, number, key):
    application = ApplicationFactory()
    application.candidate.ine = ine

    values = Applied(application).values()

    assert (values["candidat.ine"], values["candidat.cleIne"]) == (number, key)


def test_days_and_amounts_as_french_writes_them():
    application = ApplicationFactory(
        received_on=date(2027, 5, 1), fee_amount=Decimal("1243.5"), intake__screening_on=None
    )

    values = Applied(application).values()

    assert values["dossier.dateReception"] == "1er mai 2027"
    assert values["dossier.montantFraisIns"] == "1243,50"
    assert values["formation.datPreAnalyse"] == ""


def test_greeting_is_the_first_name_as_the_account_has_it():
    """The file keeps names in capitals, as the student system wants them."""
    application = ApplicationFactory()
    application.candidate.first_name, application.candidate.user.first_name = "ZOÉ", "Zoé"

    mail = Applied(application)

    assert (mail.values()["prenom"], mail.values()["candidat.prenom"]) == ("Zoé", "ZOÉ")
    assert "Bonjour Zoé," in text_of(mail)


@pytest.mark.parametrize("kind", [Applied, StatusAwaited])
@pytest.mark.parametrize(
    ("is_paperless", "said", "left_out"),
    [(True, "23 h 59", "voie postale"), (False, "voie postale", "23 h 59")],
)
def test_only_the_procedure_of_the_programme_is_told(kind, is_paperless, said, left_out):
    application = ApplicationFactory(intake__is_paperless=is_paperless)

    text = text_of(kind(application))

    assert said in text
    assert left_out not in text


def text_of(mail):
    standard = standard_text(type(mail), "fr")
    return mail.render(standard, mail.values(), institution="Université").text
