"""The jobs of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.reporting.privacy.domain.identity_papers import destroy_paper, to_destroy
from candide.reporting.privacy.domain.reading_log import forget_readings


@job(
    "forget-readings", at="04:35", title=_("Forget who opened which dossier, once kept long enough")
)
def forget(now: datetime, run: Any) -> None:
    run.count(readings=forget_readings(now=now))


@job(
    "destroy-identity-papers",
    at="03:40",
    title=_("Destroy identity papers once the decisions are taken"),
    destroys=True,
)
def destroy_identity_papers(now: datetime, run: Any) -> None:
    papers = list(to_destroy(now=now).values_list("pk", flat=True))
    run.each(papers, lambda pk: destroy_paper(pk, now=now))
