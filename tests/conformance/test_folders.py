"""A platform folder is whole: its data fit its flows, and a person finds help in it."""

import re

import pytest

from loa.connectors.contract import Capability, Connector, Idempotency, Limits
from loa.connectors.quality import earned
from loa.connectors.registry import folder, help_text, icon_svg, quality
from tests.conformance.scenes import connectors

METRICS = {
    "likes",
    "replies",
    "reposts",
    "quotes",
    "bookmarks",
    "reach",
    "impressions",
    "link_clicks",
    "followers",
}
every_platform = pytest.mark.parametrize("connector", connectors(), ids=lambda one: one.name)


@every_platform
def test_the_name_is_the_folders(connector: Connector) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", connector.name)
    assert (folder(connector.name) / "__init__.py").is_file()
    assert connector.label
    assert re.fullmatch(r"#[0-9a-f]{6}", connector.colour)


@every_platform
def test_the_folder_tells_its_conversations(connector: Connector) -> None:
    assert (folder(connector.name) / "answers" / "scenes.json").is_file()


@every_platform
def test_there_is_exactly_one_way_to_connect(connector: Connector) -> None:
    assert (connector.oauth is None) != (connector.connect_with_form is None)
    assert connector.connect_fields or connector.oauth
    assert {one.kind for one in connector.connect_fields} <= {"url", "text", "password"}


@every_platform
def test_each_capability_has_its_flow_and_each_flow_its_capability(connector: Connector) -> None:
    can = connector.can

    assert can(Capability.EDIT) == (connector.edit is not None)
    assert can(Capability.RENEW) == (connector.renew is not None)
    assert can(Capability.THREADS) == (connector.limits.max_parts > 1)
    assert can(Capability.IMAGES) == (connector.limits.images.max_count > 0)
    assert can(Capability.VIDEO) == (connector.limits.video is not None)
    assert can(Capability.READINGS) == bool(connector.metrics)
    assert can(Capability.ALT_TEXT) <= can(Capability.IMAGES)
    assert can(Capability.FOCAL_POINT) <= can(Capability.IMAGES)
    assert set(connector.metrics) <= METRICS
    assert ("followers" in connector.metrics) == (connector.channel_readings is not None)


@every_platform
def test_the_class_against_duplicates_is_kept_up(connector: Connector) -> None:
    if connector.idempotency is Idempotency.NATIVE_KEY:
        assert connector.native_key_lives_s
    if connector.idempotency is not Idempotency.NONE:
        assert connector.can(Capability.READ_BACK)
    assert connector.read_back_settles_s > 0
    assert connector.max_concurrent_per_channel >= 1


@every_platform
def test_limits_survive_being_stored(connector: Connector) -> None:
    assert Limits.from_json(connector.limits.to_json()) == connector.limits


@every_platform
def test_the_tier_is_earned_and_not_only_claimed(connector: Connector) -> None:
    assert earned(quality(connector.name)) == connector.tier


@every_platform
def test_a_person_is_told_how_to_connect_in_both_languages(connector: Connector) -> None:
    english, vietnamese = help_text(connector.name, "en"), help_text(connector.name, "vi")

    for text in (english, vietnamese):
        assert text.startswith("# ")
        assert re.search(r"^1\. ", text, re.MULTILINE), "steps, one by one"
        assert len(text) > 300
    assert re.search(r"[ếạộửđư]", vietnamese)
    assert english != vietnamese


@every_platform
def test_the_icon_is_one_small_glyph_in_the_texts_colour(connector: Connector) -> None:
    svg = icon_svg(connector.name)

    assert svg.startswith("<svg ")
    assert len(svg) < 4000
    assert "viewBox=" in svg
    assert "currentColor" in svg
    assert not re.search(r"<(script|style|image|foreignObject|use)|\bon\w+=|href|style=|url\(", svg)


@every_platform
def test_recorded_answers_are_scrubbed(connector: Connector) -> None:
    """No real token, and no host that is not made up or the platform's own documentation."""
    for file in (folder(connector.name) / "answers").iterdir():
        text = file.read_text(encoding="utf-8")
        for token in re.findall(r"eyJ[\w-]+\.[\w-]+\.([\w-]*)", text):
            assert token == "example", f"{file.name} has a whole token"
        assert not re.search(r"\b(sk|xox[bp]|ghp|Bearer )[-_\w]{20,}", text), file.name
