"""Chance that can be replayed: every draw has a name, and its name decides it."""

import math
import random
from hashlib import blake2b

_MANY = 30.0


def named(seed: int, *names: object) -> random.Random:
    """Return a generator that depends on the seed and the names alone."""
    label = "|".join(str(name) for name in (seed, *names))
    digest = blake2b(label.encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest))  # noqa: S311 -- chance that can be replayed


def poisson(chance: random.Random, mean: float) -> int:
    """Draw a count around `mean`; above 30 the normal curve is close enough."""
    if mean <= 0:
        return 0
    if mean > _MANY:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def lognormal(chance: random.Random, sigma: float) -> float:
    """Draw a factor whose mean is 1 and whose logarithm varies by `sigma`."""
    return math.exp(chance.gauss(-sigma * sigma / 2, sigma))
