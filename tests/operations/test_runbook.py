"""Every command of the runbook that can run here is run as written, block after block, in one office."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

RUNBOOK = Path(__file__).parents[2] / "docs" / "van-hanh" / "so-tay.md"
RUNNABLE = re.compile(r"^```bash runnable\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_runbook_runs_as_written(sqlite_template: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "dondoc.db")
    settings = tmp_path / "dondoc.toml"
    settings.write_text('data = "data"\nbackup_key = "a long secret sentence"\n')
    settings.chmod(0o600)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "DONDOC_SETTINGS": str(settings), "PATH": path}
    blocks = RUNNABLE.findall(RUNBOOK.read_text(encoding="utf-8"))
    assert len(blocks) == 4
    for block in blocks:
        ran = subprocess.run(
            ["/bin/sh", "-e", "-c", block],
            env=environment,
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, f"{block}\n{ran.stdout}{ran.stderr}"
    assert (tmp_path / "drill" / "dondoc.db").exists()
