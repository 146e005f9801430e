"""Fetch the images that rows name by address, through the one way out, into the library."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from loa.connectors.errors import ConnectorError
from loa.connectors.pages import fetch_picture
from loa.connectors.transport import drive
from loa.library.actions import TooLarge, TooManyPixels, keep_upload
from loa.library.imaging import CannotDecode
from loa.library.rules.headers import NotAPicture
from loa.ops import fence
from loa.workspace.models import Member

MOST_BYTES = 20_000_000
BUDGET_S = 20.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of an address. asset_id: None when no picture could be had there."""

    asset_id: int | None


class Pictures:
    """The pictures of one run: each address is asked once."""

    def __init__(self, workspace_id: int) -> None:
        self._workspace_id = workspace_id
        self.found: dict[str, Fetched] = {}

    def fetch(self, addresses: Iterable[str], by: Member) -> None:
        """Ask the addresses that were not asked yet. Outside a transaction: it may take long."""
        for url in addresses:
            if url not in self.found:
                self.found[url] = Fetched(self._take_in(url, by))

    def _take_in(self, url: str, by: Member) -> int | None:
        try:
            picture = drive(
                fetch_picture(url, max_bytes=MOST_BYTES), platform="web", budget_s=BUDGET_S
            )
        except ConnectorError:
            return None
        if picture is None:
            return None
        name = PurePosixPath(unquote(urlsplit(url).path)).name or "image"
        try:
            with fence.inside(self._workspace_id):
                return keep_upload(io.BytesIO(picture.content), filename=name, by=by).pk
        except (TooLarge, TooManyPixels, NotAPicture, CannotDecode):
            return None
