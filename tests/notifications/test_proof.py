"""What was sent can be proven: every row is sealed with the one before it, and tampering is found at its place."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import delete, insert, text, update
from sqlmodel import col, select

from cli.main import dondoc
from models import Store
from models.backup import backup, restore
from models.chain import GENESIS, walk
from models.columns import table_of
from models.outcome_tables import AuditEntry, Delivery, Notice, NoticeAttachment
from notifications import deliver, plan_notices
from notifications.attachment import Attachment
from notifications.links import Links
from notifications.proof import About, altered_letters, chains, proof_of
from tests.notifications.duties import HEAD_HEARS, assign
from tests.notifications.relays import NOW, Server, enqueue, smtp_server

ADDRESSES = ["van-thu@byt.example", "rcpt-550@byt.example", "van-thu@bca.example"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with smtp_server(tmp_path_factory.mktemp("relay")) as running:
        yield running


@pytest.fixture
def sent(store: Store, server: Server) -> Store:
    """Give a store with three letters sent, one of them with a file, and three audit entries."""
    enqueue(store, ADDRESSES)
    with store.writing() as session:
        notice = session.scalars(select(Notice.id).order_by(col(Notice.id))).first()
        assert notice
        session.execute(insert(table_of(NoticeAttachment)), [Attachment("Bảng.xlsx", b"PK", "x/y").row(notice)])
    deliver(store, channel=server.url(), now=lambda: NOW)
    with store.writing() as session:
        for number in range(3):
            session.add(AuditEntry(at=NOW, by="Bộ trưởng", action="acknowledge", subject="n0", detail={"n": number}))
    return store


def test_each_row_is_sealed_with_the_one_before_it(sent: Store) -> None:
    assert [(chain.table, chain.sealed, chain.unsealed, chain.broken_at) for chain in chains(sent)] == [
        ("delivery", 3, 0, None),
        ("audit_entry", 3, 0, None),
    ]
    with sent.reading() as session:
        rows = session.execute(select(Delivery.previous, Delivery.hash).order_by(col(Delivery.id))).all()
    assert [previous for previous, _ in rows] == [GENESIS, *(found for _, found in rows[:-1])]


ALTERED: list[tuple[type[Delivery] | type[AuditEntry], dict[str, Any]]] = [
    (Delivery, {"outcome": "accepted"}),
    (Delivery, {"finished_at": NOW.replace(year=2024)}),
    (Delivery, {"answer": "khác"}),
    (Delivery, {"letter_sha256": "0" * 64}),
    (Delivery, {"hash": ""}),
    (AuditEntry, {"by": "ai đó"}),
    (AuditEntry, {"detail": {"n": 7}}),
]


@pytest.mark.parametrize(("model", "change"), ALTERED, ids=str)
def test_an_altered_row_is_found(sent: Store, model: type[Delivery] | type[AuditEntry], change: dict[str, Any]) -> None:
    with sent.writing() as session:
        ids = session.scalars(select(model.id).order_by(col(model.id))).all()
        session.execute(update(model).where(col(model.id) == ids[1]).values(**change))
    with sent.reading() as session:
        assert walk(session, model).broken_at == ids[1]


def test_a_row_taken_out_and_one_slipped_in_are_found(sent: Store) -> None:
    with sent.writing() as session:
        ids = session.scalars(select(Delivery.id).order_by(col(Delivery.id))).all()
        session.execute(delete(Delivery).where(col(Delivery.id) == ids[1]))
        row = {"at": NOW, "by": "x", "action": "y", "subject": "z", "detail": {}, "hash": ""}
        session.execute(insert(table_of(AuditEntry)), [row])
    found = {chain.table: chain.broken_at for chain in chains(sent)}
    assert found["delivery"] == ids[2]
    assert found["audit_entry"] is not None


def test_rows_from_before_the_chain_are_counted_apart(sent: Store) -> None:
    with sent.writing() as session:
        session.execute(update(AuditEntry).values(previous=None, hash=""))
        session.add(AuditEntry(at=NOW, by="x", action="y", subject="z"))
    with sent.reading() as session:
        chain = walk(session, AuditEntry)
    assert (chain.unsealed, chain.sealed, chain.broken_at) == (3, 1, None)


def add(store: Store, entry: AuditEntry) -> None:
    with store.writing() as session:
        session.add(entry)


def test_two_decisions_at_once_stand_in_one_chain(store: Store) -> None:
    """The second began before the first was committed, and sees an older moment on PostgreSQL."""
    early, late = (AuditEntry(at=NOW, by=by, action="y", subject="z") for by in ("sớm", "muộn"))
    with ExitStack() as open_:
        if store.engine.dialect.name == "sqlite":  # its writers are alone
            add(store, early)
        session = open_.enter_context(store.writing())
        session.execute(text("SELECT 1"))
        if store.engine.dialect.name == "postgresql":
            add(store, early)
        session.add(late)
    with store.reading() as session:
        assert (walk(session, AuditEntry).sealed, walk(session, AuditEntry).broken_at) == (2, None)


@pytest.mark.parametrize("change", [{"text": "khác"}, {"subject": "khác"}, {"address": "x@y.example"}])
def test_a_letter_altered_after_it_was_sent_is_found(sent: Store, change: dict[str, str]) -> None:
    assert altered_letters(sent) == ()
    with sent.writing() as session:
        session.execute(update(Notice).where(col(Notice.key) == "n2").values(**change))
    assert altered_letters(sent) == ("n2",)


def test_an_altered_file_is_found(sent: Store) -> None:
    with sent.writing() as session:
        session.execute(update(NoticeAttachment).values(content=b"PK2"))
    assert altered_letters(sent) == ("n0",)


def test_the_proof_says_what_was_sent_how_it_was_answered_and_what_was_decided(sent: Store) -> None:
    told = proof_of(sent, About(address="VAN-THU@byt.example"), now=NOW)
    (notice,) = told["notices"]
    (delivery,) = notice["deliveries"]
    assert (notice["key"], notice["subject"]) == ("n0", "[Đôn đốc] 3 nhiệm vụ quá hạn")
    assert "Bệnh án" in notice["text"]
    assert (delivery["channel"], delivery["code"], delivery["answer"], delivery["as_kept"]) == ("thu", 250, "ok", True)
    assert (delivery["message_id"], delivery["letter_sha256"]) == ("<n0@dondoc.example>", notice["letter_sha256"])
    assert [file["name"] for file in notice["attachments"]] == ["Bảng.xlsx"]
    assert [answer["by"] for answer in told["answers"]] == ["Bộ trưởng"] * 3
    assert [chain["head"] for chain in told["chains"]] == [chain.head for chain in chains(sent)]
    assert len(proof_of(sent, About(agency="BYT"), now=NOW)["notices"]) == 3
    assert proof_of(sent, About(agency="BYT", assignment="07.1"), now=NOW)["notices"] == []


def test_a_backup_keeps_the_chains_and_the_files(sent: Store, sqlite_template: Path, tmp_path: Path) -> None:
    backup(sent, tmp_path / "backup.zip", now=NOW)
    fresh = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'fresh.db')}")
    restore(fresh, tmp_path / "backup.zip")
    assert chains(fresh) == chains(sent)
    assert altered_letters(fresh) == ()
    with fresh.reading() as session:
        assert session.scalars(select(NoticeAttachment.content)).all() == [b"PK"]
    fresh.close()


def ran(store: Store, *words: str, exits: int = 0) -> Any:
    """Run a command and return what it answered as JSON."""
    database = store.url.render_as_string(hide_password=False)
    result = CliRunner().invoke(dondoc, [*words, "--database", database, "--json"])
    assert result.exit_code == exits, result.output
    return json.loads(result.stdout)


def test_the_commands_list_put_back_and_export(sent: Store, tmp_path: Path) -> None:
    with sent.writing() as session:
        session.execute(update(Notice).values(planned_at=NOW.replace(year=2100)))
    listed = ran(sent, "outbox")
    assert ([letter["key"] for letter in listed["dead"]], listed["balances"]) == (["n1"], True)
    assert ran(sent, "outbox", "--requeue", "n1", exits=1)["error"]["code"] == "who_and_why"
    assert (
        ran(sent, "outbox", "--requeue", "n0", "--by", "x", "--reason", "y", exits=1)["error"]["code"] == "cannot_turn"
    )
    turned = ran(sent, "outbox", "--requeue", "n1", "--by", "Chánh Văn phòng", "--reason", "sửa địa chỉ")
    assert turned == {"key": "n1", "before": "failed_permanent", "after": "planned"}
    file = tmp_path / "proof.json"
    written = ran(sent, "proof", "--agency", "BYT", "--out", str(file))
    assert (written["notices"], written["deliveries"], written["answers"]) == (3, 3, 4)
    assert len(json.loads(file.read_text("utf-8"))["notices"]) == 3
    assert ran(sent, "proof", "--agency", "BYT", "--out", str(file), exits=1)["error"]["code"] == "file_exists"
    assert ran(sent, "proof", "--out", str(tmp_path / "x"), exits=1)["error"]["code"] == "about_nobody"


def test_the_doctor_walks_the_chains(sent: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path))
    said = {f"{each['check']}:{each['outcome']}" for each in ran(sent, "doctor")["checks"]}
    assert {"outbox:warning", "chain:ok"} <= said
    with sent.writing() as session:
        session.execute(update(Delivery).values(answer="khác"))
        session.execute(update(Notice).where(col(Notice.key) == "n0").values(text="khác", state="on its way"))
    said = {f"{each['check']}:{each['outcome']}" for each in ran(sent, "doctor", exits=1)["checks"]}
    assert {"outbox:problem", "chain:problem", "letters:problem"} <= said


def test_a_proof_holds_no_link_that_would_work(store: Store, server: Server) -> None:
    links = Links(SecretStr("khóa-bí-mật-để-thử-nghiệm"), "http://dondoc.example")
    assign(store, "BYT", "BCA")
    planned = plan_notices(store, as_of=HEAD_HEARS, now=NOW, links=links)
    deliver(store, channel=server.url(), now=lambda: NOW)
    told = proof_of(store, About(), now=NOW)
    written = json.dumps(told, ensure_ascii=False)
    for notice in planned.notices:
        token = notice.link.rpartition("/")[2]
        assert token in notice.text
        assert token not in written
    assert written.count("http://dondoc.example/tra-loi/…") >= 6
    assert [each["as_kept"] for notice in told["notices"] for each in notice["deliveries"]] == [True, True]


def test_a_dry_run_shows_no_link_that_would_work_later(store: Store) -> None:
    links = Links(SecretStr("khóa-bí-mật-để-thử-nghiệm"), "http://dondoc.example")
    assign(store, "BYT")
    (shown,) = plan_notices(store, as_of=HEAD_HEARS, now=NOW, links=links, dry_run=True).notices
    assert (shown.link, "tra-loi" in shown.text + shown.html) == ("", False)
    (planned,) = plan_notices(store, as_of=HEAD_HEARS, now=NOW, links=links).notices
    assert planned.link in planned.text
