"""Reads about deliveries."""

from loa.channels.models import Channel
from loa.connectors.contract import Capability
from loa.connectors.idempotency import idempotency_of
from loa.connectors.registry import connector
from loa.publish.models import Delivery
from loa.publish.rules.settling import Doubt, Means


def means_of(channel: Channel) -> Means:
    """Return what the platform of `channel` offers to settle a doubt."""
    platform = connector(channel.platform)
    return Means(
        idempotency=idempotency_of(platform, channel.facts),
        can_read_back=platform.can(Capability.READ_BACK),
        key_lives_s=platform.native_key_lives_s,
        settles_s=platform.read_back_settles_s,
    )


def doubt_of(delivery: Delivery) -> Doubt:
    """Return what is known about an uncertain delivery."""
    began = delivery.unproven_since or delivery.sending_at or delivery.scheduled_at
    return Doubt(
        unproven_since=began,
        sending_at=delivery.sending_at or began,
        misses=delivery.clean_misses,
        last_miss_at=delivery.last_miss_at,
        tries=delivery.tries,
    )
