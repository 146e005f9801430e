"""Every setting is documented, and every documented setting exists."""

import ast
import re

from loa.ops import environment
from tests.house_rules import source

REFERENCE = source.ROOT / "docs" / "reference" / "settings.md"
READERS = {
    reader.__name__
    for reader in (
        environment.text,
        environment.flag,
        environment.number,
        environment.choice,
        environment.secret,
    )
}


def read_in_code() -> dict[str, str]:
    """Return every setting that the code reads, with how it is read."""
    found = {}
    for path in source.product_modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            first = node.args[0]
            if called in READERS and isinstance(first, ast.Constant):
                name = str(first.value)
                if re.fullmatch(r"(LOA|DATABASE)_[A-Z_]+", name):
                    found[name] = called
    return found


def documented() -> dict[str, bool]:
    """Return every setting in the reference, with whether it is called secret there."""
    rows = re.findall(r"^\| `([A-Z_]+)`( \(secret\))? \|", REFERENCE.read_text(), re.MULTILINE)
    return {name: bool(secret) for name, secret in rows}


def test_every_setting_is_in_the_reference_and_nothing_else_is() -> None:
    assert set(documented()) == set(read_in_code())


def test_the_reference_says_which_settings_are_secret() -> None:
    secrets = {name for name, reader in read_in_code().items() if reader == "secret"}

    assert {name for name, is_secret in documented().items() if is_secret} == secrets


def test_what_is_deployed_sets_only_settings_that_exist() -> None:
    used: set[str] = set()
    for file in (source.ROOT / "deploy").iterdir():
        if file.is_file():
            used |= set(re.findall(r"\b((?:LOA|DATABASE)_[A-Z_]+)(?=[:=])", file.read_text()))
    own_password_variables = {"LOA_OWNER_PASSWORD", "LOA_APP_PASSWORD"}

    assert {name.removesuffix("_FILE") for name in used} - own_password_variables <= set(
        documented()
    )
