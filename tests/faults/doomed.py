"""A worker process that kills itself at a named step. Run as a program by the fault tests.

Arguments: the step, and at which of its occurrences to die (0: never). Everything else comes
from the environment, as for any Loa process. Ends when its input closes.
"""

import os
import signal
import sys
import threading


def main(step: str, occurrence: int) -> None:
    """Work until told to stop, or until the step comes."""
    import django  # noqa: PLC0415

    django.setup()
    from loa.connectors import transport  # noqa: PLC0415
    from loa.publish.dispatcher import Worker  # noqa: PLC0415
    from tests.publish.scene import HURRIED  # noqa: PLC0415

    transport.configure(allowed_origins=os.environ["FAULTS_ORIGINS"].split())
    left = occurrence
    counting = threading.Lock()

    def die(reached: str) -> None:
        nonlocal left
        if reached != step:
            return
        with counting:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    worker = Worker(HURRIED, checkpoint=die)
    worker.start()
    sys.stdout.write("working\n")
    sys.stdout.flush()
    sys.stdin.read()
    worker.stop()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
