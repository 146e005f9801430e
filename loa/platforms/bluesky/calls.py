"""The calls to a server that several flows make."""

from http import HTTPStatus

from loa.connectors.contract import Answer, ChannelRef, Flow, Request, ask
from loa.kernel.json import JSON
from loa.platforms.bluesky.refusals import explain


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def signed(channel: ChannelRef) -> dict[str, str]:
    """Return the headers of a call in the channel's name."""
    return bearer(channel.secret["access_jwt"])


def succeeded(answer: Answer) -> Answer:
    """Return `answer` when it is a 200; raise what it means otherwise."""
    if answer.status != HTTPStatus.OK:
        raise explain(answer)
    return answer


def query(base_url: str, method: str, *params: tuple[str, str], token: str = "") -> Flow[Answer]:
    """Ask a server something."""
    headers = bearer(token) if token else {}
    return ask(Request("GET", f"{base_url}/xrpc/{method}", headers=headers, params=params))


def procedure(base_url: str, method: str, *, token: str = "", body: JSON = None) -> Flow[Answer]:
    """Have a server do something that the public does not see."""
    headers = bearer(token) if token else {}
    return ask(Request("POST", f"{base_url}/xrpc/{method}", headers=headers, json=body))
