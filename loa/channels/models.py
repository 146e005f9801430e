"""Channels and the grants that open them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from loa.connectors.contract import ChannelRef
from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace


class Registration(models.Model):
    """Our application on one instance of a platform, made once per workspace and host.

    asked_url: the address a person gave. base_url: the one the instance calls its own.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    asked_url = models.CharField(max_length=255)
    base_url = models.CharField(max_length=255)
    redirect_uri = models.CharField(max_length=512)
    client_id = models.CharField(max_length=255)
    sealed_secret = models.TextField(db_default="")
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = FencedQuerySet["Registration"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "platform", "asked_url", "redirect_uri"],
                name="one_registration_per_instance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.base_url}"


class Grant(models.Model):
    """The permission a platform gave us. The secret is sealed; nothing else here is secret.

    generation grows with every renewal, so a refresh that lost a race sees it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    sealed_secret = models.TextField(db_default="")
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    generation = models.PositiveIntegerField(db_default=0, default=0)
    given_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Grant"].as_manager()

    def __str__(self) -> str:
        return f"grant {self.pk} ({self.platform})"


class Channel(models.Model):
    """One connected place we publish to or read.

    state: connected; lost (the grant is gone, a person must reconnect); disconnected (by us).
    facts: what the connector needs beside the grant. limits: the platform's answer, if live.
    api_end: what the platform announced about the end of its interface (rules/sunsets.py).
    """

    class State(models.TextChoices):
        CONNECTED = "connected", _("Connected")
        LOST = "lost", _("Needs reconnecting")
        DISCONNECTED = "disconnected", _("Disconnected")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="channels")
    grant = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="channels")
    platform = models.CharField(max_length=32)
    base_url = models.CharField(max_length=255)
    external_id = models.CharField(max_length=255)
    handle = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    avatar_url = models.CharField(max_length=1024, blank=True, db_default="", default="")
    state = models.CharField(max_length=16, choices=State.choices, db_default="connected")
    state_code = models.CharField(max_length=64, blank=True, db_default="", default="")
    state_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    limits = models.JSONField(null=True, blank=True)
    limits_read_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    api_end = models.JSONField(null=True, blank=True)
    hold_until = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Channel"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "platform", "base_url", "external_id"],
                name="an_account_is_one_channel_of_a_workspace",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.handle

    def ref(self, secret: dict[str, str]) -> ChannelRef:
        """Return what a flow needs of this channel, with its opened grant."""
        return ChannelRef(
            platform=self.platform,
            base_url=self.base_url,
            external_id=self.external_id,
            handle=self.handle,
            secret=secret,
            facts=self.facts,
        )
