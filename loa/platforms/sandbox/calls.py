"""The calls to the practice network that several flows make."""

from http import HTTPStatus

from loa.connectors.contract import Answer, ChannelRef, Flow, Idempotency, Request, ask
from loa.connectors.errors import NotSent
from loa.connectors.idempotency import FACT
from loa.kernel.json import JSON
from loa.platforms.sandbox.refusals import explain
from loa.platforms.sandbox.wire import PLATFORM


def bearer(code: str) -> dict[str, str]:
    """Return the header that carries an access code."""
    return {"Authorization": f"Bearer {code}"}


def signed(channel: ChannelRef) -> dict[str, str]:
    """Return the headers of a call in the channel's name."""
    return bearer(channel.secret["access_code"])


def address(channel: ChannelRef, path: str) -> str:
    """Return where an operation of the API is."""
    return f"{channel.base_url}/api/v1{path}"


def succeeded(answer: Answer) -> Answer:
    """Return `answer` when it is a success; raise what it means otherwise."""
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise explain(answer)
    return answer


def get(channel: ChannelRef, path: str, *params: tuple[str, str]) -> Flow[Answer]:
    """Read something in the channel's name, whatever the status."""
    return ask(Request("GET", address(channel, path), headers=signed(channel), params=params))


def send(
    channel: ChannelRef, method: str, path: str, fields: dict[str, JSON] | None = None
) -> Flow[Answer]:
    """Change something that may be changed twice, whatever the status."""
    return ask(Request(method, address(channel, path), headers=signed(channel), json=fields))


def class_of(channel: ChannelRef) -> Idempotency:
    """Return what the account said it offers against duplicates when it connected."""
    try:
        return Idempotency(str(channel.facts.get(FACT, Idempotency.NATIVE_KEY)))
    except ValueError:
        raise NotSent(
            "the channel's class against duplicates is unknown",
            platform=PLATFORM,
            code="answer.unreadable",
        ) from None
