"""Whether content may go out: the approval is a seal on exactly what the approvers saw."""


def is_approved(*, approved_fingerprint: str, fingerprint: str) -> bool:
    """Say whether the seal fits the content as it is now."""
    return bool(approved_fingerprint) and approved_fingerprint == fingerprint


def may_go_out(*, rule_mode: str, approved_fingerprint: str, fingerprint: str) -> bool:
    """Say whether content may be sent under the workspace's rule ("none", "any", "all").

    Every mode but "none" demands a seal, and editing after approval breaks it.
    """
    if rule_mode == "none":
        return True
    return is_approved(approved_fingerprint=approved_fingerprint, fingerprint=fingerprint)
