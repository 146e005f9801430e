"""What a platform offers to settle a doubt, and what is known about one."""

from collections.abc import Mapping
from datetime import datetime

from loa.channels.models import Channel
from loa.connectors.contract import Capability, Idempotency
from loa.connectors.idempotency import idempotency_of
from loa.connectors.registry import all_connectors
from loa.kernel.json import JSON
from loa.publish.models import Delivery
from loa.publish.rules import settling
from loa.publish.rules.settling import Doubt, Means


def means_of(channel: Channel) -> Means:
    """Return what the platform of `channel` offers to settle a doubt."""
    return means_on(channel.platform, channel.facts)


def means_on(platform: str, facts: Mapping[str, JSON]) -> Means:
    """Return what a platform offers to settle a doubt, on a channel with these facts.

    A platform that is no longer installed offers nothing: a person is asked.
    """
    found = all_connectors().get(platform)
    if found is None:
        return Means(Idempotency.NONE, can_read_back=False)
    return Means(
        idempotency=idempotency_of(found, facts),
        can_read_back=found.can(Capability.READ_BACK),
        key_lives_s=found.native_key_lives_s,
        settles_s=found.read_back_settles_s,
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


def judged_from(delivery: Delivery) -> datetime:
    """Return from when on a person can tell that an uncertain delivery is not live."""
    return settling.judged_from(doubt_of(delivery), means_of(delivery.channel))
