"""Writes about posts with their variants and the revisions behind them; others beside it.

`create.actions` decides what an edit does to reviews and deliveries; here are the rows alone.
Callers hold the post's row lock.
"""

from datetime import timedelta

from loa.content.actions.films import order_videos
from loa.content.models import Post, Revision, Showing, Variant
from loa.content.queries import fingerprint_of, state_of
from loa.content.rules.revisions import PostState
from loa.kernel.text import fold
from loa.ops import clock
from loa.workspace.models import Member

# States that one member saved within this time of each other are one step of the history.
ONE_STEP = timedelta(minutes=2)
# Always there for tabs that are a few saves behind.
NEWEST_KEPT = 12


def write_state(
    post: Post,
    *,
    state: PostState,
    by: Member,
    moment: Revision.Moment | None = None,
    tab: str = "",
) -> Revision:
    """Make the rows of `post` say `state`, as its next revision, and keep that revision.

    Variants of channels that are no longer chosen must be gone or free to go (no delivery).
    """
    now = clock.now()
    post.title, post.language = state.title, state.language
    post.campaign_id, post.shared = state.campaign_id, state.shared.to_json()
    post.search_text = search_text(state)
    post.revision += 1
    post.changed_at = now
    post.save()
    _write_variants(post, state)
    order_videos(post)
    note_showings(post, state=state)
    return keep_revision(post, by=by, moment=moment, tab=tab)


def keep_revision(
    post: Post, *, by: Member, moment: Revision.Moment | None = None, tab: str = ""
) -> Revision:
    """Keep the state of `post` as it is now; at a moment, the newest equal one is marked."""
    newest = Revision.objects.filter(
        post=post, number=post.revision, kind=Revision.Kind.SAVED
    ).first()
    if newest is not None:
        if moment and not newest.moment:
            newest.moment = moment
            newest.save(update_fields=["moment"])
        return newest
    revision = Revision.objects.create(
        workspace_id=post.workspace_id,
        post=post,
        number=post.revision,
        moment=moment or "",
        state=state_of(post).to_json(),
        fingerprint=fingerprint_of(post),
        tab=tab,
        saved_by=by,
        saved_at=clock.now(),
    )
    _thin_out(post)
    return revision


def note_showings(post: Post, *, state: PostState) -> None:
    """Write which assets the post shows in any document, so that they can be asked for it."""
    documents = [state.shared, *(own for own in state.own.values() if own)]
    wanted = {asset_id for document in documents for asset_id in document.asset_ids()}
    noted = set(Showing.objects.filter(post=post).values_list("asset_id", flat=True))
    Showing.objects.filter(post=post, asset_id__in=noted - wanted).delete()
    Showing.objects.bulk_create(
        Showing(workspace_id=post.workspace_id, post=post, asset_id=asset_id)
        for asset_id in sorted(wanted - noted)
    )


def set_aside(
    post: Post, *, state: PostState, base_revision: int, tab: str, by: Member
) -> Revision:
    """Keep what lost an edit race. What one page sends again replaces what it sent before."""
    kept, _ = Revision.objects.update_or_create(
        workspace_id=post.workspace_id,
        post=post,
        kind=Revision.Kind.SET_ASIDE,
        saved_by=by,
        number=base_revision,
        tab=tab,
        defaults={"state": state.to_json(), "saved_at": clock.now()},
    )
    return kept


def _write_variants(post: Post, state: PostState) -> None:
    present = {variant.channel_id: variant for variant in post.variants.order_by("pk")}
    for channel_id, own in state.own.items():
        document = own.to_json() if own else None
        variant = present.pop(channel_id, None)
        if variant is None:
            Variant.objects.create(
                workspace_id=post.workspace_id, post=post, channel_id=channel_id, own=document
            )
        elif variant.own != document:
            variant.own = document
            variant.save(update_fields=["own"])
    Variant.objects.filter(pk__in=[variant.pk for variant in present.values()]).delete()


def search_text(state: PostState) -> str:
    """Return what a post is found by."""
    documents = [state.shared, *(own for own in state.own.values() if own)]
    captions = [part.caption for document in documents for part in document.parts]
    comments = [document.first_comment for document in documents]
    return fold("\n".join([state.title, *captions, *comments]))


def _thin_out(post: Post) -> None:
    """Drop states in between: saved by the same member within ONE_STEP of a later one."""
    rows = list(
        Revision.objects.filter(post=post, kind=Revision.Kind.SAVED)
        .order_by("-number", "-pk")
        .values_list("pk", "saved_by_id", "saved_at", "moment")[: NEWEST_KEPT * 3]
    )
    dropped = []
    later = rows[0]
    for number, row in enumerate(rows[1:], start=1):
        pk, saved_by, saved_at, moment = row
        is_between = saved_by == later[1] and later[2] - saved_at < ONE_STEP and not moment
        if is_between and number >= NEWEST_KEPT:
            dropped.append(pk)
        else:
            later = row
    if dropped:
        Revision.objects.filter(pk__in=dropped).delete()
