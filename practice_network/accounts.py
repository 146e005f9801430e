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
    access_lives_ms: how long the access codes of a session work (sessions.py); 0: the account
    has no sessions, its codes last.
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
    access_lives_ms: int = 0

    @property
    def limits(self) -> Limits:
        """Return what the network accepts of this account."""
        return LIMITS_OF[self.kind]

    @property
    def zone(self) -> ZoneInfo:
        """Return where the audience lives."""
        return ZoneInfo(self.time_zone)

    @property
    def has_sessions(self) -> bool:
        """Say whether what opens the account ends after a while and is renewed."""
        return self.access_lives_ms > 0

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
    """An access code, opened: whom it speaks for. token_id names it without revealing it.

    session: of a code that is renewed, until expires_at; empty for one that lasts.
    """

    account: Account
    token_id: str
    session: str = ""
    expires_at: int | None = None


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
            "INSERT INTO accounts (handle, id, name, bio, persona, language, time_zone, followers,"
            " idempotency, media_processing_ms, requests_per_window, created_at, kind,"
            " access_lives_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
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
            account.access_lives_ms,
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

    def issue(
        self, account: Account, *, now_ms: int, session: str = "", expires_at: int | None = None
    ) -> tuple[str, str]:
        """Return a new token id and its access code. The code is not kept, only its digest."""
        count = self.store.read_one("SELECT count(*) AS n FROM tokens")
        token_id = f"t{count['n'] + 1 if count else 1}"
        code = new_code()
        self.store.write(
            "INSERT INTO tokens (id, account, digest, created_at, session, expires_at)"
            " VALUES (?,?,?,?,?,?)",
            token_id,
            account.handle,
            digest_of(code),
            now_ms,
            session or None,
            expires_at,
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

    def expire(self, token_id: str, *, now_ms: int) -> None:
        """Let an access code's time be up now."""
        self.store.write("UPDATE tokens SET expires_at = ? WHERE id = ?", now_ms, token_id)
        row = self.store.read_one("SELECT digest FROM tokens WHERE id = ?", token_id)
        if row is not None:
            self._by_digest.pop(row["digest"], None)

    def open(self, code: str, *, now_ms: int) -> Grant | None:
        """Return whom `code` speaks for; None when it is unknown, revoked or over."""
        grant = self._find(digest_of(code))
        return grant if grant and not _is_over(grant, now_ms) else None

    def is_over(self, code: str, *, now_ms: int) -> bool:
        """Say whether `code` was right, and its time is up."""
        grant = self._find(digest_of(code))
        return grant is not None and _is_over(grant, now_ms)

    def _find(self, digest: str) -> Grant | None:
        """Return what a code that was not revoked stands for, also when its time is up."""
        grant = self._by_digest.get(digest)
        if grant is None:
            row = self.store.read_one(
                "SELECT * FROM tokens WHERE digest = ? AND revoked_at IS NULL", digest
            )
            account = self.find(row["account"]) if row else None
            if row is None or account is None:
                return None
            grant = Grant(account, row["id"], row["session"] or "", row["expires_at"])
            self._by_digest[digest] = grant
        return grant


def new_code() -> str:
    """Return a code that nobody guesses, and that can be typed."""
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(5)]
    return "-".join(groups)


def digest_of(code: str) -> str:
    """Return what is kept of a code. It is 120 random bits, so a plain hash is enough."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()


def _is_over(grant: Grant, now_ms: int) -> bool:
    return grant.expires_at is not None and now_ms >= grant.expires_at


def _account(row: Row) -> Account:
    read = {"idempotency": Idempotency(row["idempotency"]), "kind": Kind(row["kind"])}
    return Account(**{**dict(row), **read})
