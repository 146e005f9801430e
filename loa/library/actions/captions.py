"""What is said in a video, for people who cannot hear it."""

from loa.library.models import Asset, Captions
from loa.library.rules.captions import read_captions
from loa.ops import clock


def keep_captions(asset: Asset, content: bytes, *, language: str) -> Captions:
    """Keep SRT or WebVTT as the captions in `language`; those there were are replaced.

    rules.captions.CaptionsUnreadable when it is neither; those there were stay then.
    """
    vtt = read_captions(content, duration_ms=asset.film.duration_ms)
    kept, _ = Captions.objects.update_or_create(
        asset=asset,
        language=language,
        workspace_id=asset.workspace_id,
        defaults={"vtt": vtt, "kept_at": clock.now()},
    )
    return kept


def remove_captions(asset: Asset, *, language: str) -> None:
    """Take captions away; nothing happens when they are gone already."""
    Captions.objects.filter(asset=asset, language=language).delete()
