"""The plan as it is taken along: the columns of a table, and a month on one page."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.kernel.json import JSON
from loa.plan import wording
from loa.plan.queries.cards import Group
from loa.plan.queries.exports import Exported
from loa.plan.rules import days
from loa.plan.rules.days import Window
from loa.plan.rules.days_off import days_off
from loa.plan.rules.lunar import lunar_day
from loa.plan.rules.observances import observances_on
from loa.plan.rules.states import CardState
from loa.web import states
from loa.workspace.models import Workspace

LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}
BETWEEN_PARTS = "\n---\n"
# What a day of the sheet has room for, by how many weeks share its height.
CARDS_IN_DAY = {4: 10, 5: 8, 6: 6}
LONGEST_WORDS = 80
_KINDS = {
    CardState.SCHEDULED: "certain",
    CardState.SENDING: "certain",
    CardState.DELIVERED: "live",
    CardState.FAILED: "trouble",
    CardState.UNCERTAIN: "trouble",
    CardState.MISSED: "trouble",
}


def columns() -> list[str]:
    """Return the header of an exported table; an import understands it."""
    return [
        _("Channels"),
        _("Date"),
        _("Time"),
        _("Caption"),
        _("Thread parts"),
        _("Title"),
        _("Campaign"),
        _("First comment"),
        _("Language"),
        _("State"),
    ]


def line(one: Exported) -> list[str]:
    """Return a card as a line under those columns."""
    card, parts = one.card, one.document.parts
    return [
        "\n".join(channel.name for channel in card.channels),
        f"{card.local:%d/%m/%Y}",
        card.clock,
        parts[0].caption,
        BETWEEN_PARTS.join(part.caption for part in parts[1:]),
        one.title,
        card.campaign.name if card.campaign else "",
        one.document.first_comment,
        LANGUAGE_NAMES.get(one.language, one.language),
        str(states.shown(card.state).label),
    ]


def by_day(groups: Iterable[Group], *, zone: str) -> dict[date, list[Group]]:
    """Return the groups by the local day they are on."""
    place = days.place(zone)
    found: defaultdict[date, list[Group]] = defaultdict(list)
    for group in groups:
        found[days.local_day(group[0].planned_at, place)].append(group)
    return found


def room_in(window: Window, held: Sequence[Group]) -> int:
    """Return how many cards of a day the sheet shows; one line less when it says how many more."""
    room = CARDS_IN_DAY[len(window.weeks)]
    return room if len(held) <= room else room - 1


def month_sheet(
    workspace: Workspace,
    *,
    window: Window,
    held: dict[date, list[Group]],
    shown: Iterator[Exported],
    note: str,
    now: datetime,
) -> JSON:
    """Return what the sheet's template needs, as data. shown: the cards there is room for."""
    cards: defaultdict[date, list[JSON]] = defaultdict(list)
    for one in shown:
        words = one.document.opening or one.title or _("Nothing written yet")
        cards[one.card.day].append(
            {
                "kind": _KINDS.get(one.card.state, "draft"),
                "clock": one.card.clock,
                "words": printable(words)[:LONGEST_WORDS],
            }
        )
    today = days.today(now, workspace.time_zone)
    listed: list[JSON] = [
        _day(day, window=window, cards=cards[day], count=len(held.get(day, ())))
        for day in window.days
    ]
    names: list[JSON] = [wording.weekday_short(number) for number in range(7)]
    return {
        "title": wording.span(window, today=today),
        "workspace": printable(workspace.name),
        "language": wording.language().partition("-")[0],
        "note": printable(note),
        "columns": names,
        "weeks": len(window.weeks),
        "days": listed,
        "legend": _legend(),
    }


def printable(text: str) -> str:
    """Return `text` without what the fonts of documents have no sign for, such as emoji."""
    return "".join(
        mark
        for mark in text
        if unicodedata.category(mark) not in {"So", "Sk", "Cs", "Co", "Cn", "Cc", "Cf"}
    ).strip()


def _day(day: date, *, window: Window, cards: list[JSON], count: int) -> JSON:
    moon = lunar_day(day)
    more = count - len(cards)
    kept = [one for one in observances_on(day) if one.is_major]
    return {
        "number": str(day.day),
        "beside": day.month != window.focus.month,
        "off": bool(days_off(day)),
        "lunar": moon.label if moon.day == 1 or day.day == 1 else str(moon.day),
        "observances": " · ".join(one.name(wording.language()) for one in kept),
        "cards": cards,
        "more": _more(more) if more else "",
    }


def _more(count: int) -> str:
    words = ngettext("and %(count)s more post", "and %(count)s more posts", count)
    return words % {"count": count}


def _legend() -> list[JSON]:
    words = {
        "draft": _("Not scheduled yet"),
        "certain": _("Scheduled"),
        "live": _("Live"),
        "trouble": _("Needs somebody"),
    }
    return [{"kind": kind, "words": said} for kind, said in words.items()]
