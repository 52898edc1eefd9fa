"""Run a measurement in a fresh process: its own figure, the whole process's time, and the peak memory of its tree."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_EVERY_SECONDS = 0.02
_BYTES_PER_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Measured:
    """`call` is what the process timed inside itself, `process` its whole life; both in seconds."""

    call: float
    process: float
    answer: Mapping[str, Any]


def measured(module: str, *words: str, **environment: str) -> Measured:
    """Run `python -m module words` and return its times; its last line of output is a JSON object with `seconds`.

    Raises CalledProcessError when it fails: a contender that did not do its work has no time.
    """
    started = time.perf_counter()
    done = subprocess.run(_command(module, words), capture_output=True, text=True, check=False, env=_env(environment))  # noqa: S603 - our own interpreter
    took = time.perf_counter() - started
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise subprocess.CalledProcessError(done.returncode, done.args)
    answer = json.loads(done.stdout.splitlines()[-1])
    return Measured(answer.pop("seconds"), took, answer)


def whole_process(*command: str) -> float:
    """Return how long a command takes from its start to its exit, in seconds; its output is thrown away."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=_env({}))  # noqa: S603 - our own commands
    return time.perf_counter() - started


def peak_memory(module: str, *words: str, **environment: str) -> float:
    """Return the most memory the process and all it started held at one moment, in MB (10⁶ bytes).

    Shared pages are counted once (PSS, sampled every 20 ms). The sampling slows the process: take no time from it.
    """
    peak = 0
    with subprocess.Popen(_command(module, words), stdout=subprocess.DEVNULL, env=_env(environment)) as process:  # noqa: S603 - our own interpreter
        while process.poll() is None:
            peak = max(peak, sum(_proportional_bytes(pid) for pid in _tree(process.pid)))
            time.sleep(_EVERY_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return peak / _BYTES_PER_MEGABYTE


def _command(module: str, words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", module, *words]


def _env(more: Mapping[str, str]) -> dict[str, str]:
    """Return this environment with bytecode kept: a process that compiles everything anew measures the compiler."""
    return {**{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}, **more}


def _tree(pid: int) -> list[int]:
    found = [pid]
    for known in found:
        for children in Path(f"/proc/{known}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:
                continue
    return found


def _proportional_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
