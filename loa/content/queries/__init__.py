"""Reads about content that several apps need."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from loa.channels.models import Channel
from loa.connectors import registry
from loa.connectors.contract import Connector, Limits
from loa.connectors.quotas import Quota, quotas_of
from loa.content.models import Post, ReviewRule, Variant
from loa.content.queries.link_checks import broken_links
from loa.content.queries.links import NOTHING, going_for, going_rules
from loa.content.rules import approval
from loa.content.rules.crowding import crowded
from loa.content.rules.document import Document, document_from_json, fingerprint
from loa.content.rules.findings import Finding, Severity, Value, in_order
from loa.content.rules.outgoing import GoingRule
from loa.content.rules.preflight import check
from loa.content.rules.revisions import PostState
from loa.content.rules.wording import Earlier
from loa.library.queries import facts_of
from loa.library.rules.fitting import AssetFacts
from loa.ops import clock
from loa.workspace.models import Workspace

# How far back and ahead saying the same thing again is worth a remark.
ECHO_WITHIN = timedelta(days=60)
MOST_EARLIER = 60
MOST_AROUND = 20_000


def review_mode(workspace: Workspace) -> str:
    """Return the workspace's review rule: "none", "any" or "all"."""
    rule = ReviewRule.objects.filter(workspace=workspace).first()
    return rule.mode if rule else ReviewRule.Mode.NONE


def fingerprint_of(post: Post) -> str:
    """Return the fingerprint of what `post` would publish, over all its variants."""
    variants = post.variants.select_related("post").order_by("channel_id", "pk")
    return fingerprint((variant.channel_id, variant.document) for variant in variants)


def state_of(post: Post) -> PostState:
    """Return what a person edits of `post`, as one value."""
    variants = sorted(post.variants.all(), key=lambda variant: variant.pk)
    return PostState(
        title=post.title,
        language=post.language,
        campaign_id=post.campaign_id,
        shared=post.document,
        own={
            variant.channel_id: None if variant.own is None else document_from_json(variant.own)
            for variant in variants
        },
    )


def may_go_out(post: Post) -> bool:
    """Say whether the workspace's review rule lets `post` be sent as it is now, at this time."""
    if approval_has_ended(post):
        return False
    return approval.may_go_out(
        rule_mode=review_mode(post.workspace),
        approved_fingerprint=post.approved_fingerprint,
        fingerprint=fingerprint_of(post),
    )


def approval_has_ended(post: Post) -> bool:
    """Say whether `post` was approved so long ago that it must be approved again."""
    rule = ReviewRule.objects.filter(workspace=post.workspace).first()
    return rule is not None and approval.has_ended(
        post.approved_at, rule_mode=rule.mode, good_for_days=rule.good_for_days, now=clock.now()
    )


def limits_of(channel: Channel, connector: Connector) -> Limits:
    """Return what `channel` accepts: the platform's live answer, else the connector's default."""
    if not channel.limits:
        return connector.limits
    limits = Limits.from_json(channel.limits)
    if not Limits.tells_video(channel.limits):  # kept before videos were known
        return replace(limits, video=connector.limits.video)
    return limits


@dataclass(frozen=True, slots=True)
class Ground:
    """What the checks of many posts stand on, read once. limits: by channel id."""

    limits: Mapping[int, Limits]
    links: GoingRule
    assets: Mapping[int, AssetFacts]


def ground_for(
    channels: Iterable[Channel], documents: Iterable[Document], *, workspace: Workspace
) -> Ground:
    """Read what the checks of `documents` on `channels` stand on."""
    connectors = registry.all_connectors()
    used = {asset for document in documents for asset in document.asset_ids()}
    return Ground(
        limits={
            channel.pk: limits_of(channel, connectors[channel.platform])
            for channel in channels
            if channel.platform in connectors
        },
        links=going_rules([workspace.pk]).get(workspace.pk, NOTHING),
        assets=facts_of(used, workspace=workspace) if used else {},
    )


def findings_for(
    documents: Mapping[Channel, Document],
    *,
    workspace: Workspace,
    except_post: Post | None,
    planned: Mapping[int, datetime | None] | None = None,
) -> dict[int, tuple[Finding, ...]]:
    """Return, by channel id, what stands against sending these documents there.

    except_post: the post they belong to, so that it is not found to repeat itself. planned:
    by channel id when they go out; without a time they are checked for today.
    """
    ground = ground_for(documents, documents.values(), workspace=workspace)
    around = Around(
        earlier=_said_lately(list(documents), workspace=workspace, except_post=except_post),
        crowds=_crowds(list(documents), post=except_post) if except_post else {},
        broken=broken_links(documents.values(), workspace=workspace),
    )
    return findings_on(
        ground,
        documents,
        workspace=workspace,
        post=except_post,
        planned=planned or {},
        around=around,
    )


@dataclass(frozen=True, slots=True)
class Around:
    """What else is said and planned, of which a check only ever warns."""

    earlier: Mapping[int, Collection[Earlier]] = field(default_factory=dict)
    crowds: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)
    broken: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


def findings_on(
    ground: Ground,
    documents: Mapping[Channel, Document],
    *,
    workspace: Workspace,
    post: Post | None,
    planned: Mapping[int, datetime | None],
    around: Around,
) -> dict[int, tuple[Finding, ...]]:
    """Return, by channel id, what stands against these documents, without asking anything."""
    now, zone = clock.now(), ZoneInfo(workspace.time_zone)
    goings = going_for(
        documents, limits=ground.limits, workspace=workspace, post=post, rule=ground.links
    )
    found: dict[int, tuple[Finding, ...]] = {}
    for channel, document in documents.items():
        connector = registry.all_connectors().get(channel.platform)
        if connector is None:
            found[channel.pk] = (Finding("channel.no_connector", Severity.BLOCK),)
            continue
        checked = check(
            document,
            limits=ground.limits[channel.pk],
            capabilities=connector.capabilities,
            assets=ground.assets,
            on=max(now, planned.get(channel.pk) or now).astimezone(zone).date(),
            earlier=tuple(around.earlier.get(channel.pk, ())),
            going=goings[channel.pk],
            broken=around.broken,
        )
        crowds = around.crowds.get(channel.pk, ())
        found[channel.pk] = in_order(_about_channel(channel) + crowds + checked)
    return found


def _about_channel(channel: Channel) -> tuple[Finding, ...]:
    if channel.state == Channel.State.CONNECTED:
        return ()
    return (Finding(f"channel.{channel.state}", Severity.WARN),)


def _crowds(channels: Collection[Channel], *, post: Post) -> dict[int, tuple[Finding, ...]]:
    """Return, by channel id, that more is planned around the post's times than a quota takes."""
    planned = dict(
        Variant.objects.filter(
            post=post, channel__in=channels, planned_at__isnull=False
        ).values_list("channel_id", "planned_at")
    )
    found = {}
    for channel in channels:
        connector, at = registry.all_connectors().get(channel.platform), planned.get(channel.pk)
        if connector is None or at is None:
            continue
        quotas = quotas_of(connector.quotas, channel.facts)
        found[channel.pk] = crowded(quotas, _planned_around(channel, at, quotas))
    return found


def _planned_around(channel: Channel, at: datetime, quotas: Collection[Quota]) -> list[datetime]:
    """Return the planned times on `channel` that share a window with `at`, in order."""
    window = timedelta(seconds=max((one.window_s for one in quotas if one.part), default=0))
    times = Variant.objects.filter(
        channel=channel,
        planned_at__gt=at - window,
        planned_at__lt=at + window,
        post__deleted_at=None,
    )
    instants = times.order_by("planned_at").values_list("planned_at", flat=True)
    return [instant for instant in instants[:MOST_AROUND] if instant is not None]


def _said_lately(
    channels: Collection[Channel], *, workspace: Workspace, except_post: Post | None
) -> dict[int, tuple[Earlier, ...]]:
    """Return what each channel said or will say around now, nearest to the future first."""
    now = clock.now()
    variants = (
        Variant.objects.in_workspace(workspace)
        .filter(
            channel__in=channels,
            planned_at__range=(now - ECHO_WITHIN, now + ECHO_WITHIN),
            post__deleted_at=None,
        )
        .exclude(post=except_post)
        .select_related("post")
        .order_by("-planned_at", "pk")
    )
    said: dict[int, list[Earlier]] = defaultdict(list)
    zone = ZoneInfo(workspace.time_zone)
    for variant in variants[: MOST_EARLIER * len(channels)]:
        day = variant.planned_at.astimezone(zone).date() if variant.planned_at else None
        caption = "\n".join(part.caption for part in variant.document.parts)
        said[variant.channel_id].append(Earlier(variant.post_id, caption, f"{day or ''}"))
    return {channel_id: tuple(captions) for channel_id, captions in said.items()}
