"""Who may do what where: roles hold capabilities, assignments give a role within a scope."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.institution.access.enums import Capability


class RoleProfile(models.Model):
    """A set of capabilities the institution composed (« profil »)."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("role")

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A capability of a role, to read or to write (« fonctionnalité, lecture seule »)."""

    role = models.ForeignKey(RoleProfile, on_delete=models.CASCADE, related_name="grants")
    capability = models.CharField(_("capability"), max_length=40, choices=Capability.choices)
    can_write = models.BooleanField(_("may write"), default=True)

    class Meta:
        verbose_name = _("grant")
        constraints = [
            models.UniqueConstraint(fields=["role", "capability"], name="grant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.capability}"


class SettledCapability(models.Model):
    """A capability the institution decided about: some role got it, or none was to. One that a new
    version brings is not settled until then."""

    capability = models.CharField(_("capability"), max_length=40, unique=True)
    settled_at = models.DateTimeField()

    class Meta:
        verbose_name = _("settled capability")

    def __str__(self) -> str:
        return self.capability


class Assignment(models.Model):
    """A person has a role within a scope (« droit »): a programme, a commission, a centre, or, when
    all are empty, the whole institution. It counts at once, and stops at once when out of service,
    or when its last day is over."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    role = models.ForeignKey(
        RoleProfile, verbose_name=_("role"), on_delete=models.PROTECT, related_name="assignments"
    )
    centre = models.ForeignKey(
        "catalogue.ApplicationCentre",
        verbose_name=_("centre"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    commission = models.ForeignKey(
        "catalogue.Commission",
        verbose_name=_("commission"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    programme = models.ForeignKey(
        "catalogue.Programme",
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    is_chair = models.BooleanField(_("chairs the commission"), default=False)
    is_active = models.BooleanField(_("in service"), default=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("assignment")
        constraints = [
            models.CheckConstraint(
                condition=Q(centre=None, commission=None)
                | Q(centre=None, programme=None)
                | Q(commission=None, programme=None),
                name="assignment_has_one_scope",
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(centre=None, commission=None, programme=None),
                name="assignment_to_the_institution_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "centre"],
                condition=Q(centre__isnull=False),
                name="assignment_to_a_centre_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "commission"],
                condition=Q(commission__isnull=False),
                name="assignment_to_a_commission_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "programme"],
                condition=Q(programme__isnull=False),
                name="assignment_to_a_programme_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


declare(RoleProfile, neutral="id code name is_active")
declare(Grant, neutral="id role capability can_write")
declare(SettledCapability, neutral="id capability settled_at")
declare(
    Assignment,
    personal="user comment",
    neutral="id role centre commission programme is_chair is_active ends_on",
)
