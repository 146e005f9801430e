"""Write posts. Whoever saves on top of an older state loses nothing and is told."""

from collections.abc import Collection
from dataclasses import replace

from django.db import connection, transaction

from loa.channels.models import Channel
from loa.content.actions import keep_revision, set_aside, write_state
from loa.content.models import Post, Revision
from loa.content.queries import fingerprint_of, state_of
from loa.content.rules.document import Document
from loa.content.rules.revisions import PostState
from loa.create.actions.readying import TooMuch, ready_to_keep, there_is
from loa.create.actions.sealing import after_change
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.publish import actions as publish
from loa.publish.models import Delivery
from loa.publish.rules import lifecycle
from loa.workspace.models import Member


class PostDeleted(LoaError):
    """The post is in the bin; restore it before changing it."""


class ConflictingEdit(LoaError):
    """Somebody saved the post since this page was loaded.

    aside: what this page had, kept. post: the row as the other edit left it. mine and theirs:
    the two states; base: the one both began from, None when it is no longer kept.
    """

    def __init__(self, post: Post, *, aside: Revision, mine: PostState, theirs: PostState) -> None:
        super().__init__(f"post {post.pk} is at revision {post.revision}")
        self.post, self.aside, self.mine, self.theirs = post, aside, mine, theirs


class AlreadyOut(LoaError):
    """What this channel shows is on its way or live, and cannot be changed here."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(f"channel {channel.pk}")
        self.channel = channel


def create_post(by: Member, *, state: PostState, tab: str = "") -> Post:
    """Begin a post. The same page asking again (its answer was lost) gets the post it began."""
    now = clock.now()
    with transaction.atomic():
        begun = _begun_in(tab, by=by)
        if begun is not None:
            return begun
        post = Post(workspace=by.workspace, written_by=by, created_at=now, changed_at=now)
        state = ready_to_keep(state, there_is([state], by=by))
        write_state(post, state=state, by=by, moment=Revision.Moment.CREATED, tab=tab)
    return post


def _begun_in(tab: str, *, by: Member) -> Post | None:
    if not tab:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('loa.tab.' || %s, 0))", [tab])
    first = (
        Revision.objects.in_workspace(by.workspace)
        .filter(tab=tab, saved_by=by, moment=Revision.Moment.CREATED)
        .select_related("post__workspace")
        .first()
    )
    return first.post if first else None


def save_post(
    post: Post,
    *,
    base_revision: int,
    state: PostState,
    by: Member,
    tab: str = "",
    moment: Revision.Moment | None = None,
) -> Post:
    """Save `state` over the revision it was made from, and return the post as it now is.

    Raises ConflictingEdit when another revision was saved meanwhile and says something else;
    AlreadyOut when it would change what is on its way or live; PostDeleted; TooMuch.
    """
    conflict = None
    with transaction.atomic():
        locked = locked_post(post)
        if locked.deleted_at is not None:
            raise PostDeleted(f"post {post.pk}")
        state = ready_to_keep(state, there_is([state], by=by))
        present = state_of(locked)
        if state == present:
            return locked
        if base_revision != locked.revision and not _saved_here(locked, base_revision, tab, by):
            aside = set_aside(locked, state=state, base_revision=base_revision, tab=tab, by=by)
            conflict = ConflictingEdit(locked, aside=aside, mine=state, theirs=present)
        else:
            _save_over(locked, present=present, state=state, by=by, moment=moment, tab=tab)
    if conflict:  # raised outside, so that what was set aside is committed
        raise conflict
    return locked


def _saved_here(locked: Post, base_revision: int, tab: str, by: Member) -> bool:
    """Say whether everything since `base_revision` was saved by this very page.

    It sends one request after the other, so it has typed on top of its own: the answer to an
    earlier save was lost or had not come yet.
    """
    if not tab or base_revision > locked.revision:
        return False
    since = Revision.objects.filter(
        post=locked, kind=Revision.Kind.SAVED, number__gt=base_revision
    ).values_list("number", "tab", "saved_by_id")
    own = {number for number, its_tab, member in since if (its_tab, member) == (tab, by.pk)}
    return own == set(range(base_revision + 1, locked.revision + 1))


def settle_conflict(
    post: Post, *, base_revision: int, state: PostState, by: Member, tab: str = ""
) -> Post:
    """Save what a person put together from two edits. Raises as `save_post` does."""
    return save_post(
        post,
        base_revision=base_revision,
        state=state,
        by=by,
        tab=tab,
        moment=Revision.Moment.MERGED,
    )


def restore_revision(post: Post, *, revision: Revision, by: Member) -> Post:
    """Make the post say what it said then, as a new revision on top. Raises as `save_post`.

    Channels that are no longer connected here, and images that are gone, stay out.
    """
    with transaction.atomic():
        locked = locked_post(post)
        keep_revision(locked, by=by)
        state = _only_what_is_there(PostState.from_json(revision.state), by=by)
        return save_post(
            locked,
            base_revision=locked.revision,
            state=state,
            by=by,
            moment=Revision.Moment.RESTORED,
        )


def duplicate_post(post: Post, *, by: Member) -> Post:
    """Begin a new post that says the same, without times, reviews or deliveries."""
    with transaction.atomic():
        return create_post(by, state=_only_what_is_there(state_of(post), by=by))


def locked_post(post: Post) -> Post:
    """Lock the row: edits, votes, scheduling and claims take their turn."""
    return (
        Post.objects.select_for_update(of=("self",))
        .select_related("workspace", "written_by", "review_asked_by")
        .get(pk=post.pk)
    )


def fixed_channels(post: Post) -> dict[int, Channel]:
    """Return, by id, the channels where the post is on its way, live or may be."""
    return {
        delivery.channel_id: delivery.channel
        for delivery in Delivery.objects.filter(post=post).select_related("channel")
        if delivery.unproven_since or not lifecycle.may_change_content(delivery.state)
    }


def _save_over(
    locked: Post,
    *,
    present: PostState,
    state: PostState,
    by: Member,
    moment: Revision.Moment | None,
    tab: str,
) -> None:
    before = fingerprint_of(locked)
    state = _leave_what_is_out(locked, present=present, state=state)
    for variant in locked.variants.exclude(channel__in=state.own).select_related("channel"):
        try:
            publish.withdraw_variant(variant, by=by)
        except publish.CannotCancel:
            raise AlreadyOut(variant.channel) from None
    write_state(locked, state=state, by=by, moment=moment, tab=tab)
    after_change(locked, before=before, by=by)


def _leave_what_is_out(post: Post, *, present: PostState, state: PostState) -> PostState:
    """Pin what has gone out: a variant that followed keeps what it said when it went."""
    pinned: dict[int, Document | None] = {}
    for channel_id, channel in fixed_channels(post).items():
        went = present.document_for(channel_id)
        if channel_id not in state.own:
            raise AlreadyOut(channel)
        wanted = state.own[channel_id]
        if wanted is not None and wanted != went:
            raise AlreadyOut(channel)
        if state.document_for(channel_id) != went:
            pinned[channel_id] = went
    return replace(state, own={**state.own, **pinned}) if pinned else state


def _only_what_is_there(state: PostState, *, by: Member) -> PostState:
    """Leave out channels that are gone from the workspace, for an old state to be saved again."""
    there: Collection[int] = (
        Channel.objects.in_workspace(by.workspace)
        .filter(pk__in=state.own)
        .exclude(state=Channel.State.DISCONNECTED)
        .values_list("pk", flat=True)
    )
    return replace(state, own={key: one for key, one in state.own.items() if key in set(there)})


def conflict_of(post: Post, *, aside: Revision) -> tuple[PostState | None, PostState, PostState]:
    """Return base, mine and theirs of what was set aside and the post as it is now."""
    base = (
        Revision.objects.filter(post=post, number=aside.number, kind=Revision.Kind.SAVED)
        .order_by("pk")
        .first()
    )
    mine = PostState.from_json(aside.state)
    return PostState.from_json(base.state) if base else None, mine, state_of(post)


__all__ = ["TooMuch"]
