"""Connect, reconnect and disconnect channels."""

import base64
import contextlib
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from loa.channels.actions.grants import keep_secret, open_grant
from loa.channels.models import Channel, Grant, Registration
from loa.connectors import contract, transport
from loa.connectors.errors import ChannelLost, ConnectorError
from loa.connectors.registry import connector
from loa.kernel.errors import LoaError
from loa.kernel.json import JSON
from loa.ops import clock, live
from loa.workspace.actions import open_for, record_audit, seal_for
from loa.workspace.models import Member, Workspace

REGISTRATIONS = "channels_registration"
CONNECT_BUDGET_S = 25.0
PRACTICE_TRIES = 20
PRACTICE_FOLLOWERS = 800


class CannotConnect(LoaError):
    """The platform did not let us in. `code` says why, for the page to word."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class WrongState(CannotConnect):
    """The browser came back with a state we did not give it: started elsewhere, or replayed."""

    def __init__(self) -> None:
        super().__init__("grant.wrong_state", "the state does not match")


@dataclass(frozen=True, slots=True)
class Started:
    """A grant under way. `kept` stays in the session until the browser comes back."""

    authorize_url: str
    kept: dict[str, str]


def connect_with_form(
    workspace: Workspace, *, platform: str, values: Mapping[str, str], by: Member
) -> Channel:
    """Connect a channel with what a person typed (an app password, an access code)."""
    connect = connector(platform).connect_with_form
    if connect is None:
        raise CannotConnect("grant.other_way", f"{platform} connects through the browser")
    return _keep(workspace, platform, _drive(connect(values), platform), by)


def open_practice_channel(
    workspace: Workspace, *, platform: str, base_url: str, handle: str, name: str, by: Member
) -> Channel:
    """Open an account on a place to rehearse and connect it, in one step.

    A handle that is taken there gets a number, so that rehearsing never fails on a name.
    """
    practice = connector(platform).practice
    if practice is None:
        raise CannotConnect("practice.none", f"{platform} is no place to rehearse")
    wanted = [handle, *(f"{handle}_{number}" for number in range(2, PRACTICE_TRIES))]
    for candidate in wanted:
        fields: dict[str, JSON] = {
            "handle": candidate,
            "name": name,
            "followers": PRACTICE_FOLLOWERS,
        }
        try:
            typed = _drive(practice.open_account(base_url, fields), platform)
        except CannotConnect as refusal:
            if refusal.code == "account.taken" and candidate != wanted[-1]:
                continue
            raise
        return connect_with_form(workspace, platform=platform, values=typed, by=by)
    raise AssertionError("the last handle either connects or raises")


def start_grant(
    workspace: Workspace, *, platform: str, values: Mapping[str, str], redirect_uri: str
) -> Started:
    """Register with the instance if we are new there, and say where to send the browser."""
    oauth = connector(platform).oauth
    if oauth is None:
        raise CannotConnect("grant.other_way", f"{platform} connects with a form")
    try:
        base_url = oauth.origin(values) if oauth.origin else ""
    except ConnectorError as error:
        raise CannotConnect(error.code, error.detail) from error
    registration = _registration(workspace, platform, base_url, redirect_uri)
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return Started(
        authorize_url=oauth.authorize_url(
            registration.base_url, _opened(registration), redirect_uri, state, challenge
        ),
        kept={
            "state": state,
            "verifier": verifier,
            "platform": platform,
            "registration": str(registration.pk),
            "redirect_uri": redirect_uri,
            "workspace": str(workspace.pk),
        },
    )


def finish_grant(
    workspace: Workspace, *, kept: Mapping[str, str] | None, state: str, code: str, by: Member
) -> Channel:
    """Trade the code that the browser brought back for a grant, and connect the channel.

    `kept` is what start_grant put into this browser's session: without it, or with another
    state, the answer belongs to somebody else.
    """
    if (
        not kept
        or kept.get("workspace") != str(workspace.pk)
        or not secrets.compare_digest(kept["state"], state)
    ):
        raise WrongState
    registration = Registration.objects.in_workspace(workspace).get(pk=int(kept["registration"]))
    oauth = connector(kept["platform"]).oauth
    if oauth is None:
        raise WrongState
    flow = oauth.finish(
        registration.base_url, _opened(registration), kept["redirect_uri"], code, kept["verifier"]
    )
    return _keep(workspace, kept["platform"], _drive(flow, kept["platform"]), by)


def disconnect_channel(channel: Channel, *, by: Member) -> None:
    """Give the grant back and forget it. Posts and readings stay; planned ones wait."""
    revoke = connector(channel.platform).revoke
    if revoke and channel.grant and channel.grant.sealed_secret:
        # Giving back is a courtesy: an unreachable platform must not keep us connected.
        with contextlib.suppress(ConnectorError):
            flow = revoke(open_grant(channel))
            transport.drive(flow, platform=channel.platform, budget_s=CONNECT_BUDGET_S)
    with transaction.atomic():
        if channel.grant_id:
            Grant.objects.in_workspace(channel.workspace).filter(pk=channel.grant_id).update(
                sealed_secret=""
            )
        channel.state = Channel.State.DISCONNECTED
        channel.state_code = ""
        channel.state_at = clock.now()
        channel.save(update_fields=["state", "state_code", "state_at"])
        _note(channel, by, "channel.disconnected")


def _drive[T](flow: contract.Flow[T], platform: str) -> T:
    try:
        return transport.drive(flow, platform=platform, budget_s=CONNECT_BUDGET_S)
    except ChannelLost as error:
        # What is "withdrawn" for a channel in use is "not accepted" for one being connected.
        code = "login.wrong" if error.code == "grant.withdrawn" else error.code
        raise CannotConnect(code, error.detail) from error
    except ConnectorError as error:
        raise CannotConnect(error.code, error.detail) from error


def _keep(
    workspace: Workspace, platform: str, connected: contract.Connected, by: Member
) -> Channel:
    """Store a fresh grant; the same account again is a reconnection of the same channel."""
    now = clock.now()
    with transaction.atomic():
        grant = Grant.objects.create(
            workspace=workspace,
            platform=platform,
            scopes=list(connected.scopes),
            expires_at=connected.grant_expires_at,
            given_by=by,
            given_at=now,
        )
        keep_secret(grant, dict(connected.secret))
        grant.save(update_fields=["sealed_secret"])
        channel, is_new = Channel.objects.select_for_update().get_or_create(
            workspace=workspace,
            platform=platform,
            base_url=connected.base_url,
            external_id=connected.external_id,
            defaults={"grant": grant, "connected_at": now, "state_at": now},
        )
        former = channel.grant_id
        channel.grant = grant
        channel.handle, channel.name = connected.handle, connected.name or connected.handle
        channel.avatar_url, channel.facts = connected.avatar_url, dict(connected.facts)
        channel.state, channel.state_code, channel.state_at = Channel.State.CONNECTED, "", now
        channel.checked_at, channel.hold_until = now, None
        if connected.limits:
            channel.limits, channel.limits_read_at = connected.limits.to_json(), now
        channel.save()
        if former not in {None, grant.pk}:
            Grant.objects.in_workspace(workspace).filter(pk=former).delete()
        _note(channel, by, "channel.connected" if is_new else "channel.reconnected")
    return channel


def _note(channel: Channel, by: Member, action: str) -> None:
    record_audit(
        channel.workspace,
        member=by,
        action=action,
        subject=f"channel:{channel.pk}",
        detail={"platform": channel.platform, "handle": channel.handle},
    )
    live.announce(workspace_id=channel.workspace_id, topic="channel", subject_id=channel.pk)


def _registration(
    workspace: Workspace, platform: str, base_url: str, redirect_uri: str
) -> Registration:
    """Return our application on the instance, registering once per instance and address."""
    found = (
        Registration.objects.in_workspace(workspace)
        .filter(platform=platform, asked_url=base_url, redirect_uri=redirect_uri)
        .first()
    )
    if found:
        return found
    oauth = connector(platform).oauth
    if oauth is None:
        raise CannotConnect("grant.other_way", f"{platform} connects with a form")
    made = _drive(oauth.register(base_url, redirect_uri), platform)
    with transaction.atomic():
        row = Registration.objects.create(
            workspace=workspace,
            platform=platform,
            asked_url=base_url,
            base_url=str(made.facts.get("base_url") or base_url),
            redirect_uri=redirect_uri,
            client_id=made.client_id,
            facts=dict(made.facts) | {"scopes": list(made.scopes)},
            created_at=clock.now(),
        )
        row.sealed_secret = seal_for(workspace, dict(made.secret), table=REGISTRATIONS, row=row.pk)
        row.save(update_fields=["sealed_secret"])
    return row


def _opened(row: Registration) -> contract.Registration:
    secret = open_for(row.workspace, row.sealed_secret, table=REGISTRATIONS, row=row.pk)
    scopes = row.facts.get("scopes") or []
    return contract.Registration(
        client_id=row.client_id, secret=secret, scopes=tuple(scopes), facts=row.facts
    )
