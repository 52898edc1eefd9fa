"""A secretary records a workbook on the portal's own pages: `python -m benchmarks.portal.uploading ADDRESS FILE`.

Her session's cookies stand in the environment.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

import httpx

COOKIES = "BENCHMARK_COOKIES"
_WAIT_SECONDS, _PATIENCE_SECONDS = 0.2, 300.0


def upload(client: httpx.Client, workbook: Path) -> None:
    """Send a workbook, press the button its preview shows, wait until it is recorded."""
    form = {"form_token": _hidden(client.get("/uploads/new").text, "form_token")}
    answer = client.post("/uploads", data=form, files={"file": (workbook.name, workbook.read_bytes())})
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text[-2000:]
    place = answer.headers["location"]
    preview = _settled(client, place)
    form = {name: _hidden(preview, name) for name in ("form_token", "preview")}
    assert client.post(f"{place}/record", data=form).status_code == httpx.codes.SEE_OTHER
    recorded = _settled(client, place)
    assert "/batches/" in recorded, recorded[-2000:]


def _settled(client: httpx.Client, place: str) -> str:
    """Return the page of an upload once nothing is being done about it."""
    give_up = time.perf_counter() + _PATIENCE_SECONDS
    while time.perf_counter() < give_up:
        page = client.get(place).raise_for_status().text
        if "hx-get" not in page:
            return page
        time.sleep(_WAIT_SECONDS)
    message = f"{place} is still worked on after {_PATIENCE_SECONDS:g} s"
    raise TimeoutError(message)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, f"no {name} in {page[-2000:]}"
    return found[1]


if __name__ == "__main__":
    address, file = sys.argv[1:]
    with httpx.Client(base_url=address, cookies=json.loads(os.environ[COOKIES]), timeout=120) as browser:
        upload(browser, Path(file))
