"""Settings under which the tests run: the product's own, with what only a test needs."""

import os
import tempfile
from pathlib import Path

_HERE = Path(tempfile.gettempdir()) / f"candide-tests-{os.getuid()}"
os.environ.setdefault("CANDIDE_DEBUG", "0")
os.environ.setdefault("CANDIDE_SECRET_KEY", "tests-only")
os.environ.setdefault("CANDIDE_DATA_DIR", str(_HERE))
os.environ.setdefault("CANDIDE_BASE_URL", "http://testserver")
os.environ.setdefault("CANDIDE_STUDENT_SYSTEM", "demonstration")
os.environ.setdefault("CANDIDE_DATABASE_URL", f"sqlite:///{_HERE / 'tests.sqlite3'}")
_HERE.mkdir(exist_ok=True)

from candide.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
SEND_MAILS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
