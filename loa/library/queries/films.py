"""Videos: the renditions there are of them, and those that are being made."""

from collections.abc import Collection
from functools import partial

from loa.connectors.contract import Captions as SentCaptions
from loa.connectors.contract import Media, VideoRules
from loa.kernel.errors import LoaError
from loa.library import storage
from loa.library.models import Asset, Film, Rendition, RenditionOrder
from loa.library.queries.missing import AssetMissing
from loa.library.rules.film import Plan, fit_video

WATCH, COVER = "watch", "cover"


class VideoUnfit(LoaError):
    """Nothing we can do makes the video fit the platform."""


class VideoBroken(LoaError):
    """The video, or the rendition that the platform needs, could not be made."""


class VideoNotReady(LoaError):
    """The rendition that the platform needs is not made yet; waiting helps."""

    def __init__(self, asset: Asset, plan: Plan) -> None:
        super().__init__(f"{plan.need} of asset {asset.pk}")
        self.asset, self.plan = asset, plan


def videos_of(asset_ids: Collection[int], *, workspace_id: int) -> dict[int, Asset]:
    """Return those of `asset_ids` that are videos of the workspace, by id."""
    assets = Asset.objects.filter(workspace_id=workspace_id, film__isnull=False)
    return assets.select_related("film").in_bulk(list(asset_ids))


def video_for(asset: Asset, *, rules: VideoRules | None, alt_text: str) -> Media:
    """Return the file to upload for a video; it is never made here, that takes too long.

    VideoUnfit, VideoBroken or VideoNotReady when there is none, AssetMissing when it is lost.
    """
    if rules is None:
        raise VideoUnfit("the platform takes no videos")
    fitted = fit_video(asset.facts, rules)
    if fitted.plan is None:
        raise VideoUnfit(fitted.stands_in_the_way)
    file = Rendition.objects.filter(asset=asset, need=fitted.plan.need).first()
    if file is None or not storage.exists(file.storage_key):
        _refuse_hopeless(asset, fitted.plan)
        raise VideoNotReady(asset, fitted.plan)
    if asset.film.state == Film.State.BROKEN:
        raise VideoBroken(f"asset {asset.pk}")
    return Media(
        asset_id=asset.pk,
        filename=asset.filename.rpartition(".")[0] + storage.SUFFIXES[file.mime_type],
        mime_type=file.mime_type,
        size_bytes=file.size_bytes,
        open=partial(storage.open_file, file.storage_key),
        width_px=file.width_px,
        height_px=file.height_px,
        duration_ms=asset.film.duration_ms,
        alt_text=alt_text,
        focus=(asset.focus_x, asset.focus_y),
        cover=_cover(asset) if rules.takes_cover else None,
        captions=_captions(asset, rules),
    )


def _refuse_hopeless(asset: Asset, plan: Plan) -> None:
    if not storage.exists(asset.storage_key):
        raise AssetMissing(f"the file of asset {asset.pk}")
    order = RenditionOrder.objects.filter(asset=asset, need=plan.need).first()
    if asset.film.state == Film.State.BROKEN:
        raise VideoBroken(f"asset {asset.pk}")
    if order and order.state == RenditionOrder.State.FAILED:
        raise VideoBroken(f"{plan.need} of asset {asset.pk}: {order.failure_code}")


def _cover(asset: Asset) -> Media | None:
    file = Rendition.objects.filter(asset=asset, need=COVER).first()
    if file is None or not storage.exists(file.storage_key):
        return None
    return Media(
        asset_id=asset.pk,
        filename="cover.jpg",
        mime_type=file.mime_type,
        size_bytes=file.size_bytes,
        open=partial(storage.open_file, file.storage_key),
        width_px=file.width_px,
        height_px=file.height_px,
    )


def _captions(asset: Asset, rules: VideoRules) -> tuple[SentCaptions, ...]:
    """Return the captions that the platform takes: as many, and as large, as it allows."""
    kept = asset.captions.order_by("language").values_list("language", "vtt")
    fitting = [
        SentCaptions(language, vtt)
        for language, vtt in kept
        if len(vtt.encode()) <= rules.max_captions_bytes
    ]
    return tuple(fitting[: rules.max_captions])
