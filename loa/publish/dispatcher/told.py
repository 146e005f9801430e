"""What platforms say beside their answers: heard by senders, written down by the dispatcher.

What is left of their quotas, and when the interface that was called will end.
"""

import threading
from datetime import datetime

from loa.channels.actions import note_sunsets
from loa.channels.models import Channel
from loa.connectors.contract import Answer, Connector, Request
from loa.connectors.quotas import Quota, quotas_of
from loa.connectors.quotas import Told as TellsQuota
from loa.connectors.sunsets import Sunset, sooner
from loa.connectors.sunsets import told as sunset_told
from loa.ops import fence
from loa.publish.dispatcher.quotas import key_of, read_uses, write_uses
from loa.publish.dispatcher.session import lasting_cursor
from loa.publish.rules import quotas


class Told:
    """What answers said, heard in sender threads, kept until the dispatcher asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: dict[str, tuple[Quota, TellsQuota]] = {}
        self._ending: dict[int, Sunset] = {}

    def hear(
        self,
        connector: Connector,
        request: Request,
        answer: Answer,
        *,
        channel: Channel,
    ) -> None:
        """Keep what `answer` says is left, and what it announces."""
        sunset = sunset_told(request, answer)
        if sunset is not None:
            with self._lock:
                self._ending[channel.pk] = sooner(self._ending.get(channel.pk), sunset) or sunset
        told = connector.told(request, answer) if connector.told else None
        if told is None:
            return
        for quota in quotas_of(connector.quotas, channel.facts):
            if quota.name == told.name:
                key = key_of(
                    quota,
                    platform=connector.name,
                    origin=channel.base_url,
                    channel_id=channel.pk,
                )
                with self._lock:
                    self._heard[key] = (quota, told)

    def write_down(self, *, now: datetime) -> None:
        """Correct what is kept by what was heard since the last time."""
        with self._lock:
            heard, self._heard = self._heard, {}
            ending, self._ending = self._ending, {}
        if ending:
            with fence.everywhere("keep what platforms announce"):
                note_sunsets(ending)
        if not heard:
            return
        with fence.everywhere("correct quotas by what platforms said"):
            cursor = lasting_cursor()
            before = read_uses(cursor, heard)
            after = {
                key: quotas.correct(heard[key][0], use, heard[key][1], now=now)
                for key, use in before.items()
            }
            write_uses(cursor, before, after)
