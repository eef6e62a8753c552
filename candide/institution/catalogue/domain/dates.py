"""The dates of an intake: whether they are in order, and what they mean for somebody applying."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.core.deadlines import long_date
from candide.institution.catalogue.domain.gate import in_service, last_candidate_day
from candide.institution.catalogue.enums import Period
from candide.institution.catalogue.models import Intake
from candide.institution.catalogue.models.programme import NOT_BEFORE

_REQUIRED = ("opens_on", "closes_on", "documents_due_on")
_EXCLUSIVE = (
    ("acceptance_due_on", "acceptance_days"),
    ("reserve_acceptance_due_on", "reserve_acceptance_days"),
)


def date_blockers(intake: Intake) -> list[Blocker]:
    """Every inconsistency of the dates of `intake`, which need not be saved [APP-12]. `about` is
    the field to change."""
    return [*_missing(intake), *_out_of_order(intake), *_fixed_twice(intake)]


def date_warnings(intake: Intake) -> list[Blocker]:
    """Allowed but unwise: days on which the campaign itself is not running."""
    campaign = intake.campaign
    return [
        Blocker(
            "outside_campaign",
            _("“%(name)s” (%(day)s) is outside the campaign, from %(start)s to %(end)s.")
            % {
                "name": _name(field),
                "day": long_date(day),
                "start": long_date(campaign.starts_on),
                "end": long_date(campaign.ends_on),
            },
            f"field:{field}",
        )
        for field in ("opens_on", *NOT_BEFORE)
        if (day := getattr(intake, field)) and not campaign.starts_on <= day <= campaign.ends_on
    ]


def _missing(intake: Intake) -> Iterator[Blocker]:
    for field in _REQUIRED:
        if not getattr(intake, field):
            yield Blocker(
                "missing_date",
                _("“%(name)s” is missing.") % {"name": _name(field)},
                f"field:{field}",
            )


def _out_of_order(intake: Intake) -> Iterator[Blocker]:
    for field, earlier_fields in NOT_BEFORE.items():
        day = getattr(intake, field)
        for earlier in earlier_fields:
            limit = getattr(intake, earlier)
            if day and limit and day < limit:
                yield Blocker(
                    f"{field}_before_{earlier}",
                    _("“%(later)s” (%(day)s) comes before “%(earlier)s” (%(limit)s).")
                    % {
                        "later": _name(field),
                        "day": long_date(day),
                        "earlier": _name(earlier),
                        "limit": long_date(limit),
                    },
                    f"field:{field}",
                )


def _fixed_twice(intake: Intake) -> Iterator[Blocker]:
    for day, delay in _EXCLUSIVE:
        if getattr(intake, day) and getattr(intake, delay) is not None:
            yield Blocker(
                "fixed_twice",
                _("Give either “%(day)s” or “%(delay)s”, not both.")
                % {"day": _name(day), "delay": _name(delay)},
                f"field:{delay}",
            )


def _name(field: str) -> str:
    return str(Intake._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


# -- When one may apply ---------------------------------------------------------------------------


def first_day(intake: Intake) -> date:
    """The first day on which one may apply: the intake and its campaign both begun."""
    return max(intake.opens_on, intake.campaign.starts_on)


def last_day(intake: Intake) -> date:
    """The last day on which one may apply: neither the intake nor its campaign closed."""
    return min(intake.closes_on, last_candidate_day(intake.campaign))


def period(intake: Intake, *, today: date) -> Period:
    """Whether one may apply on `today`, could later, or could before: the days of the intake and
    of its campaign both count."""
    if today > last_day(intake) or last_day(intake) < first_day(intake):
        return Period.CLOSED
    if not in_service(intake.campaign):
        return Period.CLOSED
    return Period.SOON if today < first_day(intake) else Period.OPEN


def with_period(intakes: QuerySet[Intake], *, today: date) -> QuerySet[Any]:
    """Annotate what `period` says as `period`, for campaigns in service, with `first_day` and
    `last_day`."""
    last_for_candidates = Coalesce("campaign__candidates_until", "campaign__ends_on")
    return intakes.annotate(
        first_day=Greatest("opens_on", "campaign__starts_on"),
        last_day=Least("closes_on", "campaign__ends_on", last_for_candidates),
    ).annotate(
        period=Case(
            When(last_day__lt=today, then=Value(Period.CLOSED.value)),
            When(last_day__lt=F("first_day"), then=Value(Period.CLOSED.value)),
            When(first_day__gt=today, then=Value(Period.SOON.value)),
            default=Value(Period.OPEN.value),
            output_field=CharField(),
        )
    )
