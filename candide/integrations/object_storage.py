"""Files in an S3-compatible object storage (the extra `s3`), private: nobody gets an address of it,
files leave through our own permission check alone."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

# How long nginx has to ask for a file it was told to fetch.
SIGNED_SECONDS = 60
PIECE = 1024 * 1024


class Reading(io.RawIOBase):
    """An object as a file: only what is read is fetched, from where one reads. Turning to page 300
    of a document does not fetch the pages before it."""

    def __init__(self, size: int, fetch: Callable[[int], Any]) -> None:
        self._size = size
        self._fetch = fetch
        self._position = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        position = max(base + offset, 0)
        if position != self._position:
            self._drop()
            self._position = position
        return position

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._size:
            return 0
        if self._body is None:
            self._body = self._fetch(self._position)
        piece = self._body.read(len(buffer))
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


class ObjectStorage(S3Storage):
    """S3 as django-storages speaks it, read piece by piece and by several threads."""

    @property
    def bucket(self) -> Any:
        """Of this thread: boto3's resources are not for several."""
        return self.connection.Bucket(self.bucket_name)

    def signed_path(self, name: str) -> str:
        """Path and signature with which nginx, and nobody else, may fetch it within a minute."""
        parts = urlsplit(self.url(name, expire=SIGNED_SECONDS))
        return f"{parts.path.removeprefix('/')}?{parts.query}"

    def get_modified_time(self, name: str) -> datetime:
        try:
            return super().get_modified_time(name)
        except ClientError as error:
            raise _missing(error, name) from error

    def _open(self, name: str, mode: str = "rb") -> File:
        found = self.bucket.Object(self._normalize_name(name))
        try:
            size = found.content_length
        except ClientError as error:
            raise _missing(error, name) from error
        reading = Reading(size, lambda start: found.get(Range=f"bytes={start}-")["Body"])
        file = File(io.BufferedReader(reading, PIECE), name=name)
        file.size = size
        return file


def _missing(error: ClientError, name: str) -> Exception:
    """What a file system would have said."""
    is_missing = error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    return FileNotFoundError(name) if is_missing else error


def client_config(addressing: str) -> Config:
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing},
        connect_timeout=5,
        read_timeout=60,
        retries={"mode": "standard", "max_attempts": 3},
        # Storages other than Amazon's do not know the newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
