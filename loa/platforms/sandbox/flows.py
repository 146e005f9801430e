"""What Loa does on the practice network, as flows: they ask, and are told."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from loa.connectors.contract import (
    Answer,
    ChannelRef,
    Connected,
    FilePart,
    Flow,
    Idempotency,
    Media,
    MetricValue,
    OutgoingPart,
    Published,
    Request,
    Staged,
    ask,
    pause,
)
from loa.connectors.errors import NotSent, Refused
from loa.connectors.idempotency import FACT
from loa.kernel.json import JSON
from loa.platforms.sandbox import wire
from loa.platforms.sandbox.refusals import (
    PLATFORM,
    code_of,
    explain,
    explain_visible,
    unreadable,
)

READINGS_AT_ONCE = 100
LISTED_AT_ONCE = 100
LISTED_PAGES_MOST = 10
CLOCKS_MAY_DIFFER_BY = timedelta(minutes=2)
PROCESSING_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)


def connect(fields: Mapping[str, str]) -> Flow[Connected]:
    """Connect the account whose handle and access code a person typed."""
    base_url = fields["base_url"].strip().rstrip("/")
    code = fields["access_code"].strip()
    connected = yield from _who_am_i(base_url, code)
    wanted = fields["handle"].strip().removeprefix("@").lower()
    if wanted != connected.handle:
        raise Refused(
            f"the access code belongs to @{connected.handle}",
            platform=PLATFORM,
            code="grant.other_account",
        )
    return connected


def check(channel: ChannelRef) -> Flow[Connected]:
    """Ask whether the access code still opens the account, and what the limits are."""
    return (yield from _who_am_i(channel.base_url, channel.secret["access_code"]))


def reserve(out: OutgoingPart) -> str:
    """Return the name under which this part can be found again: its key, as an id may look."""
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in out.key)
    return f"loa-{plain}"[:64]


def stage(out: OutgoingPart, channel: ChannelRef) -> Flow[Staged]:
    """Upload every picture, and wait until all of them can be posted."""
    ids: list[JSON] = []
    for media in out.media:
        ids.append((yield from _upload(media, channel)))  # noqa: PERF401 -- no yield in there
    return Staged(media=tuple(ids))


def publish(out: OutgoingPart, channel: ChannelRef) -> Flow[Published]:
    """Post one part. Its pictures are already staged, so this is the only visible step."""
    fields = wire.to_post(out)
    headers = _signed(channel)
    match _class_of(channel):
        case Idempotency.NATIVE_KEY:
            headers["Idempotency-Key"] = out.key
        case Idempotency.CLIENT_ID:
            fields["id"] = out.reference
        case Idempotency.HANDLE_READ_BACK:
            fields["client_ref"] = out.reference
        case Idempotency.FEED_READ_BACK | Idempotency.NONE:
            pass
    answer = yield from ask(
        Request("POST", f"{_api(channel)}/posts", headers=headers, json=fields, visible=True)
    )
    if answer.status == HTTPStatus.CONFLICT and code_of(answer) == "post.exists":
        # The id is ours alone, so an earlier try of this very part went through.
        return (yield from _already_there(out, channel, answer))
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        raise explain_visible(answer)
    try:
        return wire.to_published(wire.object_of(answer))
    except wire.Unreadable:
        raise unreadable(answer, visible=True) from None


def look_up(out: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    """Read an uncertain part back, the surest way the account allows."""
    match _class_of(channel):
        case Idempotency.CLIENT_ID:
            return (yield from _find_by_id(out, channel))
        case Idempotency.HANDLE_READ_BACK:
            return (yield from _find_by_reference(out, channel))
        case Idempotency.NATIVE_KEY | Idempotency.FEED_READ_BACK:
            return (yield from _find_in_feed(out, channel))
        case Idempotency.NONE:
            raise NotSent(
                "the posts of this account cannot be listed",
                platform=PLATFORM,
                code="read_back.unavailable",
            )


def edit(out: OutgoingPart, published: Published, channel: ChannelRef) -> Flow[Published]:
    """Change a post that is live. Saying it twice changes nothing, so it may be repeated."""
    fields: dict[str, JSON] = {
        "text": out.caption,
        "language": out.language,
        "media_ids": list(out.staged),
    }
    url = f"{_api(channel)}/posts/{published.external_id}"
    answer = yield from ask(Request("PATCH", url, headers=_signed(channel), json=fields))
    return _published(_succeeded(answer))


def delete(published: Published, channel: ChannelRef) -> Flow[None]:
    """Take a post down; one that is gone already is as good."""
    url = f"{_api(channel)}/posts/{published.external_id}"
    answer = yield from ask(Request("DELETE", url, headers=_signed(channel)))
    if answer.status != HTTPStatus.NOT_FOUND:
        _succeeded(answer)


def readings(
    published: tuple[Published, ...], channel: ChannelRef
) -> Flow[Mapping[str, tuple[MetricValue, ...]]]:
    """Read the counts of many posts, a hundred at a time."""
    found: dict[str, tuple[MetricValue, ...]] = {}
    ids = [one.external_id for one in published]
    for start in range(0, len(ids), READINGS_AT_ONCE):
        batch = ",".join(ids[start : start + READINGS_AT_ONCE])
        url = f"{_api(channel)}/readings"
        request = Request("GET", url, headers=_signed(channel), params=(("ids", batch),))
        answer = _succeeded((yield from ask(request)))
        for counts in _objects(answer, "readings"):
            found[_text(answer, counts, "post_id")] = wire.to_readings(counts, wire.METRICS)
    return found


def channel_readings(channel: ChannelRef) -> Flow[tuple[MetricValue, ...]]:
    """Read how many people follow the account."""
    url = f"{_api(channel)}/accounts/{channel.handle}/readings"
    answer = _succeeded((yield from ask(Request("GET", url, headers=_signed(channel)))))
    return wire.to_readings(_object(answer), wire.CHANNEL_METRICS)


# --- connecting ---------------------------------------------------------------------------


def _who_am_i(base_url: str, code: str) -> Flow[Connected]:
    headers = {"Authorization": f"Bearer {code}"}
    me = _succeeded((yield from ask(Request("GET", f"{base_url}/api/v1/me", headers=headers))))
    account = _object(me)
    limits = _succeeded((yield from ask(Request("GET", f"{base_url}/api/v1/limits"))))
    try:
        idempotency = Idempotency(wire.text_in(account, "idempotency"))
        return Connected(
            external_id=wire.text_in(account, "id"),
            handle=wire.text_in(account, "handle"),
            name=wire.text_in(account, "name"),
            base_url=base_url,
            secret={"access_code": code},
            facts={FACT: str(idempotency)},
            limits=wire.to_limits(_object(limits)),
        )
    except ValueError:
        raise unreadable(me, visible=False) from None


# --- uploading ----------------------------------------------------------------------------


def _upload(media: Media, channel: ChannelRef) -> Flow[str]:
    request = Request(
        "POST",
        f"{_api(channel)}/media",
        headers=_signed(channel),
        form=wire.to_upload_form(media),
        files=(FilePart("file", media),),
        timeout_s=120.0,
    )
    answer = _succeeded((yield from ask(request)))
    media_id = _text(answer, _object(answer), "id")
    for wait_s in PROCESSING_WAITS_S:
        if _object(answer).get("state") == "ready":
            return media_id
        yield from pause(wait_s)
        url = f"{_api(channel)}/media/{media_id}"
        answer = _succeeded((yield from ask(Request("GET", url, headers=_signed(channel)))))
    raise NotSent("a picture is still processed", platform=PLATFORM, code="media.processing")


# --- reading back -------------------------------------------------------------------------


def _already_there(out: OutgoingPart, channel: ChannelRef, conflict: Answer) -> Flow[Published]:
    """Return the post that holds our id; Uncertain when it cannot be read now."""
    try:
        found = yield from _find_by_id(out, channel)
    except NotSent:
        found = None
    if found is None:
        raise unreadable(conflict, visible=True)
    return found


def _find_by_id(out: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    url = f"{_api(channel)}/posts/{out.reference}"
    answer = yield from ask(Request("GET", url, headers=_signed(channel)))
    if answer.status == HTTPStatus.NOT_FOUND and code_of(answer) == "post.unknown":
        return None
    return _published(_succeeded(answer))


def _find_by_reference(out: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    found = yield from _list(channel, ("client_ref", out.reference))
    return wire.to_published(found[-1]) if found else None


def _find_in_feed(out: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    """Compare the account's newest posts, back to a little before the part was made.

    Of several that look alike, the oldest is the one that was sent first.
    """
    since = out.created_at - CLOCKS_MAY_DIFFER_BY
    before: tuple[tuple[str, str], ...] = ()
    best: Published | None = None
    for _ in range(LISTED_PAGES_MOST):
        page = yield from _list(channel, ("limit", str(LISTED_AT_ONCE)), *before)
        recent = [one for one in page if wire.instant(one, "created_at") >= since]
        alike = [wire.to_published(one) for one in recent if wire.is_same_post(one, out)]
        best = alike[-1] if alike else best
        if len(recent) < LISTED_AT_ONCE:
            return best
        before = (("before", wire.to_published(recent[-1]).external_id),)
    if best is None:
        raise NotSent("too many newer posts to look", platform=PLATFORM, code="read_back.too_far")
    return best


def _list(channel: ChannelRef, *params: tuple[str, str]) -> Flow[list[Mapping[str, JSON]]]:
    request = Request("GET", f"{_api(channel)}/posts", headers=_signed(channel), params=params)
    answer = _succeeded((yield from ask(request)))
    found = _objects(answer, "posts")
    try:
        for one in found:
            wire.to_published(one)
    except wire.Unreadable:
        raise unreadable(answer, visible=False) from None
    return found


# --- asking and being told ----------------------------------------------------------------


def _api(channel: ChannelRef) -> str:
    return f"{channel.base_url}/api/v1"


def _signed(channel: ChannelRef) -> dict[str, str]:
    return {"Authorization": f"Bearer {channel.secret['access_code']}"}


def _class_of(channel: ChannelRef) -> Idempotency:
    return Idempotency(str(channel.facts.get(FACT, Idempotency.NATIVE_KEY)))


def _succeeded(answer: Answer) -> Answer:
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise explain(answer)
    return answer


def _object(answer: Answer) -> Mapping[str, JSON]:
    try:
        return wire.object_of(answer)
    except wire.Unreadable:
        raise unreadable(answer, visible=False) from None


def _objects(answer: Answer, name: str) -> list[Mapping[str, JSON]]:
    try:
        return wire.objects_of(answer, name)
    except wire.Unreadable:
        raise unreadable(answer, visible=False) from None


def _text(answer: Answer, fields: Mapping[str, JSON], name: str) -> str:
    try:
        return wire.text_in(fields, name)
    except wire.Unreadable:
        raise unreadable(answer, visible=False) from None


def _published(answer: Answer) -> Published:
    try:
        return wire.to_published(_object(answer))
    except wire.Unreadable:
        raise unreadable(answer, visible=False) from None
