"""The repository is at home on any machine."""

import re
from pathlib import Path

from tests.house_rules import source

TEXT = {
    ".py", ".md", ".toml", ".txt", ".lock", ".json", ".yml", ".yaml", ".ts", ".js", ".css",
    ".html", ".po", ".sql", ".sh", ".service", ".cfg", ".ini", "",
}  # fmt: skip
PERSONAL_FOLDER = re.compile(r"(?<![\w.<{$/-])/(?:root|work|home/(?!loa\b)\w+|Users/\w+)/\S*")
PRIVATE_HOST = re.compile(r"https?://(?:[\w-]+\.)*(?:internal|corp|local|lan|intranet)\b")
PUBLIC_REGISTRIES = {"registry.npmjs.org", "pypi.org", "files.pythonhosted.org"}
HOST = re.compile(r"https?://([\w.-]+)")
MARK_FOR_LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


def texts() -> list[tuple[Path, str]]:
    here = Path(__file__)
    return [
        (path, path.read_text(errors="replace"))
        for path in source.tracked()
        if path.suffix in TEXT and path != here
    ]


def test_nothing_points_into_a_folder_of_one_machine() -> None:
    wrong = [
        f"{source.named(path)}: {found.group()}"
        for path, text in texts()
        for found in PERSONAL_FOLDER.finditer(text)
    ]

    assert not wrong, "\n".join(wrong)


def test_nothing_is_fetched_from_a_private_host() -> None:
    wrong = [
        f"{source.named(path)}: {found.group()}"
        for path, text in texts()
        if not source.is_test(path)
        for found in PRIVATE_HOST.finditer(text)
    ]
    locks = [(path, text) for path, text in texts() if "lock" in path.name]
    wrong += [
        f"{source.named(path)}: {host}"
        for path, text in locks
        for host in re.findall(r'"resolved":\s*"https?://([\w.-]+)', text)
        if host not in PUBLIC_REGISTRIES
    ]

    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_for_later() -> None:
    wrong = [
        f"{source.named(path)}: {found.group()}"
        for path, text in texts()
        if path.suffix in {".py", ".ts", ".html", ".css"}
        for found in MARK_FOR_LATER.finditer(text)
    ]

    assert not wrong, "\n".join(wrong)
