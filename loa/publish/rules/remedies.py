"""What a person can do about a failure, told from its code."""

from enum import StrEnum


class Remedy(StrEnum):
    """The first thing to do. RETRY: nothing needs to change before the next try."""

    RETRY = "retry"
    EDIT = "edit"
    RECONNECT = "reconnect"
    APPROVE = "approve"
    DECIDE = "decide"


# What the post itself must say differently.
_EDIT = frozenset({"post.empty", "loa.asset_missing", "loa.no_type_fits", "loa.cannot_decode"})
_EDIT_SUBJECTS = frozenset({"text", "alt", "media", "rights", "consent"})
# What passes without an edit although its subject is one of the post's.
_PASSING = frozenset({"media.processing", "media.expired", "media.making"})
_RECONNECT = frozenset(
    {"account.suspended", "permission.missing", "platform.moved", "loa.cannot_open"}
)
_RECONNECT_SUBJECTS = frozenset({"grant", "login", "channel_lost", "grant_expired"})
_DECIDE = frozenset({"late.missed", "thread.stopped", "settled.not_live"})


def remedy(code: str) -> Remedy:
    """Return what helps against the failure `code`; RETRY when nothing better is known."""
    subject = code.partition(".")[0]
    if code in {"review.not_approved", "review.ended"}:
        return Remedy.APPROVE
    if code in _DECIDE:
        return Remedy.DECIDE
    if code in _RECONNECT or subject in _RECONNECT_SUBJECTS:
        return Remedy.RECONNECT
    if code in _EDIT or (subject in _EDIT_SUBJECTS and code not in _PASSING):
        return Remedy.EDIT
    return Remedy.RETRY
