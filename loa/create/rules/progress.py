"""Where a whole post is, from its review and its deliveries, in one word for a chip."""

from collections.abc import Collection

# What somebody must look at first decides the word; then what is under way; then what is done.
_FIRST = ("uncertain", "failed")
_UNDER_WAY = frozenset({"claimed", "sending"})
_OF_REVIEW = {
    "requested": "in_review",
    "changes": "changes_requested",
    "approved": "approved",
    "none": "draft",
}


def overall(
    *, review: str, deliveries: Collection[str], variants: int, is_deleted: bool = False
) -> str:
    """Return the state to show, a name of loa/web/states.py.

    deliveries: the states of the post's deliveries; variants: how many channels it has.
    """
    if is_deleted:
        return "deleted"
    there = set(deliveries) - {"cancelled"}
    for state in _FIRST:
        if state in there:
            return state
    if there & _UNDER_WAY:
        return "sending"
    delivered = sum(state == "delivered" for state in deliveries)
    if delivered and delivered >= variants:
        return "delivered"
    if "due" in there:
        return "scheduled"
    return "partly" if delivered else _OF_REVIEW[review]
