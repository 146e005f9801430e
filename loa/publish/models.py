"""Deliveries: one variant on its way to its channel. The rows are the truth; jobs only push."""

import uuid
from typing import Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.ops.models import FencedQuerySet
from loa.publish.rules import lifecycle
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.live_changes import ChangeKind, ChangeState
from loa.workspace.models import Member, Workspace


def state_choices() -> list[tuple[str, str]]:
    """Return the states; a function, so that adding a state never writes a migration."""
    return lifecycle.states()


# The time that counts for a reader: when it was live, else when it is due. Not Coalesce, which
# row-level security keeps out of an index: PostgreSQL does not know that it tells nothing.
COUNTS_AT = Case(When(delivered_at__isnull=False, then=F("delivered_at")), default=F("due_at"))


def change_kinds() -> list[tuple[str, str]]:
    """Return the kinds of change; a function, for the same reason."""
    return [(one.value, one.value) for one in ChangeKind]


def change_states() -> list[tuple[str, str]]:
    """Return the states of a change."""
    return [(one.value, one.value) for one in ChangeState]


class DeliveryQuerySet(FencedQuerySet["Delivery"]):
    """Deliveries of one workspace, in the ways pages ask for them."""

    def waiting(self) -> Self:
        """Return those that still go out by themselves."""
        return self.filter(state__in=[S.DUE, S.CLAIMED, S.SENDING])

    def needing_a_person(self) -> Self:
        """Return those on which somebody must decide."""
        return self.filter(state__in=[S.FAILED, S.UNCERTAIN], needs_person=True)


class PostDeliveryManager(models.Manager["Delivery"]):
    """Deliveries of variants alone; the comments that follow them are left out."""

    def get_queryset(self) -> DeliveryQuerySet:
        """Return the deliveries that carry a variant."""
        return DeliveryQuerySet(self.model, using=self._db).filter(after=None)

    def in_workspace(self, workspace: models.Model) -> DeliveryQuerySet:
        """Return the deliveries of `workspace` alone."""
        return self.get_queryset().in_workspace(workspace)


class Delivery(models.Model):
    """One variant on its way to its channel, or the first comment under a delivered one.

    variant: None for a comment. after: the delivery it comments on; None for a variant.
    due_at: when it should go out. ready_at: not to be claimed before (due_at, or the next
    try). late_after: from then on a person decides whether it still goes out.
    outgoing: the document as claimed, frozen; it is what goes out, never a mixture. Kept as
    long as any of it is live or may be.
    fence grows with every claim: a worker that lost its lease cannot write over the next one.
    worker: the advisory lock that its owner holds for as long as it lives.
    unproven_since: when the visible call was first begun without an answer that settles it.
    clean_misses: times we could read back and it was not there, the last at last_miss_at.
    proof: how we know that it is live (Proof).
    edited_at, removed_at: when what was live got other words, or was taken down by Loa.
    """

    class Proof(models.TextChoices):
        ANSWER = "answer", _("The platform said so")
        READ_BACK = "read_back", _("Found on the platform")
        PERSON = "person", _("A member said so")

    # Every change of state writes a row anew, into each index: foreign keys have one only
    # where something is looked up by it.
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    variant = models.OneToOneField(Variant, models.PROTECT, null=True, related_name="delivery")
    post = models.ForeignKey(Post, models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries", db_index=False)
    after = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="comments", db_index=False
    )
    key = models.UUIDField(default=uuid.uuid4)
    state = models.CharField(max_length=16, choices=state_choices, db_default="due", default="due")
    due_at = models.DateTimeField(_("goes out at"))
    ready_at = models.DateTimeField()
    late_after = models.DateTimeField()
    urgent = models.BooleanField(db_default=False, default=False)
    outgoing = models.JSONField(null=True, blank=True)
    worker = models.BigIntegerField(null=True, blank=True)
    fence = models.PositiveIntegerField(db_default=0, default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(db_default=0, default=0)
    scheduled_by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    scheduled_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sending_at = models.DateTimeField(null=True, blank=True)
    unproven_since = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=16, choices=Proof.choices, blank=True, db_default="")
    external_id = models.CharField(max_length=255, blank=True, db_default="", default="")
    url = models.CharField(max_length=1024, blank=True, db_default="", default="")
    failure_code = models.CharField(max_length=64, blank=True, db_default="", default="")
    failure_detail = models.TextField(blank=True, db_default="", default="")
    look_at = models.DateTimeField(null=True, blank=True)
    clean_misses = models.PositiveSmallIntegerField(db_default=0, default=0)
    last_miss_at = models.DateTimeField(null=True, blank=True)
    needs_person = models.BooleanField(db_default=False, default=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = PostDeliveryManager()
    all_work = DeliveryQuerySet.as_manager()

    class Meta:
        base_manager_name = "all_work"
        constraints = [
            models.CheckConstraint(
                name="a_delivered_delivery_has_an_external_id_or_a_members_link",
                condition=~Q(state="delivered")
                | ~Q(external_id="")
                | (Q(proof="person") & ~Q(url="")),
            ),
            models.CheckConstraint(
                name="a_delivery_at_work_has_a_worker_and_a_lease",
                condition=~Q(state__in=["claimed", "sending"])
                | Q(worker__isnull=False, lease_until__isnull=False, outgoing__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_sending_has_begun",
                condition=~Q(state="sending")
                | Q(sending_at__isnull=False, unproven_since__isnull=False),
            ),
            models.CheckConstraint(
                name="a_delivery_carries_a_variant_or_follows_one",
                condition=Q(variant__isnull=False, after=None)
                | Q(variant=None, after__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["after"],
                condition=Q(after__isnull=False),
                name="a_delivery_has_one_first_comment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ready_at", "channel"], condition=Q(state="due"), name="delivery_due"
            ),
            models.Index(
                fields=["channel", "-urgent", "ready_at", "id"],
                condition=Q(state="due"),
                name="delivery_due_on_channel",
            ),
            models.Index(
                fields=["channel", "worker"],
                condition=Q(state__in=["claimed", "sending"]),
                name="delivery_at_work",
            ),
            models.Index(
                fields=["look_at"],
                condition=Q(state="uncertain", look_at__isnull=False),
                name="delivery_to_look_up",
            ),
            models.Index(fields=["workspace", "state", "due_at"], name="delivery_by_state"),
            # The log is read in the order of the time that counts for a reader.
            models.Index(
                F("workspace"),
                COUNTS_AT.desc(),
                F("id").desc(),
                name="delivery_log",
            ),
            models.Index(
                fields=["workspace", "channel"],
                condition=Q(needs_person=True),
                name="delivery_needing_person",
            ),
            models.Index(
                fields=["channel", "-delivered_at"],
                condition=Q(state="delivered"),
                name="delivery_by_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} ({self.state})"

    @property
    def is_comment(self) -> bool:
        """True for the first comment under a delivered variant."""
        return self.after_id is not None


class DeliveryPart(models.Model):
    """One message of a delivery: the only one, or a part of the thread.

    key and reference are chosen before sending and find the part again after a crash.
    state: due, sending (begun, not proven), delivered. A thread resumes at the first part
    without an external id. staged: what was uploaded for it. uploads: what the platform was
    still processing when a try gave up waiting; the next one asks for it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="parts", db_index=False)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=state_choices, db_default="due", default="due")
    key = models.CharField(max_length=64)
    reference = models.CharField(max_length=255, blank=True, db_default="", default="")
    staged = models.JSONField(null=True, blank=True)
    uploads = models.JSONField(null=True, blank=True)
    external_id = models.CharField(max_length=255, blank=True, db_default="", default="")
    url = models.CharField(max_length=1024, blank=True, db_default="", default="")
    facts = models.JSONField(default=dict)
    sending_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["DeliveryPart"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "position"], name="a_delivery_has_each_part_once"
            ),
            models.CheckConstraint(
                name="a_delivered_part_has_an_external_id_or_a_link",
                condition=~Q(state="delivered") | ~Q(external_id="") | ~Q(url=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["external_id"], condition=~Q(external_id=""), name="part_by_external_id"
            ),
        ]

    def __str__(self) -> str:
        return f"part {self.position} of delivery {self.delivery_id}"


class Attempt(models.Model):
    """One try at one step of a delivery, kept as evidence. Never holds tokens or whole bodies.

    position: of the part it was about; None for the delivery as a whole.
    step: stage, publish, look_up, settle. outcome: ok, missing, not_sent, rate_limited,
    refused, channel_lost, uncertain, broken, lost (its worker died).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    delivery = models.ForeignKey(
        Delivery, models.CASCADE, related_name="attempt_log", db_index=False
    )
    position = models.PositiveSmallIntegerField(null=True)
    step = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, blank=True, db_default="", default="")
    code = models.CharField(max_length=64, blank=True, db_default="", default="")
    detail = models.TextField(blank=True, db_default="", default="")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    request_id = models.CharField(max_length=128, blank=True, db_default="", default="")
    retry_after_s = models.FloatField(null=True, blank=True)

    objects = FencedQuerySet["Attempt"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["delivery", "started_at", "id"], name="attempt_log"),
            # Rows are written in the order of time, so a summary of blocks finds the last hour
            # and costs a write next to nothing.
            BrinIndex(fields=["started_at"], autosummarize=True, name="attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of delivery {self.delivery_id}: {self.outcome}"


class QuotaUse(models.Model):
    """What was used of one of a platform's quotas lately; see rules.quotas.Use.

    key: of the channel or, where an instance counts all its channels together, of the instance;
    such a row belongs to no workspace, and none but the dispatcher sees it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=400, unique=True)
    newest = models.BigIntegerField(db_default=0, default=0)
    slices = models.JSONField(default=list)
    spreads = models.BooleanField(db_default=False, default=False)
    spread_from = models.DateTimeField(null=True, blank=True)
    allowed = models.PositiveIntegerField(null=True, blank=True)

    objects = FencedQuerySet["QuotaUse"].as_manager()

    def __str__(self) -> str:
        return self.key


class ChannelTurn(models.Model):
    """From when on a channel may send again, as far as quotas and its own pace go.

    Not on the channel's row: that one is locked, shared, by everybody who sends there.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    channel = models.OneToOneField(Channel, models.CASCADE, related_name="turn")
    bulk_from = models.DateTimeField()
    urgent_from = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["ChannelTurn"].as_manager()

    def __str__(self) -> str:
        return f"channel {self.channel_id} from {self.bulk_from:%FT%TZ}"


class LiveChange(models.Model):
    """A wish to change what is live: other words, or to take it down.

    document: what it shall say; None for a removal. approved_by: ids of members who agreed.
    ready_at: not before; first so long that it can be taken back. parts_done: of the delivery
    and its first comment, in the order in which they are worked off. lease_until: somebody is
    at it until then; whoever comes later says it again, which changes nothing more.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="live_changes")
    kind = models.CharField(max_length=8, choices=change_kinds)
    state = models.CharField(max_length=12, choices=change_states)
    document = models.JSONField(null=True, blank=True)
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    approved_by = models.JSONField(default=list)
    ready_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    parts_done = models.PositiveSmallIntegerField(db_default=0, default=0)
    tries = models.PositiveSmallIntegerField(db_default=0, default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    failure_code = models.CharField(max_length=64, blank=True, db_default="", default="")
    failure_detail = models.TextField(blank=True, db_default="", default="")

    objects = FencedQuerySet["LiveChange"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"],
                condition=Q(state__in=["waiting", "due", "sending"]),
                name="a_delivery_has_one_open_change",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ready_at"],
                condition=Q(state__in=["due", "sending"]),
                name="live_change_due",
            ),
            models.Index(
                fields=["workspace", "asked_at"],
                condition=Q(state="waiting"),
                name="live_change_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of delivery {self.delivery_id} ({self.state})"
