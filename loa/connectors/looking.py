"""Look whether an address still leads somewhere, through the one way out, taking little of it."""

from http import HTTPStatus

from loa.connectors.contract import Answer, Flow, Request, ask
from loa.connectors.errors import ConnectorError

LOOK_TIMEOUT_S = 8.0
FEW_BYTES = 16_384
# A stranger's server that sends more than we asked for has a page: that is all we wanted to know.
HAS_A_PAGE = "network.too_large"
HEADERS = {"Accept": "text/html,*/*;q=0.8"}


def look_at(url: str) -> Flow[Answer]:
    """Return what `url` answers: to HEAD, and to a GET of few bytes where that says little.

    Redirects of the GET are followed, each hop judged anew. Raises ConnectorError when there is
    no answer at all.
    """
    try:
        answer = yield from ask(Request("HEAD", url, headers=HEADERS, timeout_s=LOOK_TIMEOUT_S))
    except ConnectorError as error:
        if error.code != "network.cut":
            raise
    else:
        if HTTPStatus(200) <= answer.status < HTTPStatus(300) or _asks_to_wait(answer):
            return answer
    try:
        return (
            yield from ask(
                Request(
                    "GET",
                    url,
                    headers={**HEADERS, "Range": "bytes=0-2047"},
                    timeout_s=LOOK_TIMEOUT_S,
                    max_answer_bytes=FEW_BYTES,
                )
            )
        )
    except ConnectorError as error:
        if error.code == HAS_A_PAGE:
            return Answer(HTTPStatus.OK, url=url)
        raise


def _asks_to_wait(answer: Answer) -> bool:
    asked = answer.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    return asked and bool(answer.headers.get("retry-after"))
