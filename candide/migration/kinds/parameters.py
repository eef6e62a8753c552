"""Parameters that still mean something, as settings of the institution."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.enums import DossierStatus
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.foundation.history.domain.log import caused_by
from candide.institution.catalogue.enums import CatalogueGrouping, RankDisplay, TacitReference
from candide.institution.catalogue.models import Institution
from candide.integrations.ecandidat.database import Row
from candide.integrations.ecandidat.values import flag, number, text
from candide.migration.bringing import Bringing
from candide.migration.memory import mark_of
from candide.migration.report import Verdict

KIND, TITLE = "parameters", gettext_lazy("Parameters")
STATUSES = {
    "AT": DossierStatus.AWAITED,
    "RE": DossierStatus.RECEIVED,
    "IN": DossierStatus.INCOMPLETE,
    "CO": DossierStatus.COMPLETE,
}


def _not(value: str) -> bool:
    return not flag(value)


def _choice(table: dict[str, Any]) -> Callable[[str], Any]:
    return lambda value: table.get(value)


@dataclass(frozen=True)
class Setting:
    """Which field of the institution it is, and what its text means; None: nothing here."""

    name: str
    read: Callable[[str], Any]


SETTINGS: dict[str, Setting] = {
    "CANDIDATURE_NB_VOEUX_MAX": Setting("max_applications", number),
    "CANDIDATURE_NB_VOEUX_MAX_IS_ETAB": Setting("is_quota_global", flag),
    "CANDIDATURE_IS_BLOC_TRANS_FORM": Setting("forms_block_transmission", flag),
    "DOWNLOAD_IS_LETTRE_ADM_APRES_CONFIRM": Setting("letter_after_acceptance", flag),
    "SCOL_NB_JOUR_ARCHIVAGE": Setting("archive_days", number),
    "SCOL_IS_APPEL": Setting("has_appeals", flag),
    "SCOL_NB_JOUR_RELANCE_FAVO": Setting("reminder_days", number),
    "SCOL_IS_STATUT_ATT_WHEN_CHANGE_TT": Setting("reset_status_on_route_change", flag),
    "SCOL_MODE_TYPE_FORMATION": Setting(
        "catalogue_grouping",
        _choice(
            {
                "NO": CatalogueGrouping.NONE,
                "DIP": CatalogueGrouping.DIPLOMA,
                "NOM": CatalogueGrouping.KIND,
            }
        ),
    ),
    "CANDIDAT_NB_JOUR_KEEP_CPT_MIN": Setting("activation_days", number),
    "CANDIDAT_PREFIXE_NUM_DOSS": Setting("file_number_prefix", str.upper),
    "CANDIDAT_IS_INE_OBLI_FR": Setting("is_ine_required", flag),
    "CANDIDAT_IS_GET_CURSUS_INTERNE": Setting("has_internal_studies", flag),
    "CANDIDAT_IS_UTILISE_SYNCHRO_INE": Setting("has_ine_lookup", flag),
    "CANDIDAT_IS_GET_SISCOL_PJ": Setting("has_student_documents", flag),
    "CANDIDAT_IS_CONNECT_CAS": Setting("has_sso_door", flag),
    "CANDIDAT_IS_COMPTE_EXTERNE_AUT": Setting("has_local_accounts", flag),
    "CANDIDAT_NB_HEURE_LIEN_MDP_VALID": Setting("password_reset_hours", number),
    "OPI_IS_UTILISE_PJ": Setting("handover_documents", flag),
    "OPI_PREFIXE": Setting("handover_prefix", str.upper),
    "OPI_IS_UTILISE_ADR": Setting("handover_address", flag),
    "OPI_IS_IMMEDIAT": Setting("handover_at_once", flag),
    "TECH_IS_UTILISE_DEMAT": Setting("is_paperless", flag),
    "TECH_IS_BLOC_LETTRE": Setting("has_letters", _not),
    "SVA_ALERT_DAT": Setting(
        "tacit_reference",
        _choice(
            {
                "NO": TacitReference.NONE,
                "ACC": TacitReference.ANSWERED,
                "TRANS": TacitReference.TRANSMITTED,
                "REC": TacitReference.RECEIVED,
                "COM": TacitReference.COMPLETE,
                "INC": TacitReference.INCOMPLETE,
                "CRE": TacitReference.CREATED,
            }
        ),
    ),
    "SVA_ALERT_DEFINITIF": Setting("tacit_final_only", flag),
    "LC_MODE_AFFICHAGE_RANG": Setting(
        "rank_display",
        _choice({"N": RankDisplay.NONE, "S": RankDisplay.TYPED, "R": RankDisplay.CURRENT}),
    ),
}
# Known, and left to those who set Candide up.
ELSEWHERE = {
    "OPI_IS_UTILISE": gettext_lazy("Switch it on here once the student system is connected."),
    "TECH_FILE_MAX_SIZE": gettext_lazy("Candide joins photos into one document: set its own."),
    "SCOL_GESTION_CANDIDAT_COMM": gettext_lazy("Stands in the roles that were brought."),
    "SCOL_GESTION_CANDIDAT_CTR_CAND": gettext_lazy("Stands in the roles that were brought."),
}


@transaction.atomic
def bring_parameters(run: Bringing) -> None:
    """Each parameter, the languages in service, and the statuses commissions do not see."""
    line = run.report.begin(KIND, TITLE)
    institution = Institution.objects.get_or_create(pk=1)[0]
    before = values_of(institution)
    noted: list[tuple[str, int, str]] = []
    for key, row, values in _said(run):
        line.read += 1
        mark = mark_of(row)
        brought = run.memory.of(KIND).get(key)
        if isinstance(values, str):
            run.report.count(KIND, key, Verdict.LEFT_OUT, values)
            continue
        if brought is not None and brought.mark == mark:
            run.report.count(KIND, key, Verdict.THERE)
            continue
        name, value = values
        verdict = _put(institution, name, value)
        if verdict is None:
            run.report.count(KIND, key, Verdict.LEFT_OUT, _("Its value means nothing here."))
            continue
        if brought is not None:
            run.memory.renew(KIND, key, mark)
            verdict = Verdict.CHANGED
        else:
            noted.append((key, institution.pk, mark))
        run.report.count(KIND, key, verdict)
    institution.save()
    with caused_by(source="ecandidat"):
        log_saved(institution, before=before, by=None)
    run.memory.remember(KIND, noted, was_made=True)


def _put(institution: Institution, name: str, value: Any) -> Verdict | None:
    """Set the field, where it takes the value."""
    its_field = Institution._meta.get_field(name)
    if value is None:
        return None
    try:
        its_field.clean(value, institution)  # type: ignore[union-attr]
    except ValidationError:
        return None
    if getattr(institution, name) == value:
        return Verdict.THERE
    setattr(institution, name, value)
    return Verdict.MADE


def _said(run: Bringing) -> Any:
    """(key, what it is made of, the field and its value or why it is left out) of each."""
    for row in sorted(run.database.all("parametre"), key=lambda row: text(row["cod_param"])):
        code, value = text(row["cod_param"]), text(row["val_param"])
        yield code, [value], _meaning(code, value)
    languages = [text(row["cod_langue"]) for row in run.database.all("langue") if _serves(row)]
    spoken = [code for code, _name in settings.LANGUAGES if code in languages]
    if spoken:
        yield "langue", spoken, ("languages", spoken)
    statuses = run.database.all("type_statut")
    hidden = sorted(
        STATUSES[text(row["cod_typ_statut"])].value
        for row in statuses
        if text(row["cod_typ_statut"]) in STATUSES
        and not flag(row.get("tem_comm_visible"), default=True)
    )
    if hidden:
        yield "type_statut", hidden, ("statuses_hidden_from_commissions", hidden)


def _serves(row: Row) -> bool:
    return flag(row["tes_langue"]) or flag(row["tem_defaut_langue"])


def _meaning(code: str, value: str) -> Any:
    if code == "OPI_NB_BATCH_MAX":
        most = number(value)
        return ("handover_people", most) if most else _("No limit, as here.")
    if code in ELSEWHERE:
        return str(ELSEWHERE[code])
    setting = SETTINGS.get(code)
    if setting is None:
        return _("Candide has no such setting.")
    return (setting.name, setting.read(value))
