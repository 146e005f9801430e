"""Accounts and the access codes that speak for them."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from practice_network.json_values import Json
from practice_network.limits import LIMITS_OF, Kind, Limits
from practice_network.refusals import Refusal, wrong_field
from practice_network.store import Row, Store

_HANDLE = re.compile(r"[a-z0-9_](?:[a-z0-9_.]{0,28}[a-z0-9_])?")
_OF_THE_AUDIENCE = re.compile(r"[a-z_]+\.[a-z]\d{3}")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


class Idempotency(StrEnum):
    """What an account's owner can rely on after a lost answer."""

    NATIVE_KEY = "native_key"
    CLIENT_ID = "client_id"
    HANDLE_READ_BACK = "handle_read_back"
    FEED_READ_BACK = "feed_read_back"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who posts through the API.

    followers: how many the account had when it was made; the audience model adds to them.
    kind: what its posts begin with, which decides its limits.
    persona: which kind of audience follows (audience/personas.toml). media_processing_ms: how
    long an upload takes until it can be posted. requests_per_window: the rate limit.
    """

    handle: str
    id: str
    name: str
    bio: str
    persona: str
    language: str
    time_zone: str
    followers: int
    idempotency: Idempotency
    media_processing_ms: int
    requests_per_window: int
    created_at: int
    kind: Kind = Kind.WORDS

    @property
    def limits(self) -> Limits:
        """Return what the network accepts of this account."""
        return LIMITS_OF[self.kind]

    @property
    def zone(self) -> ZoneInfo:
        """Return where the audience lives."""
        return ZoneInfo(self.time_zone)

    def to_json(self, base_url: str) -> dict[str, Json]:
        """Return what everybody may see."""
        return {
            "id": self.id,
            "handle": self.handle,
            "name": self.name,
            "bio": self.bio,
            "persona": self.persona,
            "language": self.language,
            "time_zone": self.time_zone,
            "url": f"{base_url}/@{self.handle}",
        }


@dataclass(frozen=True, slots=True)
class Grant:
    """An access code, opened: whom it speaks for. token_id names it without revealing it."""

    account: Account
    token_id: str


class Accounts:
    """Create and find accounts, and issue and revoke their access codes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._by_handle: dict[str, Account] = {}
        self._by_digest: dict[str, Grant] = {}

    def create(self, account: Account) -> None:
        """Add `account`; Refusal when its handle is taken or not a handle."""
        if not _HANDLE.fullmatch(account.handle):
            raise wrong_field("handle", "use 1 to 30 of a-z, 0-9, dot and underscore")
        if _OF_THE_AUDIENCE.fullmatch(account.handle):
            raise wrong_field("handle", "handles such as linh.n042 belong to the audience")
        if account.time_zone not in available_timezones():
            raise wrong_field("time_zone", f"{account.time_zone!r} is not an IANA time zone")
        if self.find(account.handle):
            raise Refusal(409, "handle.taken", f"@{account.handle} already exists.")
        self.store.write(
            "INSERT INTO accounts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            account.handle,
            account.id,
            account.name,
            account.bio,
            account.persona,
            account.language,
            account.time_zone,
            account.followers,
            account.idempotency,
            account.media_processing_ms,
            account.requests_per_window,
            account.created_at,
            account.kind,
        )

    def find(self, handle: str) -> Account | None:
        """Return the account called `handle`; None when there is none."""
        known = self._by_handle.get(handle)
        if known is None:
            row = self.store.read_one("SELECT * FROM accounts WHERE handle = ?", handle)
            if row is None:
                return None
            known = self._by_handle[handle] = _account(row)
        return known

    def all(self) -> list[Account]:
        """Return every account in the order of their handles."""
        return [_account(row) for row in self.store.read("SELECT * FROM accounts ORDER BY handle")]

    def issue(self, account: Account, *, now_ms: int) -> tuple[str, str]:
        """Return a new token id and its access code. The code is not kept, only its digest."""
        count = self.store.read_one("SELECT count(*) AS n FROM tokens")
        token_id = f"t{count['n'] + 1 if count else 1}"
        groups = ["".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(5)]
        code = "-".join(groups)
        self.store.write(
            "INSERT INTO tokens VALUES (?,?,?,?,NULL)",
            token_id,
            account.handle,
            _digest(code),
            now_ms,
        )
        return token_id, code

    def revoke(self, token_id: str, *, now_ms: int) -> bool:
        """End an access code; False when there is none of that id, or it had ended."""
        row = self.store.read_one(
            "SELECT digest FROM tokens WHERE id = ? AND revoked_at IS NULL", token_id
        )
        if row is None:
            return False
        self.store.write("UPDATE tokens SET revoked_at = ? WHERE id = ?", now_ms, token_id)
        self._by_digest.pop(row["digest"], None)
        return True

    def open(self, code: str) -> Grant | None:
        """Return whom `code` speaks for; None when it is unknown or revoked."""
        digest = _digest(code)
        grant = self._by_digest.get(digest)
        if grant is None:
            row = self.store.read_one(
                "SELECT id, account FROM tokens WHERE digest = ? AND revoked_at IS NULL", digest
            )
            account = self.find(row["account"]) if row else None
            if row is None or account is None:
                return None
            grant = self._by_digest[digest] = Grant(account, row["id"])
        return grant


def _digest(code: str) -> str:
    """Return what is kept of a code. It is 120 random bits, so a plain hash is enough."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()


def _account(row: Row) -> Account:
    read = {"idempotency": Idempotency(row["idempotency"]), "kind": Kind(row["kind"])}
    return Account(**{**dict(row), **read})
