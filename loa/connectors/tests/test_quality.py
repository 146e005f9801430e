"""A tier is earned by a checklist, never by saying so."""

import pytest

from loa.connectors.contract import Tier
from loa.connectors.quality import RULES, WrongQuality, earned, read_quality


def a_checklist(**instead: str) -> str:
    lines: list[str] = []
    for tier, rules in RULES.items():
        lines.append(f"[{tier}]")
        for rule in rules:
            done = "done: 2026-11-22" if tier is Tier.PLATINUM else "done"
            lines.append(f'{rule} = "{instead.get(rule, done)}"')
    return "\n".join(lines)


def test_a_full_checklist_earns_platinum() -> None:
    assert earned(read_quality(a_checklist())) is Tier.PLATINUM


def test_one_open_rule_holds_back_every_tier_above() -> None:
    assert earned(read_quality(a_checklist(replies="todo: threads come next"))) is Tier.BRONZE
    assert earned(read_quality(a_checklist(connects="todo: not yet"))) is None


def test_an_exemption_counts_when_it_has_a_reason() -> None:
    assert earned(read_quality(a_checklist(replies="exempt: it has none"))) is Tier.PLATINUM


@pytest.mark.parametrize(
    "wrong",
    [
        a_checklist(replies="todo"),
        a_checklist(replies="maybe: later"),
        a_checklist(verified_on_the_real_service="done"),
        a_checklist(verified_on_the_real_service="done: lately"),
        a_checklist() + "\n[diamond]\n",
        a_checklist().replace("replies = ", "repleis = "),
        "",
    ],
)
def test_a_careless_checklist_is_refused(wrong: str) -> None:
    with pytest.raises(WrongQuality):
        read_quality(wrong)
