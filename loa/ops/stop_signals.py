"""Notice, in a process that waits most of the time, that it is asked to stop."""

import os
import select
import signal
from typing import Self


class StopSignals:
    """Count the signals that ask us to stop; end a wait early for those, and when a child ends."""

    def __init__(self) -> None:
        self.received = 0

    def __enter__(self) -> Self:
        """Take over SIGINT, SIGTERM and SIGHUP."""
        self._reading, self._writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._count)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(self, *_problem: object) -> None:
        """Stop counting. The process is about to end."""
        signal.set_wakeup_fd(-1)
        os.close(self._reading)
        os.close(self._writing)

    def wait(self, seconds: float) -> int:
        """Wait until something happens or `seconds` have passed; return how often to stop."""
        if select.select([self._reading], [], [], seconds)[0]:
            os.read(self._reading, 4096)
        return self.received

    def _count(self, *_: object) -> None:
        self.received += 1
