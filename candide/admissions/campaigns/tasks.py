"""Has the worker switch at once when somebody asks for it."""

from django.utils import timezone

from candide.admissions.campaigns.domain.switching import SPUR, due, switch
from candide.core.tasks import handler


@handler(SPUR)
def switch_now() -> None:
    now = timezone.now()  # noqa: TID251 -- the edge
    for pk in due(now=now):
        switch(pk, now=now)
