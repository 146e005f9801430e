"""Findings, said to a person: what is wrong, and what to do about it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.content.models import LinkCheck
from loa.content.rules.findings import Finding, Value
from loa.content.rules.link_checks import Seen

LONGEST_LINK = 60


def sentence(finding: Finding) -> str:
    """Return what `finding` means and the next step; its code when nobody worded it."""
    if finding.code == "link.broken":
        return _broken(finding.values)
    counted = _counted(finding.code, finding.values)
    if counted:
        return counted
    words = _plain().get(finding.code)
    return words % dict(finding.values) if words else finding.code


def _plain() -> Mapping[str, str]:
    return {
        "post.empty": _("There is nothing to publish yet: write something or add a picture."),
        "part.empty": _("Part %(part)s is empty: write something or take it out."),
        "thread.unsupported": _("This platform takes no threads: put everything into one part."),
        "images.unsupported": _("This platform takes no pictures: take them out here."),
        "image.missing": _(
            "Picture %(image)s is gone from the library: replace it or take it out."
        ),
        "image.wanted": _("This channel takes no post without a picture or a video: add one."),
        "image.type": _("The platform takes no picture of this type: replace picture %(image)s."),
        "image.stops_moving": _(
            "Picture %(image)s will not move here: only its first image is sent."
        ),
        "image.loses_transparency": _("Picture %(image)s gets a white background here."),
        "image.made_smaller": _(
            "Picture %(image)s is sent at %(width)s × %(height)s pixels, the platform's limit."
        ),
        "image.cropped": _(
            "Picture %(image)s is cropped to %(width)s × %(height)s here, around its focal point."
        ),
        "image.newer_version": _("Picture %(image)s has a newer version in the library."),
        "image.re_encoded": _(
            "Picture %(image)s is sent as a lighter copy, as the platform wants it."
        ),
        "alt.missing": _("Picture %(image)s has no alt text for people who cannot see it."),
        **_about_videos(),
        "first_comment.unsupported": _("This platform has no first comment: it is left out here."),
        "links.no_room": _(
            "There is no room to mark or count the links here: they go out as you wrote them."
        ),
        "link.without_scheme": _(
            "“%(link)s” may not become a link: begin it with https:// if it should."
        ),
        "text.shouting": _(
            "Nearly all capitals: it reads as shouting, and screen readers spell it."
        ),
        "text.decomposed": _(
            "Letters and accents came apart, as some keyboards type them. Loa has joined them."
        ),
        "channel.lost": _("The channel has lost its permission: reconnect it before sending."),
        "channel.disconnected": _("The channel is disconnected: nothing goes out here."),
        "channel.no_connector": _("The connector of this platform is no longer installed."),
    }


def _about_videos() -> Mapping[str, str]:
    return {
        "video.unsupported": _("This platform takes no videos from Loa: take the video out here."),
        "video.mixed": _("The platform takes a video or pictures, not both: take one kind out."),
        "video.too_many": _("%(count)s videos, and the platform takes %(limit)s: take some out."),
        "video.broken": _("Part of the video cannot be decoded: export it again and replace it."),
        "video.too_long": _(
            "The video is too long: %(length)s, and the platform takes %(limit)s. Cut it."
        ),
        "video.too_short": _(
            "The video is too short: %(length)s, and the platform wants at least %(limit)s."
        ),
        "video.too_heavy": _(
            "Even with little detail, %(length)s of video do not fit into %(megabytes)s MB. Cut it."
        ),
        "video.bars": _(
            "The platform does not take this shape: Loa adds bars, to %(width)s × %(height)s."
        ),
        "video.lighter": _(
            "To stay within the platform's size, Loa makes a copy in which one sees less detail."
        ),
        "video.smaller": _("The video is sent at %(width)s × %(height)s, the platform's limit."),
        "video.slower": _("The video is sent at %(rate)s pictures a second, the platform's limit."),
        "video.colours": _(
            "The video has HDR colours: Loa brings them to what the platform and every screen show."
        ),
        "video.re_encoded": _("Loa makes an MP4 of the video, as the platform wants it."),
        "video.checking": _("Loa is still looking through the video. You can schedule meanwhile."),
        "video.alt_too_long": _(
            "The alt text of the video is too long: %(length)s characters of %(limit)s."
        ),
        "video.alt_missing": _("The video has no alt text for people who cannot see it."),
    }


def _counted(code: str, values: Mapping[str, Value]) -> str:
    """Return the sentences that change with a number or name a day."""
    over = int(values.get("over") or 0)
    match code:
        case "text.too_long":
            words = ngettext(
                "%(over)s character too long: %(length)s of %(limit)s.",
                "%(over)s characters too long: %(length)s of %(limit)s.",
                over,
            )
        case "text.too_many_bytes":
            words = ngettext(
                "%(over)s byte too heavy: %(length)s of %(limit)s. Emoji and accents weigh more.",
                "%(over)s bytes too heavy: %(length)s of %(limit)s. Emoji and accents weigh more.",
                over,
            )
        case "alt.too_long":
            words = ngettext(
                "The alt text of picture %(image)s is %(over)s character too long.",
                "The alt text of picture %(image)s is %(over)s characters too long.",
                over,
            )
        case "thread.too_long":
            words = _("%(count)s parts, and the platform takes %(limit)s in a thread.")
        case "images.too_many":
            words = _("%(count)s pictures, and the platform takes %(limit)s: take some out.")
        case "hashtags.many":
            words = _("%(count)s hashtags: a few well-chosen ones are read, many are skipped.")
        case "quota.crowded":
            words = _within(int(values.get("minutes") or 0))
        case "text.echo":
            return _echo(values)
        case "rights.ended" | "consent.ended":
            return _ended(code, values)
        case _:
            return ""
    return words % dict(values)


def _within(minutes: int) -> str:
    """Return the sentence for a crowded plan, in hours where they come out even."""
    if minutes % 60:
        return _(
            "%(count)s posts within %(minutes)s minutes are planned here, and the platform takes"
            " about %(limit)s. What is over goes out later, one after the other."
        )
    said = ngettext(
        "%(count)s posts within an hour are planned here, and the platform takes about %(limit)s."
        " What is over goes out later, one after the other.",
        "%(count)s posts within %(hours)s hours are planned here, and the platform takes about"
        " %(limit)s. What is over goes out later, one after the other.",
        minutes // 60,
    )
    return said.replace("%(hours)s", str(minutes // 60))


def _echo(values: Mapping[str, Value]) -> str:
    day = str(values.get("day") or "")
    if not day:
        return _("This channel has said nearly the same lately.")
    return _("This channel says nearly the same on %(day)s.") % {
        "day": date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT")
    }


def _ended(code: str, values: Mapping[str, Value]) -> str:
    said = {
        "image": values.get("image"),
        "person": values.get("person"),
        "day": date_format(date.fromisoformat(str(values["day"])), "SHORT_DATE_FORMAT"),
    }
    if code == "consent.ended":
        return (
            _(
                "%(person)s, shown in picture %(image)s, agreed until %(day)s: replace it, or "
                "renew the consent in the library."
            )
            % said
        )
    return (
        _(
            "Picture %(image)s may be used until %(day)s only: replace it, choose an earlier "
            "time, or renew its rights in the library."
        )
        % said
    )


def _broken(values: Mapping[str, Value]) -> str:
    """Say what a look at a link found, and when."""
    words = _("“%(link)s”: %(why)s (looked at %(when)s).")
    at = str(values.get("at") or "")
    when = timezone.localtime(datetime.fromisoformat(at)) if at else None
    return words % {
        "link": Truncator(str(values.get("link"))).chars(LONGEST_LINK),
        "why": why_broken(str(values.get("why") or ""), int(values.get("status") or 0)),
        "when": date_format(when, "j/n H:i") if when else "",
    }


def why_broken(code: str, status: int) -> str:
    """Say why people who click would not see a page."""
    whys = {
        "gone": _("the page is not there (%(status)s)"),
        "server": _("the site answers with an error (%(status)s)"),
        "redirect": _("the site sends people on to nowhere (%(status)s)"),
        "timeout": _("the site did not answer in time"),
        "no_host": _("there is no site of that name"),
        "unreachable": _("nothing answers there"),
        "certificate": _("browsers will warn of its certificate"),
        "loop": _("it leads round in circles"),
        "private": _("it leads into a private network, where readers cannot go"),
        "asked_to_wait": _("the site asks Loa to look later"),
        "not_let_in": _("the site does not let Loa look (%(status)s); it may well be fine"),
    }
    return whys.get(code, _("its answer cannot be read")) % {"status": status}


def link_seen(check: LinkCheck) -> str:
    """Say what the last look at a link found, and when; or that it is looked at now."""
    if check.waits and check.checked_at is None:
        return _("Loa looks at it in the background.")
    if check.checked_at is None:
        return ""
    when = date_format(timezone.localtime(check.checked_at), "j/n H:i")
    if check.seen == Seen.FINE:
        return _("It works (looked at %(when)s).") % {"when": when}
    why = why_broken(check.code, check.status or 0)
    return _("Looked at %(when)s: %(why)s.") % {"when": when, "why": why}
