"""Read what a server says about a session. Pure.

Source: lexicons com.atproto.server.createSession, refreshSession and getSession.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from loa.connectors.reading import at, text, text_or
from loa.kernel.json import JSON
from loa.platforms.bluesky.wire import did, pds_of


@dataclass(frozen=True, slots=True)
class Session:
    """A session of an account on its server. scope: from the access token, as it is written.

    pds: the server's address by the account's own document; empty when it was not told.
    """

    did: str
    handle: str
    access_jwt: str = field(repr=False)
    refresh_jwt: str = field(repr=False)
    active: bool
    status: str
    scope: str
    expires_at: datetime | None
    pds: str

    @property
    def secret(self) -> dict[str, str]:
        """Return what must be sealed."""
        return {"access_jwt": self.access_jwt, "refresh_jwt": self.refresh_jwt}


def to_session(body: JSON) -> Session:
    """Read the answer of createSession and refreshSession."""
    access = text(body, "accessJwt")
    claims = _claims(access)
    expires = claims.get("exp")
    return Session(
        did=did(body, "did"),
        handle=text(body, "handle"),
        access_jwt=access,
        refresh_jwt=text(body, "refreshJwt"),
        active=at(body, "active") is not False,
        status=text_or(body, "status"),
        scope=str(claims.get("scope", "")),
        expires_at=_from_epoch(expires) if isinstance(expires, int | float) else None,
        pds=pds_of(at(body, "didDoc")),
    )


def _claims(token: str) -> dict[str, JSON]:
    """Read what a token says about itself. Nothing is trusted by it: only our own planning."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, binascii.Error, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _from_epoch(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
