import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from candide.foundation.jobs.worker import Worker


class Command(BaseCommand):
    help = "Sends mails, runs queued tasks and scheduled jobs, until interrupted."
    requires_system_checks = ()  # `candide prepare` and `candide check` ran them; it starts at once

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do all there is to do now, and end"
        )

    def handle(self, *, once: bool, **options: Any) -> None:
        worker = Worker(probe_url=settings.PROBE_URL)
        if once:
            worker.run_once()
            return

        def stop(signum: int, frame: FrameType | None) -> None:
            worker.stop.set()
            signal.signal(signum, signal.SIG_DFL)  # a second time ends it at once

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write("Worker started; it stops at SIGTERM or Ctrl+C.")
        self.stdout.flush()  # where nobody looks on, it would be said at the end
        worker.run()
