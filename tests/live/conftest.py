"""The servers, one of each for all tests, and a drive that may reach this machine."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from loa.connectors.contract import ChannelRef, Connector, Flow, Media, OutgoingPart, Published
from loa.connectors.transport import Drive, Egress
from tests.live.servers import Pds, a_mastodon, a_pds


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    with a_pds(tmp_path_factory.mktemp("pds")) as running:
        yield running


@pytest.fixture(scope="session")
def mastodon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with a_mastodon(tmp_path_factory.mktemp("mastodon")) as origin:
        yield origin


@dataclass
class Desk:
    """What the engine does, in its smallest form: drive flows of one connector."""

    connector: Connector
    channel: ChannelRef
    origins: tuple[str, ...]
    egresses: list[Egress] = field(default_factory=list)

    def run[T](self, flow: Flow[T], *, allow: tuple[str, ...] = ()) -> T:
        egress = Egress(allowed_origins=(*self.origins, *allow), resolve=lambda _: ("127.0.0.1",))
        self.egresses.append(egress)
        try:
            return Drive(egress)(flow, platform=self.connector.name)
        finally:
            egress.close()

    def through(self, origin: str) -> "Desk":
        """Return the same desk, speaking over another line."""
        return replace(
            self, channel=replace(self.channel, base_url=origin), origins=(*self.origins, origin)
        )

    def part(self, caption: str, key: str, **more: Any) -> OutgoingPart:
        part = OutgoingPart(caption, "vi", key, datetime.now(UTC), **more)
        return replace(part, reference=self.connector.reserve(part))

    def staged(self, part: OutgoingPart, *, allow: tuple[str, ...] = ()) -> OutgoingPart:
        staged = self.run(self.connector.stage(part, self.channel), allow=allow)
        return replace(part, staged=staged.media, link_card=staged.link_card)

    def publish(self, part: OutgoingPart) -> Published:
        return self.run(self.connector.publish(part, self.channel))

    def look_up(self, part: OutgoingPart) -> Published | None:
        return self.run(self.connector.look_up(part, self.channel))


@pytest.fixture
def a_picture() -> Callable[[str], Media]:
    """A real PNG with an alternative text."""
    content = io.BytesIO()
    Image.new("RGB", (120, 80), "#0b7a5c").save(content, "PNG")
    data = content.getvalue()

    def make(alt_text: str) -> Media:
        return Media(
            asset_id=1,
            filename="ổ bánh mì.png",
            mime_type="image/png",
            size_bytes=len(data),
            open=lambda: io.BytesIO(data),
            width_px=120,
            height_px=80,
            alt_text=alt_text,
            focus=(0.1, -0.5),
        )

    return make
