"""Every command of the runbook that can run here is run as written, block after block, in one office."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "docs" / "van-hanh" / "so-tay.md"
RUNNABLE = re.compile(r"^```bash runnable\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_runbook_runs_as_written_today_and_again(sqlite_template: Path, tmp_path: Path) -> None:
    """Only where things lie is another place; what keeps a file under a day's name is done a second time."""
    (tmp_path / "data").mkdir()
    (tmp_path / "backups").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "dondoc.db")
    settings = tmp_path / "dondoc.toml"
    settings.write_text(f'data = "{tmp_path}/data"\nbackup_key = "a long secret sentence"\n')
    settings.chmod(0o600)
    here = {
        "/etc/dondoc/dondoc.toml": str(settings),
        "/opt/dondoc/.venv/bin": str(Path(sys.executable).parent),
        "/var/backups/dondoc": str(tmp_path / "backups"),
        "postgresql+psycopg://dondoc_worker@/dondoc?host=/run/postgresql": f"sqlite:///{tmp_path}/data/dondoc.db",
    }
    text = RUNBOOK.read_text(encoding="utf-8")
    for there, place in here.items():
        assert there in text
        text = text.replace(there, place)
    first, *blocks = RUNNABLE.findall(text)
    assert len(blocks) == 4
    for block in [*blocks, *(block for block in blocks if "$(date" in block)]:
        ran = subprocess.run(
            ["/bin/sh", "-e", "-c", first + block],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, f"{block}\n{ran.stdout}{ran.stderr}"
    assert len(list((tmp_path / "backups").glob("*.dondoc"))) == 2
    assert list((tmp_path / "backups").glob("drill-*")) == [], "a drill lies open: it is removed"
