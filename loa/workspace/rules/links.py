"""Links that carry a secret: how long they live, and why one may no longer open anything."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

INVITATION_LIVES = timedelta(days=7)
OWNER_LINK_LIVES = timedelta(days=7)


class Gone(StrEnum):
    """Why a link does not open."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def new_token() -> str:
    """Return a fresh secret for a link (256 bits)."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token. It is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def why_gone(
    *,
    expires_at: datetime,
    used_at: datetime | None,
    withdrawn_at: datetime | None,
    now: datetime,
) -> Gone | None:
    """Say why a link no longer opens; None when it does."""
    if used_at:
        return Gone.USED
    if withdrawn_at:
        return Gone.WITHDRAWN
    if now >= expires_at:
        return Gone.EXPIRED
    return None
