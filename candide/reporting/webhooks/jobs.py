"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.reporting.privacy.domain.durations import Kept, days, keep
from candide.reporting.webhooks.domain.calling import KEPT_DONE, KEPT_GIVEN_UP, old_calls


@job("forget-calls", at="04:55", title=_("Forget calls of other systems made a while ago"))
def forget_calls(now: datetime, run: Any) -> None:
    run.delete(old_calls(now=now), named="forgotten")


keep(
    Kept(
        "webhook-calls",
        _("Calls of other systems (webhooks)"),
        _("Identifiers and codes of what happened; nobody’s name."),
        lambda _institution: (
            gettext("%(done)s; given up %(given_up)s")
            % {"done": days(KEPT_DONE.days), "given_up": days(KEPT_GIVEN_UP.days)}
        ),
        _("since the call"),
        job="forget-calls",
        due=lambda moment: old_calls(now=moment),
    )
)
