"""The calls to an instance that several flows make."""

from http import HTTPStatus

from loa.connectors.contract import Answer, ChannelRef, Flow, Request, ask
from loa.connectors.reading import read_from
from loa.kernel.json import JSON
from loa.platforms.mastodon import wire
from loa.platforms.mastodon.refusals import explain


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a grant."""
    return {"Authorization": f"Bearer {token}"}


def signed(channel: ChannelRef) -> dict[str, str]:
    """Return the headers of a call in the channel's name."""
    return bearer(channel.secret["access_token"])


def succeeded(answer: Answer) -> Answer:
    """Return `answer` when it is a 200; raise what it means otherwise."""
    if answer.status != HTTPStatus.OK:
        raise explain(answer)
    return answer


def get(url: str, *, token: str = "") -> Flow[Answer]:
    """Read something; with a grant when `token` is given."""
    headers = bearer(token) if token else {}
    return ask(Request("GET", url, headers=headers))


def read_account(base_url: str, token: str) -> Flow[wire.Account]:
    """Return the account that `token` belongs to; raises ChannelLost when it is withdrawn."""
    answer = yield from get(f"{base_url}/api/v1/accounts/verify_credentials", token=token)
    return read_from(succeeded(answer), wire.to_account, platform=wire.PLATFORM)


def read_instance(base_url: str) -> Flow[Answer]:
    """Return what the instance says about itself: the newer form, or the older one."""
    answer = yield from get(f"{base_url}/api/v2/instance")
    if answer.status == HTTPStatus.NOT_FOUND:
        answer = yield from get(f"{base_url}/api/v1/instance")
    return answer


def is_instance(body: JSON) -> bool:
    """Say whether an answer is an instance's description of itself."""
    return isinstance(body, dict) and ("domain" in body or "uri" in body)
