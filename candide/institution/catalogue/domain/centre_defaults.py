"""What a centre gives its programmes to begin with (« valeurs par défaut ») [back-office 5.1]."""

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.institution.catalogue.models import ApplicationCentre, Intake, Programme

DATES = (
    "opens_on",
    "closes_on",
    "documents_due_on",
    "screening_on",
    "jury_on",
    "results_on",
    "acceptance_due_on",
    "acceptance_days",
    "reserve_acceptance_due_on",
    "reserve_acceptance_days",
)
COPIED = ("is_paperless", "has_automatic_reserve_list", "information", *DATES)
ONE_WAY = (
    ("acceptance_due_on", "acceptance_days"),
    ("reserve_acceptance_due_on", "reserve_acceptance_days"),
)


def new_intake(programme: Programme) -> Intake:
    """An intake of `programme`, not saved, with what its centre gives to begin with."""
    centre = programme.commission.centre
    return Intake(programme=programme, **{name: getattr(centre, name) for name in COPIED})


def defaults_blockers(centre: ApplicationCentre) -> list[Blocker]:
    """A day or a number of days to answer, not both. The order of the days is looked at where they
    are used."""
    return [
        Blocker("day_or_days", _("Give a day or a number of days, not both."), f"field:{days}")
        for day, days in ONE_WAY
        if getattr(centre, day) is not None and getattr(centre, days) is not None
    ]
