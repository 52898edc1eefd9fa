"""What happened, line by line, for machines to read: ids and counts, never a name, an address or a word of the work."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO

LOGGER = "dondoc"
_FIELDS = "fields"


class _Lines(logging.Formatter):
    """One line per happening: a JSON object, or words with `name=value` behind them."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: Mapping[str, object] = getattr(record, _FIELDS, {})
        if self._as_json:
            line = {"at": at, "level": record.levelname, "event": record.getMessage(), **fields}
            return json.dumps(line, ensure_ascii=False, default=str)
        told = "".join(f" {name}={value}" for name, value in fields.items())
        return f"{at} {record.levelname} {record.getMessage()}{told}"


def set_up_logs(form: str, stream: IO[str] | None = None) -> None:
    """Write what `happened` to `stream` (stderr): `json`, `text`, or nothing where `form` is empty."""
    logger = logging.getLogger(LOGGER)
    logger.handlers.clear()
    logger.propagate = False
    if not form:
        logger.addHandler(logging.NullHandler())
        return
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Lines(as_json=form == "json"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def happened(event: str, *, failed: bool = False, **fields: str | int | None) -> None:
    """Log an event with its ids and counts: `run`, `batch`, `notice` and the like."""
    level = logging.ERROR if failed else logging.INFO
    logging.getLogger(LOGGER).log(level, event, extra={_FIELDS: fields})
