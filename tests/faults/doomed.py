"""A worker process in trouble. Run as a program by the fault tests and the fault table.

Arguments: a step, at which of its occurrences trouble comes (0: never), and what it is: "kill"
or "freeze" (until somebody sends SIGCONT). Ends when its input closes. From the environment,
beside what any Loa process reads: FAULTS_ORIGINS (what it may reach), FAULTS_CLOCK_S (how wrong
its clock is), FAULTS_ZONE (where its machine stands), FAULTS_LOST_NAMES (the share of look-ups of
names that fail), FAULTS_DISK_FULL, FAULTS_DECODER_BYTES (the memory that decoding a picture gets),
FAULTS_CHECKS_S (how often it asks about each channel, as background jobs beside a worker do)
and FAULTS_TALLY (a folder for a file that has a line for each trouble met, and each try to send).
"""

import errno
import os
import random
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

type Note = Callable[[str], None]

TROUBLE = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP}


def main(step: str, occurrence: int, trouble: str) -> None:
    """Work until told to stop, or until the step comes."""
    import django  # noqa: PLC0415

    django.setup()
    from loa.connectors import transport  # noqa: PLC0415
    from loa.publish.dispatcher import Worker  # noqa: PLC0415
    from tests.publish.scene import HURRIED  # noqa: PLC0415

    note = _tally(os.environ.get("FAULTS_TALLY", ""))
    _set_clock(float(os.environ.get("FAULTS_CLOCK_S", "0")))
    _go_to(os.environ.get("FAULTS_ZONE", ""))
    if os.environ.get("FAULTS_DISK_FULL"):
        _fill_disk(note)
    _lose_names(float(os.environ.get("FAULTS_LOST_NAMES", "0")), note)
    _take_memory(os.environ.get("FAULTS_DECODER_BYTES", ""))
    transport.configure(allowed_origins=os.environ["FAULTS_ORIGINS"].split())
    worker = Worker(HURRIED, checkpoint=_fate(step, occurrence, TROUBLE[trouble], note))
    worker.start()
    _note_renewals(note)
    _keep_checking(float(os.environ.get("FAULTS_CHECKS_S", "0")))
    sys.stdout.write("working\n")
    sys.stdout.flush()
    sys.stdin.read()
    worker.stop()


def _tally(folder: str) -> Note:
    if not folder:
        return lambda _what: None
    file = Path(folder, str(os.getpid())).open("a", buffering=1)  # noqa: SIM115 (as long as we live)
    return lambda what: print(what, file=file)


def _fate(step: str, occurrence: int, trouble: signal.Signals, note: Note) -> Note:
    left = occurrence
    counting = threading.Lock()

    def meet(reached: str) -> None:
        nonlocal left
        if reached == "visible.before":
            note(reached)
        if reached != step:
            return
        with counting:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), trouble)

    return meet


def _set_clock(off_s: float) -> None:
    from loa.ops import clock  # noqa: PLC0415

    right, off = clock.now, timedelta(seconds=off_s)
    clock.now = lambda: right() + off


def _go_to(zone: str) -> None:
    """Let local time be that of a zone; Django has set the process's own before."""
    if zone:
        os.environ["TZ"] = zone
        time.tzset()


def _take_memory(left: str) -> None:
    """Leave the process that decodes pictures so few bytes of memory."""
    from loa.library import imaging  # noqa: PLC0415

    if left:
        less = f"child.MEMORY_BYTES = {int(left)}; child.main()"
        imaging._START = imaging._START.replace("child.main()", less)


def _note_renewals(note: Note) -> None:
    """Note of every renewal that is wanted which grant it is for, and from when to when."""
    from loa.channels.actions import grants  # noqa: PLC0415

    real = grants._renew

    def renew(channel: Any, used: Any) -> None:
        began = time.monotonic()
        try:
            real(channel, used)
        finally:
            note(f"renewal {used.pk} {used.generation} {began} {time.monotonic()}")

    grants._renew = renew


def _keep_checking(every_s: float) -> None:
    """Ask about every connected channel that can be reached, each in a thread."""
    from loa.channels.models import Channel  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    if not every_s:
        return
    with fence.everywhere("see which channels there are"):
        reached = Channel.objects.filter(base_url__in=os.environ["FAULTS_ORIGINS"].split())
        found = list(reached.values_list("workspace_id", "pk"))
    for workspace_id, channel_id in found:
        asking = (workspace_id, channel_id, every_s)
        threading.Thread(target=_ask_about, args=asking, daemon=True).start()


def _ask_about(workspace_id: int, channel_id: int, every_s: float) -> NoReturn:
    from loa.channels.actions import check_channel  # noqa: PLC0415
    from loa.channels.models import Channel  # noqa: PLC0415
    from loa.connectors.errors import ConnectorError  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    while True:
        time.sleep(every_s)
        with fence.inside(workspace_id), suppress(ConnectorError):
            channel = Channel.objects.select_related("grant", "workspace").get(pk=channel_id)
            if channel.state == Channel.State.CONNECTED:
                check_channel(channel)


def _fill_disk(note: Note) -> None:
    """Let every file that is written anew meet a full disk, as the system says it."""
    real = os.open

    def full(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_CREAT:
            note("disk full")
            _no_space(path)
        return real(path, flags, *more, **named)

    os.open = full


def _no_space(path: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _lose_names(share: float, note: Note) -> None:
    real = socket.getaddrinfo
    chance = random.Random(7)  # noqa: S311 (a repeatable fault, no secret)

    def look_up(*asked: Any, **named: Any) -> Any:
        if chance.random() < share:
            note("name lost")
            raise socket.gaierror(socket.EAI_AGAIN, "temporary failure in name resolution")
        return real(*asked, **named)

    socket.getaddrinfo = look_up


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "kill")
