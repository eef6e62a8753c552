"""A decision on an application, drafted, then released for good."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from candide.admissions.applications.models import Application
from candide.admissions.decisions.models.settings import DecisionReason, DecisionType
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet


class DecisionQuerySet(VisibleQuerySet):
    def drafts(self) -> "DecisionQuerySet":
        return self.filter(released_at=None)

    def released(self) -> "DecisionQuerySet":
        return self.exclude(released_at=None)


class Decision(models.Model):
    """« Avis ». A draft may be changed or deleted; once `released_at` is set the row never
    changes, except its ranks on the list, which are computed. At most one draft an application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    type = models.ForeignKey(DecisionType, on_delete=models.PROTECT, related_name="decisions")
    reason = models.ForeignKey(
        DecisionReason, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    current_rank = models.PositiveIntegerField(_("current rank"), null=True, blank=True)
    best_rank = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_("The best current rank so far: what is shown never grows."),
    )
    shortlist_place = models.CharField(
        pgettext_lazy("interview", "place"), max_length=100, blank=True
    )
    shortlist_on = models.DateField(_("day"), null=True, blank=True)
    shortlist_time = models.TimeField(_("hour"), null=True, blank=True)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    is_appeal = models.BooleanField(_("follows an appeal"), default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_promotion = models.BooleanField(_("called from the reserve list"), default=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(released_at=None),
                name="decision_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(released_at__gte=F("created_at")),
                name="decision_released_after_entered",
            ),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__gte=1), name="decision_rank_from_one"
            ),
        ]
        indexes = [models.Index(fields=["application", "-released_at", "-id"])]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.released_at is None


declare(
    Decision,
    personal="comment created_by released_by",
    neutral=(
        "id application type reason rank current_rank best_rank shortlist_place shortlist_on "
        "shortlist_time is_appeal created_at released_at is_promotion"
    ),
)
