"""The cards of the calendar: variants of one post that share one time."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from loa.channels.models import Channel
from loa.content.models import Campaign, Variant
from loa.content.rules.document import document_from_json
from loa.plan.rules.states import MOVABLE, CardProgress, CardState, card_progress
from loa.workspace.models import Workspace

# One part without a caption: a picture that speaks for itself is no repeat of another.
NOTHING_SAID = '[""]'


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person wants to see; an empty set stands for everything."""

    channel_ids: frozenset[int] = frozenset()
    states: frozenset[CardState] = frozenset()
    campaign_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.channel_ids or self.states or self.campaign_ids)

    @property
    def count(self) -> int:
        """How many choices were made."""
        return len(self.channel_ids) + len(self.states) + len(self.campaign_ids)

    def asked(self) -> tuple[tuple[str, tuple[object, ...]], ...]:
        """Return the filters as names and values of an address, always in the same order."""
        return (
            ("channel", tuple(sorted(self.channel_ids))),
            ("state", tuple(sorted(self.states))),
            ("campaign", tuple(sorted(self.campaign_ids))),
        )


EVERYTHING = Filters()


class Row(NamedTuple):
    """One variant on the calendar, as little of it as the calendar needs.

    A tuple, because a month may hold thousands. text_key: see rules.clashes; only for what is
    yet to come, as nothing else can be helped.
    """

    variant_id: int
    post_id: int
    channel_id: int
    planned_at: datetime
    in_queue: bool
    review: str
    campaign_id: int | None
    delivery_id: int | None
    delivery_state: str | None
    text_key: str | None

    @property
    def occupies(self) -> bool:
        """True when it takes up room on its channel: a cancelled one does not."""
        return self.delivery_state != "cancelled"


# The rows of one post that share one time: what becomes a card when there is room for it.
type Group = tuple[Row, ...]


@dataclass(slots=True)
class Card:
    """A post at one time, on the channels that share it. local: the workspace's own time.

    opening, asset_id: what it says and shows; filled in for the cards on the page alone.
    """

    post_id: int
    at: datetime
    local: datetime
    rows: tuple[Row, ...]
    progress: CardProgress
    channels: tuple[Channel, ...]
    campaign: Campaign | None
    opening: str = ""
    asset_id: int | None = None
    clash_codes: tuple[str, ...] = ()

    @property
    def state(self) -> CardState:
        """Where it is."""
        return self.progress.state

    @property
    def day(self) -> date:
        """The local day it is on."""
        return self.local.date()

    @property
    def clock(self) -> str:
        """Its local time: "19:30"."""
        return f"{self.local:%H:%M}"

    @property
    def iso(self) -> str:
        """Its time for machines."""
        return self.local.isoformat()

    @property
    def key(self) -> str:
        """A name for it on the page: the first of its variants."""
        return str(self.rows[0].variant_id)

    @property
    def address(self) -> str:
        """What a form needs to name it: the post and its variants."""
        named = "&".join(f"variant={row.variant_id}" for row in self.rows)
        return f"post={self.post_id}&{named}"

    @property
    def platforms(self) -> tuple[tuple[str, int], ...]:
        """The platforms it goes to, each with how many channels, in order."""
        return tuple(Counter(channel.platform for channel in self.channels).items())

    @property
    def channel_names(self) -> str:
        """The channels it goes to, for people."""
        return ", ".join(channel.name for channel in self.channels)

    @property
    def note(self) -> str:
        """How far a partly delivered card is: "1/2"; "" otherwise."""
        progress = self.progress
        if not progress.is_partial:
            return ""
        return f"{progress.delivered_count}/{progress.channel_count}"

    @property
    def variant_ids(self) -> tuple[int, ...]:
        """Its variants, in order."""
        return tuple(row.variant_id for row in self.rows)

    @property
    def delivery_topics(self) -> str:
        """What a live page listens to for it."""
        return " ".join(f"delivery:{row.delivery_id}" for row in self.rows if row.delivery_id)

    @property
    def in_queue(self) -> bool:
        """True when its times come from slots."""
        return any(row.in_queue for row in self.rows)

    @property
    def is_movable(self) -> bool:
        """True while all of it can still be given another time."""
        return self.state in MOVABLE and not self.progress.delivered_count


# Raw, because a month holds thousands of variants: one row a group, not one a variant, and no
# query to be put together anew. text_key: the hash of what a variant says.
_GROUPS = """
SELECT v.planned_at, v.post_id, p.review, p.campaign_id,
       array_agg(v.id ORDER BY v.id),
       array_agg(v.channel_id ORDER BY v.id),
       array_agg(v.in_queue ORDER BY v.id),
       array_agg(d.id ORDER BY v.id),
       array_agg(CASE WHEN d.removed_at IS NULL THEN d.state ELSE 'removed' END ORDER BY v.id),
       array_agg(CASE WHEN v.planned_at >= %(now)s THEN md5(nullif(
           jsonb_path_query_array(coalesce(v.own, p.shared), '$.parts[*].caption')::text,
           %(nothing_said)s
       )) END ORDER BY v.id)
FROM content_variant v
JOIN content_post p ON p.id = v.post_id
LEFT JOIN publish_delivery d ON d.variant_id = v.id
WHERE v.workspace_id = %(workspace)s AND v.planned_at >= %(since)s AND v.planned_at < %(until)s
  AND p.deleted_at IS NULL
GROUP BY v.planned_at, v.post_id, p.review, p.campaign_id
ORDER BY v.planned_at, v.post_id
"""


def groups_between(
    workspace: Workspace, *, since: datetime, until: datetime, now: datetime
) -> list[Group]:
    """Return every variant planned in [since, until), those of one post and time together.

    In order of time, then post, then variant; in one query.
    """
    values: dict[str, int | str | datetime] = {
        "workspace": workspace.pk,
        "since": since,
        "until": until,
        "now": now,
        "nothing_said": NOTHING_SAID,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, values)
        return [
            tuple(
                Row(pk, post, channel, at, in_queue, review, campaign, delivery, state, key)
                for pk, channel, in_queue, delivery, state, key in zip(*variants, strict=True)
            )
            for at, post, review, campaign, *variants in cursor.fetchall()
        ]


def rows_of(groups: Iterable[Group]) -> list[Row]:
    """Return the variants of `groups` one by one."""
    return list(chain.from_iterable(groups))


def card_of(
    group: Group,
    *,
    channels: Mapping[int, Channel],
    campaigns: Mapping[int, Campaign],
    place: ZoneInfo,
    now: datetime,
) -> Card:
    """Return the card of a group."""
    first = group[0]
    return Card(
        post_id=first.post_id,
        at=first.planned_at,
        local=first.planned_at.astimezone(place),
        rows=group,
        progress=progress_of(group, now=now),
        channels=tuple(channels[row.channel_id] for row in group if row.channel_id in channels),
        campaign=campaigns.get(first.campaign_id) if first.campaign_id else None,
    )


def progress_of(group: Group, *, now: datetime) -> CardProgress:
    """Return how far the rows of a group are, together."""
    first = group[0]
    return card_progress(
        review=first.review,
        deliveries=[row.delivery_state for row in group],
        planned_at=first.planned_at,
        now=now,
    )


def matches(group: Group, filters: Filters, *, now: datetime) -> bool:
    """Say whether the person wants to see the card of this group."""
    return (
        (
            not filters.channel_ids
            or not filters.channel_ids.isdisjoint(row.channel_id for row in group)
        )
        and (not filters.campaign_ids or group[0].campaign_id in filters.campaign_ids)
        and (not filters.states or progress_of(group, now=now).state in filters.states)
    )


def fill_in(workspace: Workspace, cards: Collection[Card]) -> None:
    """Read what the cards on the page say, from the first variant of each, in one query."""
    by_variant = {card.rows[0].variant_id: card for card in cards}
    said = (
        Variant.objects.in_workspace(workspace)
        .filter(pk__in=by_variant)
        .order_by("pk")
        .values_list("pk", "own", "post__shared", "post__title")
    )
    for pk, own, shared, title in said:
        document = document_from_json(own if own is not None else shared)
        card = by_variant[pk]
        card.opening = document.opening or title
        card.asset_id = next(iter(document.asset_ids()), None)
