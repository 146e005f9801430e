"""Review: the votes of members and the notes they leave on a post."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from loa.content.models import Post
from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace


class ReviewVote(models.Model):
    """What one member said about exactly one content (its fingerprint)."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES = "changes", _("Changes requested")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    voted_at = models.DateTimeField()

    objects = FencedQuerySet["ReviewVote"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "member", "fingerprint"],
                name="a_member_votes_once_on_a_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.member_id}"


class Note(models.Model):
    """A remark by a member on a post, for the team; never published.

    asks_changes: the words with which a reviewer asked for changes.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="notes")
    written_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    words = models.TextField(max_length=4000)
    asks_changes = models.BooleanField(db_default=False, default=False)
    written_at = models.DateTimeField()

    objects = FencedQuerySet["Note"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["post", "written_at", "id"], name="note_in_order")]

    def __str__(self) -> str:
        return self.words[:40]
