"""Bring what was typed into the form that is kept; refuse what is too much or not ours to use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from loa.channels.models import Channel
from loa.content.models import Campaign
from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.revisions import PostState
from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.library.models import Asset
from loa.workspace.models import Member

LONGEST_TITLE = 160
LONGEST_TEXT = 50_000
MOST_PARTS = 60
MOST_IMAGES = 60


class TooMuch(LoaError):
    """More text, parts or images than any post needs."""


@dataclass(frozen=True, slots=True)
class There:
    """Those channels, campaigns and assets of a workspace that some states name, by id."""

    channels: dict[int, Channel]
    campaigns: dict[int, Campaign]
    assets: dict[int, Asset]


def there_is(states: Sequence[PostState], *, by: Member) -> There:
    """Read what the workspace has of what `states` name; three queries for however many."""
    channels = {channel_id for state in states for channel_id in state.own}
    campaigns = {state.campaign_id for state in states} - {None}
    assets = {image.asset_id for state in states for image in _open_images(state)}
    own = by.workspace
    return There(
        Channel.objects.in_workspace(own).in_bulk(channels) if channels else {},
        Campaign.objects.in_workspace(own).in_bulk(campaigns) if campaigns else {},
        Asset.objects.in_workspace(own).in_bulk(assets) if assets else {},
    )


def ready_to_keep(state: PostState, there: There) -> PostState:
    """Return the state as it is kept. Raises TooMuch."""
    own = {channel: _clean(one) if one else None for channel, one in state.own.items()}
    if not own.keys() <= there.channels.keys():
        raise TooMuch("a channel that this workspace does not have")
    campaign_id = state.campaign_id if state.campaign_id in there.campaigns else None
    state = replace(
        state,
        title=normalise(state.title).strip()[:LONGEST_TITLE],
        campaign_id=campaign_id,
        shared=_clean(state.shared),
        own=own,
    )
    return _with_sealed_images(state, there.assets)


def _clean(document: Document) -> Document:
    if len(document.parts) > MOST_PARTS:
        raise TooMuch(f"{len(document.parts)} parts")
    return replace(
        document,
        parts=tuple(
            replace(part, caption=_clean_text(part.caption), attachments=_few(part.attachments))
            for part in document.parts
        ),
        first_comment=_clean_text(document.first_comment),
    )


def _clean_text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise TooMuch(f"{len(text)} characters")
    # PostgreSQL keeps no NUL, and nobody means one.
    return normalise(text).replace("\x00", "").rstrip()


def _few(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    if len(attachments) > MOST_IMAGES:
        raise TooMuch(f"{len(attachments)} images")
    return attachments


def _open_images(state: PostState) -> Iterable[Attachment]:
    """Return the images whose alt text or focal point the post does not have yet."""
    documents = [state.shared, *(one for one in state.own.values() if one)]
    return [
        image
        for document in documents
        for part in document.parts
        for image in part.attachments
        if image.alt_text is None or image.focus is None
    ]


def _with_sealed_images(state: PostState, assets: dict[int, Asset]) -> PostState:
    """Write alt text and focal point of each image into the post.

    What approvers agree to must not change when somebody edits the asset in the library.
    """
    if not _open_images(state):
        return state

    def sealed(document: Document) -> Document:
        return replace(document, parts=tuple(_sealed(part, assets) for part in document.parts))

    own = {channel: sealed(one) if one else None for channel, one in state.own.items()}
    return replace(state, shared=sealed(state.shared), own=own)


def _sealed(part: Part, assets: dict[int, Asset]) -> Part:
    images = []
    for image in part.attachments:
        asset = assets.get(image.asset_id)
        if asset is not None:
            alt_text = asset.alt_text if image.alt_text is None else image.alt_text
            focus = image.focus or (asset.focus_x, asset.focus_y)
            images.append(replace(image, alt_text=normalise(alt_text).strip(), focus=focus))
        else:
            images.append(image)
    return replace(part, attachments=tuple(images))
