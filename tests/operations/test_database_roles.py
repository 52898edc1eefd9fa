"""deploy/postgresql/roles.sql on a real PostgreSQL: each role can do its work, and nobody can rewrite what happened."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from cli.main import dondoc
from imports import undo
from models import Store, status_of
from models.tables import METADATA, register_tables
from portal.desk import Desk
from rules.access import Scope
from tests.portal.conftest import NOW
from tests.portal.programs import Program

ROOT = Path(__file__).parents[2]
ROLES_SQL = (ROOT / "deploy" / "postgresql" / "roles.sql").read_text(encoding="utf-8")
# The rights an older server is given, tried on a new one.
NEW, OLD = ">= 170000", ">= 999999"
SAMPLE = ROOT / "samples" / "assignments" / "nhiem-vu-chung.xlsx"


def names_in(array: str) -> set[str]:
    """Return the tables an array of roles.sql names: the one place that says what is not append-only."""
    stated = re.search(rf"{array} text\[\] := ARRAY\[([^]]*)\]", ROLES_SQL)
    assert stated, array
    return set(re.findall(r"'(\w+)'", stated[1]))


REFERENCE = {table.__tablename__ for table in vars(register_tables).values() if hasattr(table, "__tablename__")}
APPEND_ONLY = sorted(set(METADATA.tables) - REFERENCE - names_in("changing"))
# The tables whose rows no trigger protects, as PostgreSQL has it.
UNPROTECTED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'
  AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'dondoc_append_only')
"""
RUNNING = ("dondoc_worker", "dondoc_portal", "dondoc_reader")


@dataclass(frozen=True)
class Cluster:
    """A database set up as the guide says, and its address for each role."""

    admin: Store
    name: str
    roles_sql: str

    def url(self, role: str) -> str:
        """Return the database's address for a role."""
        return self.admin.url.set(database=self.name, username=role).render_as_string(hide_password=False)

    @contextmanager
    def signed_in(self, role: str) -> Iterator[Connection]:
        """Give a transaction of a role; whatever it does is taken back."""
        store = Store(self.url(role))
        try:
            with store.engine.connect() as connection, connection.begin() as transaction:
                yield connection
                transaction.rollback()
        finally:
            store.close()


@pytest.fixture(scope="module", params=[NEW, OLD])
def cluster(
    request: pytest.FixtureRequest, postgresql_server: Store, tmp_path_factory: pytest.TempPathFactory
) -> Cluster:
    """Give a database made step by step as the guide says: roles, init as the owner, roles again."""
    cluster = Cluster(postgresql_server, f"roles_{uuid4().hex}", ROLES_SQL.replace(NEW, request.param))
    with postgresql_server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {cluster.name}"))
    run_roles_sql(cluster)
    os.environ["DONDOC_DATA"] = str(tmp_path_factory.mktemp("data"))
    try:
        assert run(cluster, "dondoc_owner", "init").exit_code == 0
    finally:
        del os.environ["DONDOC_DATA"]
    run_roles_sql(cluster)
    return cluster


def run_roles_sql(cluster: Cluster) -> None:
    admin = Store(cluster.admin.url.set(database=cluster.name).render_as_string(hide_password=False))
    with admin.engine.begin() as connection:
        connection.exec_driver_sql(cluster.roles_sql.replace("%", "%%"))
    admin.close()


def run(cluster: Cluster, role: str, *words: str) -> Result:
    return CliRunner().invoke(dondoc, [*words, "--database", cluster.url(role)])


@pytest.fixture
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path))
    monkeypatch.setenv("DONDOC_REPORTS", str(tmp_path / "reports"))
    monkeypatch.setenv("DONDOC_WEBHOOK_KEY", "k" * 40)


@pytest.mark.usefixtures("_data")
def test_each_role_can_do_its_work(cluster: Cluster, tmp_path: Path) -> None:
    """A whole day: the worker imports, judges, plans, sends, the portal decides and reports, a reader keeps a copy."""
    works = [
        ("dondoc_worker", "import", str(SAMPLE)),
        ("dondoc_worker", "escalate", "--as-of", "2025-09-05"),
        ("dondoc_worker", "deliver", "--as-of", "2025-09-05"),
        ("dondoc_worker", "undo", "1"),
        ("dondoc_worker", "import", str(SAMPLE)),
        ("dondoc_worker", "report", "2025-08"),
        ("dondoc_portal", "status", "--as-of", "2025-09-05"),
        ("dondoc_portal", "decide", "hold", "07-CT-TTg.1.BYT", "--by", "Văn phòng Chính phủ", "--reason", "chờ",
         "--document", "12/VPCP", "--from", "2025-09-05", "--until", "2025-09-30"),
        ("dondoc_portal", "hand-down", "add", "07-CT-TTg.1.BYT", "--agency", "BYT", "--unit", "Vụ Pháp chế",
         "--due", "2025-09-12", "--by", "Vụ trưởng", "--reason", "chờ"),
        ("dondoc_portal", "report", "2025-07"),
        ("dondoc_worker", "webhooks", "send"),
        ("dondoc_reader", "backup", str(tmp_path / "kept.dondoc")),
        ("dondoc_owner", "init"),
    ]  # fmt: skip
    for role, *words in works:
        result = run(cluster, role, *words)
        assert result.exit_code == 0, result.output
    worker = Store(cluster.url("dondoc_worker"))
    assert status_of(worker, as_of=date(2025, 9, 5), known_at=datetime.now(UTC)).totals()["total"] > 500
    worker.close()


def test_the_portal_records_what_programs_send_in(cluster: Cluster) -> None:
    """New work, a report alone, and a document of another day once its every import was taken back."""
    new = {"document": f"{uuid4().int % 10**6}/NQ-CP", "number": "1", "task": "Rà soát", "lead": "BYT",
           "original_due_on": "2025-08-29"}  # fmt: skip
    code = f"{new['document'].replace('/', '-')}.1.BYT"
    said = {"assignment": code, "reported_on": "2025-08-20", "percent": 40}
    first, later = ({**new, "document_issued_on": day} for day in ("2025-05-05", "2025-05-06"))
    worker, portal = Store(cluster.url("dondoc_worker")), Store(cluster.url("dondoc_portal"))
    try:
        program = Program(Desk(portal, now=lambda: NOW), Scope.UPLOAD)
        batches = [sent(program, "assignments", first), sent(program, "progress", said)]
        for number in reversed(batches):
            assert undo(number, store=worker, now=NOW).undone
        sent(program, "assignments", later)
    finally:
        worker.close()
        portal.close()


def sent(program: Program, kind: str, item: Mapping[str, object]) -> int:
    """Send an open file of one item in; return the batch it was recorded as."""
    content = json.dumps({"format": f"dondoc-{kind}", "version": 1, kind: [item]}).encode()
    answer = program.ask("/workbooks", "POST", files={"file": (f"{kind}.json", content)})
    assert answer.status_code == 200, answer.text
    (taken,) = answer.json()["batches"]
    assert taken["outcome"] == "recorded", taken
    return int(taken["batch"])


@pytest.mark.parametrize("role", [*RUNNING, "dondoc_owner", "postgres"])
def test_nobody_rewrites_an_append_only_table(cluster: Cluster, role: str) -> None:
    assert len(APPEND_ONLY) > 30
    with cluster.signed_in(role) as connection:
        allowed = [statement for statement in rewriting() if not is_refused_here(connection, statement)]
    assert allowed == []


def test_only_what_roles_sql_names_is_not_append_only(cluster: Cluster) -> None:
    """A table that a migration brings is append-only unless somebody writes down why it is not."""
    with cluster.signed_in("postgres") as connection:
        found = set(connection.execute(text(UNPROTECTED)).scalars())
    assert found == names_in("reference") | names_in("changing")
    assert names_in("reference") == REFERENCE & set(METADATA.tables) | {"alembic_version"}
    explained = re.findall(r"^--   (\w+) {3,}", ROLES_SQL.partition("append-only, and why:")[2], re.MULTILINE)
    assert set(explained) == names_in("changing")


def rewriting() -> Iterator[str]:
    """Give every way to change or take out rows of every append-only table."""
    for table in APPEND_ONLY:
        column = next(iter(METADATA.tables[table].columns)).name
        yield f'UPDATE "{table}" SET "{column}" = "{column}"'  # noqa: S608 - the project's own names
        yield f'DELETE FROM "{table}"'  # noqa: S608
        yield f'TRUNCATE "{table}" CASCADE'


@pytest.mark.parametrize("role", RUNNING)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "ALTER TABLE assignment ADD COLUMN mine int",
        "ALTER TABLE assignment DISABLE TRIGGER ALL",
        "DROP TABLE progress CASCADE",
        "DROP TRIGGER dondoc_append_only ON progress",
        "CREATE OR REPLACE FUNCTION public.dondoc_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "UPDATE alembic_version SET version_num = '9999'",
        "INSERT INTO agency (code, position, name_vi, kind, split, note) VALUES ('X', 1, 'X', 'ministry', false, '')",
        "UPDATE contact SET address = 'other@example.vn'",
        "DELETE FROM calendar_day",
        "CREATE ROLE mine SUPERUSER",
        "SET ROLE dondoc_owner",
        "GRANT ALL ON assignment TO dondoc_portal",
    ],
)
def test_no_running_role_changes_schema_reference_or_rights(cluster: Cluster, role: str, statement: str) -> None:
    if statement.startswith("GRANT"):
        with cluster.signed_in(role) as connection:
            connection.execute(text(statement))  # PostgreSQL only warns, and grants nothing
            assert not connection.execute(
                text("SELECT has_table_privilege('dondoc_portal', 'assignment', 'DELETE')")
            ).scalar()
        return
    assert is_refused(cluster, role, statement)


@pytest.mark.parametrize(
    ("role", "statement", "allowed"),
    [
        ("dondoc_worker", "UPDATE notice SET state = state", True),
        ("dondoc_worker", "UPDATE document SET issued_on = issued_on", True),
        ("dondoc_worker", "UPDATE document SET code = code", False),
        ("dondoc_worker", "DELETE FROM notice", False),
        ("dondoc_worker", "DELETE FROM document", False),
        ("dondoc_worker", "DELETE FROM day_total", True),
        ("dondoc_worker", "UPDATE day_total SET count = 0", False),
        ("dondoc_portal", "UPDATE notice SET state = state", True),
        ("dondoc_portal", "UPDATE document SET issued_on = issued_on", True),
        ("dondoc_portal", "UPDATE document SET code = code", False),
        ("dondoc_portal", "DELETE FROM document", False),
        ("dondoc_portal", "SELECT setval('audit_entry_id_seq', 1)", False),
        ("dondoc_portal", "DELETE FROM day_total", False),
        ("dondoc_portal", "INSERT INTO day_total SELECT * FROM day_total WHERE false", False),
        ("dondoc_portal", "INSERT INTO webhook_attempt (message_id, number, started_at) VALUES (1, 1, now())", False),
        ("dondoc_reader", "INSERT INTO audit_entry (at, by, action, subject, detail) VALUES (now(), '', '', '', '{}')",
         False),
        ("dondoc_reader", "SELECT count(*) FROM progress", True),
    ],
)  # fmt: skip
def test_the_exceptions_are_exactly_these(cluster: Cluster, role: str, statement: str, *, allowed: bool) -> None:
    assert is_refused(cluster, role, statement) is not allowed


def test_a_migration_may_fill_in_facts_and_says_so_first(cluster: Cluster) -> None:
    with cluster.signed_in("dondoc_owner") as connection:
        connection.execute(text("SET LOCAL dondoc.migrating = 'on'"))
        connection.execute(text("UPDATE progress SET batch_id = batch_id"))
    with cluster.signed_in("dondoc_worker") as connection:
        connection.execute(text("SET LOCAL dondoc.migrating = 'on'"))
        with pytest.raises(ProgrammingError, match=r"append-only|permission denied"):
            connection.execute(text("UPDATE progress SET batch_id = batch_id"))


def test_somebody_else_is_refused_at_the_door(cluster: Cluster) -> None:
    stranger = f"stranger_{uuid4().hex}"
    with cluster.admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE ROLE {stranger} LOGIN"))
    with pytest.raises(OperationalError, match="permission denied for database"), cluster.signed_in(stranger):
        pass


def is_refused(cluster: Cluster, role: str, statement: str) -> bool:
    """Say whether PostgreSQL refuses a statement to a role for want of the right to it."""
    with cluster.signed_in(role) as connection:
        return is_refused_here(connection, statement)


def is_refused_here(connection: Connection, statement: str) -> bool:
    """Say whether PostgreSQL refuses a statement; the transaction can go on either way."""
    step = connection.begin_nested()
    try:
        connection.execute(text(statement))
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        return True
    else:
        return False
    finally:
        step.rollback()
