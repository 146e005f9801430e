"""How far a platform folder has come: the checklist behind the tier that users see.

A folder's quality.toml answers every rule with "done", "todo: why" or "exempt: why"; the
last rule with "done: YYYY-MM-DD". A tier is earned when its rules and those below hold.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from loa.connectors.contract import Tier
from loa.kernel.errors import LoaError

RULES: Mapping[Tier, Mapping[str, str]] = {
    Tier.BRONZE: {
        "connects": "A person can connect a channel with the steps in help.md.",
        "publishes_text": "A caption goes out and its address comes back.",
        "publishes_an_image": "An image goes out with its alternative text.",
        "reconnects": "A lost grant is noticed and can be replaced.",
        "explains_failures": "Every failure is sorted and has a code.",
    },
    Tier.SILVER: {
        "publishes_every_media_kind": "Each media kind that the platform has can go out.",
        "replies": "Threads and first comments go out as replies.",
        "reads_counts": "Public counts come in as readings.",
        "records_every_refusal": "Each refusal has a recorded answer and a test.",
    },
    Tier.GOLD: {
        "survives_rate_limits": "A wait that the platform asks for is kept.",
        "survives_half_uploads": "An upload that broke is done again without a trace.",
        "settles_lost_answers": "A lost answer is settled without a duplicate.",
        "reads_limits_live": "Limits come from the platform, where it tells them.",
    },
    Tier.PLATINUM: {
        "verified_on_the_real_service": "Tried on the real service this quarter.",
    },
}


class WrongQuality(LoaError):
    """A quality.toml leaves a rule out, or answers it in a way that means nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answered rule. state: done, todo or exempt. note: why, or when."""

    tier: Tier
    rule: str
    state: str
    note: str = ""


def read_quality(toml: str) -> tuple[Verdict, ...]:
    """Return the answers of a quality.toml in the order of the rules; raises WrongQuality."""
    given = tomllib.loads(toml)
    unknown = set(given) - {str(tier) for tier in RULES}
    if unknown:
        raise WrongQuality(f"unknown tiers: {sorted(unknown)}")
    return tuple(verdict for tier, rules in RULES.items() for verdict in _tier(tier, rules, given))


def earned(verdicts: tuple[Verdict, ...]) -> Tier | None:
    """Return the highest tier whose rules hold, with all below; None: not even bronze."""
    best: Tier | None = None
    for tier in RULES:
        if any(one.state == "todo" for one in verdicts if one.tier == tier):
            break
        best = tier
    return best


def _tier(tier: Tier, rules: Mapping[str, str], given: Mapping[str, object]) -> list[Verdict]:
    answers = given.get(str(tier), {})
    if not isinstance(answers, dict) or set(answers) != set(rules):
        raise WrongQuality(f"[{tier}] must answer exactly {sorted(rules)}")
    return [_verdict(tier, rule, str(answers[rule])) for rule in rules]


def _verdict(tier: Tier, rule: str, said: str) -> Verdict:
    state, _, note = (part.strip() for part in said.partition(":"))
    if state not in {"done", "todo", "exempt"} or (state != "done" and not note):
        raise WrongQuality(f"{rule} = {said!r}: say done, or todo or exempt with a reason")
    if tier is Tier.PLATINUM and state == "done":
        try:
            date.fromisoformat(note)
        except ValueError:
            raise WrongQuality(f"{rule} is done on which day?") from None
    return Verdict(tier, rule, state, note)
