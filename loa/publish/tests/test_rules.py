"""The decisions about sending, without a database."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loa.connectors.contract import Idempotency, Media, Published
from loa.connectors.errors import (
    ChannelLost,
    GrantExpired,
    NotReady,
    NotSent,
    RateLimited,
    Refused,
    Uncertain,
)
from loa.content.rules.document import Document, Part
from loa.library.storage import StorageUnreachable
from loa.publish.rules import (
    lateness,
    lifecycle,
    live_changes,
    retries,
    settling,
    threading,
)
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.settling import Doubt, Means, Step

NINE = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEYED = Means(Idempotency.NATIVE_KEY, can_read_back=True, key_lives_s=3600)
LISTED = Means(Idempotency.FEED_READ_BACK, can_read_back=True, settles_s=60)
BLIND = Means(Idempotency.NONE, can_read_back=False)

jitters = st.floats(0, 1)
tries = st.integers(1, 30)


def _verdict(
    error: Exception, *, visible: bool, key: bool = False, tries: int = 1
) -> retries.Verdict:
    failure = retries.failure_of(error, visible=visible)
    return retries.verdict(failure, tries=tries, waited_s=0, jitter=0.5, has_native_key=key)


# --- life cycle ---------------------------------------------------------------------------


def test_what_is_sending_never_returns_to_due_without_a_reason_and_delivered_never_changes() -> (
    None
):
    assert lifecycle.NEXT[S.DELIVERED] == frozenset()
    assert not lifecycle.may_cancel(S.SENDING)
    assert not lifecycle.may_cancel(S.UNCERTAIN)


@given(st.sampled_from(list(S)))
def test_every_state_can_end_settled(start: S) -> None:
    reached, frontier = {start}, {start}
    while frontier:
        frontier = {then for now in frontier for then in lifecycle.NEXT[now]} - reached
        reached |= frontier

    assert any(lifecycle.is_settled(state) for state in reached)


# --- retries ------------------------------------------------------------------------------


@given(tries, jitters)
def test_a_wait_grows_but_stays_between_seven_seconds_and_half_an_hour(
    number: int, jitter: float
) -> None:
    wait_s = retries.backoff_s(number, jitter=jitter)

    assert 7.5 <= wait_s <= 1800
    assert retries.backoff_s(number + 2, jitter=0) >= wait_s / 2


@given(key=st.booleans(), number=tries)
def test_a_lost_answer_after_the_visible_call_is_never_simply_sent_again(
    *, key: bool, number: int
) -> None:
    for error in (Uncertain("cut", platform="x"), KeyError("id")):
        verdict = _verdict(error, visible=True, key=key, tries=number)

        assert verdict.state == S.UNCERTAIN
        assert not verdict.proven_not_live


def test_our_own_mistake_after_the_visible_call_is_not_counted_as_published() -> None:
    """A thrown job counted as published: seen in other schedulers."""
    assert _verdict(ValueError("bad answer"), visible=True).state == S.UNCERTAIN


def test_our_own_mistake_before_anything_was_visible_is_tried_again() -> None:
    verdict = _verdict(ValueError("bad picture"), visible=False)

    assert (verdict.state, verdict.code) == (S.DUE, "loa.broken")
    assert verdict.wait_s > 0


def test_a_server_error_under_a_native_key_may_hide_a_success() -> None:
    error = NotSent("busy", platform="x", status=503)

    assert not _verdict(error, visible=True, key=True).proven_not_live
    assert _verdict(error, visible=False, key=True).proven_not_live


def test_a_refusal_is_final_and_a_lost_grant_keeps_the_post_waiting() -> None:
    refused = _verdict(Refused("too long", platform="x", code="text.too_long"), visible=True)
    lost = _verdict(ChannelLost("gone", platform="x", code="grant.withdrawn"), visible=True)

    assert (refused.state, refused.code) == (S.FAILED, "text.too_long")
    assert (lost.state, lost.loses_channel, lost.counts) == (S.DUE, True, False)


@given(st.floats(0.1, 3600), jitters)
def test_nothing_goes_to_a_channel_before_its_retry_after(asked_s: float, jitter: float) -> None:
    failure = retries.failure_of(
        RateLimited("slow down", platform="x", retry_after_s=asked_s), visible=True
    )

    verdict = retries.verdict(failure, tries=1, waited_s=0, jitter=jitter, has_native_key=False)

    assert verdict.hold_s >= asked_s
    assert verdict.state == S.DUE
    assert not verdict.counts


def test_a_platform_that_holds_us_for_more_than_a_day_is_a_matter_for_a_person() -> None:
    failure = retries.failure_of(RateLimited("", platform="x", retry_after_s=90_000), visible=True)

    verdict = retries.verdict(failure, tries=1, waited_s=0, jitter=0, has_native_key=False)

    assert verdict.state == S.FAILED


def test_a_storage_that_is_out_of_reach_is_waited_for_and_never_fails_a_post_at_once() -> None:
    verdict = _verdict(StorageUnreachable("no answer"), visible=False)

    assert (verdict.state, verdict.code) == (S.DUE, "loa.storage_unreachable")
    assert verdict.proven_not_live
    assert verdict.wait_s > 0


@given(waited_s=st.floats(0, 10**6), jitter=st.floats(0, 1))
def test_what_loa_prepares_itself_is_looked_for_now_and_then_and_never_counted(
    waited_s: float, jitter: float
) -> None:
    error = NotReady("", platform="x", code="media.making")
    failure = retries.failure_of(error, visible=False)

    said = retries.verdict(
        failure, tries=99, waited_s=waited_s, jitter=jitter, has_native_key=False
    )

    assert (said.state, said.counts, said.hold_s) == (S.DUE, False, 0.0)
    assert 90 <= said.wait_s <= 600


def test_an_upload_is_known_again_until_the_file_or_its_words_change() -> None:
    one, two = (a_medium(asset_id=number) for number in (1, 2))
    kept = threading.uploads_to_json((one, two), ["m1", "m2"])

    assert threading.uploads_of(kept, (one, two)) == ("m1", "m2")
    assert threading.uploads_of(kept, (one, replace(two, alt_text="khác"))) == ("m1",)
    assert threading.uploads_of(kept, (two, one)) == ()
    assert threading.uploads_of(kept, ()) == ()
    assert threading.uploads_of(None, (one,)) == threading.uploads_of(["m1"], (one,)) == ()


def a_medium(asset_id: int) -> Media:
    return Media(asset_id, "a.mp4", "video/mp4", 5, open=lambda: io.BytesIO(b"video"))


def test_an_expired_grant_is_tried_again_and_not_a_refusal() -> None:
    assert _verdict(GrantExpired("expired", platform="x"), visible=True).state == S.DUE


@given(st.floats(0, 7200))
def test_a_key_is_not_trusted_in_its_last_five_minutes(unproven_for_s: float) -> None:
    lives = retries.key_lives(unproven_for_s=unproven_for_s, key_lives_s=3600)

    assert lives == (unproven_for_s < 3300)


# --- settling -----------------------------------------------------------------------------


def test_a_native_key_is_used_again_while_it_lives_and_looked_up_after_55_minutes() -> None:
    doubt = Doubt(unproven_since=NINE, sending_at=NINE)

    assert settling.next_step(doubt, KEYED, now=NINE + 54 * MINUTE).step == Step.RESEND
    assert settling.next_step(doubt, KEYED, now=NINE + 55 * MINUTE).step == Step.LOOK


def test_where_nothing_can_be_read_back_a_person_is_asked() -> None:
    doubt = Doubt(unproven_since=NINE, sending_at=NINE)

    assert settling.next_step(doubt, BLIND, now=NINE).step == Step.ASK


@given(st.lists(st.floats(0, 200), max_size=8))
def test_nothing_is_sent_again_before_two_clean_misses_a_minute_apart(waits: list[float]) -> None:
    doubt = Doubt(unproven_since=NINE, sending_at=NINE)
    now, counted = NINE, []
    for wait_s in waits:
        now += timedelta(seconds=wait_s)
        if settling.was_clean_miss(doubt, LISTED, looked_at=now):
            counted.append(now)
            doubt = Doubt(NINE, NINE, misses=doubt.misses + 1, last_miss_at=now)

    plan = settling.next_step(doubt, LISTED, now=now)

    assert (plan.step == Step.RESEND) == (len(counted) >= 2)
    if plan.step == Step.RESEND:
        assert counted[0] >= NINE + timedelta(seconds=70)
        assert counted[1] - counted[0] >= MINUTE


@given(st.floats(-9999, 999999))
def test_the_next_step_is_never_in_the_past(after_s: float) -> None:
    now = NINE + timedelta(seconds=after_s)
    doubt = Doubt(unproven_since=NINE, sending_at=NINE)

    for means in (KEYED, LISTED, BLIND):
        assert settling.next_step(doubt, means, now=now).at >= now


# --- lateness -----------------------------------------------------------------------------


def test_a_missed_post_is_sent_up_to_an_hour_late_and_then_a_person_is_asked() -> None:
    limit = lateness.late_after(NINE, asked_at=NINE - MINUTE)

    assert not lateness.is_missed(limit, now=NINE + 60 * MINUTE, has_live_parts=False)
    assert lateness.is_missed(limit, now=NINE + 61 * MINUTE, has_live_parts=False)
    assert not lateness.is_missed(limit, now=NINE + 999 * MINUTE, has_live_parts=True)


def test_a_time_five_minutes_ago_still_means_now() -> None:
    assert not lateness.is_past(NINE, now=NINE + 5 * MINUTE)
    assert lateness.is_past(NINE, now=NINE + 6 * MINUTE)


# --- threads ------------------------------------------------------------------------------


def test_a_frozen_document_survives_the_database_as_it_was() -> None:
    frozen = threading.Frozen(
        Document((Part("một"), Part("hai")), "Link ở đây", {"spoiler_text": "!"}),
        "vi",
        NINE,
        under=Published("1", "https://x.example/1", {"cid": "c"}),
    )

    assert threading.frozen_from_json(frozen.to_json()) == frozen


def test_a_later_part_replies_to_the_one_before_and_keeps_the_root() -> None:
    frozen = threading.Frozen(Document((Part("a"), Part("b"), Part("c"))), "en", NINE)
    first, second = Published("1", "u1"), Published("2", "u2")

    part = threading.outgoing_part(frozen, 2, key="k.2", earlier=[first, second])

    assert (part.caption, part.reply_to, part.root) == ("c", second, first)


def test_a_comment_goes_under_the_first_part_and_has_no_comment_of_its_own() -> None:
    frozen = threading.Frozen(Document((Part("a"),), first_comment=" More: … "), "en", NINE)
    first = Published("1", "u1")

    comment = threading.comment_after(frozen, first)

    assert comment is not None
    part = threading.outgoing_part(comment, 0, key="k.0")
    assert (part.caption, part.reply_to, part.root) == ("More: …", first, first)
    assert threading.comment_after(comment, Published("2", "u2")) is None


# --- clocks --------------------------------------------------------------------------------


@given(st.floats(-7200, 7200))
def test_a_worker_half_a_minute_off_the_databases_clock_judges_nothing(off_s: float) -> None:
    assert lateness.is_clock_wrong(timedelta(seconds=off_s)) == (abs(off_s) > 30)


def test_everybody_on_the_list_must_agree() -> None:
    def agreed(*approved: int) -> bool:
        return live_changes.is_agreed(
            mode="all",
            may_approve_own=False,
            listed={1, 2, 3},
            able={1, 2, 3, 4},
            asked_by=1,
            approved_by=approved,
        )

    assert not agreed(2)
    assert not agreed(1, 2)
    assert agreed(2, 3)
