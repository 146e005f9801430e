"""Upload a video: the video service makes it ready and puts it into the account's server.

Source: bluesky-social/atproto lexicons of 2026-08-20 (app.bsky.video.*,
com.atproto.server.getServiceAuth, app.bsky.embed.video).
"""

import io
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from loa.connectors.contract import Answer, Captions, ChannelRef, Flow, Media, Request, ask, pause
from loa.connectors.errors import NotSent, RateLimited, Refused, StillProcessing
from loa.connectors.reading import Unreadable, at, read_from, text, text_or
from loa.kernel.json import JSON
from loa.platforms.bluesky import wire
from loa.platforms.bluesky.calls import bearer, query, signed, succeeded
from loa.platforms.bluesky.cards import upload as upload_blob
from loa.platforms.bluesky.refusals import explain

SERVICE = "https://video.bsky.app"
SERVICE_DID = "did:web:video.bsky.app"
UPLOAD_TIMEOUT_S = 240.0
WAITS_S = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 15.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0)
# The service uses our permission again once it is done, which may take a while.
PERMISSION_LIVES = timedelta(minutes=30)
DAY_S = 86_400.0
COMPLETED, FAILED = "JOB_STATE_COMPLETED", "JOB_STATE_FAILED"


def upload(media: Media, channel: ChannelRef, *, job_id: JSON = None) -> Flow[JSON]:
    """Have a video made ready and return the embed that a record shows it with.

    job_id: of an earlier try, which the service may still know; it is then not sent again.
    A server that knows no video service takes the file itself; the video then becomes ready
    after the post is live.
    """
    captions: list[JSON] = []
    for one in media.captions:
        file = yield from upload_blob(_file_of(one), channel)
        captions.append({"lang": one.language, "file": file})
    job = yield from _known(job_id)
    if job is not None:
        blob = yield from _done(job)
    elif (yield from _admitted(channel)):
        blob = yield from _through_the_service(media, channel)
    else:
        blob = yield from upload_blob(media, channel)
    return wire.video(blob, media, captions)


def _admitted(channel: ChannelRef) -> Flow[bool]:
    """Say whether the video service is there for this account; raise when it says not today."""
    answer = yield from _permission(channel, SERVICE_DID, "app.bsky.video.getUploadLimits")
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED}:
        return False
    token = read_from(succeeded(answer), _token, platform=wire.PLATFORM)
    answer = yield from query(SERVICE, "app.bsky.video.getUploadLimits", token=token)
    _raise_trouble(answer)
    allowed = at(answer.body, "canUpload")
    if allowed is False:
        said = text_or(answer.body, "message") or text_or(answer.body, "error")
        if (
            at(answer.body, "remainingDailyVideos") == 0
            or at(answer.body, "remainingDailyBytes") == 0
        ):
            raise RateLimited(said[:300], platform=wire.PLATFORM, retry_after_s=DAY_S / 24)
        raise Refused(said[:300], platform=wire.PLATFORM, code="permission.missing")
    return True


def _known(job_id: JSON) -> Flow[JSON]:
    """Return the job of an earlier try; None when it is unknown, or failed and may do better."""
    if not isinstance(job_id, str):
        return None
    answer = yield from query(SERVICE, "app.bsky.video.getJobStatus", ("jobId", job_id))
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
        return None
    _raise_trouble(answer)
    job = read_from(answer, _job, platform=wire.PLATFORM)
    return None if text_or(job, "state") == FAILED else job


def _through_the_service(media: Media, channel: ChannelRef) -> Flow[JSON]:
    host = urlsplit(channel.base_url).netloc
    answer = yield from _permission(channel, f"did:web:{host}", "com.atproto.repo.uploadBlob")
    token = read_from(succeeded(answer), _token, platform=wire.PLATFORM)
    answer = yield from ask(
        Request(
            "POST",
            f"{SERVICE}/xrpc/app.bsky.video.uploadVideo",
            headers=bearer(token),
            params=(("did", channel.external_id), ("name", media.filename)),
            media=media,
            timeout_s=UPLOAD_TIMEOUT_S,
        )
    )
    # The same file sent before is a conflict that names the job, and no failure.
    if answer.status != HTTPStatus.CONFLICT:
        _raise_trouble(answer)
    return (yield from _done(read_from(answer, _job, platform=wire.PLATFORM)))


def _done(job: JSON) -> Flow[JSON]:
    """Wait until the service has made the video ready, for a while; return its blob."""
    for wait_s in WAITS_S:
        if at(job, "blob") is not None:
            return read_from(Answer(HTTPStatus.OK, job), wire.to_blob, platform=wire.PLATFORM)
        if text_or(job, "state") == FAILED:
            raise _failure(job)
        yield from pause(wait_s)
        job_id = read_from(Answer(HTTPStatus.OK, job), _job_id, platform=wire.PLATFORM)
        answer = yield from query(SERVICE, "app.bsky.video.getJobStatus", ("jobId", job_id))
        _raise_trouble(answer)
        job = read_from(answer, _job, platform=wire.PLATFORM)
    raise StillProcessing(
        "the video is still processed", platform=wire.PLATFORM, uploads=(_job_id(job),)
    )


def _permission(channel: ChannelRef, audience: str, method: str) -> Flow[Answer]:
    """Ask for a token with which a service may do one thing in our name."""
    params = [("aud", audience), ("lxm", method)]
    if method.endswith("uploadBlob"):
        clock = yield from query(channel.base_url, "com.atproto.server.describeServer")
        until = _later(succeeded(clock))
        params += [("exp", until)] if until else []
    url = f"{channel.base_url}/xrpc/com.atproto.server.getServiceAuth"
    return (yield from ask(Request("GET", url, headers=signed(channel), params=tuple(params))))


def _later(answer: Answer) -> str:
    """Return when a permission given now shall end, by the server's own clock; "" untold."""
    try:
        now = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        return ""
    return str(int((now + PERMISSION_LIVES).timestamp()))


def _raise_trouble(answer: Answer) -> None:
    """Raise what an answer of the service means. It knows nothing of our grant."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise NotSent(
            "the video service did not take our permission",
            platform=wire.PLATFORM,
            code="platform.trouble",
            status=answer.status,
        )
    if answer.status != HTTPStatus.OK:
        raise explain(answer)


def _failure(job: JSON) -> Refused | NotSent:
    said = f"{text_or(job, 'failureCode')} {text_or(job, 'message')} {text_or(job, 'error')}"
    detail = said.strip()[:300] or "the video could not be processed"
    if text_or(job, "failureCode") in {"pds_upload_failure", "internal_failure"}:
        return NotSent(detail, platform=wire.PLATFORM, code="platform.trouble")
    return Refused(detail, platform=wire.PLATFORM, code="media.refused")


def _token(body: JSON) -> str:
    return text(body, "token")


def _job(body: JSON) -> JSON:
    """Return the job in an answer: under its name, or as the answer itself."""
    job = at(body, "jobStatus")
    found = body if job is None else job
    if not isinstance(found, dict):
        raise Unreadable("no job")
    text(found, "jobId")
    return found


def _job_id(job: JSON) -> str:
    return text(job, "jobId")


def _file_of(captions: Captions) -> Media:
    content = captions.vtt.encode()
    return Media(
        asset_id=0,
        filename=f"{captions.language}.vtt",
        mime_type="text/vtt",
        size_bytes=len(content),
        open=lambda: io.BytesIO(content),
    )
