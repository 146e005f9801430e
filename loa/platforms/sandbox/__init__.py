"""The practice network: a simulated platform beside Loa, to try, train and test on."""

from loa.connectors.contract import Capability, ConnectField, Connector, Idempotency, Tier
from loa.platforms.sandbox import flows, practice, wire
from loa.platforms.sandbox.refusals import PLATFORM

CONNECTOR = Connector(
    name=PLATFORM,
    label="Practice network",
    colour="#7a5cc8",
    tier=Tier.PLATINUM,
    # What accounts have unless they say otherwise when they connect (facts, idempotency).
    idempotency=Idempotency.NATIVE_KEY,
    capabilities=frozenset(
        {
            Capability.THREADS,
            Capability.FIRST_COMMENT,
            Capability.IMAGES,
            Capability.ALT_TEXT,
            Capability.FOCAL_POINT,
            Capability.EDIT,
            Capability.DELETE,
            Capability.READ_BACK,
            Capability.READINGS,
        }
    ),
    limits=wire.LIMITS,
    metrics=(*wire.METRICS, *wire.CHANNEL_METRICS),
    connect_fields=(
        ConnectField("base_url", "url", default="http://127.0.0.1:8788"),
        ConnectField("handle", "text"),
        ConnectField("access_code", "password"),
    ),
    connect_with_form=flows.connect,
    check=flows.check,
    reserve=flows.reserve,
    stage=flows.stage,
    publish=flows.publish,
    look_up=flows.look_up,
    edit=flows.edit,
    delete=flows.delete,
    readings=flows.readings,
    channel_readings=flows.channel_readings,
    practice=practice.FLOWS,
    native_key_lives_s=3600.0,
    read_back_settles_s=2.0,
)
