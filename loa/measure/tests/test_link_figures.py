"""What pages say about clicks: of a post, a channel, a campaign. Unavailable is not 0."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import reverse

from loa.channels.models import Channel
from loa.content.actions.campaigns import add_campaign
from loa.content.models import Link, Post
from loa.measure.models import LinkDay
from loa.measure.queries import counts_of_post
from loa.measure.queries.links import (
    Asked,
    clicks_of_campaign,
    clicks_of_channel,
    figures,
    links,
)
from loa.measure.templatetags.figures import place
from loa.ops import clock, fence
from loa.publish.models import Delivery
from loa.workspace.models import Workspace
from tests.cast import A_MONDAY, a_channel, a_post, a_workspace, ana, signed_in

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    made = a_workspace()
    with fence.inside(made.pk), clock.at(A_MONDAY):
        yield made


def a_link(
    post: Post | None, channel: Channel, *, code: str = "abcd2345", **fields: object
) -> Link:
    values = {"target": "https://tiem.example/", "made_at": A_MONDAY - timedelta(days=2), "part": 0}
    return Link.objects.create(
        workspace_id=channel.workspace_id,
        code=code,
        post=post,
        channel=channel if post else None,
        **(values | fields),
    )


def clicked(link: Link, on: date, clicks: int, *, robots: int = 0) -> None:
    LinkDay.objects.create(
        workspace_id=link.workspace_id,
        link=link,
        clicked_on=on,
        clicks=clicks,
        visitors=clicks,
        robots=robots,
    )


def by_channel(post: Post) -> dict[int, int | None]:
    """Let the post be live everywhere, and return the clicks that its readings show."""
    for variant in post.variants.all():
        Delivery.objects.get_or_create(
            variant=variant,
            defaults={
                "workspace_id": post.workspace_id,
                "post": post,
                "channel_id": variant.channel_id,
                "state": "delivered",
                "external_id": "1",
                "url": "https://town.example/1",
                "due_at": A_MONDAY,
                "ready_at": A_MONDAY,
                "late_after": A_MONDAY,
                "delivered_at": A_MONDAY,
                "scheduled_at": A_MONDAY,
                "scheduled_by": post.written_by,
            },
        )
    return {one.delivery.channel_id: one.link_clicks for one in counts_of_post(post)}


def test_without_a_tracked_link_clicks_are_unavailable(bakery: Workspace) -> None:
    channel = a_channel(bakery)
    post = a_post(bakery, channels=(channel,))
    campaign = add_campaign("Tết", workspace=bakery)
    page = reverse("measure:campaign-clicks", args=[bakery.slug, campaign.pk])

    shown = signed_in(ana(bakery)).get(page).content.decode()

    assert by_channel(post) == {channel.pk: None}
    assert clicks_of_channel(channel, first=MONDAY, last=MONDAY).clicks is None
    assert clicks_of_campaign(campaign).clicks is None
    assert "unavailable" in shown


def test_a_tracked_link_that_nobody_followed_has_no_clicks(bakery: Workspace) -> None:
    channel = a_channel(bakery)
    post = a_post(bakery, channels=(channel,))
    a_link(post, channel)

    assert by_channel(post) == {channel.pk: 0}
    assert clicks_of_channel(channel, first=MONDAY, last=MONDAY).clicks == 0


def test_clicks_are_added_up_by_post_channel_and_campaign(bakery: Workspace) -> None:
    north, south = a_channel(bakery), a_channel(bakery)
    campaign = add_campaign("Tết", workspace=bakery)
    post = a_post(bakery, channels=(north, south), campaign=campaign)
    first, second = a_link(post, north), a_link(post, south, code="efgh2345")
    printed = a_link(None, north, code="mnpq2345", label="bàn 5", campaign=campaign)
    clicked(first, MONDAY - timedelta(days=1), 3, robots=9)
    clicked(first, MONDAY, 4)
    clicked(second, MONDAY, 5)
    clicked(printed, MONDAY, 6)

    assert by_channel(post) == {north.pk: 7, south.pk: 5}
    assert clicks_of_channel(north, first=MONDAY, last=MONDAY).clicks == 4
    assert clicks_of_campaign(campaign).clicks == 18


def test_days_before_a_link_was_made_are_unavailable(bakery: Workspace) -> None:
    link = a_link(None, a_channel(bakery))
    clicked(link, MONDAY, 2)

    [shown] = figures(bakery, [link], now=A_MONDAY, days=5)

    assert [count for _day, count in shown.by_day] == [None, None, 0, 0, 2]
    assert shown.clicks == 2


def test_links_are_found_by_place_target_and_words_without_accents(bakery: Workspace) -> None:
    channel = a_channel(bakery)
    post = a_post(bakery, title="Bánh mì", channels=(channel,))
    of_post = a_link(post, channel)
    printed = a_link(None, channel, code="mnpq2345", label="bàn 5")

    def found(**asked: object) -> list[Link]:
        return list(links(bakery, Asked(**asked)))  # type: ignore[arg-type]

    assert found() == [printed, of_post]
    assert found(kind="print") == found(words="bàn 5") == [printed]
    assert (
        found(kind="posts") == found(words="banh mi") == found(channel_id=channel.pk) == [of_post]
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://tiem.example/menu/?utm_source=x&utm_medium=social", "tiem.example/menu"),
        ("https://tiem.example/th%E1%BB%B1c?ban=5&utm_source=x", "tiem.example/thực?ban=5"),
    ],
)
def test_an_address_is_said_without_its_scheme_and_marks(url: str, said: str) -> None:
    assert place(url) == said
