"""Answers to htmx bring the changed parts and the waiting toasts."""

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from loa.web import toasts
from loa.web.fragments import render_parts


@pytest.fixture
def request_with_messages() -> HttpRequest:
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def test_the_parts_come_in_order_with_their_status(request_with_messages: HttpRequest) -> None:
    answer = render_parts(
        request_with_messages,
        "components/key.html",
        "components/key.html",
        context={"keys": "c"},
        status=422,
    )

    assert answer.status_code == 422
    assert answer.content.decode().count("<kbd") == 2


def test_news_arrive_out_of_band_with_a_way_back(request_with_messages: HttpRequest) -> None:
    toasts.tell_with_undo(request_with_messages, "Deleted <b>", undo_url="/w/bakery/undo/7/")

    body = render_parts(request_with_messages).content.decode()

    assert 'id="toasts" hx-swap-oob="beforeend"' in body
    assert 'action="/w/bakery/undo/7/"' in body
    assert "csrfmiddlewaretoken" in body
    assert "Deleted &lt;b&gt;" in body


def test_a_refusal_looks_like_one(request_with_messages: HttpRequest) -> None:
    toasts.warn(request_with_messages, "Not now")

    assert "tone-lacquer" in render_parts(request_with_messages).content.decode()


def test_without_news_nothing_is_added(request_with_messages: HttpRequest) -> None:
    assert "toasts" not in render_parts(request_with_messages).content.decode()
