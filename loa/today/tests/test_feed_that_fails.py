"""A feed that fails for a day is told on Today, to whoever can do something about it."""

from datetime import timedelta

import pytest
from django.utils import translation

from loa.intake.models import Source
from loa.ops import clock, fence
from loa.today import wording
from loa.today.queries import count_needs, needs_of
from loa.workspace.models import Member
from loa.workspace.rules.permissions import Role
from tests import cast

pytestmark = pytest.mark.django_db


def a_failing_source(by: Member, *, since: timedelta) -> None:
    now = clock.now()
    Source.objects.create(
        workspace=by.workspace,
        url="https://blog.example/feed",
        name="Blog",
        template="{title}",
        added_by=by,
        added_at=now,
        next_poll_at=now,
        failures=9,
        failing_since=now - since,
        trouble="feed.unreadable",
    )


@pytest.mark.parametrize(("hours", "told"), [(23, False), (25, True)])
def test_a_feed_is_told_after_a_day_of_failures(hours: int, told: bool) -> None:  # noqa: FBT001
    owner = cast.ana(cast.a_workspace())
    with fence.inside(owner.workspace_id), translation.override("en"):
        a_failing_source(owner, since=timedelta(hours=hours))
        needs = needs_of(owner, now=clock.now())
        said = [wording.line(one, workspace=owner.workspace, now=clock.now()) for one in needs]

        assert any("no RSS" in line.note for line in said) is told
        assert count_needs(owner, now=clock.now()) == int(told)


def test_who_cannot_change_feeds_is_not_told() -> None:
    bakery = cast.a_workspace()
    viewer = cast.a_member(bakery, Role.VIEWER)
    with fence.inside(bakery.pk):
        a_failing_source(cast.ana(bakery), since=timedelta(days=2))

        assert needs_of(viewer, now=clock.now()) == ()
