"""An answer names the request it answers, and so does every line logged for it."""

import logging

import pytest
from django.test import Client
from pytest_django import Settings

from loa.ops import log_ids
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.handler.addFilter(log_ids.WithIds())
    return caplog


def test_each_answer_has_an_id_of_its_own() -> None:
    first, second = (Client().get("/sign-in/")["X-Request-ID"] for _ in range(2))

    assert first != second


def test_only_an_expected_proxy_names_requests(settings: Settings) -> None:
    given = {"X-Request-ID": "from-the-proxy-1"}

    assert Client().get("/sign-in/", headers=given)["X-Request-ID"] != "from-the-proxy-1"
    settings.BEHIND_PROXY = True
    assert Client().get("/sign-in/", headers=given)["X-Request-ID"] == "from-the-proxy-1"


def test_what_goes_wrong_on_a_page_is_logged_with_request_and_workspace(
    noted: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    bakery = cast.a_workspace()
    client = cast.signed_in(cast.ana(bakery))
    client.raise_request_exception = False
    monkeypatch.setattr("loa.publish.views.log.render", lambda *_: 1 / 0)

    with noted.at_level(logging.ERROR):
        answer = client.get(f"/w/{bakery.slug}/deliveries/")

    [line] = [one for one in noted.records if one.name == "django.request"]
    assert answer.status_code == 500
    assert vars(line)["request_id"] == answer["X-Request-ID"]
    assert vars(line)["workspace_id"] == bakery.pk
