"""The jobs of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.reporting.privacy.domain import unused
from candide.reporting.privacy.domain.identity_papers import destroy_paper, to_destroy
from candide.reporting.privacy.domain.reading_log import old_readings


@job(
    "forget-readings", at="04:35", title=_("Forget who opened which dossier, once kept long enough")
)
def forget(now: datetime, run: Any) -> None:
    run.delete(old_readings(now=now), named="readings")


@job(
    "destroy-identity-papers",
    at="03:40",
    title=_("Destroy identity papers once the decisions are taken"),
    destroys=True,
)
def destroy_identity_papers(now: datetime, run: Any) -> None:
    papers = list(to_destroy(now=now).values_list("pk", flat=True))
    run.each(papers, lambda pk: destroy_paper(pk, now=now))


@job(
    "erase-unused-accounts",
    at="03:50",
    title=_("Erase accounts nobody uses, a month after telling their holders"),
    destroys=True,
)
def erase_unused_accounts(now: datetime, run: Any) -> None:
    """Those told long enough ago go; those whose time comes are told."""
    gone = list(unused.to_erase(now=now).values_list("pk", flat=True))
    run.each(gone, lambda pk: unused.erase_unused(pk, now=now))
    told = list(unused.to_announce(now=now).values_list("pk", flat=True))
    run.each(told, lambda pk: unused.announce(pk, now=now))
    run.count(told=len(told))
