"""The videos of a post are made ready for its channels while it is still being written."""

from loa.connectors import registry
from loa.content.models import Post
from loa.content.queries import limits_of
from loa.library.actions import order_rendition
from loa.library.queries import videos_of
from loa.library.rules.film import fit_video


def order_videos(post: Post, *, insists: bool = False) -> None:
    """Have the videos of `post` made ready for its channels, in the background.

    insists: also those that a person stopped, because the post is to go out.
    """
    used = {asset for variant in post.variants.all() for asset in variant.document.asset_ids()}
    videos = videos_of(used, workspace_id=post.workspace_id) if used else {}
    if not videos:
        return
    for variant in post.variants.select_related("channel", "post"):
        connector = registry.all_connectors().get(variant.channel.platform)
        rules = limits_of(variant.channel, connector).video if connector else None
        for asset_id in variant.document.asset_ids():
            video = videos.get(asset_id)
            plan = fit_video(video.facts, rules).plan if video and rules else None
            if video and plan:
                order_rendition(video, plan, insists=insists)
