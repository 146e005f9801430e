"""Sessions: access codes that end after a while, and refresh codes that renew them once each.

As the strictest real platforms have it. New codes end the access code and the refresh code
before them, whether or not the answer arrives; and a refresh code that comes a second time ends
the whole session, for one of the two who know it must have stolen it.
"""

from dataclasses import asdict, dataclass

from practice_network.accounts import Account, Accounts, digest_of, new_code
from practice_network.json_values import Json
from practice_network.refusals import Refusal
from practice_network.store import Row, Store


@dataclass(frozen=True, slots=True)
class Codes:
    """What opens an account until `expires_at` (network time), and what renews that."""

    access_code: str
    refresh_code: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Session:
    """One permission that an account gave.

    renewals: how often new codes were given. reused: how often a refresh code came once more.
    """

    id: str
    account: str
    opened_at: int
    ended_at: int | None
    renewals: int
    reused: int

    def to_json(self) -> dict[str, Json]:
        """Return it for whoever runs the network; instants in ms of network time."""
        return asdict(self)


class Sessions:
    """Open, renew and end sessions."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._store = store
        self._accounts = accounts

    def open(self, account: Account, *, now_ms: int) -> Codes:
        """Begin a session; Refusal for an account that has none."""
        if not account.has_sessions:
            raise Refusal(403, "session.none", "The access codes of this account last.")
        count = self._store.read_one("SELECT count(*) AS n FROM sessions")
        session_id = f"s{count['n'] + 1 if count else 1}"
        with self._store.together():
            self._store.write(
                "INSERT INTO sessions (id, account, opened_at) VALUES (?,?,?)",
                session_id,
                account.handle,
                now_ms,
            )
            return self._give(session_id, account, now_ms)

    def renew(self, refresh_code: str, *, now_ms: int) -> Codes:
        """Trade a refresh code for new codes; Refusal when it is unknown, used or over."""
        digest = digest_of(refresh_code)
        row = self._store.read_one(
            "SELECT s.*, r.used_at FROM refresh_codes r JOIN sessions s ON s.id = r.session"
            " WHERE r.digest = ?",
            digest,
        )
        account = self._accounts.find(row["account"]) if row else None
        if row is None or account is None:
            raise Refusal(401, "session.unknown", "This refresh code is unknown.")
        if row["used_at"] is not None:
            self._store.write("UPDATE sessions SET reused = reused + 1 WHERE id = ?", row["id"])
            self.end(row["id"], now_ms=now_ms)
            raise Refusal(401, "session.reused", "This refresh code was used: the session is over.")
        if row["ended_at"] is not None:
            raise Refusal(401, "session.ended", "This session is over.")
        with self._store.together():
            self._store.write(
                "UPDATE refresh_codes SET used_at = ? WHERE digest = ?", now_ms, digest
            )
            for token in self._tokens(row["id"]):
                if token["expires_at"] > now_ms:
                    self._accounts.expire(token["id"], now_ms=now_ms)
            self._store.write("UPDATE sessions SET renewals = renewals + 1 WHERE id = ?", row["id"])
            return self._give(row["id"], account, now_ms)

    def end(self, session_id: str, *, now_ms: int) -> bool:
        """Take a permission back; False when there is none of that id, or it had ended."""
        ended = self._store.read_one(
            "SELECT id FROM sessions WHERE id = ? AND ended_at IS NULL", session_id
        )
        if ended is None:
            return False
        self._store.write("UPDATE sessions SET ended_at = ? WHERE id = ?", now_ms, session_id)
        for token in self._tokens(session_id):
            self._accounts.revoke(token["id"], now_ms=now_ms)
        return True

    def all(self) -> list[Session]:
        """Return every session, oldest first."""
        rows = self._store.read("SELECT * FROM sessions ORDER BY length(id), id")
        return [Session(**dict(row)) for row in rows]

    def _give(self, session_id: str, account: Account, now_ms: int) -> Codes:
        expires_at = now_ms + account.access_lives_ms
        _, access_code = self._accounts.issue(
            account, now_ms=now_ms, session=session_id, expires_at=expires_at
        )
        refresh_code = new_code()
        self._store.write(
            "INSERT INTO refresh_codes (digest, session) VALUES (?,?)",
            digest_of(refresh_code),
            session_id,
        )
        return Codes(access_code, refresh_code, expires_at)

    def _tokens(self, session_id: str) -> list[Row]:
        return self._store.read(
            "SELECT id, expires_at FROM tokens WHERE session = ? AND revoked_at IS NULL",
            session_id,
        )
