"""A desk of its own in a folder, whose programs can be killed; each is a process forked from one that has started Django."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from readychildren import DeskChild, Mother

COMMAND = "import sys\nfrom soildesk.cli import main\nsys.exit(main(sys.argv[1:]))\n"


class KillableDesk:
    """Its programs are Python texts; the words behind them are those of a command."""

    def __init__(self, folder: Path, migrated: Path, world: str) -> None:
        self.folder = folder
        self.base = folder / "home" / "soildesk.sqlite3"
        self.base.parent.mkdir()
        shutil.copy(migrated, self.base)
        given = {"SOILDESK_HOME": str(folder / "home"), "SOILDESK_USER": "officer", "SOILDESK_TODAY": "2026-11-20"}
        self.environment = {**os.environ, **given, "DJANGO_SETTINGS_MODULE": "soildesk.settings"}
        self.environment.pop("SOILDESK_DATABASE_URL", None)
        self.mother = Mother(self.environment)
        self.child = type("Child", (DeskChild,), {"mother": self.mother})
        self.run(world)

    def start(self, program: str, *words: str, **variables: str) -> subprocess.Popen[bytes]:
        """A program under way."""
        script = self.folder / f"program{len(list(self.folder.glob('program*')))}.py"
        script.write_text(program, "utf-8")
        environment = {**self.environment, **variables}
        started: subprocess.Popen[bytes] = self.child(
            [str(script), *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        return started

    def run(self, program: str) -> None:
        """A program to its good end."""
        process = self.start(program)
        _out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()

    def ask(self, query: str) -> int:
        """The one number that the store answers."""
        with closing(sqlite3.connect(self.base, timeout=20)) as base:
            return int(base.execute(query).fetchone()[0])

    def kill(self, process: subprocess.Popen[bytes], when: str) -> None:
        """kill -9 as soon as a query says yes."""
        limit = time.monotonic() + 120
        while time.monotonic() < limit and process.poll() is None:
            if self.ask(when):
                os.kill(process.pid, signal.SIGKILL)
                assert process.wait() == -signal.SIGKILL
                for stream in (process.stdout, process.stderr):
                    assert stream is not None
                    stream.close()
                return
            time.sleep(0.01)
        raise AssertionError(f"the import was not caught in the middle: {process.communicate()}")
