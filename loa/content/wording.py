"""Findings, said to a person: what is wrong, and what to do about it."""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.content.rules.findings import Finding, Value


def sentence(finding: Finding) -> str:
    """Return what `finding` means and the next step; its code when nobody worded it."""
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
        "image.type": _("The platform takes no picture of this type: replace picture %(image)s."),
        "image.stops_moving": _(
            "Picture %(image)s will not move here: only its first image is sent."
        ),
        "image.loses_transparency": _("Picture %(image)s gets a white background here."),
        "image.made_smaller": _(
            "Picture %(image)s is sent at %(width)s × %(height)s pixels, the platform's limit."
        ),
        "image.re_encoded": _(
            "Picture %(image)s is sent as a lighter copy, as the platform wants it."
        ),
        "alt.missing": _("Picture %(image)s has no alt text for people who cannot see it."),
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
