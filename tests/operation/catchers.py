"""Local catchers of what is told: a mail server with TLS and sign-in, a web server that answers as it is asked to."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "monitor", "open sesame"
HERE = "127.0.0.1"


class Mailbox:
    """Keeps the letters that a mail server took."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd names it
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


def certificate(folder: Path) -> Path:
    """A certificate of this machine that nobody else trusts, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "catcher")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "catcher.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as asked:
        asked.bind((HERE, 0))
        return int(asked.getsockname()[1])


@contextmanager
def mail_server(security: str, pem: Path) -> Iterator[tuple[Mailbox, int]]:
    """A mail server on a free port that wants TLS and USER with PASSWORD; `none` wants neither."""
    box, tls = Mailbox(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(pem)

    def sign_in(server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword) -> AuthResult:
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)  # the server answers 535

    signed = {"authenticator": sign_in, "auth_required": True}
    wanted: dict[str, dict[str, Any]] = {
        "ssl": {"ssl_context": tls, "auth_require_tls": False, **signed},
        "starttls": {"tls_context": tls, "require_starttls": True, **signed},
        "none": {},
    }
    controller = Controller(box, hostname=HERE, port=free_port(), **wanted[security])
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


class Hook:
    """A web server that keeps what is posted to it.

    Attributes:
        answers: (status, body) for each post in turn, the last one for all that follow.
        bodies: what was posted.
    """

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers) or [(200, {"errcode": 0})]
        self.bodies: list[Any] = []
        self.silent = threading.Event()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                status, body = hook.answers.pop(0) if len(hook.answers) > 1 else hook.answers[0]
                if status == 0:
                    hook.silent.wait(30)
                    return
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer((HERE, 0), Handler)
        self.url = f"http://{HERE}:{self.server.server_port}/robot?access_token=SECRETTOKEN"

    def __enter__(self) -> Hook:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.silent.set()
        self.server.shutdown()
        self.server.server_close()
