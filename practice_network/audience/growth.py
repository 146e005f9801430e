"""How many people follow an account beside what its posts bring: some come, some leave."""

from practice_network.accounts import Account
from practice_network.audience.chance import named, poisson

DAY_MS = 86_400_000
FOUND_PER_DAY = 0.4
COME_PER_FOLLOWER_AND_DAY = 0.0010
LEAVE_PER_FOLLOWER_AND_DAY = 0.0007


class Growth:
    """The followers an account gains and loses by itself, day by day since it was made."""

    def __init__(self, seed: int, account: Account) -> None:
        self._seed = seed
        self._account = account
        self._after_day = [0]

    def change_at(self, instant_ms: int) -> int:
        """Return the net change since the account was made; within a day it goes evenly."""
        age_ms = max(instant_ms - self._account.created_at, 0)
        day, within_ms = divmod(age_ms, DAY_MS)
        while len(self._after_day) <= day + 1:
            self._after_day.append(self._after_day[-1] + self._draw(len(self._after_day) - 1))
        before, after = self._after_day[day], self._after_day[day + 1]
        return before + (after - before) * within_ms // DAY_MS

    def _draw(self, day: int) -> int:
        chance = named(self._seed, "growth", self._account.handle, day)
        start = self._account.followers
        come = poisson(chance, FOUND_PER_DAY + COME_PER_FOLLOWER_AND_DAY * start)
        return come - min(poisson(chance, LEAVE_PER_FOLLOWER_AND_DAY * start), start)
