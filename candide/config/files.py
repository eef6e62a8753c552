"""Where uploaded files are kept: in a directory, or in an object storage (CANDIDE_FILES_URL)."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from environs import ValidationError

SCHEMES = {"s3": "https", "s3+http": "http"}
OPTIONS = {"region", "addressing"}
ADDRESSING = {"path", "virtual"}


def is_files_url(value: str) -> None:
    if not value:
        return
    parts = urlsplit(value)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme not in SCHEMES or not parts.hostname or not parts.path.strip("/"):
        raise ValidationError("Give s3://key:secret@host/bucket, or leave it empty.")
    if bool(parts.username) != bool(parts.password):
        raise ValidationError("Give the key and its secret, or neither.")
    if options.keys() - OPTIONS or options.get("addressing", "path") not in ADDRESSING:
        raise ValidationError("After « ? », say region= and addressing=path or virtual only.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ValidationError("An object storage needs the extra s3: pip install 'candide[s3]'.")


def storage(url: str, data_dir: Path, *, is_read_by_nginx: bool = False) -> dict[str, Any]:
    """The storage of uploaded files, as Django's STORAGES describes one. In a directory only who
    wrote them reads them, or their group, in which nginx then is."""
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": str(data_dir / "files"),
                "base_url": None,
                "file_permissions_mode": 0o640 if is_read_by_nginx else 0o600,
                "directory_permissions_mode": 0o750 if is_read_by_nginx else 0o700,
            },
        }
    # It needs the extra, so it is loaded where it is asked for only.
    from candide.integrations.object_storage import client_config  # noqa: PLC0415 -- as said

    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    bucket, _slash, folder = parts.path.strip("/").partition("/")
    host = parts.netloc.rpartition("@")[2]
    return {
        "BACKEND": "candide.integrations.object_storage.ObjectStorage",
        "OPTIONS": {
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "endpoint_url": f"{SCHEMES[parts.scheme]}://{host}",
            "region_name": options.get("region", "us-east-1"),
            "bucket_name": bucket,
            "location": folder,
            "client_config": client_config(options.get("addressing", "path")),
        },
    }
