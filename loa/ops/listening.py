"""Hear what other transactions announce with NOTIFY."""

import logging
import threading
from collections.abc import Callable, Collection
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection
from psycopg import sql

# What a database that went away raises, through Django and without it.
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
LONGEST_PAUSE_S = 1.0  # however long the database was away, so soon it is noticed to be back
_log = logging.getLogger(__name__)


def connection_values() -> dict[str, Any]:
    """Return what psycopg needs for a connection of its own to Django's default database."""
    values = connection.get_connection_params()
    values.pop("cursor_factory", None)
    values.pop("context", None)
    return values


def next_pause(pause_s: float) -> float:
    """Return how long to wait after having waited `pause_s` for the database in vain."""
    return min(pause_s * 2, LONGEST_PAUSE_S)


def listen_command(channels: Collection[str]) -> sql.Composed:
    """Return the command that subscribes to all `channels`."""
    return sql.SQL("; ").join(
        sql.SQL("LISTEN {}").format(sql.Identifier(name)) for name in sorted(channels)
    )


def keep_listening(
    channels: Collection[str], *, heard: Callable[[str], None], stop: threading.Event
) -> None:
    """Call `heard(channel)` for each notification until `stop` is set.

    After a lost connection every channel is reported once, because what was announced in
    between is not repeated.
    """
    pause_s = 0.2
    while not stop.is_set():
        try:
            with psycopg.connect(**connection_values(), autocommit=True) as own:
                own.execute(listen_command(channels))
                pause_s = 0.2
                for channel in channels:
                    heard(channel)
                while not stop.is_set():
                    for note in own.notifies(timeout=0.5):
                        heard(note.channel)
        except psycopg.Error as error:
            _log.warning("listening was interrupted: %s", str(error).strip())
            stop.wait(pause_s)
            pause_s = next_pause(pause_s)
