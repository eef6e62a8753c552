"""The release of 5,000 prepared decisions, with their mails queued and their letters.

The decisions are drafted on the data and prepared as ever, but for the drawing of letters, which is
done once for all of them: it is no part of what is measured. The release is compared with a bare
bulk insert of the same rows (the decisions, their mails, the files sent with them, the history), in
one transaction too."""

import os
from collections.abc import Iterator
from typing import Any

from bench_measuring import Line, seconds

NUMBER = int(os.environ.get("NUMBER") or 5000)
MOST_SECONDS, MOST_TIMES = 30.0, 5.0
# Of each twenty decisions.
SHARES = (("favourable", 11), ("unfavourable", 5), ("reserve_list", 4))


def measure_release() -> Iterator[Line]:
    from django.utils import timezone

    from candide.admissions.releases.domain.releasing import carry_out

    draw_letters_once()
    pks = drafted()
    release, last = prepared(pks), last_keys()
    took = seconds(lambda: carry_out(release.pk, now=timezone.now()))
    rows = added_since(last, release)
    bare = seconds(lambda: insert(rows))
    left = release.rows.exclude(state="released").count()
    found = {"s": took, "×": took / bare}
    limits = {"s": MOST_SECONDS, "×": MOST_TIMES}
    wrong = f"{left} were refused" if left else ""
    yield Line(f"release of {len(pks)} decisions", found, limits, wrong)


def draw_letters_once() -> None:
    """One drawing serves for all letters; everything around it is done for each."""
    from candide.admissions.decisions.domain import letters
    from candide.institution.catalogue.enums import LetterMode
    from candide.institution.catalogue.models import Commission

    drawn: list[bytes] = []
    draw = letters.render_letter

    def once(*args: Any, **kwargs: Any) -> bytes:
        if not drawn:
            drawn.append(draw(*args, **kwargs))
        return drawn[0]

    letters.render_letter = once
    Commission.objects.update(letter_mode=LetterMode.BOTH)


def drafted() -> list[int]:
    """Applications with a draft each: admitted, refused, on the reserve list."""
    from django.utils import timezone

    from candide.admissions.applications.models import Application
    from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType

    kinds = {outcome: DecisionType.objects.filter(outcome=outcome)[0] for outcome, _ in SHARES}
    reason = DecisionReason.objects.order_by("pk")[0]
    outcomes = [outcome for outcome, share in SHARES for _ in range(share)]
    undecided = Application.objects.live().filter(archived_at=None, has_any_decision=False)
    pks = list(undecided.order_by("pk").values_list("pk", flat=True)[:NUMBER])
    now = timezone.now()
    Decision.objects.bulk_create(
        Decision(
            application_id=pk,
            type=kinds[(outcome := outcomes[number % len(outcomes)])],
            reason=reason if outcome == "unfavourable" else None,
            rank=100_000 + number if outcome == "reserve_list" else None,
            created_at=now,
        )
        for number, pk in enumerate(pks)
    )
    Application.objects.filter(pk__in=pks).update(has_draft_decision=True, has_any_decision=True)
    return pks


def prepared(pks: list[int]) -> Any:
    from django.utils import timezone

    from candide.admissions.releases.domain.beginning import begin_release
    from candide.admissions.releases.domain.planning import release_now
    from candide.core.clock import localdate
    from candide.foundation.runs.domain.working import work
    from candide.institution.access.enums import Capability
    from candide.institution.access.models import Assignment

    everywhere = Assignment.objects.filter(centre=None, commission=None, programme=None)
    releases = everywhere.filter(role__grants__capability=Capability.RELEASE_DECISIONS)
    by, now = releases.order_by("pk")[0].user, timezone.now()
    release = begin_release(pks, day=localdate(now), by=by, now=now)

    def work_all() -> None:
        while work(clock=timezone.now, limit=1000):
            pass

    print(f"prepared {len(pks)} decisions in {seconds(work_all):.0f} s", flush=True)
    release_now(release, by=by, now=timezone.now())
    return release


def tables() -> list[Any]:
    from candide.foundation.history.models import HistoryEntry
    from candide.institution.mails.models import Attachment, OutgoingMail

    return [OutgoingMail, Attachment, HistoryEntry]


def last_keys() -> list[int]:
    newest = (model.objects.order_by("-pk").values_list("pk", flat=True) for model in tables())
    return [next(iter(keys[:1]), 0) for keys in newest]


def added_since(last: list[int], release: Any) -> list[list[Any]]:
    """The rows a release wrote, by kind."""
    from candide.admissions.decisions.models import Decision

    released = release.rows.filter(state="released").values("application")
    decisions = Decision.objects.filter(application__in=released).order_by("-released_at", "-pk")
    added = [
        list(model.objects.filter(pk__gt=key)) for model, key in zip(tables(), last, strict=True)
    ]
    return [list(decisions.filter(released_at__gte=release.created_at)), *added]


def insert(rows: list[list[Any]]) -> None:
    """The same rows once more."""
    from django.db import transaction

    with transaction.atomic():
        for of_kind in rows:
            if of_kind:
                type(of_kind[0]).objects.bulk_create(anew(of_kind), batch_size=500)


def anew(rows: list[Any]) -> Iterator[Any]:
    for number, row in enumerate(rows):
        row.pk = None
        if hasattr(row, "message_id"):
            row.message_id = f"<{number}@bench>"
        yield row
