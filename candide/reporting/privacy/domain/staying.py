"""What stays when somebody is erased, why, and for how long: said before they confirm."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.handover.models import PreEnrolment
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.durations import days


@dataclass(frozen=True)
class Stays:
    what: str
    why: str
    long: str


def what_stays(user: User) -> list[Stays]:
    """Of `user`: only what there is of them is named."""
    mine = Application.objects.filter(
        Q(candidate__user=user) | Q(candidate__user__merged_into=user)
    )
    found = []
    if mine.exists():
        found.append(
            Stays(
                _("One line for each application, without a name and without a date"),
                _("statistics in which nobody is named"),
                _("with no end"),
            )
        )
    if PreEnrolment.objects.filter(application__in=mine, is_held=True).exists():
        found.append(
            Stays(
                _("What the student information system was told when you were admitted"),
                _("your enrolment, which another service looks after"),
                _("as that service says"),
            )
        )
    return [
        *found,
        Stays(
            _("Your file number, without your name"),
            _("it is never given to somebody else"),
            _("with no end"),
        ),
        Stays(
            _(
                "That staff opened or changed something on a day, under a number that leads to "
                "nobody"
            ),
            _("misuse of data must be found out"),
            _("what was opened: %(days)s; what was changed: with no end")
            % {"days": days(Institution.current().reading_days)},
        ),
        Stays(
            _("Backups made before"),
            _("everything could be lost otherwise"),
            _("until they are replaced; a month is usual"),
        ),
        Stays(
            _("Minutes and lists of the juries, kept outside of this service"),
            _("the law on public archives (Code du patrimoine)"),
            _("as that law says"),
        ),
    ]
