"""Live news reach the members of a workspace, at once, and nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from loa.ops import clock, fence, live
from loa.ops.live import endpoint, hub
from loa.site import listeners
from loa.workspace.models import Member, User, Workspace
from tests.cast import a_person, a_workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _close_connections() -> Iterator[None]:
    yield
    connections.close_all()


@pytest.fixture
def ana() -> User:
    return a_person("Ana Lê")


@pytest.fixture
def bakery(ana: User) -> Workspace:
    return a_workspace("Bakery", owner=ana)


def cookie_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


class Page:
    """A browser's side of one request."""

    def __init__(self, slug: str, cookie: str, query: str = "") -> None:
        self.status = 0
        self.text = ""
        self.ended = asyncio.Event()
        self._left = asyncio.Event()
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": f"/live/{slug}/",
            "query_string": query.encode(),
            "headers": [(b"cookie", cookie.encode())],
        }

    async def receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            return
        self.text += message["body"].decode()
        if not message.get("more_body"):
            self.ended.set()

    def leave(self) -> None:
        self._left.set()

    async def shows(self, text: str, *, within_s: float = 2) -> bool:
        end = clock.monotonic_s() + within_s
        while text not in self.text and clock.monotonic_s() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return text in self.text


@asynccontextmanager
async def a_hub() -> AsyncIterator[hub.Hub]:
    running = hub.Hub(admit=listeners.admit, still_admitted=listeners.still_admitted)
    running.start()
    await asyncio.wait_for(running.listens.wait(), 5)
    try:
        yield running
    finally:
        await running.stop()


@asynccontextmanager
async def a_page(on: hub.Hub, slug: str, cookie: str, query: str = "") -> AsyncIterator[Page]:
    page = Page(slug, cookie, query)
    serving = asyncio.create_task(endpoint.serve(on, page.scope, page.receive, page.send))
    while not page.status:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    try:
        yield page
    finally:
        page.leave()
        await serving


async def in_database(act: Callable[[], object]) -> None:
    def closing() -> None:
        try:
            act()
        finally:
            connections.close_all()

    await asyncio.to_thread(closing)


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    """Play a scenario in a thread of its own: Playwright's loop may live in this one."""

    async def scenario_of_its_own() -> None:
        await scenario()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(scenario_of_its_own())).result()


def test_a_committed_change_reaches_the_pages_of_its_workspace_alone(
    bakery: Workspace, ana: User
) -> None:
    cookie = cookie_of(ana)

    async def scenario() -> None:
        async with a_hub() as running, a_page(running, bakery.slug, cookie) as page:
            assert page.status == 200
            await page.shows("everything", within_s=1)
            await in_database(
                lambda: live.announce(workspace_id=bakery.pk + 1, topic="delivery", subject_id=4)
            )
            await in_database(
                lambda: live.announce(workspace_id=bakery.pk, topic="delivery", subject_id=5)
            )
            assert await page.shows('event: change\ndata: {"topic": "delivery", "id": 5}\n\n')
            assert '"id": 4' not in page.text

    run(scenario)


def test_news_of_a_transaction_that_failed_is_no_news(bakery: Workspace, ana: User) -> None:
    cookie = cookie_of(ana)

    def fail() -> None:
        with transaction.atomic():
            live.announce(workspace_id=bakery.pk, topic="delivery", subject_id=5)
            transaction.set_rollback(True)

    async def scenario() -> None:
        async with a_hub() as running, a_page(running, bakery.slug, cookie) as page:
            await in_database(fail)
            assert not await page.shows("delivery", within_s=0.5)

    run(scenario)


def said(page: Page) -> list[tuple[str, int]]:
    events = [line for line in page.text.splitlines() if line.startswith("data: ")]
    read = [json.loads(line.removeprefix("data: ")) for line in events]
    return [(one["topic"], one["id"]) for one in read]


def since(instant_s: float) -> str:
    return f"since={int(instant_s * 1000)}"


def test_a_change_between_a_page_and_its_stream_is_told(bakery: Workspace, ana: User) -> None:
    cookie = cookie_of(ana)

    async def scenario() -> None:
        async with a_hub() as running, a_page(running, bakery.slug, cookie) as witness:
            await in_database(
                lambda: live.announce(workspace_id=bakery.pk, topic="delivery", subject_id=4)
            )
            assert await witness.shows('"id": 4')
            await asyncio.sleep(0.02)
            asked_at_s = clock.now().timestamp()
            for workspace_id, subject_id in [(bakery.pk, 5), (bakery.pk + 1, 6), (bakery.pk, 7)]:
                await in_database(
                    partial(
                        live.announce,
                        workspace_id=workspace_id,
                        topic="delivery",
                        subject_id=subject_id,
                    )
                )
            assert await witness.shows('"id": 7')
            async with a_page(running, bakery.slug, cookie, since(asked_at_s)) as page:
                assert await page.shows('"id": 5')
                assert await page.shows('"id": 7')
                assert sorted(said(page)) == [("delivery", 5), ("delivery", 7)]

    run(scenario)


def test_a_page_older_than_our_memory_looks_at_everything_again(
    bakery: Workspace, ana: User
) -> None:
    cookie = cookie_of(ana)
    before_the_hub_s = clock.now().timestamp() - 1

    async def scenario() -> None:
        async with a_hub() as running:
            async with a_page(running, bakery.slug, cookie, since(before_the_hub_s)) as page:
                assert await page.shows("everything")
                assert said(page) == [("everything", 0)]
            async with a_page(running, bakery.slug, cookie, "since=never") as page:
                assert page.status == 200
                assert not await page.shows("data:", within_s=0.3)

    run(scenario)


def test_strangers_and_the_signed_out_get_404(bakery: Workspace, ana: User) -> None:
    omar = a_person("Omar")
    cookies = [cookie_of(omar), "", f"{settings.SESSION_COOKIE_NAME}=made-up"]
    own = cookie_of(ana)

    async def scenario() -> None:
        async with a_hub() as running:
            for cookie in cookies:
                async with a_page(running, bakery.slug, cookie) as page:
                    assert (page.status, page.text) == (404, "Not Found")
            async with a_page(running, "elsewhere", own) as page:
                assert page.status == 404

    run(scenario)
    assert bakery.pk


def revoke_session(_user: User) -> None:
    Session.objects.all().delete()


def end_membership(user: User) -> None:
    with fence.everywhere("a test"):
        Member.objects.filter(user=user).update(left_at=clock.now())


def change_password(user: User) -> None:
    user.set_password("another horse")
    user.save()


def deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize(
    "end", [revoke_session, end_membership, change_password, deactivate], ids=lambda f: f.__name__
)
def test_a_stream_closes_within_a_second_of_its_right_ending(
    bakery: Workspace, ana: User, end: Callable[[User], None]
) -> None:
    cookie = cookie_of(ana)

    async def scenario() -> None:
        async with a_hub() as running, a_page(running, bakery.slug, cookie) as page:
            await asyncio.sleep(hub.CHECK_EVERY_S * 1.5)
            assert not page.ended.is_set()
            await in_database(lambda: end(ana))
            await asyncio.wait_for(page.ended.wait(), 1)

    run(scenario)


def test_a_session_may_open_only_so_many_streams(bakery: Workspace, ana: User) -> None:
    cookie = cookie_of(ana)

    async def scenario() -> None:
        async with a_hub() as running:
            pages = []
            for _ in range(hub.STREAMS_PER_SESSION):
                opened = a_page(running, bakery.slug, cookie)
                pages.append(opened)
                assert (await opened.__aenter__()).status == 200
            async with a_page(running, bakery.slug, cookie) as one_more:
                assert one_more.status == 429
            for opened in pages:
                await opened.__aexit__(None, None, None)
            async with a_page(running, bakery.slug, cookie) as again:
                assert again.status == 200

    run(scenario)


def test_news_go_on_after_the_database_dropped_the_connection(bakery: Workspace, ana: User) -> None:
    cookie = cookie_of(ana)

    def drop() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
            )

    async def scenario() -> None:
        async with a_hub() as running:
            async with a_page(running, bakery.slug, cookie) as page:
                await in_database(drop)
                await asyncio.wait_for(page.ended.wait(), 3)
            async with a_page(running, bakery.slug, cookie) as again:
                await in_database(
                    lambda: live.announce(workspace_id=bakery.pk, topic="post", subject_id=9)
                )
                assert await again.shows('"id": 9')

    run(scenario)


def test_a_page_that_comes_while_the_database_is_away_is_let_in_when_it_is_back(
    bakery: Workspace, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Browsers never ask again after an error, so that the page polled for a minute."""
    cookie = cookie_of(ana)

    def away(*_asked: object) -> None:
        raise OperationalError("connection refused")

    async def scenario() -> None:
        async with a_hub() as running:
            with monkeypatch.context() as broken:
                broken.setattr(running, "_admit", away)
                async with asyncio.timeout(5), a_page(running, bakery.slug, cookie) as page:
                    await asyncio.wait_for(page.ended.wait(), 3)
                    assert page.status == 200
            async with a_page(running, bakery.slug, cookie) as again:
                assert again.status == 200
                assert not again.ended.is_set()

    run(scenario)


def test_news_are_listened_for_every_second_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []
    wait = asyncio.sleep

    async def no_wait(seconds: float) -> None:
        pauses.append(seconds)
        await wait(0)

    async def refuse(*_values: object, **_named: object) -> None:
        raise psycopg.OperationalError("connection refused")

    async def scenario() -> None:
        running = hub.Hub(admit=lambda *_asked: None, still_admitted=lambda asked: asked)
        running.start()
        while len(pauses) < 50:
            await wait(0)
        await running.stop()

    with monkeypatch.context() as away:
        away.setattr(psycopg.AsyncConnection, "connect", refuse)
        away.setattr(asyncio, "sleep", no_wait)
        run(scenario)

    assert max(pauses) <= 1


def test_a_page_that_takes_no_news_is_closed_and_holds_nobody_up() -> None:
    async def scenario() -> None:
        stream = hub.Stream(hub.Admission(1, "s", "p"))
        for number in range(hub.WAITING_NEWS + 1):
            stream.tell("post", number)
        assert await stream.news.get() is None

    run(scenario)
