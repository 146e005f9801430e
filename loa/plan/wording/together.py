"""What became of many posts, said to a person."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.create.actions import AlreadyOut, NothingToReview, PostDeleted
from loa.kernel.errors import LoaError
from loa.plan import actions
from loa.plan.rules.copying import WhyNot
from loa.plan.wording import refusal as plain_refusal


def refusal(error: LoaError) -> str:
    """Return why one post stayed as it was, and what to do next."""
    if isinstance(error, AlreadyOut):
        return _("It is live or on its way to %(channel)s, so it stays.") % {
            "channel": error.channel
        }
    if isinstance(error, actions.TooManyAtOnce):
        return _("Choose 60 posts at most. Nothing was changed.")
    sentences: dict[type[LoaError], str] = {
        actions.NoTimeYet: _("It has no time yet, so there is nothing to move."),
        actions.ChangedMeanwhile: _(
            "Somebody changed it in the meantime. It stays as they left it."
        ),
        actions.SameWeek: _("Choose another week to copy to."),
        actions.TooMuchToCopy: _("This week has more than 200 posts. Choose fewer channels."),
        NothingToReview: _("It has no channel or says nothing yet. Write it first."),
        PostDeleted: _("The post is deleted. Restore it first."),
    }
    for kind, sentence in sentences.items():
        if isinstance(error, kind):
            return sentence
    return plain_refusal(error)


def done(verb: str, count: int) -> str:
    """Return what was done with how many posts."""
    match verb:
        case "move":
            words = ngettext("%(count)s post moved.", "%(count)s posts moved.", count)
        case "queue":
            words = ngettext(
                "%(count)s post is in the queue.", "%(count)s posts are in the queue.", count
            )
        case "label":
            words = ngettext("%(count)s post labelled.", "%(count)s posts labelled.", count)
        case "copy":
            words = ngettext(
                "%(count)s draft begun from the week you chose.",
                "%(count)s drafts begun from the week you chose.",
                count,
            )
        case _:
            words = ngettext("%(count)s post deleted.", "%(count)s posts deleted.", count)
    return words % {"count": count}


def clock_skipped(count: int) -> str:
    """Return how many times the clock skipped, so that they are a little later."""
    words = ngettext(
        "The clock skips the time of %(count)s post on that day: it goes out right after.",
        "The clock skips the times of %(count)s posts on that day: they go out right after.",
        count,
    )
    return words % {"count": count}


def undone(stayed: int) -> str:
    """Return what became of an undo."""
    if not stayed:
        return _("Undone.")
    words = ngettext(
        "Undone, except for %(count)s post that was changed meanwhile or whose time has passed.",
        "Undone, except for %(count)s posts that were changed meanwhile or whose time has passed.",
        stayed,
    )
    return words % {"count": stayed}


def left_out(why: WhyNot) -> str:
    """Return why something was not copied."""
    sentences = {
        WhyNot.PAST: _("That time has passed."),
        WhyNot.TOO_CLOSE: _("Too close to another post on the channel."),
        WhyNot.DAY_FULL: _("The day is full on the channel."),
    }
    return sentences[why]
