"""The pages on which posts are made to repeat."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.content.rules.document import Document, Part
from loa.content.rules.revisions import PostState
from loa.create.actions import create_post
from loa.ops import clock
from loa.plan.models import Occurrence, Series
from loa.workspace.rules.permissions import Role
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel, a_member, signed_in
from tests.questions import asks_at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


@pytest.fixture
def channel(bakery: Bakery) -> Channel:
    return a_channel(bakery.workspace)


@pytest.fixture
def post(bakery: Bakery, channel: Channel) -> Post:
    state = PostState(
        title="Bread", shared=Document((Part("Warm bread."),)), own={channel.pk: None}
    )
    with bakery.inside():
        return create_post(bakery.ben, state=state)


@pytest.fixture
def ben(bakery: Bakery) -> Client:
    return signed_in(bakery.ben)


def filled(**changes: Any) -> dict[str, Any]:
    first = clock.now().date() + timedelta(days=1)
    return {
        "name": "Bread",
        "kind": "weekly",
        "interval": "1",
        "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
        "local_time": "19:30",
        "first_on": first.isoformat(),
        "ends": "never",
        "way": "schedule",
        **changes,
    }


def page(bakery: Bakery, name: str, *args: int) -> str:
    return reverse(f"plan:{name}", args=[bakery.workspace.slug, *args])


def started(ben: Client, bakery: Bakery, post: Post, **changes: Any) -> Series:
    ben.post(page(bakery, "start-series", post.pk), filled(**changes))
    with bakery.inside():
        return Series.objects.select_related("workspace").get()


def test_the_dates_are_shown_before_anything_is_made(
    ben: Client, bakery: Bakery, post: Post
) -> None:
    answer = ben.post(page(bakery, "start-series", post.pk), filled(look="1", kind="lunar"))

    assert answer.status_code == 422
    assert "lunar_days" in answer.context["form"].errors
    answer = ben.post(
        page(bakery, "start-series", post.pk), filled(look="1", kind="lunar", lunar_days=["15"])
    )
    assert answer.status_code == 200
    assert [date.moon.day for date in answer.context["dates"]] == [15] * 8
    with bakery.inside():
        assert not Series.objects.exists()


def test_a_series_is_started_and_every_post_is_scheduled(
    ben: Client, bakery: Bakery, post: Post
) -> None:
    answer = ben.post(page(bakery, "start-series", post.pk), filled(), follow=True)

    assert "It repeats now" in answer.content.decode()
    with bakery.inside():
        made = Variant.objects.filter(post__occurrence__isnull=False)
        assert made.count() >= 27
        assert {one.planned_local[11:16] for one in made} == {"19:30"}
        assert made.filter(delivery__state="due").count() == made.count()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"interval": "99"}, "interval"),
        ({"kind": "monthly", "month_day": "32"}, "month_day"),
        ({"ends": "until", "until_on": ""}, "until_on"),
        ({"ends": "until", "until_on": "2001-01-01"}, "until_on"),
        ({"ends": "count", "count": ""}, "count"),
        ({"local_time": "25:99"}, "local_time"),
        ({"first_on": "3026-01-01"}, "first_on"),
        ({"name": " "}, "name"),
        ({"kind": "daily"}, "kind"),
    ],
)
def test_bad_input_is_told_at_its_field_and_keeps_what_was_typed(
    ben: Client, bakery: Bakery, post: Post, changes: dict[str, Any], field: str
) -> None:
    answer = ben.post(page(bakery, "start-series", post.pk), filled(**changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert 'value="19:30"' in answer.content.decode() or field == "local_time"
    with bakery.inside():
        assert not Series.objects.exists()


def test_a_date_is_left_out_and_taken_back_by_undo(ben: Client, bakery: Bakery, post: Post) -> None:
    series = started(ben, bakery, post)
    with bakery.inside():
        on = Occurrence.objects.order_by("on")[3].on.isoformat()

    ben.post(page(bakery, "skip-date", series.pk), {"on": on})
    with bakery.inside():
        assert Occurrence.objects.get(on=on).state == "skipped"
    ben.post(f"{page(bakery, 'speak-on', series.pk)}?on={on}")

    with bakery.inside():
        assert Occurrence.objects.get(on=on).state == "made"
    assert ben.post(page(bakery, "skip-date", series.pk), {"on": "soon"}).status_code == 404


def test_pause_go_on_and_end_are_said_on_the_page(ben: Client, bakery: Bakery, post: Post) -> None:
    series = started(ben, bakery, post)

    for name, words in (("pause", "Paused"), ("resume", "goes on"), ("end", "Ended")):
        answer = ben.post(page(bakery, f"{name}-series", series.pk), follow=True)
        assert words in answer.content.decode()
    answer = ben.post(page(bakery, "pause-series", series.pk), follow=True)
    assert "has ended" in answer.content.decode()


def test_the_post_says_which_series_it_belongs_to(ben: Client, bakery: Bakery, post: Post) -> None:
    before = ben.get(page(bakery, "series-of-post", post.pk)).content.decode()
    series = started(ben, bakery, post)
    with bakery.inside():
        made = Occurrence.objects.order_by("on")[0].post_id
    assert made

    after = ben.get(page(bakery, "series-of-post", made)).content.decode()
    answer = ben.post(page(bakery, "repeat-words", made), follow=True)

    assert "Let it repeat" in before
    assert page(bakery, "show-series", series.pk) in after
    assert "says this from now on" in answer.content.decode()


def test_the_list_of_series_asks_no_more_for_more_series(
    ben: Client, bakery: Bakery, post: Post
) -> None:
    with bakery.inside():
        first = started(ben, bakery, post, way="draft")
        for number in range(5):
            first.pk, first.name = None, f"Bread {number}"
            first.save()

    with asks_at_most(16):
        answer = ben.get(page(bakery, "all-series"))

    assert answer.content.decode().count("Bread") >= 6


def test_those_who_only_look_see_no_buttons_and_may_not_press_them(
    ben: Client, bakery: Bakery, post: Post
) -> None:
    series = started(ben, bakery, post)
    viewer = signed_in(a_member(bakery.workspace, Role.VIEWER, name="Mai Vũ"))

    assert "Pause" not in viewer.get(page(bakery, "show-series", series.pk)).content.decode()
    assert viewer.post(page(bakery, "pause-series", series.pk)).status_code == 403
    assert viewer.get(page(bakery, "start-series", post.pk)).status_code == 403


def test_a_scheduled_date_says_so(ben: Client, bakery: Bakery, post: Post) -> None:
    series = started(ben, bakery, post)

    answer = ben.get(page(bakery, "show-series", series.pk))

    assert {date.word for date in answer.context["coming"]} == {"scheduled"}
