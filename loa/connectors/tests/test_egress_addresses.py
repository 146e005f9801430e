"""A hostile address reaches nothing: a canary listens, and no vector may connect to it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from loa.connectors.contract import Answer, Flow, Request, ask
from loa.connectors.errors import ConnectorError, NotSent, Refused
from loa.connectors.tests.conftest import MakeDrive
from loa.connectors.tests.local_server import LocalServer, says
from loa.connectors.transport.addresses import is_public, read_target

# PORT is where the canary listens, as one of the web's ports: only the address rules guard it.
HOSTS = (Path(__file__).parent / "ssrf_hosts.txt").read_text(encoding="utf-8").split()

URLS = [f"http://{host}:PORT/" for host in HOSTS] + [
    "http://127.0.0.1:PORT\t/",
    "http://127.0.0.1:PORT\n/",
    "http://127.0.0.1:PORT\r\nHost: good.example/",
    "http://\t127.0.0.1:PORT/",
    "http:// 127.0.0.1:PORT/",
    " http://127.0.0.1:PORT/",
    "http:127.0.0.1:PORT/",
    "http:/127.0.0.1:PORT/",
    "http:///127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "127.0.0.1:PORT/",
    "HTTP://127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_GET%20/",
    "file:///etc/passwd",
    "file://127.0.0.1:PORT/etc/passwd",
    "dict://127.0.0.1:PORT/",
    "ws://127.0.0.1:PORT/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "jar:http://127.0.0.1:PORT!/",
    "url:http://127.0.0.1:PORT/",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "http://127.0.0.1:PORT#@good.example/",
    "http://127.0.0.1:PORT?@good.example/",
    "http://127.0.0.1:PORT/@good.example/",
    "http://127.0.0.1:PORT;@good.example/",
    "http://127.0.0.1:PORT:80/",
    "http://127.0.0.1:0PORT/",
    "http://127.0.0.1:-1/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:２２/",
    "http://",
    "",
    "http://" + "a." * 130 + "example:PORT/",
]

ANSWERS_OF_DNS = {
    "private.test": ("10.0.0.1",),
    "mixed.test": ("93.184.215.14", "127.0.0.1"),
    "mapped.test": ("::ffff:127.0.0.1",),
    "metadata.test": ("169.254.169.254",),
    "six.test": ("::1",),
    "nat.test": ("64:ff9b::7f00:1",),
    "zero.test": ("0.0.0.0",),  # noqa: S104 — a vector
    "shared.test": ("100.64.3.2",),
}


def resolve(host: str) -> tuple[str, ...]:
    if host in ANSWERS_OF_DNS:
        return ANSWERS_OF_DNS[host]
    if host.startswith(("localhost", "ip6-")):
        return ("127.0.0.1", "::1")
    raise OSError("no such host")


@pytest.fixture
def canary() -> Iterator[LocalServer]:
    with LocalServer(lambda _: says('{"reached": true}')) as server:
        yield server


def get(url: str, **headers: str) -> Flow[Answer]:
    return ask(Request("GET", url, headers=headers, timeout_s=2))


def test_the_canary_can_be_reached_when_it_is_allowed_by_name(
    drive_with: MakeDrive, canary: LocalServer
) -> None:
    drive = drive_with(allowed_origins=[canary.origin])

    answer = drive(get(f"{canary.origin}/"), platform="test")

    assert answer.body == {"reached": True}
    assert canary.connections == 1


def test_there_are_more_than_120_vectors() -> None:
    assert len(set(URLS)) >= 120


@pytest.mark.parametrize("url", URLS)
def test_no_hostile_address_reaches_the_canary(
    drive_with: MakeDrive, url: str, canary: LocalServer
) -> None:
    drive = drive_with(web_ports=[80, 443, canary.port], resolve=resolve)

    with pytest.raises(ConnectorError) as caught:
        drive(get(url.replace("PORT", str(canary.port))), platform="test")

    assert canary.connections == 0
    assert isinstance(caught.value, Refused)
    assert caught.value.code.startswith("egress.")


def fits_a_header_and_names_a_host(url: str) -> bool:
    """Leave out what would redirect to the path it came from."""
    return "\n" not in url and url.strip() not in {"", "http://"} and ":" in url


@pytest.mark.parametrize("url", [url for url in URLS if fits_a_header_and_names_a_host(url)])
def test_no_redirect_reaches_the_canary(
    drive_with: MakeDrive, url: str, canary: LocalServer
) -> None:
    target = url.replace("PORT", str(canary.port)).encode("utf-8").decode("latin-1")
    with LocalServer(lambda _: says(status=302, Location=target).replace(b"\t", b"%09")) as door:
        drive = drive_with(
            allowed_origins=[door.origin],
            web_ports=[80, 443, canary.port],
            resolve=resolve,
        )
        with pytest.raises(ConnectorError):
            drive(get(f"{door.origin}/"), platform="test")

    assert canary.connections == 0


def test_a_name_is_looked_up_once_and_the_socket_goes_to_what_was_checked(
    drive_with: MakeDrive,
    canary: LocalServer,
) -> None:
    """DNS rebinding: the second answer would have been the canary."""
    asked: list[str] = []

    def rebind(host: str) -> tuple[str, ...]:
        asked.append(host)
        return ("93.184.215.14",) if len(asked) == 1 else ("127.0.0.1",)

    drive = drive_with(web_ports=[canary.port], resolve=rebind)
    with pytest.raises(NotSent):
        drive(
            ask(Request("GET", f"http://rebind.test:{canary.port}/", timeout_s=0.3)),
            platform="test",
        )

    assert asked == ["rebind.test"]
    assert canary.connections == 0


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://10.0.0.1/", "egress.blocked"),
        ("https://127.0.0.1:3000/", "egress.blocked"),
        ("https://private.test/", "egress.blocked"),
        ("https://example.com:3000/", "egress.unusual"),
        ("ftp://example.com/", "egress.unusual"),
        ("https://ana@example.com/", "egress.unusual"),
    ],
)
def test_a_person_is_told_which_rule_it_was(url: str, code: str, drive_with: MakeDrive) -> None:
    with pytest.raises(Refused) as caught:
        drive_with(resolve=resolve)(get(url), platform="test")

    assert caught.value.code == code


@pytest.mark.parametrize("port", [22, 25, 3306, 5432, 6379, 8080, 9200, 11211])
def test_ports_that_are_not_the_webs_are_refused(drive_with: MakeDrive, port: int) -> None:
    with pytest.raises(Refused, match="not a web port"):
        drive_with()(get(f"https://example.com:{port}/"), platform="test")


def test_an_allowed_origin_allows_no_other_port_scheme_or_spelling(
    drive_with: MakeDrive, canary: LocalServer
) -> None:
    drive = drive_with(allowed_origins=[canary.origin], resolve=resolve)
    for url in (
        f"http://127.0.0.1:{canary.port + 1}/",
        f"https://127.0.0.1:{canary.port}/",
        f"http://localhost:{canary.port}/",
        "http://127.0.0.1/",
    ):
        with pytest.raises(Refused):
            drive(get(url), platform="test")

    assert canary.connections == 0


def test_a_grant_never_goes_out_without_tls(drive_with: MakeDrive) -> None:
    for request in (
        Request("GET", "http://example.com/", headers={"Authorization": "Bearer t"}),
        Request("POST", "http://example.com/oauth/token", form=(("client_secret", "s"),)),
    ):
        with pytest.raises(Refused, match="without TLS"):
            drive_with(resolve=lambda _: ("93.184.215.14",))(ask(request), platform="test")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("2a00:1450:4001::8a", True),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a00:1", False),
        ("::ffff:8.8.8.8", False),
        ("not an address", False),
    ],
)
def test_only_ordinary_hosts_are_public(address: str, *, public: bool) -> None:
    assert is_public(address) is public


def test_a_host_in_another_script_is_written_in_idna() -> None:
    target = read_target("https://cà-phê.example/thực đơn?q=cà phê#đầu".replace(" ", "%20"))

    assert str(target.origin) == "https://xn--c-ph-1nab.example" or target.origin.host.startswith(
        "xn--"
    )
    assert target.path == "/th%E1%BB%B1c%20%C4%91%C6%A1n?q=c%C3%A0%20ph%C3%AA"


def test_the_environment_names_no_proxy(
    drive_with: MakeDrive, monkeypatch: pytest.MonkeyPatch, canary: LocalServer
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.origin)
    drive = drive_with(resolve=lambda _: (socket.gethostbyname("127.0.0.1"),))
    with pytest.raises(Refused):
        drive(get("http://good.example/"), platform="test")

    assert canary.connections == 0
