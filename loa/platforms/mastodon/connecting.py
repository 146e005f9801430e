"""Connect a channel: register our app on the person's instance, and trade their consent."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from loa.connectors.contract import (
    Answer,
    ChannelRef,
    Connected,
    Flow,
    Registration,
    Request,
    ask,
)
from loa.connectors.errors import ChannelLost, ConnectorError, NotSent, Refused
from loa.connectors.reading import read_from, text, text_or, texts
from loa.kernel.json import JSON
from loa.platforms.mastodon import wire
from loa.platforms.mastodon.calls import get, is_instance, read_account, read_instance, succeeded
from loa.platforms.mastodon.instances import read_address
from loa.platforms.mastodon.refusals import explain

APP_NAME = "Loa"
# What is needed and no more: who am I, read back, publish, upload.
SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")


def register(base_url: str, redirect_uri: str) -> Flow[Registration]:
    """Make Loa known to the instance. Each installation of Loa has its own registration."""
    instance = yield from read_instance(base_url)
    if instance.status != HTTPStatus.OK or not is_instance(instance.body):
        raise _unsupported(instance)
    # A person types the domain of their handle; the instance may live on another host.
    home = read_address(instance.url) if instance.url else base_url
    discovered = yield from get(f"{home}/.well-known/oauth-authorization-server")
    is_recent = discovered.status == HTTPStatus.OK and isinstance(discovered.body, dict)
    app: dict[str, JSON] = {
        "client_name": APP_NAME,
        # Before 4.3 an instance understands one address only, and not in a list.
        "redirect_uris": [redirect_uri] if is_recent else redirect_uri,
        "scopes": " ".join(SCOPES),
    }
    answer = yield from ask(Request("POST", f"{home}/api/v1/apps", json=app))
    registered = succeeded(answer)
    return Registration(
        client_id=read_from(registered, lambda b: text(b, "client_id"), platform=wire.PLATFORM),
        secret={
            "client_secret": read_from(
                registered, lambda b: text(b, "client_secret"), platform=wire.PLATFORM
            )
        },
        scopes=SCOPES,
        facts={
            "base_url": home,
            "pkce": "S256" in texts(discovered.body, "code_challenge_methods_supported"),
        },
    )


def authorize_url(
    base_url: str, registration: Registration, redirect_uri: str, state: str, code_challenge: str
) -> str:
    """Return where the person allows Loa in. `force_login`: they may have several accounts."""
    query = {
        "response_type": "code",
        "client_id": registration.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(registration.scopes or SCOPES),
        "state": state,
        "force_login": "true",
    }
    if registration.facts.get("pkce") is True:
        query |= {"code_challenge": code_challenge, "code_challenge_method": "S256"}
    return f"{_home(base_url, registration)}/oauth/authorize?{urlencode(query)}"


def finish(
    base_url: str, registration: Registration, redirect_uri: str, code: str, code_verifier: str
) -> Flow[Connected]:
    """Trade the code that came back with the person for a grant."""
    home = _home(base_url, registration)
    client_secret = registration.secret["client_secret"]
    form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("client_id", registration.client_id),
        ("client_secret", client_secret),
    ]
    if registration.facts.get("pkce") is True:
        form.append(("code_verifier", code_verifier))
    answer = yield from ask(Request("POST", f"{home}/oauth/token", form=tuple(form)))
    if answer.status != HTTPStatus.OK:
        raise _token_refused(answer)
    token = read_from(answer, lambda b: text(b, "access_token"), platform=wire.PLATFORM)
    granted = tuple(text_or(answer.body, "scope").split())
    _require(granted)
    return (
        yield from _connected(
            home,
            {"access_token": token, "client_secret": client_secret},
            scopes=granted,
            client_id=registration.client_id,
        )
    )


def check(channel: ChannelRef) -> Flow[Connected]:
    """Ask whether the grant is alive, and what the instance allows today."""
    connected = yield from _connected(
        channel.base_url, channel.secret, client_id=str(channel.facts["client_id"])
    )
    if connected.external_id != channel.external_id:
        raise ChannelLost(
            "the grant opens another account", platform=wire.PLATFORM, code="grant.other_account"
        )
    return connected


def revoke(channel: ChannelRef) -> Flow[None]:
    """Give the grant back. One that is gone already is as good."""
    form = (
        ("client_id", str(channel.facts["client_id"])),
        ("client_secret", channel.secret["client_secret"]),
        ("token", channel.secret["access_token"]),
    )
    answer = yield from ask(Request("POST", f"{channel.base_url}/oauth/revoke", form=form))
    error = explain(answer) if answer.status != HTTPStatus.OK else None
    if isinstance(error, NotSent):
        raise error


def _connected(
    base_url: str, secret: Mapping[str, str], *, client_id: str, scopes: tuple[str, ...] = ()
) -> Flow[Connected]:
    account = yield from read_account(base_url, secret["access_token"])
    instance = succeeded((yield from read_instance(base_url)))
    domain = read_from(instance, wire.to_domain, platform=wire.PLATFORM)
    return Connected(
        external_id=account.account_id,
        handle=f"{account.username}@{domain}",
        name=account.name,
        base_url=base_url,
        secret=secret,
        scopes=scopes,
        avatar_url=account.avatar_url,
        facts={"domain": domain, "client_id": client_id},
        limits=wire.to_limits(instance.body),
    )


def _require(granted: tuple[str, ...]) -> None:
    """Refuse a grant without what we need; "write" covers "write:media"."""
    missing = [
        scope for scope in SCOPES if scope not in granted and scope.partition(":")[0] not in granted
    ]
    if missing and granted:
        raise Refused(
            f"not granted: {' '.join(missing)}", platform=wire.PLATFORM, code="grant.insufficient"
        )


def _token_refused(answer: Answer) -> ConnectorError:
    """Say that the code was used, is late or another client's: the person starts again."""
    error = explain(answer)
    if isinstance(error, Refused):
        return Refused(
            error.detail, platform=wire.PLATFORM, code="grant.withdrawn", status=answer.status
        )
    return error


def _home(base_url: str, registration: Registration) -> str:
    home = registration.facts.get("base_url")
    return home if isinstance(home, str) else base_url


def _unsupported(answer: Answer) -> ConnectorError:
    """Say that something else lives there, or that the instance is not well today."""
    error = explain(answer) if answer.status != HTTPStatus.OK else None
    if isinstance(error, NotSent):
        return error
    return Refused(
        "the address does not answer as a Mastodon server does",
        platform=wire.PLATFORM,
        code="instance.unsupported",
        status=answer.status,
    )
