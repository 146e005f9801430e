"""Days, the moon and addresses, as templates of the plan need them."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode

from loa.channels.models import Channel
from loa.ops import clock
from loa.plan import wording
from loa.plan.models import Evergreen, Occurrence, Refill
from loa.plan.queries import FreeSlot
from loa.plan.rules.evergreen import WhyNot
from loa.plan.rules.lunar import LunarDay
from loa.plan.rules.observances import Kind, Observance
from loa.plan.rules.recurrence import Rhythm
from loa.plan.wording import evergreen as say_evergreen
from loa.plan.wording import series as say_series
from loa.web import states

register = template.Library()

TONES = {
    Kind.HOLIDAY: "lacquer",
    Kind.OCCASION: "lotus",
    Kind.SALE: "amber",
    Kind.MOURNING: "stone",
}
# The page of one post, by the first of these names that exists.
POST_PAGES = ("create:post", "publish:post-deliveries")


@register.filter
def lunar_date(moon: LunarDay) -> str:
    """Say a lunar date in words."""
    return wording.lunar_date(moon)


@register.filter
def offering_day(moon: LunarDay) -> str:
    """Say what the 1st and the 15th are called; "" on other days."""
    return wording.offering_day(moon)


@register.filter
def weekday_short(day: date) -> str:
    """Return the few letters of a day of the week."""
    return wording.weekday_short(day.weekday())


@register.filter
def day_in_words(day: date) -> str:
    """Say a day, with the year when it is another one."""
    return wording.day(day, today=timezone.localdate(clock.now()))


@register.filter
def moment_in_words(instant: datetime) -> str:
    """Say an instant in the workspace's own time."""
    local = timezone.localtime(instant)
    return wording.moment(local, today=timezone.localdate(clock.now()))


@register.filter
def observance_name(observance: Observance) -> str:
    """Return an observance's name in the person's language."""
    return observance.name(wording.language())


@register.filter
def observance_tone(observance: Observance) -> str:
    """Return the tone of an observance's ribbon."""
    return TONES[observance.kind]


@register.filter
def state_tone(state: str) -> str:
    """Return the tone of a state."""
    return states.shown(state).tone


@register.filter
def number(value: int) -> str:
    """Return a number as a machine reads it: an id or an attribute takes no thousands point."""
    return str(value)


@register.simple_tag
def post_page(workspace_slug: str, post_id: int) -> str:
    """Return the address of a post's page; "" while there is no such page."""
    around = _around_post(workspace_slug)
    return f"{around[0]}{post_id}{around[1]}" if around else ""


@lru_cache(maxsize=1024)
def _around_post(workspace_slug: str) -> tuple[str, str] | None:
    """Return what stands before and after a number in the address of a post."""
    for name in POST_PAGES:
        with suppress(NoReverseMatch):
            before, _number, after = reverse(name, args=[workspace_slug, 0]).rpartition("0")
            return before, after
    return None


@register.filter
def fill_address(free: FreeSlot, compose_url: str) -> str:
    """Return where a post for this free slot is begun; "" when the member may not."""
    if not compose_url:
        return ""
    at = f"{free.time.planned.local:%Y-%m-%dT%H:%M}"
    return f"{compose_url}?{urlencode({'channel': str(free.channel.pk), 'at': at})}"


@register.filter
def local_clock(free: FreeSlot) -> str:
    """Return the local time of a free slot: "20:00"."""
    return f"{free.time.planned.local:%H:%M}"


@register.filter
def names(channels: Iterable[Channel]) -> str:
    """Return the names of channels beside each other."""
    return ", ".join(channel.name for channel in channels)


@register.filter
def rhythm_in_words(rhythm: Rhythm) -> str:
    """Say on which dates a series speaks."""
    return say_series.rhythm(rhythm)


@register.filter
def occurrence_note(occurrence: Occurrence) -> str:
    """Say why the post of a date stayed a draft."""
    return say_series.note(occurrence)


@register.filter
def why_chosen(refill: Refill) -> str:
    """Say why an evergreen post fills a slot."""
    return say_evergreen.chosen(refill)


@register.filter
def why_not_now(why: WhyNot | None) -> str:
    """Say how an evergreen post stands on a channel."""
    return say_evergreen.why_not(why)


@register.filter
def why_stopped(evergreen: Evergreen) -> str:
    """Say why Loa stopped an evergreen post."""
    return say_evergreen.stopped(evergreen)


@register.filter
def minutes(length: timedelta) -> int:
    """Return a length in whole minutes."""
    return int(length.total_seconds() // 60)


@register.filter
def weekday_of(instant: datetime) -> str:
    """Return the few letters of the local day of the week of an instant."""
    return wording.weekday_short(timezone.localtime(instant).weekday())


@register.filter
def clock_in_words(local: datetime) -> str:
    """Say a local time without a zone of its own."""
    return wording.moment(local, today=timezone.localdate(clock.now()))


@register.filter
def is_of(free: FreeSlot, channels: Iterable[Channel]) -> bool:
    """Say whether a free slot belongs to one of the channels."""
    return free.channel in channels
