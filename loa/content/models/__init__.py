"""Campaigns, posts, their variants per channel, and the revisions that keep every past state."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.content.models.links import Link as Link
from loa.content.models.links import LinkCheck as LinkCheck
from loa.content.models.links import LinkRule as LinkRule
from loa.content.rules.document import Document, document_from_json
from loa.content.rules.planned_time import PlannedTime
from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace


class Campaign(models.Model):
    """A dated effort that posts can belong to; here the label that filters and colours them.

    utm_name: what its links call it; "" for its name.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("campaign"), max_length=80)
    colour = models.CharField(max_length=16, db_default="jade", default="jade")
    utm_name = models.CharField(max_length=80, blank=True, db_default="", default="")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Campaign"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"], name="a_campaign_name_is_used_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReviewRule(models.Model):
    """Who must agree before anything of this workspace goes out. No row: nobody must.

    good_for_days: how long an approval is good; None: until the content changes.
    """

    class Mode(models.TextChoices):
        NONE = "none", _("Nobody needs to approve")
        ANY = "any", _("One approver is enough")
        ALL = "all", _("Everyone on the list must approve")

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="review_rule")
    mode = models.CharField(max_length=8, choices=Mode.choices, db_default="none")
    may_approve_own = models.BooleanField(db_default=False, default=False)
    good_for_days = models.PositiveSmallIntegerField(null=True, blank=True)
    approvers = models.ManyToManyField(
        Member, blank=True, related_name="+", through="content.Approver"
    )

    def __str__(self) -> str:
        return self.mode


class Approver(models.Model):
    """A member on the list of those who must agree."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    rule = models.ForeignKey(ReviewRule, models.CASCADE, related_name="list")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")

    objects = FencedQuerySet["Approver"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "member"], name="a_member_is_on_the_list_once"),
        ]

    def __str__(self) -> str:
        return str(self.member)


class Post(models.Model):
    """One idea to publish, across channels. `shared` is what every following variant says.

    revision counts every save: an editor that saves on top of another revision is told so.
    approved_fingerprint: what the approvers saw; another content has another fingerprint.
    wants_sending: schedule by itself as soon as the review allows it. search_text: folded words,
    read through for a workspace; an index on them would not be used behind the fence.
    """

    class Review(models.TextChoices):
        NONE = "none", _("No review asked")
        REQUESTED = "requested", _("Waiting for approval")
        CHANGES = "changes", _("Changes requested")
        APPROVED = "approved", _("Approved")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=160, blank=True, db_default="", default="")
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, related_name="posts"
    )
    shared = models.JSONField(default=dict)
    language = models.CharField(max_length=8, db_default="vi", default="vi")
    search_text = models.TextField(blank=True, db_default="", default="")
    revision = models.PositiveIntegerField(db_default=0, default=0)
    review = models.CharField(max_length=16, choices=Review.choices, db_default="none")
    review_asked_by = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    review_asked_at = models.DateTimeField(null=True, blank=True)
    approved_fingerprint = models.CharField(max_length=64, blank=True, db_default="", default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    wants_sending = models.BooleanField(db_default=False, default=False)
    written_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Post"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-changed_at", "id"], name="post_recent"),
            models.Index(
                fields=["workspace", "review_asked_at"],
                condition=Q(review="requested", deleted_at=None),
                name="post_waiting_for_review",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.document.opening

    @property
    def document(self) -> Document:
        """What the shared text says."""
        return document_from_json(self.shared)


class Variant(models.Model):
    """The post as one channel will show it, and when.

    own: this channel's document once it differs; None while it follows the shared one.
    planned_local (ISO, to the second), planned_zone and planned_fold are the promise; planned_at
    is the instant computed from it (content.rules.planned_time) and what queries use.
    zone_moved_at: when a change of the zone's rules moved that instant last.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="variants")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="variants")
    own = models.JSONField(null=True, blank=True)
    planned_local = models.CharField(max_length=19, blank=True, db_default="", default="")
    planned_zone = models.CharField(max_length=64, blank=True, db_default="", default="")
    planned_fold = models.PositiveSmallIntegerField(db_default=0, default=0)
    planned_at = models.DateTimeField(null=True, blank=True)
    in_queue = models.BooleanField(db_default=False, default=False)
    zone_moved_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Variant"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "channel"], name="a_post_has_one_variant_per_channel"
            ),
            models.CheckConstraint(
                condition=Q(planned_at=None, planned_local="")
                | (Q(planned_at__isnull=False) & ~Q(planned_local="") & ~Q(planned_zone="")),
                name="a_planned_instant_has_its_local_time_and_zone",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "planned_at", "id"], name="variant_calendar"),
            models.Index(fields=["channel", "planned_at"], name="variant_channel_times"),
        ]

    def __str__(self) -> str:
        return f"variant {self.pk}"

    @property
    def document(self) -> Document:
        """What this channel will show: its own document, or the post's shared one."""
        return document_from_json(self.own if self.own is not None else self.post.shared)

    @property
    def planned(self) -> PlannedTime | None:
        """The planned local time; None when no time is set."""
        if not self.planned_local:
            return None
        local = datetime.fromisoformat(self.planned_local)
        return PlannedTime(local, self.planned_zone, self.planned_fold)


class Showing(models.Model):
    """A post shows an asset, in its shared document or a variant's own.

    Written with the documents (content.actions.note_showings), because an index on them could
    not be used: behind the fence, PostgreSQL compares workspaces before it looks into a JSON.
    asset_id: as the document says it, whether or not such an asset is there.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="showings")
    asset_id = models.BigIntegerField()

    objects = FencedQuerySet["Showing"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "asset_id"], name="a_post_shows_an_asset_once"),
        ]
        indexes = [models.Index(fields=["workspace", "asset_id"], name="showing_of_asset")]

    def __str__(self) -> str:
        return f"asset {self.asset_id} in post {self.post_id}"


class Revision(models.Model):
    """A saved past state of a post with all its variants. Also keeps what lost an edit race.

    number: the post's revision when it was saved; of what was set aside, the one it began from.
    moment: what made this state worth keeping; without one, states saved in quick succession
    by the same member are thinned out. fingerprint: of what the post would have published.
    tab: the page it was typed in, so that a page that saves again does not conflict with itself.
    """

    class Kind(models.TextChoices):
        SAVED = "saved", _("Saved")
        SET_ASIDE = "set_aside", _("Kept from a conflicting tab")

    class Moment(models.TextChoices):
        CREATED = "created", _("Created")
        MERGED = "merged", _("Two edits put together")
        RESTORED = "restored", _("An earlier state restored")
        REVIEW_ASKED = "review_asked", _("Review requested")
        CHANGES_ASKED = "changes_asked", _("Changes requested")
        APPROVED = "approved", _("Approved")
        SCHEDULED = "scheduled", _("Scheduled")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, db_default="saved")
    moment = models.CharField(
        max_length=16, choices=Moment.choices, blank=True, db_default="", default=""
    )
    state = models.JSONField()
    fingerprint = models.CharField(max_length=64, blank=True, db_default="", default="")
    tab = models.CharField(max_length=32, blank=True, db_default="", default="")
    saved_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    objects = FencedQuerySet["Revision"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["post", "-number", "id"], name="revision_newest")]

    def __str__(self) -> str:
        return f"revision {self.number} of post {self.post_id}"
