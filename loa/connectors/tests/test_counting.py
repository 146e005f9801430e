"""Captions are counted as their platforms count them. The browser runs the same cases."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.connectors.contract import TextRules, TextUnit
from loa.connectors.counting import bytes_over_by, caption_length, fits, graphemes, over_by

ROOT = Path(__file__).resolve().parents[3]
SHARED = json.loads((ROOT / "frontend/tests/counting_cases.json").read_text(encoding="utf-8"))
RULES = {
    name: TextRules(**{**rules, "unit": TextUnit(rules["unit"])})
    for name, rules in SHARED["rules"].items()
}


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["name"])
def test_a_caption_costs_what_its_platform_says(case: dict[str, Any]) -> None:
    rules = RULES[case["rules"]]
    caption = case["text"] * case.get("times", 1)
    spoiler = case.get("spoiler", "")

    assert caption_length(caption, rules, spoiler=spoiler) == case["length"]
    if "over_by" in case:
        assert over_by(caption, rules, spoiler=spoiler) == case["over_by"]
    if "bytes_over_by" in case:
        assert bytes_over_by(caption, rules) == case["bytes_over_by"]


@given(st.text(max_size=400))
def test_fitting_means_within_both_limits(caption: str) -> None:
    rules = RULES["bluesky"]

    within = caption_length(caption, rules) <= 300 and bytes_over_by(caption, rules) == 0

    assert fits(caption, rules) is within


@given(st.text(max_size=200), st.text(max_size=50))
def test_a_spoiler_costs_its_own_length(caption: str, spoiler: str) -> None:
    rules = RULES["mastodon"]
    alone = caption_length(caption, rules)

    both = caption_length(caption, rules, spoiler=spoiler)

    assert both == alone + caption_length(
        spoiler, replace(rules, link_cost=None, mention_counts_local_part=False)
    )


@given(st.text(alphabet="aế 👍🏽🇻\u200d\u0301", max_size=60))
def test_graphemes_are_never_more_than_code_points(text: str) -> None:
    assert graphemes(text) <= len(text)


def test_long_hostile_text_is_counted_at_once() -> None:
    """Patterns that backtrack would hang the composer on this."""
    for bait in (
        "https://" + "a." * 20_000,
        "@" + "a-" * 20_000,
        "(" * 20_000,
        "https://a.vn/" + "(" * 20_000,
        "https://a.vn/" + ".!" * 20_000,
        "@a@" + "a." * 20_000,
    ):
        assert caption_length(bait, RULES["mastodon"]) > 0


def specs() -> Path:
    return Path(os.environ.get("LOA_SPECS", ROOT.parent / "shared/platforms/specs"))


def test_the_collected_length_facts_hold() -> None:
    facts = specs() / "facts/text_and_upload_vectors.json"
    if not facts.exists():
        pytest.skip("the platform facts are not on this machine (set LOA_SPECS)")
    utf16 = RULES["utf16"]
    for example in json.loads(facts.read_text(encoding="utf-8"))["length_examples"]:
        text = example["text"]
        assert caption_length(text, RULES["code_points"]) == example["codepoints_nfc"]
        if example["codepoints"] == example["codepoints_nfc"]:
            assert caption_length(text, utf16) == example["utf16"]
            assert len(text.encode()) == example["utf8_bytes"]
