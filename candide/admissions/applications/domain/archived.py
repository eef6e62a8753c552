"""Applications of archived campaigns are read, by staff and by their candidates, and no more
[back-office 29]."""

from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker


def archived_blockers(application: Application) -> list[Blocker]:
    """Why nothing of it changes any more; empty where its campaign is not archived."""
    if application.archived_at is None:
        return []
    return [Blocker("archived", _("This application belongs to a past campaign."))]
