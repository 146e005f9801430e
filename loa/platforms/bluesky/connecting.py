"""Connect a channel with an app password, and keep its session alive.

The app password is used once and not kept: what is sealed is the session that it opens.
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from loa.connectors.contract import Answer, ChannelRef, Connected, Flow, Renewed
from loa.connectors.errors import ChannelLost, ConnectorError, NotSent, Refused
from loa.connectors.reading import read_from, text_or
from loa.kernel.json import JSON
from loa.platforms.bluesky import identity, wire
from loa.platforms.bluesky.calls import procedure, query, succeeded
from loa.platforms.bluesky.refusals import explain, name_of
from loa.platforms.bluesky.sessions import Session, to_session

# Signs in every account that Bluesky itself hosts, also by e-mail address.
ENTRYWAY = "https://bsky.social"
# A session of the account's own password may do everything; we refuse to hold it.
FULL_ACCESS = "com.atproto.access"


def connect(fields: Mapping[str, str]) -> Flow[Connected]:
    """Open a session for the handle and app password that a person typed.

    fields: handle (or DID or e-mail address), app_password, base_url (may be empty).
    plc_directory: where accounts are registered, for networks of one's own.
    """
    name = fields["handle"].strip().lstrip("@").strip("\u200e\u202a\u202c")
    typed = fields.get("base_url", "").strip()
    wanted = ""
    if typed:
        server = _server(typed)
    elif "@" in name:
        server = ENTRYWAY
    else:
        name = name.lower()
        if not identity.HANDLE.fullmatch(name):
            raise Refused("no handle", platform=wire.PLATFORM, code="account.unknown")
        directory = fields.get("plc_directory") or identity.PLC_DIRECTORY
        wanted, server = yield from identity.find_server(name, directory=directory)
    body: dict[str, JSON] = {
        "identifier": wanted or name,
        "password": fields["app_password"].strip(),
    }
    answer = yield from procedure(server, "com.atproto.server.createSession", body=body)
    if answer.status != HTTPStatus.OK:
        raise _sign_in_refused(answer)
    session = read_from(answer, to_session, platform=wire.PLATFORM)
    if wanted and session.did != wanted:
        raise Refused("another account", platform=wire.PLATFORM, code="account.mismatch")
    yield from _require_app_password(session, server)
    # The entryway signs in; the account itself lives where its document says.
    home = session.pds if server == ENTRYWAY and session.pds else server
    return (yield from _connected(home, session))


def check(channel: ChannelRef) -> Flow[Connected]:
    """Ask whether the session is alive; raises GrantExpired when it must be renewed."""
    token = channel.secret["access_jwt"]
    answer = yield from query(channel.base_url, "com.atproto.server.getSession", token=token)
    body = succeeded(answer).body
    body = (
        {**body, "accessJwt": token, "refreshJwt": channel.secret["refresh_jwt"]}
        if isinstance(body, dict)
        else None
    )
    session = read_from(Answer(200, body), to_session, platform=wire.PLATFORM)
    if session.did != channel.external_id:
        raise ChannelLost(
            "the session is another account's", platform=wire.PLATFORM, code="grant.other_account"
        )
    return (yield from _connected(channel.base_url, session))


def renew(channel: ChannelRef) -> Flow[Renewed]:
    """Trade the refresh token for a new pair. The old one ends: keep the new one first."""
    answer = yield from procedure(
        channel.base_url,
        "com.atproto.server.refreshSession",
        token=channel.secret["refresh_jwt"],
    )
    if name_of(answer) == "ExpiredToken":
        raise ChannelLost(
            "the session ended",
            platform=wire.PLATFORM,
            code="grant.withdrawn",
            status=answer.status,
        )
    session = read_from(succeeded(answer), to_session, platform=wire.PLATFORM)
    if session.did != channel.external_id:
        raise ChannelLost(
            "the session is another account's", platform=wire.PLATFORM, code="grant.other_account"
        )
    _require_active(session)
    return Renewed(secret=session.secret, grant_expires_at=session.expires_at)


def revoke(channel: ChannelRef) -> Flow[None]:
    """End the session. One that has ended already is as good."""
    yield from _end(channel.base_url, channel.secret["refresh_jwt"])


def _end(server: str, refresh_jwt: str) -> Flow[None]:
    answer = yield from procedure(server, "com.atproto.server.deleteSession", token=refresh_jwt)
    error = explain(answer) if answer.status != HTTPStatus.OK else None
    if isinstance(error, NotSent) and error.code != "grant.expired":
        raise error


def _connected(server: str, session: Session) -> Flow[Connected]:
    _require_active(session)
    name, avatar_url = yield from _profile(server, session)
    return Connected(
        external_id=session.did,
        handle=session.handle,
        name=name or session.handle,
        base_url=server,
        secret=session.secret,
        scopes=(session.scope,) if session.scope else (),
        avatar_url=avatar_url,
        facts={"pds": server},
        limits=wire.LIMITS,
        grant_expires_at=session.expires_at,
    )


def _profile(server: str, session: Session) -> Flow[tuple[str, str]]:
    """Return the shown name and the avatar's address. Not worth failing for."""
    answer = yield from query(
        server,
        "com.atproto.repo.getRecord",
        ("repo", session.did),
        ("collection", "app.bsky.actor.profile"),
        ("rkey", "self"),
    )
    profile = answer.body.get("value") if isinstance(answer.body, dict) else None
    if answer.status != HTTPStatus.OK:
        return "", ""
    link = text_or(profile, "avatar", "ref", "$link")
    address = f"{server}/xrpc/com.atproto.sync.getBlob?did={session.did}&cid={quote(link, safe='')}"
    return text_or(profile, "displayName"), address if link else ""


def _require_active(session: Session) -> None:
    if not session.active:
        raise ChannelLost(
            f"the account is {session.status or 'not active'}",
            platform=wire.PLATFORM,
            code="account.suspended",
        )


def _require_app_password(session: Session, server: str) -> Flow[None]:
    """Give back a session that the account's own password opened, and refuse it."""
    if session.scope != FULL_ACCESS:
        return
    yield from _end(server, session.refresh_jwt)
    raise Refused(
        "the account's own password was typed", platform=wire.PLATFORM, code="login.own_password"
    )


def _sign_in_refused(answer: Answer) -> ConnectorError:
    """Say why no session was opened; here a 401 means a typing mistake, not a lost channel."""
    error = explain(answer)
    name = name_of(answer)
    code = {
        "AuthenticationRequired": "login.wrong",
        "AuthFactorTokenRequired": "login.second_factor",
    }.get(name)
    if code is None and isinstance(error, Refused):
        is_server = bool(name) and answer.status != HTTPStatus.NOT_FOUND
        code = error.code if is_server else "instance.unsupported"
    if code is None:
        return error
    return Refused(error.detail, platform=wire.PLATFORM, code=code, status=answer.status)


def _server(typed: str) -> str:
    """Return the address of the server that a person typed."""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
        raise Refused(
            f"no server address: {typed[:100]!r}",
            platform=wire.PLATFORM,
            code="instance.unreadable",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"
