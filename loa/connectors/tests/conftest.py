"""Drives over an egress of their own, closed when the test ends."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import pytest

from loa.connectors.transport import Drive, Egress
from loa.connectors.transport.names import Resolve, system_resolve


class MakeDrive(Protocol):
    def __call__(
        self,
        *,
        allowed_origins: Iterable[str] = (),
        ca_file: str | None = None,
        resolve: Resolve = system_resolve,
        web_ports: Iterable[int] = (80, 443),
    ) -> Drive: ...


@pytest.fixture
def drive_with() -> Iterator[MakeDrive]:
    made: list[Egress] = []

    def make(
        *,
        allowed_origins: Iterable[str] = (),
        ca_file: str | None = None,
        resolve: Resolve = system_resolve,
        web_ports: Iterable[int] = (80, 443),
    ) -> Drive:
        egress = Egress(
            allowed_origins=allowed_origins, ca_file=ca_file, resolve=resolve, web_ports=web_ports
        )
        made.append(egress)
        return Drive(egress, sleep=lambda _: None)

    yield make
    for egress in made:
        egress.close()
