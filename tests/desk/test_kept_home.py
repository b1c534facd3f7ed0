"""A home kept from an earlier state of the desk still opens: it migrates, keeps its rows and its proof.

`tests/homes/demo-0.1.0.tar.xz` is the demo home as the desk of version 0.1.0 left it, `demo-land.tar.xz` as it was when
land and the map had come; without key and password.
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
HOMES = {"demo-0.1.0.tar.xz": (2323, 0), "demo-land.tar.xz": (3605, 1230)}
"""The entries of the audit and the parcels of each."""


def run(home: Path, *command: str) -> Any:
    """One command of the desk on a home, its JSON answer."""
    done = subprocess.run(
        [sys.executable, "-m", "soildesk.cli", *command],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "SOILDESK_HOME": str(home)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if "--json" in command else done.stdout


def test_every_kept_home_is_tried() -> None:
    assert {path.name for path in (ROOT / "tests" / "homes").glob("*.tar.xz")} == set(HOMES)


@pytest.mark.parametrize("kept", HOMES)
def test_a_kept_home_migrates_with_its_rows_and_its_proof(kept: str, tmp_path: Path) -> None:
    entries, parcels = HOMES[kept]
    with tarfile.open(ROOT / "tests" / "homes" / kept) as archive:
        archive.extractall(tmp_path, filter="data")
    assert "已就绪" in run(tmp_path, "setup")
    audit = run(tmp_path, "audit", "verify", "--json")
    assert (audit["ok"], audit["entries"]) == (True, entries)
    assert len(run(tmp_path, "plan", "list", "--as", "linlan", "--json")) == 7
    assert run(tmp_path, "task", "list", "--as", "linlan", "--json")
    if not parcels:
        return
    shapes = tmp_path / "parcels.geojson"
    run(tmp_path, "gis", "export", "parcels", "--out", str(shapes), "--as", "linlan")
    assert len(json.loads(shapes.read_text("utf-8"))["features"]) == parcels
