"""Keep what platforms announce about the end of their interfaces."""

from collections.abc import Mapping

from loa.channels.models import Channel
from loa.channels.rules.sunsets import to_write
from loa.connectors.registry import connector
from loa.connectors.sunsets import Sunset
from loa.ops import clock


def note_sunsets(heard: Mapping[int, Sunset]) -> None:
    """Keep what was announced on channels, by id; the fence must show them."""
    now = clock.now()
    for channel in Channel.objects.filter(pk__in=heard).order_by("pk"):
        announced = to_write(
            channel.api_end,
            heard[channel.pk],
            version=connector(channel.platform).api_version,
            now=now,
        )
        if announced is not None:
            Channel.objects.filter(pk=channel.pk).update(api_end=announced)
