"""Fill the demo, once.

All of it is one transaction, in another time. So nobody sees half a café; the workers of the
real time do not find posts that were due weeks ago; and a filling that is killed leaves nothing
behind but accounts on the practice network, which the next one sets aside.
"""

import contextlib
import signal
import sys
from types import FrameType
from typing import NoReturn

from django.conf import settings
from django.db import connection, transaction

from loa.connectors.errors import ConnectorError
from loa.ops import clock, fence
from loa.site.demo.cast import gather
from loa.site.demo.rehearsal import CannotFill, Rehearsal
from loa.site.demo.stage import Stage
from loa.site.demo.story import Story, founded_at, read_story, scenes
from loa.workspace.actions import join_demos
from loa.workspace.models import Workspace

TERMINATED = 128 + signal.SIGTERM


def run() -> int:
    """Fill the demo unless it is there; return the exit code."""
    signal.signal(signal.SIGTERM, _leave)
    made = fill(read_story(), base_url=settings.PRACTICE_URL)
    if made is None:
        say("The demo is there already.")
    else:
        say(f"The demo is filled: {made.name}, at {settings.PUBLIC_URL}/w/{made.slug}/")
    return 0


def fill(story: Story, *, base_url: str) -> Workspace | None:
    """Live through `story` and return its workspace; None when a demo is there already.

    Raises CannotFill.
    """
    rehearsal = Rehearsal.found(base_url)
    with transaction.atomic():
        _alone()
        if _is_there():
            return None
        say("Waiting for the practice network")
        there = rehearsal.wait()
        rehearsal.make_room([one["handle"] for one in story.channels], there)
        try:
            return _live_through(story, rehearsal)
        finally:
            # Also when it ends badly: everybody else on the network lives in real time.
            with contextlib.suppress(ConnectorError):
                rehearsal.live_now()


def say(words: str) -> None:
    """Tell how far it is."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _live_through(story: Story, rehearsal: Rehearsal) -> Workspace:
    now = clock.now()
    began = founded_at(story, now)
    rehearsal.live_at(began)
    with clock.at(began):
        stage = Stage(story, rehearsal, gather(story))
    workspace = stage.cast.workspace
    with fence.confined_to(workspace.pk), fence.inside(workspace.pk):
        with clock.at(began):
            stage.open()
        say(f"{workspace.name}: {len(stage.channels)} channels since {began:%Y-%m-%d}")
        week = began
        for scene in scenes(story, now):
            if (scene.at - week).days >= 7:  # noqa: PLR2004 - days of a week
                week = scene.at
                say(f"{workspace.name}: {len(stage.posts)} posts by {week:%Y-%m-%d}")
            with clock.at(scene.at):
                stage.play(scene)
        stage.close()
    # Whoever became the owner meanwhile could not see the demo.
    join_demos()
    return workspace


def _is_there() -> bool:
    with fence.everywhere("see whether there is a demo"):
        return Workspace.objects.filter(is_demo=True).exists()


def _alone() -> None:
    """Keep another filling out until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('loa.demo', 0))")
        row = cursor.fetchone()
    if not row or not row[0]:
        raise CannotFill("The demo is being filled at this moment.")


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)
