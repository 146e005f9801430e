"""The server must prove its name; otherwise not a byte of a request goes out."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from loa.connectors.contract import Answer, Flow, Request, ask
from loa.connectors.errors import NotSent
from loa.connectors.tests.conftest import MakeDrive
from loa.connectors.tests.local_server import LocalServer, says

NAME = "pds.example"


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    dns: str = "",
    days: int = 2,
) -> x509.Certificate:
    today = datetime.now(UTC)
    public = key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(dns) if dns else issuer)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=10))
        .not_valid_after(today + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=not dns, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=not dns,
                crl_sign=not dns,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if dns:
        names = x509.SubjectAlternativeName([x509.DNSName(dns)])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


class Authority:
    """A certificate authority of one test."""

    def __init__(self, folder: Path, name: str = "Test authority") -> None:
        self._folder = folder
        self._name = _name(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.pem"
        own = _certificate(self._key, self._name, self._key)
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def server(self, dns: str, *, days: int = 2) -> ssl.SSLContext:
        """Return the context of a server that calls itself `dns`."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(key, self._name, self._key, dns=dns, days=days)
        chain = self._folder / f"{dns}-{days}.pem"
        chain.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def publish(port: int) -> Flow[Answer]:
    url = f"https://{NAME}:{port}/"
    headers = {"Authorization": "Bearer t"}
    return ask(Request("POST", url, headers=headers, visible=True, timeout_s=3))


def test_a_server_that_proves_its_name_is_spoken_to(
    authority: Authority, drive_with: MakeDrive
) -> None:
    with LocalServer(lambda _: says('{"id": "1"}'), tls=authority.server(NAME)) as server:
        drive = drive_with(
            allowed_origins=[f"https://{NAME}:{server.port}"],
            ca_file=str(authority.file),
            resolve=lambda _: ("127.0.0.1",),
        )
        answers = [drive(publish(server.port), platform="test") for _ in range(3)]

    assert [answer.body for answer in answers] == [{"id": "1"}] * 3
    assert server.heard[0].headers["host"] == f"{NAME}:{server.port}"
    assert server.connections == 1


@pytest.mark.parametrize("fault", ["another name", "another authority", "too old", "no TLS"])
def test_a_server_that_does_not_is_told_nothing(
    fault: str, authority: Authority, tmp_path: Path, drive_with: MakeDrive
) -> None:
    contexts: dict[str, Callable[[], ssl.SSLContext | None]] = {
        "another name": lambda: authority.server("other.example"),
        "another authority": lambda: Authority(tmp_path, "Stranger").server(NAME),
        "too old": lambda: authority.server(NAME, days=-1),
        "no TLS": lambda: None,
    }
    hooks: list[str] = []
    with LocalServer(lambda _: says("{}"), tls=contexts[fault]()) as server:
        drive = drive_with(
            allowed_origins=[f"https://{NAME}:{server.port}"],
            ca_file=str(authority.file),
            resolve=lambda _: ("127.0.0.1",),
        )
        with pytest.raises(NotSent) as caught:
            drive(
                publish(server.port),
                platform="test",
                before_visible=lambda: hooks.append("called"),
            )

    assert caught.value.code in {"network.tls", "network.timeout"}
    assert not any("authorization" in heard.headers for heard in server.heard)
    assert hooks == []
