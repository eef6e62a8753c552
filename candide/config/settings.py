"""Settings of a deployment, read from CANDIDE_* environment variables (docs/settings.md lists them
with their defaults). What one institution decides about its admissions is not here but in
`catalogue.Institution`, where staff change it in the browser."""

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bootstrap_wrapper
import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import validate
from whitenoise.compress import Compressor

from candide.config import environment, files
from candide.config.environment import env
from candide.config.providers import named_providers

PACKAGE_DIR = Path(__file__).resolve().parent.parent

# -- What and where -----------------------------------------------------------------------------
DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
SHOW_COMPONENTS = DEBUG  # the page of all components, for whoever writes pages
IS_TRIAL = DEMO or DEBUG
# Absolute: processes that read uploads work in another folder.
DATA_DIR = env.path(
    "DATA_DIR", Path.cwd() / ".demo" if IS_TRIAL else Path("/var/lib/candide")
).absolute()
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000", validate=environment.is_base_url).rstrip(
    "/"
)
SECURE = BASE_URL.startswith("https://")
_own_host = urlsplit(BASE_URL).hostname
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [_own_host, "localhost"] if IS_TRIAL else [_own_host])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
_SECRET_KEY_LENGTH = 50
SECRET_KEY = env.str("SECRET_KEY", "only-for-a-demonstration" if IS_TRIAL else "")
if len(SECRET_KEY) < _SECRET_KEY_LENGTH and not IS_TRIAL:
    raise ImproperlyConfigured(
        f"CANDIDE_SECRET_KEY is missing or too short. Set it to {_SECRET_KEY_LENGTH} random "
        "characters, kept secret and unchanged."
    )
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

# -- The web server (candide serve) ----------------------------------------------------------------
LISTEN = env.str("LISTEN", "127.0.0.1:8000")
WEB_WORKERS = env.int("WEB_WORKERS", 2, validate=validate.Range(min=1))
WEB_THREADS = env.int("WEB_THREADS", 4, validate=validate.Range(min=1))

# -- Applications, bottom floor first ------------------------------------------------------------
INSTALLED_APPS = [
    "candide.core",
    "candide.foundation.pdf",
    "candide.foundation.history",
    "candide.foundation.jobs",
    "candide.foundation.leases",
    "candide.foundation.files",
    "candide.foundation.runs",
    "candide.foundation.downloads",
    "candide.foundation.backups",
    "candide.institution.reference",
    "candide.institution.catalogue",
    "candide.institution.pages",
    "candide.institution.mails",
    "candide.institution.accounts",
    "candide.institution.access",
    "candide.institution.tokens",
    "candide.institution.requirements",
    "candide.admissions.candidates",
    "candide.admissions.applications",
    "candide.admissions.handover",
    "candide.admissions.decisions",
    "candide.admissions.correspondence",
    "candide.admissions.releases",
    "candide.admissions.tags",
    "candide.admissions.bulk",
    "candide.admissions.campaigns",
    "candide.reporting.exports",
    "candide.reporting.imports",
    "candide.reporting.statistics",
    "candide.reporting.privacy",
    "candide.reporting.webhooks",
    "candide.demo",
    "candide.api",
    "candide.migration",
    "candide.web.shared",
    "candide.web.public",
    "candide.web.candidate",
    "candide.web.staff",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "candide.config.static.StaticFiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "lucide",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "candide.core.middleware.RoomMiddleware",  # around all others, for whose calls it makes room
    "candide.core.middleware.RequestIdMiddleware",
    "candide.core.measuring.MeasuringMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "candide.core.sessions.IdleSessionMiddleware",
    "candide.web.shared.kept_entries.SignInRequiredKeepingEntries",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "candide.web.shared.middleware.OneReadingMiddleware",
    "candide.web.shared.middleware.NoDeadEndMiddleware",
    "candide.web.shared.middleware.LanguageMiddleware",
    "candide.web.shared.middleware.MaintenanceMiddleware",
    "candide.web.shared.middleware.WaitingLineMiddleware",
    "candide.web.shared.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "candide.config.urls"
WSGI_APPLICATION = "candide.config.wsgi.application"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "candide.web.shared.context.institution",
                "candide.web.staff.place.work_place",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.templatetags.l10n",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "lucide.templatetags.lucide",
                "candide.core.templatetags.candide",
                "candide.web.shared.templatetags.look",
            ],
        },
    }
]
FORM_RENDERER = "candide.web.shared.forms.Renderer"

# -- Database ------------------------------------------------------------------------------------
_DATABASE_URL = env.str(
    "DATABASE_URL",
    f"sqlite:///{DATA_DIR / 'candide.sqlite3'}",
    validate=environment.is_database_url,
)
_database: dict[str, Any]
if _DATABASE_URL.startswith("sqlite:///"):
    _database = {
        "ENGINE": "candide.core.sqlite",
        "NAME": _DATABASE_URL.removeprefix("sqlite:///"),
        "OPTIONS": {
            # Measured to be safe and fast; never set mmap_size (docs/adr/0003).
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
            ),
        },
    }
else:
    _database = {**dj_database_url.parse(_DATABASE_URL)}
    # Our statements are short: compiling them first would take longer than they do. What they read
    # is in memory, or on a disk without a head to move. `?options=` in the address replaces this.
    _planning = "-c jit=off -c random_page_cost=1.1"
    # A machine that is cut off says nothing. After a minute the database lets go of what it held,
    # and a machine that lost its database asks for another connection.
    _noticing = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    _alive = " ".join(f"-c tcp_{name}={value}" for name, value in _noticing.items())
    _database["OPTIONS"] = {
        "options": f"{_planning} {_alive} -c tcp_user_timeout=60000",
        **_noticing,
        "tcp_user_timeout": 60_000,
        "connect_timeout": 10,
        **_database.get("OPTIONS", {}),
    }
_database["CONN_MAX_AGE"] = None
_database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "candide_cache",
        # Beyond it entries are dropped before their time, and with them the count of attempts
        # [AUTH-02]. Adding one counts them all: those that ended go every five minutes
        # (foundation/jobs/tasks.py), so that there are few.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# -- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "candide.institution.accounts.backend.AccountBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "public:after_login"
LOGOUT_REDIRECT_URL = "public:home"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", 2700, validate=validate.Range(min=300))
SESSION_SAVE_EVERY_REQUEST = False
SESSION_ENGINE = "candide.institution.accounts.sessions"

# -- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "Europe/Paris", validate=environment.is_time_zone)
FORMAT_MODULE_PATH = ["candide.core.formats"]

# -- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [("bootstrap", str(bootstrap_wrapper.get_bootstrap_dir()))]
# The address nginx serves the files at, marked `internal`, as "/private/"; empty for none.
ACCEL_REDIRECT = env.str("ACCEL_REDIRECT", "")
STORAGES = {
    "default": files.storage(
        env.str("FILES_URL", "", validate=files.is_files_url),
        data_dir=DATA_DIR,
        is_read_by_nginx=bool(ACCEL_REDIRECT),
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
# clamd's socket, as a path or host:port; empty for none.
ANTIVIRUS_SOCKET = env.str("ANTIVIRUS_SOCKET", "")
# The program that lays Word documents out, by name or path.
OFFICE = env.str("OFFICE", "soffice")
# Uploads while they arrive and are worked on; what a crash leaves there, the clean-up removes.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "scratch"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# -- Mail ----------------------------------------------------------------------------------------
_email = dj_email_url.parse(
    env.str("EMAIL_URL", "smtp://localhost:25", validate=environment.is_mail_server_url)
)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str(
    "MAIL_FROM", "ne-pas-repondre@candide.invalid", validate=environment.is_mail_address
)
SEND_MAILS = env.bool("SEND_MAILS", not DEMO)
MAILS_PER_MINUTE = env.int("MAILS_PER_MINUTE", 60, validate=validate.Range(min=1))

# -- The worker ------------------------------------------------------------------------------------
PROBE_URL = env.str("PROBE_URL", f"{BASE_URL}/healthz")

# -- Monitoring ------------------------------------------------------------------------------------
# Who may read /metrics: whoever has the token, or asks from one of the networks; else nobody.
METRICS_TOKEN = env.str("METRICS_TOKEN", "", validate=environment.is_token)
METRICS_NETWORKS: list[str] = env.list("METRICS_NETWORKS", [], validate=environment.are_networks)

# -- Other systems -------------------------------------------------------------------------------
STUDENT_SYSTEM = env.str(
    "STUDENT_SYSTEM",
    "demonstration" if DEMO else "none",
    validate=validate.OneOf(["none", "demonstration", "files", "spreadsheets", "apogee", "pegase"]),
)
SIS: dict[str, Any] = {
    "url": env.str("SIS_URL", "", validate=environment.is_service_address),
    "user": env.str("SIS_USER", ""),
    "password": env.str("SIS_PASSWORD", ""),
    "headers": env.dict("SIS_HEADERS", {}),
    "seconds": env.int("SIS_SECONDS", 5, validate=validate.Range(min=1, max=60)),
    "tries": env.int("SIS_TRIES", 3, validate=validate.Range(min=1, max=10)),
    "ine_url": env.str("SIS_INE_URL", "", validate=environment.is_service_address),
    "documents_url": env.str("SIS_DOCUMENTS_URL", "", validate=environment.is_service_address),
    "auth_url": env.str("SIS_AUTH_URL", "", validate=environment.is_service_address),
    "institution": env.str("SIS_INSTITUTION", ""),
    "management_centre": env.str("SIS_MANAGEMENT_CENTRE", ""),
    "folder": env.str("SIS_FOLDER", ""),
}
for _system, _needed in {
    "apogee": ("url",),
    "pegase": ("url", "auth_url", "institution"),
    "spreadsheets": ("folder",),
}.items():
    for _name in _needed:
        if _system == STUDENT_SYSTEM and not SIS[_name]:
            raise ImproperlyConfigured(
                f"CANDIDE_STUDENT_SYSTEM={_system} needs CANDIDE_SIS_{_name.upper()} beside it."
            )
DIRECTORY = env.str(
    "DIRECTORY",
    "demonstration" if DEMO else "none",
    validate=validate.OneOf(["none", "demonstration", "ldap"]),
)
LDAP: dict[str, Any] = {
    "url": env.str("LDAP_URL", "ldap://localhost"),
    "base": env.str("LDAP_BASE", ""),
    "bind_dn": env.str("LDAP_BIND_DN", ""),
    "password": env.str("LDAP_PASSWORD", ""),
    "is_tls_started": env.bool("LDAP_START_TLS", False),
    "staff": env.str("LDAP_STAFF", "(eduPersonAffiliation=employee)"),
}
if DIRECTORY == "ldap" and not LDAP["base"]:
    raise ImproperlyConfigured("CANDIDE_DIRECTORY=ldap needs CANDIDE_LDAP_BASE beside it.")
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured(
        "CANDIDE_OIDC_ISSUER needs CANDIDE_OIDC_CLIENT_ID and CANDIDE_OIDC_CLIENT_SECRET beside it."
    )
OIDC_LABEL = env.str("OIDC_LABEL", "")
SIGN_IN = named_providers()

# -- Security ------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = SECURE
# Asked by a proxy or a supervisor, beside TLS.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0  # whose X-Forwarded-For counts attempts
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "candide.web.shared.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        # Browsers apply it to redirects too, and signing in leads to the institution's provider.
        "form-action": [
            SELF,
            *([environment.origin(OIDC_ISSUER)] if OIDC_ISSUER else []),
            *(environment.origin(provider["url"]) for provider in SIGN_IN),
        ],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # a document is shown in a frame beside its checklist, both of this site
    "auth.W004",  # the e-mail address is unique whatever its case, by a constraint Django overlooks
]

# -- Logs: a request id, no personal data ---------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "candide.core.logs.RequestIdFilter"},
        "not_refusals": {"()": "candide.core.logs.NotRefusals"},
    },
    "formatters": {"json": {"()": "candide.core.logs.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["request_id"],
        }
    },
    "loggers": {"django.request": {"filters": ["not_refusals"]}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", logging.WARNING)},
}

from candide.config.api import *  # noqa: E402, F403 -- of the API
from candide.config.sign_in import *  # noqa: E402, F403 -- allauth's settings, one subject one file

ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"

try:
    environment.refuse_unknown(set(os.environ))
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from None
env.seal()
