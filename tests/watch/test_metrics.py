"""Figures for a monitor: few queries, no names, and nothing for who does not know the token."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loa.ops import clock, fence
from loa.publish.models import Delivery
from loa.workspace.models import Workspace
from tests import cast
from tests.watch import scene

DOCS = Path(__file__).resolve().parents[2] / "docs/reference/monitoring.md"
ALERTS = Path(__file__).resolve().parents[2] / "deploy/alerts.yaml"
TOKEN = "a word for the monitor"


def read(token: str = TOKEN) -> str:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def monitored(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.usefixtures("monitored", "bakery")
@pytest.mark.parametrize("token", ["", "another word", f"{TOKEN} ", "é"])
def test_without_the_token_there_is_no_such_page(token: str) -> None:
    answers = [
        Client().get("/metrics", headers={"Authorization": f"Bearer {token}"}),
        Client().get("/metrics"),
        Client().get(f"/metrics?token={TOKEN}"),
    ]

    assert [one.status_code for one in answers] == [404] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["Bearer ", "Bearer", ""])
def test_without_a_token_set_there_is_no_such_page_either(given: str) -> None:
    assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.usefixtures("monitored")
def test_the_figures_say_what_is(bakery: Workspace) -> None:
    ids = scene.failed_deliveries(cast.a_channel(bakery, name="Riverside"), 3)
    now = clock.now()
    scene.tries(ids[0], bakery, ["ok", "ok", "refused"], now - timedelta(minutes=5))
    with fence.inside(bakery.pk):
        Delivery.all_work.filter(pk=ids[0]).update(
            state="delivered",
            needs_person=False,
            external_id="1",
            scheduled_at=now - timedelta(hours=1),
            due_at=now - timedelta(seconds=12),
            delivered_at=now - timedelta(seconds=10),
        )
        Delivery.all_work.filter(pk=ids[1]).update(
            state="due", needs_person=False, ready_at=now - timedelta(minutes=2)
        )

    shown = read()

    assert 'loa_deliveries{platform="sandbox",state="failed"} 1.0' in shown
    assert 'loa_deliveries{platform="sandbox",state="due"} 1.0' in shown
    assert "loa_deliveries_ready 1.0" in shown
    [oldest] = re.findall(r"^loa_oldest_due_seconds (\S+)", shown, re.MULTILINE)
    assert float(oldest) >= 120
    assert 'loa_delivery_lag_seconds{quantile="0.5"} 2.0' in shown
    assert 'loa_tries_last_hour{outcome="ok",platform="sandbox"} 2.0' in shown
    assert 'loa_try_seconds{platform="sandbox",quantile="0.5"} 1.0' in shown
    assert "\nloa_backup_age_seconds " not in shown  # none is known
    assert "Riverside" not in shown
    assert bakery.slug not in shown


@pytest.mark.usefixtures("monitored", "bakery")
def test_pages_are_timed_by_kind_and_never_by_address() -> None:
    Client().get("/sign-in/?secret=1")

    shown = read()

    assert re.search(r'loa_http_request_seconds_count\{method="GET",status="2xx"\} [1-9]', shown)
    assert "sign-in" not in shown


@pytest.mark.usefixtures("monitored")
def test_it_costs_six_queries_at_most_whatever_there_is(bakery: Workspace) -> None:
    for _ in range(5):
        channel = cast.a_channel(bakery)
        ids = scene.failed_deliveries(channel, 4)
        scene.tries(ids[0], bakery, ["ok"] * 5, clock.now())

    with CaptureQueriesContext(connection) as asked:
        read()

    counting = [one["sql"] for one in asked if " FROM " in one["sql"].replace("\n", " ")]
    assert len(counting) <= 6


@pytest.mark.usefixtures("monitored", "bakery")
def test_every_figure_is_documented_and_every_alert_uses_one() -> None:
    given = set(re.findall(r"^# TYPE (loa_\w+)", read(), re.MULTILINE))
    documented = set(re.findall(r"`(loa_\w+)`", DOCS.read_text()))
    used = set(re.findall(r"\bloa_\w+", ALERTS.read_text()))

    assert given == documented
    assert used <= given
