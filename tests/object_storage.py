"""An object storage for tests: moto's server, which speaks S3 over HTTP. It proves what is said to
it, not who may: it lets everybody in."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from candide.config import files

REGION = "us-east-1"
_numbers = itertools.count(1)


@contextmanager
def running() -> Iterator[str]:
    """Yield the host and port it listens on."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"{host}:{port}"
    finally:
        server.stop()


def new_bucket(host: str) -> str:
    """The address, for CANDIDE_FILES_URL, of a bucket that is empty."""
    name = f"candide-{next(_numbers)}"
    client(host).create_bucket(Bucket=name)
    return f"s3+http://key:secret@{host}/{name}"


def client(host: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=f"http://{host}",
        region_name=REGION,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )


def storages(settings: Any, address: str) -> dict[str, Any]:
    """The settings' STORAGES with the files in the bucket at `address`."""
    return {**settings.STORAGES, "default": files.storage(address, Path("/nowhere"))}
