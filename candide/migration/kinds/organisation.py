"""Campaigns, centres, commissions, programmes and their openings."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.decisions.models import CentreDecisions, IntakeDecisions
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.domain.offering import free_address
from candide.institution.catalogue.enums import (
    AdmissionRoute,
    AlertMode,
    CampaignEvent,
    CopyMode,
    LetterMode,
)
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Campaign,
    Commission,
    Intake,
    Programme,
    ProgrammeKind,
)
from candide.institution.catalogue.models.programme import NOT_BEFORE
from candide.institution.reference.models import DiplomaType
from candide.integrations.ecandidat.database import Row
from candide.integrations.ecandidat.values import day, email, flag, hour, number, text
from candide.migration.bringing import Kind
from candide.migration.fitting import LeftOut
from candide.migration.reference import nomenclature, town_of

# AC is « accès contrôlé », AD « accès direct », AT « en attente ».
ROUTES = {
    "AC": AdmissionRoute.CONTROLLED,
    "AD": AdmissionRoute.DIRECT,
    "AT": AdmissionRoute.UNDETERMINED,
}
COPIES = {"N": CopyMode.NONE, "M": CopyMode.MAILBOX, "L": CopyMode.MANAGERS}
ALERTS = {"N": AlertMode.NONE, "M": AlertMode.MAILBOX, "L": AlertMode.MEMBERS}
# Our dates, and what the columns of centres, programmes and archived applications begin with.
DATES = {
    "opens_on": "dat_deb_depot",
    "closes_on": "dat_fin_depot",
    "screening_on": "dat_analyse",
    "documents_due_on": "dat_retour",
    "jury_on": "dat_jury",
    "results_on": "dat_publi",
    "acceptance_due_on": "dat_confirm",
    "reserve_acceptance_due_on": "dat_confirm_list_comp",
}
DELAYS = {
    "acceptance_days": ("delai_confirm", "acceptance_due_on"),
    "reserve_acceptance_days": ("delai_confirm_list_comp", "reserve_acceptance_due_on"),
}


def began(campaign: Row) -> tuple[date, int]:
    """What orders campaigns: the latest begins last."""
    return day(campaign["dat_deb_camp"]) or date.min, campaign["id_camp"]


def calendar(row: Row, ending: str) -> dict[str, Any]:
    """The dates of a row, by our names; where there is a day to answer by, no number of days."""
    found: dict[str, Any] = {
        name: day(row.get(f"{column}_{ending}")) for name, column in DATES.items()
    }
    for name, (column, its_day) in DELAYS.items():
        days = number(row.get(f"{column}_{ending}"))
        found[name] = days if days is not None and days >= 0 and not found[its_day] else None
    return found


class Campaigns(Kind):
    name, title = "campaigns", gettext_lazy("Campaigns")
    table, key, model = "campagne", "id_camp", Campaign

    def values(self, row: Row) -> dict[str, Any]:
        starts, ends = day(row["dat_deb_camp"]), day(row["dat_fin_camp"])
        if starts is None or ends is None:
            raise LeftOut(_("It has no dates."))
        if ends < starts:
            starts, ends = ends, starts
            self.note(_("It ended before it began: both days were exchanged."))
        archived = self.run.aware(row["dat_archiv_camp"])
        active = flag(row["tes_camp"]) and archived is None
        if not active and archived is None:
            self.note(_("It was planned: say here when it is put in service."))
        destroyed = self.run.aware(row["dat_destruct_effec_camp"])
        return {
            "code": text(row["cod_camp"]),
            "label": self.words(row, _i18n_column(row), row["lib_camp"]),
            "starts_on": starts,
            "ends_on": ends,
            "candidates_until": day(row.get("dat_fin_candidat_camp")),
            "is_active": active,
            "activated_at": self.run.aware(row["dat_activat_effec_camp"]),
            "archived_at": archived,
            "destroyed_at": destroyed if archived else None,
        }

    def written(self, pairs: list[tuple[Row, Any]]) -> None:
        for _row, campaign in pairs:
            if campaign.archived_at is not None:
                log(campaign, CampaignEvent.ARCHIVED, applications=0)


def _i18n_column(row: Row) -> str:
    return next((name for name in row if "i18n_" in name), "")


class Centres(Kind):
    name, title = "centres", gettext_lazy("Centres")
    table, key, model = "centre_candidature", "id_ctr_cand", ApplicationCentre

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "code": text(row["cod_ctr_cand"]),
            "name": self.words(row, "", row["lib_ctr_cand"]),
            "is_active": flag(row["tes_ctr_cand"]),
            "copy_mode": COPIES.get(text(row.get("typ_send_mail_ctr_cand")), CopyMode.NONE),
            "contact_email": email(row.get("mail_contact_ctr_cand")),
            "max_applications": max(number(row["nb_max_voeux_ctr_cand"]) or 0, 1),
            "information": self.prose(row, "", row.get("info_comp_ctr_cand")),
            "is_paperless": flag(row["tem_demat_ctr_cand"]),
            "has_automatic_reserve_list": flag(row["tem_list_comp_ctr_cand"]),
            "sets_decisions": flag(row.get("tem_param_ctr_cand", row.get("tem_param"))),
            **calendar(row, "ctr_cand"),
        }


class CentreAutomatics(Kind):
    """The decisions openings of a centre begin with; they stand in the same rows as the centres,
    and need the types of decision, which may be of a centre."""

    name, title = "centre_decisions", gettext_lazy("Decisions centres give by themselves")
    table, key, model = "centre_candidature", "id_ctr_cand", CentreDecisions
    natural = "centre_id"

    def values(self, row: Row) -> dict[str, Any]:
        centre = self.run.needed("centres", row["id_ctr_cand"], _("Its centre"))
        return {"centre_id": centre, **_automatic(self, row)}

    def natural_key(self, values: dict[str, Any]) -> Any:
        return values["centre_id"]


def _automatic(kind: Kind, row: Row) -> dict[str, Any]:
    return {
        "favourable_id": kind.run.find("decision_types", row.get("id_typ_dec_fav")),
        "called_id": kind.run.find("decision_types", row.get("id_typ_dec_fav_list_comp")),
    }


class ProgrammeKinds(Kind):
    name, title = "programme_kinds", gettext_lazy("Kinds of programmes")
    table, key, model = "type_formation", "id_typ_form", ProgrammeKind

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "code": text(row["cod_typ_form"]),
            "name": self.words(row, "", row["lib_typ_form"]),
            "is_active": flag(row["tes_typ_form"]),
        }


class Commissions(Kind):
    name, title = "commissions", gettext_lazy("Commissions")
    table, key, model = "commission", "id_comm", Commission

    def prepare(self, rows: list[Row]) -> None:
        ids = [row["id_adr"] for row in rows if row["id_adr"] is not None]
        found = {each["id_adr"]: each for each in self.run.database.of("adresse", "id_adr", ids)}
        for row in rows:
            row["address"] = found.get(row["id_adr"])

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "centre_id": self.run.needed("centres", row["id_ctr_cand"], _("Its centre")),
            "code": text(row["cod_comm"]),
            "name": self.words(row, "", row["lib_comm"]),
            "is_active": flag(row["tes_comm"]),
            "email": email(row["mail_comm"]),
            "phone": text(row["tel_comm"]),
            "fax": text(row["fax_comm"]),
            "url": text(row.get("url_comm")),
            "return_comment": self.prose(
                row, "id_i18n_comment_retour_comm", row.get("comment_retour_comm")
            ),
            "alert_mode": ALERTS.get(text(row.get("typ_alert_comm")), AlertMode.MAILBOX),
            "alert_email": email(row.get("mail_alert_comm")),
            "alerts_proposals": flag(row["tem_alert_prop_comm"], default=True),
            "alerts_cancellations": flag(row["tem_alert_annul_comm"], default=True),
            "alerts_transmissions": flag(row["tem_alert_trans_comm"], default=True),
            "alerts_withdrawals": flag(row.get("tem_alert_desist_comm"), default=True),
            "alerts_promotions": flag(row.get("tem_alert_list_princ_comm"), default=True),
            "letter_mode": _letters(row),
            "signatory": text(row["signataire_comm"]),
            **self._postal(row),
        }

    def _postal(self, comm: Row) -> dict[str, Any]:
        row = comm["address"]
        if row is None or not text(row["adr1_adr"]):
            self.note(_("Its postal address is missing there."))
            return {"address_1": _name_as_address(comm)}
        town, postcode = town_of(self.run, row)
        return {
            "address_1": text(row["adr1_adr"]),
            "address_2": text(row["adr2_adr"]),
            "address_3": text(row["adr3_adr"]),
            "postcode": postcode,
            "city": town,
        }


def _name_as_address(row: Row) -> str:
    """An address has a first line: that of who one writes to."""
    return text(row["lib_comm"])[:38] or text(row["cod_comm"])


def _letters(row: Row) -> LetterMode:
    given, mailed = flag(row["tem_edit_lettre_comm"]), flag(row["tem_mail_lettre_comm"])
    if given and mailed:
        return LetterMode.BOTH
    if mailed:
        return LetterMode.MAIL
    return LetterMode.DOWNLOAD if given else LetterMode.NONE


class Programmes(Kind):
    name, title = "programmes", gettext_lazy("Programmes")
    table, key, model = "formation", "id_form", Programme

    def values(self, row: Row) -> dict[str, Any]:
        label = self.words(row, "", row["lib_form"])
        diploma = nomenclature(self.run, DiplomaType, row.get("cod_tpd_etb"), is_active=True)
        is_pegase = bool(text(row.get("cod_pegase_form")))
        sis = ("cod_pegase_form", "", "lib_pegase_form") if is_pegase else APOGEE
        return {
            "commission_id": self.run.needed("commissions", row["id_comm"], _("Its commission")),
            "code": text(row["cod_form"]),
            "name": label,
            "diploma_type_id": diploma,
            "kind_id": self.run.find("programme_kinds", row.get("id_typ_form")),
            "keywords": text(row["mot_cle_form"]),
            "url": text(row.get("url_form")),
            "is_active": flag(row["tes_form"]),
            "sis_code": text(row.get(sis[0])),
            "sis_version": text(row.get(sis[1])),
            "sis_label": text(row.get(sis[2])),
            "sis_diploma": text(row.get("cod_dip_apo_form")),
            "sis_diploma_version": text(row.get("cod_vrs_vdi_apo_form")),
            "slug": self._address(row, str(label)),
        }

    def _address(self, row: Row, label: str) -> str:
        """The address it has, or a free one that no other of this run was given."""
        pk = self.run.find(self.name, row["id_form"])
        if pk is not None:
            return Programme.objects.values_list("slug", flat=True).filter(pk=pk).first() or ""
        given = self.run.once("slugs", set)
        address = wished = free_address(Programme(name=label, code=text(row["cod_form"])))
        while address in given:
            address = f"{wished[:80]}-{slugify(text(row['cod_form'])) or row['id_form']}"
            wished = address
        given.add(address)
        return address


APOGEE = ("cod_etp_vet_apo_form", "cod_vrs_vet_apo_form", "lib_apo_form")


class Openings(Kind):
    """A programme has one set of dates in eCandidat: those of the campaign in service; archived
    applications keep a copy of the dates they had, of which the openings of past campaigns are
    made."""

    name, title = "openings", gettext_lazy("Openings")
    table, key, model = "formation", "id_form", Intake
    natural = "pair"

    def batches(self) -> Iterator[list[Row]]:
        campaigns = list(self._in_service())
        for rows in self.run.database.batches(self.table, key=self.key):
            yield [{**row, "id_camp": pk} for row in rows for pk in campaigns[:1]]

    def _in_service(self) -> Iterator[Any]:
        for row in sorted(self.run.database.all("campagne"), key=began, reverse=True):
            if flag(row["tes_camp"]) and row["dat_archiv_camp"] is None:
                yield row["id_camp"]

    def key_of(self, row: Row) -> str:
        return f"{row['id_form']}/{row['id_camp']}"

    def ending(self) -> str:
        return "form"

    def values(self, row: Row) -> dict[str, Any]:
        campaign_pk = self.run.needed("campaigns", row["id_camp"], _("Its campaign"))
        campaign = self.run.once(
            ("campaign", campaign_pk), lambda: Campaign.objects.get(pk=campaign_pk)
        )
        return {
            "programme_id": self.run.needed("programmes", row["id_form"], _("Its programme")),
            "campaign_id": campaign_pk,
            "is_active": flag(row["tes_form"]),
            "is_paperless": flag(row["tem_demat_form"], default=True),
            "route": ROUTES.get(text(row["cod_typ_trait"]), AdmissionRoute.CONTROLLED),
            "capacity": _capacity(row),
            "information": self.prose(row, "id_i18n_info_comp_form", row.get("info_comp_form")),
            "has_automatic_reserve_list": flag(row["tem_list_comp_form"]),
            "shortlist_place": text(row["preselect_lieu_form"]),
            "shortlist_on": day(row["preselect_date_form"]),
            "shortlist_time": hour(row["preselect_heure_form"]),
            **self.dates(row, campaign),
        }

    def dates(self, row: Row, campaign: Campaign) -> dict[str, Any]:
        """Its dates in an order that can be: what must be there is mended, the rest left empty."""
        found = calendar(row, self.ending())
        if not (found["opens_on"] and found["closes_on"]):
            self.note(_("It had no dates: it was given those of its campaign."))
            found["opens_on"] = found["opens_on"] or campaign.starts_on
            found["closes_on"] = found["closes_on"] or campaign.ends_on
        if found["closes_on"] < found["opens_on"]:
            self._mended("closes_on", found, found["opens_on"])
        if not found["documents_due_on"] or found["documents_due_on"] < found["closes_on"]:
            self._mended("documents_due_on", found, found["closes_on"])
        for name, earlier in NOT_BEFORE.items():
            limits = [found[each] for each in earlier if found[each]]
            if found[name] and limits and found[name] < max(limits):
                self._mended(name, found, None)
        return found

    def _mended(self, name: str, found: dict[str, Any], becomes: date | None) -> None:
        label = Intake._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        self.note(_("“%(field)s” contradicted the other dates.") % {"field": label})
        found[name] = becomes

    def natural_key(self, values: dict[str, Any]) -> Any:
        return (values["programme_id"], values["campaign_id"])

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Any]:
        programmes = {each["programme_id"] for each in values}
        found = Intake.objects.filter(programme__in=programmes)
        return {(row.programme_id, row.campaign_id): row for row in found}

    def written(self, pairs: list[tuple[Row, Any]]) -> None:
        for row, intake in pairs:
            IntakeDecisions.objects.update_or_create(intake=intake, defaults=_automatic(self, row))


def _capacity(row: Row) -> int | None:
    found = number(row.get("capacite_form"))
    return found if found is not None and found >= 0 else None
