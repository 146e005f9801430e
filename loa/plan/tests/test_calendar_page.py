"""The calendar as a page: what it shows, how posts are moved on it, what it costs."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loa.channels.models import Channel
from loa.content.models import Campaign, Post, Variant
from loa.ops import clock, fence
from loa.plan import queries
from loa.plan.queries import FreeSlot
from loa.plan.templatetags.plan import fill_address
from loa.plan.tests.planning import NOW, at, daily, planned_times
from loa.publish.models import Delivery
from loa.workspace.models import Workspace
from tests import cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def bakery() -> Workspace:
    return cast.a_workspace()


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    return cast.a_channel(bakery, name="Bakery")


@pytest.fixture
def browser(bakery: Workspace) -> Client:
    return cast.signed_in(cast.the_owner(bakery))


def address(workspace: Workspace, rest: str = "") -> str:
    return f"/w/{workspace.slug}/calendar/{rest}"


def variant_of(post: Post) -> Variant:
    with fence.inside(post.workspace_id):
        return Variant.objects.get(post=post)


def moved(post: Post, to: str, **more: str) -> dict[str, str]:
    return {
        "post": str(post.pk),
        "variant": str(variant_of(post).pk),
        "planned": to,
        "page": "view=week&on=2026-11-16",
        **more,
    }


@pytest.mark.parametrize("view", ["week", "month", "list"])
@pytest.mark.parametrize(("language", "title"), [("vi", "Lịch biên tập"), ("en", "Editorial")])
def test_every_view_speaks_both_languages(
    bakery: Workspace, channel: Channel, view: str, language: str, title: str
) -> None:
    owner = cast.the_owner(bakery)
    owner.user.language = language
    owner.user.save()
    daily(channel, "20:00")
    cast.a_post(bakery, text="Phin chảy chậm", channels=(channel,), due_at=at("2026-11-17 20:00"))

    page = cast.signed_in(owner).get(address(bakery), {"view": view, "on": "2026-11-16"})

    assert page.status_code == HTTPStatus.OK
    assert title in page.content.decode()
    assert "Phin chảy chậm" in page.content.decode()
    assert "8/10" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["view=year", "on=yesterday", "on=9999-12-31", "channel=x&state=odd&campaign=-1"]
)
def test_an_address_that_cannot_be_read_shows_this_week(
    bakery: Workspace, channel: Channel, browser: Client, query: str
) -> None:
    daily(channel, "20:00")

    page = browser.get(f"{address(bakery)}?{query}")

    assert page.status_code == HTTPStatus.OK
    assert 'id="day-2026-11-16"' in page.content.decode()


def test_filters_stay_in_every_link(bakery: Workspace, channel: Channel, browser: Client) -> None:
    page = browser.get(
        address(bakery),
        {"view": "week", "on": "2026-11-16", "channel": str(channel.pk), "state": "draft"},
    )

    text = page.content.decode()
    steps = [one for one in re.findall(r'href="([^"]+)"', text) if "view=" in one]
    assert any("on=2026-11-23" in one for one in steps)
    kept = f"channel={channel.pk}&amp;state=draft"
    assert all(kept in one for one in steps if "on=2026-11-23" in one or "view=month" in one)


def test_a_free_slot_leads_to_a_new_post_at_that_time(bakery: Workspace, channel: Channel) -> None:
    daily(channel, "20:00")
    with fence.inside(bakery.pk):
        [free] = queries.next_free_slots(bakery, [channel.pk], now=NOW)[channel.pk]
    slot = FreeSlot(channel, free)

    leads_to = fill_address(slot, "/compose/")

    assert leads_to == f"/compose/?channel={channel.pk}&at=2026-11-16T20%3A00"
    assert fill_address(slot, "") == ""


def test_a_viewer_sees_everything_and_can_move_nothing(bakery: Workspace, channel: Channel) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))
    viewer = cast.signed_in(cast.a_member(bakery, "viewer"))

    page = viewer.get(address(bakery)).content.decode()
    answer = viewer.post(address(bakery, "move/"), moved(post, "2026-11-19T08:00"))

    assert f'id="card-{variant_of(post).pk}"' in page
    assert "data-movable" not in page
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert planned_times(post) == {channel.pk: "17 20:00"}


def test_the_form_asks_for_a_time_without_any_script(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))

    page = browser.get(address(bakery, f"move/?post={post.pk}&page=view%3Dmonth"))

    text = page.content.decode()
    assert page.status_code == HTTPStatus.OK
    assert 'value="2026-11-17T20:00"' in text
    assert "Asia/Ho_Chi_Minh" in text


def test_a_plain_form_moves_and_returns_to_the_same_page(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))

    answer = browser.post(address(bakery, "move/"), moved(post, "2026-11-19T08:00"))

    assert answer.status_code == HTTPStatus.FOUND
    assert answer["Location"] == f"{address(bakery)}?view=week&on=2026-11-16"
    assert planned_times(post) == {channel.pk: "19 08:00"}


def test_a_move_redraws_the_day_it_left_and_the_day_it_joined(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))

    answer = browser.post(address(bakery, "move/"), moved(post, "2026-11-19T08:00"), headers=HTMX)

    text = answer.content.decode()
    assert re.findall(r'<section class="day[^>]* id="([^"]+)"', text) == [
        "day-2026-11-17",
        "day-2026-11-19",
    ]
    assert answer["HX-Trigger"] == "moved"
    assert "toast" in text


def undo_address(text: str) -> str:
    [found] = re.findall(r'action="([^"]*/move/undo/[^"]*)"', text)
    return str(found).replace("&amp;", "&")


def test_a_move_can_be_undone_from_its_toast(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))
    answer = browser.post(address(bakery, "move/"), moved(post, "2026-11-19T08:00"), headers=HTMX)

    back = browser.post(undo_address(answer.content.decode()))

    assert back.status_code == HTTPStatus.FOUND
    assert planned_times(post) == {channel.pk: "17 20:00"}


def test_an_undo_that_was_tampered_with_changes_nothing(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))
    answer = browser.post(address(bakery, "move/"), moved(post, "2026-11-19T08:00"), headers=HTMX)

    browser.post(undo_address(answer.content.decode()).replace("was=", "was=x"))

    assert planned_times(post) == {channel.pk: "19 08:00"}


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("tomorrow", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("9999-01-01T08:00", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("2026-11-16T08:00", HTTPStatus.CONFLICT),
    ],
)
def test_a_wrong_time_is_refused_in_the_form_and_what_was_typed_stays(
    bakery: Workspace, channel: Channel, browser: Client, typed: str, status: int
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))

    answer = browser.post(address(bakery, "move/"), moved(post, typed, in_form="1"), headers=HTMX)

    text = answer.content.decode()
    assert answer.status_code == status
    assert 'aria-invalid="true"' in text
    if typed.startswith("2026"):
        assert f'value="{typed}"' in text
    assert planned_times(post) == {channel.pk: "17 20:00"}


def test_a_refused_drag_is_told_and_moves_nothing(
    bakery: Workspace, channel: Channel, browser: Client
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))

    answer = browser.post(address(bakery, "move/"), moved(post, "2026-11-10T20:00"), headers=HTMX)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "<section" not in answer.content.decode()
    assert "toast" in answer.content.decode()


def test_a_skipped_time_is_told_with_what_it_became() -> None:
    new_york = cast.a_workspace("NYC", time_zone="America/New_York", language="en")
    owner = cast.the_owner(new_york)
    channel = cast.a_channel(new_york)
    post = cast.a_post(new_york, channels=(channel,), due_at=NOW + timedelta(days=2))

    answer = cast.signed_in(owner).post(
        f"/w/{new_york.slug}/calendar/move/",
        moved(post, "2027-03-14T02:30", page="view=week&on=2027-03-14"),
        headers=HTMX,
    )

    assert "02:30" in answer.content.decode()
    assert "03:00" in answer.content.decode()
    assert variant_of(post).planned_local == "2027-03-14T03:00:00"


def test_a_post_of_another_workspace_cannot_be_moved(browser: Client, bakery: Workspace) -> None:
    stranger = cast.omar().workspace
    theirs = cast.a_post(
        stranger, channels=(cast.a_channel(stranger),), due_at=at("2026-11-17 20:00")
    )

    answer = browser.post(address(bakery, "move/"), moved(theirs, "2026-11-19T08:00"))

    assert answer.status_code == HTTPStatus.NOT_FOUND


def a_full_year(workspace: Workspace, channels: tuple[Channel, ...], *, posts: int) -> None:
    """Put many posts, each with all channels, around NOW: hourly, half of them scheduled."""
    owner = cast.the_owner(workspace)
    with fence.inside(workspace.pk):
        made = Post.objects.bulk_create(
            Post(
                workspace=workspace,
                shared={"parts": [{"caption": f"Mẻ bánh số {n}"}]},
                written_by=owner,
                created_at=NOW,
                changed_at=NOW,
            )
            for n in range(posts)
        )
        variants = Variant.objects.bulk_create(
            Variant(
                workspace=workspace,
                post=post,
                channel=channel,
                planned_at=(when := NOW + timedelta(hours=place - posts // 2)),
                planned_local=when.replace(tzinfo=None).isoformat(timespec="seconds"),
                planned_zone="UTC",
            )
            for place, post in enumerate(made)
            for channel in channels
        )
        Delivery.objects.bulk_create(
            Delivery(
                workspace=workspace,
                variant=variant,
                post=variant.post,
                channel=variant.channel,
                due_at=variant.planned_at or NOW,
                ready_at=variant.planned_at or NOW,
                late_after=variant.planned_at or NOW,
                scheduled_by=owner,
                scheduled_at=NOW,
            )
            for variant in variants[::2]
        )


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_a_page_of_a_full_year_takes_twelve_queries_at_most(
    bakery: Workspace, channel: Channel, browser: Client, view: str
) -> None:
    """About 10,000 posts in a year are 27 a day: here is more, for six weeks."""
    channels = (channel, cast.a_channel(bakery), cast.a_channel(bakery))
    for one in channels:
        daily(one, "08:00", "20:00")
    with fence.inside(bakery.pk):
        Campaign.objects.create(workspace=bakery, name="Mùa rang mới", created_at=NOW)
    a_full_year(bakery, channels, posts=1200)
    browser.get(address(bakery), {"view": view})  # what is kept for the process is read once

    with CaptureQueriesContext(connection) as asked:
        page = browser.get(address(bakery), {"view": view})

    assert page.status_code == HTTPStatus.OK
    reads = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(reads) <= 12, "\n".join(reads)
