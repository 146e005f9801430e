"""What a post will look like on a channel, drawn from what the connector says of its platform."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from loa.channels.models import Channel
from loa.connectors.contract import Capability
from loa.content.queries import limits_of
from loa.content.rules.document import Attachment
from loa.create.rules.composition import Focus, Stretch, first_link_host, stretches
from loa.library.models import Asset
from loa.library.rules.cropping import Box
from loa.library.rules.fitting import fit

if TYPE_CHECKING:
    from loa.create.queries.composer import Composer, Seat


@dataclass(frozen=True)
class PreviewImage:
    """An image as the platform crops it: around its focal point.

    crop: what the platform's shapes leave of it, None where any shape is taken.
    """

    asset: Asset
    alt_text: str
    focus: Focus
    crop: Box | None = None


@dataclass(frozen=True)
class PreviewPart:
    """One message of the thread. link_host: what its link card is about, "" for no card."""

    number: int
    caption: str
    stretches: tuple[Stretch, ...]
    images: tuple[PreviewImage, ...]
    link_host: str


@dataclass(frozen=True)
class Preview:
    """A post on a channel. at: when it goes out, None without a time."""

    name: str
    channel: Channel
    parts: tuple[PreviewPart, ...]
    comment: tuple[Stretch, ...]
    at: datetime | None
    follows: bool

    @property
    def is_thread(self) -> bool:
        """True when it is told in several parts."""
        return len(self.parts) > 1


def preview_of(composer: "Composer", seat: "Seat") -> Preview:
    """Return the preview of the post on one channel."""
    document = composer.state.document_for(seat.channel.pk)
    shows_alone = seat.can(Capability.IMAGES)
    parts = []
    for number, part in enumerate(document.parts):
        images = tuple(
            _image(asset, one, seat)
            for one in part.attachments
            if shows_alone and (asset := composer.assets.get(one.asset_id))
        )
        has_card = seat.can(Capability.LINK_CARD) and not images
        host = first_link_host(part.caption) if has_card else ""
        caption = seat.going.caption(number)
        parts.append(PreviewPart(number, caption, stretches(caption), images, host))
    comment = seat.going.document.first_comment if seat.can(Capability.FIRST_COMMENT) else ""
    return Preview(
        name=seat.name,
        channel=seat.channel,
        parts=tuple(parts),
        comment=stretches(comment),
        at=seat.planned_at,
        follows=not seat.has_own,
    )


def _image(asset: Asset, one: Attachment, seat: "Seat") -> PreviewImage:
    focus = one.focus or (asset.focus_x, asset.focus_y)
    return PreviewImage(asset, one.alt_text or "", Focus.at(*focus), _crop(asset, focus, seat))


def _crop(asset: Asset, focus: tuple[float, float], seat: "Seat") -> Box | None:
    if seat.connector is None or asset.is_video:
        return None
    rules = limits_of(seat.channel, seat.connector).images
    if rules.min_ratio is None and rules.max_ratio is None:
        return None
    whole = Box(0, 0, asset.width_px, asset.height_px)
    return fit(asset.facts, rules, focus=focus).crop or whole
