"""The append-only record of everything the network accepted: the witness in every test."""

import json
from dataclasses import dataclass
from enum import StrEnum

from practice_network.clock import to_text
from practice_network.json_values import Json, dump, fingerprint
from practice_network.store import Row, Store


class Event(StrEnum):
    """What can be accepted."""

    ACCOUNT_CREATED = "account_created"
    MEDIA_UPLOADED = "media_uploaded"
    MEDIA_DESCRIBED = "media_described"
    POST_CREATED = "post_created"
    POST_EDITED = "post_edited"
    POST_DELETED = "post_deleted"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked, and when: what every entry of the ledger says about its request."""

    account: str
    token_id: str
    request_id: str
    now_ms: int
    real_ms: int


class Ledger:
    """Write and read the record."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def add(self, event: Event, subject: str, payload: dict[str, Json], by: Caller) -> int:
        """Record that `event` was accepted for `subject` (a post's, media's or account's id)."""
        return self.store.write(
            "INSERT INTO ledger (at, real_at, event, account, token_id, request_id, subject,"
            " payload_hash, payload) VALUES (?,?,?,?,?,?,?,?,?)",
            by.now_ms,
            by.real_ms,
            event,
            by.account,
            by.token_id,
            by.request_id,
            subject,
            fingerprint(payload),
            dump(payload).decode(),
        )

    def since(self, seq: int, *, limit: int) -> list[dict[str, Json]]:
        """Return up to `limit` entries after number `seq`, oldest first."""
        rows = self.store.read(
            "SELECT * FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit
        )
        return [_entry(row) for row in rows]

    def newest(self, *, before: int | None, limit: int) -> list[dict[str, Json]]:
        """Return up to `limit` entries older than number `before`, newest first."""
        rows = self.store.read(
            "SELECT * FROM ledger WHERE seq < ? ORDER BY seq DESC LIMIT ?",
            before or 2**62,
            limit,
        )
        return [_entry(row) for row in rows]

    def last_instant_ms(self) -> int | None:
        """Return when the newest post or picture was accepted; None when there is none yet."""
        row = self.store.read_one(
            "SELECT max(at) AS at FROM ledger WHERE event != ?", Event.ACCOUNT_CREATED
        )
        return row["at"] if row else None


def _entry(row: Row) -> dict[str, Json]:
    payload: Json = json.loads(row["payload"])
    return {
        "seq": row["seq"],
        "at": to_text(row["at"]),
        "real_at": to_text(row["real_at"]),
        "event": row["event"],
        "account": row["account"],
        "token_id": row["token_id"],
        "request_id": row["request_id"],
        "subject": row["subject"],
        "payload_hash": row["payload_hash"],
        "payload": payload,
    }
