"""The café's story: read from cafe.toml, and laid out in time around a given instant. Pure."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from loa.kernel.json import JSON
from loa.plan.rules.lunar import lunar_day

FILE = Path(__file__).with_name("cafe.toml")
DAYS_AHEAD = 20
FOUNDED_BEFORE = timedelta(days=4)
WRITTEN_BEFORE = timedelta(days=2)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# How long after it was delivered a post's counts are looked at, beside every second evening.
LOOKS = (timedelta(hours=1), timedelta(hours=5))
EVENING = time(21, 0)
OFFICE_OPENS, OFFICE_CLOSES = 8, 18


class Ends(StrEnum):
    """How far a post comes. What is scheduled and whose time has passed is out."""

    SCHEDULED = "scheduled"
    QUEUED = "queued"
    APPROVED = "approved"
    WAITING = "waiting"
    CHANGES = "changes"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Telling:
    """One post as the file tells it. at: see `day_of`; "" when it has no time of its own.

    first_words: what `by` wrote before `edited_by` made it the caption. wish: the change that
    an approver asks for. fault: what the network does wrong when it goes out. own: by channel,
    what that channel says instead. notes: who said what about it. months: left out in others.
    """

    title: str
    on: Sequence[str]
    at: str = ""
    caption: str = ""
    parts: Sequence[str] = ()
    pictures: Sequence[str] = ()
    comment: str = ""
    campaign: str = ""
    language: str = "vi"
    by: str = "minh"
    agreed_by: str = "lan"
    first_words: str = ""
    edited_by: str = "ngan"
    own: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[Sequence[str]] = ()
    wish: str = ""
    fault: Mapping[str, JSON] | None = None
    ends: Ends = Ends.SCHEDULED
    months: Sequence[int] = ()

    @property
    def texts(self) -> Sequence[str]:
        """The captions of its parts."""
        return self.parts or (self.caption,)


@dataclass(frozen=True, slots=True)
class Story:
    """The whole file; what is not a post stays as plain tables."""

    workspace: Mapping[str, Any]
    people: Sequence[Mapping[str, Any]]
    channels: Sequence[Mapping[str, Any]]
    campaigns: Sequence[Mapping[str, Any]]
    pictures: Mapping[str, Mapping[str, Any]]
    pauses: Sequence[Mapping[str, Any]]
    posts: Sequence[Telling]
    series: Sequence[Mapping[str, Any]] = ()
    evergreens: Sequence[Mapping[str, Any]] = ()
    pools: Sequence[Mapping[str, Any]] = ()
    print_links: Sequence[Mapping[str, Any]] = ()
    sources: Sequence[Mapping[str, Any]] = ()

    @property
    def weeks(self) -> int:
        """How many weeks of past it has, before this one."""
        return int(self.workspace["weeks"])

    @property
    def zone(self) -> ZoneInfo:
        """Where the café is."""
        return ZoneInfo(self.workspace["time_zone"])


class Act(StrEnum):
    """What happens in a scene."""

    WRITE = "write"
    EDIT = "edit"
    NOTE = "note"
    ASK = "ask"
    WISH = "wish"
    AGREE = "agree"
    QUEUE = "queue"
    PAUSE = "pause"
    RESUME = "resume"
    SEND = "send"
    LOOK = "look"
    KEEP = "keep"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens at an instant. planned: when a post that is written goes out."""

    at: datetime
    act: Act
    post: Telling | None = None
    planned: datetime | None = None
    pause: Mapping[str, Any] | None = None


def read_story(file: Path = FILE) -> Story:
    """Read the file."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    known = {one.name for one in fields(Telling)}
    posts = []
    for one in told["post"]:
        if strange := one.keys() - known:
            raise ValueError(f"{one['title']}: nobody knows {', '.join(sorted(strange))}")
        posts.append(Telling(**{**one, "ends": Ends(one.get("ends", "scheduled"))}))
    return Story(
        workspace=told["workspace"],
        people=told["person"],
        channels=told["channel"],
        campaigns=told["campaign"],
        pictures=told["picture"],
        pauses=told.get("pause", ()),
        posts=posts,
        series=told["series"],
        evergreens=told["evergreen"],
        pools=told["pool"],
        print_links=told["print_link"],
        sources=told["source"],
    )


def founded_at(story: Story, now: datetime) -> datetime:
    """Return when the story begins: a morning before its first week."""
    monday = _monday(now, story.zone) - timedelta(weeks=story.weeks)
    return datetime.combine(monday, time(9, 0), story.zone) - FOUNDED_BEFORE


def planned_at(telling: Telling, story: Story, now: datetime) -> datetime | None:
    """Return when a post goes out; None when it has no time, or has none around `now`."""
    if not telling.at:
        return None
    return _instant(telling.at, story, now)


def scenes(story: Story, now: datetime) -> list[Scene]:
    """Return everything that happens until `now`, in order."""
    numbers = count()
    # What repeats takes its times before the queue takes its own.
    found = [Scene(now, Act.KEEP)]
    later = _days_of_writing(now, story.zone)
    for number, post in enumerate(story.posts):
        at = planned_at(post, story, now)
        if _is_left_out(post, at, story, now):
            continue
        is_out = at is not None and at <= now
        written = _office(at - WRITTEN_BEFORE, number, story.zone) if is_out and at else next(later)
        written = max(written, founded_at(story, now) + timedelta(hours=2))
        found += _life(post, written=written, planned=at, now=now)
    for pause in story.pauses:
        for act, name in ((Act.PAUSE, "from"), (Act.RESUME, "until")):
            instant = _instant(pause[name], story, now)
            if instant is not None and instant < now:
                found.append(Scene(instant, act, pause=pause))
    sent = sorted({one.at for one in found if one.act is Act.SEND})
    found += [Scene(at + after, Act.LOOK) for at in sent for after in LOOKS if at + after < now]
    found += [Scene(at, Act.EVENING) for at in _evenings(story, now)]
    return sorted(found, key=lambda one: (one.at, next(numbers)))


def _life(
    post: Telling, *, written: datetime, planned: datetime | None, now: datetime
) -> list[Scene]:
    """Return the scenes of one post."""
    steps: list[tuple[timedelta, Act]] = [(timedelta(), Act.WRITE)]
    if post.first_words:
        steps.append((timedelta(minutes=35), Act.EDIT))
    asked = post.ends is not Ends.DRAFT
    if asked:
        steps.append((timedelta(minutes=50), Act.ASK))
    if post.notes:
        steps.append((timedelta(minutes=80), Act.NOTE))
    if post.ends is Ends.CHANGES:
        steps.append((timedelta(minutes=95), Act.WISH))
    elif asked and post.ends is not Ends.WAITING:
        steps.append((timedelta(minutes=110), Act.AGREE))
    is_out = planned is not None and planned <= now
    end = planned if planned is not None and is_out else now
    # What was written shortly before goes through its steps in less time, in the same order.
    left = min(1.0, (end - written) / timedelta(minutes=120))
    found = [Scene(written + after * left, act, post, planned) for after, act in steps]
    if post.ends is Ends.QUEUED:
        found.append(Scene(now, Act.QUEUE, post))
    if is_out:
        found.append(Scene(end, Act.SEND, post))
    return found


def _is_left_out(post: Telling, at: datetime | None, story: Story, now: datetime) -> bool:
    if post.months and now.astimezone(story.zone).month not in post.months:
        return True
    # Nothing goes out in the days in which the café is being founded.
    return bool(post.at) and (at is None or at < founded_at(story, now) + FOUNDED_BEFORE / 2)


def _instant(text: str, story: Story, now: datetime) -> datetime | None:
    day, clock = text.rsplit(" ", 1)
    when = day_of(day, now.astimezone(story.zone).date(), weeks=story.weeks)
    return None if when is None else datetime.combine(when, time.fromisoformat(clock), story.zone)


def day_of(words: str, today: date, *, weeks: int) -> date | None:
    """Return the day that is meant, seen from `today`; None when none is near.

    "w-3 tue": that weekday, three weeks ago. "d+2": in two days. "20/11": that date, when it
    falls into the story, which has so many weeks of past. "lunar 15": the last such day of the
    moon before today.
    """
    monday = today - timedelta(days=today.weekday())
    first, last = monday - timedelta(weeks=weeks), today + timedelta(days=DAYS_AHEAD)
    match words.split():
        case [week, weekday] if week.startswith("w"):
            return monday + timedelta(weeks=int(week[1:]), days=WEEKDAYS.index(weekday))
        case ["lunar", day]:
            past = (today - timedelta(days=ago) for ago in range(1, 32))
            return next(one for one in past if lunar_day(one).day == int(day))
        case [days] if days.startswith("d"):
            return today + timedelta(days=int(days[1:]))
        case [solar]:
            number, month = map(int, solar.split("/"))
            dates = (date(year, month, number) for year in (first.year, last.year))
            return next((one for one in dates if first <= one <= last), None)
    raise ValueError(f"{words!r} is no day")


def _monday(now: datetime, zone: ZoneInfo) -> date:
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday())


def _office(instant: datetime, number: int, zone: ZoneInfo) -> datetime:
    """Return a time in the office on that day, another for every number."""
    local = instant.astimezone(zone)
    return datetime.combine(local.date(), time(9 + number % 7, number * 17 % 60), zone)


def _days_of_writing(now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield when what is not out yet was written: in the last days, in office hours."""
    for number in count():
        instant = now - timedelta(hours=2.2 + 5.3 * number)
        local = instant.astimezone(zone)
        if not OFFICE_OPENS <= local.hour < OFFICE_CLOSES:
            instant = _office(instant - timedelta(hours=OFFICE_OPENS), number, zone)
        yield instant


def _evenings(story: Story, now: datetime) -> list[datetime]:
    first = founded_at(story, now).date()
    days = (now.astimezone(story.zone).date() - first).days
    at = (datetime.combine(first + timedelta(days=one), EVENING, story.zone) for one in range(days))
    return [one for one in at if one < now][::-2][::-1]
