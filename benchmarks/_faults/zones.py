"""F7: clocks are wrong, machines stand in other zones, local times are skipped or come twice."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks._faults.case import Case
from benchmarks._faults.rows import work

if TYPE_CHECKING:
    from loa.content.models import Post

HOUR_S = 3600
LATER = timedelta(minutes=50)
# Where workers, the planner and the database stand: whole, half and quarter hours off UTC.
MACHINES = ("Pacific/Chatham", "America/St_Johns")
PLANNER, DATABASE = "Asia/Kathmandu", "America/Los_Angeles"
PLANNED_ON = datetime(2027, 1, 4, 9, tzinfo=UTC)
# A zone, a local time that its clocks skip or show twice in 2027, the fold, and when that is.
CHANGES = (
    ("Europe/London", "2027-03-28T01:30", 0, "2027-03-28T01:00"),
    ("Europe/London", "2027-10-31T01:30", 0, "2027-10-31T00:30"),
    ("Europe/London", "2027-10-31T01:30", 1, "2027-10-31T01:30"),
    ("America/New_York", "2027-03-14T02:30", 0, "2027-03-14T07:00"),
    ("America/New_York", "2027-11-07T01:30", 0, "2027-11-07T05:30"),
    ("America/New_York", "2027-11-07T01:30", 1, "2027-11-07T06:30"),
    ("Australia/Lord_Howe", "2027-10-03T02:15", 0, "2027-10-02T15:30"),
    ("Australia/Lord_Howe", "2027-04-04T01:45", 0, "2027-04-03T14:45"),
    ("Australia/Lord_Howe", "2027-04-04T01:45", 1, "2027-04-03T15:15"),
    ("Pacific/Chatham", "2027-09-26T03:00", 0, "2027-09-25T14:00"),
    ("Pacific/Chatham", "2027-04-04T03:15", 0, "2027-04-03T13:30"),
    ("Pacific/Chatham", "2027-04-04T03:15", 1, "2027-04-03T14:30"),
    ("America/Santiago", "2027-09-05T00:30", 0, "2027-09-05T04:00"),
    ("America/Santiago", "2027-04-03T23:30", 0, "2027-04-04T02:30"),
    ("America/Santiago", "2027-04-03T23:30", 1, "2027-04-04T03:30"),
    ("Africa/Cairo", "2027-04-30T00:30", 0, "2027-04-29T22:00"),
    ("Africa/Cairo", "2027-10-28T23:30", 0, "2027-10-28T20:30"),
    ("Africa/Cairo", "2027-10-28T23:30", 1, "2027-10-28T21:30"),
)


def clocks_wrong(case: Case) -> None:
    """F7: the right instant, once, whatever clocks and zones the machines have.

    First, posts are planned for local times that six zones skip or show twice; then workers whose
    clocks are an hour off meet workers in other zones.
    """
    with _database_stands_in(case, DATABASE):
        _clocks_change(case)
        _clocks_are_off(case)


def _clocks_change(case: Case) -> None:
    """Plan and schedule as a person does, and try a second before each instant and at it.

    The classes take turns, on channels of their own: that part is played in 2027, and channels
    remember when they were last used.
    """
    from loa.ops import clock  # noqa: PLC0415
    from tests.publish.scene import work_off  # noqa: PLC0415

    case.open_channels(mark="dst")
    with _process_stands_in(PLANNER), clock.at(PLANNED_ON):
        planned = [_plan(case, number) for number in range(len(CHANGES))]
        for due_at, post in sorted(planned, key=lambda one: one[0]):
            text = post.document.parts[0].caption
            work_off(at=due_at - timedelta(seconds=1))
            if text in case.scene.ledger():
                case.wrong.append(f"{text} went out early")
            work_off(at=due_at)
            if case.scene.ledger().count(text) != 1:
                case.wrong.append(f"{text} did not go out once at {due_at}")


def _plan(case: Case, number: int) -> "tuple[datetime, Post]":
    """Plan and schedule a post for one of CHANGES; return it with its instant."""
    from loa.content.rules.planned_time import PlannedTime  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415
    from loa.plan.actions.moving import move_post  # noqa: PLC0415
    from loa.publish.actions import schedule_post  # noqa: PLC0415

    zone, local, fold, instant = CHANGES[number]
    expected = datetime.fromisoformat(f"{instant}+00:00")
    name = case.size.classes[number % len(case.size.classes)]
    text = f"{name} {zone} {local} fold {fold}"
    post = case.scene.post(case.channels[name][number % 2], text=text)
    asked = PlannedTime(datetime.fromisoformat(local), zone, fold)
    with fence.inside(case.scene.workspace.pk):
        move_post(post, planned=asked, by=case.scene.ana)
        [delivery] = schedule_post(post, by=case.scene.ana)
    if delivery.due_at != expected:
        case.wrong.append(f"{text} is due at {delivery.due_at}, not {expected}")
    case.posts.append(post)
    return expected, post


def _clocks_are_off(case: Case) -> None:
    """Half of the posts are due now and half in fifty minutes.

    A clock that is fast would send those, and one that is slow would hold the others back.
    """
    case.open_channels()
    soon, later = case.write(mark="now "), case.write(mark="later ", later=LATER)
    case.put_down(soon + later)
    fresh = {post.pk for post in soon + later}
    due = {post.pk for post in case.posts} - {post.pk for post in later}
    with (
        case.workers(more={"FAULTS_CLOCK_S": str(HOUR_S)}),
        case.workers(more={"FAULTS_CLOCK_S": str(-HOUR_S)}),
    ):
        time.sleep(3)
        touched = [one for one in work() if one.post_id in fresh and one.state != "due"]
        case.wrong += [f"delivery {one.pk} was touched by a wrong clock" for one in touched]
        with ExitStack() as stack:
            for zone in MACHINES:
                stack.enter_context(case.workers(more={"FAULTS_ZONE": zone}))
            until = time.monotonic() + 120
            while time.monotonic() < until:
                if all(one.state == "delivered" for one in work() if one.post_id in due):
                    break
                time.sleep(0.2)
    for one in work():
        if (one.post_id in due) != (one.state == "delivered"):
            case.wrong.append(f"delivery {one.pk} is {one.state}")
    case.not_yet = {post.pk for post in later}


@contextmanager
def _process_stands_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ", "UTC")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ["TZ"] = before
        time.tzset()


@contextmanager
def _database_stands_in(case: Case, zone: str) -> Iterator[None]:
    import psycopg  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    name = connections["default"].settings_dict["NAME"]

    def say(what: str) -> None:
        with psycopg.connect(case.server.url("postgres"), autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" {what}')

    say(f"SET timezone TO '{zone}'")
    connections.close_all()
    try:
        yield
    finally:
        say("RESET timezone")
