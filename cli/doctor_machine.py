"""The doctor's look at the machine: settings, disk, clock, fonts, and the Prefect server the flows run on."""

import base64
import json
import os
import shutil
import tempfile
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from sqlalchemy import func, select

from cli.finding import Finding, Findings, Outcome
from config.clock import HANOI, now
from config.settings_file import NAMED_BY, PREFIX, settings_file
from config.wrong_settings import unknown_names
from models import Store
from models.assignment_tables import Batch
from models.columns import table_of
from models.outcome_tables import AuditEntry
from texts import both

PREFECT_MEANT = "3.8."
FACES = ("Regular", "Bold", "Italic", "BoldItalic")
_ANSWERS_WITHIN = 5
_MEGABYTE = 1024 * 1024
# Clocks of machines that share a database may differ by this much before what they record can stand out of order.
_APART = timedelta(seconds=10)
# Read by the program, the tests or the service files, and no settings of the office.
_NO_SETTINGS = frozenset({NAMED_BY, "DONDOC_DEBUG", "DONDOC_DEEP"})
_READ_BY_OTHERS = 0o007


def said(check: str, outcome: Outcome, key: str, **values: object) -> Finding:
    """Return a finding in the doctor's words."""
    return Finding(check, outcome, both(f"doctor.{key}", **values))


def settings_findings() -> Findings:
    """Look for names nobody reads, and for a file of secrets that anybody may read."""
    stated = [name for name in os.environ if name.startswith(PREFIX) and name not in _NO_SETTINGS]
    for name, nearest in unknown_names(sorted(stated)).items():
        yield said("settings", Outcome.WARNING, "unknown_setting", name=name, nearest=nearest or "…")
    file = settings_file()
    if file is not None and file.stat().st_mode & _READ_BY_OTHERS:
        yield said("settings", Outcome.PROBLEM, "settings_open", file=file)
    elif file is not None:
        yield said("settings", Outcome.OK, "settings", file=file)


def folder_findings(folder: Path, *, least_free_mb: int) -> Findings:
    """See that the data folder can be written to, and that the disk below it has room."""
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        yield said("data", Outcome.PROBLEM, "data_not_writable", folder=folder, reason=error.strerror)
        return
    yield said("data", Outcome.OK, "data", folder=folder)
    free = shutil.disk_usage(nearest).free // _MEGABYTE
    if free < least_free_mb:
        yield said("disk", Outcome.PROBLEM, "disk_full", folder=folder, free=free, least=least_free_mb)
    else:
        yield said("disk", Outcome.OK, "disk", folder=folder, free=free)


def clock_findings(store: Store) -> Findings:
    """Compare this machine's clock with the database's and with what was recorded last."""
    here, newest = now(), _newest_recorded(store)
    theirs = _database_clock(store)
    if datetime.now(HANOI).utcoffset() != timedelta(hours=7):
        yield said("clock", Outcome.PROBLEM, "zone_missing")
    if theirs is not None and abs(theirs - here) > _APART:
        yield said("clock", Outcome.PROBLEM, "clocks_apart", seconds=round((here - theirs).total_seconds()))
    elif newest is not None and newest - here > _APART:
        yield said("clock", Outcome.PROBLEM, "clock_behind", here=here.isoformat(), newest=newest.isoformat())
    else:
        yield said("clock", Outcome.OK, "clock", here=here.astimezone(HANOI).strftime("%d/%m/%Y %H:%M:%S"))


def font_findings(folder: Path | None = None) -> Findings:
    """See that the faces the reports are set in are there."""
    place = folder or Path(str(files("reports"))) / "fonts"
    faces = [place / f"LiberationSerif-{face}.ttf" for face in FACES]
    missing = [face.name for face in faces if not face.is_file() or not face.stat().st_size]
    if missing:
        yield said("fonts", Outcome.PROBLEM, "fonts_missing", folder=place, missing=", ".join(missing))
    else:
        yield said("fonts", Outcome.OK, "fonts", count=len(faces))


def prefect_findings() -> Findings:
    """Hold the installed Prefect against the one meant, and the server's version against the installed one."""
    try:
        installed = version("prefect")
    except PackageNotFoundError:
        yield said("prefect", Outcome.PROBLEM, "no_prefect")
        return
    if not installed.startswith(PREFECT_MEANT):
        yield said("prefect", Outcome.PROBLEM, "other_prefect", found=installed, meant=PREFECT_MEANT + "x")
        return
    yield said("prefect", Outcome.OK, "prefect", found=installed, meant=PREFECT_MEANT + "x")
    server = os.environ.get("PREFECT_API_URL", "").strip().rstrip("/")
    if server:
        yield _server(server, installed)
    else:
        yield said("prefect_server", Outcome.OK, "no_server_named")


def _server(address: str, installed: str) -> Finding:
    request = Request(f"{address}/admin/version")  # noqa: S310 - the address ops set
    if secret := os.environ.get("PREFECT_API_AUTH_STRING"):
        request.add_header("Authorization", "Basic " + base64.b64encode(secret.encode()).decode())
    place = address.rpartition("@")[2]
    try:
        with urlopen(request, timeout=_ANSWERS_WITHIN) as answer:  # noqa: S310
            found = json.loads(answer.read(_MEGABYTE))
    except HTTPError as error:
        return said("prefect_server", Outcome.PROBLEM, "server_refused", address=place, code=error.code)
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        return said("prefect_server", Outcome.PROBLEM, "server_unreachable", address=place, reason=reason)
    if found != installed:
        return said("prefect_server", Outcome.PROBLEM, "server_other", address=place, found=found, installed=installed)
    return said("prefect_server", Outcome.OK, "server", address=place, found=installed)


def _database_clock(store: Store) -> datetime | None:
    """Return what time it is on the database's machine; None where that is this one."""
    if store.url.get_backend_name() != "postgresql":
        return None
    with store.beside_others() as connection, connection.begin():
        return connection.execute(select(func.clock_timestamp())).scalar()


def _newest_recorded(store: Store) -> datetime | None:
    with store.reading() as session:
        columns = (table_of(Batch).c.recorded_at, table_of(AuditEntry).c.at)
        found = [session.scalar(select(func.max(column))) for column in columns]
    return max((instant for instant in found if instant is not None), default=None)
