"""Who is behind a handle, and where their server is. Nothing is believed one way only.

handle → DID → document → server; and the document must claim the handle. Otherwise anybody
could point a name they own at somebody else's account.
"""

import re
from http import HTTPStatus
from urllib.parse import quote

from loa.connectors.contract import Flow, Request, ask
from loa.connectors.errors import ConnectorError, NotSent, Refused
from loa.connectors.reading import Unreadable
from loa.platforms.bluesky import wire
from loa.platforms.bluesky.calls import query, succeeded

# Resolves any handle, by DNS as well, which a flow cannot ask.
RESOLVER = "https://public.api.bsky.app"
PLC_DIRECTORY = "https://plc.directory"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HANDLE = re.compile(rf"(?=.{{3,253}}$)(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")


def find_server(handle: str, *, directory: str = PLC_DIRECTORY) -> Flow[tuple[str, str]]:
    """Return the DID of `handle` and the address of its server, each confirmed by the other.

    Raises Refused (account.unknown, account.mismatch), or NotSent when it could not be asked.
    """
    did = yield from _did_of(handle)
    answer = yield from ask(Request("GET", _document_address(did, directory)))
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise _unknown(f"{did} has no document")
    document = succeeded(answer).body
    if not isinstance(document, dict) or document.get("id") != did:
        raise _mismatch("the document is another account's")
    if not wire.names(document, handle):
        raise _mismatch("the account does not claim this handle")
    server = wire.pds_of(document)
    if not server:
        raise _unknown("the account names no server")
    return did, server


def resolve(base_url: str, handle: str) -> Flow[str | None]:
    """Return the DID of `handle`, as the server `base_url` sees it; None when it has none."""
    answer = yield from query(base_url, "com.atproto.identity.resolveHandle", ("handle", handle))
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
        return None
    try:
        return wire.did(succeeded(answer).body, "did")
    except Unreadable as error:
        raise NotSent(str(error), platform=wire.PLATFORM, code="answer.unreadable") from None


def _did_of(handle: str) -> Flow[str]:
    """Ask the public resolver; where it knows nothing, the handle's own web site."""
    try:
        found = yield from resolve(RESOLVER, handle)
    except ConnectorError:
        found = None
    if found is None:
        answer = yield from ask(
            Request("GET", f"https://{handle}/.well-known/atproto-did", max_answer_bytes=10_000)
        )
        try:
            is_there = answer.status == HTTPStatus.OK
            found = wire.did({"did": answer.text.strip() if is_there else ""}, "did")
        except Unreadable:
            raise _unknown("the handle leads to no account") from None
    return found


def _document_address(did: str, directory: str) -> str:
    method, _, name = did.removeprefix("did:").partition(":")
    if method == "plc":
        return f"{directory}/{did}"
    if method == "web" and HANDLE.fullmatch(name):
        return f"https://{quote(name)}/.well-known/did.json"
    raise _unknown(f"accounts of the kind did:{method} are not known")


def _unknown(detail: str) -> Refused:
    return Refused(detail, platform=wire.PLATFORM, code="account.unknown")


def _mismatch(detail: str) -> Refused:
    return Refused(detail, platform=wire.PLATFORM, code="account.mismatch")
