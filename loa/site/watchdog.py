"""Look for what is wrong from the web process when no worker does.

Looking is a worker's job; but when the last worker is dead, nobody would tell that nothing is
sent. Looking and telling are harmless when several do it, so no watchdog knows of another.
"""

import logging
import threading

from django.db import connections

from loa.watch import actions, wording

LOOK_EVERY_S = 60.0
_log = logging.getLogger(__name__)


def start() -> threading.Event:
    """Keep watch in a thread of its own until the event that is returned is set."""
    stop = threading.Event()
    threading.Thread(target=_watch, args=(stop,), name="watchdog", daemon=True).start()
    return stop


def look_if_nobody_does() -> bool:
    """Look, and send what waits, unless somebody looked lately; return whether it was needed."""
    if actions.was_looked_lately():
        return False
    _log.warning("no worker looks for what is wrong, so the web process does")
    actions.look()
    actions.send_notices(wording.said)
    return True


def _watch(stop: threading.Event) -> None:
    while not stop.wait(LOOK_EVERY_S):
        try:
            look_if_nobody_does()
        except Exception:  # noqa: BLE001 - whatever it is, the next round may go better
            _log.exception("the watchdog stumbled")
        finally:
            # Between two looks no connection is kept for this.
            connections.close_all()
