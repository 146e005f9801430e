"""Alerts said to people: in the workspace's language, with its local times."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loa.connectors.registry import all_connectors
from loa.kernel.json import JSON
from loa.watch.actions import Telling, Text
from loa.watch.models import Alert, Notice
from loa.watch.rules.bars import Kind
from loa.workspace.models import Workspace

GIGABYTE = 1_000_000_000
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as it is shown on a page."""

    icon: str
    tone: str
    words: str
    url: str


ICONS: Mapping[str, tuple[str, str]] = {
    Kind.DELIVERY: ("receipt", "lacquer"),
    Kind.NOTHING_SENT: ("alert", "lacquer"),
    Kind.CHANNEL_LOST: ("channel-lost", "lacquer"),
    Kind.GRANT_ENDING: ("channel", "amber"),
    Kind.API_ENDING: ("alert", "amber"),
    Kind.ERROR_RATE: ("tries", "amber"),
    Kind.DISK_LOW: ("save", "amber"),
    Kind.BACKUP_OLD: ("archive", "amber"),
}
NAMES: Mapping[Kind, str | Promise] = {
    Kind.DELIVERY: gettext_lazy("A delivery needs a decision"),
    Kind.NOTHING_SENT: gettext_lazy("Nothing is sent although it is due"),
    Kind.CHANNEL_LOST: gettext_lazy("A channel is lost"),
    Kind.GRANT_ENDING: gettext_lazy("A channel's permission ends soon"),
    Kind.API_ENDING: gettext_lazy("A platform ends the interface that Loa speaks"),
    Kind.ERROR_RATE: gettext_lazy("Many tries fail"),
    Kind.DISK_LOW: gettext_lazy("The disk is nearly full"),
    Kind.BACKUP_OLD: gettext_lazy("The backup is too old"),
}
LIMITS: Mapping[Kind, str | Promise] = {
    Kind.NOTHING_SENT: gettext_lazy("after minutes"),
    Kind.GRANT_ENDING: gettext_lazy("days before"),
    Kind.API_ENDING: gettext_lazy("days before"),
    Kind.ERROR_RATE: gettext_lazy("percent of an hour's tries"),
    Kind.DISK_LOW: gettext_lazy("gigabytes left"),
    Kind.BACKUP_OLD: gettext_lazy("after days"),
}
CODES: Mapping[str, str | Promise] = {
    "alert.gone": gettext_lazy(
        "The other side says that it is gone or forbidden, so it was switched off. Add it anew."
    ),
    "alert.redirected": gettext_lazy(
        "The address sends on to another one. Loa does not follow; enter the final address."
    ),
    "alert.refused": gettext_lazy("The other side refused the message. Check what was entered."),
    "alert.broken": gettext_lazy("The other side had a fault of its own. Loa tries again."),
    "rate.limited": gettext_lazy("The other side asked to wait. Loa tries again later."),
    "mail.unset": gettext_lazy("No mail server is set up. Whoever runs Loa sets LOA_EMAIL_URL."),
    "mail.refused": gettext_lazy("The mail server did not take the message."),
    "loa.broken": gettext_lazy("Loa could not write the message. Its log says why."),
    "loa.cannot_open": gettext_lazy("What is kept of it cannot be opened. Add it anew."),
    "egress.blocked": gettext_lazy("The address is not on the public internet, so it is refused."),
    "egress.insecure": gettext_lazy("The address must begin with https://."),
    "network.tls": gettext_lazy("The certificate of the other side is not valid."),
    "network.timeout": gettext_lazy("The other side did not answer in time."),
    "network.unresolved": gettext_lazy("The name of the other side leads nowhere."),
}


def failure(code: str) -> str:
    """Return in a sentence why a destination did not take a message; "" for no code."""
    if not code:
        return ""
    return str(CODES.get(code, _("The other side could not be reached.")))


def shown(alert: Alert) -> Shown:
    """Return an alert in words, in the language and time zone in force."""
    icon, tone = ICONS.get(alert.kind, ("alert", "amber"))
    words = sentence(alert.kind, alert.count, alert.facts)
    return Shown(icon, tone, words, _page(alert.workspace, alert.kind, alert.facts))


def said(telling: Telling) -> Text:
    """Return one message about all its notices, in the workspace's language and time."""
    workspace = telling.place.workspace
    with (
        translation.override(workspace.language),
        timezone.override(ZoneInfo(workspace.time_zone)),
    ):
        notices = _without_what_is_over(telling.notices)
        lines = [_line(one) for one in notices]
        if len(lines) > MOST_LINES:
            rest = len(lines) - MOST_LINES
            more = ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest}
            lines = [*lines[:MOST_LINES], more]
        return Text(
            message_id=str(telling.message_id),
            title=_title(workspace, notices),
            lines=tuple(lines),
            url=_absolute(workspace),
            values={
                "workspace": workspace.slug,
                "alerts": [_values(one) for one in telling.notices],
            },
        )


def test_text(workspace: Workspace, message_id: str) -> Text:
    """Return what the test button sends."""
    with translation.override(workspace.language):
        return Text(
            message_id=message_id,
            title=_("Loa · %(workspace)s: a test") % {"workspace": workspace.name},
            lines=(_("Alerts of this workspace arrive here."),),
            url=_absolute(workspace),
            values={"workspace": workspace.slug, "alerts": [], "test": True},
        )


def sentence(kind: str, count: int, facts: Mapping[str, str | int]) -> str:
    """Return what is wrong."""
    return _WRONG[Kind(kind)](count, facts)


def _without_what_is_over(notices: Sequence[Notice]) -> list[Notice]:
    """Leave out that something began when the same message says that it is over."""
    over = {one.alert_id for one in notices if one.phase == Notice.Phase.OVER}
    return [one for one in notices if one.phase == Notice.Phase.OVER or one.alert_id not in over]


def _title(workspace: Workspace, notices: Sequence[Notice]) -> str:
    wrong = sum(one.phase != Notice.Phase.OVER for one in notices)
    if not wrong:
        return _("Loa · %(workspace)s: it is over") % {"workspace": workspace.name}
    words = ngettext(
        "Loa · %(workspace)s: %(count)s alert", "Loa · %(workspace)s: %(count)s alerts", wrong
    )
    return words % {"workspace": workspace.name, "count": wrong}


def _line(notice: Notice) -> str:
    if notice.phase != Notice.Phase.OVER:
        return sentence(notice.alert.kind, notice.count, notice.facts)
    values = {
        "what": NAMES[Kind(notice.alert.kind)],
        "where": notice.facts.get("channel") or _platform(notice.facts) or "",
        "began": _time(notice.alert.opened_at),
        "ended": _time(notice.at),
    }
    if values["where"]:
        return _("Over: %(what)s (%(where)s, %(began)s to %(ended)s)") % values
    return _("Over: %(what)s (%(began)s to %(ended)s)") % values


def _values(notice: Notice) -> dict[str, JSON]:
    return {
        "kind": notice.alert.kind,
        "phase": notice.phase,
        "subject": notice.alert.subject,
        "count": notice.count,
        "facts": notice.facts,
        "opened_at": notice.alert.opened_at.isoformat(),
    }


type Facts = Mapping[str, str | int]


def _delivery(count: int, facts: Facts) -> str:
    words = ngettext(
        "%(count)s delivery on %(channel)s needs a decision",
        "%(count)s deliveries on %(channel)s need a decision",
        count,
    )
    return words % {"count": count, "channel": facts.get("channel", "")}


def _nothing_sent(count: int, facts: Facts) -> str:
    words = ngettext(
        "%(count)s delivery is due since %(when)s and is not sent",
        "%(count)s deliveries are due, the oldest since %(when)s, and nothing is sent",
        count,
    )
    return words % {"count": count, "when": _time(_instant(facts, "oldest_at"))}


def _lost(_count: int, facts: Facts) -> str:
    return _("%(channel)s has lost its connection; reconnect it") % {
        "channel": facts.get("channel", "")
    }


def _ending(_count: int, facts: Facts) -> str:
    return _("The permission of %(channel)s ends at %(when)s; reconnect it before") % {
        "channel": facts.get("channel", ""),
        "when": _time(_instant(facts, "ends_at")),
    }


def _api_ending(_count: int, facts: Facts) -> str:
    ends_at = timezone.localtime(_instant(facts, "ends_at"))
    return _("%(platform)s ends its %(api)s on %(day)s; update Loa before") % {
        "platform": _platform(facts),
        "api": f"API {facts.get('version', '')}".strip(),
        "day": f"{ends_at.day}/{ends_at.month}/{ends_at.year}",
    }


def _rate(_count: int, facts: Facts) -> str:
    return _("%(failed)s of %(tries)s tries on %(platform)s failed within an hour") % {
        "failed": facts.get("failed", 0),
        "tries": facts.get("tries", 0),
        "platform": _platform(facts),
    }


def _disk(_count: int, facts: Facts) -> str:
    free = int(facts.get("free_bytes", 0)) / GIGABYTE
    return _("Only %(free)s GB are left on the disk") % {"free": f"{free:.1f}"}


def _backup(_count: int, facts: Facts) -> str:
    return _("The last backup was made at %(when)s") % {"when": _time(_instant(facts, "made_at"))}


_WRONG: Mapping[Kind, Callable[[int, Facts], str]] = {
    Kind.DELIVERY: _delivery,
    Kind.NOTHING_SENT: _nothing_sent,
    Kind.CHANNEL_LOST: _lost,
    Kind.GRANT_ENDING: _ending,
    Kind.API_ENDING: _api_ending,
    Kind.ERROR_RATE: _rate,
    Kind.DISK_LOW: _disk,
    Kind.BACKUP_OLD: _backup,
}


def _platform(facts: Facts) -> str:
    name = str(facts.get("platform", ""))
    found = all_connectors().get(name)
    return found.label_in(translation.get_language() or "") if found else name


def _instant(facts: Facts, name: str) -> datetime:
    return datetime.fromisoformat(str(facts[name]))


def _time(instant: datetime) -> str:
    local = timezone.localtime(instant)
    return f"{local:%H:%M} {local.day}/{local.month}"


def _page(workspace: Workspace, kind: str, facts: Facts) -> str:
    slug = workspace.slug
    if kind == Kind.DELIVERY:
        return f"{reverse('publish:deliveries', args=[slug])}?state=needs_person"
    if kind in {Kind.CHANNEL_LOST, Kind.GRANT_ENDING}:
        return reverse("channels:channel", args=[slug, facts["channel_id"]])
    return reverse("watch:health", args=[slug])


def _absolute(workspace: Workspace) -> str:
    return f"{settings.PUBLIC_URL}{reverse('watch:alerts', args=[workspace.slug])}"
