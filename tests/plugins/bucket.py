"""A real S3-compatible server on this machine, for tests of media in a bucket."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from obstore.store import HTTPStore
from pytest_django import Settings

from loa.ops.buckets import BucketAddress, media_bucket

_number = count(1)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Run the server and give its address."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 (seconds to load)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, settings: Settings) -> BucketAddress:
    """Keep media in a new bucket while the test runs."""
    address = media_bucket(
        f"s3://media-{next(_number)}/loa",
        endpoint=s3_server,
        region="us-east-1",
        key_id="test-key",
        secret="test-secret",
        path_style=True,
    )
    assert address is not None
    make_bucket(address)
    settings.MEDIA_BUCKET = address
    return address


def make_bucket(address: BucketAddress) -> None:
    """Make the bucket, as an administrator does beforehand."""
    server = HTTPStore(address.endpoint, client_options={"allow_http": True})
    server.put(address.bucket, b"")


def out_of_reach(address: BucketAddress) -> BucketAddress:
    """Return the same bucket behind a port where nobody answers."""
    return replace(address, endpoint="http://127.0.0.1:9")
