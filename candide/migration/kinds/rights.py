"""Roles, the people who work there, and who may do what where."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import Capability as C
from candide.institution.access.models import Assignment, Grant, RoleProfile
from candide.institution.accounts.domain.words import clean_name
from candide.institution.accounts.models import User
from candide.integrations.ecandidat.database import BATCH, Row
from candide.integrations.ecandidat.values import email, flag, text
from candide.migration.bringing import Kind
from candide.migration.fitting import LeftOut
from candide.migration.memory import login_key

# Profiles of theirs that are roles every installation of ours begins with.
STARTERS = {
    "admin": "administrator",
    "gestionCandidat": "candidate_manager",
    "gestionCandidatLS": "candidate_reader",
}
REGISTRAR = "scolCentrale"
# What a function of theirs is with us: to read, and to write.
READ: dict[str, tuple[C, ...]] = {
    "PARAMETRAGE": (C.MANAGE_ORGANISATION,),
    "STATISTIQUES": (C.VIEW_APPLICATIONS,),
    "GEST_COMMISSION": (C.MANAGE_ORGANISATION,),
    "GEST_PJ": (C.MANAGE_REQUIREMENTS,),
    "GEST_FORMULAIRE": (C.MANAGE_REQUIREMENTS,),
    "GEST_QUESTION": (C.MANAGE_REQUIREMENTS,),
    "GEST_FORMATION": (C.MANAGE_CATALOGUE,),
    "GEST_CANDIDATURE": (C.VIEW_APPLICATIONS,),
    "GEST_FEN_CAND": (C.VIEW_APPLICATIONS,),
    "GEST_PARAM_CC": (C.MANAGE_DECISIONS, C.MANAGE_TEXTS),
    "VISU_HISTO_AVIS": (C.VIEW_APPLICATIONS,),
}
WRITE: dict[str, tuple[C, ...]] = {
    "PARAMETRAGE": (C.MANAGE_ORGANISATION,),
    "GEST_COMMISSION": (C.MANAGE_ORGANISATION,),
    "GEST_PJ": (C.MANAGE_REQUIREMENTS,),
    "GEST_FORMULAIRE": (C.MANAGE_REQUIREMENTS,),
    "GEST_QUESTION": (C.MANAGE_REQUIREMENTS,),
    "GEST_FORMATION": (C.MANAGE_CATALOGUE,),
    "GEST_PARAM_CC": (C.MANAGE_DECISIONS, C.MANAGE_TEXTS),
    "GEST_FEN_CAND": (C.CHECK_DOCUMENTS,),
    "GEST_POST_IT": (C.WRITE_NOTES,),
    "EDIT_TYPTRAIT": (C.SET_ROUTE,),
    "VALID_TYPTRAIT": (C.CONFIRM_ROUTE,),
    "EDIT_STATUT_DOSSIER": (C.SET_DOSSIER_STATUS,),
    "EDIT_AVIS": (C.ENTER_DECISIONS,),
    "VALID_AVIS": (C.RELEASE_DECISIONS,),
    "GEST_NUM_OPI": (C.ENTER_ENROLMENT_CODES,),
    "GEST_TAG": (C.TAG_APPLICATIONS,),
    "GEST_DAT_CONFIRM": (C.SET_DEADLINES,),
    "GEST_DAT_RETOUR": (C.SET_DEADLINES,),
    "GEST_REGIME": (C.SET_REGIME,),
    "GEST_MONTANT": (C.SET_FEES,),
}
# The parameter that says how far managers (G) and members (C) go with candidates.
CANDIDATES = {"G": "SCOL_GESTION_CANDIDAT_CTR_CAND", "C": "SCOL_GESTION_CANDIDAT_COMM"}


class Roles(Kind):
    name, title = "roles", gettext_lazy("Roles")
    table, key, model = "droit_profil", "id_profil", RoleProfile

    def prepare(self, rows: list[Row]) -> None:
        create_starter_roles()
        keys = [row[self.key] for row in rows]
        of: dict[Any, list[tuple[str, bool]]] = {}
        for each in self.run.database.of("droit_profil_fonc", self.key, keys):
            held = (text(each["cod_fonc"]), not flag(each["tem_read_only"]))
            of.setdefault(each[self.key], []).append(held)
        parameters = {
            text(row["cod_param"]): text(row["val_param"])
            for row in self.run.database.all("parametre")
        }
        for row in rows:
            row["functions"] = sorted(of.get(row[self.key], []))
            row["candidates"] = parameters.get(CANDIDATES.get(text(row["typ_profil"]), ""), "")

    def values(self, row: Row) -> dict[str, Any]:
        code = text(row["cod_profil"])
        return {
            "code": STARTERS.get(code, code),
            "name": text(row["lib_profil"]) or code,
            "is_active": flag(row["tes_profil"]),
        }

    def written(self, pairs: list[tuple[Row, Any]]) -> None:
        for row, role in pairs:
            grants = grants_of(row)
            Grant.objects.filter(role=role).exclude(capability__in=grants).delete()
            for capability, can_write in grants.items():
                Grant.objects.update_or_create(
                    role=role, capability=capability, defaults={"can_write": can_write}
                )


def grants_of(row: Row) -> dict[C, bool]:
    """What a profile may: a function that opens nothing to read opens nothing here either."""
    if text(row["cod_profil"]) == REGISTRAR:
        return {capability: capability != C.MANAGE_INSTITUTION for capability in C}
    found: dict[C, bool] = {}
    for code, can_write in row["functions"]:
        for capability in READ.get(code, ()):
            found.setdefault(capability, False)
        for capability in WRITE.get(code, ()) if can_write else ():
            found[capability] = True
    if row["candidates"] in {"R", "W"}:
        found[C.VIEW_CANDIDATES] = False
        found[C.ADMINISTER_CANDIDATES] = row["candidates"] == "W"
    if row["candidates"] == "W":
        found[C.ACT_FOR_CANDIDATES] = True
    return found


class People(Kind):
    """Found by their login in the directory or their address; made without a password: they come
    by the sign-in of the institution, or choose one by « J’ai oublié mes identifiants »."""

    name, title = "people", gettext_lazy("People who work there")
    table, key, model = "individu", "login_ind", User
    natural = "email"

    def key_of(self, row: Row) -> str:
        key = login_key(row["login_ind"])
        self.run.report.called[key] = text(row["login_ind"])
        return key

    def values(self, row: Row) -> dict[str, Any]:
        address = email(row["mail_ind"])
        if not address:
            raise LeftOut(_("No e-mail address is known there."))
        first, last = names_of(text(row["libelle_ind"]))
        login = text(row["login_ind"])
        taken = User.objects.filter(directory_id=login).exclude(email=address).exists()
        if taken:
            self.note(_("Another account here has this login."))
        return {
            "email": address,
            "first_name": first,
            "last_name": last,
            "language": settings.LANGUAGE_CODE,
            "directory_id": "" if taken else login,
            "is_active": flag(row.get("tes_ind"), default=True),
            "password": make_password(None),
            "has_local_password": False,
            "created_at": self.run.now,
        }

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Any]:
        return {
            user.email.lower(): user
            for user in User.objects.filter(email__in={each["email"] for each in values})
        }

    def twin(self, row: Row, values: dict[str, Any], standing: Any) -> None:
        if standing.is_candidate:
            raise LeftOut(_("A candidate’s account has this address: give another one for work."))
        super().twin(row, values, standing)


def names_of(label: str) -> tuple[str, str]:
    """First and last name: the latter is in capitals where it can be told, else what follows."""
    words = clean_name(label).split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(word for word in words if word not in capitals), " ".join(capitals)
    return " ".join(words[:1]) if len(words) > 1 else "", " ".join(words[1:] or words).upper()


class Rights(Kind):
    """A profile a person has is one assignment for each place it holds in."""

    name, title = "rights", gettext_lazy("Rights")
    table, key, model = "droit_profil_ind", "id_droit_profil_ind", Assignment
    natural = "place"

    def batches(self) -> Iterator[list[Row]]:
        key = self.key
        managers = {row[key]: row for row in self.run.database.all("gestionnaire")}
        members = {row[key]: row for row in self.run.database.all("commission_membre")}
        commissions: dict[Any, list[Any]] = {}
        for row in self.run.database.all("gestionnaire_commission"):
            commissions.setdefault(row[key], []).append(row["id_comm"])
        profiles = {row["id_profil"]: row for row in self.run.database.all("droit_profil")}
        rows: list[Row] = []
        for batch in self.run.database.batches(self.table, key=key):
            for row in batch:
                row["type"] = text(profiles.get(row["id_profil"], {}).get("typ_profil"))
                row["member"], row["manager"] = members.get(row[key]), managers.get(row[key])
                rows += _places(row, sorted(set(commissions.get(row[key], []))))
        for begin in range(0, len(rows), BATCH):
            yield rows[begin : begin + BATCH]

    def key_of(self, row: Row) -> str:
        place = f"/{row['id_comm']}" if row["id_comm"] is not None else ""
        return f"{row[self.key]}{place}"

    def values(self, row: Row) -> dict[str, Any]:
        place = row["member"] or row["manager"] or {}
        return {
            "user_id": self._person(row),
            "role_id": self.run.needed("roles", row["id_profil"], _("The role")),
            **self._scope(row),
            "is_chair": flag((row["member"] or {}).get("tem_is_president")),
            "comment": text(place.get("commentaire")),
        }

    def _person(self, row: Row) -> int:
        found = self.run.person(row["login_ind"])
        if found is None:
            raise LeftOut(_("%(what)s was not brought.") % {"what": _("The person")})
        return found

    def _scope(self, row: Row) -> dict[str, Any]:
        """Where it holds. One of a centre or a commission that lacks its place holds nowhere:
        taken as it is it would hold everywhere."""
        nowhere = {"centre_id": None, "commission_id": None, "programme_id": None}
        if row["id_comm"] is not None:
            found = self.run.needed("commissions", row["id_comm"], _("Its commission"))
            return {**nowhere, "commission_id": found}
        if row["manager"] is not None and flag(row["manager"]["tem_all_comm_gest"]):
            centre = row["manager"]["id_ctr_cand"]
            return {**nowhere, "centre_id": self.run.needed("centres", centre, _("Its centre"))}
        if row["manager"] is not None or row["type"] not in {"A", "I", "L"}:
            raise LeftOut(_("It says neither a centre nor a commission."))
        return nowhere

    def natural_key(self, values: dict[str, Any]) -> Any:
        names = ("user_id", "role_id", "centre_id", "commission_id")
        return tuple(values[name] for name in names)

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Any]:
        people = {each["user_id"] for each in values}
        found = Assignment.objects.filter(user__in=people, programme=None)
        return {(row.user_id, row.role_id, row.centre_id, row.commission_id): row for row in found}


def _places(row: Row, commissions: list[Any]) -> Iterator[Row]:
    """The row once for each commission it names, or as it is."""
    if row["member"] is not None:
        yield {**row, "id_comm": row["member"]["id_comm"]}
    elif row["manager"] is not None and not flag(row["manager"]["tem_all_comm_gest"]):
        for key in commissions or [None]:
            yield {**row, "id_comm": key}
    else:
        yield {**row, "id_comm": None}
