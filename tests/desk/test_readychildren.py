"""The children of the tests are children as in use: a process of their own, that says what it reads or why it ended."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from readychildren import CHILDREN, Mother
from soildesk.core import gis_sandbox, sandbox
from soildesk.kit.letters import running
from soildesk.monitoring import reading
from soildesk.standards import judging
from soilrules.plantext.formats import UnreadableFile

CASES = Path(__file__).parents[1] / "cases" / "formats"


def test_every_child_of_the_desk_is_ready() -> None:
    assert set(CHILDREN) == {str(room.CHILD) for room in (sandbox, gis_sandbox, running, reading, judging)}


def test_it_reads_and_refuses_as_a_new_one(mother: Mother, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> list[object]:
        with pytest.raises(UnreadableFile) as caught:
            sandbox.parse_in_child((CASES / "scanned.pdf").read_bytes(), "扫描件.pdf")
        with pytest.raises(UnreadableFile) as full:
            sandbox.parse_in_child((CASES / "task_table.doc").read_bytes(), "task_table.doc", output_mb=0)
        read = sandbox.parse_in_child((CASES / "task_table.doc").read_bytes(), "task_table.doc")
        return [caught.value.message_id, caught.value.params, full.value.message_id, read]

    ready = told()
    assert mother.process is not None
    monkeypatch.setattr(subprocess, "Popen", subprocess.Popen.__mro__[1])
    assert told() == ready


def test_one_that_is_killed_is_waited_for_and_told(mother: Mother) -> None:
    with tempfile.TemporaryFile() as said:
        command = [
            sys.executable,
            "-I",
            "-X",
            "utf8",
            str(sandbox.CHILD),
            sandbox.SOURCE,
            *["document", "a", "9", "900", "9", "9"],
        ]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said, cwd="/", env={})
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.05)
        child.kill()
        assert child.wait(20) == child.poll() == -9
        assert child.stdin is not None
        child.stdin.close()
