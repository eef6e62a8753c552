"""What is pasted from eCandidat works: variables keep their names [back-office 24.5, annex 3]."""

import re
from pathlib import Path

import pytest

from candide.institution.mails.domain.texts import preview, text_warnings
from candide.institution.mails.kinds import Text, find_kind, kinds

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "mails.md"
GENERAL = [
    "libelleCampagne",
    *(
        f"candidat.{name}"
        for name in (
            *("civilite", "numDossierOpi", "nomPat", "nomUsu", "prenom", "autrePrenom", "ine"),
            *("cleIne", "datNaiss", "libVilleNaiss", "libLangue", "tel", "telPort"),
        )
    ),
    *(
        f"formation.{name}"
        for name in (
            *("code", "libelle", "codEtpVetApo", "codVrsVetApo", "libApo", "motCle"),
            *("datDebDepot", "datFinDepot", "datPreAnalyse", "datRetour", "datJury", "datPubli"),
            "datConfirm",
        )
    ),
    *(
        f"commission.{name}"
        for name in (
            *("libelle", "mail", "adresse", "tel", "url", "fax", "commentaireRetour"),
            "signataire",
        )
    ),
    *(f"dossier.{name}" for name in ("dateReception", "montantFraisIns", "complementExo")),
]
DECIDED = [*GENERAL, "commentaire", "complementAppel"]
CREATED = ["libelleCampagne", "prenom", "nom", "numDossierOpi", "lienValidation"]
CREATED += ["lienValidationHtml", "jourDestructionCptMin"]
OF_ACCOUNTS = {
    "account-created": CREATED,
    "activation-resent": CREATED,
    "email-change-asked": CREATED[:-1],
    "forgotten-identifiers": [
        *CREATED[:4],
        *("lienReinitialisation", "lienReinitialisationHtml", "datFinReinitCptMin"),
    ],
    "account-deleted": CREATED[:4],
}
MORE = {
    "decision-favourable": DECIDED,
    "decision-unfavourable": [*DECIDED, "motif"],
    "decision-waiting-list": DECIDED,
    "decision-reserve-list": [*DECIDED, "rang"],
    "decision-shortlisted": [*DECIDED, "complementPreselect"],
    "forms-reminder": [*GENERAL, "formulaires"],
    "enrolment-code-changed": [*GENERAL[1:14], "newCodeOpi", "formationsOpi"],
}
FORMERLY = {
    *("CPT_MIN_CREATE", "CPT_MIN_LIEN_VALID_OUBLIE", "CPT_MIN_MOD_MAIL", "CPT_MIN_MDP_OUBLIE"),
    *("CPT_MIN_DELETE", "CANDIDATURE", "CANDIDATURE_ANNULATION", "CANDIDATURE_CONFIRM"),
    *("CANDIDATURE_DESIST", "CANDIDATURE_DESIST_AUTO", "CANDIDATURE_RELANCE_FAVO"),
    *("CANDIDATURE_RELANCE_FORMULAIRE", "CANDIDATURE_MODIF_COD_OPI", "STATUT_AT", "STATUT_RE"),
    *("STATUT_IN", "STATUT_CO", "TYPE_TRAIT_AC", "TYPE_TRAIT_AD", "TYPE_TRAIT_ATT"),
    *("COMMISSION_ALERT_PROPOSITION", "COMMISSION_ALERT_TRANSMISSION"),
    *("COMMISSION_ALERT_ANNULATION", "COMMISSION_ALERT_DESISTEMENT"),
    *("COMMISSION_ALERT_LISTE_PRINC", "AVIS_FAVORABLE", "AVIS_DEFAVORABLE", "AVIS_LISTE_ATT"),
    *("AVIS_LISTE_COMP", "AVIS_PRESELECTION"),
}


def variables_of(kind):
    """What eCandidat offered in the mail this one stands for."""
    return OF_ACCOUNTS.get(kind.code) or MORE.get(kind.code, GENERAL)


def test_every_mail_of_ecandidat_has_its_own_here():
    assert {kind.formerly for kind in kinds() if kind.formerly} == FORMERLY


@pytest.mark.parametrize(
    "code", sorted(kind.code for kind in kinds() if kind.formerly), ids=lambda code: code
)
def test_every_variable_is_known_where_ecandidat_offered_it(code):
    kind = find_kind(code)
    body = "\n".join(f"{{if(${name})}}${{{name}}}{{endif(${name})}}" for name in variables_of(kind))

    assert text_warnings(kind, subject={"fr": "s"}, body={"fr": body}) == []


@pytest.mark.django_db
def test_pasted_text_is_shown_with_its_values():
    text = Text("${formation.libelle}", "Bonjour ${candidat.civilite} ${candidat.nomPat}", "fr")

    shown = preview(find_kind("application-created"), text)

    assert shown.rendered.subject == "Master 1 Informatique"
    assert shown.rendered.text.startswith("Bonjour Mme MARTIN\n")


def test_guide_lists_every_variable():
    listed = set(re.findall(r"^\| `\$\{([\w.]+)\}`", GUIDE.read_text("utf-8"), flags=re.M))

    named = {name for code in (*OF_ACCOUNTS, *MORE) for name in variables_of(find_kind(code))}
    assert named - listed == set()
