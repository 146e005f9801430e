"""Times, days and posts in a few words, as Today says them."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.content.models import Post
from loa.plan import wording as plan
from loa.plan.rules.lunar import lunar_day

LONGEST_TITLE = 60


def near(instant: datetime, *, now: datetime) -> str:
    """Return a local time close to now: "19:30 today", "20:00 Tue 24/11"."""
    local, today = timezone.localtime(instant), timezone.localdate(now)
    values = {"time": f"{local:%H:%M}"}
    if local.date() == today:
        return _("%(time)s today") % values
    if local.date() == today + timedelta(days=1):
        return _("%(time)s tomorrow") % values
    return f"{local:%H:%M} {plan.weekday_short(local.weekday())} {local.day}/{local.month}"


def moon(today_: datetime) -> list[str]:
    """Return the lunar date, and that today or tomorrow is a day of offerings."""
    day = timezone.localdate(today_)
    words = [plan.lunar_date(lunar_day(day))]
    if name := plan.offering_day(lunar_day(day)):
        words.append(_("today is the %(moon)s") % {"moon": name})
    elif name := plan.offering_day(lunar_day(day + timedelta(days=1))):
        words.append(_("tomorrow is the %(moon)s") % {"moon": name})
    return words


def days_left(count: int) -> str:
    """Return how far away a day is."""
    if count == 0:
        return _("today")
    if count == 1:
        return _("tomorrow")
    return ngettext("in %(count)s day", "in %(count)s days", count) % {"count": count}


def quoted(post: Post | None) -> str:
    """Return a post by its first words."""
    words = str(post) if post else ""
    return Truncator(words or _("Nothing written yet")).chars(LONGEST_TITLE)
