"""Questions and answers of the assistance page, and messages."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.institution.pages.models import FaqEntry, Notice
from candide.integrations.ecandidat.database import Row
from candide.integrations.ecandidat.values import flag, number, text
from candide.migration.bringing import Kind
from candide.migration.fitting import LeftOut

PLACES = {"MSG_ACCUEIL": Notice.Place.HOME, "MSG_MAINTENANCE": Notice.Place.MAINTENANCE}
MOST = 32_767  # of a small number in the database


class FaqEntries(Kind):
    name, title = "faq", gettext_lazy("Questions and answers")
    table, key, model = "faq", "id_faq", FaqEntry

    def values(self, row: Row) -> dict[str, Any]:
        question = self.words(row, "id_i18n_question_faq", row["lib_faq"])
        answer = self.prose(row, "id_i18n_reponse_faq")
        if not any(answer.data.values()):
            raise LeftOut(_("It has no answer."))
        return {
            "code": f"ecandidat-{row['id_faq']}",
            "position": min(max(number(row["order_faq"]) or 0, 0), MOST),
            "question": question,
            "answer": answer,
        }


class Notices(Kind):
    name, title = "notices", gettext_lazy("Messages")
    table, key, model = "message", "cod_msg", Notice
    natural = ""

    def values(self, row: Row) -> dict[str, Any]:
        place = PLACES.get(text(row["cod_msg"]))
        if place is None:
            raise LeftOut(_("It is shown nowhere here."))
        words = self.prose(row, "id_i18n_val_msg")
        if not any(words.data.values()):
            raise LeftOut(_("It says nothing."))
        return {"place": place, "text": words, "is_active": flag(row["tes_msg"])}
