"""Reads about content that several apps need."""

from loa.content.models import Post, ReviewRule
from loa.content.rules import approval
from loa.content.rules.document import fingerprint
from loa.workspace.models import Workspace


def review_mode(workspace: Workspace) -> str:
    """Return the workspace's review rule: "none", "any" or "all"."""
    rule = ReviewRule.objects.filter(workspace=workspace).first()
    return rule.mode if rule else ReviewRule.Mode.NONE


def fingerprint_of(post: Post) -> str:
    """Return the fingerprint of what `post` would publish, over all its variants."""
    variants = post.variants.select_related("post").order_by("channel_id", "pk")
    return fingerprint((variant.channel_id, variant.document) for variant in variants)


def may_go_out(post: Post) -> bool:
    """Say whether the workspace's review rule lets `post` be sent as it is now."""
    return approval.may_go_out(
        rule_mode=review_mode(post.workspace),
        approved_fingerprint=post.approved_fingerprint,
        fingerprint=fingerprint_of(post),
    )
