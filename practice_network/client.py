"""Talk to a practice network from tests, benchmarks and commands. Standard library only."""

import json
import select
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

# JSON as json.loads gives it: this client is for tests, which look into it by hand.
type Object = dict[str, Any]

_PAGE = 1000


class Refused(Exception):
    """The network answered with an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """A new account with its access code."""

    handle: str
    access_code: str
    token_id: str
    facts: Object


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came. headers: names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class PracticeClient:
    """One connection to the network at `base_url`; not for use by several threads at once."""

    def __init__(self, base_url: str, *, timeout_s: float = 30.0, admin_code: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._admin_code = admin_code
        self._connection: HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- running the network --------------------------------------------------------------

    def wait_until_ready(self, *, within_s: float = 10.0) -> None:
        """Return when the network answers; TimeoutError when it does not in time."""
        until = time.monotonic() + within_s
        while True:
            try:
                self.limits()
            except (OSError, HTTPException):
                if time.monotonic() > until:
                    raise TimeoutError(f"no practice network at {self.base_url}") from None
                time.sleep(0.02)
            else:
                return

    def reset(self, *, seed: int | None = None) -> None:
        """Start over with an empty network."""
        self.call("POST", "/admin/reset", {} if seed is None else {"seed": seed})

    def open_account(self, handle: str, **fields: object) -> Opened:
        """Create an account; fields: name, persona, followers, idempotency, language, ..."""
        made = self.call("POST", "/admin/accounts", {"handle": handle, **fields})
        return Opened(made["handle"], made["access_code"], made["token_id"], made)

    def issue_token(self, handle: str) -> Opened:
        """Return another access code of an account."""
        made = self.call("POST", f"/admin/accounts/{handle}/tokens", {})
        return Opened(handle, made["access_code"], made["token_id"], made)

    def revoke_token(self, token_id: str) -> None:
        """End an access code."""
        self.call("DELETE", f"/admin/tokens/{token_id}")

    def sessions(self) -> list[Object]:
        """Return every session with how often it was renewed, and how often wrongly asked to."""
        return list(self.call("GET", "/admin/sessions")["sessions"])

    def end_session(self, session_id: str) -> None:
        """Take a permission back, with all its codes."""
        self.call("DELETE", f"/admin/sessions/{session_id}")

    def set_clock(self, **change: object) -> Object:
        """Change the clock by now="2026-...", advance_s=60, speed=0 or real=True."""
        return self.call("POST", "/admin/clock", change)

    def add_fault(self, kind: str, **order: object) -> str:
        """Order a fault (see faults/book.py for the fields) and return its id."""
        made = self.call("POST", "/admin/faults", {"kind": kind, **order})
        return str(made["id"])

    def faults(self) -> list[Object]:
        """Return every fault with how often it struck."""
        return list(self.call("GET", "/admin/faults")["faults"])

    def clear_faults(self) -> None:
        """Lift every fault."""
        self.call("DELETE", "/admin/faults")

    def ledger(self, *, since: int = 0) -> list[Object]:
        """Return every entry after number `since`, oldest first."""
        return list(self._ledger_pages(since))

    def posts_in_ledger(self, *, account: str | None = None) -> list[Object]:
        """Return the entries of accepted posts, of one account or of all."""
        return [
            entry
            for entry in self.ledger()
            if entry["event"] == "post_created" and account in {None, entry["account"]}
        ]

    # --- as an account --------------------------------------------------------------------

    def limits(self) -> Object:
        """Return what the network accepts."""
        return self.call("GET", "/limits")

    def post(self, access_code: str, text: str, *, key: str = "", **fields: object) -> Object:
        """Create a post; key: its Idempotency-Key."""
        headers = {"Idempotency-Key": key} if key else {}
        body = {"text": text, **fields}
        return self.call("POST", "/posts", body, access_code=access_code, headers=headers)

    def upload(
        self, access_code: str, content: bytes, *, alt_text: str = "", focus: str = "0,0"
    ) -> Object:
        """Upload a picture."""
        boundary = "practice-network-boundary"
        fields = {"alt_text": alt_text, "focus": focus}
        lines = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="picture"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        raw = "".join([*lines, head]).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._object("POST", "/media", raw, self._headers(access_code, headers))

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        access_code: str = "",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Object:
        """Call any operation and return its JSON; Refused when the network says no."""
        if query:
            path = f"{path}?{urlencode(query)}"
        raw = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        return self._object(
            method, path, raw, self._headers(access_code, {**kind, **(headers or {})})
        )

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ledger_pages(self, since: int) -> Iterator[Object]:
        while True:
            query = {"since": str(since), "limit": str(_PAGE)}
            entries = self.call("GET", "/ledger", query=query)["entries"]
            yield from entries
            if len(entries) < _PAGE:
                return
            since = entries[-1]["seq"]

    def _headers(self, access_code: str, more: Mapping[str, str]) -> dict[str, str]:
        code = access_code or self._admin_code
        return {**more, **({"Authorization": f"Bearer {code}"} if code else {})}

    def _object(
        self, method: str, path: str, raw: bytes | None, headers: Mapping[str, str]
    ) -> Object:
        answered = self.exchange(method, path, raw, headers)
        value = json.loads(answered.content) if answered.content else {}
        if answered.status >= HTTPStatus.BAD_REQUEST:
            error = value.get("error", {})
            raise Refused(answered.status, error.get("code", ""), error.get("message", ""))
        return dict(value)

    def exchange(
        self, method: str, path: str, raw: bytes | None, headers: Mapping[str, str]
    ) -> Answered:
        """Send bytes below /api/v1 and return the answer as it came, whatever its status."""
        if self._connection is not None and _was_closed(self._connection):
            self.close()  # the network gave up a line that nobody used for a while
        was_kept = self._connection is not None
        try:
            return self._exchange(method, path, raw, headers)
        except (ConnectionResetError, BrokenPipeError):  # also when it ended without an answer
            if method != "GET" or not was_kept:
                raise
            return self._exchange(method, path, raw, headers)  # it gave it up just now

    def _exchange(
        self, method: str, path: str, raw: bytes | None, headers: Mapping[str, str]
    ) -> Answered:
        if self._connection is None:
            address = urlsplit(self.base_url)
            kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
            self._connection = kind(address.netloc, timeout=self._timeout_s)
        try:
            self._connection.request(method, f"/api/v1{path}", body=raw, headers=dict(headers))
            answered = self._connection.getresponse()
            names = {name.lower(): value for name, value in answered.getheaders()}
            return Answered(answered.status, names, answered.read())
        except BaseException:
            self.close()
            raise


def _was_closed(connection: HTTPConnection) -> bool:
    """Say whether the other side closed a kept connection: then there is something to read."""
    return bool(connection.sock) and bool(select.select([connection.sock], [], [], 0)[0])
