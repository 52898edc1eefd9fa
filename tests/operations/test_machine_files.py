"""What the guide copies into the system: nginx, systemd's users and folders accept it as it stands."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.collecting.bounded import MOST_BYTES

DEPLOY = Path(__file__).parents[2] / "deploy"


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"this machine has no {program}")


@needs("nginx")
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    stated = (DEPLOY / "nginx" / "dondoc.conf").read_text("utf-8").replace("/etc/dondoc/tls", str(tmp_path))
    (tmp_path / "dondoc.conf").write_text(stated, encoding="utf-8")
    certificate(tmp_path)
    around = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ include {tmp_path}/dondoc.conf; }}"
    (tmp_path / "nginx.conf").write_text(around, encoding="utf-8")
    said = answer("nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"))
    assert "test is successful" in said
    assert "[warn]" not in said


def test_nginx_passes_on_every_workbook_the_portal_takes() -> None:
    stated = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx" / "dondoc.conf").read_text("utf-8"))
    assert stated
    assert 0 <= int(stated[1]) * 1024 * 1024 - MOST_BYTES < 4 * 1024 * 1024


@needs("systemd-sysusers")
def test_the_users_and_folders_are_made_as_stated(tmp_path: Path) -> None:
    """In a root of its own: nothing of this machine is touched."""
    (tmp_path / "etc").mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root makes users")
    answer("systemd-sysusers", f"--root={tmp_path}", str(DEPLOY / "systemd" / "dondoc.sysusers"))
    users = {line.split(":")[0] for line in (tmp_path / "etc" / "passwd").read_text("utf-8").splitlines()}
    assert users == {"dondoc", "dondoc-portal", "dondoc-prefect"}
    answer("systemd-tmpfiles", f"--root={tmp_path}", "--create", str(DEPLOY / "systemd" / "dondoc.tmpfiles"))
    rights = {
        folder: oct((tmp_path / folder).stat().st_mode)[-4:]
        for folder in ("var/lib/dondoc", "var/backups/dondoc", "etc/dondoc")
    }
    assert rights == {"var/lib/dondoc": "2770", "var/backups/dondoc": "0700", "etc/dondoc": "0750"}


def certificate(folder: Path) -> None:
    """Write a certificate and its key, as nginx needs them to read its configuration."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dondoc.example.vn")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = made.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    signed = dated.serial_number(x509.random_serial_number()).sign(key, hashes.SHA256())
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "portal.crt").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "portal.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))


def answer(*words: str) -> str:
    ran = subprocess.run(words, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, f"{words}\n{ran.stdout}{ran.stderr}"
    return ran.stdout + ran.stderr
