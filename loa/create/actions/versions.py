"""Let posts show the newest version of a picture."""

from dataclasses import dataclass, replace

from django.db import transaction

from loa.content.models import Post
from loa.content.queries import state_of
from loa.content.queries.uses import showing
from loa.content.rules.document import Document
from loa.content.rules.revisions import PostState
from loa.content.rules.versions import Said, with_newest
from loa.create.actions.composing import fixed_channels, locked_post, save_post
from loa.library.models import Asset
from loa.library.queries import versions_of
from loa.workspace.models import Member


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of the posts. to_approve: of the changed ones, those that need approval now."""

    changed: tuple[Post, ...] = ()
    to_approve: tuple[Post, ...] = ()


def use_newest(asset: Asset, *, by: Member) -> Renewed:
    """Let every post that has not gone out show the newest version of `asset`.

    It is an edit like any other: it is kept as a revision, and an approval it breaks is asked
    for again. What is on its way or live keeps what it shows. Each post is saved by itself.
    """
    newest, *older = versions_of(asset)
    changed = []
    for post in showing(asset.workspace, [one.pk for one in older]).order_by("pk"):
        saved = _renew(post, newest=newest, older=older, by=by)
        if saved is not None:
            changed.append(saved)
    waiting = tuple(one for one in changed if one.review == Post.Review.REQUESTED)
    return Renewed(tuple(changed), waiting)


def _renew(post: Post, *, newest: Asset, older: list[Asset], by: Member) -> Post | None:
    """Return the post as it was saved; None when nothing of it was to be changed."""
    with transaction.atomic():
        locked = locked_post(post)
        present = state_of(locked)
        state = _renewed(present, fixed=set(fixed_channels(locked)), newest=newest, older=older)
        if locked.deleted_at is not None or state == present:
            return None
        return save_post(locked, base_revision=locked.revision, state=state, by=by)


def _renewed(
    present: PostState, *, fixed: set[int], newest: Asset, older: list[Asset]
) -> PostState:
    if present.own and fixed >= set(present.own):
        return present  # all of it has gone out
    said = {one.pk: _said(one) for one in older}

    def renewed(document: Document) -> Document:
        return with_newest(document, newest_id=newest.pk, newest=_said(newest), older=said)

    own = {
        channel: document if document is None or channel in fixed else renewed(document)
        for channel, document in present.own.items()
    }
    return replace(present, shared=renewed(present.shared), own=own)


def _said(asset: Asset) -> Said:
    return Said(asset.alt_text, (asset.focus_x, asset.focus_y))
