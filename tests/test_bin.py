"""The scripts in bin/: quiet, kind to a second run, and clear where they refuse."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from running import start_demo, stop_demo

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / "bin"


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script with extra environment variables, from another folder than the clone."""
    environment = {**os.environ, **variables}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_command_keeps_stdout_for_itself(tmp_path: Path) -> None:
    done = run(BIN / "soildesk", "coverage", "--json", SOILDESK_HOME=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["total"] == 606


def test_the_command_runs_through_a_link_from_anywhere(tmp_path: Path) -> None:
    link = tmp_path / "soildesk"
    link.symlink_to(BIN / "soildesk")

    done = run(link, "coverage", SOILDESK_HOME=str(tmp_path / "home"))

    assert done.stdout.partition("\n")[0].endswith("/ 606"), done.stderr


def test_a_machine_without_python_is_told_what_it_needs(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "dirname", "readlink", "cat", "sha256sum", "cut", "id", "mkdir", "rm", "grep", "flock", "env"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    clone = tmp_path / "clone"
    shutil.copytree(BIN, clone / "bin")
    shutil.copytree(ROOT / "requirements", clone / "requirements")
    script = clone / "bin" / ".setup.sh"
    script.write_text(
        script.read_text(encoding="utf-8").replace("/usr/bin/python3", "/nowhere/python3"), encoding="utf-8"
    )

    done = run(clone / "bin" / "soildesk", "coverage", PATH=str(tools))

    assert done.returncode == 1
    assert "Python 3.11 or later" in done.stderr
    assert "python3-venv" in done.stderr
    assert done.stdout == ""


def test_fresh_never_deletes_a_home_that_is_no_demo(tmp_path: Path) -> None:
    (tmp_path / "soildesk.sqlite3").write_bytes(b"an office's own data")

    done = run(BIN / "demo", "--fresh", "--no-browser", SOILDESK_HOME=str(tmp_path))

    assert done.returncode == 1
    assert "not a demo home" in done.stderr
    assert (tmp_path / "soildesk.sqlite3").read_bytes() == b"an office's own data"


@pytest.mark.parametrize(("port", "told"), [("http", "is not a port"), ("0", "is not a port"), ("busy", "is in use")])
def test_a_port_that_cannot_be_had_is_said(tmp_path: Path, port: str, told: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = str(taken.getsockname()[1]) if port == "busy" else port
        done = run(BIN / "demo", "--port", wanted, "--no-browser", SOILDESK_HOME=str(tmp_path / "home"))

    assert done.returncode == 1
    assert told in done.stderr
    assert not (tmp_path / "home" / "soildesk.sqlite3").exists()


def test_demo_answers_and_keeps_its_data_on_the_second_run(demo_made: Path, tmp_path: Path) -> None:
    start, _http, rest = (demo_made / "line").read_text(encoding="utf-8").partition("http://")
    assert start == "SoilDesk is ready at "
    assert rest.startswith("127.0.0.1:")
    who = rest.partition(" — ")[2]
    assert who.startswith("user linlan, password ")
    home = Path(shutil.copytree(demo_made / "home", tmp_path / "home"))
    (home / "kept").touch()
    process, again = start_demo(home)
    try:
        url = again.split()[4]
        assert again.partition(" — ")[2] == who
        with urllib.request.urlopen(url, timeout=20) as answer:
            assert answer.status == 200
    finally:
        stop_demo(process)
    assert (home / "kept").exists()
    for _ in range(50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(url.rstrip("/").rpartition(":")[2]))):
                return
        time.sleep(0.1)
    pytest.fail(f"{url} still answers after the demo was stopped.")
