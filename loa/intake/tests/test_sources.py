"""From a feed to drafts: what comes, once and for ever, and what a hostile one achieves."""

import errno
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.urls import reverse

from loa.channels.models import Channel
from loa.connectors.transport.connection import Broken
from loa.connectors.transport.egress import Egress
from loa.content.models import Post, ReviewRule, Variant
from loa.create.actions import set_review_rule
from loa.intake import actions
from loa.intake.actions import polling
from loa.intake.models import Source, SourceEntry
from loa.intake.tests.feeding import a_picture, a_website, rss
from loa.ops import clock, fence
from loa.plan.tests.planning import daily
from loa.workspace.models import Workspace
from tests import cast
from tests.jobs import run_enqueued
from tests.races import at_once

pytestmark = pytest.mark.django_db


def add(workspace: Workspace, url: str, **wishes: object) -> Source:
    with fence.inside(workspace.pk):
        source = actions.add_source(
            cast.ana(workspace),
            url=url,
            wishes=actions.Wishes(**wishes),  # type: ignore[arg-type]
        )
    run_enqueued()
    return again(source)


def again(source: Source) -> Source:
    with fence.inside(source.workspace_id):
        return Source.objects.select_related("workspace").get(pk=source.pk)


def poll(source: Source) -> Source:
    actions.poll_source(workspace_id=source.workspace_id, source_id=source.pk)
    return again(source)


def titles(workspace: Workspace) -> list[str]:
    with fence.inside(workspace.pk):
        return list(Post.objects.order_by("pk").values_list("title", flat=True))


def test_the_first_reading_takes_the_newest_and_remembers_the_others(bakery: Workspace) -> None:
    with a_website(rss(5, 4, 3, 2, 1)) as blog:
        source = add(bakery, blog.url, takes_first=2)
        blog.content = rss(6, 5, 4, 3, 2, 1)
        poll(source)

    assert titles(bakery) == ["Bài 4", "Bài 5", "Bài 6"]
    assert source.name == "Blog của Bến"
    with fence.inside(bakery.pk):
        post = Post.objects.earliest("pk")
        assert SourceEntry.objects.count() == 6
    assert post.document.parts[0].caption == "Bài 4\n\nTóm tắt 4\n\nhttps://blog.example/4"


def test_an_entry_never_comes_twice_even_when_its_post_and_feed_are_gone(
    bakery: Workspace,
) -> None:
    with a_website(rss(2, 1)) as blog:
        source = add(bakery, blog.url)
        poll(source)
        with fence.inside(bakery.pk):
            Post.objects.all().delete()
            actions.delete_source(source, by=cast.ana(bakery))
        add(bakery, blog.url)

    assert titles(bakery) == []


def test_only_news_is_asked_for(bakery: Workspace) -> None:
    marks = {"ETag": '"7"', "Last-Modified": "Mon, 16 Nov 2026 02:00:00 GMT"}
    with a_website(rss(1), headers=marks) as blog:
        source = poll(add(bakery, blog.url))

        assert blog.asked[1]["if-none-match"] == '"7"'
        assert blog.asked[1]["if-modified-since"] == marks["Last-Modified"]
    assert (source.trouble, titles(bakery)) == ("", ["Bài 1"])


def test_a_flood_of_entries_comes_in_portions_and_whole(bakery: Workspace) -> None:
    with a_website(rss(1), headers={"ETag": '"1"'}) as blog:
        source = add(bakery, blog.url)
        blog.content, blog.headers = rss(*range(46, 0, -1)), {"ETag": '"2"'}
        for _ in range(3):
            poll(source)

    assert titles(bakery) == [f"Bài {number}" for number in range(1, 47)]


def test_entries_join_the_queue_and_wait_for_approval_where_it_is_demanded(
    bakery: Workspace, channel: Channel
) -> None:
    daily(channel, "20:00")
    with fence.inside(bakery.pk):
        set_review_rule(cast.ana(bakery), mode=ReviewRule.Mode.ANY, may_approve_own=False)
    with a_website(rss(2, 1)) as blog:
        add(bakery, blog.url, mode="queue", channel_ids=[channel.pk])

    with fence.inside(bakery.pk):
        assert {post.review for post in Post.objects.all()} == {Post.Review.REQUESTED}
        assert Variant.objects.filter(in_queue=True).count() == 2


def test_a_queue_without_slots_leaves_a_draft(bakery: Workspace, channel: Channel) -> None:
    with a_website(rss(1)) as blog:
        source = add(bakery, blog.url, mode="queue", channel_ids=[channel.pk])

    assert (source.trouble, titles(bakery)) == ("", ["Bài 1"])


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", "feed.unreadable"),
        (b"<html><body>Not found</body></html>", "feed.unreadable"),
        (b"/etc/passwd", "feed.unreadable"),
        (b"\x00\x01\x02" * 100, "feed.unreadable"),
    ],
)
def test_what_is_no_feed_says_so(bakery: Workspace, content: bytes, trouble: str) -> None:
    with a_website(content) as blog:
        source = add(bakery, blog.url)

    assert (source.trouble, source.failures, titles(bakery)) == (trouble, 1, [])


def test_an_entity_bomb_does_not_unfold(bakery: Workspace) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{levels}]>'
    feed = f"{bomb}<rss version='2.0'><channel><item><title>&a11;</title></item></channel></rss>"

    with a_website(feed.encode()) as blog:
        add(bakery, blog.url)

    assert all(len(title) <= 300 for title in titles(bakery))


STRANGE = "&#xD800;&#x110000;&#0;"


@pytest.mark.parametrize(
    "feed",
    [
        f"<rss version='2.0'><channel><item><title>a{STRANGE}b</title></item></channel></rss>",
        f"<rss><channel><item><link>https://a.example/{STRANGE}</link></item></channel></rss>",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>{STRANGE}</id></entry></feed>",
        "<rss version='2.0'><channel><item><title>&amp;#xD800;</title></item></channel></rss>",
    ],
)
def test_characters_that_do_not_exist_are_told_or_left_out_and_never_stop_the_reading(
    bakery: Workspace, feed: str
) -> None:
    with a_website(feed.encode()) as blog:
        source = add(bakery, blog.url)

    assert source.trouble in {"", "feed.unreadable"}
    assert source.polled_at or source.failures == 1


def test_a_parser_that_stumbles_over_a_feed_is_told(
    bakery: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_said: object, **_more: object) -> object:
        raise RecursionError("deeper than anybody goes")

    monkeypatch.setattr("feedparser.parse", stumble)
    with a_website(rss(1)) as blog:
        source = add(bakery, blog.url)

    assert (source.trouble, source.failures) == ("feed.unreadable", 1)


@pytest.mark.parametrize("act", [actions.pause_source, actions.delete_source])
def test_what_is_paused_or_deleted_while_it_is_read_makes_nothing_more(
    bakery: Workspace, act: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_website(rss(2, 1)) as blog:
        with fence.inside(bakery.pk):
            source = actions.add_source(cast.ana(bakery), url=blog.url, wishes=actions.Wishes())
        makes = polling._make_post

        def too_late(*said: Any, **more: Any) -> None:
            monkeypatch.setattr(polling, "_make_post", makes)
            act(source, by=cast.ana(bakery))
            makes(*said, **more)

        monkeypatch.setattr(polling, "_make_post", too_late)
        run_enqueued()

    assert titles(bakery) == []


def test_a_full_disk_is_told_and_the_entry_comes_when_there_is_room(
    bakery: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_website() as blog:
        picture = f'<enclosure url="{blog.origin}/a.png" type="image/png"/>'.encode()
        feed = rss(1).replace(b"</item>", picture + b"</item>")
        blog.content = feed
        blog.pictures["/a.png"] = a_picture()
        with monkeypatch.context() as patched:
            patched.setattr(shutil, "copyfileobj", no_room)
            source = add(bakery, blog.url)
        assert (source.trouble, titles(bakery)) == ("storage", [])

        source = poll(source)

    assert (source.trouble, titles(bakery)) == ("", ["Bài 1"])
    with fence.inside(bakery.pk):
        assert Post.objects.get().document.parts[0].attachments


def no_room(*_said: object, **_more: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_feed_that_never_ends_is_cut_off(bakery: Workspace) -> None:
    with a_website(never_ends=True) as blog:
        source = add(bakery, blog.url)

    assert source.trouble == "network.too_large"


@pytest.mark.parametrize(
    ("location", "trouble"),
    [
        ("http://169.254.169.254/latest/meta-data", "egress.blocked"),
        ("http://[::1]/", "egress.blocked"),
        ("file:///etc/passwd", "egress.unusual"),
        ("/feed.xml", "network.redirects"),
    ],
)
def test_every_redirect_is_judged_and_a_circle_ends(
    bakery: Workspace, location: str, trouble: str
) -> None:
    with a_website(status=302, headers={"Location": location}) as blog:
        source = add(bakery, blog.url)

    assert (source.trouble, titles(bakery)) == (trouble, [])


def test_a_name_that_leads_home_at_the_second_look_up_is_refused(
    bakery: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([("93.184.215.14",), ("127.0.0.1",)])
    asked: list[str] = []

    def resolve(host: str) -> tuple[str, ...]:
        asked.append(host)
        return next(answers)

    # The function of the same name hides the module.
    shared = sys.modules["loa.connectors.transport.drive"]
    monkeypatch.setattr(shared, "_shared", Egress(resolve=resolve))
    monkeypatch.setattr("loa.connectors.transport.egress.open_connection", _refuse)

    source = add(bakery, "http://rebinding.example/feed.xml")
    source = poll(source)

    assert source.trouble == "egress.blocked"
    assert len(asked) == 2


def _refuse(*_: object, **__: object) -> object:
    raise Broken("network.unreachable", "nobody there")


def test_a_private_address_is_never_added_to_the_plan(bakery: Workspace) -> None:
    source = add(bakery, "http://192.168.1.1/feed")

    assert source.trouble == "egress.blocked"


def test_a_failing_feed_is_asked_less_and_less(bakery: Workspace) -> None:
    source = add(bakery, "http://192.168.1.1/feed")
    first_pause = source.next_poll_at - clock.now()

    source = poll(source)

    assert source.next_poll_at - clock.now() > first_pause
    assert source.failures == 2


def test_due_feeds_are_handed_out_once(bakery: Workspace) -> None:
    with a_website(rss(1)) as blog:
        add(bakery, blog.url)
        with clock.ahead(timedelta(hours=1)):
            assert actions.poll_due_sources() == 1
            assert actions.poll_due_sources() == 0


def test_a_paused_feed_is_left_alone_and_resumed_by_who_answers_for_it(
    bakery: Workspace,
) -> None:
    with a_website(rss(1)) as blog:
        source = add(bakery, blog.url)
        with fence.inside(bakery.pk):
            actions.pause_source(source, by=cast.ana(bakery))
        poll(source)
        with clock.ahead(timedelta(hours=1)):
            assert actions.poll_due_sources() == 0
        with fence.inside(bakery.pk):
            actions.resume_source(source, by=cast.ana(bakery))
        run_enqueued()

        assert len(blog.asked) == 2


@pytest.mark.django_db(transaction=True)
def test_a_feed_read_twice_at_once_gives_each_post_once(bakery: Workspace) -> None:
    with a_website(rss(3, 2, 1)) as blog:
        with fence.inside(bakery.pk):
            source = actions.add_source(cast.ana(bakery), url=blog.url, wishes=actions.Wishes())

        def read() -> None:
            actions.poll_source(workspace_id=bakery.pk, source_id=source.pk)

        outcomes = at_once(read, read, read)

    assert outcomes == [None] * 3
    assert sorted(titles(bakery)) == ["Bài 1", "Bài 2", "Bài 3"]


def test_a_feed_is_added_read_changed_and_deleted_from_its_pages(
    bakery: Workspace, channel: Channel
) -> None:
    ana = cast.signed_in(cast.ana(bakery))
    where = reverse("intake:sources", args=[bakery.slug])
    with a_website(rss(1)) as blog:
        fields = {"url": blog.url, "mode": "drafts", "takes_first": "3", "template": "{title}"}
        page = ana.post(where, fields | {"channels": [str(channel.pk)]})["Location"]
        run_enqueued()
        assert "Bài 1" in ana.get(page).content.decode()
        assert ana.post(where, fields).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        ana.post(page, {"name": "Blog", "mode": "queue", "template": "{title}"})
        assert again_at(bakery).name == "Blog của Bến"  # a queue needs a channel
        ana.post(page, {"name": "Blog", "mode": "drafts", "template": "{link}"})
        assert again_at(bakery).name == "Blog"
        for verb in ("poll", "pause", "resume", "delete"):
            assert ana.post(f"{page}{verb}/").status_code == HTTPStatus.FOUND
    assert "Blog" not in ana.get(where).content.decode().split("<main")[-1].split("Read a feed")[0]


def again_at(workspace: Workspace) -> Source:
    with fence.inside(workspace.pk):
        return Source.objects.get()


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "javascript:alert(1)", "http://a b/"])
def test_what_is_no_address_is_a_sentence_and_what_was_typed_is_kept(
    bakery: Workspace, url: str
) -> None:
    ana = cast.signed_in(cast.ana(bakery))

    answer = ana.post(
        reverse("intake:sources", args=[bakery.slug]),
        {"url": url, "name": "Của tôi", "mode": "drafts", "takes_first": "3"},
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Của tôi" in answer.content.decode()
