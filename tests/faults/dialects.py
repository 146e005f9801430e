"""Servers that speak Mastodon and Bluesky well enough to be published to, and to misbehave.

They keep the promises of the real ones that matter here: Mastodon answers a known
Idempotency-Key with the first status (user/posting, Mastodon documentation); a PDS turns away
a second record under a taken key with an error of its own. The ledger is the witness.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from aiohttp import web

CID = "bafyreih" + "a" * 51
DID = "did:plc:" + "b" * 24
ACCOUNT = {"did": DID, "handle": "riverside.example"}
REFRESHING_TAKES_S = 0.2  # others come meanwhile


@dataclass
class Dialects:
    """Both servers behind one address. ledger: what became public, as (channel, text).

    lose: how many answers to accepted posts get lost. refuse_first: how many posts are
    dropped before anything is accepted. pair: number of the one pair of tokens that a PDS takes;
    None takes any. access_ended: whether its access token is over; access_ends_after: so many
    posts. refreshes: how often a new pair was asked for. asked: set once somebody asks about a
    session, who is then answered when `answers` is set, or asks for a new pair.
    """

    base_url: str = ""
    ledger: list[tuple[str, str]] = field(default_factory=list)
    lose: int = 0
    drop: int = 0
    pair: int | None = None
    access_ended: bool = False
    access_ends_after: int | None = None
    refreshes: int = 0
    asked: threading.Event = field(default_factory=threading.Event)
    answers: threading.Event | None = None
    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """Return what became public, oldest first."""
        return [text for _, text in self.ledger]

    async def create_status(self, request: web.Request) -> web.StreamResponse:
        """Mastodon: POST /api/v1/statuses."""
        body = await request.json()
        if self._takes(request, "drop"):
            return _hang_up(request)
        token = request.headers["Authorization"].removeprefix("Bearer ")
        key = (token, request.headers.get("Idempotency-Key", ""))
        if key not in self.keys or not key[1]:
            number = str(len(self.statuses) + 1)
            self.keys[key] = number
            self.statuses[number] = {
                "id": number,
                "uri": f"{self.base_url}/users/{token}/statuses/{number}",
                "url": f"{self.base_url}/@{token}/{number}",
                "created_at": datetime.now(UTC).isoformat(),
                "content": f"<p>{escape(body['status'])}</p>",
                "media_attachments": [],
                "in_reply_to_id": body.get("in_reply_to_id"),
                "account": {"id": token},
            }
            self.ledger.append((token, body["status"]))
            if self._takes(request, "lose"):
                return _hang_up(request)
        return web.json_response(self.statuses[self.keys[key]])

    async def own_statuses(self, request: web.Request) -> web.StreamResponse:
        """Mastodon: GET /api/v1/accounts/{id}/statuses."""
        owner = request.match_info["account"]
        mine = [one for one in self.statuses.values() if one["account"]["id"] == owner]
        return web.json_response(mine[::-1][:40])

    async def create_record(self, request: web.Request) -> web.StreamResponse:
        """Bluesky: com.atproto.repo.createRecord."""
        body = await request.json()
        if not self._knows(request, "access"):
            return web.json_response({"error": "ExpiredToken", "message": "old"}, status=400)
        if self._takes(request, "drop"):
            return _hang_up(request)
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        if uri in self.records:
            return web.json_response(
                {"error": "InternalServerError", "message": "taken"}, status=500
            )
        self.records[uri] = body["record"]
        self.ledger.append((body["repo"], body["record"]["text"]))
        if len(self.ledger) == self.access_ends_after:
            self.access_ended = True
        if self._takes(request, "lose"):
            return _hang_up(request)
        return web.json_response({"uri": uri, "cid": CID})

    async def get_record(self, request: web.Request) -> web.StreamResponse:
        """Bluesky: com.atproto.repo.getRecord."""
        asked = request.query
        uri = f"at://{asked['repo']}/{asked['collection']}/{asked['rkey']}"
        if uri not in self.records:
            message = {"error": "RecordNotFound", "message": f"Could not locate record: {uri}"}
            return web.json_response(message, status=400)
        return web.json_response({"uri": uri, "cid": CID, "value": self.records[uri]})

    async def refresh_session(self, request: web.Request) -> web.StreamResponse:
        """Bluesky: com.atproto.server.refreshSession. The pair that was given before ends."""
        self.refreshes += 1
        self.asked.set()
        await asyncio.sleep(REFRESHING_TAKES_S)
        if self.pair is None or not self._knows(request, "refresh"):
            return web.json_response({"error": "ExpiredToken", "message": "old"}, status=400)
        self.pair += 1
        self.access_ended = False
        tokens = {"accessJwt": f"access {self.pair}", "refreshJwt": f"refresh {self.pair}"}
        return web.json_response(ACCOUNT | tokens)

    async def get_session(self, request: web.Request) -> web.StreamResponse:
        """Bluesky: com.atproto.server.getSession."""
        self.asked.set()
        if self.answers is not None:
            await asyncio.to_thread(self.answers.wait, 30)
        if not self._knows(request, "access"):
            return web.json_response({"error": "ExpiredToken", "message": "old"}, status=400)
        return web.json_response(ACCOUNT)

    def _knows(self, request: web.Request, kind: str) -> bool:
        if kind == "access" and self.access_ended:
            return False
        said = request.headers["Authorization"]
        return self.pair is None or said == f"Bearer {kind} {self.pair}"

    def _takes(self, _request: web.Request, fault: str) -> bool:
        left: int = getattr(self, fault)
        if left > 0:
            setattr(self, fault, left - 1)
        return left > 0


def _hang_up(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


@contextmanager
def dialects() -> Iterator[Dialects]:
    """Run both servers in a thread for the length of the block."""
    served = Dialects()
    loop = asyncio.new_event_loop()
    app = web.Application()
    app.add_routes(
        [
            web.post("/api/v1/statuses", served.create_status),
            web.get("/api/v1/accounts/{account}/statuses", served.own_statuses),
            web.post("/xrpc/com.atproto.repo.createRecord", served.create_record),
            web.get("/xrpc/com.atproto.repo.getRecord", served.get_record),
            web.post("/xrpc/com.atproto.server.refreshSession", served.refresh_session),
            web.get("/xrpc/com.atproto.server.getSession", served.get_session),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    ready = threading.Event()

    async def begin() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        served.base_url = f"http://{host}:{port}"
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(begin())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, name="dialects", daemon=True)
    thread.start()
    ready.wait(60)
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
