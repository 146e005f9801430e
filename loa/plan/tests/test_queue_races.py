"""Many people at once: nobody gets somebody else's slot."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.ops import clock, fence
from loa.plan import actions
from loa.plan.tests.planning import NOW, daily
from loa.workspace.models import Member, Workspace
from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
PEOPLE = 8


def a_busy_bakery() -> tuple[Workspace, Member, tuple[Channel, Channel]]:
    with clock.at(NOW):
        bakery = cast.a_workspace()
        channels = cast.a_channel(bakery), cast.a_channel(bakery)
        for channel in channels:
            daily(channel, "08:00", "20:00")
        return bakery, cast.the_owner(bakery), channels


def test_eight_people_queue_at_once_and_get_eight_slots() -> None:
    bakery, by, channels = a_busy_bakery()
    # Half of them name the channels the other way round: a chance for a deadlock.
    posts = [
        cast.a_post(bakery, text=f"Loaf {n}", channels=channels if n % 2 else channels[::-1])
        for n in range(PEOPLE)
    ]
    start = Barrier(PEOPLE)

    def queue(post: Post) -> None:
        start.wait()
        with clock.at(NOW), fence.inside(bakery.pk):
            actions.add_to_queue(post, by=by)
        connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(queue, posts))

    with fence.inside(bakery.pk):
        for channel in channels:
            held = list(Variant.objects.filter(channel=channel).values_list("planned_at"))
            assert len(held) == len(set(held)) == PEOPLE


def test_reordering_from_both_ends_at_once_loses_no_slot() -> None:
    bakery, by, (channel, _other) = a_busy_bakery()
    with clock.at(NOW), fence.inside(bakery.pk):
        posts = [cast.a_post(bakery, text=f"Loaf {n}", channels=(channel,)) for n in range(PEOPLE)]
        for post in posts:
            actions.add_to_queue(post, by=by)
        before = set(Variant.objects.values_list("planned_at", flat=True))
        variants = list(
            Variant.objects.select_related("channel__workspace", "workspace").order_by("pk")
        )
    start = Barrier(PEOPLE)

    def move(variant: Variant) -> None:
        start.wait()
        with clock.at(NOW), fence.inside(bakery.pk):
            actions.move_in_queue(variant, steps=-3 if variant.pk % 2 else 3, by=by)
        connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(move, variants))

    with fence.inside(bakery.pk):
        assert set(Variant.objects.values_list("planned_at", flat=True)) == before
        assert Variant.objects.filter(in_queue=True).count() == PEOPLE
