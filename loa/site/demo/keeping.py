"""What goes on by itself at the café: posts that repeat, evergreen ones, counted links, a feed."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from loa.content.actions.links import NewRule, set_link_rule
from loa.content.models import Link, Post
from loa.content.queries import fingerprint_of
from loa.create import actions as create
from loa.intake import actions as intake
from loa.measure.actions.clicks import count_click, write_clicks
from loa.measure.actions.print_links import make_print_link
from loa.measure.models import Reading
from loa.ops import clock
from loa.plan import actions as plan
from loa.plan.models import EvergreenPool
from loa.plan.rules.recurrence import Kind, Rhythm
from loa.site.demo.story import WEEKDAYS

if TYPE_CHECKING:
    from loa.site.demo.stage import Stage


def count_links(stage: "Stage") -> None:
    """Let links be marked and counted from the first day on, and hang some up in print."""
    owner = stage.cast.owner
    set_link_rule(owner, wanted=NewRule(marks=True, tracks=True))
    for told in stage.story.print_links:
        make_print_link(
            owner,
            target=told["target"],
            label=told["label"],
            campaign=stage.campaigns.get(told.get("campaign", "")),
        )


def let_click(stage: "Stage") -> None:
    """Let those click whom the network saw click since, and guests scan what hangs there."""
    scans = {told["label"]: int(told["scans"]) for told in stage.story.print_links}
    clicked, today = _clicked_in_posts(stage), _today(stage)
    for link in Link.objects.in_workspace(stage.cast.workspace).order_by("pk"):
        if link.post_id is None:
            for day in (today - timedelta(days=1), today):
                # More people sit there at the end of a week.
                _count(link, scans.get(link.label, 0) * (1 + day.weekday()) // 3, on=day)
        else:
            total = clicked.get((link.post_id, link.channel_id), 0)
            _count(link, total - stage.clicked.get(link.pk, 0), on=today)
            stage.clicked[link.pk] = total
    write_clicks()


def let_repeat(stage: "Stage") -> None:
    """Begin the series, let evergreen posts fill slots, and have what comes of it agreed to."""
    for told in stage.story.series:
        post = stage.posts.get(told["post"])
        if post is not None:
            terms = plan.Terms(
                name=told["name"],
                rhythm=_rhythm(told, stage),
                local_time=time.fromisoformat(told["at"]),
                schedules=told.get("schedules", True),
            )
            plan.start_series(post, terms=terms, by=stage.cast.members[told["by"]])
    for told in stage.story.evergreens:
        post = stage.posts.get(told["post"])
        if post is not None:
            rest = plan.Rest(told["cooldown_days"], told["most_repeats"])
            wordings = [one.strip() for one in told["other_words"]]
            plan.mark_evergreen(post, rest=rest, alternates=wordings, by=stage.cast.owner)
    for told in stage.story.pools:
        channel = stage.channels[told["channel"]]
        plan.set_pool(channel, weekly_cap=told["weekly_cap"], by=stage.cast.owner)
        plan.fill_pool(EvergreenPool.objects.get(channel=channel).pk)
    _agree(stage)


def read_feeds(stage: "Stage") -> None:
    """Read what one of the channels publishes, for another one to tell."""
    workspace = stage.cast.workspace
    for told in stage.story.sources:
        handle = stage.channels[told["reads"]].handle
        source = intake.add_source(
            stage.cast.owner,
            url=f"{stage.rehearsal.base_url}/@{handle}/feed.xml",
            name=told["name"],
            wishes=intake.Wishes(
                channel_ids=[stage.channels[one].pk for one in told["for"]],
                template=told["template"].strip(),
                takes_first=told["takes_first"],
            ),
        )
        intake.poll_source(workspace_id=workspace.pk, source_id=source.pk)


def _count(link: Link, times: int, *, on: date) -> None:
    for number in range(times):
        count_click(
            link.pk,
            workspace_id=link.workspace_id,
            on=on,
            visitor=f"{link.pk}-{number}",
            robot=False,
        )


def _rhythm(told: Mapping[str, Any], stage: "Stage") -> Rhythm:
    if "lunar_days" in told:
        return Rhythm(Kind.LUNAR, _today(stage), lunar_days=tuple(told["lunar_days"]))
    weekdays = tuple(WEEKDAYS.index(one) for one in told["weekdays"])
    return Rhythm(Kind.WEEKLY, _today(stage), weekdays=weekdays)


def _agree(stage: "Stage") -> None:
    """Let the approver agree to what was asked for by itself: the story tells of all others."""
    told = {post.pk for post in stage.posts.values()}
    asked = Post.objects.in_workspace(stage.cast.workspace).filter(review=Post.Review.REQUESTED)
    for post in asked.exclude(pk__in=told).order_by("pk"):
        create.approve(post, fingerprint=fingerprint_of(post), by=stage.cast.members["lan"])


def _clicked_in_posts(stage: "Stage") -> dict[tuple[int, int | None], int]:
    """Return how often links were clicked by now, by post and channel, as the network counts."""
    rows = (
        Reading.objects.in_workspace(stage.cast.workspace)
        .filter(metric="link_clicks", delivery__isnull=False)
        .order_by("delivery_id", "-taken_at")
        .distinct("delivery_id")
        .values_list("delivery__post_id", "channel_id", "value")
    )
    return {(post_id, channel_id): value for post_id, channel_id, value in rows}


def _today(stage: "Stage") -> date:
    return clock.now().astimezone(stage.story.zone).date()
