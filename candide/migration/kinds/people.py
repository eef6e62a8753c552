"""Candidates: their accounts, and what their files say. An account is of one campaign there and
lasts here: those with the same address are one, whose latest file is taken."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.candidates.domain.identity import search_text
from candide.admissions.candidates.domain.ine import normalise
from candide.admissions.candidates.enums import Civility, IneState, StudyResult
from candide.admissions.candidates.models import (
    Address,
    Baccalaureate,
    Candidate,
    ExternalStudies,
    InternalStudies,
    Internship,
    WorkExperience,
)
from candide.institution.accounts.domain.words import clean_name
from candide.institution.accounts.models import IssuedFileNumber, User
from candide.institution.reference.models import (
    BaccalaureateOption,
    BaccalaureateSeries,
    DiplomaFamily,
    Speciality,
)
from candide.integrations.ecandidat.database import Row
from candide.integrations.ecandidat.values import day, email, flag, number, text
from candide.migration import reference
from candide.migration.bringing import Bringing, ChildKind, Kind
from candide.migration.fitting import LeftOut
from candide.migration.kinds.organisation import began
from candide.migration.report import Verdict

# A town of birth must be given; where they have none, this stands for it.
UNKNOWN_TOWN = "INCONNUE"
LONGEST_INE = 11
FIRST_YEAR, LAST_YEAR = 1940, 2100


def chosen_campaigns(run: Bringing) -> list[Row]:
    """Those whose candidates are brought, the latest first: all that are not destroyed, or those
    that were named."""
    rows = sorted(run.database.all("campagne"), key=began, reverse=True)
    return [
        row
        for row in rows
        if row["dat_destruct_effec_camp"] is None
        and (not run.campaigns or text(row["cod_camp"]) in run.campaigns)
    ]


class Accounts(Kind):
    name, title = "accounts", gettext_lazy("Accounts of candidates")
    table, key, model = "compte_minima", "id_cpt_min", User
    natural = "email"
    in_bulk = joins_doubles = True
    follows_changes = False

    def batches(self) -> Iterator[list[Row]]:
        for campaign in chosen_campaigns(self.run):
            yield from self.run.database.batches(
                self.table, key=self.key, id_camp=campaign["id_camp"]
            )

    def total(self) -> int | None:
        return self.run.database.count(self.table)

    def prepare(self, rows: list[Row]) -> None:
        keys = [row[self.key] for row in rows]
        spoken = {
            row[self.key]: text(row["cod_langue"])
            for row in self.run.database.of("candidat", self.key, keys)
        }
        for row in rows:
            row["language"] = spoken.get(row[self.key], "")

    def values(self, row: Row) -> dict[str, Any]:
        if not flag(row["tem_valid_cpt_min"]):
            raise LeftOut(_("Never validated there."))
        made = self.run.aware(row["dat_cre_cpt_min"]) or self.run.now
        spoken = {code for code, _name in settings.LANGUAGES}
        language = row["language"]
        return {
            "email": email(row["mail_perso_cpt_min"]),
            "last_name": clean_name(text(row["nom_cpt_min"])).upper(),
            "first_name": clean_name(text(row["prenom_cpt_min"])),
            "file_number": text(row["num_dossier_opi_cpt_min"]).upper(),
            "language": language if language in spoken else settings.LANGUAGE_CODE,
            "student_number": self._student_number(row),
            "password": self.run.once("no password", lambda: make_password(None)),
            "has_local_password": False,
            "created_at": made,
            "activated_at": made,
        }

    def _student_number(self, row: Row) -> str:
        """One account has it."""
        found = text(row["supann_etu_id_cpt_min"])
        taken = self.run.once(
            "student numbers",
            lambda: set(User.objects.values_list("student_number", flat=True)) - {""},
        )
        if found in taken:
            self.note(_("Another account has this student number."))
            return ""
        if found:
            taken.add(found)
        return found

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Any]:
        found = User.objects.filter(email__in={each["email"] for each in values})
        return {user.email.lower(): user for user in found}

    def twin(self, row: Row, values: dict[str, Any], standing: Any) -> None:
        if not standing.is_candidate:
            raise LeftOut(_("Somebody who works here has this address."))


@transaction.atomic
def bring_file_numbers(run: Bringing) -> None:
    """Every number that was ever given there, so that none is given again."""
    kind = "file_numbers"
    line = run.report.begin(kind, _("File numbers that were given"))
    for rows in run.database.batches("histo_num_dossier", key="num_dossier"):
        line.read += len(rows)
        numbers = {text(row["num_dossier"]).upper() for row in rows}
        known = set(
            IssuedFileNumber.objects.filter(number__in=numbers).values_list("number", flat=True)
        )
        IssuedFileNumber.objects.bulk_create(
            IssuedFileNumber(number=each, issued_at=run.now) for each in sorted(numbers - known)
        )
        run.report.count(kind, "", Verdict.MADE, number=len(numbers - known))
        run.report.count(kind, "", Verdict.THERE, number=len(rows) - len(numbers - known))


class Candidates(ChildKind):
    name, title = "candidates", gettext_lazy("Candidates")
    table, key, model = "candidat", "id_candidat", Candidate
    parent, parent_column = "accounts", "id_cpt_min"
    is_told = True
    natural = "user_id"
    joins_doubles = True
    follows_changes = False

    def prepare(self, rows: list[Row]) -> None:
        keys = self.run.find_all(self.parent, (row[self.parent_column] for row in rows))
        self.users = User.objects.in_bulk(keys)

    def values(self, row: Row) -> dict[str, Any]:
        user = self.users.get(self.owner(row))
        if user is None:
            raise LeftOut(_("The account was deleted here since."))
        born_on = day(row["dat_naiss_candidat"])
        if born_on is None:
            raise LeftOut(_("The date of birth is missing."))
        abroad = reference.country(self.run, row["cod_pay_naiss"])
        nationality = reference.country(self.run, row["cod_pay_nat"])
        if abroad is None or nationality is None:
            raise LeftOut(_("The country of birth or the nationality is unknown here."))
        ine, state = self._ine(row)
        values = {
            "civility": _civility(text(row["cod_civ"])),
            "birth_name": text(row["nom_pat_candidat"]).upper(),
            "usual_name": text(row["nom_usu_candidat"]).upper(),
            "first_name": text(row["prenom_candidat"]).upper(),
            "other_first_name": text(row["autre_pren_candidat"]).upper(),
            "born_on": born_on,
            "birth_country_id": abroad,
            "birth_department_id": reference.department(self.run, row["cod_dep_naiss_candidat"]),
            "birth_city": self._town(row),
            "nationality_id": nationality,
            "ine": ine,
            "ine_state": state,
            "phone": text(row["tel_candidat"]),
            "mobile": text(row["tel_port_candidat"]),
            "is_imported": not flag(row["tem_updatable_candidat"], default=True),
        }
        return {
            **values,
            "user_id": user.pk,
            "search_text": search_text(Candidate(user=user, **values)),
        }

    def _town(self, row: Row) -> str:
        town = text(row["lib_ville_naiss_candidat"]).upper()
        if not town:
            town = reference.commune_name(self.run, row.get("cod_com_naiss_candidat")).upper()
        if not town:
            self.note(_("The town of birth is missing."))
        return town or UNKNOWN_TOWN

    def _ine(self, row: Row) -> tuple[str, IneState]:
        """With its key; claimed where somebody holds it already."""
        ine = normalise(f"{text(row['ine_candidat'])}{text(row['cle_ine_candidat'])}")
        if len(ine) > LONGEST_INE:
            self.note(_("The INE is none, and was left out."))
            ine = ""
        if not ine:
            return "", IneState.NONE
        held = self.run.once(
            "ines",
            lambda: set(
                Candidate.objects.filter(ine_state=IneState.CONFIRMED).values_list("ine", flat=True)
            ),
        )
        if ine in held:
            return ine, IneState.CLAIMED
        held.add(ine)
        return ine, IneState.CONFIRMED

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Any]:
        users = {each["user_id"] for each in values}
        return {row.user_id: row for row in Candidate.objects.filter(user__in=users)}

    def twin(self, row: Row, values: dict[str, Any], standing: Any) -> None:
        if standing.born_on != values["born_on"]:
            raise LeftOut(_("Somebody born another day has this address."))


def _civility(code: str) -> str:
    """« M. », « Mr »; « Mme », « Mlle »."""
    return Civility.MR if code.rstrip(".").upper() in {"M", "MR"} else Civility.MRS


# -- Their files -----------------------------------------------------------------------------------


class FileKind(ChildKind):
    """A part of the file; that of somebody who had one here stays as it is."""

    parent, parent_column = "candidates", "id_candidat"
    follows_changes = False

    def owner(self, row: Row) -> int:
        brought = self.run.memory.of(self.parent).get(str(row[self.parent_column]))
        if brought is not None and not brought.was_made:
            raise LeftOut(_("The candidate has a later file, which was kept."))
        return super().owner(row)

    def place(self, row: Row) -> dict[str, Any]:
        """Where an establishment is; its name, where we do not know it."""
        school = reference.school(self.run, row["cod_etb"])
        return {
            "country_id": reference.country(self.run, row["cod_pay"]),
            "department_id": reference.department(self.run, row["cod_dep"]),
            "commune_id": reference.commune(self.run, row["cod_com"]),
            "school_id": school,
            "school_name": "" if school else reference.school_name(self.run, row["cod_etb"]),
        }

    def year(self, value: Any) -> int | None:
        found = number(value)
        return found if found is not None and FIRST_YEAR <= found <= LAST_YEAR else None

    def needed_year(self, value: Any) -> int:
        found = self.year(value)
        if found is None:
            raise LeftOut(_("The year is missing."))
        return found


class Addresses(FileKind):
    """Of those who have one: a candidate names it."""

    name, title = "addresses", gettext_lazy("Addresses of candidates")
    table, key, model = "candidat", "id_candidat", Address

    def batches(self) -> Iterator[list[Row]]:
        for rows in super().batches():
            ids = [row["id_adr"] for row in rows if row["id_adr"] is not None]
            found = {row["id_adr"]: row for row in self.run.database.of("adresse", "id_adr", ids)}
            yield [
                {"id_candidat": row["id_candidat"], **found[row["id_adr"]]}
                for row in rows
                if row["id_adr"] in found
            ]

    def total(self) -> int | None:
        return None

    def values(self, row: Row) -> dict[str, Any]:
        candidate, country = self.owner(row), reference.country(self.run, row["cod_pay"])
        lines = [each for each in (text(row[f"adr{place}_adr"]) for place in (1, 2, 3)) if each]
        if country is None or not lines:
            raise LeftOut(_("The address has no first line, or a country that is unknown here."))
        return {
            "candidate_id": candidate,
            "country_id": country,
            "postcode": text(row["cod_bdi_adr"])[:5],
            "commune_id": reference.commune(self.run, row["cod_com"]),
            "foreign_city": text(row["lib_com_etr_adr"]),
            **{f"line_{place}": line for place, line in enumerate(lines, start=1)},
        }


class Baccalaureates(FileKind):
    name, title = "baccalaureates", gettext_lazy("Baccalaureates")
    table, key, model = "candidat_bac_ou_equ", "id_candidat", Baccalaureate

    def values(self, row: Row) -> dict[str, Any]:
        candidate = self.owner(row)
        series = reference.nomenclature(self.run, BaccalaureateSeries, row["cod_bac"])
        if series is None:
            raise LeftOut(_("The series is unknown."))
        return {
            "candidate_id": candidate,
            "series_id": series,
            "year": self.year(row["annee_obt_bac"]),
            "honours_id": reference.honours(self.run, row["cod_mnb"], of_baccalaureate=True),
            **self.place(row),
            **{
                f"{ours}_id": reference.nomenclature(self.run, model, row.get(theirs))
                for ours, model, theirs in CHOSEN
            },
            "is_imported": not flag(row["tem_updatable_bac"], default=True),
        }


CHOSEN = (
    ("speciality_1", Speciality, "cod_spe1_bac_ter"),
    ("speciality_2", Speciality, "cod_spe2_bac_ter"),
    ("speciality_dropped", Speciality, "cod_spe_bac_pre"),
    ("option_1", BaccalaureateOption, "cod_opt1_bac"),
    ("option_2", BaccalaureateOption, "cod_opt2_bac"),
    ("option_3", BaccalaureateOption, "cod_opt3_bac"),
    ("option_4", BaccalaureateOption, "cod_opt4_bac"),
)
RESULTS = {
    "O": StudyResult.OBTAINED,
    "N": StudyResult.NOT_OBTAINED,
    "E": StudyResult.IN_PROGRESS,
}


class StudiesElsewhere(FileKind):
    name, title = "external_studies", gettext_lazy("Studies elsewhere")
    table, key, model = "candidat_cursus_post_bac", "id_cursus", ExternalStudies

    def values(self, row: Row) -> dict[str, Any]:
        candidate, place = self.owner(row), self.place(row)
        family = reference.nomenclature(self.run, DiplomaFamily, row["cod_dac"])
        if family is None or place["country_id"] is None:
            raise LeftOut(_("The diploma or the country is unknown."))
        return {
            "candidate_id": candidate,
            **place,
            "year": self.needed_year(row["annee_univ_cursus"]),
            "family_id": family,
            "label": text(row["lib_cursus"]),
            "result": RESULTS.get(text(row["obtenu_cursus"]), StudyResult.NOT_OBTAINED),
            "honours_id": reference.honours(self.run, row["cod_men"], of_baccalaureate=False),
        }


class StudiesHere(FileKind):
    name, title = "internal_studies", gettext_lazy("Studies here")
    table, key, model = "candidat_cursus_interne", "id_cursus_interne", InternalStudies

    def values(self, row: Row) -> dict[str, Any]:
        code = text(row["cod_vet_cursus_interne"])
        result, honours = text(row["cod_tre_cursus_interne"]), text(row["cod_men_cursus_interne"])
        return {
            "candidate_id": self.owner(row),
            "year": text(row["annee_univ_cursus_interne"]),
            "code": code,
            "label": text(row["lib_cursus_interne"]) or code,
            "result": reference.label_of(self.run, reference.RESULTS, result) or result,
            "honours": reference.label_of(self.run, reference.HONOURS[1], honours) or honours,
            "mark": text(row.get("not_vet_cursus_interne")),
            "scale": text(row.get("bar_not_vet_cursus_interne")),
        }


class Internships(FileKind):
    name, title = "internships", gettext_lazy("Internships")
    table, key, model = "candidat_stage", "id_stage", Internship

    def values(self, row: Row) -> dict[str, Any]:
        hours = number(row["nb_h_sem_stage"])
        return {
            "candidate_id": self.owner(row),
            "year": self.needed_year(row["annee_stage"]),
            "duration": text(row["duree_stage"]),
            "weekly_hours": hours if hours is not None and 0 <= hours <= 168 else None,
            "organisation": text(row["organisme_stage"]),
            "description": text(row["descriptif_stage"]),
        }


class Jobs(FileKind):
    name, title = "work_experiences", gettext_lazy("Work experience")
    table, key, model = "candidat_cursus_pro", "id_cursus_pro", WorkExperience

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "candidate_id": self.owner(row),
            "year": self.needed_year(row["annee_cursus_pro"]),
            "title": text(row["intitule_cursus_pro"]),
            "duration": text(row["duree_cursus_pro"]),
            "organisation": text(row["organisme_cursus_pro"]),
            "description": text(row["objectif_cursus_pro"]),
        }


ALL = (
    Accounts,
    Candidates,
    Addresses,
    Baccalaureates,
    StudiesElsewhere,
    StudiesHere,
    Internships,
    Jobs,
)
