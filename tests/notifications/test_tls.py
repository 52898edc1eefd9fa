"""Letters over STARTTLS and TLS, to a real server process with a certificate of its own; never past a wrong one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from notifications.channel import Channel
from tests.notifications.letters import LETTER, read_mail
from tests.notifications.test_mail_server import answers, free_port


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    start = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + timedelta(days=9))
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (public := folder / "relay.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (private := folder / "relay.key").write_bytes(secret)
    return public, private


@contextmanager
def relay(inbox: Path, kind: str, certificate: tuple[Path, Path]) -> Iterator[int]:
    """Run a server that speaks TLS: `tls` by STARTTLS, `smtps` from the start."""
    port, (public, private) = free_port(), certificate
    tls = [f"--{kind}cert", str(public), f"--{kind}key", str(private)]
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", *tls]
    process = subprocess.Popen(
        [*command, "-c", "aiosmtpd.handlers.Mailbox", str(inbox)], env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    try:
        for _ in range(200):
            if answers(port):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("scheme", "kind"), [("thu", "tls"), ("thus", "smtps")])
def test_only_a_server_whose_certificate_is_trusted_gets_the_letter(
    tmp_path: Path, certificate: tuple[Path, Path], scheme: str, kind: str
) -> None:
    with relay(tmp_path / "inbox", kind, certificate) as port:
        url = f"{scheme}://127.0.0.1:{port}?from=don-doc@dondoc.example"
        with Channel(url) as stranger:
            outcome = stranger.send(LETTER)
        assert (outcome.state, outcome.detail, read_mail(tmp_path / "inbox")) == (
            "failed_temporary",
            "connection: tls",
            [],
        )
        with Channel(f"{url}&ca={certificate[0]}") as trusted:
            assert [trusted.send(LETTER).state for _ in range(2)] == ["accepted"] * 2
        assert len(read_mail(tmp_path / "inbox")) == 2
