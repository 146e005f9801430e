"""Say when a channel is meant to speak, and how crowded it may get."""

from collections.abc import Collection
from datetime import time

from loa.channels.models import Channel
from loa.kernel.errors import LoaError
from loa.plan.models import LAST_WEEKDAY, MINUTES_IN_DAY, ChannelPacing, Slot

MOST_SLOTS = 7 * 24


class NotASlot(LoaError):
    """A day or time that no week has."""


class TooManySlots(LoaError):
    """More slots than a week can usefully hold."""


class NotAPacing(LoaError):
    """A shortest time or a daily number that makes no sense."""


def add_slot(channel: Channel, *, weekday: int, local_time: time) -> Slot:
    """Let the channel speak every week at that local time. Adding it again changes nothing."""
    if not 0 <= weekday <= LAST_WEEKDAY:
        raise NotASlot(f"there is no weekday {weekday}")
    if Slot.objects.in_workspace(channel.workspace).filter(channel=channel).count() >= MOST_SLOTS:
        raise TooManySlots(f"channel {channel.pk} has {MOST_SLOTS} slots already")
    slot, _is_new = Slot.objects.get_or_create(
        workspace=channel.workspace,
        channel=channel,
        weekday=weekday,
        local_time=local_time.replace(second=0, microsecond=0),
    )
    return slot


def remove_slot(slot: Slot) -> None:
    """Take a slot out of the week. What is already planned keeps its time."""
    Slot.objects.in_workspace(slot.workspace).filter(pk=slot.pk).delete()


def set_slots(channel: Channel, *, slots: Collection[tuple[int, time]]) -> None:
    """Give the channel exactly these slots, (weekday, local time) each."""
    wanted = {(day, clock.replace(second=0, microsecond=0)) for day, clock in slots}
    if any(not 0 <= day <= LAST_WEEKDAY for day, _clock in wanted):
        raise NotASlot("a weekday runs from 0 to 6")
    if len(wanted) > MOST_SLOTS:
        raise TooManySlots(f"{len(wanted)} slots in a week")
    mine = Slot.objects.in_workspace(channel.workspace).filter(channel=channel)
    kept = {(one.weekday, one.local_time): one.pk for one in mine.select_for_update()}
    mine.filter(pk__in=[pk for key, pk in kept.items() if key not in wanted]).delete()
    Slot.objects.bulk_create(
        [
            Slot(workspace=channel.workspace, channel=channel, weekday=day, local_time=clock)
            for day, clock in sorted(wanted - kept.keys())
        ],
        ignore_conflicts=True,
    )


def copy_slots(source: Channel, *, target: Channel) -> None:
    """Give `target` the same week as `source`."""
    week = Slot.objects.in_workspace(source.workspace).filter(channel=source)
    set_slots(target, slots=[(one.weekday, one.local_time) for one in week])


def set_pacing(channel: Channel, *, min_gap_minutes: int, daily_cap: int) -> ChannelPacing:
    """Say how crowded the channel may get."""
    if not 0 <= min_gap_minutes <= MINUTES_IN_DAY or not 1 <= daily_cap <= MOST_SLOTS:
        raise NotAPacing(f"{min_gap_minutes} minutes and {daily_cap} a day")
    kept, _is_new = ChannelPacing.objects.update_or_create(
        channel=channel,
        defaults={
            "workspace": channel.workspace,
            "min_gap_minutes": min_gap_minutes,
            "daily_cap": daily_cap,
        },
    )
    return kept
