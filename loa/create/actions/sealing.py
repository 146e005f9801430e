"""Keep the promise of the review rule when content changes: what goes out is what was approved."""

from loa.content.models import Post
from loa.content.queries import fingerprint_of, review_mode
from loa.content.rules.approval import may_go_out
from loa.ops import clock
from loa.publish import actions as publish
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState
from loa.workspace.models import Member


def after_change(post: Post, *, before: str, by: Member) -> bool:
    """Break the approval if the locked `post` now says something else, and ask for it again.

    before: its fingerprint when it was last saved. Returns whether it was taken out of sending.
    """
    after = fingerprint_of(post)
    if after == before:
        return False
    mode = review_mode(post.workspace)
    was_approved = post.review == Post.Review.APPROVED
    if may_go_out(
        rule_mode=mode, approved_fingerprint=post.approved_fingerprint, fingerprint=after
    ):
        if was_approved and mode == "none":
            _forget_review(post)
        return False
    taken_out = take_out_of_sending(post, by=by)
    if was_approved or taken_out:
        ask_again(post, by=by, wants_sending=taken_out or post.wants_sending)
    return taken_out


def take_out_of_sending(post: Post, *, by: Member) -> bool:
    """Stop what of the locked `post` has not begun to go out. Returns whether there was any."""
    stopped = False
    waiting = Delivery.objects.filter(post=post, state=DeliveryState.DUE).order_by("pk")
    for delivery in waiting:
        try:
            publish.cancel_delivery(delivery, by=by)
        except publish.CannotCancel:
            continue  # it went out with what was approved
        stopped = True
    return stopped


def ask_again(post: Post, *, by: Member, wants_sending: bool) -> None:
    """Put the locked `post` back in front of its reviewers."""
    post.review = Post.Review.REQUESTED
    post.review_asked_by, post.review_asked_at = by, clock.now()
    post.approved_fingerprint, post.approved_at = "", None
    post.wants_sending = wants_sending
    post.save(update_fields=REVIEW_FIELDS)


def _forget_review(post: Post) -> None:
    post.review = Post.Review.NONE
    post.approved_fingerprint, post.approved_at = "", None
    post.save(update_fields=REVIEW_FIELDS)


REVIEW_FIELDS = (
    "review",
    "review_asked_by",
    "review_asked_at",
    "approved_fingerprint",
    "approved_at",
    "wants_sending",
)
