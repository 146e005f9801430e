import pytest
from django.utils import translation

from loa.channels.wording import help_page, refusal
from loa.connectors.codes import CODES
from loa.connectors.registry import all_connectors


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_of_a_connector_is_said_in_words(code: str, language: str) -> None:
    with translation.override(language):
        sentence = refusal(code)

    assert code not in sentence
    assert sentence.endswith(".")


def test_an_unknown_code_is_named_rather_than_hidden() -> None:
    with translation.override("en"):
        assert "moon.full" in refusal("moon.full")


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("platform", sorted(all_connectors()))
def test_a_help_page_is_shown_as_it_is_meant(platform: str, language: str) -> None:
    """Tables were shown as lines of bars and hyphens."""
    page = help_page(platform, language)

    assert page
    assert "|---" not in page
    assert "<script" not in page
