"""What goes out, and how it is recognised again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from loa.connectors.contract import Answer, OutgoingPart
from loa.connectors.errors import NotSent, RateLimited, StillProcessing
from loa.connectors.replay import replay
from loa.kernel.json import JSON
from loa.platforms.mastodon.content import as_compared, html_as_compared
from loa.platforms.mastodon.looking import PAGES_MOST, look_up
from loa.platforms.mastodon.publishing import PROCESSING_WAITS_S, edit, publish, stage
from tests.conformance.scenes import CAPTIONS, NOW, a_picture, a_published, answer, channel

LOAVES = OutgoingPart(CAPTIONS["text"], "vi-VN", "delivery-42", NOW)


def test_a_retry_carries_the_same_idempotency_key() -> None:
    for _ in range(2):
        _, [request] = replay(publish(LOAVES, channel("mastodon")), [answer("mastodon", "status")])

        assert request.headers["Idempotency-Key"] == "delivery-42"


def test_decomposed_text_goes_out_composed() -> None:
    part = replace(LOAVES, caption="Be\u0301 mo\u031b\u0300")

    _, [request] = replay(publish(part, channel("mastodon")), [answer("mastodon", "status")])

    assert request.json == {"status": "Bé mờ", "language": "vi", "visibility": "public"}


def test_options_reach_the_status_and_nonsense_does_not() -> None:
    options: dict[str, JSON] = {
        "visibility": "unlisted",
        "spoiler_text": "Đồ ăn",
        "sensitive": True,
    }
    sent = []
    nonsense: dict[str, JSON] = {"visibility": "everyone", "spoiler_text": 5, "sensitive": "yes"}
    for given in (options, nonsense):
        part = replace(LOAVES, options=given)
        _, [request] = replay(publish(part, channel("mastodon")), [answer("mastodon", "status")])
        assert isinstance(request.json, dict)
        sent.append({name: request.json.get(name) for name in options})

    assert sent[0] == options
    assert sent[1] == {"visibility": "public", "spoiler_text": None, "sensitive": None}


def test_a_rate_limit_ends_when_the_instance_says() -> None:
    with pytest.raises(RateLimited) as caught:
        replay(publish(LOAVES, channel("mastodon")), [answer("mastodon", "rate_limited")])

    assert caught.value.retry_after_s == 295


def test_a_file_that_is_never_ready_is_not_uploaded_twice() -> None:
    part = replace(LOAVES, media=(a_picture(),))
    waiting = [answer("mastodon", "media_processing")] * len(PROCESSING_WAITS_S)

    with pytest.raises(StillProcessing) as caught:
        replay(stage(part, channel("mastodon")), [answer("mastodon", "media_accepted"), *waiting])

    assert (caught.value.code, len(caught.value.uploads)) == ("media.processing", 1)


def test_the_next_try_asks_for_what_was_uploaded_and_uploads_only_what_is_gone() -> None:
    part = replace(LOAVES, media=(a_picture(), a_picture()), uploads=("901", "902"))
    ready, gone = answer("mastodon", "media_ready"), Answer(404, {"error": "Record not found"})

    staged, requests = replay(stage(part, channel("mastodon")), [ready, gone, ready])

    assert [one.method for one in requests] == ["GET", "GET", "POST"]
    assert [one.url.rpartition("/")[2] for one in requests] == ["901", "902", "media"]
    assert staged.media == ("901", "22345792")


def test_what_an_earlier_try_uploaded_may_still_be_processed() -> None:
    part = replace(LOAVES, media=(a_picture(),), uploads=("901",))
    waiting, ready = answer("mastodon", "media_processing"), answer("mastodon", "media_ready")

    staged, requests = replay(stage(part, channel("mastodon")), [waiting, waiting, ready])

    assert (staged.media, len(requests)) == (("901",), 3)


def test_the_description_and_the_focus_travel_with_the_file() -> None:
    part = replace(LOAVES, media=(a_picture(),))

    _, [request] = replay(stage(part, channel("mastodon")), [answer("mastodon", "media_ready")])

    assert dict(request.form) == {"focus": "0.1000,-0.5000", "description": a_picture().alt_text}
    assert request.files[0].media.open().read() == a_picture().open().read()


def test_an_edit_replaces_the_words_of_a_file_too() -> None:
    part = replace(LOAVES, media=(a_picture(),), staged=("22345792",))
    live = a_published("mastodon")

    _, [request] = replay(edit(part, live, channel("mastodon")), [answer("mastodon", "status")])

    assert isinstance(request.json, dict)
    assert request.json["media_attributes"] == [
        {"id": "22345792", "description": a_picture().alt_text, "focus": "0.1000,-0.5000"}
    ]
    assert not request.visible


@pytest.mark.parametrize(
    ("html", "caption"),
    [
        ("<p>Một<br />hai</p><p>ba &amp; bốn &lt;3</p>", "Một\nhai\n\nba & bốn <3"),
        (
            '<p><span class="h-card"><a href="x">@<span>ana</span></a></span> ơi</p>',
            "@ana@town.example ơi",
        ),
        ("<p>@ana@far.example</p>", "@ana@far.example"),
        ("<p>Be\u0301</p>", "Bé"),
        (
            (
                '<a href="x"><span class="invisible">https://</span><span>a.vn/b</span>'
                '<span class="invisible">?c=d</span></a>'
            ),
            "https://a.vn/b?c=d",
        ),
    ],
)
def test_a_status_is_recognised_through_its_html(html: str, caption: str) -> None:
    assert html_as_compared(html) == as_compared(caption)


def own(number: int, *, ago: timedelta = timedelta()) -> dict[str, JSON]:
    return {
        "id": str(number),
        "url": f"https://mastodon.example/@tiembanh/{number}",
        "uri": f"https://mastodon.example/users/tiembanh/statuses/{number}",
        "content": f"<p>{number}</p>",
        "created_at": (NOW - ago).isoformat(),
        "in_reply_to_id": None,
        "media_attachments": [],
    }


def test_two_parts_that_say_the_same_are_told_apart() -> None:
    part = replace(LOAVES, caption="7", taken_ids=frozenset({"7"}))

    found, _ = replay(look_up(part, channel("mastodon")), [Answer(200, [own(7)]), Answer(200, [])])

    assert found is None


def test_a_busy_account_is_searched_page_by_page() -> None:
    part = replace(LOAVES, caption="wanted")
    sources = [Answer(404, {"error": "Record not found"})] * 2
    old = own(1, ago=timedelta(hours=1))
    pages = [Answer(200, [own(9), own(8)]), *sources, Answer(200, [own(7), old]), sources[0]]

    found, requests = replay(look_up(part, channel("mastodon")), pages)

    assert found is None
    assert ("max_id", "8") in requests[3].params


def test_not_having_looked_far_enough_is_not_a_clean_negative() -> None:
    part = replace(LOAVES, caption="wanted", reply_to=None)
    page = Answer(200, [{**own(9), "in_reply_to_id": "1"}])

    with pytest.raises(NotSent) as caught:
        replay(look_up(part, channel("mastodon")), [page] * PAGES_MOST)

    assert caught.value.code == "read_back.too_far"
