"""What stands against a row or a file, and how a feed stands, said to a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from loa.channels.wording import refusal as platform_refusal
from loa.content import wording as content
from loa.content.rules.findings import Finding, Value
from loa.intake import actions
from loa.intake.actions.reading import MOST_ROWS
from loa.intake.models import Import, Source
from loa.intake.rules.columns import HEADERS, NEEDED, Column
from loa.kernel.errors import LoaError

ENCODING_NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1258": "Windows-1258",
    "cp1252": "Windows-1252",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """How a state is shown: never by its colour alone."""

    icon: str
    label: str
    tone: str


def state_chip(state: str) -> Chip:
    """Return how an import's state is shown."""
    chips = {
        "reading": Chip("history", _("Being read"), "indigo"),
        "ready": Chip("eye", _("Ready to look over"), "amber"),
        "unreadable": Chip("close", _("Cannot be read"), "lacquer"),
        "running": Chip("history", _("Being imported"), "indigo"),
        "done": Chip("check", _("Imported"), "jade"),
        "cancelled": Chip("stop", _("Stopped"), "stone"),
        "undoing": Chip("undo", _("Being taken back"), "indigo"),
        "undone": Chip("undo", _("Taken back"), "stone"),
    }
    return chips[state]


def row_chip(state: str, fit: str) -> Chip:
    """Return how a row stands: what became of it, or what it is good for."""
    chips = {
        "done": Chip("check", _("Imported"), "jade"),
        "refused": Chip("close", _("Refused"), "lacquer"),
        "undone": Chip("undo", _("Taken back"), "stone"),
        "ready": Chip("check", _("Ready"), "jade"),
        "draft_only": Chip("compose", _("Only as a draft"), "amber"),
        "unusable": Chip("close", _("To mend"), "lacquer"),
    }
    return chips[fit if state == "waiting" else state]


def language() -> str:
    """Return the language whose headers the reader knows."""
    chosen = (get_language() or "en").partition("-")[0]
    return chosen if chosen in HEADERS else "en"


def header(column: Column) -> str:
    """Return what a column is called."""
    return HEADERS[language()][column]


def separator(mark: str) -> str:
    """Return what a separator is called."""
    return {",": _("comma"), ";": _("semicolon"), "\t": _("tab")}.get(mark, "")


def sentence(finding: Finding) -> str:
    """Return what stands against a row, with the channel it is about in front."""
    values = finding.values
    words = _counted(finding.code, values) or _plain().get(finding.code, "")
    said = words % dict(values) if words else content.sentence(finding)
    channel = str(values.get("channel") or "")
    return f"{channel}: {said}" if channel else said


def sentences(findings: tuple[Finding, ...]) -> str:
    """Return everything that stands against a row, for one cell of a file."""
    return "\n".join(sentence(one) for one in findings if one.severity != "hint")


def trouble(of: Import) -> str:
    """Return why a file cannot be read, or why an import stopped, and what to do."""
    needed = ", ".join(header(column) for column in NEEDED)
    words = {
        "empty": _("There is nothing in this file. Choose another, or begin with the template."),
        "not_a_table": _(
            "This is not a table that Loa can read. Save it as CSV or XLSX and upload it again."
        ),
        "old_workbook": _(
            "This is a workbook of the old kind (.xls). Save it as .xlsx and upload it again."
        ),
        "too_big": _("This workbook unfolds to more than Loa reads. Split it into smaller files."),
        "wrong_encoding": _(
            "The file is not written that way. Choose another encoding, or save it as UTF-8."
        ),
        "wrong_header": _(
            "The first row must name the columns, at least these: %(columns)s. The template "
            "shows how."
        )
        % {"columns": needed},
        "no_rows": _("There is a header and no row under it. Add a row for each post."),
        "too_many_rows": _(
            "More than %(limit)s rows: split the file, so that somebody can still look it over."
        )
        % {"limit": f"{MOST_ROWS:,}".replace(",", " ")},
        "member_gone": _(
            "Whoever started this may no longer do it. What is in stays; start it anew to go on."
        ),
        "disk_full": _(
            "The disk is full, so the file could not be read. Make room, then read it again."
        ),
        "storage": _(
            "A picture could not be kept: the place for media is full or out of reach. What is in "
            "stays; start it again to go on."
        ),
        "stopped": _("Stopped before all of it was read. Nothing was brought in."),
    }
    return words.get(of.trouble, "")


def _counted(code: str, values: Mapping[str, Value]) -> str:
    count = int(values.get("count") or 0)
    match code:
        case "row.too_close":
            if not count:
                return _("Another post goes out at the same time.")
            return ngettext(
                "%(count)s minute from another post.", "%(count)s minutes from another post.", count
            )
        case "row.same_text":
            return ngettext(
                "The same words within %(count)s day.",
                "The same words within %(count)s days.",
                count,
            )
        case "row.image_fetched":
            return ngettext(
                "%(count)s picture is fetched from its address when the row is imported.",
                "%(count)s pictures are fetched from their addresses when the row is imported.",
                count,
            )
        case "row.many_images":
            return _("%(count)s pictures; a post has %(limit)s at most.")
    return ""


def _plain() -> Mapping[str, str]:
    return {
        "row.no_channel": _("Name at least one channel."),
        "row.channel_unknown": _("There is no channel called “%(name)s” here."),
        "row.channel_ambiguous": _(
            "Several channels are called “%(name)s”: write the platform in front, like %(example)s."
        ),
        "row.channel_lost": _("It must be reconnected; until then the row is a draft."),
        "row.channel_cut_off": _("A channel must be reconnected first."),
        "row.empty": _("The row says nothing: write a caption or name a picture."),
        "row.day_missing": _("There is a time but no day."),
        "row.day_unread": _("“%(text)s” is no day Loa can read. Write it like 25/12/2026."),
        "row.time_missing": _("There is a day but no time. Write it like 19:30."),
        "row.time_unread": _("“%(text)s” is no time Loa can read. Write it like 19:30."),
        "row.past": _("The time has passed: choose a later one."),
        "row.time_skipped": _(
            "The clocks go forward and leave %(time)s out: it goes out at the next time there is."
        ),
        "row.no_time": _("No time: it becomes a draft."),
        "row.language_unknown": _("“%(text)s” is no language Loa knows; the workspace's is used."),
        "row.campaign_new": _("“%(name)s” becomes a new campaign."),
        "row.image_unknown": _("The library has no picture called “%(name)s”."),
        "row.image_unreachable": _("A picture cannot be fetched from its address."),
        "row.too_much": _("More text or parts than any post holds."),
        "row.same_in_file": _("The same as row %(row)s of this file."),
        "row.exists": _("There is such a post already, at this time and on these channels."),
        "row.imported": _("This row was imported before."),
        "row.refused": _("It could not be imported as it is."),
    }


def source_chip(source: Source) -> Chip:
    """Return how a feed stands."""
    if source.paused_at is not None:
        return Chip("pause", _("Paused"), "stone")
    if source.trouble:
        return Chip("alert", _("Fails"), "amber")
    if source.polled_at is None:
        return Chip("history", _("Not read yet"), "indigo")
    return Chip("check", _("Is read"), "jade")


def source_trouble(source: Source) -> str:
    """Return why the last reading failed and what to do; "" when it did not."""
    if not source.trouble:
        return ""
    words = {
        "feed.status": _("The website refuses to give out the feed. Look at its address."),
        "feed.unreadable": _("What stands at this address is no RSS and no Atom feed."),
        "network.too_large": _("The feed is larger than Loa takes, or never ends."),
        "network.timeout": _("The website did not answer in time."),
        "storage": _(
            "A picture could not be kept: the place for media is full or out of reach. Its entry "
            "comes once there is room."
        ),
        "member_gone": _(
            "Whoever added it may no longer write posts here. Pause and resume it to answer for "
            "it yourself."
        ),
    }
    return words.get(source.trouble) or platform_refusal(source.trouble)


def source_refusal(refusal: LoaError) -> str:
    """Return why a feed cannot be added."""
    match refusal:
        case actions.NotAnAddress():
            return platform_refusal(refusal.code)
        case actions.ReadAlready():
            return _("This feed is read already: you find it in the list.")
        case actions.TooManySources():
            return _("100 feeds are read already. Delete one that nobody needs.")
    return _("This did not work, and nothing was changed.")


def no_channel() -> str:
    """Return what is missing when posts shall join a queue."""
    return _("A queue belongs to a channel: choose at least one.")
