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


ONE_AFTER_ANOTHER = """
import gc, json, sys
gc.disable()  # every state of the tables there ever was is made anew, and nothing of it is garbage for long
from soildesk.cli import main
for command in json.loads(sys.argv[1]):
    if main(command):
        sys.exit(f"{command} failed")
    print("\\0", end="", flush=True)
"""


def run(home: Path, *commands: tuple[str, ...]) -> list[Any]:
    """Commands of the desk on a home, one after another in one process; what each says, its JSON as data."""
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_ANOTHER, json.dumps(commands)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "SOILDESK_HOME": str(home)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = done.stdout.split("\0")[:-1]
    return [json.loads(one) if "--json" in command else one for command, one in zip(commands, said, strict=True)]


def test_every_kept_home_is_tried() -> None:
    assert {path.name for path in (ROOT / "tests" / "homes").glob("*.tar.xz")} == set(HOMES)


@pytest.mark.parametrize("kept", HOMES)
def test_a_kept_home_migrates_with_its_rows_and_its_proof(kept: str, tmp_path: Path) -> None:
    entries, parcels = HOMES[kept]
    with tarfile.open(ROOT / "tests" / "homes" / kept) as archive:
        archive.extractall(tmp_path, filter="data")
    shapes = tmp_path / "parcels.geojson"
    setup, audit, plans, tasks, *_ = run(
        tmp_path,
        ("setup",),
        ("audit", "verify", "--json"),
        ("plan", "list", "--as", "linlan", "--json"),
        ("task", "list", "--as", "linlan", "--json"),
        *([("gis", "export", "parcels", "--out", str(shapes), "--as", "linlan")] if parcels else []),
    )
    assert "已就绪" in setup
    assert (audit["ok"], audit["entries"]) == (True, entries)
    assert len(plans) == 7
    assert tasks
    assert not parcels or len(json.loads(shapes.read_text("utf-8"))["features"]) == parcels
