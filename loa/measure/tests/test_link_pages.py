"""Pages of tracked links, as members use them."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from loa.content.actions.campaigns import add_campaign
from loa.content.actions.links import NewRule, set_link_rule
from loa.content.models import Link
from loa.measure.models import LinkDay
from loa.ops import clock, fence
from loa.workspace.models import AuditEntry, Workspace
from loa.workspace.rules.permissions import Role
from tests.cast import a_channel, a_member, a_post, a_workspace, ana, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    made = a_workspace("Tiệm Bánh")
    with fence.inside(made.pk):
        yield made


def url(bakery: Workspace, name: str, *more: object) -> str:
    return reverse(f"measure:{name}", args=[bakery.slug, *more])


def a_link(bakery: Workspace, code: str = "abcd2345", **fields: object) -> Link:
    values = {"target": "https://tiem.example/menu", "made_at": clock.now()}
    return Link.objects.create(workspace=bakery, code=code, **(values | fields))


def test_each_place_gets_a_link_of_its_own_marked_and_written_down(bakery: Workspace) -> None:
    set_link_rule(ana(bakery), wanted=NewRule(marks=True))
    campaign = add_campaign("Tết", workspace=bakery)
    browser = signed_in(ana(bakery))
    typed = {"target": "tiem.example/menu", "label": "Bàn 5", "campaign": campaign.pk}

    answer = browser.post(url(bakery, "add-print-link"), typed, follow=True)
    browser.post(url(bakery, "add-print-link"), typed)
    browser.post(url(bakery, "add-print-link"), {**typed, "label": "Tờ rơi"})

    table, flyer = Link.objects.order_by("pk")
    assert table.target == (
        "https://tiem.example/menu?utm_source=print&utm_medium=qr"
        "&utm_campaign=tet&utm_content=ban-5"
    )
    assert table.code != flyer.code
    assert "tiem-banh-ban-5-" in answer.content.decode()
    assert AuditEntry.objects.filter(action="links.made").count() == 2


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "data:text/html,x", "https://a@evil.example", "menu", "",
     "https://tiem.example/" + "a" * 8192, "ftp://tiem.example"],
)  # fmt: skip
def test_what_is_no_address_makes_no_link_and_stays_on_the_page(
    bakery: Workspace, target: str
) -> None:
    browser = signed_in(ana(bakery))

    answer = browser.post(url(bakery, "add-print-link"), {"target": target, "label": "bàn 5"})

    assert answer.status_code == 422
    assert 'value="bàn 5"' in answer.content.decode()
    assert not Link.objects.exists()


def test_the_table_shows_what_was_asked_for(bakery: Workspace) -> None:
    channel = a_channel(bakery, name="Bakery Facebook")
    post = a_post(bakery, title="Bánh mì", channels=(channel,))
    a_link(bakery, post=post, channel=channel)
    printed = a_link(bakery, code="efgh2345", label="bàn 5")
    LinkDay.objects.create(
        workspace=bakery,
        link=printed,
        clicked_on=timezone.localdate(clock.now(), ZoneInfo(bakery.time_zone)),
        clicks=1234,
        visitors=9,
        robots=1,
    )
    browser = signed_in(a_member(bakery, Role.ANALYST, name="Lan Đỗ"))

    everything = browser.get(url(bakery, "links")).content.decode()
    in_print = browser.get(url(bakery, "links") + "?kind=print").content.decode()
    nothing = browser.get(url(bakery, "links") + "?words=%00zzz&channel=x&page=99").content.decode()
    one = browser.get(url(bakery, "link", printed.pk)).content.decode()

    assert "abcd2345" in everything
    assert "abcd2345" not in in_print
    assert "efgh2345" in in_print
    assert "1,234" in in_print
    assert "No link matches" in nothing
    assert "print-link" not in everything
    assert "http://testserver/l/efgh2345" in one


def test_the_export_runs_nothing_in_a_spreadsheet(bakery: Workspace) -> None:
    link = a_link(bakery, label='=HYPERLINK("https://evil.example")')
    LinkDay.objects.create(
        workspace=bakery, link=link, clicked_on="2026-03-02", clicks=3, visitors=2, robots=1
    )
    a_link(bakery, code="efgh2345", label="bàn 5")

    answer: Any = signed_in(ana(bakery)).get(url(bakery, "export-links"))
    content = b"".join(answer.streaming_content)
    head, last, first = content.decode("utf-8-sig").splitlines()

    assert "tiem-banh-links.csv" in answer["Content-Disposition"]
    assert head.startswith("Link,Leads to")
    assert last.startswith("http://testserver/l/efgh2345")
    assert last.endswith("bàn 5,,0,0,0")
    assert "\"'=HYPERLINK" in first
    assert first.endswith("2026-03-02,3,2,1")


@pytest.mark.parametrize(("form", "mime"), [("svg", "image/svg+xml"), ("png", "image/png")])
def test_a_qr_code_is_a_picture_called_by_the_brand(
    bakery: Workspace, form: str, mime: str
) -> None:
    link = a_link(bakery, label="bàn 5")

    answer = signed_in(ana(bakery)).get(url(bakery, "link-qr", link.pk, form))

    assert answer["Content-Type"] == mime
    assert f"tiem-banh-ban-5-abcd2345.{form}" in answer["Content-Disposition"]
    assert signed_in(ana(bakery)).get(url(bakery, "link-qr", link.pk, "exe")).status_code == 404
