"""Applications to archived campaigns, with what was decided, given and written about them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, ItemStatus
from candide.admissions.applications.models import (
    Answer,
    Application,
    DocumentVersion,
    FormAnswer,
    SubmittedDocument,
)
from candide.admissions.candidates.models import Candidate
from candide.admissions.correspondence.models import LONGEST_NOTE, Note
from candide.admissions.decisions.domain.current import shown_of_decisions
from candide.admissions.decisions.models import Decision
from candide.admissions.tags.models import Tagging
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Campaign, Institution
from candide.institution.reference.models import FeeExemption, StudyRegime
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import Question
from candide.integrations.ecandidat.database import BATCH, Row
from candide.integrations.ecandidat.values import day, flag, hour, number, text
from candide.migration.bringing import Bringing, ChildKind
from candide.migration.fitting import LeftOut
from candide.migration.kinds.organisation import ROUTES, Openings
from candide.migration.kinds.parameters import STATUSES
from candide.migration.reference import nomenclature

ITEMS = {
    "TR": ItemStatus.SUBMITTED,
    "VA": ItemStatus.APPROVED,
    "RE": ItemStatus.REFUSED,
    "NC": ItemStatus.NOT_APPLICABLE,
}
YES_NO = {"O": True, "OUI": True, "TRUE": True, "1": True}
SEPARATOR = "{;}"
# What archived applications keep of their programme's dates.
KEPT = re.compile(r"(?:dat_(?!cre|mod)\w+|delai_\w+)_form")


def campaigns_of(run: Bringing, rows: list[Row]) -> None:
    """Add to applications the campaign of the account they were made with."""
    people = run.database.of("candidat", "id_candidat", {row["id_candidat"] for row in rows})
    account_of = {row["id_candidat"]: row["id_cpt_min"] for row in people}
    accounts = run.database.of("compte_minima", "id_cpt_min", set(account_of.values()) - {None})
    account = {row["id_cpt_min"]: row for row in accounts}
    for row in rows:
        mine = account.get(account_of.get(row["id_candidat"]), {})
        row["id_camp"] = mine.get("id_camp")
        row["logins"] = sorted(
            {text(mine.get("login_cpt_min")), text(mine.get("num_dossier_opi_cpt_min"))} - {""}
        )


def campaign_of(run: Bringing, row: Row) -> Campaign:
    """The archived campaign of an application. Raises `LeftOut`."""
    pk = run.needed("campaigns", row["id_camp"], _("Its campaign"))
    campaign = run.once(("campaign", pk), lambda: Campaign.objects.filter(pk=pk).first())
    if campaign is None or campaign.archived_at is None:
        raise LeftOut(_("Its campaign is not archived: applications under way are not brought."))
    return campaign


class PastOpenings(Openings):
    """The openings of archived campaigns, with the dates their applications kept."""

    name, title = "past_openings", gettext_lazy("Openings of past campaigns")

    def batches(self) -> Iterator[list[Row]]:
        pairs = dict(sorted(self._pairs().items()))
        form_ids = {form for form, _campaign in pairs}
        programmes = {
            row["id_form"]: row for row in self.run.database.of("formation", "id_form", form_ids)
        }
        rows = [
            {**programmes[form], "id_camp": campaign, "kept": kept}
            for (form, campaign), kept in pairs.items()
            if form in programmes
        ]
        for begin in range(0, len(rows), BATCH):
            yield rows[begin : begin + BATCH]

    def _pairs(self) -> dict[tuple[Any, Any], dict[str, Any]]:
        """(programme, campaign) and the dates of the first application that kept some."""
        found: dict[tuple[Any, Any], dict[str, Any]] = {}
        for rows in Applications(self.run).batches():
            campaigns_of(self.run, rows)
            for row in rows:
                try:
                    campaign_of(self.run, row)
                except LeftOut:
                    continue
                kept = {name: row[name] for name in row if KEPT.fullmatch(name)}
                pair = (row["id_form"], row["id_camp"])
                if not any(value is not None for value in found.get(pair, {}).values()):
                    found[pair] = kept
        return found

    def dates(self, row: Row, campaign: Campaign) -> dict[str, Any]:
        bare = {name: None if KEPT.fullmatch(name) else value for name, value in row.items()}
        return super().dates({**bare, **row["kept"]}, campaign)


class Applications(ChildKind):
    name, title = "applications", gettext_lazy("Applications to past campaigns")
    table, key, model = "candidature", "id_cand", Application
    parent, parent_column = "candidates", "id_candidat"
    natural = "pair"
    is_told = True
    follows_changes = False

    def prepare(self, rows: list[Row]) -> None:
        campaigns_of(self.run, rows)
        keys = self.run.find_all(self.parent, (row[self.parent_column] for row in rows))
        self.users = dict(Candidate.objects.filter(pk__in=keys).values_list("pk", "user_id"))

    def values(self, row: Row) -> dict[str, Any]:
        candidate, campaign = self.owner(row), campaign_of(self.run, row)
        if candidate not in self.users:
            raise LeftOut(_("The candidate was erased here since."))
        opening = f"{row['id_form']}/{row['id_camp']}"
        made = self.run.aware(row["dat_cre_cand"]) or campaign.archived_at
        cancelled = self.run.aware(row["dat_annul_cand"])
        fee = row["mnt_charge_cand"]
        return {
            "candidate_id": candidate,
            "intake_id": self.run.needed("past_openings", opening, _("Its opening")),
            "created_at": made,
            "created_by_id": self._who(row, "user_cre_cand", candidate),
            "is_proposal": flag(row["tem_proposition_cand"]),
            **self._dossier(row),
            "route": ROUTES.get(text(row["cod_typ_trait"]), AdmissionRoute.UNDETERMINED),
            "is_route_confirmed": flag(row["tem_valid_typ_trait_cand"]),
            "acceptance_extended_to": day(row["dat_new_confirm_cand"]),
            **({} if cancelled else self._answer(row, candidate, made)),
            "cancelled_at": cancelled,
            "cancelled_by_id": self._who(row, "user_annul_cand", candidate) if cancelled else None,
            "archived_at": campaign.archived_at,
            "fee_amount": fee if isinstance(fee, Decimal) and fee >= 0 else None,
            "fee_exemption_id": nomenclature(self.run, FeeExemption, row.get("cod_cat_exo_ext")),
            "exemption_note": text(row.get("comp_exo_ext_cand")),
            "study_regime_id": nomenclature(self.run, StudyRegime, row.get("cod_rgi")),
        }

    def _dossier(self, row: Row) -> dict[str, Any]:
        return {
            "dossier_status": STATUSES.get(text(row["cod_typ_statut"]), DossierStatus.AWAITED),
            "status_changed_at": self.run.aware(row["dat_mod_typ_statut_cand"]),
            "transmitted_at": self.run.aware(row["dat_trans_dossier_cand"]),
            "received_on": day(row["dat_recept_dossier_cand"]),
            "complete_on": day(row["dat_complet_dossier_cand"]),
            "incomplete_on": day(row["dat_incomplet_dossier_cand"]),
            "documents_extended_to": day(row["dat_new_retour_cand"]),
        }

    def _answer(self, row: Row, candidate: int, made: Any) -> dict[str, Any]:
        if row["tem_accept_cand"] is None:
            return {}
        accepted = flag(row["tem_accept_cand"])
        moment = self.run.aware(row["dat_accept_cand"]) or self.run.aware(row["dat_mod_cand"])
        return {
            "answer": CandidateAnswer.ACCEPTED if accepted else CandidateAnswer.WITHDRAWN,
            "answered_at": moment or made,
            "answered_by_id": self._who(row, "user_accept_cand", candidate),
        }

    def _who(self, row: Row, column: str, candidate: int) -> int | None:
        """The candidate or somebody of the staff, who are told by their logins."""
        login = text(row[column])
        if login in row["logins"]:
            return self.users[candidate]
        return self.run.person(login)

    def natural_key(self, values: dict[str, Any]) -> Any:
        if values["cancelled_at"] is not None:
            return None
        return (values["candidate_id"], values["intake_id"])

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Any]:
        candidates = {each["candidate_id"] for each in values}
        found = Application.objects.live().filter(candidate__in=candidates)
        return {(row.candidate_id, row.intake_id): row for row in found}


class ApplicationChild(ChildKind):
    parent, parent_column = "applications", "id_cand"
    follows_changes = False

    def key_of(self, row: Row) -> str:
        return f"{row[self.key]}/{row['id_cand']}"

    def order(self, row: Row) -> Any:
        return (row["id_cand"], row[self.key])


class Decisions(ApplicationChild):
    """All of an application are in one batch; the last one that was not validated is its draft."""

    name, title = "decisions", gettext_lazy("Decisions")
    table, key, model = "type_decision_candidature", "id_type_dec_cand", Decision

    def key_of(self, row: Row) -> str:
        return str(row[self.key])

    def prepare(self, rows: list[Row]) -> None:
        keys = self.run.find_all(self.parent, (row["id_cand"] for row in rows))
        cancelled = Application.objects.filter(pk__in=keys, cancelled_at__isnull=False)
        self.cancelled = set(cancelled.values_list("pk", flat=True))
        self.drafts = {row["id_cand"]: row[self.key] for row in rows if not _is_validated(row)}

    def values(self, row: Row) -> dict[str, Any]:
        application = self.owner(row)
        if application in self.cancelled:
            raise LeftOut(_("The application was cancelled: nothing is decided of it."))
        validated = _is_validated(row)
        if not validated and self.drafts[row["id_cand"]] != row[self.key]:
            raise LeftOut(_("A later draft took its place."))
        made = self.run.aware(row["dat_cre_type_dec_cand"]) or self.run.now
        released = self.run.aware(row["dat_valid_type_dec_cand"]) or made
        return {
            "application_id": application,
            "type_id": self.run.needed("decision_types", row["id_typ_dec"], _("Its type")),
            "reason_id": self.run.find("reasons", row["id_motiv"]),
            "rank": _rank(row["list_comp_rang_typ_dec_cand"]),
            "current_rank": _rank(row.get("list_comp_rang_reel_typ_dec_cand")),
            "shortlist_place": text(row["preselect_lieu_type_dec_cand"]),
            "shortlist_on": day(row["preselect_date_type_dec_cand"]),
            "shortlist_time": hour(row["preselect_heure_type_dec_cand"]),
            "comment": text(row["comment_type_dec_cand"]),
            "is_appeal": flag(row["tem_appel_type_dec_cand"]),
            "created_at": made,
            "released_at": max(released, made) if validated else None,
        }

    def written(self, pairs: list[tuple[Row, Any]]) -> None:
        """The columns that show of the application what was decided."""
        keys = {decision.application_id for _row, decision in pairs}
        of: dict[int, list[Decision]] = defaultdict(list)
        found = Decision.objects.filter(application__in=keys).select_related("type")
        for decision in found.order_by("released_at", "pk"):
            of[decision.application_id].append(decision)
        institution = Institution.current()
        applications = Application.objects.with_offer().filter(pk__in=keys).order_by("pk")
        alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
        for application in applications:
            shown = shown_of_decisions(application, of[application.pk], institution)
            alike[tuple(sorted(shown.items()))].append(application.pk)
        for values, mine in alike.items():
            Application.objects.filter(pk__in=mine).update(**dict(values))


def _is_validated(row: Row) -> bool:
    return flag(row["tem_valid_type_dec_cand"])


def _rank(value: Any) -> int | None:
    found = number(value)
    return found if found is not None and found >= 1 else None


class Given(ApplicationChild):
    """What was given for a document; its file follows (`migration/files.py`)."""

    name, title = "given", gettext_lazy("Documents given")
    table, key, model = "pj_cand", "id_pj", DocumentVersion

    def prepare(self, rows: list[Row]) -> None:
        keys = self.run.find_all(self.parent, (row["id_cand"] for row in rows))
        self.candidates = dict(
            Application.objects.filter(pk__in=keys).values_list("pk", "candidate")
        )

    def values(self, row: Row) -> dict[str, Any]:
        application = self.owner(row)
        status = ITEMS.get(text(row["cod_typ_statut_piece"]))
        if status is None:
            raise LeftOut(_("Nothing was given."))
        is_checked = status in {ItemStatus.APPROVED, ItemStatus.REFUSED}
        given = self.run.aware(row["dat_cre_pj_cand"]) or self.run.now
        return {
            "candidate_id": self.candidates[application],
            "requirement_id": self.run.needed("documents", row["id_pj"], _("The document")),
            "given_at": given,
            "status": status,
            "comment": text(row["comment_pj_cand"]),
            "checked_at": self.run.aware(row["dat_mod_statut_pj_cand"]) if is_checked else None,
            "checked_in_id": application if is_checked else None,
        }

    def written(self, pairs: list[tuple[Row, Any]]) -> None:
        SubmittedDocument.objects.bulk_create(
            (
                SubmittedDocument(
                    application_id=self.owner(row),
                    requirement_id=version.requirement_id,
                    version=version,
                )
                for row, version in pairs
            ),
            ignore_conflicts=True,
        )


class Answers(ApplicationChild):
    name, title = "answers", gettext_lazy("Answers to questions")
    table, key, model = "question_cand", "id_question", Answer

    def values(self, row: Row) -> dict[str, Any]:
        question = self.run.needed("questions", row["id_question"], _("The question"))
        status = ITEMS.get(text(row.get("cod_typ_statut_piece")), ItemStatus.SUBMITTED)
        said = text(row["reponse_question_cand"])
        if not said and status != ItemStatus.NOT_APPLICABLE:
            raise LeftOut(_("It was not answered."))
        kinds = self.run.once("kinds", lambda: dict(Question.objects.values_list("pk", "kind")))
        is_yes_no = kinds.get(question) == QuestionKind.YES_NO
        value = (YES_NO.get(said.upper(), False) if is_yes_no else said) if said else None
        return {
            "application_id": self.owner(row),
            "question_id": question,
            "value": value,
            "status": status,
            "answered_at": self.run.aware(row["dat_mod_question_cand"]) or self.run.now,
        }


class FormAnswers(ApplicationChild):
    """What LimeSurvey gave back for an application."""

    name, title = "form_answers", gettext_lazy("Answers to external forms")
    table, key, model = "formulaire_candidature", "id_formulaire_limesurvey", FormAnswer

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "application_id": self.owner(row),
            "form_id": self.run.needed("forms", self._form(row), _("The form")),
            "status": ItemStatus.SUBMITTED,
            "answers": [_line(said) for said in self._said(row) if said.strip()],
            "reference": str(row[self.key]),
            "received_at": self.run.aware(row["dat_reponse_formulaire_cand"]) or self.run.now,
        }

    def _form(self, row: Row) -> Any:
        forms = self.run.once(
            "surveys",
            lambda: {
                each["id_formulaire_limesurvey"]: each["id_formulaire"]
                for each in self.run.database.all("formulaire")
            },
        )
        return forms.get(row[self.key])

    def _said(self, row: Row) -> list[str]:
        return text(row["reponses_formulaire_cand"]).split(SEPARATOR)


def _line(said: str) -> dict[str, str]:
    question, _colon, answer = said.partition(" : ")
    return {"question": question.strip(), "answer": answer.strip()}


class NotConcerned(ApplicationChild):
    """Forms the candidate said not to be concerned by."""

    name, title = "forms_not_concerned", gettext_lazy("Forms that do not concern them")
    table, key, model = "formulaire_cand", "id_formulaire", FormAnswer

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "application_id": self.owner(row),
            "form_id": self.run.needed("forms", row["id_formulaire"], _("The form")),
            "status": ItemStatus.NOT_APPLICABLE,
            "received_at": self.run.aware(row["dat_cre_formulaire_cand"]) or self.run.now,
        }


class Notes(ApplicationChild):
    name, title = "notes", gettext_lazy("Notes")
    table, key, model = "post_it", "id_post_it", Note

    def key_of(self, row: Row) -> str:
        return str(row[self.key])

    def values(self, row: Row) -> dict[str, Any]:
        said = text(row["message_post_it"])[:LONGEST_NOTE]
        if not said:
            raise LeftOut(_("It says nothing."))
        return {
            "application_id": self.owner(row),
            "author_id": self.run.person(row["user_cre_post_it"]),
            "text": said,
            "written_at": self.run.aware(row["dat_cre_post_it"]) or self.run.now,
        }


class Taggings(ApplicationChild):
    name, title = "taggings", gettext_lazy("Tags of applications")
    table, key, model = "tag_candidature", "id_tag", Tagging

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "application_id": self.owner(row),
            "tag_id": self.run.needed("tags", row["id_tag"], _("The tag")),
            "added_at": self.run.now,
        }


ALL = (
    PastOpenings,
    Applications,
    Decisions,
    Given,
    Answers,
    FormAnswers,
    NotConcerned,
    Notes,
    Taggings,
)
