"""Deliveries: one variant on its way to its channel. The rows are the truth; jobs only push."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.ops.models import FencedQuerySet
from loa.publish.rules import lifecycle
from loa.workspace.models import Member, Workspace


def state_choices() -> list[tuple[str, str]]:
    """Return the states; a function, so that adding a state never writes a migration."""
    return lifecycle.states()


class Delivery(models.Model):
    """One variant on its way to its channel.

    due_at: when it should go out. ready_at: not to be claimed before (due_at, or the next
    try). outgoing: the document as claimed, frozen; it is what goes out, never a mixture.
    fence grows with every claim: a worker that lost its lease cannot write over the next one.
    clean_misses: times we could read back and it was not there.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    variant = models.OneToOneField(Variant, models.PROTECT, related_name="delivery")
    post = models.ForeignKey(Post, models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(max_length=16, choices=state_choices, db_default="due", default="due")
    due_at = models.DateTimeField(_("goes out at"))
    ready_at = models.DateTimeField()
    urgent = models.BooleanField(db_default=False, default=False)
    outgoing = models.JSONField(null=True, blank=True)
    worker = models.BigIntegerField(null=True, blank=True)
    fence = models.PositiveIntegerField(db_default=0, default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(db_default=0, default=0)
    scheduled_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    scheduled_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sending_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=255, blank=True, db_default="", default="")
    url = models.CharField(max_length=1024, blank=True, db_default="", default="")
    failure_code = models.CharField(max_length=64, blank=True, db_default="", default="")
    failure_detail = models.TextField(blank=True, db_default="", default="")
    look_at = models.DateTimeField(null=True, blank=True)
    clean_misses = models.PositiveSmallIntegerField(db_default=0, default=0)
    needs_person = models.BooleanField(db_default=False, default=False)
    settled_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Delivery"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_delivered_delivery_has_an_external_id",
                condition=~Q(state="delivered") | ~Q(external_id=""),
            ),
            models.CheckConstraint(
                name="a_delivery_at_work_has_a_worker_and_a_lease",
                condition=~Q(state__in=["claimed", "sending"])
                | Q(worker__isnull=False, lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["ready_at"], condition=Q(state="due"), name="delivery_due"),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["claimed", "sending"]),
                name="delivery_leased",
            ),
            models.Index(
                fields=["look_at"], condition=Q(state="uncertain"), name="delivery_uncertain"
            ),
            models.Index(fields=["workspace", "state", "due_at"], name="delivery_by_state"),
            models.Index(fields=["channel", "-delivered_at"], name="delivery_by_channel"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} ({self.state})"


class DeliveryPart(models.Model):
    """One message of a delivery: a part of the thread, or the first comment after it.

    reference: what survives a crash and finds the part again, chosen before sending.
    A thread resumes at the first part without an external id.
    """

    class Kind(models.TextChoices):
        PART = "part", _("Part")
        FIRST_COMMENT = "first_comment", _("First comment")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, db_default="part")
    state = models.CharField(max_length=16, choices=state_choices, db_default="due", default="due")
    key = models.CharField(max_length=64)
    reference = models.CharField(max_length=255, blank=True, db_default="", default="")
    staged = models.JSONField(null=True, blank=True)
    external_id = models.CharField(max_length=255, blank=True, db_default="", default="")
    url = models.CharField(max_length=1024, blank=True, db_default="", default="")
    facts = models.JSONField(default=dict)
    sending_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["DeliveryPart"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "kind", "position"], name="a_delivery_has_each_part_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of delivery {self.delivery_id}"


class Attempt(models.Model):
    """One try at one step of a delivery, kept as evidence. Never holds tokens or whole bodies."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempt_log")
    part = models.ForeignKey(DeliveryPart, models.CASCADE, null=True, related_name="+")
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
        indexes = [models.Index(fields=["delivery", "started_at", "id"], name="attempt_log")]

    def __str__(self) -> str:
        return f"{self.step} of delivery {self.delivery_id}: {self.outcome}"
