"""What the desk answers, said to a person: refusals, reasons, and kinds of change."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.create.rules.review import WhyNot
from loa.publish import actions as publish


def cannot_schedule(refusal: publish.CannotSchedule) -> str:
    """Say why a post was not handed over, and what to do."""
    sentences: dict[type[publish.CannotSchedule], str] = {
        publish.PastTime: _("That time has passed. Choose a later one."),
        publish.NoTimeSet: _("Choose a time first, or send it now."),
        publish.NothingToSend: _(
            "There is nothing to send yet: choose a channel and write something."
        ),
        publish.ChannelNotConnected: _(
            "%(channels)s must be reconnected before anything goes out there."
        ),
        publish.NotApproved: _(
            "It needs approval first. Request a review; it goes out once it is given."
        ),
        publish.ApprovalEnded: _(
            "Its approval has ended. Ask for it again; it goes out once it is given."
        ),
        publish.HasBlockingFindings: _(
            "%(channels)s would refuse it as it is. See the checks under the text."
        ),
        publish.RightsEnd: _(
            "The rights to a picture, or somebody's consent, end before that time. "
            "Choose an earlier one, or renew them in the library."
        ),
        publish.PostDeleted: _("The post is deleted. Restore it first."),
    }
    words = sentences.get(type(refusal), _("It could not be scheduled. Nothing was changed."))
    return words % {"channels": ", ".join(str(variant.channel) for variant in refusal.variants)}


def cannot_cancel(refusal: publish.CannotCancel) -> str:
    """Say why something can no longer be stopped."""
    channel = refusal.delivery.channel
    match refusal:
        case publish.AlreadySending():
            return _(
                "%(channel)s is being sent at this moment; in a few seconds it is known how "
                "that ended."
            ) % {"channel": channel}
        case publish.MayBeLive():
            return _("%(channel)s may be live already: settle that first.") % {"channel": channel}
    return _("%(channel)s is live already.") % {"channel": channel}


def why_not(why: WhyNot) -> str:
    """Say why a member's approval does not count here."""
    match why:
        case WhyNot.OWN_POST:
            return _("You wrote or last changed this post, so somebody else must approve it.")
        case WhyNot.NOT_LISTED:
            return _("You are not among those who must approve in this workspace.")
        case _:
            return _("Your role does not approve posts.")


def change(what: str) -> str:
    """Name a kind of change."""
    names = {
        "title": _("Name"),
        "language": _("Language"),
        "campaign": _("Campaign"),
        "text": _("Text"),
        "first_comment": _("First comment"),
        "images": _("Pictures"),
        "followed": _("Follows the shared text again"),
        "left": _("No longer goes to this channel"),
        "chosen": _("Also goes to this channel"),
    }
    return names.get(what, what)


def renewed(count: int, to_approve: int) -> str:
    """Say how many posts show the newest version of a picture now, and what follows."""
    if not count:
        return _("No post was changed: what shows an older version has gone out.")
    words = ngettext(
        "%(count)s post shows the newest version now.",
        "%(count)s posts show the newest version now.",
        count,
    ) % {"count": count}
    if not to_approve:
        return words
    waiting = ngettext(
        "%(count)s of them waits for approval.",
        "%(count)s of them wait for approval.",
        to_approve,
    ) % {"count": to_approve}
    return f"{words} {waiting}"
