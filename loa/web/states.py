"""How a state is shown: an icon, a word and a tone, never one of them alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Shown:
    """What a chip shows. `turning` while something is under way."""

    icon: str
    label: str | Promise
    tone: str
    turning: bool = False


STATES: dict[str, Shown] = {
    # a post on its way to being agreed
    "draft": Shown("compose", pgettext_lazy("state", "Draft"), "stone"),
    "in_review": Shown("review", pgettext_lazy("state", "Waiting for approval"), "lotus"),
    "changes_requested": Shown("reply", pgettext_lazy("state", "Changes requested"), "amber"),
    "approved": Shown("check-all", pgettext_lazy("state", "Approved"), "jade"),
    "idea": Shown("spark", pgettext_lazy("state", "Idea"), "stone"),
    # a delivery on its way to its channel
    "scheduled": Shown("clock", pgettext_lazy("state", "Scheduled"), "jade"),
    "queued": Shown("queue", pgettext_lazy("state", "In the queue"), "jade"),
    "due": Shown("clock", pgettext_lazy("state", "Due"), "jade"),
    "sending": Shown("send", pgettext_lazy("state", "Sending"), "indigo", turning=True),
    "delivered": Shown("check", pgettext_lazy("state", "Delivered"), "quiet"),
    "removed": Shown("delete", pgettext_lazy("state", "Taken down"), "stone"),
    "partly": Shown("partly", pgettext_lazy("state", "Partly delivered"), "amber"),
    "failed": Shown("close", pgettext_lazy("state", "Failed"), "lacquer"),
    "uncertain": Shown("uncertain", pgettext_lazy("state", "Uncertain"), "amber"),
    "cancelled": Shown("cancelled", pgettext_lazy("state", "Cancelled"), "stone"),
    "missed": Shown("alert", pgettext_lazy("state", "Missed its time"), "amber"),
    "paused": Shown("pause", pgettext_lazy("state", "Paused"), "amber"),
    "deleted": Shown("delete", pgettext_lazy("state", "Deleted"), "stone"),
    # a channel and its grant
    "connected": Shown("check", pgettext_lazy("state", "Connected"), "jade"),
    "lost": Shown("channel-lost", pgettext_lazy("state", "Connection lost"), "lacquer"),
    "expiring": Shown("channel", pgettext_lazy("state", "Permission ends soon"), "amber"),
    "disconnected": Shown("cancelled", pgettext_lazy("state", "Disconnected"), "stone"),
    # how serious a finding is
    "block": Shown("close", pgettext_lazy("state", "Blocks"), "lacquer"),
    "warn": Shown("alert", pgettext_lazy("state", "Warns"), "amber"),
    "hint": Shown("info", pgettext_lazy("state", "Hint"), "indigo"),
    "fine": Shown("check", pgettext_lazy("state", "Fine"), "jade"),
    # how far a platform folder has come
    "bronze": Shown("tier", pgettext_lazy("state", "Bronze"), "stone"),
    "silver": Shown("tier", pgettext_lazy("state", "Silver"), "stone"),
    "gold": Shown("tier", pgettext_lazy("state", "Gold"), "amber"),
    "platinum": Shown("tier", pgettext_lazy("state", "Platinum"), "indigo"),
    # a rendition of a video, and the video itself
    "preparing": Shown("refresh", pgettext_lazy("state", "Being prepared"), "indigo", turning=True),
    "broken": Shown("alert", pgettext_lazy("state", "Damaged"), "lacquer"),
    # an invitation
    "invited": Shown("mail", pgettext_lazy("state", "Invited"), "indigo"),
    "expired": Shown("clock", pgettext_lazy("state", "Expired"), "stone"),
}
# Other apps' own words for the same thing a person sees.
SAME = {
    "requested": "in_review",
    "changes": "changes_requested",
    "none": "draft",
    "claimed": "sending",
    "refused": "failed",
    "active": "connected",
}


def shown(state: str) -> Shown:
    """Return how `state` is shown; LookupError for a state nobody described."""
    name = SAME.get(str(state), str(state))
    if name not in STATES:
        raise LookupError(f"No chip shows the state {state!r}: describe it in loa/web/states.py.")
    return STATES[name]
