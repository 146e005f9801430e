"""Bluesky and every other server of the AT Protocol: app passwords, ids that we choose."""

from loa.connectors.contract import Capability, ConnectField, Connector, Idempotency, Tier
from loa.platforms.bluesky import connecting, looking, measures, publishing, wire

CONNECTOR = Connector(
    name=wire.PLATFORM,
    label="Bluesky",
    colour="#0a7aff",
    tier=Tier.BRONZE,
    idempotency=Idempotency.CLIENT_ID,
    capabilities=frozenset(
        {
            Capability.THREADS,
            Capability.FIRST_COMMENT,
            Capability.IMAGES,
            Capability.VIDEO,
            Capability.ALT_TEXT,
            Capability.LINK_CARD,
            Capability.DELETE,
            Capability.READ_BACK,
            Capability.READINGS,
            Capability.RENEW,
        }
    ),
    limits=wire.LIMITS,
    metrics=("likes", "replies", "reposts", "quotes", "bookmarks", "followers"),
    connect_fields=(
        ConnectField("handle", "text"),
        ConnectField("app_password", "password"),
        # Empty: the server is found from the handle.
        ConnectField("base_url", "url", required=False),
    ),
    connect_with_form=connecting.connect,
    check=connecting.check,
    renew=connecting.renew,
    revoke=connecting.revoke,
    reserve=publishing.reserve,
    stage=publishing.stage,
    publish=publishing.publish,
    delete=publishing.delete,
    look_up=looking.look_up,
    readings=looking.readings,
    channel_readings=looking.channel_readings,
    # A record is there, or not, as soon as the server has answered somebody else.
    read_back_settles_s=30.0,
    quotas=measures.QUOTAS,
    told=measures.told,
)
