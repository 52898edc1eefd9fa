"""Uploads for the tests: sent, and looked at as they stand."""

import io

from imports.uploads import Sending, Workplace, receive
from models.uploads import UploadAsIs, upload_as_is

POST = "Văn phòng"


def sent(content: bytes, work: Workplace, name: str = "phu-luc.xlsx", **more: str) -> int:
    """Receive a workbook."""
    return receive(io.BytesIO(content), Sending(name, POST, **more), work)  # type: ignore[arg-type]


def as_is(number: int, work: Workplace) -> UploadAsIs:
    """Return an upload as it stands."""
    with work.store.reading() as session:
        found = upload_as_is(session, number)
    assert found
    return found
