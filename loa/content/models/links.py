"""Links: the workspace's rule, those whose clicks are counted, what looks at them found."""

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace


class LinkRule(models.Model):
    """What is done to links as posts go out. No row: nothing.

    marks: add UTM fields by the templates. tracks: send people through our own address and
    count the clicks. domain: the workspace's own host for that, "" for the installation's.
    only_hosts, never_hosts: names, one a line; see rules.outgoing. own: by channel id, the source
    and medium of a channel that has its own; "" for the workspace's.
    """

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="link_rule")
    marks = models.BooleanField(db_default=False, default=False)
    source = models.CharField(max_length=80, db_default="{platform}", default="{platform}")
    medium = models.CharField(max_length=80, db_default="social", default="social", blank=True)
    campaign = models.CharField(
        max_length=80, db_default="{campaign}", default="{campaign}", blank=True
    )
    content = models.CharField(max_length=80, db_default="", default="", blank=True)
    overwrites = models.BooleanField(db_default=False, default=False)
    tracks = models.BooleanField(db_default=False, default=False)
    domain = models.CharField(max_length=253, db_default="", default="", blank=True)
    only_hosts = models.TextField(db_default="", default="", blank=True)
    never_hosts = models.TextField(db_default="", default="", blank=True)
    own = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)

    objects = FencedQuerySet["LinkRule"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["domain"], condition=~Q(domain=""), name="a_link_domain_has_one_workspace"
            ),
        ]

    def __str__(self) -> str:
        return f"link rule of workspace {self.workspace_id}"


class Link(models.Model):
    """A tracked link: a code under our address that leads to one target, for ever.

    Made when a delivery is frozen (post, channel, part: where it stands), or by hand for print
    (label: where it hangs). The code follows from all that, so that a retry makes no second one.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    target = models.TextField()
    label = models.CharField(_("place"), max_length=80, blank=True, db_default="", default="")
    post = models.ForeignKey(
        "content.Post", models.SET_NULL, null=True, blank=True, related_name="links"
    )
    channel = models.ForeignKey(
        "channels.Channel", models.SET_NULL, null=True, blank=True, related_name="links"
    )
    campaign = models.ForeignKey(
        "content.Campaign", models.SET_NULL, null=True, blank=True, related_name="links"
    )
    part = models.SmallIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = FencedQuerySet["Link"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target__regex=r"^https?://[^[:space:]]+$"),
                name="a_tracked_link_leads_to_the_web",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-made_at", "-id"], name="link_newest")]

    def __str__(self) -> str:
        return self.code


class LinkCheck(models.Model):
    """What the last look at an address found, and when it goes out next.

    seen: see rules.link_checks. code, status: what happened. waits: for a look. retry_at: its
    host asked to be left alone until then. due_at, post: the first planned post of the coming
    day that has it; None when none does.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    url = models.TextField()
    url_hash = models.CharField(max_length=64)
    host = models.CharField(max_length=253)
    seen = models.CharField(max_length=16, db_default="unknown", default="unknown")
    code = models.CharField(max_length=32, blank=True, db_default="", default="")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    waits = models.BooleanField(db_default=True, default=True)
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    post = models.ForeignKey(
        "content.Post", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FencedQuerySet["LinkCheck"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "url_hash"], name="an_address_is_checked_once_per_workspace"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(waits=True), name="link_check_waiting"),
            models.Index(
                fields=["workspace", "due_at"],
                condition=Q(due_at__isnull=False),
                name="link_check_due",
            ),
            models.Index(
                fields=["retry_at"],
                condition=Q(retry_at__isnull=False),
                name="link_check_resting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seen} {self.host}"
