"""The orders that a composer's buttons give: what each does to a post, as a pure step.

An order is a verb, the document it is about ("s" shared, "c12" channel 12's own), and places
in it, joined by colons: "add-part:s:0", "drop-image:c12:1:2", "own:c12". So a page without
scripts can do all that one with scripts does.
"""

from collections.abc import Callable
from dataclasses import replace

from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.revisions import PostState

SHARED = "s"


class UnknownOrder(ValueError):
    """No button of the composer gives this order."""


def name_of(channel_id: int) -> str:
    """Return the name of a channel's own document."""
    return f"c{channel_id}"


def channel_of(name: str) -> int:
    """Return the channel whose own document is called `name`."""
    if not name.startswith("c") or not name[1:].isdecimal():
        raise UnknownOrder(name)
    return int(name[1:])


def carry_out(state: PostState, order: str) -> PostState:
    """Return `state` as the order leaves it; UnknownOrder for anything that is none.

    An order about a place that is no longer there changes nothing: two clicks on one button.
    """
    verb, name, *rest = [*order.split(":"), ""]
    places = [place for place in rest if place]
    match verb:
        case "own":
            return _with_own(state, channel_of(name), state.document_for(channel_of(name)))
        case "follow":
            return _with_own(state, channel_of(name), None)
        case "attach":
            return _attach(state, name, places)
    step = STEPS.get(verb)
    if step is None or not all(place.isdecimal() for place in places):
        raise UnknownOrder(order)
    try:
        return change(state, name, lambda document: step(document, *map(int, places)))
    except TypeError:
        raise UnknownOrder(order) from None


def change(state: PostState, name: str, step: Callable[[Document], Document]) -> PostState:
    """Return `state` with one of its documents changed."""
    if name == SHARED:
        return replace(state, shared=step(state.shared))
    own = state.own.get(channel_of(name))
    return state if own is None else _with_own(state, channel_of(name), step(own))


def add_part(document: Document, after: int) -> Document:
    """Put an empty part behind the part `after`."""
    parts = document.parts
    return replace(document, parts=(*parts[: after + 1], Part(), *parts[after + 1 :]))


def drop_part(document: Document, place: int) -> Document:
    """Take a part out; the last one stays, empty."""
    parts = tuple(part for number, part in enumerate(document.parts) if number != place)
    return replace(document, parts=parts or (Part(),))


def lift_part(document: Document, place: int) -> Document:
    """Swap a part with the one before it."""
    return replace(document, parts=_swapped(document.parts, place - 1))


def lower_part(document: Document, place: int) -> Document:
    """Swap a part with the one after it."""
    return replace(document, parts=_swapped(document.parts, place))


def drop_image(document: Document, place: int, image: int) -> Document:
    """Take an image out of a part."""
    return _with_images(
        document,
        place,
        lambda images: tuple(one for number, one in enumerate(images) if number != image),
    )


def lift_image(document: Document, place: int, image: int) -> Document:
    """Swap an image with the one before it."""
    return _with_images(document, place, lambda images: _swapped(images, image - 1))


def lower_image(document: Document, place: int, image: int) -> Document:
    """Swap an image with the one after it."""
    return _with_images(document, place, lambda images: _swapped(images, image))


STEPS: dict[str, Callable[..., Document]] = {
    "add-part": add_part,
    "drop-part": drop_part,
    "lift-part": lift_part,
    "lower-part": lower_part,
    "drop-image": drop_image,
    "lift-image": lift_image,
    "lower-image": lower_image,
}


def attach(document: Document, place: int, asset_ids: tuple[int, ...]) -> Document:
    """Add images to a part, behind those it has."""
    added = tuple(Attachment(asset_id) for asset_id in asset_ids)
    return _with_images(document, place, lambda images: (*images, *added))


def _attach(state: PostState, name: str, places: list[str]) -> PostState:
    """Carry out "attach:s:0:17,18"."""
    place, _, assets = ":".join(places).partition(":")
    ids = [one for one in assets.split(",") if one]
    if not place.isdecimal() or not all(one.isdecimal() for one in ids):
        raise UnknownOrder(":".join(places))
    return change(
        state, name, lambda document: attach(document, int(place), tuple(int(one) for one in ids))
    )


def _with_own(state: PostState, channel_id: int, document: Document | None) -> PostState:
    if channel_id not in state.own:
        return state
    return replace(state, own={**state.own, channel_id: document})


def _with_images(
    document: Document,
    place: int,
    step: Callable[[tuple[Attachment, ...]], tuple[Attachment, ...]],
) -> Document:
    parts = tuple(
        replace(part, attachments=step(part.attachments)) if number == place else part
        for number, part in enumerate(document.parts)
    )
    return replace(document, parts=parts)


def _swapped[T](row: tuple[T, ...], place: int) -> tuple[T, ...]:
    """Return `row` with the things at `place` and after it swapped; as it is at an end."""
    if not 0 <= place < len(row) - 1:
        return row
    return (*row[:place], row[place + 1], row[place], *row[place + 2 :])
