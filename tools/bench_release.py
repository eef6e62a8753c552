"""Measures the release of 5,000 prepared decisions, with their mails queued and their letters.

    make bench    among the others, on SQLite
    .venv/bin/python tools/postgres.py .venv/bin/python tools/bench_release.py    on PostgreSQL

The decisions are drafted on the medium data of the demonstration and prepared as ever, but for the
drawing of letters, which is done once for all of them: it is no part of what is measured. The
release is compared with a bare bulk insert of the rows it adds (mails, files sent with them,
history), in one transaction too. Ends with 1 when it takes 30 seconds, or more than 5 times that.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory
from typing import Any

from bench import load, prepare, set_up_django

NUMBER = int(os.environ.get("NUMBER") or 5000)
MOST_SECONDS = 30.0
MOST_TIMES = 5.0
# Of each twenty decisions.
SHARES = (("favourable", 11), ("unfavourable", 5), ("reserve_list", 4))


def main() -> int:
    with TemporaryDirectory(prefix="candide-bench-") as data:
        set_up_django(data)
        prepare()
        load(os.environ.get("SIZE") or "medium")
        draw_letters_once()
        release = prepared(drafted())
        seconds, rows = timed(lambda: released(release))
        bare, _ = timed(lambda: insert(rows))
    ratio = seconds / bare
    is_slow = seconds >= MOST_SECONDS or ratio > MOST_TIMES
    numbers = ", ".join(f"{len(of_kind)} {name}" for name, of_kind in rows.items())
    print(f"\nreleasing {NUMBER} prepared decisions: {seconds:.1f} s, {ratio:.2f} × inserting")
    print(f"the same rows bare ({numbers}: {bare:.1f} s){'  <--' if is_slow else ''}")
    return 1 if is_slow else 0


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    done = work()
    return time.perf_counter() - begun, done


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
    undecided = Application.objects.live().filter(archived_at=None, has_draft_decision=False)
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

    seconds, _ = timed(work_all)
    print(f"prepared {len(pks)} decisions in {seconds:.0f} s")
    release_now(release, by=by, now=timezone.now())
    return release


def released(release: Any) -> dict[str, list[Any]]:
    """Do the release; the rows it added, by kind."""
    from django.db.models import Count
    from django.utils import timezone

    from candide.admissions.releases.domain.releasing import carry_out
    from candide.foundation.history.models import HistoryEntry
    from candide.institution.mails.models import Attachment, OutgoingMail

    tables = {"mails": OutgoingMail, "files sent": Attachment, "entries": HistoryEntry}
    last = {name: model.objects.order_by("-pk").first() for name, model in tables.items()}
    carry_out(release.pk, now=timezone.now())
    print(dict(release.rows.order_by().values_list("state").annotate(number=Count("pk"))))
    return {
        name: list(model.objects.filter(pk__gt=last[name].pk if last[name] else 0).order_by("pk"))
        for name, model in tables.items()
    }


def insert(rows: dict[str, list[Any]]) -> None:
    """The same rows once more."""
    from django.db import transaction

    with transaction.atomic():
        for of_kind in rows.values():
            if of_kind:
                type(of_kind[0]).objects.bulk_create(anew(of_kind), batch_size=500)


def anew(rows: list[Any]) -> Iterator[Any]:
    for number, row in enumerate(rows):
        row.pk = None
        if hasattr(row, "message_id"):
            row.message_id = f"<{number}@bench>"
        yield row


if __name__ == "__main__":
    sys.exit(main())
