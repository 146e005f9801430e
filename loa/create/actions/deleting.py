"""Put posts away and bring them back."""

from collections.abc import Collection

from django.db import transaction

from loa.content.models import Post
from loa.create.actions.composing import AlreadyOut, fixed_channels, locked_post
from loa.create.actions.sealing import take_out_of_sending
from loa.ops import clock
from loa.publish import actions as publish
from loa.workspace.actions import Happened, record_audit, record_audits
from loa.workspace.models import Member


def delete_post(post: Post, *, by: Member) -> Post:
    """Put the post in the bin; what was scheduled is stopped. `restore_post` undoes both.

    AlreadyOut when it is live somewhere, may be, or is on its way: that is its record.
    """
    with transaction.atomic():
        locked = locked_post(post)
        if locked.deleted_at is not None:
            return locked
        for channel in fixed_channels(locked).values():
            raise AlreadyOut(channel)
        was_scheduled = take_out_of_sending(locked, by=by)
        locked.deleted_at = clock.now()
        locked.wants_sending = locked.wants_sending or was_scheduled
        locked.save(update_fields=["deleted_at", "wants_sending"])
        _audit(locked, "post.deleted", by=by)
    return locked


def delete_posts(post_ids: Collection[int], *, by: Member) -> set[int]:
    """Put many posts of the member's workspace in the bin, by the rules of one.

    Returns the ids of those that lie there now; what is live, may be, or is on its way stays.
    """
    with transaction.atomic():
        rows = Post.objects.in_workspace(by.workspace).select_for_update(of=("self",))
        locked = {one.pk: one for one in rows.filter(pk__in=post_ids).order_by("pk")}
        there = {pk for pk, one in locked.items() if one.deleted_at is None}
        found = publish.stop_waiting(there)
        going = there - found.out - found.half_out
        Post.objects.filter(pk__in=going).update(deleted_at=clock.now())
        Post.objects.filter(pk__in=going & found.stopped.keys()).update(wants_sending=True)
        half_gone = {pk for pk in found.half_out if _was_deleted(locked[pk], by=by)}
        happened = [
            one
            for pk in sorted(going)
            for one in (*found.stopped.get(pk, ()), Happened("post.deleted", f"post:{pk}"))
        ]
        if happened:
            record_audits(by.workspace, happened, member=by)
        return (locked.keys() - there) | going | half_gone


def _was_deleted(post: Post, *, by: Member) -> bool:
    try:
        delete_post(post, by=by)
    except AlreadyOut:
        return False
    return True


def restore_post(post: Post, *, by: Member) -> Post:
    """Take the post out of the bin, and schedule again what was scheduled if it still may."""
    with transaction.atomic():
        locked = locked_post(post)
        if locked.deleted_at is None:
            return locked
        locked.deleted_at = None
        waits_for_review = locked.review == Post.Review.REQUESTED
        goes_out = locked.wants_sending and not waits_for_review
        locked.wants_sending = locked.wants_sending and waits_for_review
        locked.save(update_fields=["deleted_at", "wants_sending"])
        if goes_out:
            _schedule_again(locked, by=by)
        _audit(locked, "post.restored", by=by)
    return locked


def _audit(post: Post, action: str, *, by: Member) -> None:
    record_audit(post.workspace, member=by, action=action, subject=f"post:{post.pk}")


def _schedule_again(post: Post, *, by: Member) -> None:
    try:
        with transaction.atomic():
            publish.schedule_post(post, by=by)
    except publish.CannotSchedule:
        return  # its time has passed, or the rule changed: it is a draft with a time again
