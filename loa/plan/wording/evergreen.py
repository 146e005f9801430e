"""Evergreen posts, said to a person: why one was chosen, why one is not, and refusals."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.create.actions import AlreadyOut
from loa.kernel.errors import LoaError
from loa.plan import actions
from loa.plan.models import Evergreen, Refill
from loa.plan.rules.evergreen import WhyNot
from loa.plan.wording import refusal as plain_refusal


def chosen(refill: Refill) -> str:
    """Return why this post fills this slot."""
    rested = ngettext(
        "Rested longest here: %(count)s day.",
        "Rested longest here: %(count)s days.",
        refill.rested_days,
    ) % {"count": refill.rested_days}
    more = _("Repeat %(number)s of %(most)s; %(percent)s%% of its wording is like the last one.")
    values = {
        "number": refill.repeat_number,
        "most": refill.evergreen.most_repeats,
        "percent": round(100 * refill.likeness_ratio),
    }
    return f"{rested} {more % values}"


def why_not(why: WhyNot | None) -> str:
    """Return why an evergreen post is not said again now."""
    if why is None:
        return _("ready for the next free slot")
    sentences = {
        WhyNot.COOLING: _("resting"),
        WhyNot.REPEATED_ENOUGH: _("repeated often enough"),
        WhyNot.EXPIRED: _("its last day has passed"),
        WhyNot.NO_FRESH_WORDS: _("needs other words"),
    }
    return sentences[why]


def stopped(evergreen: Evergreen) -> str:
    """Return why Loa stopped it; "" when it did not."""
    reasons = {
        "changes": _("Stopped: a reviewer asked for changes."),
        "blocked": _("Stopped: a check or the rights to a picture stand against it."),
        "empty": _("Stopped: it has nothing to say any more."),
        "refused": _("Stopped: it could not be scheduled."),
    }
    return reasons.get(evergreen.stopped_why, "")


def refusal(error: LoaError) -> str:
    """Return what happened and what to do next."""
    if isinstance(error, actions.TooAlike):
        return _(
            "Wording %(number)s reads like another one, accents and punctuation aside. "
            "Change it more."
        ) % {"number": error.number}
    if isinstance(error, AlreadyOut):
        return _("It is live or on its way to %(channel)s, so it stays.") % {
            "channel": error.channel
        }
    sentences: dict[type[LoaError], str] = {
        actions.NotDeliveredYet: _("Only a post that is live can be said again."),
        actions.NotATerm: _("Choose a number from 0 to 7."),
        actions.SlotGone: _("That time has passed."),
    }
    for kind, sentence in sentences.items():
        if isinstance(error, kind):
            return sentence
    return plain_refusal(error)
