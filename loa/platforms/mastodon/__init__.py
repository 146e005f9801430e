"""Mastodon and servers that speak its API: one app per instance, keys against duplicates."""

from loa.connectors.contract import (
    Capability,
    ConnectField,
    Connector,
    Idempotency,
    OAuthFlows,
    Tier,
)
from loa.platforms.mastodon import connecting, instances, looking, measures, publishing, wire

CONNECTOR = Connector(
    name=wire.PLATFORM,
    label="Mastodon",
    colour="#6364ff",
    tier=Tier.BRONZE,
    idempotency=Idempotency.NATIVE_KEY,
    capabilities=frozenset(
        {
            Capability.THREADS,
            Capability.FIRST_COMMENT,
            Capability.IMAGES,
            Capability.VIDEO,
            Capability.ALT_TEXT,
            Capability.FOCAL_POINT,
            Capability.EDIT,
            Capability.DELETE,
            Capability.READ_BACK,
            Capability.READINGS,
        }
    ),
    limits=wire.LIMITS,
    metrics=("likes", "replies", "reposts", "quotes", "followers"),
    connect_fields=(ConnectField("base_url", "url", default="https://mastodon.social"),),
    oauth=OAuthFlows(
        origin=instances.origin,
        register=connecting.register,
        authorize_url=connecting.authorize_url,
        finish=connecting.finish,
    ),
    check=connecting.check,
    revoke=connecting.revoke,
    reserve=publishing.reserve,
    stage=publishing.stage,
    publish=publishing.publish,
    edit=publishing.edit,
    delete=publishing.delete,
    look_up=looking.look_up,
    readings=looking.readings,
    channel_readings=looking.channel_readings,
    # The key lives an hour; the last minutes belong to clocks and slow requests.
    native_key_lives_s=3300.0,
    read_back_settles_s=60.0,
    quotas=measures.QUOTAS,
    told=measures.told,
    # It speaks api/v1, and api/v2 for media and the instance; no server has announced an end.
    api_version="v1",
)
