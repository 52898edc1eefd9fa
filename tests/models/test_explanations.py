"""Whole explanations, one reviewed file per kind of duty in `explanations/`: read them as a minister would.

When a sentence is meant to change, put what the failure prints into the file, and read it through again.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, update

from models import Store, status_of
from models.answer_tables import ObstacleAnswer
from models.assignment_tables import Assignment, AssignmentRevision, Decision, Document, Progress, TaskRevision
from models.explain import Explanation, explain
from models.raised_tables import Indicator, IndicatorValue, Obstacle
from rules.status import Nature
from tests.models.world import World
from texts import Language

FOLDER = Path(__file__).parent / "explanations"
NOW = datetime(2025, 12, 1, tzinfo=UTC)
AUGUST, FRIDAY = date(2025, 8, 31), date(2025, 9, 5)
Kind = Callable[[Session], tuple[str, date]]


def worded(session: Session, deadline: str = "Tháng 8/2025", product: str = "Báo cáo", lead: str = "Bộ Y tế") -> None:
    """Give every task its words and cells, as an annex has them."""
    cells = {"task": "B12", "lead": "C12", "product": "E12", "deadline": "F12"}
    values = {"deadline_text": deadline, "product": product, "lead_text": lead, "section": "A. Nhiệm vụ chung"}
    session.execute(update(TaskRevision).values(cells=cells, **values))
    session.execute(update(Document).values(title="Chỉ thị về đẩy mạnh triển khai Đề án 06"))


def reported(
    session: Session, result: str, evidence: str = "", number: str | None = None, *, matches: bool | None = None
) -> None:
    cells = {"status": "G12", "evidence": "H12"}
    values = {"cells": cells, "evidence_text": evidence, "evidence_number": number, "evidence_matches": matches}
    session.execute(update(Progress).values(result_text=result, **values))


def overdue(session: Session) -> tuple[str, date]:
    world = World(session)
    (duty,) = world.duty("BYT", due=AUGUST)
    world.report(duty, date(2025, 8, 28), done=False)
    worded(session)
    reported(session, "Đang lấy ý kiến")
    return "07-CT-TTg.1.BYT", FRIDAY


def done_on_the_last_good_day(session: Session) -> tuple[str, date]:
    world = World(session)
    (duty,) = world.duty("BYT", due=AUGUST)
    world.report(duty, date(2025, 9, 4), evidence=date(2025, 9, 3))
    worded(session)
    reported(session, "Đã ban hành", "512/BC-BYT ngày 03/9/2025", "512/BC-BYT")
    return "07-CT-TTg.1.BYT", FRIDAY


def submitted_and_not_passed(session: Session) -> tuple[str, date]:
    world = World(session)
    (duty,) = world.duty("BYT", due=AUGUST)
    world.report(duty, date(2025, 8, 29), evidence=date(2025, 8, 28))
    worded(session, product="Nghị định của Chính phủ")
    reported(session, "Đã trình Chính phủ", "Tờ trình 112/TTr-BYT ngày 28/8/2025", "112/TTr-BYT", matches=False)
    return "07-CT-TTg.1.BYT", FRIDAY


def extended_and_held(session: Session) -> tuple[str, date]:
    world = World(session)
    (duty,) = world.duty("BYT", due=AUGUST)
    world.decide(duty, "extend", date(2025, 8, 20), until=date(2025, 9, 30))
    world.decide(duty, "extend", date(2025, 9, 1), until=date(2025, 10, 31))
    world.decide(duty, "hold", date(2025, 9, 4), until=date(2025, 9, 12))
    worded(session)
    return "07-CT-TTg.1.BYT", FRIDAY


def held_with_the_clock_stopped(session: Session) -> tuple[str, date]:
    """Ten calendar days of rest, 20 to 29 August, are given back at the end."""
    world = World(session)
    (duty,) = world.duty("BYT", due=AUGUST)
    world.decide(duty, "hold", date(2025, 8, 20), until=date(2025, 8, 29))
    session.execute(update(Decision).values(due_on=date(2025, 9, 10)))
    worded(session)
    return "07-CT-TTg.1.BYT", FRIDAY


def in_two_steps(session: Session) -> tuple[str, date]:
    """Submit the draft in time; the decree is not issued, and ten days more were given."""
    world = World(session)
    (duty,) = world.duty("BYT", due=AUGUST)
    world.in_steps(duty, ("trình", date(2025, 7, 14)), ("ban hành", AUGUST))
    world.report(duty, date(2025, 7, 15), done=False, evidence=date(2025, 7, 11))
    world.decide(duty, "extend", date(2025, 8, 20), until=date(2025, 9, 10))
    worded(session, deadline="trình trước 15/7, ban hành trước 1/9", product="Nghị định của Chính phủ")
    reported(session, "Đã trình Chính phủ", "Tờ trình 80/TTr-BYT ngày 11/7/2025", "80/TTr-BYT", matches=False)
    return "07-CT-TTg.1.BYT", FRIDAY


def given_by_two_documents(session: Session) -> tuple[str, date]:
    """Ask for the work by December in March, by August in June; it was reported under March."""
    world = World(session)
    (first,) = world.duty("BYT", due=date(2025, 12, 31))
    world.next_document("120/TB-VPCP", date(2025, 6, 10))
    world.duty("BYT", due=AUGUST)
    world.same_work(1, 2)
    world.report(first, date(2025, 9, 4), evidence=date(2025, 9, 4))
    worded(session)
    session.execute(update(TaskRevision).where(col(TaskRevision.task_id) == 1).values(deadline_text="Tháng 12/2025"))
    reported(session, "Đã ban hành", "512/BC-BYT ngày 04/9/2025", "512/BC-BYT")
    return "07-CT-TTg.1.BYT", FRIDAY


def recurring(session: Session) -> tuple[str, date]:
    World(session).duty("BYT", due=date(2025, 7, 31))
    worded(session, deadline="Hằng tháng")
    session.execute(update(Assignment).values(period="2025-07"))
    session.execute(update(AssignmentRevision).values(counts_from=date(2025, 7, 1)))
    return "07-CT-TTg.1.BYT", date(2025, 7, 25)


def ongoing(session: Session) -> tuple[str, date]:
    World(session).duty("BYT", due=None, nature=Nature.ONGOING)
    worded(session, deadline="Thường xuyên", product="")
    return "07-CT-TTg.1.BYT", FRIDAY


def undated(session: Session) -> tuple[str, date]:
    World(session).duty("BYT", "BTC", due=None)
    worded(session, deadline="x", lead="Bộ Y tế; Bộ Tài chính")
    session.execute(update(AssignmentRevision).values(several_leads=True))
    return "07-CT-TTg.1.BYT", FRIDAY


def cancelled(session: Session) -> tuple[str, date]:
    world = World(session)
    (duty,) = world.duty("BYT", due=AUGUST)
    world.decide(duty, "cancel", date(2025, 8, 1))
    worded(session)
    return "07-CT-TTg.1.BYT", FRIDAY


def not_yet_counted(session: Session) -> tuple[str, date]:
    World(session).duty("BYT", due=AUGUST)
    worded(session)
    return "07-CT-TTg.1.BYT", date(2025, 3, 13)


def merged(session: Session) -> tuple[str, date]:
    """Kiên Giang became part of An Giang on 1 July 2025: its own part is done, the inherited one is not."""
    world = World(session)
    own, _ = world.duty("T89", "XKIENGIANG", due=date(2025, 9, 30))
    world.report(own, date(2025, 8, 28), evidence=date(2025, 8, 27))
    worded(session, deadline="30/9/2025", lead="UBND các tỉnh, thành phố trực thuộc Trung ương")
    session.execute(update(AssignmentRevision).values(collective_code="provinces"))
    reported(session, "Đã số hóa", "12/BC-UBND ngày 27/8/2025", "12/BC-UBND")
    return "07-CT-TTg.1.XKIENGIANG", date(2025, 10, 3)


def blocked_and_measured(session: Session) -> tuple[str, date]:
    world = World(session)
    (duty,) = world.duty("BYT", due=date(2025, 9, 30))
    worded(session, deadline="Tháng 9/2025", product="Bệnh án điện tử")
    place: dict[str, Any] = {"batch_id": 1, "sheet": "PL", "row": 12, "digest": ""}
    session.add_all(_obstacles(duty, place))
    session.flush()
    session.add(
        ObstacleAnswer(
            obstacle_id=2, answered_on=date(2025, 9, 4), answer="Đã bố trí 20 tỷ đồng", document="88/BTC-NSNN",
            decided_by="Bộ Tài chính", recorded_at=datetime(2025, 9, 4, 2, tzinfo=UTC),
        )
    )  # fmt: skip
    indicator = Indicator(
        code="07-CT-TTg.1.CT-1", document_id=1, task_id=1, agency_code="BYT", number="1", unit="%", baseline=0,
        name="Tỷ lệ bệnh viện có bệnh án điện tử", direction="up", target=100, target_text="100%",
        target_on=date(2025, 9, 30), cells={"target": "K12"}, **place,
    )  # fmt: skip
    session.add(indicator)
    session.flush()
    session.add(
        IndicatorValue(
            indicator_id=indicator.id or 0, reported_by="BYT", observed_on=date(2025, 8, 28), value=60.5,
            value_text="60,5", cells={"actual": "L12"}, **{key: place[key] for key in ("batch_id", "sheet", "row")},
        )
    )  # fmt: skip
    return "07-CT-TTg.1.BYT", FRIDAY


def _obstacles(duty: int, place: dict[str, Any]) -> list[Obstacle]:
    """Return one obstacle nobody answered in time, and one answered a day late."""
    shared: dict[str, Any] = {
        "assignment_id": duty,
        "raised_on": date(2025, 8, 15),
        "cells": {"difficulty": "I12"},
        **place,
    }
    return [
        Obstacle(
            raised_by="BYT", text="Chưa có hướng dẫn định mức", addressed_to="BKHCN",
            needed_by=date(2025, 8, 31), **shared,
        ),
        Obstacle(
            raised_by="BTC", text="Thiếu kinh phí", addressed_to="BTC", needed_by=date(2025, 9, 3), **shared,
        ),
    ]  # fmt: skip


KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        overdue,
        done_on_the_last_good_day,
        submitted_and_not_passed,
        extended_and_held,
        held_with_the_clock_stopped,
        in_two_steps,
        given_by_two_documents,
        recurring,
        ongoing,
        undated,
        cancelled,
        not_yet_counted,
        merged,
        blocked_and_measured,
    )
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_explanation_reads_as_reviewed(store: Store, kind: str) -> None:
    with store.writing() as session:
        code, as_of = KINDS[kind](session)
    told = {language: explain(store, code, as_of=as_of, known_at=NOW, language=language) for language in Language}
    text = "\n".join(f"[{language}]\n{_lines(told[language])}" for language in Language)
    assert text == (FOLDER / f"{kind}.txt").read_text(encoding="utf-8")
    rows = {
        code_told: row.status
        for row in status_of(store, as_of=as_of, known_at=NOW).rows
        for code_told in (*row.parts, *(other.code for other in row.same_work))
    }
    assert told[Language.VI].status == rows.get(code), "the words and the register disagree"


def test_every_reviewed_file_belongs_to_a_kind() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == KINDS.keys()


def _lines(told: Explanation) -> str:
    lines = [told.assignment]
    for number, step in enumerate(told.steps, start=1):
        lines += [f"{number:>2}. {step.what}", f"    {step.why}", f"    ← {step.source}"]
    return "\n".join(lines) + "\n"
