"""What people type is always escaped: nothing switches escaping off."""

import re

from tests.house_rules import source

UNESCAPED = re.compile(r"\|\s*(?:safe|safeseq)\b|{%\s*autoescape\s+off")


def test_no_template_shows_text_unescaped() -> None:
    wrong = [
        f"{source.named(path)}: {found.group()}"
        for path in source.files(".html", "loa")
        for found in UNESCAPED.finditer(path.read_text())
    ]

    assert not wrong, "\n".join(wrong)


def test_no_code_builds_html_by_hand() -> None:
    """format_html escapes what it is given; mark_safe trusts it."""
    wrong = [
        source.at(path, call)
        for path in source.product_modules()
        for call, name in source.calls(path)
        if name.rpartition(".")[2] == "mark_safe"
    ]

    assert not wrong, "\n".join(wrong)
