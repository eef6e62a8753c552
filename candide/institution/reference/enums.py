from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where a row came from last."""

    PACKAGE = "package", _("Supplied with Candide")
    CSV = "csv", _("Imported file")
    APOGEE = "apogee", _("Apogée")
    PEGASE = "pegase", _("Pégase")
    MANUAL = "manual", _("Entered by hand")


class CommuneKind(models.TextChoices):
    """What a commune is in the official geographical code (« COG »)."""

    CURRENT = "current", _("commune")
    DISTRICT = "district", _("municipal district")  # « arrondissement municipal »
    DELEGATED = "delegated", _("delegated commune")  # « commune déléguée »
    ASSOCIATED = "associated", _("associated commune")  # « commune associée »
    FORMER = "former", _("former commune")


class SchoolKind(models.TextChoices):
    """What an establishment is; only lists and statistics look at it."""

    LYCEE = "lycee", _("lycée")
    VOCATIONAL_LYCEE = "vocational_lycee", _("vocational lycée")
    COLLEGE = "college", _("lower secondary school")
    APPRENTICE_CENTRE = "apprentice_centre", _("apprentice training centre")
    UNIVERSITY = "university", _("university")
    GRAND_ETABLISSEMENT = "grand_etablissement", _("grand établissement")
    SCHOOL = "school", _("higher education school")
    OTHER = "other", _("other establishment")
