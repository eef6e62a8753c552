"""Texts of mails, types of decision, reasons, tags, and marks of silence."""

import colorsys
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.admissions.tags.enums import TagColour
from candide.admissions.tags.models import Tag
from candide.institution.catalogue.enums import TacitTone
from candide.institution.catalogue.models import TacitThreshold
from candide.institution.mails.domain.texts import BODY_LENGTH, SUBJECT_LENGTH
from candide.institution.mails.kinds import Mail, find_kind, kinds
from candide.institution.mails.models import MailTemplate
from candide.institution.mails.syntax import problems, unknown_variables
from candide.integrations.ecandidat.database import Row
from candide.integrations.ecandidat.values import flag, moment, number, text
from candide.migration.bringing import Kind
from candide.migration.fitting import LeftOut

OUTCOMES = {
    "FA": Outcome.FAVOURABLE,
    "DE": Outcome.UNFAVOURABLE,
    "LC": Outcome.RESERVE_LIST,
    "LA": Outcome.WAITING_LIST,
    "PR": Outcome.SHORTLISTED,
}
# What it writes itself when it is installed is not worth bringing.
UNTOUCHED = timedelta(seconds=2)


class Mails(Kind):
    """A model of theirs becomes the institution's text of the same mail here; another one becomes
    a text of its own, which a type of decision picks."""

    name, title = "mails", gettext_lazy("Texts of mails")
    table, key, model = "mail", "id_mail", MailTemplate
    natural = "name"

    def values(self, row: Row) -> dict[str, Any]:
        is_model = flag(row["tem_is_modele_mail"])
        kind = _model_kind(text(row["cod_mail"])) if is_model else self._own_kind(row)
        if is_model and _is_untouched(row):
            raise LeftOut(_("Never changed there: Candide’s own text stands."))
        subject, body = self._said(row, kind)
        return {
            "kind": kind.code,
            "centre_id": None if is_model else self._centre(row),
            "name": "" if is_model else self._free_name(row),
            "subject": subject,
            "body": body,
            "is_enabled": flag(row["tes_mail"]) or kind.is_required,
        }

    def _own_kind(self, row: Row) -> type[Mail]:
        outcome = OUTCOMES.get(text(row["cod_typ_avis"]))
        if outcome is None:
            raise LeftOut(_("No decision sends it."))
        return policy_of(outcome).mail

    def _centre(self, row: Row) -> int | None:
        if row.get("id_ctr_cand") is None:
            return None
        return self.run.needed("centres", row["id_ctr_cand"], _("Its centre"))

    def _free_name(self, row: Row) -> str:
        """Its label, unless another text of the run has it."""
        label = text(row["lib_mail"])[:100] or text(row["cod_mail"])
        given = self.run.once("mail_names", dict)
        if given.setdefault(label, row["id_mail"]) != row["id_mail"]:
            label = f"{label[:65]} ({text(row['cod_mail'])})"
        return label

    def _said(self, row: Row, kind: type[Mail]) -> tuple[LazyI18nString, LazyI18nString]:
        """Both parts in each language that has both; what the language of mails refuses goes."""
        subjects = self.words(row, "id_i18n_sujet_mail").data
        bodies = self.prose(row, "id_i18n_corps_mail").data
        both = {lang for lang in bodies if subjects.get(lang)}
        for lang in sorted(both):
            if problems(subjects[lang]) or problems(bodies[lang]):
                self.note(_("A passage {if} is not closed, or closed twice: look at this text."))
            known = [each.name for each in kind.all_placeholders()]
            for found in unknown_variables(f"{subjects[lang]} {bodies[lang]}", known):
                self.note(found.message)
            if len(subjects[lang]) > SUBJECT_LENGTH or len(bodies[lang]) > BODY_LENGTH:
                self.note(_("It is longer than the page that changes it allows."))
        if not both:
            raise LeftOut(_("It says nothing in any language Candide speaks."))
        return (
            LazyI18nString({lang: subjects[lang] for lang in sorted(both)}),
            LazyI18nString({lang: bodies[lang] for lang in sorted(both)}),
        )

    def natural_key(self, values: dict[str, Any]) -> Any:
        return (values["kind"], values["centre_id"], values["name"])

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Any]:
        found = MailTemplate.objects.filter(kind__in={each["kind"] for each in values})
        return {(row.kind, row.centre_id, row.name): row for row in found}


def _model_kind(code: str) -> type[Mail]:
    """The mail that was this model; several of ours may have been one, the first is the usual."""
    found = [kind for kind in kinds() if kind.formerly == code]
    if not found:
        raise LeftOut(_("Candide has no such mail."))
    return next((kind for kind in found if kind.code.startswith("status-")), found[0])


def _is_untouched(row: Row) -> bool:
    made, changed = moment(row["dat_cre_mail"]), moment(row["dat_mod_mail"])
    return made is not None and changed is not None and abs(changed - made) <= UNTOUCHED


class DecisionTypes(Kind):
    name, title = "decision_types", gettext_lazy("Types of decision")
    table, key, model = "type_decision", "id_typ_dec", DecisionType

    def values(self, row: Row) -> dict[str, Any]:
        outcome = OUTCOMES.get(text(row["cod_typ_avis"]))
        if outcome is None:
            raise LeftOut(_("It is of no family of opinions."))
        return {
            "code": text(row["cod_typ_dec"]),
            "label": self.words(row, "id_i18n_lib_typ_dec", row["lib_typ_dec"]),
            "outcome": outcome,
            "centre_id": _centre_of(self, row),
            "mail_id": self._mail(row, outcome),
            "is_final": flag(row["tem_definitif_typ_dec"]),
            "is_transferred": flag(row["tem_deverse_opi_typ_dec"]),
            "shows_comment": flag(row.get("tem_aff_comment_typ_dec"), default=True),
            "is_active": flag(row["tes_typ_dec"]),
        }

    def _mail(self, row: Row, outcome: Outcome) -> int | None:
        """A text of its own; the models are found by their meaning."""
        found = self.run.find("mails", row["id_mail"])
        mail = MailTemplate.objects.filter(pk=found).exclude(name="").first() if found else None
        if mail is None:
            return None
        if find_kind(mail.kind) is not policy_of(outcome).mail:
            self.note(_("Its mail was of another family of opinions, and is not sent."))
            return None
        return mail.pk


class Reasons(Kind):
    name, title = "reasons", gettext_lazy("Reasons")
    table, key, model = "motivation_avis", "id_motiv", DecisionReason

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "code": text(row["cod_motiv"]),
            "label": self.words(row, "id_i18n_lib_motiv", row["lib_motiv"]),
            "centre_id": _centre_of(self, row),
            "is_active": flag(row["tes_motiv"]),
        }


def _centre_of(kind: Kind, row: Row) -> int | None:
    """The centre whose own it is; none for the institution's."""
    if row.get("id_ctr_cand") is None:
        return None
    return kind.run.needed("centres", row["id_ctr_cand"], _("Its centre"))


# -- Colours ---------------------------------------------------------------------------------------

# Where a hue, in degrees, ends; a colour without much of one is grey.
HUES = (
    (15, TagColour.RED),
    (40, TagColour.ORANGE),
    (68, TagColour.YELLOW),
    (155, TagColour.GREEN),
    (195, TagColour.TEAL),
    (255, TagColour.BLUE),
    (330, TagColour.PURPLE),
    (360, TagColour.RED),
)
TONES = {
    TagColour.RED: TacitTone.DANGER,
    TagColour.ORANGE: TacitTone.WARNING,
    TagColour.YELLOW: TacitTone.WARNING,
    TagColour.GREEN: TacitTone.SUCCESS,
    TagColour.TEAL: TacitTone.INFO,
    TagColour.BLUE: TacitTone.INFO,
    TagColour.PURPLE: TacitTone.INFO,
    TagColour.GREY: TacitTone.NEUTRAL,
}


def nearest_colour(value: Any) -> TagColour:
    """The colour of ours that « #ff8800 » resembles."""
    digits = text(value).removeprefix("#")
    try:
        red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    except ValueError:
        return TagColour.GREY
    hue, _light, much = colorsys.rgb_to_hls(red, green, blue)
    if much < 0.15:
        return TagColour.GREY
    return next(colour for end, colour in HUES if hue * 360 <= end)


class Tags(Kind):
    name, title = "tags", gettext_lazy("Tags")
    table, key, model = "tag", "id_tag", Tag
    natural = "label"

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "label": self._label(row),
            "colour": nearest_colour(row["color_tag"]),
            "centre_id": _centre_of(self, row),
            "is_active": flag(row["tes_tag"]),
        }

    def _label(self, row: Row) -> str:
        longest = Tag._meta.get_field("label").max_length or 0  # type: ignore[union-attr]
        label = text(row["lib_tag"])
        if len(label) > longest:
            self.note(_("“%(field)s” was cut.") % {"field": _("label")})
        return label[:longest].rstrip()

    def natural_key(self, values: dict[str, Any]) -> Any:
        return (values["centre_id"], values["label"])

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Any]:
        found = Tag.objects.filter(label__in={each["label"] for each in values})
        return {(row.centre_id, row.label): row for row in found}


class Thresholds(Kind):
    name, title = "thresholds", gettext_lazy("Marks of tacit decisions")
    table, key, model = "alert_sva", "id_sva", TacitThreshold
    natural = "days"

    def values(self, row: Row) -> dict[str, Any]:
        days = number(row["nb_jour_sva"]) or 0
        if days < 1:
            raise LeftOut(_("It has no number of days."))
        return {
            "days": days,
            "label": LazyI18nString({"fr": f"{days} jours", "en": f"{days} days"}),
            "tone": TONES[nearest_colour(row["color_sva"])],
            "is_active": flag(row["tes_sva"]),
        }
