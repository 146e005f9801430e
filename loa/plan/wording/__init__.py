"""Days and refusals, said to a person."""

from datetime import date, datetime

from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from loa.kernel.errors import LoaError
from loa.plan import actions
from loa.plan.rules.clashes import Clash, ClashKind
from loa.plan.rules.days import View, Window
from loa.plan.rules.lunar import FIRST_OF_MONTH, FULL_MOON, LunarDay
from loa.plan.wording.counted import said_once
from loa.publish.actions import (
    AlreadyDelivered,
    AlreadySending,
    CannotSchedule,
    ChannelNotConnected,
    MayBeLive,
    NothingToSend,
    PastTime,
    RightsEnd,
)

# Translated when one of them is said, not all of them for each day.
_SHORT = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
_WEEKDAYS = (
    pgettext_lazy("weekday", "Monday"),
    pgettext_lazy("weekday", "Tuesday"),
    pgettext_lazy("weekday", "Wednesday"),
    pgettext_lazy("weekday", "Thursday"),
    pgettext_lazy("weekday", "Friday"),
    pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)
_MONTHS = (
    pgettext_lazy("month in a date", "January"),
    pgettext_lazy("month in a date", "February"),
    pgettext_lazy("month in a date", "March"),
    pgettext_lazy("month in a date", "April"),
    pgettext_lazy("month in a date", "May"),
    pgettext_lazy("month in a date", "June"),
    pgettext_lazy("month in a date", "July"),
    pgettext_lazy("month in a date", "August"),
    pgettext_lazy("month in a date", "September"),
    pgettext_lazy("month in a date", "October"),
    pgettext_lazy("month in a date", "November"),
    pgettext_lazy("month in a date", "December"),
)
_LUNAR_MONTHS = (
    pgettext_lazy("lunar month", "the 1st lunar month"),
    pgettext_lazy("lunar month", "the 2nd lunar month"),
    pgettext_lazy("lunar month", "the 3rd lunar month"),
    pgettext_lazy("lunar month", "the 4th lunar month"),
    pgettext_lazy("lunar month", "the 5th lunar month"),
    pgettext_lazy("lunar month", "the 6th lunar month"),
    pgettext_lazy("lunar month", "the 7th lunar month"),
    pgettext_lazy("lunar month", "the 8th lunar month"),
    pgettext_lazy("lunar month", "the 9th lunar month"),
    pgettext_lazy("lunar month", "the 10th lunar month"),
    pgettext_lazy("lunar month", "the 11th lunar month"),
    pgettext_lazy("lunar month", "the 12th lunar month"),
)


def refusal(error: LoaError) -> str:
    """Return what happened and what to do next."""
    if isinstance(error, actions.NoFreeSlot):
        return _(
            "%(channels)s has no free slot in the next half year. Add slots, or choose a time."
        ) % {"channels": ", ".join(channel.name for channel in error.channels)}
    sentences: dict[type[LoaError], str] = {
        AlreadyDelivered: _("This post is already live, so it cannot be moved."),
        AlreadySending: _(
            "This post is being sent at this moment. In a few seconds you will see how it went."
        ),
        MayBeLive: _(
            "It is not certain whether this post is live. Settle that first, then move it."
        ),
        PastTime: _("This time has passed. Choose a later one."),
        actions.NothingToMove: _("This post is gone or has no channel. Nothing was moved."),
        actions.MovedMeanwhile: _(
            "Somebody moved this post again in the meantime. It stays where they put it."
        ),
        actions.NotInQueue: _("This post no longer waits in a queue. The list is up to date now."),
        actions.TooManySlots: _("A channel can have 168 slots a week at most."),
        actions.TooManyFeeds: _("There are 50 links already. Withdraw one that nobody uses."),
        ChannelNotConnected: _("A channel of this post is not connected. Reconnect it first."),
        NothingToSend: _("A channel of this post has nothing to say yet. Write it first."),
        RightsEnd: _(
            "The rights to a picture, or somebody's consent, end before that time. "
            "Choose an earlier one, or renew them in the library."
        ),
        CannotSchedule: _(
            "This post cannot be scheduled as it is. Open it to see what stands in the way."
        ),
    }
    for kind, sentence in sentences.items():
        if isinstance(error, kind):
            return sentence
    return _("This did not work, and nothing was changed.")


def language() -> str:
    """Return the language of the person who reads."""
    return get_language() or "en"


def weekday_short(weekday: int) -> str:
    """Return the few letters over a column: "Mon", "T2"."""
    return str(_SHORT[weekday])


def weekday(number: int) -> str:
    """Return the name of a day of the week."""
    return str(_WEEKDAYS[number])


def month(number: int) -> str:
    """Return the name of a month inside a date: "November", "tháng 11"."""
    return str(_MONTHS[number - 1])


def lunar_month(number: int) -> str:
    """Return what a lunar month is called: "tháng Mười", "the 10th lunar month"."""
    return str(_LUNAR_MONTHS[number - 1])


@said_once
def lunar_date(moon: LunarDay) -> str:
    """Return a lunar date in words: "14 tháng Mười âm lịch"."""
    values = {"day": moon.day, "month": lunar_month(moon.month)}
    if moon.is_leap:
        return _("day %(day)s of %(month)s, the second of the year") % values
    return _("day %(day)s of %(month)s") % values


@said_once
def offering_day(moon: LunarDay) -> str:
    """Return what the 1st and the 15th are called; "" on other days."""
    names = {FIRST_OF_MONTH: _("new moon"), FULL_MOON: _("full moon")}
    return names.get(moon.day, "")


def day(value: date, *, today: date) -> str:
    """Return a day in words, with the year when it is another one."""
    values = {
        "weekday": weekday(value.weekday()),
        "day": value.day,
        "month": month(value.month),
        "year": value.year,
    }
    if value.year == today.year:
        return _("%(weekday)s, %(day)s %(month)s") % values
    return _("%(weekday)s, %(day)s %(month)s %(year)s") % values


def moment(local: datetime, *, today: date) -> str:
    """Return a local time in words: "19:30 Thứ Ba, 17 tháng 11"."""
    return _("%(time)s on %(day)s") % {
        "time": f"{local:%H:%M}",
        "day": day(local.date(), today=today),
    }


def span(window: Window, *, today: date) -> str:
    """Return what a page of the calendar covers."""
    first, last, focus = window.first, window.last, window.focus
    if window.view is View.MONTH:
        name = pgettext("month above a calendar", "%(month)s %(year)s")
        return name % {"month": month(focus.month).capitalize(), "year": focus.year}
    values = {
        "first": first.day,
        "first_month": month(first.month),
        "first_year": first.year,
        "last": last.day,
        "month": month(last.month),
        "year": last.year,
    }
    if first.year != last.year:
        words = _("%(first)s %(first_month)s %(first_year)s – %(last)s %(month)s %(year)s")
    elif first.month != last.month:
        words = _("%(first)s %(first_month)s – %(last)s %(month)s")
    else:
        words = _("%(first)s – %(last)s %(month)s")
    if first.year == last.year != today.year:
        words += " %(year)s"
    return words % values


def clash(one: Clash) -> str:
    """Return what is wrong between two posts, and how far they are from each other."""
    if one.kind is ClashKind.SAME_TEXT:
        days_apart = max(one.apart.days, 1)
        return ngettext(
            "the same words within %(count)s day",
            "the same words within %(count)s days",
            days_apart,
        ) % {"count": days_apart}
    minutes = int(one.apart.total_seconds() // 60)
    if not minutes:
        return _("at the same time")
    return ngettext("%(count)s minute apart", "%(count)s minutes apart", minutes) % {
        "count": minutes
    }
