"""`candide oidc-demo`: the sign-in provider of the demonstration, until interrupted."""

import signal
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from candide.demo.oidc.provider import Client
from candide.demo.oidc.server import make_server
from candide.institution.accounts.domain.providers import PROVIDER


class Command(BaseCommand):
    help = "Serve the small OpenID provider with fictitious students (demonstrations only)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=None)

    def handle(self, *args: Any, host: str, port: int | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "oidc-demo lets anybody sign in as anybody: it runs only with CANDIDE_DEMO=1."
            )
        if not settings.OIDC_ISSUER:
            raise CommandError("Set CANDIDE_OIDC_ISSUER to the address this provider will have.")
        callback = reverse("openid_connect_callback", args=[PROVIDER])
        ended = reverse("account_oidc_ended", args=[PROVIDER])
        client = Client(
            settings.OIDC_CLIENT_ID,
            settings.OIDC_CLIENT_SECRET,
            frozenset([f"{settings.BASE_URL}{callback}"]),
            logout_uri=f"{settings.BASE_URL}{ended}",
        )
        port = port or urlsplit(settings.OIDC_ISSUER).port or 8001
        server = make_server(host, port, client, issuer=settings.OIDC_ISSUER.rstrip("/"))
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: threading.Thread(target=server.shutdown).start())
        self.stdout.write(f"The sign-in provider of the demonstration is at {settings.OIDC_ISSUER}")
        with server:
            server.serve_forever()
