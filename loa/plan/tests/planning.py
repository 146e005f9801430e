"""What the tests of this app have in common: a quiet Monday and a few shorthands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.content.rules.planned_time import PlannedTime
from loa.ops import clock, fence
from loa.plan import actions
from loa.workspace.models import Workspace

SAIGON = "Asia/Ho_Chi_Minh"
# Monday 16 November 2026, 09:00 in Saigon.
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def local(text: str, zone: str = SAIGON) -> PlannedTime:
    """Return "2026-11-17 20:00" as a planned time."""
    return PlannedTime(datetime.fromisoformat(text), zone)


def at(text: str, zone: str = SAIGON) -> datetime:
    """Return a local time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@contextmanager
def inside(workspace: Workspace, now: datetime = NOW) -> Iterator[None]:
    """See what the workspace sees, at `now`."""
    with clock.at(now), fence.inside(workspace.pk):
        yield


def weekly(channel: Channel, *slots: tuple[int, str]) -> None:
    """Give the channel slots: (0, "20:00") is Monday evening."""
    with fence.inside(channel.workspace_id):
        actions.set_slots(
            channel, slots=[(weekday, time.fromisoformat(clock)) for weekday, clock in slots]
        )


def daily(channel: Channel, *clocks: str) -> None:
    """Give the channel the same slots every day."""
    weekly(channel, *((weekday, one) for weekday in range(7) for one in clocks))


def planned_times(post: Post) -> dict[int, str]:
    """Return when each channel of `post` speaks, in Saigon's time, by channel id."""
    with fence.inside(post.workspace_id):
        variants = Variant.objects.filter(post=post)
        return {
            one.channel_id: f"{one.planned_at.astimezone(ZoneInfo(SAIGON)):%d %H:%M}"
            for one in variants
            if one.planned_at
        }
