"""The pages on which many posts are changed at once, and a week is copied."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from loa.channels.models import Channel
from loa.content.actions.campaigns import add_campaign
from loa.content.models import Post, Variant
from loa.content.rules.document import Document, Part
from loa.content.rules.planned_time import planned
from loa.content.rules.revisions import PostState
from loa.create.actions import create_post, plan_post
from loa.ops import clock
from loa.workspace.rules.permissions import Role
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel, a_member, signed_in
from tests.questions import asks_at_most

pytestmark = pytest.mark.django_db
LONGEST_ADDRESS = 8000  # what web servers and proxies commonly take


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


@pytest.fixture
def channel(bakery: Bakery) -> Channel:
    return a_channel(bakery.workspace)


@pytest.fixture
def ben(bakery: Bakery) -> Client:
    return signed_in(bakery.ben)


def posts(bakery: Bakery, *channels: Channel, count: int = 3, with_time: bool = True) -> list[Post]:
    made = []
    tomorrow = clock.now() + timedelta(days=1)
    with bakery.inside():
        for number in range(count):
            own = dict.fromkeys(one.pk for one in channels)
            state = PostState(shared=Document((Part(f"Loaf {number}."),)), own=own)
            post = create_post(bakery.ben, state=state)
            if with_time:
                at = planned(tomorrow + timedelta(hours=3 * number), "Asia/Ho_Chi_Minh")
                plan_post(post, at=at, by=bakery.ben)
            made.append(post)
    return made


def page(bakery: Bakery, name: str) -> str:
    return reverse(f"plan:{name}", args=[bakery.workspace.slug])


def undo_in(answer: Any) -> str:
    found = re.search(r'action="([^"]*/together/undo/[^"]*)"', answer.content.decode())
    assert found
    return unescape(found[1])


def times(bakery: Bakery) -> list[str]:
    with bakery.inside():
        rows = Variant.objects.filter(post__deleted_at=None).order_by("pk")
        return list(rows.values_list("planned_local", flat=True))


def test_chosen_posts_are_moved_and_moved_back(
    ben: Client, bakery: Bakery, channel: Channel
) -> None:
    chosen = [post.pk for post in posts(bakery, channel)]
    before = times(bakery)

    answer = ben.post(
        page(bakery, "shift-together"), {"post": chosen, "days": "7", "hours": ""}, follow=True
    )
    after = times(bakery)
    undone = ben.post(undo_in(answer), follow=True)

    assert "3 posts moved." in answer.content.decode()
    assert after != before
    assert "Undone." in undone.content.decode()
    assert times(bakery) == before


def test_what_stays_is_listed_with_its_reason(
    ben: Client, bakery: Bakery, channel: Channel
) -> None:
    [planned_one] = posts(bakery, channel, count=1)
    [loose] = posts(bakery, channel, count=1, with_time=False)

    answer = ben.post(
        page(bakery, "move-to-day"),
        {"post": [planned_one.pk, loose.pk], "on": f"{clock.now().date() + timedelta(9)}"},
    )

    assert answer.status_code == 409
    assert "It has no time yet" in answer.content.decode()
    assert undo_in(answer)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("shift-together", {"days": "", "hours": ""}, "Say by how many days"),
        ("shift-together", {"days": "soon"}, "Write a whole number"),
        ("shift-together", {"days": "9999"}, "366"),
        ("move-to-day", {"on": ""}, "Choose a day."),
        ("move-to-day", {"on": "1805-01-01"}, "too far away"),
    ],
)
def test_bad_input_is_told_and_the_choice_is_kept(
    ben: Client, bakery: Bakery, name: str, typed: dict[str, str], words: str
) -> None:
    chosen = [post.pk for post in posts(bakery, a_channel(bakery.workspace))]
    before = times(bakery)

    answer = ben.post(page(bakery, name), {"post": chosen, **typed})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.content.decode().count('name="post"') == 3
    assert times(bakery) == before


def test_labelling_and_deleting_come_back_to_the_page_one_came_from(
    ben: Client, bakery: Bakery, channel: Channel
) -> None:
    chosen = [post.pk for post in posts(bakery, channel)]
    with bakery.inside():
        tet = add_campaign("Tết", workspace=bakery.workspace)
    here = reverse("create:posts", args=[bakery.workspace.slug]) + "?state=draft"

    labelled = ben.post(
        page(bakery, "label-together"), {"post": chosen, "campaign": tet.pk, "next": here}
    )
    deleted = ben.post(page(bakery, "delete-together"), {"post": chosen, "next": here})
    elsewhere = ben.post(
        page(bakery, "delete-together"), {"post": chosen[:0], "next": "//evil.example/w/x/"}
    )

    assert labelled["Location"] == deleted["Location"] == here
    assert elsewhere["Location"] == reverse("create:posts", args=[bakery.workspace.slug])
    with bakery.inside():
        assert Post.objects.filter(campaign=tet, deleted_at__isnull=False).count() == 3


def test_the_way_back_of_the_most_posts_fits_into_an_address(ben: Client, bakery: Bakery) -> None:
    channels = [a_channel(bakery.workspace) for _number in range(4)]
    chosen = [post.pk for post in posts(bakery, *channels, count=60)]

    answer = ben.post(page(bakery, "shift-together"), {"post": chosen, "days": "1"}, follow=True)

    assert len(undo_in(answer)) < LONGEST_ADDRESS
    assert "Undone." in ben.post(undo_in(answer), follow=True).content.decode()


def test_a_forged_way_back_changes_nothing(ben: Client, bakery: Bakery) -> None:
    answer = ben.post(page(bakery, "undo-together") + "?was=forged", follow=True)

    assert "can no longer be undone" in answer.content.decode()


def test_more_than_sixty_are_refused_with_a_sentence(ben: Client, bakery: Bakery) -> None:
    answer = ben.post(page(bakery, "delete-together"), {"post": list(range(1, 90))})

    assert answer.status_code == 422
    assert "60 posts at most" in answer.content.decode()


def test_the_list_of_posts_offers_boxes_and_asks_nothing_more_for_them(
    ben: Client, bakery: Bakery, channel: Channel
) -> None:
    posts(bakery, channel, count=12)
    address = reverse("create:posts", args=[bakery.workspace.slug])

    with asks_at_most(16):
        answer = ben.get(address)

    assert answer.content.decode().count('form="select-rows"') == 12
    viewer = signed_in(a_member(bakery.workspace, Role.VIEWER, name="Mai Vũ"))
    assert "select-rows" not in viewer.get(address).content.decode()
    assert viewer.get(page(bakery, "together")).status_code == 403


def test_a_week_is_copied_and_the_copy_taken_back(
    ben: Client, bakery: Bakery, channel: Channel
) -> None:
    posts(bakery, channel, count=1)
    with bakery.inside():
        [variant] = Variant.objects.all()
    there = date.fromisoformat(variant.planned_local[:10])
    asked = {
        "week": f"{there}",
        "to": f"{there + timedelta(weeks=1)}",
        "channels": [channel.pk],
    }

    answer = ben.post(page(bakery, "copy-week"), asked, follow=True)
    assert "1 draft begun" in answer.content.decode()
    assert len(times(bakery)) == 2
    again = ben.post(page(bakery, "copy-week"), asked)
    assert "Too close to another post" in again.content.decode()
    ben.post(undo_in(answer))

    assert len(times(bakery)) == 1


def test_a_week_is_not_copied_without_channel_or_onto_itself(
    ben: Client, bakery: Bakery, channel: Channel
) -> None:
    asked = {"week": "2026-11-18", "to": "2026-11-17", "channels": [channel.pk]}

    same = ben.post(page(bakery, "copy-week"), asked)
    nowhere = ben.post(page(bakery, "copy-week"), {**asked, "channels": []})
    far = ben.post(page(bakery, "copy-week"), {**asked, "to": "9999-12-31"})

    assert same.status_code == nowhere.status_code == far.status_code == 422
    assert "Choose another week" in same.content.decode()
    assert "Choose at least one channel" in nowhere.content.decode()
    assert "too far away" in far.content.decode()
