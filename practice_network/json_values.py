"""JSON from outside, read field by field into typed values."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum

from practice_network.refusals import Refusal, wrong_field

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


def parse_object(raw: bytes) -> dict[str, Json]:
    """Return the object in `raw`; an empty body is an empty object."""
    if not raw:
        return {}
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise Refusal(400, "json.malformed", f"The body is not JSON: {problem}.") from problem
    if not isinstance(value, dict):
        raise Refusal(400, "json.not_an_object", "The body must be a JSON object.")
    return value


def dump(value: Json) -> bytes:
    """Return `value` as compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(value: Json) -> str:
    """Return a hash of `value` that does not depend on the order of its fields."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def text(body: Mapping[str, Json], name: str, default: str = "") -> str:
    """Return a text field; null and a missing field are `default`."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise wrong_field(name, "must be text")
    return value


def texts(body: Mapping[str, Json], name: str) -> list[str]:
    """Return a field that is a list of texts; empty when missing."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise wrong_field(name, "must be a list of texts")
    return [str(one) for one in value]


def number(
    body: Mapping[str, Json],
    name: str,
    default: float,
    *,
    least: float = 0.0,
    most: float = float("inf"),
) -> float:
    """Return a number between `least` and `most`."""
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_field(name, "must be a number")
    if not least <= value <= most:
        raise wrong_field(name, f"must be between {least} and {most}")
    return float(value)


def whole(
    body: Mapping[str, Json], name: str, default: int, *, least: int = 0, most: int = 2**53
) -> int:
    """Return a whole number between `least` and `most`."""
    value = number(body, name, default, least=least, most=most)
    if value != int(value):
        raise wrong_field(name, "must be a whole number")
    return int(value)


def choice[C: StrEnum](body: Mapping[str, Json], name: str, default: C) -> C:
    """Return a field that takes one of the values of an enumeration."""
    given = text(body, name, default)
    kind = type(default)
    try:
        return kind(given)
    except ValueError as problem:
        allowed = ", ".join(kind)
        raise wrong_field(name, f"must be one of {allowed}") from problem
