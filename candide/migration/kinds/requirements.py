"""Documents, questions and forms programmes ask for."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import (
    Asked,
    DocumentRequirement,
    ExternalForm,
    Question,
)
from candide.integrations.ecandidat.database import Row
from candide.integrations.ecandidat.values import flag, number, text
from candide.migration.bringing import Kind
from candide.migration.kinds.organisation import ROUTES


class AskedKind(Kind):
    """What the three have in common; `ending` is that of their columns, `links` the table that
    says which programmes ask for it."""

    ending: ClassVar[str]
    links: ClassVar[str]

    def prepare(self, rows: list[Row]) -> None:
        of: dict[Any, list[Any]] = {}
        for each in self.run.database.of(self.links, self.key, [row[self.key] for row in rows]):
            of.setdefault(each[self.key], []).append(each["id_form"])
        for row in rows:
            row["programmes"] = sorted(of.get(row[self.key], []))

    def values(self, row: Row) -> dict[str, Any]:
        centre = row.get("id_ctr_cand")
        if centre is not None:
            centre = self.run.needed("centres", centre, _("Its centre"))
        is_common = flag(row[f"tem_commun_{self.ending}"])
        return {
            "code": text(row[f"cod_{self.ending}"]),
            "label": self.words(row, f"id_i18n_lib_{self.ending}", row[f"lib_{self.ending}"]),
            "centre_id": centre,
            "is_common": is_common,
            "is_unique": not is_common or not flag(row.get(f"tem_unicite_{self.ending}")),
            "is_conditional": flag(row[f"tem_conditionnel_{self.ending}"]),
            "is_active": flag(row[f"tes_{self.ending}"]),
        }

    def written(self, pairs: list[tuple[Row, Asked]]) -> None:
        for row, asked in pairs:
            found = [self.run.find("programmes", key) for key in row["programmes"]]
            asked.programmes.set([pk for pk in found if pk is not None])


class Documents(AskedKind):
    name, title = "documents", gettext_lazy("Documents asked for")
    table, key, model = "piece_justif", "id_pj", DocumentRequirement
    ending, links = "pj", "pj_form"

    def values(self, row: Row) -> dict[str, Any]:
        return {
            **super().values(row),
            "position": max(number(row.get("order_pj")) or 0, 0) or None,
            "route": _route(row),
            "sis_code": text(row.get("cod_apo_pj")),
        }


def _route(row: Row) -> str:
    """AC or AD alone; for all routes it is empty."""
    found = ROUTES.get(text(row.get("cod_typ_trait")), "")
    return "" if found == AdmissionRoute.UNDETERMINED else found


class Questions(AskedKind):
    name, title = "questions", gettext_lazy("Questions")
    table, key, model = "question", "id_question", Question
    ending, links = "question", "question_form"

    def values(self, row: Row) -> dict[str, Any]:
        is_yes_no = text(row["typ_question"]).upper() == "B"
        return {
            **super().values(row),
            "kind": QuestionKind.YES_NO if is_yes_no else QuestionKind.LONG_TEXT,
            "max_length": 1000,
        }


class Forms(AskedKind):
    name, title = "forms", gettext_lazy("External forms")
    table, key, model = "formulaire", "id_formulaire", ExternalForm
    ending, links = "formulaire", "formulaire_form"

    def values(self, row: Row) -> dict[str, Any]:
        values = {**super().values(row), "url": self.words(row, "id_i18n_url_formulaire")}
        if not any(values["url"].data.values()):
            self.note(_("It has no address any more: say it here."))
        return values
