"""What needs somebody, said to them: what happened, whether it is live, and the next step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.content.wording import why_broken
from loa.intake.wording import source_trouble
from loa.publish.wording import reason
from loa.today.queries import Subject
from loa.today.rules.needs import Kind, Need
from loa.today.wording.said import days_left, near, quoted
from loa.watch import wording as watch
from loa.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class Line:
    """A need as it is shown. action: what the button says; url: where it leads."""

    icon: str
    tone: str
    title: str
    note: str
    url: str
    action: str


def line(need: Need[Subject], *, workspace: Workspace, now: datetime) -> Line:
    """Return a need in words."""
    first = need.subjects[0]
    slug = workspace.slug
    icon, tone = SHOWN[need.kind]
    title, note = WORDS[need.kind](need, now)
    url, action = _step(need.kind, need.count, first, slug)
    return Line(icon, tone, title, note, url, action)


def _paused(need: Need[Subject], _now: datetime) -> tuple[str, str]:
    count = need.subjects[0].waiting_count
    waiting = ngettext(
        "%(count)s delivery waits until it is resumed",
        "%(count)s deliveries wait until it is resumed",
        count,
    )
    return _("Sending is paused"), waiting % {"count": count}


def _uncertain(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "It is unclear whether a post is live",
        "It is unclear whether %(count)s posts are live",
        need.count,
    )
    first = need.subjects[0]
    delivery = first.delivery
    if delivery is None or first.at is None or first.channel is None:
        return title % {"count": need.count}, ""
    sent_at = delivery.sending_at or first.at
    silence = _("%(channel)s did not answer at %(when)s") % {
        "channel": first.channel.name,
        "when": near(sent_at, now=now),
    }
    looks = delivery.clean_misses
    if looks:
        evidence = ngettext(
            "looked once, not found", "looked %(count)s times, not found", looks
        ) % {"count": looks}
    elif delivery.needs_person:
        evidence = _("the platform cannot be looked up")
    else:
        evidence = _("Loa is looking it up by itself")
    return title % {"count": need.count}, f"{silence} · {evidence}"


def _failed(need: Need[Subject], now: datetime) -> tuple[str, str]:
    first = need.subjects[0]
    title = ngettext("A post did not go out", "%(count)s posts did not go out", need.count)
    code = first.delivery.failure_code if first.delivery else ""
    channel = first.channel.name if first.channel else ""
    when = near(first.at, now=now) if first.at else ""
    note = f"“{quoted(first.post)}” · {channel} · {when}"
    return title % {"count": need.count}, f"{note} · {reason(code)}" if code else note


def _late(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "%(count)s post is too late to go out by itself",
        "%(count)s posts are too late to go out by themselves",
        need.count,
    )
    first = need.subjects[0]
    note = _("“%(post)s” was due at %(when)s, while Loa could not send") % {
        "post": quoted(first.post),
        "when": near(first.at, now=now) if first.at else "",
    }
    return title % {"count": need.count}, note


def _lost(need: Need[Subject], _now: datetime) -> tuple[str, str]:
    title = _("Connection lost: %(channels)s") % {"channels": _channels(need)}
    return title, _waiting(sum(one.waiting_count for one in need.subjects))


def _ending(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = _("Permission ends soon: %(channels)s") % {"channels": _channels(need)}
    note = _waiting(sum(one.waiting_count for one in need.subjects))
    ends_at = need.subjects[0].at
    if ends_at is None:
        return title, note
    left = max((ends_at - now).days, 0)
    ends = ngettext("%(count)s day left", "%(count)s days left", left) % {"count": left}
    return title, f"{ends} · {note}"


def _channels(need: Need[Subject]) -> str:
    return ", ".join(one.channel.name for one in need.subjects if one.channel)


def _to_approve(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "%(count)s post waits for your approval",
        "%(count)s posts wait for your approval",
        need.count,
    )
    return title % {"count": need.count}, _first_post(need, now)


def _live_edits(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "New words for a live post wait for your approval",
        "New words for %(count)s live posts wait for your approval",
        need.count,
    )
    del now
    return title % {"count": need.count}, f"“{quoted(need.subjects[0].post)}”"


def _approval_ended(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "An approval ends before its post goes out",
        "The approvals of %(count)s posts end before they go out",
        need.count,
    )
    return title % {"count": need.count}, _first_post(need, now)


def _zone_moved(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "A time zone changed its rules: %(count)s post keeps its local time",
        "A time zone changed its rules: %(count)s posts keep their local times",
        need.count,
    )
    return title % {"count": need.count}, _first_post(need, now)


def _changes(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "Changes are requested on your post",
        "Changes are requested on %(count)s of your posts",
        need.count,
    )
    return title % {"count": need.count}, _first_post(need, now)


def _missed(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "%(count)s post missed its time", "%(count)s posts missed their time", need.count
    )
    first = need.subjects[0]
    note = _("“%(post)s” was planned for %(when)s, and was not scheduled") % {
        "post": quoted(first.post),
        "when": near(first.at, now=now) if first.at else "",
    }
    return title % {"count": need.count}, note


def _feed_failing(need: Need[Subject], _now: datetime) -> tuple[str, str]:
    title = ngettext("A feed cannot be read", "%(count)s feeds cannot be read", need.count) % {
        "count": need.count
    }
    source = need.subjects[0].source
    note = f"{source}: {source_trouble(source)}" if source else ""
    return title, note


def _rights_ending(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "The rights to a picture end soon", "The rights to %(count)s pictures end soon", need.count
    )
    first = need.subjects[0].asset
    if first is None or first.usable_until is None:
        return title % {"count": need.count}, ""
    left = (first.usable_until - timezone.localdate(now)).days
    last_day = _("“%(name)s” may be used until %(day)s, %(left)s") % {
        "name": first,
        "day": f"{first.usable_until.day}/{first.usable_until.month}",
        "left": days_left(left),
    }
    return title % {"count": need.count}, last_day


def _free(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext("%(count)s slot is free soon", "%(count)s slots are free soon", need.count)
    shown = [
        f"{one.channel.name if one.channel else ''} {near(one.at, now=now)}"
        for one in need.subjects[:2]
        if one.at is not None
    ]
    return title % {"count": need.count}, " · ".join(shown)


def _first_post(need: Need[Subject], now: datetime) -> str:
    first = need.subjects[0]
    if first.at is None:
        return f"“{quoted(first.post)}”"
    return _("“%(post)s” is planned for %(when)s") % {
        "post": quoted(first.post),
        "when": near(first.at, now=now),
    }


def _waiting(count: int) -> str:
    return ngettext(
        "%(count)s delivery in the plan waits for it",
        "%(count)s deliveries in the plan wait for it",
        count,
    ) % {"count": count}


def _broken_links(need: Need[Subject], now: datetime) -> tuple[str, str]:
    title = ngettext(
        "A link that goes out soon does not work",
        "%(count)s links that go out soon do not work",
        need.count,
    )
    first = need.subjects[0]
    why = why_broken(first.check.code, first.check.status or 0) if first.check else ""
    return title % {"count": need.count}, f"{_first_post(need, now)} · {why}"


def _alert(need: Need[Subject], _now: datetime) -> tuple[str, str]:
    alert = need.subjects[0].alert
    if alert is None:
        return "", ""
    more = need.count - 1
    note = ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}
    return watch.sentence(alert.kind, alert.count, alert.facts), note if more else ""


def _untold(need: Need[Subject], _now: datetime) -> tuple[str, str]:
    place = need.subjects[0].destination
    if place is None:
        return "", ""
    return _("Alerts do not reach %(name)s") % {"name": place.name}, watch.failure(
        place.failure_code
    )


WORDS: dict[Kind, Callable[[Need[Subject], datetime], tuple[str, str]]] = {
    Kind.PAUSED: _paused,
    Kind.UNCERTAIN: _uncertain,
    Kind.FAILED: _failed,
    Kind.LATE: _late,
    Kind.CHANNEL_LOST: _lost,
    Kind.ALERT: _alert,
    Kind.UNTOLD: _untold,
    Kind.TO_APPROVE: _to_approve,
    Kind.LIVE_EDITS: _live_edits,
    Kind.APPROVAL_ENDED: _approval_ended,
    Kind.CHANGES: _changes,
    Kind.MISSED: _missed,
    Kind.BROKEN_LINKS: _broken_links,
    Kind.FEED_FAILING: _feed_failing,
    Kind.GRANT_ENDING: _ending,
    Kind.RIGHTS_ENDING: _rights_ending,
    Kind.ZONE_MOVED: _zone_moved,
    Kind.FREE_SLOTS: _free,
}
SHOWN: dict[Kind, tuple[str, str]] = {
    Kind.PAUSED: ("pause", "amber"),
    Kind.UNCERTAIN: ("uncertain", "amber"),
    Kind.FAILED: ("alert", "lacquer"),
    Kind.LATE: ("clock", "amber"),
    Kind.CHANNEL_LOST: ("channel-lost", "lacquer"),
    Kind.ALERT: ("bell", "amber"),
    Kind.UNTOLD: ("bell", "amber"),
    Kind.TO_APPROVE: ("review", "lotus"),
    Kind.LIVE_EDITS: ("review", "lotus"),
    Kind.APPROVAL_ENDED: ("review", "amber"),
    Kind.CHANGES: ("reply", "amber"),
    Kind.MISSED: ("clock", "amber"),
    Kind.BROKEN_LINKS: ("link", "amber"),
    Kind.FEED_FAILING: ("feed", "amber"),
    Kind.GRANT_ENDING: ("channel", "amber"),
    Kind.RIGHTS_ENDING: ("shield", "amber"),
    Kind.ZONE_MOVED: ("clock", "stone"),
    Kind.FREE_SLOTS: ("slot", "stone"),
}


def _step(kind: Kind, count: int, first: Subject, slug: str) -> tuple[str, str]:
    """Return where the next step is done, and what it is called."""
    words = {
        Kind.PAUSED: _("See"),
        Kind.UNCERTAIN: _("See the evidence"),
        Kind.FAILED: _("See why"),
        Kind.LATE: _("Decide"),
        Kind.CHANNEL_LOST: _("Reconnect"),
        Kind.ALERT: _("See what"),
        Kind.UNTOLD: _("See what"),
        Kind.TO_APPROVE: _("Review"),
        Kind.LIVE_EDITS: _("Review"),
        Kind.APPROVAL_ENDED: _("Ask again"),
        Kind.CHANGES: _("Open"),
        Kind.MISSED: _("Choose another time"),
        Kind.BROKEN_LINKS: _("Open"),
        Kind.FEED_FAILING: _("See why"),
        Kind.GRANT_ENDING: _("Reconnect"),
        Kind.RIGHTS_ENDING: _("See the rights"),
        Kind.ZONE_MOVED: _("See"),
        Kind.FREE_SLOTS: _("Fill"),
    }
    if kind is Kind.FREE_SLOTS:
        return _compose(slug, first), words[kind]
    url = _page(slug, *_places(kind, count, first))
    if kind is Kind.RIGHTS_ENDING and count > 1:
        url = f"{url}?{urlencode({'rights': 'ending'})}"
    if kind is Kind.MISSED and first.post:
        url = f"{url}?{urlencode({'post': str(first.post.pk)})}"
    return url, words[kind]


def _places(kind: Kind, count: int, first: Subject) -> list[tuple[str, list[int]]]:
    """Return the pages on which a need is met, the best one first."""
    post = [first.post.pk] if first.post else []
    channel = [first.channel.pk] if first.channel else []
    delivery = [first.delivery.pk] if first.delivery else []
    one_channel = ("channels:channel", channel) if count == 1 else ("channels:channels", [])
    one_post = ("create:post", post)
    asset = [first.asset.pk] if first.asset else []
    one_asset = ("library:asset", asset) if count == 1 else ("library:library", [])
    source = [first.source.pk] if first.source else []
    one_source = ("intake:source", source) if count == 1 else ("intake:sources", [])
    alone = count == 1 and first.delivery is not None
    one_delivery = ("publish:delivery", delivery) if alone else ("publish:deliveries", [])
    places: dict[Kind, list[tuple[str, list[int]]]] = {
        Kind.PAUSED: [one_channel if first.channel else ("publish:deliveries", [])],
        Kind.UNCERTAIN: [one_delivery],
        Kind.FAILED: [one_delivery],
        Kind.LATE: [("plan:missed", [])],
        Kind.CHANNEL_LOST: [one_channel],
        Kind.BROKEN_LINKS: [one_post],
        Kind.ALERT: [("watch:health", [])],
        Kind.UNTOLD: [("watch:alerts", [])],
        Kind.GRANT_ENDING: [one_channel],
        Kind.TO_APPROVE: [("create:review-queue", []), one_post] if count > 1 else [one_post],
        Kind.LIVE_EDITS: [("publish:delivery", delivery)],
        Kind.APPROVAL_ENDED: [one_post],
        Kind.CHANGES: [one_post],
        Kind.MISSED: [("plan:move-post", [])],
        Kind.FEED_FAILING: [one_source],
        Kind.RIGHTS_ENDING: [one_asset],
        Kind.ZONE_MOVED: [one_post],
        Kind.FREE_SLOTS: [],
    }
    return places[kind]


def _compose(slug: str, first: Subject) -> str:
    page = _page(slug, ("create:compose", []))
    if first.slot is None or not page:
        return page
    at = f"{first.slot.time.planned.local:%Y-%m-%dT%H:%M}"
    return f"{page}?{urlencode({'channel': str(first.slot.channel.pk), 'at': at})}"


def _page(slug: str, *places: tuple[str, list[int]]) -> str:
    """Return the first of these pages that this installation has, else the calendar."""
    for name, arguments in places:
        try:
            return reverse(name, args=[slug, *arguments])
        except NoReverseMatch:
            continue
    return reverse("plan:calendar", args=[slug])
