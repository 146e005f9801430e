"""Findings as they are kept beside a row."""

from collections.abc import Iterable, Mapping

from loa.content.rules.findings import Finding, Place, Severity
from loa.kernel.json import JSON


def findings_to_json(findings: Iterable[Finding]) -> list[JSON]:
    """Return plain JSON, the form kept in the database."""
    return [
        {
            "code": one.code,
            "severity": one.severity.value,
            "part": one.place.part,
            "values": dict(one.values),
        }
        for one in findings
    ]


def findings_from_json(stored: Iterable[Mapping[str, JSON]]) -> tuple[Finding, ...]:
    """Read what `findings_to_json` wrote."""
    return tuple(_finding(one) for one in stored)


def _finding(one: Mapping[str, JSON]) -> Finding:
    part, values = one.get("part"), one.get("values")
    return Finding(
        str(one["code"]),
        Severity(str(one["severity"])),
        Place(part=part if isinstance(part, int) else None),
        {
            name: value if isinstance(value, int) else str(value)
            for name, value in (values.items() if isinstance(values, dict) else ())
        },
    )
