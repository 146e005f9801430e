"""How a state is shown: an icon, a word and a tone, never one of them alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Shown:
    """What a chip shows. `turning` while something is under way."""

    icon: str
    label: str | Promise
    tone: str
    turning: bool = False


STATES: dict[str, Shown] = {
    # a post on its way to being agreed
    "draft": Shown("compose", _("Draft"), "stone"),
    "in_review": Shown("review", _("Waiting for approval"), "lotus"),
    "changes_requested": Shown("reply", _("Changes requested"), "amber"),
    "approved": Shown("check-all", _("Approved"), "jade"),
    "idea": Shown("spark", _("Idea"), "stone"),
    # a delivery on its way to its channel
    "scheduled": Shown("clock", _("Scheduled"), "jade"),
    "queued": Shown("queue", _("In the queue"), "jade"),
    "due": Shown("clock", _("Due"), "jade"),
    "sending": Shown("send", _("Sending"), "indigo", turning=True),
    "delivered": Shown("check", _("Delivered"), "quiet"),
    "partly": Shown("partly", _("Partly delivered"), "amber"),
    "failed": Shown("close", _("Failed"), "lacquer"),
    "uncertain": Shown("uncertain", _("Uncertain"), "amber"),
    "cancelled": Shown("cancelled", _("Cancelled"), "stone"),
    "paused": Shown("pause", _("Paused"), "amber"),
    "deleted": Shown("delete", _("Deleted"), "stone"),
    # a channel and its grant
    "connected": Shown("check", _("Connected"), "jade"),
    "lost": Shown("channel-lost", _("Connection lost"), "lacquer"),
    "expiring": Shown("channel", _("Permission ends soon"), "amber"),
    "disconnected": Shown("cancelled", _("Disconnected"), "stone"),
    # how serious a finding is
    "block": Shown("close", _("Blocks"), "lacquer"),
    "warn": Shown("alert", _("Warns"), "amber"),
    "hint": Shown("info", _("Hint"), "indigo"),
    "fine": Shown("check", _("Fine"), "jade"),
    # how far a platform folder has come
    "bronze": Shown("shield", _("Bronze"), "stone"),
    "silver": Shown("shield", _("Silver"), "stone"),
    "gold": Shown("shield", _("Gold"), "amber"),
    "platinum": Shown("shield", _("Platinum"), "indigo"),
    # an invitation
    "invited": Shown("mail", _("Invited"), "indigo"),
    "expired": Shown("clock", _("Expired"), "stone"),
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
