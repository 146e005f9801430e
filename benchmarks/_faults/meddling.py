"""F11: edits, cancellations and approvals around the claim."""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import batched, cycle
from statistics import fmean
from typing import TYPE_CHECKING

from benchmarks._faults.case import Case
from benchmarks._faults.rows import in_threads, work

if TYPE_CHECKING:
    from loa.content.models import Post

CLOSE_S, APART_S = 0.05, 0.04
ROUND, SLACK = 50, 1.5  # how many of each class at once, and how much time more than people took
BEGINS_S, BEGINS_EACH_S = 2.0, 0.03
GOOD_PART = 1 / 2
PEOPLE = 6
FREELY, UNDER_A_RULE = ("edit", "edit", "cancel"), ("approve", "leave unapproved")


@dataclass(slots=True)
class _Told:
    """What a person was told who meddled with a post, and from when to when that was.

    kind: what was tried. edited: the new words were taken. approved: they were approved, and
    handed over again. cancelled, halfway: so it was said; a thread of which the first part was
    live is stopped, and not called cancelled.
    """

    kind: str
    began: datetime
    ended: datetime
    edited: bool = False
    approved: bool = False
    cancelled: bool = False
    halfway: bool = False

    @property
    def took_s(self) -> float:
        """Return for how many seconds the person was busy with it."""
        return (self.ended - self.began).total_seconds()


def meddled_with(case: Case) -> None:
    """F11: posts fall due one after the other, and somebody meddles within 50 ms of each.

    First without a rule: edits, and every third a cancellation. Then somebody must approve:
    each post is approved, edited around its time, and every second approved again. After each
    round posts are as far apart as people need: on a busy machine they would come too late.
    """
    case.may_refuse = True
    case.open_channels()
    numbers = range(case.size.deliveries)
    told: dict[int, _Told] = {}
    with case.workers(2):
        for approving, some in ((False, numbers[::2]), (True, numbers[1::2])):
            if approving:
                _ask_for_approval(case)
            apart_s = APART_S
            for portion in batched(some, ROUND):
                posts = _planned(case, portion, apart_s=apart_s, approving=approving)
                _meddle(case, posts, UNDER_A_RULE if approving else FREELY, told)
                took_s = fmean(told[post.pk].took_s for post in posts)
                apart_s = max(APART_S, SLACK * took_s / PEOPLE)
            case.settled()
    _judge(case, told)


def _ask_for_approval(case: Case) -> None:
    from loa.content.models import ReviewRule  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    workspace = case.scene.workspace
    with fence.inside(workspace.pk):
        ReviewRule.objects.create(
            workspace=workspace, mode=ReviewRule.Mode.ANY, may_approve_own=True
        )


def _planned(
    case: Case, numbers: Sequence[int], *, apart_s: float, approving: bool
) -> "list[Post]":
    """Write posts that fall due one after the other, in that order; approve them if need be."""
    from loa.content.models import Post  # noqa: PLC0415
    from loa.content.queries import fingerprint_of  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415

    count = len(numbers) * len(case.size.classes)
    begins = clock.now() + timedelta(seconds=BEGINS_S + BEGINS_EACH_S * count)
    gap = timedelta(seconds=apart_s)
    posts = case.write(parts=2, numbers=numbers, due_at=lambda place: begins + place * gap)
    if approving:
        with fence.inside(case.scene.workspace.pk):
            for post in posts:
                Post.objects.filter(pk=post.pk).update(
                    review=Post.Review.APPROVED,
                    approved_fingerprint=fingerprint_of(post),
                    approved_at=clock.now(),
                )
    case.put_down(posts)
    return posts


def _meddle(
    case: Case, posts: "Sequence[Post]", kinds: Sequence[str], told: dict[int, _Told]
) -> None:
    """Do something with each post around its time; several people, or they would be late."""
    from loa.ops import clock  # noqa: PLC0415

    # Each person does each kind in turn: some take longer.
    in_a_row = min(PEOPLE, len(posts) // len(kinds))
    turns = [kind for kind in kinds for _ in range(in_a_row)] or kinds
    planned = [
        (due_at + timedelta(seconds=case.chance.uniform(-CLOSE_S, CLOSE_S)), post, kind)
        for (due_at, post), kind in zip(_in_order(case, posts), cycle(turns), strict=False)
    ]

    def take_turns(some: "list[tuple[datetime, Post, str]]") -> None:
        for at, post, kind in some:
            time.sleep(max(0.0, (at - clock.now()).total_seconds()))
            told[post.pk] = _done(case, post, kind)

    in_threads([partial(take_turns, planned[person::PEOPLE]) for person in range(PEOPLE)])


def _in_order(case: Case, posts: "Sequence[Post]") -> "list[tuple[datetime, Post]]":
    """Return posts with when they are due, the first first."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415

    with fence.inside(case.scene.workspace.pk):
        due = dict(Delivery.objects.filter(post__in=posts).values_list("post_id", "due_at"))
    return sorted(((due[post.pk], post) for post in posts), key=lambda one: one[0])


def _done(case: Case, post: "Post", kind: str) -> _Told:
    from loa.ops import clock, fence  # noqa: PLC0415
    from loa.publish import actions  # noqa: PLC0415

    told = _Told(kind, clock.now(), clock.now())
    if kind == "cancel":
        with suppress(actions.CannotCancel), fence.inside(case.scene.workspace.pk):
            waiting = post.deliveries.get(after=None)
            stopped = actions.cancel_delivery(waiting, by=case.scene.ana)
            told.cancelled = stopped.state == "cancelled"
            told.halfway = stopped.failure_code == "thread.stopped"
    else:
        told.edited = _edited(case, post)
    if kind == "approve" and told.edited:
        told.approved = _approved(case, post)
    told.ended = clock.now()
    return told


def _edited(case: Case, post: "Post") -> bool:
    from loa.content.models import Post  # noqa: PLC0415
    from loa.content.queries import state_of  # noqa: PLC0415
    from loa.content.rules.document import Document, Part  # noqa: PLC0415
    from loa.create.actions.composing import AlreadyOut, save_post  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    new = Document(tuple(map(Part, _new_words(post))))
    try:
        with fence.inside(case.scene.workspace.pk):
            present = Post.objects.select_related("workspace").get(pk=post.pk)
            state = replace(state_of(present), shared=new)
            save_post(present, base_revision=present.revision, state=state, by=case.scene.ana)
    except AlreadyOut:
        return False
    return True


def _approved(case: Case, post: "Post") -> bool:
    from loa.content.models import Post  # noqa: PLC0415
    from loa.content.queries import fingerprint_of  # noqa: PLC0415
    from loa.create.actions.reviewing import approve  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    with fence.inside(case.scene.workspace.pk):
        present = Post.objects.select_related("workspace").get(pk=post.pk)
        agreed = approve(present, fingerprint=fingerprint_of(present), by=case.scene.ana)
    return bool(agreed.scheduled)


def _old_words(post: "Post") -> list[str]:
    return [part.caption for part in post.document.parts]


def _new_words(post: "Post") -> list[str]:
    return [f"{caption} new" for caption in _old_words(post)]


def _judge(case: Case, told: dict[int, _Told]) -> None:
    """Nothing is a mixture, what was told holds, and the meddling came close to the claims."""
    live = set(case.scene.ledger())
    ended = {one.post_id: one for one in work()}
    ends: Counter[str] = Counter()
    for post in case.posts:
        old, new = _old_words(post), _new_words(post)
        seen = [text for text in old + new if text in live]
        out = {"": "nothing", old[0]: "old words", new[0]: "new words"}["".join(seen[:1])]
        if told[post.pk].halfway:
            out = "stopped halfway"
            case.halfway.add(post.pk)
        ends[f"{told[post.pk].kind}: {out}"] += 1
        if why := _broken(told[post.pk], seen, old=old, new=new):
            one = ended[post.pk]
            end = f"{one.state} ({one.failure_code})"
            case.wrong.append(f"{told[post.pk].kind}: {why}; went out: {seen}; is {end}")
    close = 0
    for one in ended.values():
        said = told[one.post_id]
        claim = one.claimed_at or one.due_at
        near = timedelta(seconds=CLOSE_S)
        close += said.began - near <= claim <= said.ended + near
    case.notes.append(f"{close} of {len(told)} within 50 ms of the claim; {_listed(ends)}")
    if case.size.is_full and close < GOOD_PART * len(told):
        case.wrong.append("too little of the meddling came within 50 ms of a claim")
    if case.size.is_full and not ends["approve: new words"]:
        case.wrong.append("no approval came before its post went out")


def _broken(told: _Told, seen: list[str], *, old: list[str], new: list[str]) -> str:
    """Return which promise was broken; "" for none."""
    if told.halfway:
        return "" if seen == old[:1] else "stopped halfway"
    broken = {
        "a mixture": seen not in ([], old, new),
        f"cancelled: {told.cancelled}": told.kind == "cancel" and told.cancelled == bool(seen),
        "lost": told.kind == "edit" and not seen,
        "approved and scheduled, and not live": told.approved and seen != new,
        "not approved": told.kind in UNDER_A_RULE and seen == new and not told.approved,
    }
    return next((why for why, is_so in broken.items() if is_so), "")


def _listed(ends: Counter[str]) -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(ends.items()))
