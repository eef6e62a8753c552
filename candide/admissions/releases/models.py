"""Many decisions prepared together, then made visible together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import DecisionType
from candide.admissions.releases.enums import ReleaseState, RowState
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.foundation.files.models import StoredFile
from candide.foundation.runs.models import Run
from candide.institution.catalogue.models import Programme

PERSON = settings.AUTH_USER_MODEL


class ReleaseQuerySet(VisibleQuerySet):
    def as_subject(self) -> "ReleaseQuerySet":
        return self.with_people().prefetch_related(
            Prefetch("programmes", Programme.objects.select_related("commission"))
        )

    def with_people(self) -> "ReleaseQuerySet":
        return self.select_related("run", "created_by", "agreed_by", "planned_by")


class Release(models.Model):
    """« Publication » of many decisions. `run` prepares their mails and letters for `day`, the day
    on which they are to be released: letters are dated, and days to answer counted, from it.
    `version` counts the preparations: whoever agrees or plans has seen one of them. `prevented_by`
    holds the codes that kept the worker from it at the hour."""

    state = models.CharField(max_length=10, choices=ReleaseState.choices, default=ReleaseState.OPEN)
    programmes = models.ManyToManyField(Programme, related_name="+")
    run = models.OneToOneField(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    day = models.DateField(_("day of the release"))
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    planned_for = models.DateTimeField(_("hour of the release"), null=True, blank=True)
    planned_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    prevented_by = models.JSONField(default=list, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release of decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReleaseState.DONE, done_at__isnull=False)
                | (~Q(state=ReleaseState.DONE) & Q(done_at=None)),
                name="release_done_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReleaseState.PLANNED, ReleaseState.DONE])
                | Q(planned_for=None),
                name="release_planned_for_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReleaseState.PLANNED) | Q(planned_for__isnull=False),
                name="release_planned_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | Q(created_by=None) | ~Q(agreed_by=F("created_by")),
                name="release_agreed_to_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at"]),
            models.Index(
                fields=["planned_for"], condition=Q(state="planned"), name="release_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ReleaseRow(models.Model):
    """One decision of a release: its mail as it will be sent, its letter, and the mark of what both
    were made from. `notes` are why it was refused, as [code, message]."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="rows")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.WAITING)
    type = models.ForeignKey(
        DecisionType, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    says = models.CharField(max_length=600, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    rank_told = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=5, blank=True)
    has_mail = models.BooleanField(default=False)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    letter = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attaches = models.BooleanField(default=False)
    notes = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("decision of a release")
        constraints = [
            models.UniqueConstraint(fields=["release", "application"], name="release_row_once"),
            models.UniqueConstraint(fields=["release", "position"], name="release_row_position"),
            models.CheckConstraint(
                condition=Q(state=RowState.WAITING) | ~Q(fingerprint=""),
                name="release_row_is_made_from_something",
            ),
        ]
        indexes = [models.Index(fields=["release", "state", "position"])]

    def __str__(self) -> str:
        return f"{self.release_id}/{self.position}"


declare(
    Release,
    personal="created_by agreed_by planned_by",
    neutral=(
        "id state programmes run day version created_at agreed_at planned_for prevented_by done_at"
    ),
)
declare(
    ReleaseRow,
    personal="says subject text html letter language",
    neutral=(
        "id release application position state type fingerprint rank_told has_mail attaches notes"
    ),
)
