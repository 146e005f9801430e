"""Write many new posts at once, with the rows of `write_state` for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from loa.channels.models import Channel
from loa.content.actions import search_text
from loa.content.actions.films import order_videos
from loa.content.models import Campaign, Post, Revision, Showing, Variant
from loa.content.rules.document import fingerprint
from loa.content.rules.planned_time import PlannedTime
from loa.content.rules.revisions import PostState
from loa.library.queries import videos_of
from loa.ops import clock
from loa.workspace.models import Member


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post and its variants, not yet written. Their ids are known, so they can be checked."""

    post: Post
    variants: tuple[Variant, ...]
    state: PostState

    @property
    def fingerprint(self) -> str:
        """Of what it would publish, as content.queries.fingerprint_of has it once it is kept."""
        return fingerprint((one.channel_id, one.document) for one in self.variants)


def take_ids(count: int) -> list[int]:
    """Return ids for so many new posts; those that are not used are left out for ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('content_post', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def new_post(
    pk: int,
    state: PostState,
    *,
    by: Member,
    at: PlannedTime | None,
    channels: dict[int, Channel],
    campaigns: dict[int, Campaign],
) -> NewPost:
    """Return a post that says `state`, planned for `at` on every channel, without writing it."""
    now = clock.now()
    post = Post(
        pk=pk,
        workspace=by.workspace,
        title=state.title,
        language=state.language,
        campaign=campaigns.get(state.campaign_id or 0),
        shared=state.shared.to_json(),
        search_text=search_text(state),
        revision=1,
        review=Post.Review.NONE,
        written_by=by,
        created_at=now,
        changed_at=now,
    )
    variants = []
    for channel_id, own in state.own.items():
        variant = Variant(
            workspace=by.workspace,
            post=post,
            channel=channels[channel_id],
            own=own.to_json() if own else None,
        )
        if at is not None:
            variant.planned_local = at.local.isoformat(timespec="seconds")
            variant.planned_zone, variant.planned_fold = at.zone, at.fold
            variant.planned_at = at.instant()
        variants.append(variant)
    return NewPost(post, tuple(variants), state)


def write_new(posts: Sequence[NewPost], *, by: Member) -> None:
    """Write them all, each with its first revision."""
    Post.objects.bulk_create(one.post for one in posts)
    Variant.objects.bulk_create(variant for one in posts for variant in one.variants)
    shown = {one.post.pk: _shown(one.state) for one in posts}
    Showing.objects.bulk_create(
        Showing(workspace_id=by.workspace_id, post_id=post_id, asset_id=asset_id)
        for post_id, asset_ids in shown.items()
        for asset_id in sorted(asset_ids)
    )
    Revision.objects.bulk_create(
        Revision(
            workspace_id=by.workspace_id,
            post=one.post,
            number=one.post.revision,
            moment=Revision.Moment.CREATED,
            state=one.state.to_json(),
            fingerprint=one.fingerprint,
            saved_by=by,
            saved_at=clock.now(),
        )
        for one in posts
    )
    for one in with_videos(posts):
        order_videos(one.post)


def with_videos(posts: Sequence[NewPost]) -> list[NewPost]:
    """Return those that show a video."""
    shown = {asset_id for one in posts for asset_id in _shown(one.state)}
    workspace_ids = {one.post.workspace_id for one in posts}
    if not shown or len(workspace_ids) != 1:
        return []
    videos = videos_of(shown, workspace_id=workspace_ids.pop())
    return [one for one in posts if videos.keys() & _shown(one.state)]


def _shown(state: PostState) -> set[int]:
    documents = [state.shared, *(own for own in state.own.values() if own)]
    return {asset_id for document in documents for asset_id in document.asset_ids()}
