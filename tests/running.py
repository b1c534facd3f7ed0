"""What tests make by running the desk itself: dear things once in a run, and bin/demo."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[1] / "bin" / "demo"
DEMO_DAY = "2026-11-21"


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this run that the first worker to ask for it fills; the others wait and read."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            make(folder)
            (folder / "done").touch()
    return folder


def start_demo(home: Path) -> tuple[subprocess.Popen[str], str]:
    """Start bin/demo on a home and wait for its ready line."""
    given = {**os.environ, "SOILDESK_HOME": str(home), "SOILDESK_TODAY": DEMO_DAY}
    given.pop("SOILDESK_DATABASE_URL", None)
    process = subprocess.Popen(
        [DEMO, "--no-browser"], env=given, cwd="/",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    line = process.stdout.readline().rstrip("\n")
    if not line:
        raise AssertionError(process.communicate(timeout=60)[1])
    return process, line


def stop_demo(process: subprocess.Popen[str]) -> None:
    """As somebody stops it who logs out."""
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
