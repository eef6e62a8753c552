"""Texts staff can edit and candidates read: FAQ, notices, wording of statuses."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from candide.core.personal_data import declare
from candide.core.text import fold


class Notice(models.Model):
    """A message shown to everybody (« message ») [HOME-02]."""

    class Place(models.TextChoices):
        HOME = "home", _("Home page")
        MAINTENANCE = "maintenance", _("Maintenance page")

    place = models.CharField(_("place"), max_length=20, choices=Place.choices, unique=True)
    text = I18nTextField(_("text"), blank=True)
    is_active = models.BooleanField(_("shown"), default=False)

    class Meta:
        verbose_name = _("notice")

    def __str__(self) -> str:
        return self.get_place_display()


class FaqEntry(models.Model):
    """A question and its answer on the assistance page [ASSIST-02]."""

    code = models.CharField(_("code"), max_length=50, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    question = I18nCharField(_("question"), max_length=500)
    answer = I18nTextField(_("answer"), max_length=5000)
    is_active = models.BooleanField(_("shown"), default=True)
    search_text = models.TextField(editable=False, default="")

    class Meta:
        verbose_name = _("FAQ entry")

    def __str__(self) -> str:
        return str(self.question)

    def save(self, *args, **kwargs) -> None:
        self.search_text = fold(" ".join([*_in_all(self.question), *_in_all(self.answer)]))
        super().save(*args, **kwargs)


def _in_all(text: Any) -> list[str]:
    """A translated text in every language."""
    data = getattr(text, "data", text)
    return list(data.values()) if isinstance(data, dict) else [str(data or "")]


class Wording(models.Model):
    """The institution's own word for a status (« libellé »). Code only compares enum members."""

    code = models.CharField(_("code"), max_length=80, unique=True)
    label = I18nCharField(_("label"), max_length=500)

    class Meta:
        verbose_name = _("wording")

    def __str__(self) -> str:
        return f"{self.code}: {self.label}"


declare(Notice, neutral="id place text is_active")
declare(FaqEntry, neutral="id code position question answer is_active search_text")
declare(Wording, neutral="id code label")
