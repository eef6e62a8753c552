"""Programs of the institution that come in: their tokens, and the answers kept for them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.institution.tokens.enums import Scope


class TokenQuerySet(VisibleQuerySet):
    def as_subject(self) -> "TokenQuerySet":
        return self.select_related("made_by", "revoked_by", "last_use")


class Token(models.Model):
    """What a program shows to come in (« jeton d’accès »): what it may do, in which centres, until
    when. The secret is shown once; a digest of it is kept. Never deleted: history names it."""

    name = models.CharField(_("name"), max_length=100)
    scopes = models.JSONField(_("what it may do"), default=list)
    is_everywhere = models.BooleanField(_("the whole institution"), default=False)
    centres = models.ManyToManyField(
        "catalogue.ApplicationCentre", verbose_name=_("centres"), blank=True, related_name="+"
    )
    expires_on = models.DateField(_("last day"))
    mark = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access token")

    def __str__(self) -> str:
        return self.name

    def is_live(self, today: date) -> bool:
        return self.revoked_at is None and today <= self.expires_on

    @property
    def scope_labels(self) -> list[str]:
        return [str(scope.label) for scope in Scope if scope in self.scopes]


class LastUse(models.Model):
    """When a token was used last, noted every few minutes: reading changes nothing else."""

    token = models.OneToOneField(Token, on_delete=models.CASCADE, related_name="last_use")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("last use of a token")


class KeptAnswer(models.Model):
    """What a program was answered when it wrote something under a key of its own
    (`Idempotency-Key`): the same again is answered the same, and done once. `body` holds ids and
    codes, no personal data."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    body = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept answer")
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="kept_answer_once"),
            models.CheckConstraint(condition=~Q(key=""), name="kept_answer_has_a_key"),
        ]
        indexes = [models.Index(fields=["at"], name="kept_answer_by_age")]


declare(
    Token,
    personal="made_by revoked_by",
    neutral=("id name scopes is_everywhere centres expires_on mark digest made_at revoked_at"),
)
declare(LastUse, neutral="id token at")
declare(KeptAnswer, neutral="id token key fingerprint body at")
