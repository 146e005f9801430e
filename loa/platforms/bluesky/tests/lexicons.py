"""Check JSON against the official lexicons, as far as our records and calls use them.

Source: AT Protocol specification, "Lexicon". Every string format we send is checked by a
pattern of its own; formats we never send are refused, so that nothing passes unlooked-at.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from loa.connectors.counting import graphemes

ROOT = Path(__file__).resolve().parents[4]
SPEC = Path(os.environ.get("LOA_SPECS", ROOT.parent / "shared/platforms/specs")) / "bluesky"
MISSING = "the AT Protocol lexicons are not on this machine (set LOA_SPECS)"

_DID = r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]"
_HANDLE = (
    r"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
)
_NSID = r"[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+"
_FORMATS = {
    "did": _DID,
    "handle": _HANDLE,
    "at-identifier": f"({_DID}|{_HANDLE})",
    "nsid": _NSID,
    "at-uri": rf"at://({_DID}|{_HANDLE})(/{_NSID}(/[a-zA-Z0-9.:_~-]{{1,512}})?)?",
    "cid": r"[a-zA-Z0-9+=]{8,256}",
    "record-key": r"(?!\.{1,2}$)[a-zA-Z0-9.:_~-]{1,512}",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "language": r"(i|[a-z]{2,3})(-[a-zA-Z0-9]+)*",
    "uri": r"[a-z][a-z0-9.+-]*:\S+",
    "tid": r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}",
}


@cache
def lexicon(nsid: str) -> dict[str, Any]:
    path = SPEC / "lexicons" / Path(*nsid.split(".")).with_suffix(".json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def check(value: Any, nsid: str, *, at: str = "main", part: str = "") -> None:
    """Fail with the place where `value` breaks the definition `nsid#at`.

    part: for a call, "input", "output" or "parameters".
    """
    definition = lexicon(nsid)["defs"][at]
    if definition["type"] == "record":
        definition = definition["record"]
    if part == "parameters":
        definition = definition.get("parameters", {"type": "params", "properties": {}})
    elif part:
        definition = definition[part]["schema"]
    _check(value, definition, nsid, "$")


def _check(value: Any, told: dict[str, Any], nsid: str, place: str) -> None:
    kind = told["type"]
    if kind in {"object", "params"}:
        _check_object(value, told, nsid, place)
    elif kind == "array":
        assert isinstance(value, list), place
        assert told.get("minLength", 0) <= len(value) <= told.get("maxLength", 10**6), place
        for index, item in enumerate(value):
            _check(item, told["items"], nsid, f"{place}[{index}]")
    elif kind == "string":
        _check_string(value, told, place)
    elif kind == "integer":
        assert isinstance(value, int), place
        assert not isinstance(value, bool), place
        assert told.get("minimum", -(10**18)) <= value <= told.get("maximum", 10**18), place
    elif kind == "boolean":
        assert isinstance(value, bool), place
    elif kind == "ref":
        _check_reference(value, told["ref"], nsid, place)
    elif kind == "union":
        assert value.get("$type") in {_absolute(one, nsid) for one in told["refs"]}, place
        _check_reference(value, value["$type"], nsid, place)
    elif kind == "blob":
        _check_blob(value, told, place)
    else:
        assert kind == "unknown", f"{place}: a type we never send: {kind}"
        assert isinstance(value, dict), place


def _check_object(value: Any, told: dict[str, Any], nsid: str, place: str) -> None:
    assert isinstance(value, dict), place
    properties = told["properties"]
    assert set(told.get("required", ())) <= set(value), f"{place}: {told.get('required')}"
    unknown = set(value) - set(properties) - {"$type"}
    assert not unknown, f"{place}: {unknown}"
    for name, found in value.items():
        if name in properties:
            _check(found, properties[name], nsid, f"{place}.{name}")


def _check_string(value: Any, told: dict[str, Any], place: str) -> None:
    assert isinstance(value, str), place
    assert len(value.encode()) <= told.get("maxLength", 10**6), place
    assert graphemes(value) <= told.get("maxGraphemes", 10**6), place
    if "format" in told:
        assert re.fullmatch(_FORMATS[told["format"]], value), f"{place}: {value!r}"


def _check_blob(value: Any, told: dict[str, Any], place: str) -> None:
    assert value["$type"] == "blob", place
    assert re.fullmatch(_FORMATS["cid"], value["ref"]["$link"]), place
    assert 0 < value["size"] <= told.get("maxSize", 10**9), place
    accepted = told.get("accept", ["*/*"])
    assert any(re.fullmatch(one.replace("*", ".*"), value["mimeType"]) for one in accepted), place


def _check_reference(value: Any, reference: str, nsid: str, place: str) -> None:
    home, _, at = _absolute(reference, nsid).partition("#")
    definition = lexicon(home)["defs"][at or "main"]
    _check(value, definition, home, place)


def _absolute(reference: str, nsid: str) -> str:
    return f"{nsid}{reference}" if reference.startswith("#") else reference
