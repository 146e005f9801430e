"""Whether content may go out: the approval is a seal on exactly what the approvers saw.

A rule may say for how many days an approval is good; then it must be given again.
"""

from datetime import datetime, timedelta


def is_approved(*, approved_fingerprint: str, fingerprint: str) -> bool:
    """Say whether the seal fits the content as it is now."""
    return bool(approved_fingerprint) and approved_fingerprint == fingerprint


def ends_at(approved_at: datetime | None, *, good_for_days: int | None) -> datetime | None:
    """Return when an approval ends; None when it does not end by time."""
    if approved_at is None or not good_for_days:
        return None
    return approved_at + timedelta(days=good_for_days)


def has_ended(
    approved_at: datetime | None, *, rule_mode: str, good_for_days: int | None, now: datetime
) -> bool:
    """Say whether an approval was given so long ago that the rule no longer takes it."""
    end = ends_at(approved_at, good_for_days=good_for_days)
    return rule_mode != "none" and end is not None and now >= end


def may_go_out(*, rule_mode: str, approved_fingerprint: str, fingerprint: str) -> bool:
    """Say whether content may be sent under the workspace's rule ("none", "any", "all").

    Every mode but "none" demands a seal, and editing after approval breaks it.
    """
    if rule_mode == "none":
        return True
    return is_approved(approved_fingerprint=approved_fingerprint, fingerprint=fingerprint)
