"""What a command says when it cannot go on: one sentence in both languages and an exit code, never a traceback."""

import json
import os
import traceback

import click

from config.calendar import CalendarDataError
from texts import SaidError, both

DONE, INPUT_HAS_PROBLEMS, WRONG_USAGE, SYSTEM_FAILED = 0, 1, 2, 3
INTERRUPTED = 130
DEBUG = "DONDOC_DEBUG"


class Refused(SaidError):  # noqa: N818 - what happened to the input
    """The input has a problem (exit 1). Its key is a sentence in `texts/words`, e.g. "cli.unknown_agency"."""

    exit_code = INPUT_HAS_PROBLEMS


class SystemFailed(Refused):
    """Something Dondoc rests on failed (exit 3)."""

    exit_code = SYSTEM_FAILED


def tell(error: BaseException, *, as_json: bool) -> int:
    """Say on stderr why a command ended (and as one JSON object on stdout when asked); return the exit code."""
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
    code, exit_code, message = _told(error)
    click.echo(message, err=True)
    if as_json:
        click.echo(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False, indent=2))
    return exit_code


def _told(error: BaseException) -> tuple[str, int, str]:
    if isinstance(error, SaidError):
        return error.code, error.exit_code, error.message
    if isinstance(error, click.UsageError):
        return "wrong_usage", WRONG_USAGE, _usage(error)
    if isinstance(error, click.Abort):
        return "interrupted", INTERRUPTED, both("cli.interrupted")
    if isinstance(error, CalendarDataError):
        return "wrong_reference", SYSTEM_FAILED, both("cli.wrong_reference", reason=error)
    code, values = _failure(error)
    return code, SYSTEM_FAILED, both(f"cli.{code}", **values)


def _failure(error: BaseException) -> tuple[str, dict[str, object]]:
    """Name what the system failed at, by the error's class alone."""
    if any(kind.__module__.startswith("sqlalchemy") for kind in type(error).__mro__):
        return "database_failed", {"reason": _reason(error)}
    if isinstance(error, OSError):
        return "file_failed", {"reason": f"{error.strerror}: {error.filename}"}
    return "unexpected", {"kind": type(error).__name__}


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "dondoc"
    return both("cli.wrong_usage", reason=error.format_message(), command=command)


def _reason(error: BaseException) -> str:
    """Return the driver's own first line: it names neither the statement nor its values."""
    lines = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()
    return lines[0] if lines else type(error).__name__
