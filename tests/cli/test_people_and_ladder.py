"""`dondoc contacts`, `questions`, `ladder` and the answers of `decide`, as a program calls them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from cli.main import dondoc
from config.reference import HERE
from models import Store
from tests.notifications.duties import assign
from texts import both

CODE = "07-CT-TTg.1.BYT"
HEAD = ("Cơ quan", "Vai trò", "Chức danh", "Địa chỉ", "Hình thức", "Từ ngày", "Đến ngày")


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Store:
    """Give a store with one assignment of the Ministry of Health due on 30 June 2025."""
    path = tmp_path / "dondoc.db"
    path.write_bytes(sqlite_template.read_bytes())
    opened = Store(f"sqlite:///{path}")
    assign(opened, "BYT")
    return opened


def run(store: Store, *words: str) -> Result:
    """Run a command against the store."""
    return CliRunner().invoke(dondoc, [*words, "--database", str(store.url)])


def workbook(path: Path, *rows: tuple[str, ...]) -> Path:
    """Write a contacts workbook."""
    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


def test_contacts_of_a_workbook_are_who_hears(store: Store, tmp_path: Path) -> None:
    row = ("BYT", "Cấp vụ", "Vụ trưởng Vụ Pháp chế", "phap-che@byt.example", "", "01/06/2025", "")
    file = workbook(tmp_path / "danh-ba.xlsx", row)
    answer = json.loads(run(store, "contacts", str(file), "--by", "Văn phòng Chính phủ", "--json").stdout)
    assert (answer["recorded"], answer["problems"]) == (1, [])
    plan = json.loads(run(store, "escalate", "--as-of", "2025-07-01", "--dry-run", "--json").stdout)
    assert [notice["address"] for notice in plan["notices"]] == ["phap-che@byt.example"]
    assert "Vụ trưởng Vụ Pháp chế" in plan["notices"][0]["text"]


def test_contacts_with_a_problem_are_recorded_not_at_all(store: Store, tmp_path: Path) -> None:
    good = ("BYT", "Cấp vụ", "", "a@byt.example", "", "", "")
    bad = ("XYZ", "Sếp", "", "", "", "", "")
    result = run(store, "contacts", str(workbook(tmp_path / "x.xlsx", good, bad)), "--by", "VPCP", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["recorded"]) == (1, 0)
    assert [(each["row"], each["code"]) for each in answer["problems"]] == [
        (3, "agency_unknown"), (3, "role_unknown"), (3, "address_wrong"),
    ]  # fmt: skip


def test_answers_of_the_command_line_wait_like_those_of_a_link(store: Store) -> None:
    asked = run(
        store, "decide", "request-extension", CODE, "--by", "Bộ Y tế", "--reason", "thiếu kinh phí",
        "--until", "2027-01-15", "--json",
    )  # fmt: skip
    assert json.loads(asked.stdout)["outcome"] == "recorded"
    listed = json.loads(run(store, "questions", "--json").stdout)
    assert [(each["kind"], each["assignment"], each["until_on"]) for each in listed["questions"]] == [
        ("extension", CODE, "2027-01-15")
    ]
    number = str(listed["questions"][0]["number"])
    settled = run(store, "decide", "settle", number, "--decline", "--by", "VPCP", "--reason", "đã gia hạn", "--json")
    assert json.loads(settled.stdout)["appeal"] == int(number)
    assert json.loads(run(store, "questions", "--json").stdout)["questions"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("decide", "acknowledge", CODE, "--reason", "x", "--until", "2099-01-01"),
        ("decide", "acknowledge", "nothing", "--reason", "x", "--until", "2099-01-01"),
    ],
)
def test_what_cannot_be_answered_is_said(store: Store, words: tuple[str, ...]) -> None:
    result = run(store, *words, "--by", "Bộ Y tế")
    assert result.exit_code == 1
    assert " / " in result.stderr


def test_another_ladder_is_compared_before_it_is_loaded(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "thang-moi.toml"
    shipped = (HERE / "escalation.toml").read_text(encoding="utf-8")
    file.write_text(shipped.replace("offset = 10", "offset = 8"), encoding="utf-8")
    result = run(store, "ladder", str(file), "--as-of", "2025-07-31", "--json")
    answer = json.loads(result.stdout)
    assert [(each["day"], each["role"]) for each in answer["newly_told"]] == [("2025-07-10", "agency_head")]
    assert [(each["day"], each["role"]) for each in answer["no_longer_told"]] == [("2025-07-14", "agency_head")]
    assert "DONDOC_LADDER" in run(store, "ladder", str(file), "--as-of", "2025-07-31").stdout


@pytest.mark.parametrize("wrong", ['[[rung]]\noffset = 1\nrole = "nobody"', "[[rung]]\nrole = 'unit_head'", "x = "])
def test_a_ladder_that_cannot_be_read_is_refused(store: Store, tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "x.toml"
    file.write_text(wrong, encoding="utf-8")
    result = run(store, "ladder", str(file), "--json")
    assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (1, "wrong_ladder")


def test_every_kind_of_question_has_its_word() -> None:
    kinds = ("extension", "dispute", "redirect", "requested", "obstacle", "succession")
    assert [kind for kind in kinds if not both(f"escalation.question_{kind}")] == []
