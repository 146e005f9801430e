"""The whole network as one object: its parts, and what they agree on."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from practice_network.accounts import Accounts
from practice_network.audience.crowd import Crowd
from practice_network.clock import NetworkClock, Pace
from practice_network.faults.book import FaultBook
from practice_network.feeds import Feeds
from practice_network.ledger import Ledger
from practice_network.media import Gallery
from practice_network.posts import Board
from practice_network.rate_window import RateWindows
from practice_network.sessions import Sessions
from practice_network.store import Store


@dataclass(slots=True)
class Network:
    """Everything one running network holds. Build it with `open_network`.

    seed: decides all chance of the audience. admin_code: what an administrator who is not on
    this machine must show; empty: only this machine administers.
    """

    store: Store
    clock: NetworkClock
    seed: int
    admin_code: str
    accounts: Accounts
    sessions: Sessions
    ledger: Ledger
    gallery: Gallery
    board: Board
    feeds: Feeds
    crowd: Crowd
    faults: FaultBook = field(default_factory=FaultBook)
    rates: RateWindows = field(default_factory=RateWindows)

    def catch_up(self) -> None:
        """Let the audience do what it has done by now; call it before reading reactions."""
        self.crowd.catch_up(self.clock.now_ms())

    def keep_clock(self) -> None:
        """Write the clock down, so that a restart continues in the same time."""
        pace = self.clock.pace
        kept = json.dumps([pace.network_anchor_ms, pace.real_anchor_ms, pace.speed])
        self.store.write("INSERT OR REPLACE INTO meta VALUES ('clock', ?)", kept)


def open_network(path: Path | None, *, seed: int | None = None, admin_code: str = "") -> Network:
    """Open the network kept in the file at `path`, or a new one in memory.

    seed: None takes the file's own, or 1 for a new network.
    """
    store = Store(path)
    chosen = seed if seed is not None else int(_kept(store, "seed") or 1)
    store.write("INSERT OR REPLACE INTO meta VALUES ('seed', ?)", str(chosen))
    ledger = Ledger(store)
    gallery = Gallery(store, ledger)
    accounts = Accounts(store)
    board = Board(store, ledger, gallery)
    network = Network(
        store=store,
        clock=NetworkClock(_kept_pace(store)),
        seed=chosen,
        admin_code=admin_code,
        accounts=accounts,
        sessions=Sessions(store, accounts),
        ledger=ledger,
        gallery=gallery,
        board=board,
        feeds=Feeds(store),
        crowd=Crowd(store, accounts, board, seed=chosen),
    )
    store.settle_now()
    return network


def _kept(store: Store, name: str) -> str | None:
    row = store.read_one("SELECT value FROM meta WHERE name = ?", name)
    return row["value"] if row else None


def _kept_pace(store: Store) -> Pace | None:
    kept = _kept(store, "clock")
    return Pace(*json.loads(kept)) if kept else None


def start_over(network: Network, *, seed: int | None = None) -> Network:
    """Close a network and open an empty one in its place.

    Nothing is erased: a file is set aside under the time it was closed.
    """
    path = network.store.path
    network.store.close()
    if path is not None:
        path.rename(path.with_name(f"{path.stem}-until-{network.clock.real_ms()}{path.suffix}"))
    chosen = network.seed if seed is None else seed
    return open_network(path, seed=chosen, admin_code=network.admin_code)
