"""One word for a whole post."""

import pytest

from loa.create.rules.progress import overall
from loa.web.states import shown


@pytest.mark.parametrize(
    ("review", "deliveries", "variants", "word"),
    [
        ("none", [], 2, "draft"),
        ("requested", [], 2, "in_review"),
        ("changes", ["cancelled"], 1, "changes_requested"),
        ("approved", [], 1, "approved"),
        ("approved", ["due", "due"], 2, "scheduled"),
        ("none", ["due", "sending"], 2, "sending"),
        ("none", ["delivered", "due"], 2, "scheduled"),
        ("none", ["delivered", "cancelled"], 2, "partly"),
        ("none", ["delivered"], 2, "partly"),
        ("none", ["delivered", "delivered"], 2, "delivered"),
        ("none", ["delivered", "failed"], 2, "failed"),
        ("none", ["sending", "failed", "uncertain"], 3, "uncertain"),
        ("none", [], 0, "draft"),
    ],
)
def test_what_needs_somebody_comes_first(
    review: str, deliveries: list[str], variants: int, word: str
) -> None:
    found = overall(review=review, deliveries=deliveries, variants=variants)

    assert found == word
    assert shown(found)


def test_a_deleted_post_is_nothing_else() -> None:
    assert overall(review="none", deliveries=["due"], variants=1, is_deleted=True) == "deleted"
