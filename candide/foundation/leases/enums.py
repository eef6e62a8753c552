from django.db import models
from django.utils.translation import gettext_lazy as _


class LeaseReason(models.TextChoices):
    """Why something is being held; people who are kept out read it [LOCK-09]."""

    EDITING = "editing", _("it is being changed in another window")
    STAFF = "staff", _("the admissions office is working on this file")
    IMPORT = "import", _("data are being fetched from the student information system")
