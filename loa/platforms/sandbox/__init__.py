"""The practice network: a simulated platform beside Loa, to try, train and test on."""

from loa.connectors.contract import Capability, ConnectField, Connector, Idempotency, Tier
from loa.platforms.sandbox import connecting, looking, measures, practice, publishing, wire

CONNECTOR = Connector(
    name=wire.PLATFORM,
    label="Practice network",
    labels={"vi": "Mạng tập"},
    colour="#7a5cc8",
    tier=Tier.PLATINUM,
    # What accounts have unless they say otherwise when they connect (facts, idempotency).
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
            Capability.RENEW,
        }
    ),
    limits=wire.LIMITS,
    metrics=(*wire.METRICS, *wire.CHANNEL_METRICS),
    connect_fields=(
        ConnectField("base_url", "url", default="http://127.0.0.1:8788"),
        ConnectField("handle", "text"),
        ConnectField("access_code", "password"),
    ),
    connect_with_form=connecting.connect,
    check=connecting.check,
    renew=connecting.renew,
    reserve=publishing.reserve,
    stage=publishing.stage,
    publish=publishing.publish,
    look_up=looking.look_up,
    edit=publishing.edit,
    delete=publishing.delete,
    readings=looking.readings,
    channel_readings=looking.channel_readings,
    practice=practice.FLOWS,
    # The key lives an hour; the last minutes belong to clocks and slow requests.
    native_key_lives_s=3300.0,
    read_back_settles_s=2.0,
    quotas=measures.QUOTAS,
    told=measures.told,
    api_version="v1",
)
