"""Looking at links before posts go out: a real server, real sockets, the real guard."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from loa.channels.models import Channel
from loa.connectors.tests.local_server import Heard, LocalServer, says
from loa.connectors.transport import Egress
from loa.content.actions import link_checks as actions
from loa.content.jobs import check_due_links
from loa.content.models import LinkCheck, Post
from loa.content.queries.link_checks import broken_soon
from loa.content.rules.link_checks import Seen
from loa.content.wording import sentence
from loa.ops import clock, fence
from loa.today.queries import count_needs, needs_of
from loa.today.rules.needs import Kind
from loa.today.wording import line
from loa.workspace.models import Workspace
from tests.cast import a_channel, a_post, a_workspace, ana, signed_in
from tests.findings import findings_of
from tests.races import at_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


ANSWERS = {
    "gone": says("", 404),
    "broken": says("", 500),
    "moved": says("", 301, Location="/menu"),
    "loop": says("", 302, Location="/loop"),
    "inward": says("", 302, Location="http://10.0.0.1/"),
    "wait": says("", 429, Retry_After="600"),
    "closed": says("", 403),
}


def answers(heard: Heard) -> bytes | None:
    """Answer as the path says."""
    name = heard.path.split("/")[1]
    if name in ANSWERS:
        return ANSWERS[name]
    if heard.method == "HEAD":
        return says("", 405 if name in {"head-refused", "huge"} else 200)
    return says("x" * 100_000 if name == "huge" else "menu")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """Run a site that is called tiem.example, and let this process reach it and nothing else."""
    with LocalServer(answers) as server:
        egress = Egress(
            allowed_origins=[f"http://tiem.example:{server.port}"],
            resolve=lambda host: ("127.0.0.1",) if host == "tiem.example" else (),
        )
        monkeypatch.setattr(import_module("loa.connectors.transport.drive"), "_shared", egress)
        yield server
        egress.close()


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    made = a_workspace()
    with fence.inside(made.pk):
        yield made


def a_post_with(
    bakery: Workspace, *links: str, hours: float = 3, channel: Channel | None = None
) -> Post:
    return a_post(
        bakery,
        text="Xem " + " ".join(links),
        channels=(channel or a_channel(bakery),),
        due_at=clock.now() + timedelta(hours=hours),
    )


def looked_at() -> dict[str, tuple[str, str]]:
    check_due_links()
    return {
        row.url.rpartition("/")[2] or row.host: (row.seen, row.code)
        for row in LinkCheck.objects.all()
    }


def test_each_link_is_told_by_what_readers_would_see(bakery: Workspace, site: LocalServer) -> None:
    base = f"http://tiem.example:{site.port}"
    paths = ("menu", "gone", "broken", "head-refused", "moved", "loop", "inward", "closed")
    a_post_with(bakery, *(f"{base}/{path}" for path in paths), "https://nowhere.example/")

    found = looked_at()

    assert found == {
        "menu": (Seen.FINE, ""),
        "gone": (Seen.BROKEN, "gone"),
        "broken": (Seen.BROKEN, "server"),
        "head-refused": (Seen.FINE, ""),
        "moved": (Seen.FINE, ""),
        "loop": (Seen.BROKEN, "loop"),
        "inward": (Seen.BROKEN, "private"),
        "closed": (Seen.UNSURE, "not_let_in"),
        "nowhere.example": (Seen.BROKEN, "no_host"),
    }


def test_little_is_taken_of_a_large_page(bakery: Workspace, site: LocalServer) -> None:
    a_post_with(bakery, f"http://tiem.example:{site.port}/huge")

    assert looked_at() == {"huge": (Seen.FINE, "")}
    assert site.heard[-1].headers["range"] == "bytes=0-2047"


@pytest.mark.usefixtures("site")
def test_a_private_address_is_never_reached(bakery: Workspace) -> None:
    with LocalServer(answers) as canary:
        a_post_with(bakery, f"http://canary.example:{canary.port}/")
        looked_at()

        assert canary.connections == 0


def test_a_look_is_kept_and_repeated_shortly_before(bakery: Workspace, site: LocalServer) -> None:
    a_post_with(bakery, f"http://tiem.example:{site.port}/menu")
    looked_at()
    looked_at()
    assert len(site.heard) == 1

    with clock.ahead(2.75 * HOUR):
        check_due_links()
        check_due_links()

    assert len(site.heard) == 2


def test_a_host_that_asks_us_to_wait_is_left_alone(bakery: Workspace, site: LocalServer) -> None:
    base = f"http://tiem.example:{site.port}"
    a_post_with(bakery, f"{base}/wait", f"{base}/menu")
    looked_at()
    asked = len(site.heard)

    with clock.ahead(timedelta(minutes=9)):
        check_due_links()
    assert len(site.heard) == asked

    with clock.ahead(timedelta(minutes=11)):
        check_due_links()
    assert len(site.heard) > asked
    assert looked_at()["menu"] == (Seen.FINE, "")


def test_posts_of_later_days_and_of_the_bin_are_not_looked_at(
    bakery: Workspace, site: LocalServer
) -> None:
    link = f"http://tiem.example:{site.port}/menu"
    a_post_with(bakery, link, hours=30)
    gone = a_post_with(bakery, link)
    Post.objects.filter(pk=gone.pk).update(deleted_at=clock.now())

    assert looked_at() == {}


def test_a_broken_link_warns_and_stands_on_today_until_it_is_taken_out(
    bakery: Workspace, site: LocalServer
) -> None:
    post = a_post_with(bakery, f"http://tiem.example:{site.port}/gone")
    looked_at()
    owner, now = ana(bakery), clock.now()

    [found] = [one for one in findings_of(post.variants.get()) if one.code == "link.broken"]
    [need] = [one for one in needs_of(owner, now=now) if one.kind is Kind.BROKEN_LINKS]
    said = line(need, workspace=bakery, now=now)

    with translation.override("en"):
        assert "the page is not there (404)" in sentence(found)
    assert said.url == reverse("create:post", args=[bakery.slug, post.pk])
    assert count_needs(owner, now=now) >= 1

    Post.objects.filter(pk=post.pk).update(shared={"parts": [{"caption": "Xem"}]})
    looked_at()

    assert not broken_soon(bakery, now=now).exists()


def test_the_composer_asks_for_a_look_and_shows_what_it_found(
    bakery: Workspace, site: LocalServer
) -> None:
    channel = a_channel(bakery)
    post = a_post_with(bakery, f"http://tiem.example:{site.port}/gone", hours=200, channel=channel)
    browser = signed_in(ana(bakery))
    sent = {
        "post": post.pk,
        "revision": post.revision,
        "channel": channel.pk,
        "s.p0.caption": f"Xem http://tiem.example:{site.port}/gone",
        "do": "check-links",
    }

    answer = browser.post(
        reverse("create:save-post", args=[bakery.slug]), sent, headers={"HX-Request": "true"}
    )
    actions.look_at_waiting()
    checks = browser.get(reverse("create:checks", args=[bakery.slug, post.pk])).content.decode()

    assert "Loa looks at it" in answer.content.decode()
    assert "the page is not there (404)" in checks


def test_what_is_no_plain_address_is_not_looked_at(bakery: Workspace) -> None:
    post = a_post_with(bakery, "https://tiem.example/" + "a" * 8192)

    assert actions.ask_about_post(post) == 0
    assert looked_at() == {}


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_ask_one_host_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bakery = a_workspace()
    with LocalServer(answers) as server:
        egress = Egress(
            allowed_origins=[f"http://tiem.example:{server.port}"],
            resolve=lambda _host: ("127.0.0.1",),
        )
        monkeypatch.setattr(import_module("loa.connectors.transport.drive"), "_shared", egress)
        a_post_with(bakery, *(f"http://tiem.example:{server.port}/menu?{n}" for n in range(5)))
        actions.ask_about_due()

        at_once(*[actions.look_at_waiting] * 4)
        actions.look_at_waiting()

        egress.close()
        assert len(server.heard) == 5
        assert server.connections <= 2


def test_what_another_worker_looked_at_in_between_is_not_looked_at_again(
    bakery: Workspace, site: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list was read before the host was ours, and whoever had held it had just done it all."""
    find, is_first = actions._waiting, [True]

    def another_comes(*args: Any, **more: Any) -> Any:
        found = find(*args, **more)
        if is_first:
            is_first.clear()
            actions.look_at_waiting()
        return found

    a_post_with(bakery, f"http://tiem.example:{site.port}/menu")
    actions.ask_about_due()
    monkeypatch.setattr(actions, "_waiting", another_comes)

    assert actions.look_at_waiting() == 0
    assert len(site.heard) == 1
