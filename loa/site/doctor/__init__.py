"""`loa doctor`: look at everything an installation stands on, and say what to mend."""

import sys
from collections.abc import Iterator

from loa.site.doctor.outcome import Level, Outcome


def run() -> int:
    """Run every check and print a line for each; return 1 when something is wrong."""
    outcomes = []
    for outcome in _all():
        outcomes.append(outcome)
        sys.stdout.write(f"{outcome.level:<6} {outcome.sentence}\n")
        sys.stdout.flush()
    wrong = sum(outcome.level == Level.WRONG for outcome in outcomes)
    doubtful = sum(outcome.level == Level.WARN for outcome in outcomes)
    if wrong or doubtful:
        sys.stderr.write(f"{wrong} to mend, {doubtful} to look at.\n")
    return 1 if wrong else 0


def _all() -> Iterator[Outcome]:
    """Yield the outcomes; without a database the checks inside it are left out."""
    from loa.site.doctor import database, machine, product  # noqa: PLC0415 - they need settings

    yield from machine.check()
    answered = True
    for outcome in database.check():
        answered = answered and outcome.level != Level.WRONG
        yield outcome
    yield from product.check(database_is_sound=answered)
