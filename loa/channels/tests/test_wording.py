import pytest
from django.utils import translation

from loa.channels.wording import refusal
from loa.connectors.codes import CODES


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
