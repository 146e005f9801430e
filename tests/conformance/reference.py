"""The tables of docs/reference/platforms.md.

`python -m tests.conformance.reference` writes them.
"""

from collections.abc import Callable
from pathlib import Path

from loa.connectors.codes import CODES
from loa.connectors.contract import Capability, Connector
from loa.connectors.quality import RULES
from loa.connectors.quotas import Scope
from loa.connectors.registry import all_connectors, quality

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/platforms.md"


def written(page: str) -> str:
    """Return `page` with every table between its marks written anew."""
    for name, make in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}{make()}{end}{after}"
    return page


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _platforms() -> list[Connector]:
    return list(all_connectors().values())


def _limits() -> str:
    def row(one: Connector) -> list[str]:
        text, images = one.limits.text, one.limits.images
        size = f"{text.max_chars:,} {text.unit.replace('_', ' ')}"
        size += f", {text.max_bytes:,} bytes" if text.max_bytes else ""
        size += f"; a link costs {text.link_cost}" if text.link_cost else ""
        pictures = f"{images.max_count} of {images.max_bytes / 1e6:.1f} MB"
        return [one.label, one.tier, size, pictures, str(one.limits.max_parts)]

    head = ["platform", "tier", "caption", "images", "parts"]
    return _table(head, [row(one) for one in _platforms()])


def _capabilities() -> str:
    head = ["can", *(one.label for one in _platforms())]
    rows = [
        [f"`{capability}`", *("yes" if one.can(capability) else "–" for one in _platforms())]
        for capability in Capability
    ]
    return _table(head, rows)


def _duplicates() -> str:
    rows = [
        [
            one.label,
            f"`{one.idempotency}`",
            f"{one.native_key_lives_s / 60:.0f} min" if one.native_key_lives_s else "–",
            f"{one.read_back_settles_s:.0f} s",
            ", ".join(f"`{metric}`" for metric in one.metrics),
        ]
        for one in _platforms()
    ]
    head = ["platform", "against duplicates", "key lives", "settles after", "metrics"]
    return _table(head, rows)


def _quotas() -> str:
    costs = ("part", "medium", "edit", "delete", "look")
    rows = [
        [
            one.label,
            f"`{quota.name}`",
            f"{quota.allowed:,} in {quota.window_s / 60:,.0f} min",
            "one channel" if quota.scope is Scope.CHANNEL else "all channels of a server",
            *(f"{getattr(quota, cost) or '–'}" for cost in costs),
        ]
        for one in _platforms()
        for quota in one.quotas
    ]
    return _table(["platform", "quota", "allowed", "shared by", *costs], rows)


def _quality() -> str:
    verdicts = {one.name: {v.rule: v for v in quality(one.name)} for one in _platforms()}
    rows = [
        [
            str(tier),
            meaning,
            *(
                f"{verdicts[one.name][rule].state} {verdicts[one.name][rule].note}".strip()
                for one in _platforms()
            ),
        ]
        for tier, rules in RULES.items()
        for rule, meaning in rules.items()
    ]
    return _table(["tier", "rule", *(one.label for one in _platforms())], rows)


def _codes() -> str:
    return _table(["code", "means"], [[f"`{code}`", words] for code, words in CODES.items()])


TABLES: dict[str, Callable[[], str]] = {
    "limits": _limits,
    "capabilities": _capabilities,
    "duplicates": _duplicates,
    "quotas": _quotas,
    "quality": _quality,
    "codes": _codes,
}

if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
