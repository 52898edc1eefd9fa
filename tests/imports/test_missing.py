"""What a workbook no longer lists: gone, asked about, or somebody else's to list."""

import pytest

from imports import Severity, record, undo
from models import Store, status_of
from tests.imports.workbooks import LATER, NOW, TODAY, annex, checked, codes, recorded, standing, task

HEALTH, POLICE, HOME = "Bộ Y tế", "Bộ Công an", "Bộ Nội vụ"
KEPT, MORE_GONE = "missing_rows_kept", "more_gone_than_listed"


def of(*leads: str) -> list[list[object]]:
    """Return tasks numbered from 1, one per lead."""
    return [task(number, lead) for number, lead in enumerate(leads, start=1)]


def rows_but(rows: list[list[object]], *numbers: int) -> bytes:
    """Return an annex of `rows` without those with these numbers."""
    return annex(*(row for row in rows if row[0] not in numbers))


MIXED = of(HEALTH, POLICE, HOME, HEALTH, POLICE, "Ai đó")
ONE = of(HEALTH, HEALTH, HEALTH, HEALTH)


@pytest.mark.parametrize(
    ("before", "without", "gone", "asked"),
    [
        (MIXED, (4,), ["4"], []),
        (MIXED, (3,), ["3"], []),
        (MIXED, (6,), ["6"], []),
        (MIXED, (3, 4), ["3", "4"], []),
        (MIXED, (3, 4, 5), ["4", "5"], [KEPT]),
        (MIXED, (1, 2, 4, 5, 6), [], []),
        (MIXED, (2, 3, 5, 6), [], []),
        (MIXED, (2, 3, 4, 5, 6), [], [KEPT]),
        (ONE, (4,), ["4"], []),
        (ONE, (3, 4), ["3", "4"], []),
        (ONE, (2, 3, 4), ["2", "3", "4"], [MORE_GONE]),
    ],
    ids=[
        "one row of an agency that has others",
        "the only row of an agency, five of six left",
        "a row without lead",
        "two rows, four left",
        "three rows, three left: the agency of one is not there at all",
        "one ministry's share, its only row",
        "one ministry's share, its two rows",
        "one ministry's share without one of its rows",
        "an agency's own row",
        "half of an agency's own rows",
        "most of an agency's own rows",
    ],
)
def test_rows_missing_from_a_list_sent_under_another_name(
    store: Store, before: list[list[object]], without: tuple[int, ...], gone: list[str], asked: list[str]
) -> None:
    recorded(annex(*before), store, "phu-luc.xlsx")
    check = checked(rows_but(before, *without), store, "ban-cap-nhat.xlsx")
    assert [task.number for task in check.changes.gone] == gone
    assert [code for code in codes(check) if code in {KEPT, MORE_GONE}] == asked
    assert not check.stops


def test_a_list_that_becomes_one_agency_s_asks_about_the_others(store: Store) -> None:
    """Its only other row is gone, or it is that agency's share: nobody can tell."""
    rows = of(HEALTH, POLICE, HEALTH)
    recorded(annex(*rows), store)
    check = checked(rows_but(rows, 2), store)
    assert (check.agency, check.gone, codes(check)) == ("BYT", 0, [KEPT])
    assert check.problems[0].severity is Severity.TO_CONFIRM
    assert "1 nhiệm vụ của 07/CT-TTg" in check.problems[0].message


def test_a_list_of_one_agency_that_gets_others_still_misses_its_own(store: Store) -> None:
    recorded(annex(*ONE), store)
    check = checked(annex(*ONE[:3], task(5, POLICE)), store)
    assert ([task.number for task in check.changes.gone], codes(check)) == (["4"], [])


def test_less_than_half_of_an_agency_s_rows_of_a_common_list_stay(store: Store) -> None:
    rows = of(HEALTH, HEALTH, HEALTH, POLICE)
    recorded(annex(*rows), store)
    check = checked(rows_but(rows, 2, 3, 4), store)
    assert (check.gone, codes(check)) == (0, [KEPT])


def test_what_a_later_list_left_unchanged_is_missed_from_the_next(store: Store) -> None:
    """The second workbook changes one row; the third misses a row only the first one recorded."""
    recorded(annex(*MIXED), store)
    second = [*MIXED[:4], task(5, POLICE, text="Nhiệm vụ số 5 sửa đổi"), MIXED[5]]
    recorded(annex(*second), store, now=LATER)
    check = checked(rows_but(second, 5, 6), store)
    assert [task.number for task in check.changes.gone] == ["5", "6"]


def test_another_annex_of_the_document_makes_nothing_gone(store: Store) -> None:
    recorded(annex(*MIXED), store)
    check = checked(annex(task(7, HEALTH, text="Tổ chức hội nghị"), task(8, POLICE, text="Ban hành đề án")), store)
    assert (check.gone, codes(check)) == (0, [])


def test_a_workbook_taken_back_is_no_earlier_list(store: Store) -> None:
    recorded(annex(*MIXED[:3]), store)
    second = recorded(annex(*MIXED), store, now=LATER)
    assert second.batch is not None
    undo(second.batch, store=store, now=LATER)
    assert checked(annex(*MIXED[:3]), store).gone == 0


def test_what_is_gone_counts_no_more_and_did_before(store: Store) -> None:
    recorded(annex(*MIXED), store)
    check = checked(rows_but(MIXED, 4, 6), store)
    record(check, store=store, now=LATER)
    assert "07-CT-TTg.4.BYT" in standing(store, known_at=NOW)
    assert "07-CT-TTg.4.BYT" not in standing(store)
    assert status_of(store, as_of=TODAY, known_at=LATER).queue == []
    assert checked(rows_but(MIXED, 4, 6), store, "khac.xlsx").changes.nothing
