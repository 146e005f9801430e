"""Alerts, whom to tell, and what was told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace


class AlertRule(models.Model):
    """From where on a workspace wants to hear of one kind; without a row the default holds."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    is_on = models.BooleanField(db_default=True, default=True)
    limit = models.PositiveIntegerField(db_default=0, default=0)
    least = models.PositiveIntegerField(db_default=0, default=0)

    objects = FencedQuerySet["AlertRule"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind"], name="a_kind_has_one_alert_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.limit}"


class Destination(models.Model):
    """Where alerts are sent.

    shown: enough to recognise it, never the secret. tries: failures in a row. next_try_at: not
    to be written to before; also the lease of whoever writes to it now. failure_code: why the
    last try failed, "" after a success. off_at: switched off, by a member or because the other
    side said that it is gone.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")
        TELEGRAM = "telegram", "Telegram"
        SLACK = "slack", "Slack"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=80)
    shown = models.CharField(max_length=160, blank=True, db_default="", default="")
    sealed_secret = models.TextField(blank=True, db_default="", default="")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    added_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    off_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(db_default=0, default=0)
    failure_code = models.CharField(max_length=64, blank=True, db_default="", default="")
    failed_at = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Destination"].as_manager()

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """One thing that is wrong with one subject, from when it was seen until it is over.

    subject: "channel:5", "platform:sandbox"; "" for the whole workspace or machine. count, facts:
    as last seen. fine_since: when it was first seen to be right again.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=96, blank=True, db_default="", default="")
    count = models.PositiveIntegerField(default=1)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField()
    told_count = models.PositiveIntegerField(default=1)
    fine_since = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Alert"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "subject"],
                condition=Q(over_at=None),
                name="a_subject_has_one_open_alert_of_a_kind",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-opened_at", "id"], name="alert_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Notice(models.Model):
    """What one destination is told of one alert: that it opened, got worse, or is over.

    message: the message it travels in, shared by all that is due at that moment; a message
    that is tried again carries the same, so the other side can tell.
    """

    class Phase(models.TextChoices):
        OPENED = "opened", "opened"
        AGAIN = "again", "again"
        OVER = "over", "over"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="notices")
    destination = models.ForeignKey(
        Destination, models.CASCADE, related_name="notices", db_index=False
    )
    phase = models.CharField(max_length=8, choices=Phase.choices)
    count = models.PositiveIntegerField(default=1)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    message = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Notice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "destination", "phase", "at"], name="a_notice_is_written_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["destination", "id"],
                condition=Q(sent_at=None, given_up_at=None),
                name="notice_waiting",
            ),
            models.Index(
                fields=["destination", "sent_at"],
                condition=Q(sent_at__isnull=False),
                name="notice_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.alert_id}"
