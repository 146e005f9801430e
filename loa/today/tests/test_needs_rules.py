"""What needs whom, in which order; and dates as people type them."""

from datetime import date

import pytest

from loa.today.rules.needs import Kind, Need, in_order, is_told
from loa.today.rules.spoken_dates import read_date
from loa.workspace.rules.permissions import Role, may

SUNDAY = date(2026, 11, 22)


def told(role: Role) -> set[Kind]:
    return {kind for kind in Kind if is_told(kind, lambda ability: may(role, ability))}


def test_a_manager_hears_of_everything() -> None:
    assert told(Role.MANAGER) == set(Kind)


def test_an_approver_hears_of_approvals_alone() -> None:
    assert told(Role.APPROVER) == {Kind.TO_APPROVE, Kind.LIVE_EDITS}


def test_an_editor_hears_of_their_work_and_not_of_grants_or_approvals() -> None:
    assert told(Role.EDITOR) == set(Kind) - {
        Kind.TO_APPROVE,
        Kind.LIVE_EDITS,
        Kind.GRANT_ENDING,
        Kind.ALERT,
        Kind.UNTOLD,
    }


def test_a_viewer_is_asked_for_nothing() -> None:
    assert told(Role.VIEWER) == set()


def test_what_may_be_live_comes_before_what_waits_for_approval() -> None:
    needs = [Need(Kind.FREE_SLOTS, (1,)), Need(Kind.TO_APPROVE, (1, 2)), Need(Kind.UNCERTAIN, (1,))]

    assert [need.kind for need in in_order(needs)] == [
        Kind.UNCERTAIN,
        Kind.TO_APPROVE,
        Kind.FREE_SLOTS,
    ]


def test_a_need_without_a_subject_is_no_need() -> None:
    empty: Need[int] = Need(Kind.FAILED, ())

    assert in_order([empty]) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("24/12", date(2026, 12, 24)),
        ("24-12-2027", date(2027, 12, 24)),
        ("24.12.27", date(2027, 12, 24)),
        ("1/1", date(2027, 1, 1)),  # long ago this year, so the next one
        ("1/11", date(2026, 11, 1)),  # three weeks ago is still near
        ("29/2", date(2027, 2, 28)),
        ("mai", date(2026, 11, 23)),
        ("Hôm nay", SUNDAY),
        ("ngày kia", date(2026, 11, 24)),
        ("tomorrow", date(2026, 11, 23)),
        ("31/4", None),
        ("24", None),
        ("cà phê", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_write_it(typed: str, meant: date | None) -> None:
    if typed == "29/2":
        # 2026 and 2027 have no such day: nothing is better than a wrong one.
        assert read_date(typed, today=SUNDAY) is None
        assert read_date("29/2", today=date(2027, 12, 1)) == date(2028, 2, 29)
    else:
        assert read_date(typed, today=SUNDAY) == meant
