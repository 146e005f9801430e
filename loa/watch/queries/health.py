"""How one workspace stands, with the machine it runs on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import Sum

from loa.channels import queries as channels
from loa.channels.queries import ChannelCard
from loa.channels.rules.health import Health as ChannelState
from loa.library.models import Asset
from loa.publish.queries import pulse
from loa.publish.queries.fullest import fullest_quotas
from loa.publish.queries.pulse import Lag, Tries, UnderWay
from loa.watch.queries.machine import Machine, machine
from loa.workspace.models import Workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlatformRate:
    """How tries on one platform went in the last hour and day; None when there were none."""

    platform: str
    hour: Tries | None
    day: Tries | None


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """A channel, and how much of its fullest quota it used; None where none is declared."""

    card: ChannelCard
    used_ratio: float | None


@dataclass(frozen=True, slots=True)
class ApiEnding:
    """A platform's interface whose end is known, and where; ends_at: None where no day is."""

    platform: str
    host: str
    version: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """Everything the health page shows. oldest_at: None when nothing is overdue."""

    lag_hour: Lag
    lag_day: Lag
    ready_count: int
    oldest_at: datetime | None
    states: dict[str, int]
    rates: list[PlatformRate]
    channels: list[ChannelHealth]
    endings: list[ApiEnding]
    media_bytes: int
    machine: Machine


def health(workspace: Workspace, *, now: datetime) -> Health:
    """Return how the workspace stands; the fence must be open."""
    cards = channels.cards(workspace, now=now)
    waiting = next(iter(pulse.ready(now, workspace_id=workspace.pk)), None)
    kept = Asset.objects.in_workspace(workspace).aggregate(kept=Sum("size_bytes"))["kept"]
    return Health(
        lag_hour=pulse.lag(now - HOUR, workspace_id=workspace.pk),
        lag_day=pulse.lag(now - DAY, workspace_id=workspace.pk),
        ready_count=waiting.count if waiting else 0,
        oldest_at=waiting.oldest_at if waiting else None,
        states=_by_state(pulse.under_way(workspace_id=workspace.pk)),
        rates=_rates(
            pulse.tries(now - HOUR, workspace_id=workspace.pk),
            pulse.tries(now - DAY, workspace_id=workspace.pk),
        ),
        channels=_channels(workspace, cards, now),
        endings=_endings(cards),
        media_bytes=kept or 0,
        machine=machine(now),
    )


def _channels(workspace: Workspace, cards: list[ChannelCard], now: datetime) -> list[ChannelHealth]:
    used = fullest_quotas(workspace, [card.channel for card in cards], now=now)
    return [ChannelHealth(card, used.get(card.channel.pk)) for card in cards]


def _endings(cards: list[ChannelCard]) -> list[ApiEnding]:
    """Return what ends, each platform and host once, the first to end first."""
    found = {
        ApiEnding(
            card.channel.platform,
            urlsplit(card.channel.base_url).hostname or "",
            card.api_end.version,
            card.api_end.ends_at,
        )
        for card in cards
        if card.api_end is not None and card.health is not ChannelState.DISCONNECTED
    }
    latest = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.ends_at or latest, one.platform, one.host))


def _by_state(rows: list[UnderWay]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for row in rows:
        counted[row.state] = counted.get(row.state, 0) + row.count
    return counted


def _rates(hour: list[Tries], day: list[Tries]) -> list[PlatformRate]:
    lately = {one.platform: one for one in hour}
    return [PlatformRate(one.platform, lately.get(one.platform), one) for one in day]
