"""One order in which plan locks rows: queues first, then posts, each by their number.

publish locks a post before its deliveries, so everybody takes the same way round.
"""

from collections.abc import Collection

from loa.content.models import Post
from loa.plan.models import Slot
from loa.workspace.models import Workspace


def lock_queues(workspace: Workspace, channel_ids: Collection[int]) -> None:
    """Let nobody else hand out free slots of these channels until the transaction ends.

    A queue is locked through its slots: without any there is nothing to hand out.
    """
    slots = Slot.objects.in_workspace(workspace).filter(channel__in=channel_ids).order_by("pk")
    list(slots.select_for_update().values_list("pk", flat=True))


def lock_posts(workspace: Workspace, post_ids: Collection[int]) -> dict[int, Post]:
    """Lock the posts that are not deleted, and return them as they are now, by id."""
    posts = (
        Post.objects.in_workspace(workspace)
        .filter(pk__in=post_ids, deleted_at=None)
        .select_related("workspace")
        .order_by("pk")
    )
    return {post.pk: post for post in posts.select_for_update(of=("self",))}
