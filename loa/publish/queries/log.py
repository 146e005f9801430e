"""The log: every delivery of a workspace, first comments among them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from loa.channels.models import Channel
from loa.content.models import Campaign, Post
from loa.kernel.text import fold
from loa.publish.models import COUNTS_AT, Attempt, Delivery
from loa.publish.rules.lateness import LATE_AFTER
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.places_in_log import Place
from loa.workspace.models import Member, Workspace

MOST_NEWER = 100
MOST_COUNTED = 1000
EXPORT_CHUNK = 1000


class Shown(StrEnum):
    """Which deliveries the log shows. PAST: all but what waits for its time."""

    PAST = ""
    NEEDS_PERSON = "needs_person"
    WAITING = "waiting"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; None and "" stand for all.

    member_id: who handed it over. begins_at, ends_at: of the time that counts for a reader.
    late: went live more than LATE_AFTER after its time, or is so long overdue. words: in the
    post, without regard to accents.
    """

    shown: Shown = Shown.PAST
    channel_id: int | None = None
    platform: str = ""
    campaign_id: int | None = None
    member_id: int | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    late: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page. earlier, later: where the pages beside it begin; None at an end."""

    rows: list[Delivery]
    before: Place | None
    after: Place | None
    first: Place | None


def log(workspace: Workspace, filters: Filters, *, now: datetime) -> QuerySet[Delivery]:
    """Return the deliveries asked for: the newest first, what waits in the order it goes out."""
    found = _narrowed(workspace, filters).filter(_asked(filters.shown, now=now))
    if filters.late:
        found = found.filter(_late(now))
    found = found.annotate(at=COUNTS_AT)
    if filters.shown == Shown.WAITING:
        return found.order_by("at", "pk")
    return found.order_by("-at", "-pk")


def log_page(
    workspace: Workspace,
    filters: Filters,
    *,
    now: datetime,
    size: int,
    after: Place | None = None,
    before: Place | None = None,
    begins: Place | None = None,
) -> LogPage:
    """Return the page after or before a place, or the one that begins with a delivery.

    By place and not by number: the thousandth page costs what the first does.
    """
    rows = log(workspace, filters, now=now)
    upwards = filters.shown == Shown.WAITING
    if before is not None and after is None:
        found = _read(_beyond(rows, before, upwards=not upwards).reverse()[: size + 1])
        has_more, found = len(found) > size, found[:size][::-1]
        return _page(found, has_before=has_more, has_after=True)
    if begins is not None and after is None:
        rows = _beyond(rows, begins, upwards=upwards, with_it=True)
    if after is not None:
        rows = _beyond(rows, after, upwards=upwards)
    found = _read(rows[: size + 1])
    return _page(found[:size], has_before=after is not None, has_after=len(found) > size)


def count_newer(workspace: Workspace, filters: Filters, first: Place, *, now: datetime) -> int:
    """Return how many deliveries stand above `first` by now, counted up to MOST_NEWER."""
    rows = _beyond(log(workspace, filters, now=now), first, upwards=True)
    return len(rows.order_by().values_list("pk", flat=True)[:MOST_NEWER])


def for_export(
    workspace: Workspace, filters: Filters, *, now: datetime
) -> Iterator[tuple[Delivery, Attempt | None]]:
    """Yield all that the filters hold, each with its last try; needs its fence to stay open."""
    rows = log(workspace, filters, now=now).defer("outgoing")
    rows = rows.select_related("channel", "post__campaign", "scheduled_by__user")
    chunk: list[Delivery] = []
    for row in rows.iterator(chunk_size=EXPORT_CHUNK):
        chunk.append(row)
        if len(chunk) == EXPORT_CHUNK:
            yield from _with_tries(chunk)
            chunk = []
    yield from _with_tries(chunk)


def count_by_view(workspace: Workspace, filters: Filters, *, now: datetime) -> dict[Shown, int]:
    """Return how many deliveries each view of the log holds, up to MOST_COUNTED, in one query.

    Counting a hundred thousand rows to say so would take longer than showing the page; so
    would counting what no index finds, so for words and lateness there is no count.
    """
    if filters.words or filters.late:
        return {}
    asked = [
        log(workspace, replace(filters, shown=one), now=now)
        .order_by()
        .values_list("pk", flat=True)[:MOST_COUNTED]
        .query.sql_with_params()
        for one in Shown
    ]
    # The text is what the query builder wrote; every value is a parameter.
    counts = ", ".join(f"(SELECT count(*) FROM ({sql}) AS v)" for sql, _values in asked)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [one for _sql, values in asked for one in values])
        return dict(zip(Shown, cursor.fetchone(), strict=True))


def needing_a_person(workspace: Workspace) -> QuerySet[Delivery]:
    """Return the deliveries on which somebody must decide."""
    return Delivery.all_work.in_workspace(workspace).needing_a_person()


def channels_with_deliveries(workspace: Workspace) -> list[Channel]:
    """Return the channels that the log can be narrowed to."""
    return list(Channel.objects.in_workspace(workspace).order_by("name", "pk"))


def campaigns_of(workspace: Workspace) -> list[Campaign]:
    """Return the campaigns that the log can be narrowed to."""
    return list(Campaign.objects.in_workspace(workspace).order_by("name", "pk"))


def members_of(workspace: Workspace) -> list[Member]:
    """Return everybody who is or was a member: they may have handed something over."""
    rows = Member.objects.in_workspace(workspace).select_related("user")
    return list(rows.order_by("user__name", "pk"))


def deliveries_of(post: Post) -> list[Delivery]:
    """Return every delivery of `post`, each followed by the one of its first comment."""
    found = (
        Delivery.all_work.in_workspace(post.workspace)
        .filter(post=post)
        .select_related("channel", "variant__post", "post")
    )
    return sorted(found, key=lambda one: (one.after_id or one.pk, one.pk))


def place_of(delivery: Delivery) -> Place:
    """Return where a delivery stands in the log."""
    return Place(delivery.delivered_at or delivery.due_at, delivery.pk)


def _read(places: QuerySet[Delivery]) -> list[Delivery]:
    """Return rows with what a line of the log shows.

    Which ones is asked of one table and its index first: with the others joined, the planner
    may rather read and sort everything.
    """
    ids = list(places.values_list("pk", flat=True))
    rows = Delivery.all_work.select_related("channel", "variant__post", "post").in_bulk(ids)
    return [rows[one] for one in ids if one in rows]


def _page(rows: list[Delivery], *, has_before: bool, has_after: bool) -> LogPage:
    return LogPage(
        rows,
        before=place_of(rows[0]) if rows and has_before else None,
        after=place_of(rows[-1]) if rows and has_after else None,
        first=place_of(rows[0]) if rows else None,
    )


def _beyond(
    rows: QuerySet[Delivery], place: Place, *, upwards: bool, with_it: bool = False
) -> QuerySet[Delivery]:
    """Return the rows later in time than `place` (upwards) or earlier."""
    step = "gt" if upwards else "lt"
    own = f"{step}e" if with_it else step
    # The first condition alone says where the index is entered.
    return rows.filter(**{f"at__{step}e": place.at}).filter(
        Q(**{f"at__{step}": place.at}) | Q(at=place.at, **{f"pk__{own}": place.delivery_id})
    )


def _with_tries(rows: list[Delivery]) -> Iterator[tuple[Delivery, Attempt | None]]:
    last = {
        one.delivery_id: one
        for one in Attempt.objects.filter(delivery__in=rows)
        .order_by("delivery_id", "-started_at", "-pk")
        .distinct("delivery_id")
    }
    for row in rows:
        yield row, last.get(row.pk)


def _narrowed(workspace: Workspace, filters: Filters) -> QuerySet[Delivery]:
    work: QuerySet[Delivery] = Delivery.all_work.in_workspace(workspace)
    exact = {
        "channel": filters.channel_id,
        "post__campaign": filters.campaign_id,
        "scheduled_by": filters.member_id,
    }
    work = work.filter(**{name: value for name, value in exact.items() if value is not None})
    if filters.platform:
        channels = Channel.objects.in_workspace(workspace).filter(platform=filters.platform)
        work = work.filter(channel__in=list(channels.values_list("pk", flat=True)))
    if filters.words:
        posts = Post.objects.in_workspace(workspace)
        work = work.filter(post__in=posts.filter(search_text__contains=fold(filters.words)))
    if filters.begins_at:
        work = work.filter(GreaterThanOrEqual(COUNTS_AT, filters.begins_at))
    if filters.ends_at:
        work = work.filter(LessThan(COUNTS_AT, filters.ends_at))
    return work


def _late(now: datetime) -> Q:
    promised = Greatest("due_at", "scheduled_at")
    return Q(state=S.DELIVERED, delivered_at__gt=promised + LATE_AFTER) | Q(
        state__in=[S.DUE, S.CLAIMED, S.SENDING], due_at__lt=now - LATE_AFTER
    )


def _asked(shown: Shown, *, now: datetime) -> Q:
    match shown:
        case Shown.PAST:
            return ~Q(state__in=[S.DUE, S.CANCELLED]) | Q(due_at__lte=now)
        case Shown.NEEDS_PERSON:
            return Q(state__in=[S.FAILED, S.UNCERTAIN], needs_person=True)
        case Shown.WAITING:
            return Q(state__in=[S.DUE, S.CLAIMED, S.SENDING])
        case _:
            return Q(state=shown.value)
