"""Progress in open files: the day of its evidence, and how much is done."""

import pytest

from imports import Outcome
from models import Store, status_of
from rules.status import Status
from tests.conftest import SQLITE
from tests.imports.opened import SAID, exported, items, refused
from tests.imports.workbooks import LATER, TODAY, annex, checked, codes, recorded, task


@pytest.mark.parametrize(
    ("text", "number", "on", "status", "asked"),
    [
        ("Báo cáo số 512/BC-BYT", "512/BC-BYT", "2025-06-25", Status.COMPLETED_ON_TIME, False),
        ("Báo cáo số 512/BC-BYT", "", "2025-06-25", Status.COMPLETED_ON_TIME, False),
        ("512/BC-BYT ngày 25/6/2025", "512/BC-BYT", "2025-06-25", Status.COMPLETED_ON_TIME, False),
        ("512/BC-BYT ngày 25/6/2025", "512/BC-BYT", "2025-06-26", Status.COMPLETED_ON_TIME, True),
        ("512/BC-BYT ngày 25/6/2025", "", "2025-06-24", Status.COMPLETED_ON_TIME, True),
        ("512/BC-BYT ngày 25/6/2025; 7/KH-BYT", "7/KH-BYT", "2025-06-26", Status.COMPLETED_ON_TIME, False),
        ("512/BC-BYT; 7/KH-BYT", "", "2025-06-25", Status.OVERDUE, True),
        ("", "", "2025-06-25", Status.OVERDUE, True),
    ],
)
@pytest.mark.parametrize("store", [SQLITE], indirect=True)
def test_the_day_of_the_evidence_is_taken_or_asked_about(
    store: Store, text: str, number: str, on: str, status: Status, *, asked: bool
) -> None:
    recorded(annex(task(1)), store)
    content = refused({**SAID, "evidence_text": text, "evidence_number": number, "evidence_on": on})
    check = checked(content, store, "p.json")
    assert ("open_evidence_day_differs" in codes(check), check.stops) == (asked, False)
    if asked:
        (doubt,) = [each for each in check.problems if each.code == "open_evidence_day_differs"]
        assert "/progress/0/evidence_on" in doubt.message
    assert recorded(content, store, "p.json").outcome is Outcome.RECORDED
    (row,) = status_of(store, as_of=TODAY, known_at=LATER).rows
    assert row.status is status
    given = exported(store)["progress.json"]
    assert recorded(given, store, "progress.json").outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("percent", "done"), [(99.99996, False), (99.9999999999, False), (40.5, False), (0.0000001, False), (100, True)]
)
@pytest.mark.parametrize("store", [SQLITE], indirect=True)
def test_almost_done_is_not_done(store: Store, percent: float, *, done: bool) -> None:
    recorded(annex(task(1)), store)
    said = {"assignment": "07-CT-TTg.1.BYT", "reported_on": "2025-06-27", "percent": percent}
    assert recorded(refused(said), store, "p.json").outcome is Outcome.RECORDED
    (item,) = items(exported(store), "progress")
    assert (item["done"], item["percent"]) == (done, percent)
