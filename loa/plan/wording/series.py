"""Series, said to a person: their rhythm, what went on with a date, and refusals."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from loa.create.actions import AlreadyOut, PostDeleted, TooMuch
from loa.kernel.errors import LoaError
from loa.plan import actions
from loa.plan.models import Occurrence
from loa.plan.rules.recurrence import LAST, Kind, Rhythm, Wrong
from loa.plan.wording import month, weekday
from loa.plan.wording import refusal as plain_refusal


def rhythm(one: Rhythm) -> str:
    """Return on which dates a series speaks, and until when."""
    words = _on(one)
    if one.until_on is not None:
        return _("%(rhythm)s, until %(day)s") % {
            "rhythm": words,
            "day": f"{one.until_on:%d/%m/%Y}",
        }
    if one.count is not None:
        times = ngettext("%(rhythm)s, %(count)s time", "%(rhythm)s, %(count)s times", one.count)
        return times % {"rhythm": words, "count": one.count}
    return words


def wrong(one: Wrong) -> str:
    """Return what is the matter with a rhythm, and what to do."""
    sentences = {
        Wrong.INTERVAL: _("Choose a number from 1 to 52."),
        Wrong.WEEKDAYS: _("Choose at least one day of the week."),
        Wrong.MONTH_DAY: _("Choose a day of the month from 1 to 31."),
        Wrong.NTH: _("Choose which of the days in the month: the first to fourth, or the last."),
        Wrong.LUNAR_DAYS: _("Choose the 1st, the 15th, or both."),
        Wrong.ENDS_TWICE: _("End it on a date or after a number of times, not both."),
        Wrong.COUNT: _("A series has at least one date."),
        Wrong.ENDS_BEFORE: _("The last day comes before the first one."),
    }
    return sentences[one]


def refusal(error: LoaError) -> str:
    """Return what happened and what to do next."""
    if isinstance(error, actions.NotARhythm):
        return wrong(error.wrong)
    if isinstance(error, AlreadyOut):
        return _("The post of that date is live or on its way to %(channel)s, so it stays.") % {
            "channel": error.channel
        }
    if isinstance(error, actions.AlreadyInSeries):
        return _("This post already belongs to “%(series)s”.") % {"series": error.series}
    sentences: dict[type[LoaError], str] = {
        actions.NothingToRepeat: _(
            "This post has no channel or says nothing yet. Write it first, then let it repeat."
        ),
        actions.SeriesGone: _("This series has ended, so it cannot be changed any more."),
        actions.NotADate: _("That date has passed, or the series does not speak on it."),
        PostDeleted: _("The post is deleted. Restore it first."),
        TooMuch: _("A channel of this series is gone. Open a post of it and choose others."),
    }
    for kind, sentence in sentences.items():
        if isinstance(error, kind):
            return sentence
    return plain_refusal(error)


def note(one: Occurrence) -> str:
    """Return why the post of a date stayed a draft; "" when it did not."""
    reasons = {
        "keeper": _("Still a draft: whoever keeps the series may not schedule any more."),
        "channel": _("Still a draft: a channel was not connected."),
        "blocked": _("Still a draft: a check stands against it."),
        "empty": _("Still a draft: it has no channel or no words."),
        "refused": _("Still a draft: it could not be scheduled."),
    }
    return reasons.get(one.note, "")


def _on(one: Rhythm) -> str:
    match one.kind:
        case Kind.WEEKLY:
            words = {1: _("Every week: %(days)s")}.get(
                one.interval, _("Every %(count)s weeks: %(days)s")
            )
        case Kind.MONTHLY:
            words = {1: _("Every month, on day %(day)s")}.get(
                one.interval, _("Every %(count)s months, on day %(day)s")
            )
        case Kind.MONTHLY_WEEKDAY:
            words = {1: _("Every month, on the %(which)s")}.get(
                one.interval, _("Every %(count)s months, on the %(which)s")
            )
        case Kind.YEARLY:
            words = {1: _("Every year, on %(date)s")}.get(
                one.interval, _("Every %(count)s years, on %(date)s")
            )
        case Kind.LUNAR:
            return _by_the_moon(one)
    return words % {
        "count": one.interval,
        "days": ", ".join(weekday(day) for day in sorted(set(one.weekdays))),
        "day": one.month_day,
        "which": _nth(one),
        "date": _("%(day)s %(month)s")
        % {"day": one.first_on.day, "month": month(one.first_on.month)},
    }


def _nth(one: Rhythm) -> str:
    names = {
        1: _("first %(weekday)s"),
        2: _("second %(weekday)s"),
        3: _("third %(weekday)s"),
        4: _("fourth %(weekday)s"),
        LAST: _("last %(weekday)s"),
    }
    return names[one.nth] % {"weekday": weekday(one.weekdays[0]) if one.weekdays else ""}


def _by_the_moon(one: Rhythm) -> str:
    match sorted(set(one.lunar_days)):
        case [1]:
            return pgettext("rhythm", "On the 1st of each lunar month")
        case [15]:
            return pgettext("rhythm", "On the 15th of each lunar month")
        case _:
            return pgettext("rhythm", "On the 1st and 15th of each lunar month")
