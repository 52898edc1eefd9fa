"""A month with something in every list, and its report written once for all tests that only read it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from models import Store
from reports import Facts, write_edition
from rules.status import Nature
from tests.reports.ledger import AUGUST, DECEMBER, KNOWN, Q2, Ledger, Said, august

PROVINCES = ("T01", "T46", "T04", "T11", "T42")


def fill(store: Store) -> None:
    """Record duties of three ministries, five provinces and the steering committee, and reports about them."""
    with store.writing() as session:
        ledger = Ledger(session)
        plan = ledger.duty(*PROVINCES, due=Q2, deadline="Quý II/2025", collective="provinces", text="Số hóa hộ tịch")
        ledger.report(plan[0], Said(done_on=date(2025, 6, 20), result="Đã ban hành Kế hoạch"))
        ledger.report(plan[1], Said(done_on=date(2025, 7, 10), result="Đã ban hành Kế hoạch"))
        ledger.report(plan[2], Said(result="Đang lấy ý kiến", difficulty="Thiếu kinh phí", proposal="Bố trí kinh phí"))
        for _ in range(11):
            (own,) = ledger.duty("BCA", due=Q2, deadline="30/6/2025")
            ledger.report(own, Said(done_on=date(2025, 6, 12)))
        for _ in range(6):
            ledger.duty("BYT", due=date(2025, 3, 31), deadline="Tháng 3/2025")
        (declared,) = ledger.duty("BTC", due=date(2025, 7, 31), deadline="Tháng 7/2025")
        ledger.report(declared, Said(done_on=date(2025, 7, 30), evidence=False))
        ledger.duty("BTC", due=date(2025, 8, 28), deadline="28/8/2025")
        (sunday,) = ledger.duty("BTC", due=AUGUST, deadline="Tháng 8/2025")
        ledger.report(sunday, Said(on=date(2025, 8, 24), done_on=date(2025, 8, 29)))
        ledger.duty("BTC", "BCA", due=DECEMBER, deadline="Năm 2025")
        ledger.duty("BTC", due=date(2026, 6, 30), deadline="Quý II/2026")
        ledger.duty("BCA", due=None, deadline="Khẩn trương")
        ledger.duty("BCD57", due=None, nature=Nature.ONGOING, deadline="Thường xuyên")
        ledger.unled("Đưa dữ liệu vào khai thác", "Các đơn vị đã hoàn thành số hóa")


@dataclass(frozen=True)
class Written:
    """The facts of a report and the folder of its files."""

    facts: Facts
    folder: Path

    def file(self, kind: str) -> Path:
        """Return the file of one kind."""
        return self.folder / f"bao-cao-2025-08-1.{kind}"


@pytest.fixture(scope="session")
def written(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """Give the August report, gathered and written once."""
    folder = tmp_path_factory.mktemp("report")
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, folder / 'dondoc.db')}")
    fill(store)
    facts = august(store)
    write_edition(facts, store=store, out=folder, now=KNOWN)
    yield Written(facts, folder)
    store.close()


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """Give a migrated store on SQLite alone, where the engine is not what is tested."""
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'dondoc.db')}")
    yield store
    store.close()
