"""What stands against sending the videos of a part, and what will be done to them."""

from collections.abc import Collection, Sequence

from loa.connectors.contract import Capability, Limits, VideoRules
from loa.content.rules.findings import Finding, Place, Severity, Value
from loa.library.rules.film import VideoFit, fit_video
from loa.library.rules.fitting import AssetFacts

BLOCK, WARN, HINT = Severity.BLOCK, Severity.WARN, Severity.HINT
# What a viewer would notice, and how much it weighs.
CHANGES = {
    "bars": WARN,
    "lighter": WARN,
    "smaller": HINT,
    "slower": HINT,
    "colours": HINT,
    "re_encoded": HINT,
}


def about_videos(
    videos: Sequence[tuple[Place, AssetFacts]],
    *,
    part: int,
    pictures: int,
    limits: Limits,
    capabilities: Collection[Capability],
) -> list[Finding]:
    """Return the findings about a part's `videos`; pictures: how many stand beside them."""
    if not videos:
        return []
    whole = Place(part=part)
    rules = limits.video
    if Capability.VIDEO not in capabilities or rules is None or rules.max_count < 1:
        return [Finding("video.unsupported", BLOCK, whole)]
    found = []
    if pictures:
        found.append(Finding("video.mixed", BLOCK, whole))
    if len(videos) > rules.max_count:
        values: dict[str, Value] = {"count": len(videos), "limit": rules.max_count}
        found.append(Finding("video.too_many", BLOCK, whole, values))
    for place, asset in videos:
        found += _about_one(asset, place, rules)
    return found


def _about_one(asset: AssetFacts, place: Place, rules: VideoRules) -> list[Finding]:
    if asset.video_state == "broken":
        return [Finding("video.broken", BLOCK, place)]
    fitted = fit_video(asset, rules)
    if fitted.plan is None:
        return [_refused(fitted, asset, place, rules)]
    found = [
        Finding(f"video.{change}", CHANGES[change], place, _sizes(fitted))
        for change in fitted.changes
    ]
    if asset.video_state == "checking":
        found.append(Finding("video.checking", HINT, place))
    return found


def _refused(fitted: VideoFit, asset: AssetFacts, place: Place, rules: VideoRules) -> Finding:
    most = rules.max_duration_ms if fitted.stands_in_the_way == "too_long" else None
    values: dict[str, Value] = {
        "length": _length(asset.duration_ms or 0),
        "limit": _length(rules.min_duration_ms if most is None else most),
        "megabytes": rules.max_bytes // 1_000_000,
    }
    return Finding(f"video.{fitted.stands_in_the_way}", BLOCK, place, values)


def _sizes(fitted: VideoFit) -> dict[str, Value]:
    plan = fitted.plan
    if plan is None:
        return {}
    rate = round(plan.frame_rate or plan.source_rate)
    return {"width": plan.width_px, "height": plan.height_px, "rate": rate}


def _length(ms: int) -> str:
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes}:{seconds:02}"
