"""What the documentation says about the network is what the network does."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from practice_network.api.routes import ROUTES
from practice_network.audience import crowd, growth, model, plan, remarks, timing
from practice_network.faults.book import Body, Kind

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
CONSTANT = re.compile(r"^\| `(\w+)\.([A-Z_]+)` \| ([\d.]+) \|", re.MULTILINE)


def read(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def test_every_constant_is_documented_with_its_value() -> None:
    documented = {
        (module, name): float(value)
        for module, name, value in CONSTANT.findall(read("practice-audience.md"))
    }

    for (module, name), value in documented.items():
        assert getattr(import_module(f"practice_network.audience.{module}"), name) == value, name
    assert len(documented) >= 40


@pytest.mark.parametrize("module", [model, growth, crowd, remarks])
def test_no_constant_of_the_model_is_left_out(module: object) -> None:
    page = read("practice-audience.md")
    numbers = [
        name
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int | float)
    ]
    told_in_words = {"FEW", "MANY_HASHTAGS", "MANY_EMOJI", "POPULATION", "MINUTE_MS", "DAY_MS"}

    assert [name for name in numbers if f"`{name}`" not in page and f".{name}`" not in page] == [
        name for name in numbers if name in told_in_words
    ]


def test_the_shape_of_time_is_documented() -> None:
    page = read("practice-audience.md")

    assert f"| `timing.FAST_HOURS` | {timing.FAST_HOURS} |" in page
    assert f"| `plan.COMMENTS_MOST` | {plan.COMMENTS_MOST} |" in page


def test_every_operation_and_every_fault_is_documented() -> None:
    page = read("practice-network.md")

    for route in ROUTES:
        assert route.operation in page, route.operation
    for kind in Kind:
        assert f"| `{kind}` |" in page
    for body in Body:
        assert body in page
