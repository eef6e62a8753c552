"""The jobs of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.institution.accounts.domain.activation import clean_up, never_activated
from candide.institution.accounts.domain.journal import old_sign_ins
from candide.institution.accounts.domain.links import old_links
from candide.institution.accounts.domain.waiting_line import old_places


@job("forget-sign-ins", at="04:15", title=_("Forget sign-ins, once kept long enough"))
def forget_old_sign_ins(now: datetime, run: Any) -> None:
    run.delete(old_sign_ins(now=now), named="forgotten")


@job("forget-links", at="04:18", title=_("Forget links sent by mail that nobody followed"))
def forget_links(now: datetime, run: Any) -> None:
    run.delete(old_links(now=now), named="forgotten")


@job(
    "clean-accounts",
    at="22:30",
    title=_("Remove accounts that were never activated"),
    destroys=True,
)
def clean_accounts(now: datetime, run: Any) -> None:
    run.each(never_activated(now=now), lambda user: clean_up(user, now=now))


@job("forget-line", at="04:25", title=_("Forget who waited in line"))
def forget_waiting(now: datetime, run: Any) -> None:
    run.delete(old_places(now=now), named="forgotten")
