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


class Assignment(models.Model):
    """A person has a role within a scope (« droit »): a commission, a centre, or, when both are
    empty, the whole institution. It counts at once, and stops at once when out of service."""

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
    is_chair = models.BooleanField(_("chairs the commission"), default=False)
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("assignment")
        constraints = [
            models.CheckConstraint(
                condition=Q(centre=None) | Q(commission=None), name="assignment_has_one_scope"
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(centre=None, commission=None),
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
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


declare(RoleProfile, neutral="id code name is_active")
declare(Grant, neutral="id role capability can_write")
declare(Assignment, personal="user", neutral="id role centre commission is_chair is_active")
