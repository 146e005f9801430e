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
