"""Channels on a real practice network: connected, tested, lost, reconnected, disconnected."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from loa.channels import actions
from loa.channels.models import Channel, Grant
from loa.connectors import transport
from loa.connectors.errors import ChannelLost
from loa.ops import fence
from loa.workspace.models import AuditEntry, Workspace
from practice_network.testing import Running
from tests.cast import a_channel, a_member, a_workspace, signed_in, the_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(practice: Running) -> Iterator[Running]:
    transport.configure(allowed_origins=[practice.base_url])
    yield practice
    transport.configure()


@pytest.fixture
def workspace() -> Workspace:
    return a_workspace()


def connected(network: Running, workspace: Workspace, handle: str = "riverside") -> Channel:
    opened = network.client.open_account(handle)
    with fence.inside(workspace.pk):
        return actions.connect_with_form(
            workspace,
            platform="sandbox",
            values={
                "base_url": network.base_url,
                "handle": handle,
                "access_code": opened.access_code,
            },
            by=the_owner(workspace),
        )


def test_a_connected_channel_keeps_its_grant_sealed(network: Running, workspace: Workspace) -> None:
    opened = network.client.open_account("riverside")
    values = {
        "base_url": network.base_url,
        "handle": "riverside",
        "access_code": opened.access_code,
    }

    with fence.inside(workspace.pk):
        channel = actions.connect_with_form(
            workspace, platform="sandbox", values=values, by=the_owner(workspace)
        )
        grant = Grant.objects.in_workspace(workspace).get()
        ref = actions.open_grant(channel)

    assert opened.access_code not in grant.sealed_secret
    assert opened.access_code in ref.secret.values()
    assert opened.access_code not in repr(ref)


def test_the_same_account_again_is_the_same_channel(network: Running, workspace: Workspace) -> None:
    first = connected(network, workspace)
    again = network.client.issue_token("riverside")

    with fence.inside(workspace.pk):
        second = actions.connect_with_form(
            workspace,
            platform="sandbox",
            values={
                "base_url": network.base_url,
                "handle": "riverside",
                "access_code": again.access_code,
            },
            by=the_owner(workspace),
        )
        grants = Grant.objects.in_workspace(workspace).count()

    assert second.pk == first.pk
    assert grants == 1


def test_a_withdrawn_grant_marks_the_channel_lost_and_a_new_one_mends_it(
    network: Running, workspace: Workspace
) -> None:
    opened = network.client.open_account("riverside")
    values = {
        "base_url": network.base_url,
        "handle": "riverside",
        "access_code": opened.access_code,
    }
    with fence.inside(workspace.pk):
        owner = the_owner(workspace)
        channel = actions.connect_with_form(workspace, platform="sandbox", values=values, by=owner)
        network.client.revoke_token(opened.token_id)

        with pytest.raises(ChannelLost):
            actions.check_channel(channel)

        assert channel.state == Channel.State.LOST
        values["access_code"] = network.client.issue_token("riverside").access_code
        mended = actions.connect_with_form(workspace, platform="sandbox", values=values, by=owner)
        told = AuditEntry.objects.in_workspace(workspace).filter(action__startswith="channel.")
        actions_told = [entry.action for entry in told.order_by("number")]

    assert (mended.pk, mended.state) == (channel.pk, Channel.State.CONNECTED)
    assert actions_told == ["channel.connected", "channel.lost", "channel.reconnected"]


def test_a_platform_that_cannot_be_reached_changes_nothing(
    network: Running, workspace: Workspace
) -> None:
    channel = connected(network, workspace)
    network.client.add_fault("status", status=503, when="before", count=5)

    page = signed_in(the_owner(workspace)).post(
        f"/w/{workspace.slug}/channels/{channel.pk}/check/", follow=True
    )

    with fence.inside(workspace.pk):
        channel.refresh_from_db()
    assert channel.state == Channel.State.CONNECTED
    assert page.status_code == 200


def test_a_disconnected_channel_forgets_its_grant_and_keeps_its_place(
    network: Running, workspace: Workspace
) -> None:
    channel = connected(network, workspace)

    signed_in(the_owner(workspace)).post(f"/w/{workspace.slug}/channels/{channel.pk}/disconnect/")

    with fence.inside(workspace.pk):
        channel.refresh_from_db()
        grant = Grant.objects.in_workspace(workspace).get()
        with pytest.raises(ChannelLost):
            actions.open_grant(channel)
    assert channel.state == Channel.State.DISCONNECTED
    assert grant.sealed_secret == ""


def test_a_wrong_code_is_told_beside_what_was_typed(network: Running, workspace: Workspace) -> None:
    network.client.open_account("riverside")
    typed = {"base_url": network.base_url, "handle": "riverside", "access_code": "not the code"}

    page = signed_in(the_owner(workspace)).post(
        f"/w/{workspace.slug}/channels/connect/sandbox/", typed
    )

    assert page.status_code == 422
    assert 'value="riverside"' in page.content.decode()
    assert "not the code" not in page.content.decode()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9", "http://10.0.0.8", "http://[::1]:8080", "http://169.254.1.1"]
)
@pytest.mark.usefixtures("network")
def test_an_address_in_a_private_network_is_never_called(
    workspace: Workspace, address: str
) -> None:
    typed = {"base_url": address, "handle": "riverside", "access_code": "code"}

    page = signed_in(the_owner(workspace)).post(
        f"/w/{workspace.slug}/channels/connect/sandbox/", typed
    )

    assert page.status_code == 422
    assert "private network" in page.content.decode()


def test_an_answer_that_this_browser_did_not_start_connects_nothing(workspace: Workspace) -> None:
    client: Client = signed_in(the_owner(workspace))

    page = client.get(f"/w/{workspace.slug}/channels/granted/?code=stolen&state=x", follow=True)

    with fence.inside(workspace.pk):
        assert not Channel.objects.in_workspace(workspace).exists()
    assert "does not belong" in page.content.decode()


@pytest.mark.parametrize("state", ["connected", "lost", "disconnected"])
def test_every_state_of_a_channel_has_a_page(workspace: Workspace, state: str) -> None:
    channel = a_channel(workspace, state=state)
    client = signed_in(the_owner(workspace))

    one = client.get(f"/w/{workspace.slug}/channels/{channel.pk}/")
    listed = client.get(f"/w/{workspace.slug}/channels/")

    assert (one.status_code, listed.status_code) == (200, 200)


def test_a_viewer_sees_channels_and_may_not_connect_one(workspace: Workspace) -> None:
    client = signed_in(a_member(workspace, "viewer"))

    listed = client.get(f"/w/{workspace.slug}/channels/")
    refused = client.get(f"/w/{workspace.slug}/channels/connect/sandbox/")

    assert listed.status_code == 200
    assert "connect/sandbox" not in listed.content.decode()
    assert refused.status_code == 403


def test_a_practice_account_is_opened_and_connected_in_one_step(
    network: Running, workspace: Workspace, settings: Settings
) -> None:
    settings.PRACTICE_URL = network.base_url
    client = signed_in(the_owner(workspace))
    address = f"/w/{workspace.slug}/channels/connect/sandbox/practice/"

    for _ in range(2):  # the second time the handle is taken
        page = client.post(address, {"name": "Cà phê Bến"}, follow=True)
        assert page.status_code == 200

    with fence.inside(workspace.pk):
        handles = set(Channel.objects.in_workspace(workspace).values_list("handle", flat=True))
    assert handles == {"ca_phe_ben", "ca_phe_ben_2"}
