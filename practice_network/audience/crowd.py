"""Let the audience act: as far as the clock has come, and no further.

Nothing runs by itself. Whoever looks first calls `catch_up`, which reads what the ledger has
new and writes down the comments that are due; so ten weeks pass as quickly as one second.
"""

import random
from dataclasses import dataclass, field
from enum import Enum
from heapq import heappop, heappush

from practice_network.accounts import Account, Accounts
from practice_network.audience.chance import lognormal, named
from practice_network.audience.outlook import Outlook, Subject
from practice_network.audience.people import POPULATION, People, Person
from practice_network.audience.personas import personas
from practice_network.audience.plan import MINUTE_MS
from practice_network.audience.remarks import Remark, choose_intent, write
from practice_network.ledger import Event
from practice_network.posts import FROM_AUDIENCE, Board, Post
from practice_network.store import Store

CHAT_SHARE = 0.12
CHAT_AFTER_MINUTES = 12.0
ANSWERED_SHARE = 0.4
ANSWERED_AFTER_MINUTES = 20.0
ENGLISH_UNDER_ENGLISH = 8.0
_FRIENDS = 4


class _Kind(Enum):
    """Who speaks: somebody under a post, somebody to that person, or who was answered."""

    COMMENT = "comment"
    CHAT = "chat"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, order=True)
class _Coming:
    """A remark that will be written. order: account, number of its post, number of the remark.

    The order decides between remarks of one instant, and names the chance that makes them:
    ids may be chosen by a client, and must not change what people say.
    """

    instant_ms: int
    order: tuple[str, int, str]
    kind: _Kind = field(compare=False)
    subject: Subject = field(compare=False)
    reply_to: str = field(compare=False)

    @property
    def id(self) -> str:
        return f"{self.subject.id}.{self.order[2]}"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a post has got so far."""

    likes: int = 0
    reposts: int = 0
    reach: int = 0
    impressions: int = 0
    link_clicks: int = 0


class Crowd:
    """The audience of one network."""

    def __init__(self, store: Store, accounts: Accounts, board: Board, *, seed: int) -> None:
        self.people = People(seed)
        self._store = store
        self._board = board
        self._seed = seed
        self._outlook = Outlook(store, accounts, seed=seed)
        self._read_to = 0
        self._coming: list[_Coming] = []

    def catch_up(self, now_ms: int) -> None:
        """Write down everything the audience has said until `now_ms`."""
        self._read_ledger()
        while self._coming and self._coming[0].instant_ms <= now_ms:
            self._say(heappop(self._coming))

    def counts(self, post_id: str, now_ms: int) -> Counts:
        """Return what a post has got by `now_ms`; call catch_up before."""
        subject = self._outlook.subject(post_id)
        if subject is None:
            return Counts()
        plan = self._outlook.plan(subject)
        return Counts(
            likes=plan.likes.count_at(now_ms),
            reposts=plan.reposts.count_at(now_ms),
            reach=plan.reach_at(now_ms),
            impressions=plan.impressions_at(now_ms),
            link_clicks=plan.link_clicks.count_at(now_ms),
        )

    def followers(self, account: Account, now_ms: int) -> int:
        """Return how many people follow an account; call catch_up before."""
        return self._outlook.followers_at(account, now_ms)

    def some_followers(self, account: Account, *, limit: int) -> list[Person]:
        """Return up to `limit` of the people who follow an account, the regulars first."""
        writes_english = personas()[account.persona].writes_english
        return [
            self.people.at_rank(account.handle, rank, writes_english=writes_english)
            for rank in range(min(limit, POPULATION))
        ]

    def _read_ledger(self) -> None:
        last = self._store.read_one("SELECT max(seq) AS seq FROM ledger")
        if last is None or (last["seq"] or 0) <= self._read_to:
            return
        entries = self._store.read(
            "SELECT seq, at, event, account, subject, payload FROM ledger"
            " WHERE seq > ? AND event IN (?, ?)"
            " AND account IN (SELECT handle FROM accounts WHERE followers > 0) ORDER BY seq",
            self._read_to,
            Event.POST_CREATED,
            Event.POST_DELETED,
        )
        for entry in entries:
            if entry["event"] == Event.POST_DELETED:
                self._outlook.end(entry)
            elif subject := self._outlook.accept(entry):
                self._foresee(subject)
        self._read_to = last["seq"]

    def _foresee(self, subject: Subject) -> None:
        """Note which comments will come under a post, and the reply of who was answered."""
        for number, instant_ms in enumerate(self._outlook.plan(subject).comments):
            self._note(instant_ms, str(number), _Kind.COMMENT, subject, subject.id)
        if not subject.is_answer:
            return
        chance = named(self._seed, "answered", subject.account.handle, subject.number)
        if chance.random() < ANSWERED_SHARE:
            instant_ms = subject.began_ms + _pause_ms(ANSWERED_AFTER_MINUTES, chance)
            self._note(instant_ms, "a", _Kind.ANSWERED, subject, subject.id)

    def _note(
        self, instant_ms: int, label: str, kind: _Kind, subject: Subject, reply_to: str
    ) -> None:
        order = (subject.account.handle, subject.number, label)
        heappush(self._coming, _Coming(instant_ms, order, kind, subject, reply_to))

    def _say(self, coming: _Coming) -> None:
        """Write a remark down, unless its post is gone or an earlier run wrote it already."""
        subject = coming.subject
        if not self._outlook.is_up(subject, coming.instant_ms):
            return
        if not self._store.read_one("SELECT 1 FROM posts WHERE id = ?", coming.id):
            self._write(coming)
        if coming.kind is not _Kind.COMMENT:
            return
        chance = self._chance(coming, "chat")
        if chance.random() < CHAT_SHARE:
            instant_ms = coming.instant_ms + _pause_ms(CHAT_AFTER_MINUTES, chance)
            self._note(instant_ms, f"{coming.order[2]}r", _Kind.CHAT, subject, coming.id)

    def _write(self, coming: _Coming) -> None:
        said = self._remark(coming)
        if said is None:
            return
        person, remark = said
        self._board.insert(
            Post(
                seq=0,
                id=coming.id,
                author=person.handle,
                origin=FROM_AUDIENCE,
                text=remark.text,
                language=remark.language,
                media_ids=(),
                reply_to=coming.reply_to,
                root=coming.subject.root,
                client_ref=None,
                intent=remark.intent,
                created_at=coming.instant_ms,
                edited_at=None,
                deleted_at=None,
            )
        )

    def _remark(self, coming: _Coming) -> tuple[Person, Remark] | None:
        """Return who says what; None when the person who was answered is not of the audience."""
        subject, chance = coming.subject, self._chance(coming, "remark")
        writes_english = _english_share(subject)
        draws = [chance.random() for _ in range(1 + _FRIENDS)]
        person, *friends = (
            self.people.pick(subject.account.handle, draw=draw, writes_english=writes_english)
            for draw in draws
        )
        match coming.kind:
            case _Kind.COMMENT:
                intent = choose_intent(subject.features, subject.persona, chance)
            case _Kind.CHAT:
                intent = "chat"
            case _Kind.ANSWERED:
                answered = self._answered(subject)
                if answered is None:
                    return None
                person, intent = answered
        remark = write(
            intent,
            person=person,
            friends=tuple(friends),
            persona=subject.persona,
            things=subject.things,
            chance=chance,
        )
        return person, remark

    def _answered(self, subject: Subject) -> tuple[Person, str] | None:
        """Return whom an answer was for, and in what mood that person is now."""
        row = self._store.read_one(
            "SELECT author, intent FROM posts WHERE id = ?", subject.reply_to
        )
        person = self.people.by_handle(row["author"]) if row else None
        if row is None or person is None:
            return None
        return person, "calmed" if row["intent"] == "complaint" else "thanks"

    def _chance(self, coming: _Coming, purpose: str) -> random.Random:
        return named(self._seed, purpose, *coming.order)


def _pause_ms(usual_minutes: float, chance: random.Random) -> int:
    """Draw how long somebody takes to reply: a minute at least."""
    return int((1 + usual_minutes * lognormal(chance, 0.9)) * MINUTE_MS)


def _english_share(subject: Subject) -> float:
    """Return how many of those who comment write English: more under an English post."""
    usual = subject.persona.writes_english
    if subject.features.language == "vi":
        return usual
    return min(1.0, usual * ENGLISH_UNDER_ENGLISH)
