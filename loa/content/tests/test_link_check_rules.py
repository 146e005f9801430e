"""What a look at a link means, and when to look again, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.content.rules.document import Document, Part
from loa.content.rules.findings import Severity
from loa.content.rules.link_checks import (
    LONGEST_WAIT,
    SHORTLY,
    STALE_AFTER,
    Seen,
    of_failure,
    of_status,
    retry_at,
    wants_look,
)
from loa.content.rules.preflight import _about_links

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "seen", "code"),
    [
        (200, Seen.FINE, ""),
        (206, Seen.FINE, ""),
        (304, Seen.FINE, ""),
        (301, Seen.BROKEN, "redirect"),
        (401, Seen.UNSURE, "not_let_in"),
        (403, Seen.UNSURE, "not_let_in"),
        (404, Seen.BROKEN, "gone"),
        (405, Seen.UNSURE, "not_let_in"),
        (410, Seen.BROKEN, "gone"),
        (429, Seen.UNSURE, "asked_to_wait"),
        (500, Seen.BROKEN, "server"),
        (503, Seen.BROKEN, "server"),
        (999, Seen.BROKEN, "server"),
    ],
)
def test_a_status_is_told_by_what_somebody_who_clicks_would_see(
    status: int, seen: Seen, code: str
) -> None:
    verdict = of_status(status)

    assert (verdict.seen, verdict.code, verdict.status) == (seen, code, status)


def test_a_site_that_says_when_to_come_back_is_not_called_broken() -> None:
    assert of_status(503, retry_after_s=120).seen is Seen.UNSURE
    assert retry_at(of_status(503, retry_after_s=120), now=NOW) == NOW + timedelta(seconds=120)
    assert retry_at(of_status(429, retry_after_s=10**9), now=NOW) == NOW + LONGEST_WAIT
    assert retry_at(of_status(200), now=NOW) is None


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("network.timeout", "timeout"),
        ("network.unresolved", "no_host"),
        ("network.tls", "certificate"),
        ("network.redirects", "loop"),
        ("egress.blocked", "private"),
        ("something.new", "unreadable"),
    ],
)
def test_no_answer_is_told_by_its_reason(code: str, why: str) -> None:
    assert (of_failure(code).seen, of_failure(code).code) == (Seen.BROKEN, why)


@given(st.timedeltas(timedelta(), timedelta(days=2)), st.timedeltas(timedelta(), timedelta(days=1)))
def test_nobody_is_asked_while_they_rest_and_nobody_twice_at_once(
    age: timedelta, ahead: timedelta
) -> None:
    asked = {"due_at": NOW + ahead, "now": NOW}

    assert wants_look(checked_at=None, retry_at=None, **asked)
    assert not wants_look(checked_at=None, retry_at=NOW + HOUR, **asked)
    assert not wants_look(checked_at=NOW, retry_at=None, **asked)
    wanted = age > STALE_AFTER or (ahead <= SHORTLY and age > SHORTLY)
    assert wants_look(checked_at=NOW - age, retry_at=None, **asked) is wanted


def test_a_broken_link_warns_beside_its_part_and_never_blocks() -> None:
    document = Document((Part("một"), Part("https://a.vn/")), first_comment="https://a.vn/")

    found = _about_links(document, {"https://a.vn/": {"why": "gone", "status": 404, "at": ""}})

    assert [(one.place.part, one.place.first_comment) for one in found] == [
        (1, False),
        (None, True),
    ]
    assert {one.severity for one in found} == {Severity.WARN}
    assert _about_links(document, {}) == []
