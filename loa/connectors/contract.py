"""What a platform folder provides, and the values that pass between it and Loa.

A flow is a generator: it yields a Request (or a Wait), is sent an Answer, and returns a
value or raises from connectors/errors.py. It opens no socket, reads no clock and touches no
database, so a test is a list of answers (connectors/replay.py) and the live driver
(connectors/transport.py) is the only code that speaks HTTP.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

from loa.connectors.limits import ImageRules as ImageRules  # noqa: PLC0414 — part of the contract
from loa.connectors.limits import Limits as Limits  # noqa: PLC0414 — part of the contract
from loa.connectors.limits import TextRules as TextRules  # noqa: PLC0414 — part of the contract
from loa.connectors.limits import TextUnit as TextUnit  # noqa: PLC0414 — part of the contract
from loa.connectors.limits import VideoRules as VideoRules  # noqa: PLC0414 — part of the contract
from loa.connectors.quotas import Quota, Told
from loa.kernel.json import JSON

# --- requests and answers -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Captions:
    """What is said in a video, as WebVTT, in one language."""

    language: str
    vtt: str


@dataclass(frozen=True, slots=True)
class Media:
    """One rendition, ready to be uploaded. `open` gives its bytes, from the start, each time.

    focus: the point that must stay visible, each axis from -1 (left, bottom) to 1 (right, top).
    duration_ms: of a video; None for a picture. cover: the picture shown before a video plays.
    """

    asset_id: int
    filename: str
    mime_type: str
    size_bytes: int
    open: Callable[[], BinaryIO]
    width_px: int | None = None
    height_px: int | None = None
    duration_ms: int | None = None
    alt_text: str = ""
    focus: tuple[float, float] = (0.0, 0.0)
    cover: "Media | None" = None
    captions: tuple[Captions, ...] = ()

    @property
    def is_video(self) -> bool:
        """True when it moves."""
        return self.mime_type.startswith("video/")


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file field of a multipart request."""

    name: str
    media: Media


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request that a flow asks for.

    visible: True for the one call that the public can see. Its lost answer is Uncertain;
    every other call may be repeated. At most one of json, form (with files), media is given.
    repr leaves out where a grant may be.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    params: tuple[tuple[str, str], ...] = ()
    json: JSON = field(repr=False, default=None)
    form: tuple[tuple[str, str], ...] = field(repr=False, default=())
    files: tuple[FilePart, ...] = ()
    media: Media | None = None
    visible: bool = False
    timeout_s: float = 30.0
    max_answer_bytes: int = 4_000_000


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask the driver to let `seconds` pass (media still being processed). Answered with None."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is parsed JSON, or None when the answer was empty or not JSON.

    headers: names in lower case. text: the answer as text, when it was not JSON. url: where
    it came from in the end, after redirects. content: its bytes as they came. repr leaves
    out what may hold a grant.
    """

    status: int
    body: JSON = field(repr=False, default=None)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    text: str = field(repr=False, default="")
    url: str = ""
    content: bytes = field(repr=False, default=b"")


type Flow[T] = Generator[Request | Wait, Answer | None, T]


def ask(request: Request) -> Flow[Answer]:
    """Make one request of a flow: `answer = yield from` this."""
    answer = yield request
    if answer is None:
        raise RuntimeError("the driver answered a request with nothing")
    return answer


def pause(seconds: float) -> Flow[None]:
    """Let `seconds` pass inside a flow: `yield from` this."""
    yield Wait(seconds)


# --- what passes in and out of flows ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """The place a flow works on, with the opened grant. Never logged: repr hides the secret.

    external_id: the account's id on the platform (a DID on Bluesky). facts: what the
    connector stored when it connected (e.g. {"pds": "https://..."}).
    """

    platform: str
    base_url: str
    external_id: str
    handle: str
    secret: Mapping[str, str] = field(repr=False, default_factory=dict)
    facts: Mapping[str, JSON] = field(default_factory=dict)
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class OutgoingPart:
    """One message to publish: a post, a later part of a thread, or a first comment.

    staged: what `stage` returned for each media, in order. uploads: what an earlier try had
    uploaded of them when it gave up waiting (errors.StillProcessing). reference: what `reserve`
    returned for this part before anything was sent (a rkey, an idempotency key, ...).
    reply_to: the published parent, root: the first of the thread; None for a first part.
    link_card: what `stage` prepared for the first link, when the platform wants one.
    taken_ids: external ids of this channel that belong to other parts; `look_up` never takes
    one of them for this part, so that two parts that say the same are told apart.
    """

    caption: str
    language: str
    key: str
    created_at: datetime
    reference: str = ""
    media: tuple[Media, ...] = ()
    staged: tuple[JSON, ...] = ()
    uploads: tuple[JSON, ...] = ()
    link_card: JSON = None
    reply_to: "Published | None" = None
    root: "Published | None" = None
    options: Mapping[str, JSON] = field(default_factory=dict)
    taken_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Published:
    """Proof that a part is live. facts: what later calls need (a cid on Bluesky)."""

    external_id: str
    url: str
    facts: Mapping[str, JSON] = field(default_factory=dict)
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """The reversible half of publishing: uploaded media and a prepared link card."""

    media: tuple[JSON, ...] = ()
    link_card: JSON = None


@dataclass(frozen=True, slots=True)
class Connected:
    """An account that a person allowed us to use. secret: what must be sealed.

    grant_expires_at: None when the platform's permission does not end by time.
    """

    external_id: str
    handle: str
    name: str
    base_url: str
    secret: Mapping[str, str] = field(repr=False)
    scopes: tuple[str, ...] = ()
    avatar_url: str = ""
    facts: Mapping[str, JSON] = field(default_factory=dict)
    limits: Limits | None = None
    grant_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """A renewed grant: the whole new secret, never with an empty refresh token."""

    secret: Mapping[str, str] = field(repr=False)
    grant_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One count as the platform gave it. metric: a name from measure/rules/metrics."""

    metric: str
    value: int


# --- what a platform can do ---------------------------------------------------------------


class Capability(StrEnum):
    """What pages may offer for a platform. Pages ask this, never the platform's name."""

    THREADS = "threads"
    FIRST_COMMENT = "first_comment"
    IMAGES = "images"
    ALT_TEXT = "alt_text"
    FOCAL_POINT = "focal_point"
    VIDEO = "video"
    LINK_CARD = "link_card"
    EDIT = "edit"
    DELETE = "delete"
    READ_BACK = "read_back"
    READINGS = "readings"
    RENEW = "renew"


class Idempotency(StrEnum):
    """What stands between a lost answer and a duplicate (PLATFORM contract, 0.4)."""

    NATIVE_KEY = "native_key"
    CLIENT_ID = "client_id"
    HANDLE_READ_BACK = "handle_read_back"
    FEED_READ_BACK = "feed_read_back"
    NONE = "none"


class Tier(StrEnum):
    """How far a platform folder has come; shown beside the platform's name."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"


@dataclass(frozen=True, slots=True)
class ConnectField:
    """One field of the form with which a person connects a channel."""

    name: str
    kind: str  # "url", "text" or "password"
    default: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Registration:
    """Our application on one instance. secret is sealed like a grant."""

    client_id: str
    secret: Mapping[str, str] = field(repr=False)
    scopes: tuple[str, ...] = ()
    facts: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OAuthFlows:
    """How a person grants access through their browser.

    origin: pure; the instance's address from the filled-in connect_fields. Raises Refused
        (code "instance.unreadable") when what the person typed is none.
    register(base_url, redirect_uri): our app on that instance, to be kept per instance and
        redirect_uri. Its facts may hold a better "base_url"; use that from then on.
    authorize_url(base_url, registration, redirect_uri, state, code_challenge): pure; where
        to send the browser. code_challenge is S256 of a code_verifier kept in the session.
    finish(base_url, registration, redirect_uri, code, code_verifier): the code for a grant.
    """

    register: Callable[[str, str], Flow[Registration]]
    authorize_url: Callable[[str, Registration, str, str, str], str]
    finish: Callable[[str, Registration, str, str, str], Flow[Connected]]
    origin: Callable[[Mapping[str, str]], str] | None = None


@dataclass(frozen=True, slots=True)
class PracticeFlows:
    """How a place to rehearse on is made ready. The first argument is always its address.

    open_account: fields describe the account (handle, name, followers, ...); returns the
        filled-in connect_fields, for connect_with_form.
    set_clock: the place lives at an instant, with time running at `speed` (0 stands still);
        None for real time. Never goes back behind what was posted there.
    order_fault: misbehave as ordered; returns the fault's id. lift_faults: behave again.
    handles: of all accounts there. start_over: an empty place; what it held is set aside.
    """

    open_account: Callable[[str, Mapping[str, JSON]], Flow[Mapping[str, str]]]
    set_clock: Callable[[str, datetime | None, float], Flow[None]]
    order_fault: Callable[[str, Mapping[str, JSON]], Flow[str]]
    lift_faults: Callable[[str], Flow[None]]
    handles: Callable[[str], Flow[tuple[str, ...]]]
    start_over: Callable[[str], Flow[None]]


@dataclass(frozen=True, slots=True)
class Connector:
    """Everything Loa asks of a platform. A folder exports one as CONNECTOR.

    connect_with_form: for platforms that take an app password; None where OAuth is used.
    oauth: for platforms that send the person through their own page; None otherwise.
    check: is the grant alive? Returns fresh limits and names, raises ChannelLost if not.
    reserve: the reference that survives a crash, chosen before sending (pure, from the key
        and the time); "" where the platform has none.
    stage: reversible uploads. publish: exactly one visible Request. edit and delete have
        none: saying them twice changes nothing, so a lost answer of theirs is NotSent.
    look_up: read back an uncertain part. None is one clean negative read, and a failure to
        read is raised as NotSent: "could not look" is not "not there".
    readings: current public counts for published parts, by external_id; a part that no
        longer exists is left out of the mapping.
    channel_readings: current counts of the channel itself (followers).
    practice: for a platform on which one rehearses; real platforms have none.
    renew: a fresh grant from the old one. Call it ahead of grant_expires_at, and when a flow
        raises GrantExpired; under a lock, because the old one ends with the call.
    revoke: give the grant back when a channel is disconnected.
    quotas: how much may be done in a stretch of time. told: pure; what an answer says is left.
    api_version: of the interface that the flows speak, "" where it has none. api_ends_on: the
        day on which the platform switches that version off, where it is known beforehand.
    """

    name: str
    label: str
    colour: str
    tier: Tier
    idempotency: Idempotency
    capabilities: frozenset[Capability]
    limits: Limits
    metrics: tuple[str, ...]
    connect_fields: tuple[ConnectField, ...]
    check: "Callable[[ChannelRef], Flow[Connected]]"
    reserve: "Callable[[OutgoingPart], str]"
    stage: "Callable[[OutgoingPart, ChannelRef], Flow[Staged]]"
    publish: "Callable[[OutgoingPart, ChannelRef], Flow[Published]]"
    look_up: "Callable[[OutgoingPart, ChannelRef], Flow[Published | None]]"
    delete: "Callable[[Published, ChannelRef], Flow[None]]"
    readings: (
        "Callable[[tuple[Published, ...], ChannelRef], Flow[Mapping[str, tuple[MetricValue, ...]]]]"
    )
    connect_with_form: "Callable[[Mapping[str, str]], Flow[Connected]] | None" = None
    oauth: OAuthFlows | None = None
    edit: "Callable[[OutgoingPart, Published, ChannelRef], Flow[Published]] | None" = None
    renew: "Callable[[ChannelRef], Flow[Renewed]] | None" = None
    revoke: "Callable[[ChannelRef], Flow[None]] | None" = None
    channel_readings: "Callable[[ChannelRef], Flow[tuple[MetricValue, ...]]] | None" = None
    practice: PracticeFlows | None = None
    quotas: tuple[Quota, ...] = ()
    told: "Callable[[Request, Answer], Told | None] | None" = None
    api_version: str = ""
    api_ends_on: date | None = None
    # What people call it where that differs from `label`, by language code.
    labels: Mapping[str, str] = field(default_factory=dict)
    native_key_lives_s: float | None = None
    read_back_settles_s: float = 60.0
    max_concurrent_per_channel: int = 1

    def label_in(self, language: str) -> str:
        """Return what people who speak `language` call the platform."""
        return self.labels.get(language, self.label)

    def can(self, capability: Capability) -> bool:
        """Say whether pages may offer `capability` for this platform."""
        return capability in self.capabilities
