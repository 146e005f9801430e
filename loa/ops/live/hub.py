"""The open streams of one web process, and the one connection that feeds them."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import psycopg
from django.db import close_old_connections, connections

from loa.ops import clock, listening
from loa.ops.live import CHANNEL, EVERYTHING

CHECK_EVERY_S = 0.5  # how soon a revoked session or an ended membership closes its streams
STREAMS_PER_SESSION = 8
STREAMS_PER_PROCESS = 2_000
REMEMBERED_S = 60.0  # how old a page may be and still be told just what it missed
REMEMBERED = 5_000
WAITING_NEWS = 64  # a page that takes no news for so long is closed, and looks again by itself
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Admission:
    """The right of one signed-in person to hear of one workspace.

    session: what their streams are counted by. proof: whatever the recheck compares.
    """

    workspace_id: int
    session: str
    proof: Hashable


type Admit = Callable[[dict[str, str], str], Admission | None]
type StillAdmitted = Callable[[Collection[Admission]], Collection[Admission]]


@dataclass(frozen=True, slots=True)
class Heard:
    """One piece of news as this process heard it, at an instant in seconds since 1970."""

    at_s: float
    workspace_id: int
    topic: str
    subject_id: int


@dataclass(eq=False, slots=True)
class Stream:
    """One open page. `news` holds (topic, id) pairs; None ends the stream."""

    admission: Admission
    news: asyncio.Queue[tuple[str, int] | None] = field(
        default_factory=lambda: asyncio.Queue(WAITING_NEWS)
    )

    def tell(self, topic: str, subject_id: int) -> None:
        """Queue one piece of news; a page that does not keep up is closed instead."""
        try:
            self.news.put_nowait((topic, subject_id))
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """End the stream, before any news that still waits."""
        while not self.news.empty():
            self.news.get_nowait()
        self.news.put_nowait(None)


class TooManyStreams(Exception):
    """This session, or this process, has as many open streams as it may."""


class Hub:
    """Passes news to streams, and closes those whose right has ended.

    admit: decides, from a request's headers and the workspace's slug, who may listen.
    still_admitted: returns those admissions that hold now. Both may use the database: they
    run in one thread of their own. `listens` is set once news can be heard.
    """

    def __init__(self, *, admit: Admit, still_admitted: StillAdmitted) -> None:
        self._admit = admit
        self._still_admitted = still_admitted
        self._streams: set[Stream] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = ThreadPoolExecutor(1, "live")
        self._heard: deque[Heard] = deque()
        self._heard_all_since_s = float("inf")
        self.listens = asyncio.Event()

    def start(self) -> None:
        """Begin to listen and to recheck."""
        self._tasks = [asyncio.create_task(run()) for run in (self._listen, self._recheck)]

    async def stop(self) -> None:
        """Close every stream and stop listening."""
        self._close_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(self._thread, _disconnect)
        self._thread.shutdown()

    async def open(
        self, headers: dict[str, str], slug: str, *, since_s: float | None = None
    ) -> Stream | None:
        """Return a new stream, None for who may not listen. Raises TooManyStreams.

        since_s: when the page was asked for, in seconds since 1970. What was announced between
        then and now is told first, so that no change falls between a page and its stream.
        """
        admission = await self.ask(partial(self._admit, headers, slug))
        if admission is None:
            return None
        mine = sum(stream.admission.session == admission.session for stream in self._streams)
        if mine >= STREAMS_PER_SESSION or len(self._streams) >= STREAMS_PER_PROCESS:
            raise TooManyStreams
        stream = Stream(admission)
        if since_s is not None:
            self._tell_missed(stream, since_s)
        self._streams.add(stream)
        return stream

    def forget(self, stream: Stream) -> None:
        """Count a stream no longer: its page is gone."""
        self._streams.discard(stream)

    async def ask[T](self, question: Callable[[], T]) -> T:
        """Answer a question that needs the database, in the hub's one thread."""

        def in_thread() -> T:
            close_old_connections()
            return question()

        return await asyncio.get_running_loop().run_in_executor(self._thread, in_thread)

    async def _recheck(self) -> None:
        """Close the streams whose session or membership has ended; all of them if unsure."""
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            streams = list(self._streams)
            if not streams:
                continue
            admissions = {stream.admission for stream in streams}
            try:
                hold = set(await self.ask(partial(self._still_admitted, admissions)))
            except Exception:  # noqa: BLE001 - nobody stays on a guess
                _log.exception("open streams cannot be rechecked, so they are closed")
                hold = set()
            for stream in streams:
                if stream.admission not in hold:
                    stream.close()

    async def _listen(self) -> None:
        pause_s = 0.2
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **listening.connection_values(), autocommit=True
                ) as own:
                    await own.execute(listening.listen_command([CHANNEL]))
                    pause_s = 0.2
                    self._heard.clear()
                    self._heard_all_since_s = clock.now().timestamp()
                    self._close_all()
                    self.listens.set()
                    async for note in own.notifies():
                        self._pass_on(note.payload)
            except psycopg.Error as error:
                _log.warning("live news were interrupted: %s", str(error).strip())
                self._heard_all_since_s = float("inf")
                await asyncio.sleep(pause_s)
                pause_s = listening.next_pause(pause_s)

    def _close_all(self) -> None:
        """Let every page connect and look again: what we did not hear is not repeated."""
        for stream in self._streams:
            stream.close()

    def _pass_on(self, payload: str) -> None:
        news = json.loads(payload)
        self._remember(Heard(clock.now().timestamp(), news["workspace"], news["topic"], news["id"]))
        for stream in self._streams:
            if stream.admission.workspace_id == news["workspace"]:
                stream.tell(news["topic"], news["id"])

    def _remember(self, heard: Heard) -> None:
        self._heard.append(heard)
        while len(self._heard) > REMEMBERED or heard.at_s - self._heard[0].at_s > REMEMBERED_S:
            self._heard_all_since_s = self._heard.popleft().at_s

    def _tell_missed(self, stream: Stream, since_s: float) -> None:
        """Tell a new stream what its page has missed; that it is unsure when that is unknown."""
        missed = {
            (heard.topic, heard.subject_id)
            for heard in self._heard
            if heard.at_s >= since_s and heard.workspace_id == stream.admission.workspace_id
        }
        if since_s <= self._heard_all_since_s or len(missed) >= WAITING_NEWS:
            missed = {(EVERYTHING, 0)}
        for topic, subject_id in missed:
            stream.tell(topic, subject_id)


def _disconnect() -> None:
    connections.close_all()
