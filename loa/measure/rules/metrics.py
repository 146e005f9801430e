"""What each metric means. docs/reference/metrics.md is made from this table."""

from dataclasses import dataclass
from enum import StrEnum


class Metric(StrEnum):
    """A count that a platform gives for one published post, or for the channel itself."""

    LIKES = "likes"
    REPLIES = "replies"
    REPOSTS = "reposts"
    QUOTES = "quotes"
    BOOKMARKS = "bookmarks"
    REACH = "reach"
    IMPRESSIONS = "impressions"
    LINK_CLICKS = "link_clicks"
    FOLLOWERS = "followers"


@dataclass(frozen=True, slots=True)
class Definition:
    """One metric in words. unit: "people" or "times". Counts of a post run since publishing."""

    metric: Metric
    unit: str
    meaning: str


DEFINITIONS: tuple[Definition, ...] = (
    Definition(Metric.LIKES, "times", "Likes or favourites on the post's first part."),
    Definition(Metric.REPLIES, "times", "Direct replies to the first part, our own included."),
    Definition(Metric.REPOSTS, "times", "Times the first part was passed on unchanged."),
    Definition(Metric.QUOTES, "times", "Times the first part was passed on with words added."),
    Definition(Metric.BOOKMARKS, "times", "Times the first part was saved for later."),
    Definition(Metric.REACH, "people", "People who saw the first part, each counted once."),
    Definition(Metric.IMPRESSIONS, "times", "Times the first part was shown."),
    Definition(Metric.LINK_CLICKS, "times", "Clicks on links in the first part."),
    Definition(Metric.FOLLOWERS, "people", "People who follow the channel, at that instant."),
)

# What counts as an engagement, everywhere a page adds them together.
ENGAGEMENTS: tuple[Metric, ...] = (
    Metric.LIKES,
    Metric.REPLIES,
    Metric.REPOSTS,
    Metric.QUOTES,
    Metric.BOOKMARKS,
)


def engagements(values: dict[str, int]) -> int | None:
    """Return likes + replies + reposts + quotes + bookmarks, of those the platform gives.

    None when it gives none of them: unavailable is not 0.
    """
    given = [values[metric] for metric in ENGAGEMENTS if metric in values]
    return sum(given) if given else None


def engagement_rate(values: dict[str, int]) -> float | None:
    """Return engagements / reach, a ratio; None when reach is unavailable or nobody was reached."""
    counted, reach = engagements(values), values.get(Metric.REACH)
    if counted is None or not reach:
        return None
    return counted / reach


def reference_page() -> str:
    """Return docs/reference/metrics.md: every metric and every rate with its definition."""
    rows = [f"| `{one.metric}` | {one.unit} | {one.meaning} |" for one in DEFINITIONS]
    return "\n".join(
        [
            "# Metrics",
            "",
            "Made from `loa/measure/rules/metrics.py`; a test fails when they differ.",
            "",
            "A value a platform does not give is *unavailable* and never shown as 0. Every reading",
            "keeps the instant it was taken. Reach and impressions are never added to each other.",
            "",
            "| metric | unit | meaning |",
            "| --- | --- | --- |",
            *rows,
            "",
            "| computed | formula |",
            "| --- | --- |",
            f"| engagements | {' + '.join(ENGAGEMENTS)}, of those the platform gives |",
            "| engagement rate | engagements / reach, a ratio; unavailable without reach |",
            "",
            "| tracked links, counted by Loa | meaning |",
            "| --- | --- |",
            "| clicks | GETs of the link that are no robot's (`loa/measure/rules/robots.py`) |",
            "| visitors | of those, browsers counted once per link and local day, added up |",
            "| robots | previews, prefetches, crawlers; no part of the clicks; HEAD is neither |",
            "",
            "A post's clicks run since it went out, a channel's are of the days shown.",
            "Before a tracked link was made they are unavailable. Visitors are told apart until",
            "the day ends, in one web process, by a number under a salt that is kept nowhere:",
            "after a restart somebody may count twice; behind one address two may count once.",
            "",
            "Readings are taken when a post is",
            "2 min, 10 min, 30 min, 1 h, 3 h, 6 h, 12 h, 1, 2, 4, 7, 14 and 28 days old",
            "(`loa/measure/rules/reading_times.py`); followers four times a day.",
            "",
        ]
    )
