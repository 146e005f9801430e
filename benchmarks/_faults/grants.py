"""F9: grants end while posts are sent, several want to renew one at once; some are taken back."""

import time
from collections import Counter, defaultdict
from contextlib import suppress
from functools import partial
from itertools import combinations
from threading import Event, Thread
from typing import TYPE_CHECKING

from benchmarks._faults.case import CHANNELS_PER_CLASS, Case
from benchmarks._faults.rows import disconnect

if TYPE_CHECKING:
    from loa.channels.models import Channel

PARTS = 2
# So often does the access of each channel end; renewing takes so long that others come meanwhile.
ENDS, RENEWING_TAKES_S, ASKED_EVERY_S = 3, 0.8, 0.3
SOME = 0.1
GRANTS_DIE_S = 6.0
COMES_WITHIN_S = 30.0

# A renewal of a grant that was wanted: the process, and from when to when (monotonic seconds).
type Span = tuple[int, float, float]


def ended_and_taken_back(case: Case) -> None:
    """F9: first grants end and are renewed; then some die or are taken back, and somebody helps.

    The platform ends refresh tokens with their first use, and a session with their second. Two
    workers ask about every channel over and over, as background jobs do, while they send: each
    end is met by both.
    """
    half = max(CHANNELS_PER_CLASS, case.size.deliveries // 2)
    case.open_channels(renewed=True)
    with case.workers(2, more={"FAULTS_CHECKS_S": str(ASKED_EVERY_S)}):
        _ended(case, range(half))
        _taken_back(case, range(half, case.size.deliveries))
    case.wrong += [
        f"a refresh token of {one['account']} was used {one['reused']} times more"
        for one in case.scene.practice.client.sessions()
        if one["reused"]
    ]


def _ended(case: Case, numbers: range) -> None:
    """Access tokens end in the middle: each is renewed once, and nobody loses the channel."""
    calls = len(numbers) // CHANNELS_PER_CLASS * PARTS
    case.order("", "slow", operation="renew_session", count=None, seconds=RENEWING_TAKES_S)
    for channel in _channels(case):
        for after in sorted(case.chance.sample(range(calls), min(ENDS, calls))):
            what = f"an end of the access to {channel.handle}, after {after}"
            case.order(what, "end_access", account=channel.handle, skip=after)
    case.put_down(case.write(parts=PARTS, numbers=numbers))
    case.settled(or_when=partial(_goes_wrong, case))
    _judge_renewals(case)
    case.calm_down()


def _counted(case: Case) -> tuple[Counter[str], Counter[str]]:
    """Return how often the access to each account ended, and how often a new one was asked for."""
    client = case.scene.practice.client
    ended: Counter[str] = Counter()
    for fault in client.faults():
        if fault["kind"] == "end_access":
            ended[fault["account"]] += fault["struck"]
    asked: Counter[str] = Counter()
    for session in client.sessions():
        asked[session["account"]] += session["renewals"] + session["reused"]
    return ended, asked


def _goes_wrong(case: Case) -> bool:
    """Say whether the posts may never settle, for a channel is lost or renewed without need."""
    # In this order: an end that comes between the two may have been renewed already.
    _, asked = _counted(case)
    ended, _ = _counted(case)
    return bool(_lost(case)) or asked.total() > ended.total()


def _judge_renewals(case: Case) -> None:
    """Compare the calls for renewal with the ends, and see that several wanted each at once."""
    ended, asked = _counted(case)
    case.wrong += [
        f"the access to {handle} ended {count} times, and {asked[handle]} times a new one was asked"
        for handle, count in ended.items()
        if asked[handle] != count
    ]
    case.wrong += [f"{what} was disconnected" for what in _lost(case)]
    at_once = _wanted_at_once(case)
    if case.size.is_full:
        case.wrong += [
            f"no two processes wanted to renew the access to {channel.handle} at once"
            for channel in _channels(case)
            if not at_once[channel.grant_id]
        ]
    elif not at_once:
        case.wrong.append("no two processes wanted to renew a grant at once")
    case.notes.append(
        f"{ended.total()} ends of access, {asked.total()} calls for a new one;"
        f" {at_once.total()} were wanted by two processes at once"
    )


def _wanted_at_once(case: Case) -> Counter[int | None]:
    """Return for each grant how many of its renewals two processes wanted at the same time."""
    spans: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for process, tally in enumerate(case.tallies()):
        for line in tally:
            if line.startswith("renewal "):
                _, grant, generation, began, ended = line.split()
                spans[int(grant), int(generation)].append((process, float(began), float(ended)))
    return Counter(
        grant
        for (grant, _), wanted in spans.items()
        if any(_meet(*pair) for pair in combinations(wanted, 2))
    )


def _meet(one: Span, other: Span) -> bool:
    return one[0] != other[0] and max(one[1], other[1]) < min(one[2], other[2])


def _lost(case: Case) -> list[str]:
    """Return the channels of the case that were marked lost at any time."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.workspace.models import AuditEntry  # noqa: PLC0415

    with fence.inside(case.scene.workspace.pk):
        told = AuditEntry.objects.in_workspace(case.scene.workspace).filter(action="channel.lost")
        return list(told.values_list("subject", flat=True))


def _taken_back(case: Case, numbers: range) -> None:
    """Grants die in the middle, one of each class for good; somebody reconnects them."""
    case.order("a dead grant", "dead_token", count=1, skip=case.chance.randint(0, 5))
    case.order("", "dead_token", count=None, probability=SOME, seed=case.chance.randint(1, 999))
    client = case.scene.practice.client
    taken = {case.channels[name][0].handle for name in case.size.classes}
    reconnecting = _SomebodyReconnects(case)
    case.put_down(case.write(parts=PARTS, numbers=numbers))
    with reconnecting:
        for session in client.sessions():
            if session["account"] in taken and session["ended_at"] is None:
                client.end_session(session["id"])
        time.sleep(GRANTS_DIE_S)
        case.calm_down()
        until = time.monotonic() + COMES_WITHIN_S
        while time.monotonic() < until and not taken <= reconnecting.anew:
            time.sleep(0.1)
        case.settled()
    case.wrong += [
        f"the grant of {one} was taken back, and nobody had to connect it anew"
        for one in taken - reconnecting.anew
    ]
    case.notes.append(
        f"{reconnecting.times} times somebody reconnected a lost channel,"
        f" {len(reconnecting.anew)} of them anew"
    )


def _channels(case: Case) -> "list[Channel]":
    return [channel for name in case.size.classes for channel in case.channels[name]]


class _SomebodyReconnects:
    """A person who reconnects lost channels as they see them.

    times: how often that was. anew: the handles that needed another access code.
    """

    def __init__(self, case: Case) -> None:
        self.times = 0
        self.anew: set[str] = set()
        self._case = case
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        try:
            while not self._over.wait(0.3):
                self._mend()
        finally:
            disconnect()

    def _mend(self) -> None:
        from loa.channels.actions import check_channel  # noqa: PLC0415
        from loa.channels.models import Channel  # noqa: PLC0415
        from loa.connectors.errors import ChannelLost, ConnectorError  # noqa: PLC0415
        from loa.ops import fence  # noqa: PLC0415

        gone = []
        with fence.inside(self._case.scene.workspace.pk):
            for channel in Channel.objects.filter(state=Channel.State.LOST):
                self.times += 1
                with suppress(ConnectorError):
                    try:
                        check_channel(channel)
                    except ChannelLost:
                        gone.append(channel.handle)
        for handle in gone:
            self._connect_anew(handle)

    def _connect_anew(self, handle: str) -> None:
        from practice_network.client import PracticeClient  # noqa: PLC0415

        scene = self._case.scene
        with PracticeClient(scene.practice.base_url) as client:
            scene.connect(handle, client.issue_token(handle).access_code)
        self.anew.add(handle)
