"""Every way in which a delivery can fail has its sentence, and its next step."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from loa.connectors.codes import CODES
from loa.kernel.errors import LoaError
from loa.library.imaging import CannotDecode
from loa.library.queries import AssetMissing, NoTypeFits
from loa.library.storage import StorageFull, StorageRefused, StorageUnreachable
from loa.ops.sealing import CannotOpen
from loa.publish import actions, wording
from loa.publish.queries import Shown
from loa.publish.rules.remedies import Remedy, remedy
from loa.publish.rules.retries import Kind, code_of

PUBLISH = Path(wording.__file__).parent
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
# Arguments that look like codes: names of checkpoints and of what the audit trail notes.
NOT_CODES = {"_checkpoint", "checkpoint"}


def codes_in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    others = set()
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            named = call.args if name in NOT_CODES else []
            noted = [one.value for one in call.keywords if one.arg == "action"]
            others |= {id(one) for value in [*named, *noted] for one in ast.walk(value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in others:
            text = str(node.value)
            if CODE.fullmatch(text):
                yield text


def own_codes() -> set[str]:
    found = {
        code
        for part in ("rules", "actions", "dispatcher")
        for path in (PUBLISH / part).rglob("*.py")
        if path.name != "remedies.py"
        for code in codes_in(path)
    }
    return found | {f"{kind}.unexplained" for kind in Kind}


def test_every_code_that_publish_sets_has_a_sentence() -> None:
    codes = own_codes()

    assert {"late.missed", "worker.died", "key.expired", "review.not_approved"} <= codes
    assert codes - set(wording.OWN_CODES) - set(CODES) == set()


@pytest.mark.parametrize(
    "error",
    [
        AssetMissing,
        NoTypeFits,
        CannotDecode,
        CannotOpen,
        StorageFull,
        StorageRefused,
        StorageUnreachable,
    ],
)
def test_what_stops_a_delivery_before_it_is_sent_has_a_sentence(error: type[LoaError]) -> None:
    assert code_of(error("x")) in wording.OWN_CODES


@pytest.mark.parametrize("code", sorted({*CODES, *wording.OWN_CODES}))
def test_a_reason_is_a_sentence_and_never_a_code(code: str) -> None:
    sentence = wording.reason(code)

    assert sentence.endswith(".")
    assert code not in sentence
    assert remedy(code) in set(Remedy)


@pytest.mark.parametrize("code", sorted({*CODES, *own_codes()}))
def test_what_may_be_live_is_never_told_to_be_tried_again(code: str) -> None:
    said = wording.doubt(code)

    assert said.endswith(".")
    assert "ry again" not in said


def test_an_unknown_code_is_named_for_whoever_helps() -> None:
    assert "moon.eclipsed" in wording.reason("moon.eclipsed")
    assert wording.reason("") == ""


@pytest.mark.parametrize(
    "error",
    [
        error
        for error in vars(actions).values()
        if isinstance(error, type)
        and issubclass(error, actions.CannotSettle | actions.CannotCancel)
        and not error.__subclasses__()
    ],
)
def test_every_refusal_of_settling_and_cancelling_has_its_own_sentence(
    error: type[LoaError],
) -> None:
    refused = error.__new__(error)

    assert wording.refusal(refused) != wording.refusal(LoaError())


@pytest.mark.parametrize("view", Shown)
def test_every_view_of_the_log_has_a_name(view: Shown) -> None:
    assert wording.shown(view)


@pytest.mark.parametrize("kind", [*Kind, "ok", "live", "missing", "lost"])
def test_every_outcome_of_a_try_is_worded(kind: str) -> None:
    assert wording.outcome(kind) != str(kind)


@pytest.mark.parametrize("name", ["stage", "publish", "look_up", "settle"])
def test_every_step_of_a_try_is_worded(name: str) -> None:
    assert wording.step(name) != name


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("text.too_long", Remedy.EDIT),
        ("media.type", Remedy.EDIT),
        ("media.expired", Remedy.RETRY),
        ("grant.withdrawn", Remedy.RECONNECT),
        ("review.not_approved", Remedy.APPROVE),
        ("late.missed", Remedy.DECIDE),
        ("network.timeout", Remedy.RETRY),
        ("never.heard_of", Remedy.RETRY),
    ],
)
def test_a_failure_leads_to_what_helps(code: str, wanted: Remedy) -> None:
    assert remedy(code) == wanted
