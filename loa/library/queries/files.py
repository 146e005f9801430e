"""Files made from assets, for a platform or a page."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from django.db import IntegrityError, transaction

from loa.connectors.contract import ImageRules, Media, VideoRules
from loa.kernel.errors import LoaError
from loa.library import imaging, storage
from loa.library.models import Asset, Rendition
from loa.library.queries.films import video_for
from loa.library.queries.missing import AssetMissing
from loa.library.rules.credits import STAMPED, Credit, stamped
from loa.library.rules.cropping import Box
from loa.library.rules.fitting import Fit, fit
from loa.ops import clock
from loa.workspace.models import Workspace

THUMB, PREVIEW = "thumb", "preview"


class Use(Protocol):
    """An asset as a post uses it; None means the asset's own alt text or focal point."""

    @property
    def asset_id(self) -> int: ...
    @property
    def alt_text(self) -> str | None: ...
    @property
    def focus(self) -> tuple[float, float] | None: ...


class NoTypeFits(LoaError):
    """The platform takes no picture type that we can write."""


def media_for(
    attachments: Sequence[Use],
    *,
    workspace: Workspace,
    rules: ImageRules,
    video: VideoRules | None = None,
) -> tuple[Media, ...]:
    """Return the files to upload for `attachments`, within what the platform takes.

    Makes what is not there yet of a picture, and keeps it for the next time. AssetMissing,
    NoTypeFits, or imaging.CannotDecode when a file cannot be had; of a video, which is made in
    the background, what queries.films raises.
    """
    wanted = [use.asset_id for use in attachments]
    assets = Asset.objects.in_workspace(workspace).select_related("film").in_bulk(wanted)
    media = []
    for use in attachments:
        asset = assets.get(use.asset_id)
        if asset is None:
            raise AssetMissing(f"asset {use.asset_id}")
        if asset.is_video:
            alt_text = asset.alt_text if use.alt_text is None else use.alt_text
            media.append(video_for(asset, rules=video, alt_text=alt_text))
        else:
            media.append(_media(asset, use, rules))
    return tuple(media)


def _media(asset: Asset, use: Use, rules: ImageRules) -> Media:
    focus = (asset.focus_x, asset.focus_y) if use.focus is None else use.focus
    credit = Credit(asset.creator, asset.credit)
    room = replace(rules, max_bytes=max(1, rules.max_bytes - credit.room))
    fitted = fit(asset.facts, room, focus=focus)
    file = asset if fitted.as_it_is else rendition(asset, fitted)
    if credit.room and file.mime_type in STAMPED:
        file = _credited(asset, file, credit)
    if not storage.exists(file.storage_key):
        raise AssetMissing(f"the file of asset {asset.pk}")
    return Media(
        asset_id=asset.pk,
        filename=_named(asset.filename, file.mime_type),
        mime_type=file.mime_type,
        size_bytes=file.size_bytes,
        open=partial(storage.open_file, file.storage_key),
        width_px=file.width_px,
        height_px=file.height_px,
        alt_text=asset.alt_text if use.alt_text is None else use.alt_text,
        focus=focus,
    )


def rendition(asset: Asset, fitted: Fit) -> Rendition:
    """Return the file made from `asset` as `fitted` says, making it if it is not there."""
    made = Rendition.objects.filter(asset=asset, need=fitted.need).first()
    if made and storage.exists(made.storage_key):
        return made
    if fitted.mime_type is None:
        raise NoTypeFits(asset.mime_type)
    order = imaging.Order(
        mime_type=fitted.mime_type,
        width_px=fitted.width_px,
        height_px=fitted.height_px,
        max_bytes=fitted.max_bytes,
        crop=_numbers(fitted.crop),
    )
    try:
        with storage.on_disk(asset.storage_key) as source:
            (picture,) = imaging.make(source, [order])
    except storage.FileMissing:
        raise AssetMissing(f"the file of asset {asset.pk}") from None
    return keep_rendition(asset, need=fitted.need, picture=picture)


def _credited(asset: Asset, file: Asset | Rendition, credit: Credit) -> Rendition:
    """Return the file with its maker's name in it, which re-encoding would have left out."""
    mark = hashlib.sha256(f"{credit.creator}\n{credit.line}".encode()).hexdigest()[:8]
    need = f"{file.need if isinstance(file, Rendition) else 'original'}~{mark}"
    made = Rendition.objects.filter(asset=asset, need=need).first()
    if made and storage.exists(made.storage_key):
        return made
    try:
        with storage.open_file(file.storage_key) as stream:
            content = stamped(stream.read(), file.mime_type, credit)
    except storage.FileMissing:
        raise AssetMissing(f"the file of asset {asset.pk}") from None
    picture = imaging.Picture(
        content,
        file.mime_type,
        file.width_px,
        file.height_px,
        is_transparent=asset.is_transparent,
        is_animated=False,
    )
    return keep_rendition(asset, need=need, picture=picture)


def _numbers(crop: Box | None) -> tuple[int, int, int, int] | None:
    return (crop.left, crop.top, crop.width, crop.height) if crop else None


def keep_rendition(asset: Asset, *, need: str, picture: imaging.Picture) -> Rendition:
    """Keep a derived file; when somebody else just kept the same, return theirs."""
    key = storage.keep(
        picture.content, workspace_id=asset.workspace_id, mime_type=picture.mime_type
    )
    facts = {
        "mime_type": picture.mime_type,
        "size_bytes": len(picture.content),
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "storage_key": key,
        "made_at": clock.now(),
    }
    try:
        with transaction.atomic():
            made, _ = Rendition.objects.update_or_create(
                asset=asset, need=need, workspace_id=asset.workspace_id, defaults=facts
            )
    except IntegrityError:
        made = Rendition.objects.get(asset=asset, need=need)
    return made


def _named(filename: str, mime_type: str) -> str:
    stem, dot, _ = filename.rpartition(".")
    return (stem if dot else filename) + storage.SUFFIXES[mime_type]
