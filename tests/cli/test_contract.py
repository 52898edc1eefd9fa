"""What the command line promises: one JSON object, exit codes, a sentence in both languages for every failure."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlmodel import func, select

import samples
from cli.main import COMMANDS, dondoc
from models import Store
from models.assignment_tables import Batch, Document
from rules.access import SHORTEST_PASSWORD
from rules.status import Status

SAMPLES = Path(samples.__file__ or "").parent
HEALTH = str(SAMPLES / "assignments" / "bo-y-te.xlsx")
FINANCE = str(SAMPLES / "assignments" / "bo-tai-chinh.xlsx")
STATUSES = {*map(str, Status), "total"}
ASSIGNMENT_KEYS = {
    "code", "document", "agency", "task", "original_due_on", "due_on", "effective_due_on", "status", "flags",
    "days_late", "completed_on",
}  # fmt: skip
BATCH_KEYS = {
    "batch", "file", "sha256", "outcome", "rows", "new", "changed", "unchanged", "gone", "problems", "annotated_copy",
}  # fmt: skip


def url(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def run(*words: str) -> Result:
    return CliRunner().invoke(dondoc, words)


def ask(store: Store, *words: str, exits: int = 0) -> dict[str, Any]:
    """Run a command with --json; everything on stdout is one JSON object."""
    result = run(*words, "--database", url(store), "--json")
    assert result.exit_code == exits, result.output
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def count(store: Store, table: type[Batch] | type[Document]) -> int:
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def said_in_both_languages(sentence: str) -> bool:
    vietnamese, _, english = sentence.partition(" / ")
    return not vietnamese.isascii() and bool(english)


def test_init_makes_the_database_and_again_changes_nothing(empty_store: Store) -> None:
    first, again = ask(empty_store, "init"), ask(empty_store, "init")
    administrator = first.pop("administrator")
    assert (administrator["name"], len(administrator["password"]) >= SHORTEST_PASSWORD) == ("admin", True)
    assert first == again
    assert set(first) == {"database", "revision", "agencies", "milestones"}
    assert (first["agencies"], first["milestones"]) == (96, 3)
    assert ask(empty_store, "status", "--as-of", "2025-09-05")["totals"]["total"] == 0


def test_a_workbook_is_previewed_recorded_unchanged_and_undone(store: Store) -> None:
    (previewed,) = ask(store, "import", HEALTH, "--dry-run")["batches"]
    assert (previewed["outcome"], previewed["batch"], count(store, Batch)) == ("previewed", None, 0)
    (recorded,) = ask(store, "import", HEALTH)["batches"]
    assert recorded.keys() >= BATCH_KEYS
    assert (recorded["outcome"], recorded["new"]) == ("recorded", 4)
    (unchanged,) = ask(store, "import", HEALTH)["batches"]
    assert (unchanged["outcome"], unchanged["unchanged"], count(store, Batch)) == ("unchanged", 4, 1)
    undone = ask(store, "undo", str(recorded["batch"]))
    assert (undone["batch"], undone["undone"]) == (recorded["batch"], True)
    assert ask(store, "undo", str(recorded["batch"]), exits=1)["undone"] is False
    assert ask(store, "status", "--as-of", "2025-09-05")["totals"]["total"] == 0


def test_status_has_the_shape_promised_and_adds_up(store: Store) -> None:
    ask(store, "import", FINANCE, HEALTH)
    answer = ask(store, "status", "--as-of", "2025-09-05")
    assert answer.keys() >= {"as_of", "known_at", "totals", "agencies", "milestones", "assignments"}
    assert set(answer["totals"]) == STATUSES
    assert answer["totals"]["total"] == len(answer["assignments"]) > 0
    for agency in answer["agencies"]:
        assert agency.keys() >= {"agency", *STATUSES}
    assert sum(agency["total"] for agency in answer["agencies"]) == answer["totals"]["total"]
    for milestone in answer["milestones"]:
        parts = [milestone[each] for each in ("met", "met_late", "missed", "extended", "cancelled", "pending")]
        assert milestone["due"] == sum(parts)
        # What stands recorded today was not known on a milestone's day; in December nothing had fallen due yet.
        over = milestone["milestone"] != "2025-12"
        assert (milestone["known_then"] is not None) is over
    assert all(row.keys() >= ASSIGNMENT_KEYS for row in answer["assignments"])
    (late,) = [row for row in answer["assignments"] if row["code"] == "07-CT-TTg.32.BTC"]
    assert (late["status"], late["due_on"], late["effective_due_on"]) == ("overdue", "2025-05-31", "2025-06-02")
    assert late["days_late"] == 67


def test_status_narrows_to_an_agency_and_a_milestone(store: Store) -> None:
    ask(store, "import", FINANCE, HEALTH)
    finance = ask(store, "status", "--as-of", "2025-09-05", "--agency", "BTC")
    assert [each["agency"] for each in finance["agencies"]] == ["BTC"]
    second_quarter = ask(store, "status", "--as-of", "2025-09-05", "--milestone", "2025-Q2")
    assert {row["milestone"] for row in second_quarter["assignments"]} == {"2025-Q2"}


def test_nothing_is_known_before_it_was_recorded(store: Store) -> None:
    ask(store, "import", FINANCE)
    assert ask(store, "status", "--as-of", "2025-09-05", "--known-at", "2025-09-05")["totals"]["total"] == 0


def test_the_rest_of_a_months_work(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path))
    ask(store, "import", FINANCE)
    preview = ask(store, "escalate", "--as-of", "2025-09-05", "--dry-run")
    planned = ask(store, "escalate", "--as-of", "2025-09-05")
    assert preview == planned
    assert planned.keys() == {"as_of", "notices", "new", "suppressed"}
    notice = planned["notices"][0]
    assert set(notice) >= {"key", "recipient", "role", "rung", "reason", "subject", "assignments"}
    assert set(notice) >= {"address", "text", "attachments"}, "a preview shows what would go out to whom"
    assert set(notice["assignments"][0]) == {"code", "role", "rung", "reason"}
    assert ask(store, "escalate", "--as-of", "2025-09-05")["new"] == 0
    early = ask(store, "deliver", "--as-of", "2025-09-04")
    assert (early["accepted"], early["pending"]) == (0, planned["new"])
    sent = ask(store, "deliver")
    outcomes = {"accepted", "failed_temporary", "failed_permanent", "unknown", "pending"}
    assert set(sent) == outcomes | {"balances", "heartbeat"}
    assert (sent["accepted"], sent["pending"]) == (planned["new"], 0)
    report = ask(store, "report", "2025-08")
    assert report.keys() >= {"edition", "month", "cutoff", "files", "facts"}
    assert (report["month"], report["cutoff"]) == ("2025-08", "2025-08-25")
    assert all(Path(file["path"]).is_file() and len(file["sha256"]) == 64 for file in report["files"])


def test_a_deadline_is_read_without_any_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("deadline", "Tháng 8/2025", "--document-date", "2025-03-14", "--json")
    answer = json.loads(result.stdout)
    assert answer.keys() >= {
        "text", "kind", "start", "due_on", "effective_due_on", "recurrence", "needs_confirmation", "explanation",
        "problem",
    }  # fmt: skip
    assert (answer["due_on"], answer["effective_due_on"], result.exit_code) == ("2025-08-31", "2025-09-03", 0)
    assert not list(tmp_path.iterdir())


def bad_inputs(folder: Path) -> dict[str, list[str]]:
    """Make one file, or one wish, of each bad kind."""
    (folder / "letter.xlsx").write_bytes(b"Kinh gui Van phong Chinh phu")
    workbook = openpyxl.Workbook()
    workbook.save(folder / "empty.xlsx")
    assert workbook.active is not None
    workbook.active["A1"] = "Xin chào"
    workbook.save(folder / "no-table.xlsx")
    return {
        "not_a_workbook": [str(folder / "letter.xlsx")],
        "empty_workbook": [str(folder / "empty.xlsx")],
        "no_table": [str(folder / "no-table.xlsx")],
        "unknown_agency": [HEALTH, "--agency", "KHONG-CO"],
        "impossible_date": [HEALTH, "--document-date", "2025-02-30"],
        "no_such_file": [str(folder / "khong-co.xlsx")],
        "not_a_file": [str(folder)],
    }


@pytest.mark.parametrize(
    "kind",
    ["not_a_workbook", "empty_workbook", "no_table", "unknown_agency", "impossible_date", "no_such_file", "not_a_file"],
)
def test_bad_input_gets_a_sentence_and_nothing_is_stored(store: Store, tmp_path: Path, kind: str) -> None:
    words = bad_inputs(tmp_path)[kind]
    (batch,) = ask(store, "import", *words, exits=1)["batches"]
    assert (batch["outcome"], batch["batch"]) == ("rejected", None)
    (problem,) = [each for each in batch["problems"] if each["severity"] == "stops"]
    assert problem["code"] == kind
    assert said_in_both_languages(problem["message"])
    plain = run("import", *words, "--database", url(store))
    assert (plain.exit_code, problem["message"] in plain.stdout) == (1, True)
    assert count(store, Batch) == count(store, Document) == 0


@pytest.mark.parametrize(
    ("words", "exits", "code"),
    [
        (["status", "--as-of", "2025-02-30"], 1, "impossible_date"),
        (["status", "--agency", "BYX"], 1, "unknown_agency"),
        (["status", "--milestone", "2025-Q9"], 1, "unknown_milestone"),
        (["status", "--known-at", "9999-12-31T23:59-14:00"], 1, "impossible_date"),
        (["status", "--known-at", "0001-01-01T00:00+14:00"], 1, "impossible_date"),
        (["report", "2025-13"], 1, "not_a_month"),
        (["report", "2025-13", "--cutoff", "2025-08-25", "--meeting", "2025-09-03"], 1, "not_a_month"),
        (["report", "0001-01"], 1, "impossible_month"),
        (["report", "9999-12"], 1, "impossible_month"),
        (["status", "--as-of", "hôm nay"], 2, "wrong_usage"),
        (["import"], 2, "wrong_usage"),
        (["undo", "first"], 2, "wrong_usage"),
        (["undo", "99999999999999999999"], 2, "wrong_usage"),
        (["decide", "answer", "2147483648", "--by", "Bộ Tài chính", "--answer", "Đã rõ"], 2, "wrong_usage"),
        (["no-such-command"], 2, "wrong_usage"),
    ],
)
def test_each_failure_has_its_exit_code_and_one_json_object(
    store: Store, words: list[str], exits: int, code: str
) -> None:
    place = [] if words == ["no-such-command"] else ["--database", url(store)]
    result = run(*words, *place, "--json")
    assert result.exit_code == exits
    error = json.loads(result.stdout)["error"]
    assert error["code"] == code
    assert said_in_both_languages(error["message"])
    assert result.stderr.strip() == error["message"]
    assert "Traceback" not in result.output


def test_a_database_nobody_made_is_not_made_by_surprise(tmp_path: Path) -> None:
    result = run("status", "--database", f"sqlite:///{tmp_path / 'var' / 'dondoc.db'}")
    assert (result.exit_code, "dondoc init" in result.stderr) == (3, True)
    assert not list(tmp_path.iterdir())


def test_an_empty_database_is_refused(empty_store: Store) -> None:
    assert ask(empty_store, "status", exits=3)["error"]["code"] == "not_initialised"


def test_another_revision_is_refused(store: Store) -> None:
    with store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for words in (["status"], ["init"]):
        assert ask(store, *words, exits=3)["error"]["code"] == "newer"


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("not a database, but long enough to have a header " * 20)
    result = run("status", "--database", f"sqlite:///{tmp_path / 'letter.db'}", "--json")
    assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (3, "database_failed")
    assert run("status", "--database", "my database").exit_code == 1


def test_a_password_is_never_printed() -> None:
    result = run("status", "--database", "postgresql+psycopg://office:s3cret@127.0.0.1:1/dondoc", "--json")
    assert result.exit_code == 3
    assert "s3cret" not in result.output


def test_a_wrong_setting_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_COMPLETION_LEVEL", "s3cret")
    error = ask(store, "status", exits=3)["error"]
    assert "DONDOC_COMPLETION_LEVEL" in error["message"]
    assert "s3cret" not in error["message"]


def test_help_names_every_command_in_both_languages() -> None:
    result = run("--help")
    assert result.exit_code == 0
    listed = {line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ") and " / " in line}
    assert listed >= set(COMMANDS)


@pytest.mark.parametrize("command", [name for name in COMMANDS])  # noqa: C416 - a list of names
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0, result.output
    assert said_in_both_languages(" ".join(result.stdout.split()))
