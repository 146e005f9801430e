"""The reference says what the folders say."""

from tests.conformance.reference import PAGE, TABLES, written


def test_the_page_on_platforms_is_up_to_date() -> None:
    """Write it anew with: python -m tests.conformance.reference."""
    page = PAGE.read_text(encoding="utf-8")

    assert all(f"<!-- {name} -->" in page for name in TABLES)
    assert written(page) == page
