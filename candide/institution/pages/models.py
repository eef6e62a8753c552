"""Texts staff can edit and candidates read: FAQ, notices, wording of statuses."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from candide.core.personal_data import declare
from candide.core.text import fold


class NoticeQuerySet(models.QuerySet):
    def shown(self, place: str, today: date) -> "NoticeQuerySet":
        """Those in service in `place` on that day, in the order staff gave them."""
        return self.filter(
            Q(shown_from=None) | Q(shown_from__lte=today),
            Q(shown_until=None) | Q(shown_until__gte=today),
            place=place,
            is_active=True,
        ).order_by("position", "pk")


class Notice(models.Model):
    """A message shown in one place, for a time or as long as it is in service (« message »)
    [HOME-02]. Both days are inclusive."""

    class Place(models.TextChoices):
        HOME = "home", _("Home page")
        SPACE = "space", _("Space of candidates")
        STAFF = "staff", _("“Today”, the first page of staff")
        MAINTENANCE = "maintenance", _("Maintenance page")

    place = models.CharField(_("place"), max_length=20, choices=Place.choices)
    text = I18nTextField(_("text"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    shown_from = models.DateField(_("shown from"), null=True, blank=True)
    shown_until = models.DateField(_("shown until"), null=True, blank=True)
    is_active = models.BooleanField(_("shown"), default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_from=None)
                | Q(shown_until=None)
                | Q(shown_until__gte=F("shown_from")),
                name="notice_ends_after_it_begins",
            ),
        ]

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


declare(Notice, neutral="id place text position shown_from shown_until is_active")
declare(FaqEntry, neutral="id code position question answer is_active search_text")
declare(Wording, neutral="id code label")
