"""Put posts away and bring them back."""

from django.db import transaction

from loa.content.models import Post
from loa.create.actions.composing import AlreadyOut, fixed_channels, locked_post
from loa.create.actions.sealing import take_out_of_sending
from loa.ops import clock
from loa.publish import actions as publish
from loa.workspace.actions import record_audit
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
