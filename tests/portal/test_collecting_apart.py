"""A large workbook is checked and recorded in a process of its own; what breaks off there is asked for again."""

import os

import pytest
from sqlmodel import select

from models import Store
from models.assignment_tables import Batch
from models.uploads import Stage, upload_as_is
from portal.collecting import bench as bench_of_uploads
from portal.collecting.apart import BrokeOffError, do_apart
from portal.collecting.bench import Bench
from portal.desk import Desk
from rules.access import Role
from tests.imports.workbooks import annex, task
from tests.portal.conftest import NOW, SignIn
from tests.portal.sending import recorded, sent, settled


@pytest.fixture(autouse=True)
def _every_workbook_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_of_uploads, "LARGE_BYTES", 0)


def die(_number: int, _work: object) -> None:
    os._exit(3)


def test_it_is_recorded_by_another_process(store: Store, sign_in: SignIn) -> None:
    recorded(sign_in(Role.SECRETARIAT), store, annex(task(1), task(2)))
    with store.reading() as session:
        batch = session.exec(select(Batch)).one()
    assert batch.new == 2
    assert batch.recorded_at > NOW, "the other process reads the clock of the machine, not that of this test"


def test_what_dies_there_is_told_and_can_be_asked_for_again(
    store: Store, sign_in: SignIn, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_of_uploads, "check_upload", die)
    browser = sign_in(Role.SECRETARIAT)
    number, stage, _ = sent(browser, store, annex(task(1)))
    assert stage is Stage.FAILED
    monkeypatch.undo()
    browser.send(f"/uploads/{number}", f"/uploads/{number}/check")
    assert settled(browser, store, number)[0] is Stage.CHECKED
    with pytest.raises(BrokeOffError):
        do_apart(die, number, Bench(desk).work)
    with store.reading() as session:
        found = upload_as_is(session, number)
    assert found is not None
    assert found.stage is Stage.CHECKED
