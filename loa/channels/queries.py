"""Reads about channels."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from loa.channels.models import Channel
from loa.channels.rules.health import Health, Standing, health
from loa.channels.rules.sunsets import ApiEnd, api_end
from loa.connectors.contract import Connector, Limits
from loa.connectors.registry import all_connectors, connector
from loa.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """A channel with what a person needs to know about it."""

    channel: Channel
    connector: Connector
    health: Health
    limits: Limits
    grant_ends_at: datetime | None
    api_end: ApiEnd | None


def channels(workspace: Workspace) -> QuerySet[Channel]:
    """Return the workspace's channels with their grants, those in use first, then by name."""
    return (
        Channel.objects.in_workspace(workspace)
        .select_related("grant", "workspace")
        .order_by("state", "name", "pk")
    )


def channels_in_use(workspace: Workspace) -> QuerySet[Channel]:
    """Return the channels that posts may be planned for: all but the disconnected ones."""
    return channels(workspace).exclude(state=Channel.State.DISCONNECTED)


def card(channel: Channel, *, now: datetime) -> ChannelCard:
    """Return one channel with its health and limits."""
    platform = connector(channel.platform)
    return ChannelCard(
        channel=channel,
        connector=platform,
        health=health(standing(channel), now=now),
        limits=limits_of(channel),
        grant_ends_at=_grant_ends_at(channel),
        api_end=api_end_of(channel, now=now),
    )


def cards(workspace: Workspace, *, now: datetime) -> list[ChannelCard]:
    """Return every channel of the workspace with its health and limits."""
    return [card(channel, now=now) for channel in channels(workspace)]


def standing(channel: Channel) -> Standing:
    """Return what the health rule needs of a channel."""
    return Standing(
        state=channel.state,
        grant_ends_at=_grant_ends_at(channel),
        paused_at=channel.paused_at,
        held_until=channel.hold_until,
    )


def api_end_of(channel: Channel, *, now: datetime) -> ApiEnd | None:
    """Return when the platform ends the interface we speak with this channel; None if unknown."""
    platform = connector(channel.platform)
    return api_end(
        channel.api_end, version=platform.api_version, declared=platform.api_ends_on, now=now
    )


def first_api_ends(*, now: datetime) -> dict[tuple[int, str], ApiEnd]:
    """Return, by workspace id and platform, the first end of an interface that has a day.

    Few channels have an announcement, and few platforms a day: only those are read.
    """
    declared = [name for name, one in all_connectors().items() if one.api_ends_on is not None]
    in_use = ~Q(state=Channel.State.DISCONNECTED)
    rows = Channel.objects.filter(in_use & (Q(api_end__isnull=False) | Q(platform__in=declared)))
    first: dict[tuple[int, str], ApiEnd] = {}
    for one in rows.only("workspace_id", "platform", "api_end").order_by("pk"):
        found, key = api_end_of(one, now=now), (one.workspace_id, one.platform)
        if found is None or found.ends_at is None:
            continue
        known = first.get(key)
        if known is None or known.ends_at is None or found.ends_at < known.ends_at:
            first[key] = found
    return first


def limits_of(channel: Channel) -> Limits:
    """Return what the channel accepts: the platform's live answer, else the folder's defaults."""
    if channel.limits:
        return Limits.from_json(channel.limits)
    return connector(channel.platform).limits


def platforms_to_connect() -> list[Connector]:
    """Return every platform a person can connect, by label."""
    return sorted(all_connectors().values(), key=lambda one: one.label.casefold())


def _grant_ends_at(channel: Channel) -> datetime | None:
    """Return when a person must act; a grant that renews itself needs nobody."""
    if channel.grant is None or connector(channel.platform).renew is not None:
        return None
    return channel.grant.expires_at
