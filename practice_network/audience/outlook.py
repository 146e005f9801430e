"""What lies ahead of each accepted post: read from the ledger, kept for a while, made again."""

import json
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from practice_network.accounts import Account, Accounts
from practice_network.audience.chance import named
from practice_network.audience.growth import DAY_MS, Growth
from practice_network.audience.model import Setting, draw_totals
from practice_network.audience.personas import Persona, personas
from practice_network.audience.plan import Plan, make_plan
from practice_network.audience.remarks import named_things
from practice_network.audience.timing import viewing
from practice_network.audience.wording import Features, read_features
from practice_network.store import Row, Store

_PLANS_KEPT = 512


@dataclass(frozen=True, slots=True)
class Subject:
    """One accepted post as the audience met it. number: which of its account's posts it is."""

    id: str
    root: str
    reply_to: str | None
    account: Account
    persona: Persona
    features: Features
    things: tuple[str, ...]
    began_ms: int
    number: int
    depth: int
    is_answer: bool
    followers: int
    recent_posts: int


@dataclass(slots=True)
class _Standing:
    """What the model remembers of an account while it reads the ledger."""

    account: Account
    growth: Growth
    posts: int = 0
    recent: deque[int] = field(default_factory=deque)
    follows: list[int] = field(default_factory=list)

    def followers_at(self, instant_ms: int) -> int:
        gained = bisect_right(self.follows, instant_ms)
        return max(self.account.followers + self.growth.change_at(instant_ms) + gained, 0)


class Outlook:
    """Turn ledger entries into subjects and plans, in the order of the ledger."""

    def __init__(self, store: Store, accounts: Accounts, *, seed: int) -> None:
        self._store = store
        self._accounts = accounts
        self._seed = seed
        self._standings: dict[str, _Standing] = {}
        self._subjects: dict[str, Subject] = {}
        self._ended: dict[str, int] = {}
        self._plans: OrderedDict[str, Plan] = OrderedDict()

    def accept(self, entry: Row) -> Subject | None:
        """Take in a post_created entry; None when the account has no audience."""
        account = self._accounts.find(entry["account"])
        if account is None or account.followers == 0:
            return None
        standing = self._standing(account)
        subject = self._read(entry, standing)
        self._subjects[subject.id] = subject
        if subject.depth == 0 and not subject.is_answer:
            standing.recent.append(subject.began_ms)
        for instant_ms in self.plan(subject).follows:
            insort(standing.follows, instant_ms)
        return subject

    def end(self, entry: Row) -> None:
        """Take in a post_deleted entry: from then on nobody sees the post."""
        subject = self._subjects.get(entry["subject"])
        if subject is None:
            return
        self._ended[subject.id] = entry["at"]
        follows = self._standing(subject.account).follows
        for instant_ms in self.plan(subject).follows:
            if instant_ms > entry["at"]:
                del follows[bisect_left(follows, instant_ms)]

    def subject(self, post_id: str) -> Subject | None:
        """Return a post the audience met; None for all others."""
        return self._subjects.get(post_id)

    def is_up(self, subject: Subject, instant_ms: int) -> bool:
        """Say whether the post could still be seen at `instant_ms`."""
        return instant_ms < self._ended.get(subject.id, instant_ms + 1)

    def followers_at(self, account: Account, instant_ms: int) -> int:
        """Return how many people follow an account."""
        if account.followers == 0:
            return 0
        return self._standing(account).followers_at(instant_ms)

    def plan(self, subject: Subject) -> Plan:
        """Return a post's future; made again when it was not needed for long."""
        known = self._plans.get(subject.id)
        if known is None:
            known = self._plans[subject.id] = self._make(subject)
            if len(self._plans) > _PLANS_KEPT:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(subject.id)
        return known

    def _make(self, subject: Subject) -> Plan:
        curve = viewing(subject.began_ms, subject.persona.activity, subject.account.zone)
        setting = Setting(
            followers=subject.followers,
            recent_posts=subject.recent_posts,
            timing=curve.strength,
            depth=subject.depth,
            is_answer=subject.is_answer,
        )
        chance = named(self._seed, "post", subject.account.handle, subject.number)
        totals = draw_totals(subject.features, subject.persona, setting, chance)
        return make_plan(totals, curve, chance)

    def _standing(self, account: Account) -> _Standing:
        known = self._standings.get(account.handle)
        if known is None:
            known = _Standing(account, Growth(self._seed, account))
            self._standings[account.handle] = known
        return known

    def _read(self, entry: Row, standing: _Standing) -> Subject:
        payload = json.loads(entry["payload"])
        account, at = standing.account, entry["at"]
        persona = personas()[account.persona]
        standing.posts += 1
        while standing.recent and standing.recent[0] <= at - DAY_MS:
            standing.recent.popleft()
        parent = self._parent(payload["reply_to"])
        is_own = parent is not None and parent["author"] == account.handle
        above = self._subjects.get(parent["id"]) if parent is not None and is_own else None
        return Subject(
            id=entry["subject"],
            root=(parent["root"] or parent["id"]) if parent is not None else entry["subject"],
            reply_to=payload["reply_to"],
            account=account,
            persona=persona,
            features=read_features(
                payload["text"], language=payload["language"], image_count=len(payload["media"])
            ),
            things=named_things(payload["text"], persona),
            began_ms=at,
            number=standing.posts,
            depth=(above.depth + 1 if above else 1) if is_own else 0,
            is_answer=parent is not None and not is_own,
            followers=standing.followers_at(at),
            recent_posts=len(standing.recent),
        )

    def _parent(self, post_id: str | None) -> Row | None:
        if post_id is None:
            return None
        return self._store.read_one("SELECT id, author, root FROM posts WHERE id = ?", post_id)
