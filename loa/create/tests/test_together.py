"""Many posts made at once are what they would be one by one, and refused for the same reasons."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from loa.channels.models import Channel
from loa.content.models import Campaign, Post, ReviewRule, Revision, Showing, Variant
from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.planned_time import PlannedTime, planned
from loa.content.rules.revisions import PostState
from loa.create import actions
from loa.create.actions import Draft
from loa.kernel.errors import LoaError
from loa.ops import clock, fence
from loa.publish import actions as publish
from loa.publish.models import Delivery
from loa.workspace.models import AuditEntry, Member, Workspace
from tests import cast
from tests.questions import asks_at_most

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ID = {"id", "post_id", "variant_id", "key", "number", "hash", "previous_hash", "subject"}


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    workspace = cast.a_workspace()
    with clock.at(cast.A_MONDAY), fence.inside(workspace.pk):
        yield workspace


@pytest.fixture
def ana(bakery: Workspace) -> Member:
    return cast.the_owner(bakery)


@pytest.fixture
def channels(bakery: Workspace) -> list[Channel]:
    return [cast.a_channel(bakery, handle="ben"), cast.a_channel(bakery, platform="mastodon")]


def soon(hours: int = 1) -> PlannedTime:
    return planned(cast.A_MONDAY + hours * HOUR, "Asia/Ho_Chi_Minh")


def saying(text: str, *channels: Channel, **more: Any) -> PostState:
    return PostState(
        shared=Document((Part(text),)), own=dict.fromkeys(one.pk for one in channels), **more
    )


def one_by_one(by: Member, draft: Draft, *, sends: bool) -> Post | LoaError:
    try:
        post = actions.create_post(by, state=draft.state)
        if draft.at is not None:
            actions.plan_post(post, at=draft.at, by=by)
            if sends:
                actions.schedule_post(post, by=by)
    except LoaError as refusal:
        return refusal
    return Post.objects.get(pk=post.pk)


def rows_of(post: Post) -> list[dict[str, object]]:
    """Return every row that making the post left, without what names it."""
    found: list[Any] = [
        *Post.objects.filter(pk=post.pk).values(),
        *Variant.objects.filter(post=post).order_by("channel").values(),
        *Revision.objects.filter(post=post).values(),
        *Showing.objects.filter(post=post).values(),
        *Delivery.objects.filter(post=post).order_by("channel").values(),
        *AuditEntry.objects.filter(subject=f"post:{post.pk}").order_by("number").values(),
    ]
    return [{name: one for name, one in row.items() if name not in ID} for row in found]


@pytest.mark.parametrize("mode", ["none", "any"])
@pytest.mark.parametrize("sends", [False, True], ids=["planned", "sent"])
def test_each_is_what_it_would_be_alone(
    bakery: Workspace,
    ana: Member,
    channels: list[Channel],
    mode: str,
    sends: bool,  # noqa: FBT001
) -> None:
    ReviewRule.objects.create(workspace=bakery, mode=mode)
    asset = cast.an_asset(bakery, alt_text="Ổ bánh")
    campaign = Campaign.objects.create(workspace=bakery, name="Tết", created_at=clock.now())
    own = Document((Part("riêng", (Attachment(asset.pk),)), Part("hai")), "lời đầu")
    drafts = [
        Draft(saying("Bánh mi\u0300 nóng", *channels, title=" Mới "), soon()),
        Draft(saying("không giờ", channels[0])),
        Draft(saying("chung", channels[0], campaign_id=campaign.pk, language="en"), soon(2)),
        Draft(PostState(shared=Document((Part("x"),)), own={channels[1].pk: own}), soon(3)),
    ]

    together = actions.create_posts(ana, drafts, sends=sends)
    alone = [one_by_one(ana, draft, sends=sends) for draft in drafts]

    for one, other in zip(together, alone, strict=True):
        assert isinstance(one, Post)
        assert isinstance(other, Post)
        assert rows_of(one) == rows_of(other)
    assert Delivery.objects.count() == (8 if sends and mode == "none" else 0)


def cut_off(channel: Channel, _draft: Draft) -> Draft:
    Channel.objects.filter(pk=channel.pk).update(state=Channel.State.LOST)
    return Draft(saying("mất", channel), soon())


REFUSED: dict[str, Callable[[Channel, Draft], Draft]] = {
    "past": lambda _channel, draft: Draft(draft.state, soon(-1)),
    "too long": lambda channel, _draft: Draft(saying("a" * 600, channel), soon()),
    "empty": lambda channel, _draft: Draft(saying("  ", channel), soon()),
    "cut off": cut_off,
    "strange channel": lambda _c, _draft: Draft(
        PostState(shared=Document((Part("lạ"),)), own={99_999_999: None}), soon()
    ),
    "too much": lambda channel, _draft: Draft(saying("a" * 50_001, channel), soon()),
    "nowhere": lambda _channel, _draft: Draft(saying("đâu đó"), soon()),
}


@pytest.mark.parametrize(
    ("mode", "why"),
    # Under review, a channel may come back before the post is approved.
    [("none", why) for why in REFUSED] + [("any", why) for why in REFUSED if why != "cut off"],
)
def test_what_stands_against_one_is_what_stands_against_it_alone_and_stops_no_other(
    bakery: Workspace, ana: Member, channels: list[Channel], mode: str, why: str
) -> None:
    ReviewRule.objects.create(workspace=bakery, mode=mode)
    fine = Draft(saying("nóng", channels[1]), soon())
    wrong = REFUSED[why](channels[0], Draft(saying("nóng", channels[0]), soon()))

    first, refused, last = actions.create_posts(ana, [fine, wrong, fine], sends=True)
    kept = Post.objects.count()
    alone = one_by_one(ana, wrong, sends=True)

    assert isinstance(first, Post)
    assert isinstance(last, Post)
    assert kept == 2
    assert isinstance(refused, LoaError)
    if why != "nowhere":
        assert type(refused) is type(alone)
    if isinstance(refused, publish.HasBlockingFindings):
        assert isinstance(alone, publish.HasBlockingFindings)
        assert refused.findings.keys() == alone.findings.keys()


def test_the_audit_trail_stays_whole(ana: Member, channels: list[Channel]) -> None:
    actions.create_posts(ana, [Draft(saying("một", *channels), soon())] * 3, sends=True)

    entries = list(AuditEntry.objects.order_by("number"))
    assert [one.number for one in entries] == list(range(1, len(entries) + 1))
    assert all(later.previous_hash == earlier.hash for earlier, later in pairwise(entries))


@pytest.mark.parametrize("count", [2, 60])
def test_sixty_cost_as_many_questions_as_two(
    ana: Member, channels: list[Channel], count: int
) -> None:
    drafts = [Draft(saying(f"bài {number}", *channels), soon()) for number in range(count)]

    with asks_at_most(18):
        actions.create_posts(ana, drafts, sends=True)

    assert Delivery.objects.count() == 2 * count
