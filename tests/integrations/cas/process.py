"""django-cas-server in a process of its own: `python -m tests.integrations.cas.process PLACE`.
Writes its port into PLACE/port once it listens."""

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

OURS = r"^http://(localhost|127\.0\.0\.1)(:\d+)?/"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Addresses hold tickets."""


def main(place: Path) -> None:
    settings.configure(
        SECRET_KEY="of-the-cas-of-the-tests" * 3,
        ALLOWED_HOSTS=["*"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": place / "cas.sqlite3"}
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "cas_server",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        SESSION_COOKIE_NAME="cas_session",  # another service on the same host
        CSRF_COOKIE_NAME="cas_csrf",
        ROOT_URLCONF="cas_server.urls",
        STATIC_URL="/static/",
        USE_TZ=True,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],  # without scripts of elsewhere
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        CAS_AUTH_CLASS="tests.integrations.cas.authority.People",
        CAS_NEW_VERSION_HTML_WARNING=False,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    from cas_server.models import ReplaceAttributName, ServicePattern

    service = ServicePattern.objects.create(
        name="Candide", pattern=OURS, pos=1, single_log_out=True
    )
    ReplaceAttributName.objects.create(name="*", service_pattern=service)
    server = make_server(
        "127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Handler
    )
    (place / "port.new").write_text(str(server.server_port))
    (place / "port.new").rename(place / "port")
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
