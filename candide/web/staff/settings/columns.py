"""Columns that lists of settings share."""

from django.utils.translation import gettext_lazy as _

from candide.web.staff.settings.crud import Column

LABEL = Column(_("Label"), str)
NAME = Column(_("Name"), str)
CODE = Column(_("Code"), "code")
OWNER = Column(_("Centre"), lambda row: row.centre or _("The whole institution"))
IN_SERVICE = Column(_("In service"), "is_active")
