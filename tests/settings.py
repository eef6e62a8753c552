"""Settings under which the tests run: the product's own, with what only a test needs."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

_HERE = Path(tempfile.gettempdir()) / f"candide-tests-{os.getuid()}"
_HERE.mkdir(exist_ok=True)
os.environ.setdefault("CANDIDE_DEBUG", "0")
os.environ.setdefault("CANDIDE_SECRET_KEY", "tests-only-" + "x" * 50)
os.environ.setdefault("CANDIDE_DATA_DIR", str(_HERE))
os.environ.setdefault("CANDIDE_BASE_URL", "http://testserver")
os.environ.setdefault("CANDIDE_STUDENT_SYSTEM", "demonstration")
# Nobody answers there: a test that walks through the door starts the provider itself.
os.environ.setdefault("CANDIDE_OIDC_ISSUER", "http://127.0.0.1:9")
os.environ.setdefault("CANDIDE_OIDC_CLIENT_ID", "candide")
os.environ.setdefault("CANDIDE_OIDC_CLIENT_SECRET", "secret")
os.environ.setdefault("CANDIDE_DATABASE_URL", f"sqlite:///{_HERE / 'tests.sqlite3'}")

from candide.config.settings import *  # noqa: E402, F403

# tools/test.py migrates one database; each worker of pytest copies it instead of migrating again.
if _template := os.environ.get("TEST_DATABASE_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": _template}  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 -- threads of tests leave nothing open

# Each process its own: a job under a moved clock finds what others are uploading abandoned.
FILE_UPLOAD_TEMP_DIR = _HERE / "scratch" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)

MIDDLEWARE = [*MIDDLEWARE, "tests.harness.RefuseWritesInGet"]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
STATICFILES_DIRS += [("axe", *find_spec("axe_playwright_python").submodule_search_locations)]  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_MAX_AGE = 3600  # of a browser: it asks once for what pages are drawn with
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
SEND_MAILS = True
SHOW_COMPONENTS = True
# Here and not in a fixture: a change of TEMPLATES has every template compiled again.
TEMPLATES[0]["DIRS"] = [str(Path(__file__).parent / "browser" / "templates")]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
