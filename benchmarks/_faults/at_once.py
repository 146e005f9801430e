"""Run several faults beside each other, each in a process with a database and network of its own.

Much of a fault is waiting, so they share a machine well.
"""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

type Lines = SimpleQueue[str | None]


def each_in_a_process(commands: Sequence[Sequence[str]], at_once: int) -> int:
    """Run the table with each of these arguments, so many at once; 0 when all of them hold.

    Their lines come in the order of `commands`, each as soon as those before it are there.
    """
    queues: list[Lines] = [SimpleQueue() for _ in commands]
    with ThreadPoolExecutor(max(1, at_once)) as pool:
        ends = [
            pool.submit(_run, words, lines) for words, lines in zip(commands, queues, strict=True)
        ]
        for lines in queues:
            while (line := lines.get()) is not None:
                sys.stdout.write(line)
                sys.stdout.flush()
        return max(end.result() for end in ends)


def _run(words: Sequence[str], lines: Lines) -> int:
    command = [sys.executable, "-m", "benchmarks.faults", *words]
    try:
        with subprocess.Popen(  # noqa: S603 (our own interpreter and module, no shell)
            command, stdout=subprocess.PIPE, text=True
        ) as process:
            said = process.stdout or iter(())
            next(said, "")  # every table has a head of its own
            for line in said:
                lines.put(line)
        if process.returncode not in {0, 1}:
            lines.put(f"{words[-1]:<6}failed: its process ended with {process.returncode}\n")
        return 1 if process.returncode else 0
    finally:
        lines.put(None)
