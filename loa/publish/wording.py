"""Failures, tries and refusals of deliveries, said to a person."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from loa.channels.wording import refusal as platform_refusal
from loa.content.rules.findings import Severity
from loa.content.wording import sentence as finding_sentence
from loa.kernel.errors import LoaError
from loa.publish import actions
from loa.publish.models import Attempt, Delivery
from loa.publish.queries import Shown
from loa.publish.rules.lifecycle import DeliveryState
from loa.publish.rules.retries import Kind

_UNEXPLAINED = gettext_lazy("The platform did not say why.")
# Codes of our own; what a platform refused is worded with the channels.
OWN_CODES: Mapping[str, Promise] = {
    "late.missed": gettext_lazy(
        "It could not go out in time, so Loa did not send it late by itself."
    ),
    "review.not_approved": gettext_lazy(
        "The post was changed or its approval withdrawn, so it was not allowed out."
    ),
    "rights.ended": gettext_lazy(
        "The rights to a picture of the post had ended, so it was not sent. Replace the picture, "
        "or renew its rights in the library."
    ),
    "consent.ended": gettext_lazy(
        "Somebody shown in a picture no longer agrees to it, so the post was not sent. Replace "
        "the picture, or renew the consent in the library."
    ),
    "review.ended": gettext_lazy(
        "Its approval was given too long ago for the review rule, so it was not allowed out."
    ),
    "post.empty": gettext_lazy("There was nothing to publish. Write something or add an image."),
    "channel.no_connector": gettext_lazy(
        "The connector of this platform is not installed, so nothing can be sent there."
    ),
    "key.expired": gettext_lazy(
        "Too much time passed to ask again without the risk of a second post."
    ),
    "worker.died": gettext_lazy("Loa was stopped while it waited for the platform's answer."),
    "thread.stopped": gettext_lazy("The thread was stopped after some of its parts went live."),
    "settled.not_live": gettext_lazy("A member looked and did not find it, and left it at that."),
    "look_up.another": gettext_lazy("What was found on the platform belongs to another delivery."),
    "grant.replaced": gettext_lazy("The permission was renewed meanwhile. Loa tries again."),
    "came.late": gettext_lazy("This answer came after the matter was settled."),
    "loa.broken": gettext_lazy(
        "Loa itself made a mistake here. Try again, and report it if it happens twice."
    ),
    "loa.asset_missing": gettext_lazy("A picture of the post is not in the library any more."),
    "loa.storage_unreachable": gettext_lazy(
        "The place where Loa keeps pictures did not answer. Nothing was published; Loa tries again."
    ),
    "loa.storage_full": gettext_lazy(
        "There was no room left for the files of the post. Nothing was published; tell whoever "
        "looks after this Loa."
    ),
    "loa.storage_refused": gettext_lazy(
        "The place where Loa keeps pictures did not let it in. Nothing was published; tell whoever "
        "looks after this Loa."
    ),
    "loa.no_type_fits": gettext_lazy("The platform takes no kind of picture that Loa can make."),
    "loa.cannot_decode": gettext_lazy("A picture of the post cannot be read. Upload it again."),
    "media.making": gettext_lazy("Loa is still preparing the video. It goes out once it is ready."),
    "loa.video_unfit": gettext_lazy(
        "Nothing Loa can do makes the video fit this platform. Look at the checks of the post."
    ),
    "loa.video_broken": gettext_lazy(
        "The video could not be prepared. Its page in the library says why."
    ),
    "loa.cannot_open": gettext_lazy("The channel's permission cannot be opened. Reconnect it."),
} | {f"{kind}.unexplained": _UNEXPLAINED for kind in Kind}


def reason(code: str) -> str:
    """Return in a sentence what happened; "" for no code."""
    if not code:
        return ""
    return str(OWN_CODES[code]) if code in OWN_CODES else platform_refusal(code)


def why(delivery: Delivery) -> str:
    """Return in a sentence why a delivery failed or is uncertain."""
    if delivery.state == DeliveryState.UNCERTAIN and not delivery.needs_person:
        return _("The answer was lost. Loa looks whether it is live.")
    if delivery.state == DeliveryState.UNCERTAIN:
        return doubt(delivery.failure_code)
    return reason(delivery.failure_code)


def doubt(code: str) -> str:
    """Return why it is not known whether something is live.

    A platform's code is not worded as a failure is: "try again" would be bad advice here.
    """
    if code in _DOUBTS:
        return str(OWN_CODES[code])
    return _("The platform was asked to publish, but its answer was lost.")


_DOUBTS = frozenset({"worker.died", "key.expired", "look_up.another"})


def came_back(attempt: Attempt) -> str:
    """Return in a sentence what a try ended with; "" when its outcome says it all."""
    if attempt.step == "publish" and attempt.outcome in {Kind.UNCERTAIN, Kind.BROKEN, "lost"}:
        return doubt(attempt.code)
    return reason(attempt.code)


def refusal(error: LoaError) -> str:
    """Return why what a member asked for was not done, and the next step."""
    for kind, sentence in _REFUSALS.items():
        if isinstance(error, kind):
            return str(sentence)
    return _("This did not work, and nothing was changed.")


_REFUSALS: dict[type[LoaError], Promise] = {
    actions.WrongLink: gettext_lazy(
        "This is not the address of a page. Copy it from the browser: it begins with https://."
    ),
    actions.TooSoonToTell: gettext_lazy(
        "It was sent moments ago and may still appear. Look again in a minute, then decide."
    ),
    actions.NotUncertain: gettext_lazy(
        "This was settled in the meantime. The page shows how it stands now."
    ),
    actions.NotFailed: gettext_lazy(
        "Only what failed can be tried again. The page shows how it stands now."
    ),
    actions.NotApproved: gettext_lazy(
        "The post is not approved as it is now. Ask for approval, then try again."
    ),
    actions.AlreadySending: gettext_lazy(
        "It is being sent at this moment. In a few seconds it is known how that ended."
    ),
    actions.AlreadyDelivered: gettext_lazy("It is already live, so it cannot be cancelled."),
    actions.MayBeLive: gettext_lazy("It may already be live. Settle that first."),
}


def change_refusal(error: actions.CannotChange) -> str:
    """Return why what is live is not changed, and the next step."""
    match error:
        case actions.ChangeRefused():
            heaviest = [one for one in error.findings if one.severity == Severity.BLOCK]
            return " ".join(finding_sentence(one) for one in heaviest)
        case actions.NothingChanged():
            return _("These words are live already. Change something, then try again.")
        case actions.PlatformCannot():
            return _("This platform does not let Loa do that with a post that is live.")
        case actions.ChangeUnderWay():
            return _("A change is being made at this moment. In a few seconds it is known.")
        case actions.MayNotChange():
            return _("Somebody else must decide this: ask a manager or an approver.")
    return _("It is no longer live as this page showed it. Look again, then decide.")


def shown(view: Shown) -> str:
    """Return the name of one view of the log."""
    return str(_VIEWS[view])


_VIEWS = {
    Shown.PAST: pgettext_lazy("deliveries", "So far"),
    Shown.NEEDS_PERSON: pgettext_lazy("deliveries", "Need a decision"),
    Shown.WAITING: pgettext_lazy("deliveries", "Waiting"),
    Shown.DELIVERED: pgettext_lazy("deliveries", "Delivered"),
    Shown.UNCERTAIN: pgettext_lazy("deliveries", "Uncertain"),
    Shown.FAILED: pgettext_lazy("deliveries", "Failed"),
    Shown.CANCELLED: pgettext_lazy("deliveries", "Cancelled"),
}


def quota_name(name: str) -> str:
    """Return what a platform's quota counts; its own name when nobody worded it."""
    return {
        "requests": pgettext("quota", "Requests"),
        "statuses": pgettext("quota", "Posts and edits"),
        "media": pgettext("quota", "Uploads"),
        "deletes": pgettext("quota", "Posts taken down"),
        "points_hour": pgettext("quota", "Points (a post costs 3)"),
        "points_day": pgettext("quota", "Points of a day"),
    }.get(name, name)


def stretch(seconds: int) -> str:
    """Return a stretch of time in the largest unit that comes out even."""
    if seconds % 3600 == 0:
        words = ngettext("%(count)s hour", "%(count)s hours", seconds // 3600)
        return words % {"count": seconds // 3600}
    words = ngettext("%(count)s minute", "%(count)s minutes", seconds // 60)
    return words % {"count": seconds // 60}


def step(name: str) -> str:
    """Return what was tried."""
    return {
        "stage": pgettext("attempt", "Prepared and uploaded"),
        "publish": pgettext("attempt", "Asked to publish"),
        "look_up": pgettext("attempt", "Looked for it"),
        "settle": pgettext("attempt", "A member looked"),
        "edit": pgettext("attempt", "Asked to change the words"),
        "remove": pgettext("attempt", "Asked to take it down"),
    }.get(name, name)


def change_outcome() -> str:
    """Return what came back when the platform changed what is live."""
    return pgettext("attempt", "Done")


def outcome(name: str) -> str:
    """Return what came back."""
    return {
        "ok": pgettext("attempt", "It is live"),
        "live": pgettext("attempt", "It is live"),
        "missing": pgettext("attempt", "Not found"),
        "not_sent": pgettext("attempt", "Not sent"),
        "not_ready": pgettext("attempt", "Not ready yet"),
        "rate_limited": pgettext("attempt", "Asked to wait"),
        "grant_expired": pgettext("attempt", "Permission ran out"),
        "refused": pgettext("attempt", "Refused"),
        "channel_lost": pgettext("attempt", "Connection lost"),
        "uncertain": pgettext("attempt", "No clear answer"),
        "broken": pgettext("attempt", "A mistake in Loa"),
        "lost": pgettext("attempt", "No answer: Loa was stopped"),
    }.get(name, name)
