"""Every command is documented, and every documented one exists."""

import re

from loa.site import invocation
from tests.house_rules import source

REFERENCE = (source.ROOT / "docs" / "reference" / "commands.md").read_text()
MAKEFILE = (source.ROOT / "Makefile").read_text()
DEPLOY = source.ROOT / "deploy"


def rows(program: str) -> set[str]:
    found: set[str] = set()
    for line in REFERENCE.splitlines():
        if line.startswith("|"):
            found |= set(re.findall(rf"`{program} ([a-z_]+)", line.split("|")[1]))
    return found


def loa_commands() -> set[str]:
    own = re.findall(r'_add\(commands, "(\w+)"', (source.ROOT / "loa/site/cli.py").read_text())
    return {*own, *invocation.app_commands(), "migrate", "bench", "manage"}


def test_every_loa_command_is_in_the_reference_and_nothing_else_is() -> None:
    assert rows("loa") == loa_commands()


def test_every_make_target_is_in_the_reference_and_nothing_else_is() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE)) - {"help"}

    assert rows("make") == targets


def test_what_is_deployed_uses_commands_that_exist() -> None:
    used: set[str] = set()
    for file in DEPLOY.iterdir():
        if file.is_file():
            used |= set(re.findall(r'(?:\bbin/loa |"loa", ")([a-z_]+)', file.read_text()))

    assert used
    assert used <= loa_commands()
