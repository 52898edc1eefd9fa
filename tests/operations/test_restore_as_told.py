"""The restore of the runbook, word for word: into a database fresh from `dondoc init`, on either kind of database."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import dondoc
from models import Store
from tests.operations import test_database_roles as roles

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "van-hanh" / "so-tay.md").read_text(encoding="utf-8")
WORKBOOK = str(ROOT / "samples" / "assignments" / "bo-y-te.xlsx")
RESTORED = r"^```bash restore\n(.*?)^```$"
cluster = roles.cluster  # one of this module's own, fresh from init
KEY = "một câu dài, bí mật, của văn phòng"


@pytest.fixture(autouse=True)
def _an_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_BACKUP_KEY", KEY)
    settle_in(tmp_path / "old", monkeypatch)


def settle_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", str(home / "data"))
    monkeypatch.setenv("DONDOC_INBOX", str(home / "inbox"))


def commands(file: Path) -> list[list[str]]:
    """Return the runbook's own `dondoc` commands for a restore, in their order."""
    (block,) = re.findall(RESTORED, RUNBOOK, re.MULTILINE | re.DOTALL)
    lines = [line for line in block.splitlines() if "/bin/dondoc " in line]
    return [shlex.split(line.partition("/bin/dondoc ")[2].replace('"$FILE"', str(file))) for line in lines]


def run(url: str, *words: str) -> Result:
    result = CliRunner().invoke(dondoc, [*words, "--database", url])
    assert result.exit_code == 0, result.output
    return result


def address(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def test_the_restore_of_the_runbook_succeeds(
    store: Store, empty_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new database's own first administrator goes; who administered the old one comes back."""
    old, new, file = address(store), address(empty_store), tmp_path / "kept.dondoc"
    run(old, "init")
    run(old, "import", WORKBOOK)
    made = run(old, "backup", str(file), "--encrypt", "--json").stdout
    settle_in(tmp_path / "new", monkeypatch)
    first, second = commands(file)
    assert (first, second[0]) == (["init"], "restore")
    assert "administrator" in json.loads(run(new, *first, "--json").stdout)
    assert run(new, *second, "--json").stdout == made
    assert "administrator" not in json.loads(run(new, "init", "--json").stdout), "the old one is there"


def test_a_database_somebody_worked_in_is_not_fresh(store: Store, tmp_path: Path) -> None:
    url, file = address(store), str(tmp_path / "kept.dondoc")
    run(url, "init")
    run(url, "backup", file, "--encrypt")
    run(url, "accounts", "open", "van.thu", "--post", "Văn thư", "--role", "focal_point", "--agency", "BYT")
    refused = CliRunner().invoke(dondoc, ["restore", file, "--database", url])
    assert (refused.exit_code, "dondoc init" in refused.stderr) == (1, True)


def test_the_owner_restores_where_facts_are_append_only(cluster: roles.Cluster, tmp_path: Path) -> None:
    """As the guide installs it: the triggers stand, the database is fresh from init, the roles come again after."""
    file = str(tmp_path / "kept.dondoc")
    owner = cluster.url("dondoc_owner")
    run(cluster.url("dondoc_reader"), "backup", file, "--encrypt")
    refused = CliRunner().invoke(dondoc, ["restore", file, "--database", cluster.url("dondoc_worker")])
    assert refused.exit_code != 0
    run(owner, "restore", file)
    roles.run_roles_sql(cluster)
    run(cluster.url("dondoc_worker"), "import", WORKBOOK)
