"""What we send, and what we recorded, fits Mastodon's published contract."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from loa.connectors.contract import Request
from tests.conformance.scenes import Scene, play, scenes_of

ROOT = Path(__file__).resolve().parents[4]
SPEC = Path(os.environ.get("LOA_SPECS", ROOT.parent / "shared/platforms/specs")) / "mastodon"
SCENES = scenes_of("mastodon")
needs_spec = pytest.mark.skipif(
    not (SPEC / "schema.json").is_file(),
    reason="Mastodon's OpenAPI contract is not on this machine (set LOA_SPECS)",
)


@cache
def contract() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SPEC / "schema.json").read_text(encoding="utf-8"))
    return found


def valid(instance: object, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": contract()["components"]}
    if "oneOf" in whole:
        # A status with text and media fits the text form and the media form, so "one of"
        # cannot hold; the documentation means "any of".
        whole["anyOf"] = whole.pop("oneOf")
    errors = list(Draft202012Validator(whole).iter_errors(instance))
    assert not errors, errors[0].message


def operation(request: Request) -> tuple[str, dict[str, Any]]:
    path = re.sub(r"^https?://[^/]+", "", request.url)
    for template, methods in sorted(contract()["paths"].items(), key=lambda one: "{" in one[0]):
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and request.method.lower() in methods:
            return template, methods[request.method.lower()]
    raise AssertionError(f"not in the contract: {request.method} {path}")


@needs_spec
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_every_request_fits_the_contract(scene: Scene) -> None:
    for request in play(scene).requests:
        template, told = operation(request)
        known = {one["name"] for one in told.get("parameters", [])}
        assert {name.removesuffix("[]") for name, _ in request.params} <= known, template
        if request.visible:
            assert "Idempotency-Key" in known
        _check_body(request, told)


def _check_body(request: Request, told: dict[str, Any]) -> None:
    content = told.get("requestBody", {}).get("content", {})
    if request.files:
        schema = content["multipart/form-data"]["schema"]
        sent = dict(request.form)
        sent |= {part.name: part.media.filename for part in request.files}
        assert set(sent) <= set(schema["properties"])
        valid(sent, schema)
    elif request.form:
        # The contract says JSON; RFC 6749 and every fork say form. Mastodon takes both.
        valid(dict(request.form), content["application/json"]["schema"])
    elif isinstance(request.json, dict):
        body = dict(request.json)
        # Instances before 4.3 take one address as a text; the contract is of today.
        if isinstance(body.get("redirect_uris"), str):
            body["redirect_uris"] = [body["redirect_uris"]]
        schema = content["application/json"]["schema"]
        valid(body, schema)


@needs_spec
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_every_recorded_success_fits_the_contract(scene: Scene) -> None:
    played = play(scene)
    for request, answer in zip(played.requests, played.got, strict=True):
        assert not isinstance(answer, Exception)
        if request.url.endswith("/api/v1/instance") or answer.status >= 400:
            continue  # the older description is no longer in the contract
        _, told = operation(request)
        response = told["responses"][str(answer.status)]
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        if schema:
            valid(answer.body, schema)
