"""Calls to the sign-in provider, against real sockets: a certificate that nobody vouches for, a redirect, an
address without TLS, one of this machine."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.bootstrap_console import ProviderWeb
from shared.errors import MissingPermission, Unavailable

asked: list[str] = []


class Provider(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked.append(self.path)
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"<html>" if self.path == "/html" else json.dumps({"path": self.path}).encode())

    def do_POST(self) -> None:
        asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def provider(certificate: Path | None = None) -> Iterator[str]:
    asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
        server.shutdown()


def web(local: bool = True) -> ProviderWeb:
    return ProviderWeb(local=local, seconds_left=lambda: 20.0)


def own_certificate(folder: Path) -> Path:
    """Right in everything, but made by nobody that we know."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "own.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_it_asks_the_very_address_that_is_named() -> None:
    with provider() as address:
        assert web().get(f"{address}/a/b/?c=d") == (200, {"path": "/a/b/?c=d"})
        assert web().post(f"{address}/token/", {"code": "x y"}, {}) == (200, {"path": "/token/"})
        assert asked == ["/a/b/?c=d", "code=x+y", "/token/"]
        assert web().get(f"{address}/html") == (200, None)


def test_no_redirect_is_followed() -> None:
    with provider() as address:
        assert web().get(f"{address}/moved")[0] == 302
        assert asked == ["/moved"]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with provider(own_certificate(tmp_path)) as address:
        with pytest.raises(Unavailable):
            web().post(f"{address}/token", {"code": "secret"}, {})
        assert asked == []


def test_on_aws_nothing_is_asked_without_tls_nor_of_this_machine() -> None:
    with provider() as address:
        for url in (
            f"{address}/token",
            address.replace("http:", "https:"),
            "ftp://id.example/",
            "//id.example/",
        ):
            with pytest.raises(MissingPermission):
                web(local=False).post(url, {"code": "secret"}, {})
        assert asked == []
