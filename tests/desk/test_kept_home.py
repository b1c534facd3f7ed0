"""A home kept from an earlier state of the desk still opens: it migrates, keeps its rows and its proof.

`tests/homes/demo-0.1.0.tar.xz` is the demo home as the desk of version 0.1.0 left it, without key and password.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HOMES = sorted((ROOT / "tests" / "homes").glob("*.tar.xz"))


def run(home: Path, *command: str) -> Any:
    """One command of the desk on a home, its JSON answer."""
    done = subprocess.run(
        [sys.executable, "-m", "soildesk.cli", *command],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "SOILDESK_HOME": str(home)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if "--json" in command else done.stdout


@pytest.mark.parametrize("kept", HOMES, ids=lambda path: path.name)
def test_a_kept_home_migrates_with_its_rows_and_its_proof(kept: Path, tmp_path: Path) -> None:
    with tarfile.open(kept) as archive:
        archive.extractall(tmp_path, filter="data")
    assert "已就绪" in run(tmp_path, "setup")
    audit = run(tmp_path, "audit", "verify", "--json")
    assert (audit["ok"], audit["entries"]) == (True, 2323)
    assert len(run(tmp_path, "plan", "list", "--as", "linlan", "--json")) == 7
    assert run(tmp_path, "task", "list", "--as", "linlan", "--json")
