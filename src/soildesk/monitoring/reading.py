"""Has a laboratory's file read and checked in a limited child process: what people send is never parsed in here.

What comes back are the findings and the results as a parquet file, already in the desk's words (ROWS).
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from soildesk.core import sandbox
from soildesk.core.errors import Refusal
from soildesk.core.sandbox import MB, Limits
from soilrules.plantext.formats import UnreadableFile

CHILD = Path(__file__).with_name("reading_child.py")
PAGE_FILE_MB = 50
COMMAND_FILE_MB = 4_096
POLL_SECONDS = 0.1
Step = Callable[[int], None]
NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
LITTLE = MB
"""Free bytes below which a disk counts as full."""


class FileRefused(Refusal):
    """The file cannot be read as results at all; `sentences` say why in each language.

    Codes: monitoring.file.refused, .too_much, .broken, .too_large.
    """

    code = "monitoring.file.refused"

    def __init__(self, sentences: dict[str, str], code: str = "") -> None:
        super().__init__(sentences["zh"], code=code)
        self.sentences = sentences


class NoSpace(Refusal):
    """The disk is full: nothing is lost, and the same file goes on where it stopped."""

    code = "monitoring.batch.no_space"


@dataclass(frozen=True, slots=True)
class Ask:
    """What the child is told: the day it counts from, and the sample codes of the campaign (None: of no campaign)."""

    on: date
    samples: Sequence[str] | None = None
    rows: bool = True  # whether the results are wanted, or the findings alone
    most: int = 2_000  # findings of one rule that are kept; all are counted


@dataclass(frozen=True)
class Found:
    """What the child found: the file as understood, its findings, and where the results stand."""

    told: dict[str, Any]
    rows: Path

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings kept: row, column, rule, severity, zh, en."""
        found: list[dict[str, Any]] = self.told["findings"]
        return found

    def batches(self, size: int, skip: int = 0) -> Iterator[pa.RecordBatch]:
        """The results in pieces of at most `size`, without the first `skip`."""
        passed = 0
        with parquet.ParquetFile(self.rows) as file:
            for batch in file.iter_batches(batch_size=size):
                start = min(max(skip - passed, 0), batch.num_rows)
                passed += batch.num_rows
                if start < batch.num_rows:
                    yield batch.slice(start)


def page_limits(path: Path) -> Limits:
    """What reading a file brought to a page may cost."""
    mb = path.stat().st_size // MB
    return Limits(cpu_seconds=120 + 4 * mb, memory_mb=3072, output_mb=512 + 20 * mb, file_mb=PAGE_FILE_MB)


def command_limits(path: Path) -> Limits:
    """What reading a file may cost that an officer of this computer brings by a command."""
    mb = path.stat().st_size // MB
    return Limits(cpu_seconds=1800 + 10 * mb, memory_mb=6144, output_mb=2048 + 40 * mb, file_mb=COMMAND_FILE_MB)


@contextmanager
def read(path: Path, name: str, ask: Ask, limits: Limits | None = None, step: Step | None = None) -> Iterator[Found]:
    """Read and check a file; `step` is told how many results are read. Raises FileRefused or NoSpace."""
    reading = _Reading(path, name, limits or page_limits(path))
    with tempfile.TemporaryDirectory(prefix="lab") as folder, tempfile.TemporaryFile() as reading.errors:
        reading.folder = Path(folder)
        told = reading.run(ask, step)
        yield Found(told, reading.folder / "rows.parquet")


@dataclass
class _Reading:
    path: Path
    name: str
    limits: Limits
    folder: Path = field(default_factory=Path)
    errors: Any = None

    def run(self, ask: Ask, step: Step | None) -> dict[str, Any]:
        if self.path.stat().st_size > self.limits.file_mb * MB:
            raise too_large(self.name, self.path.stat().st_size, self.limits.file_mb)
        try:
            (self.folder / "ask.json").write_text(json.dumps(self._ask(ask), ensure_ascii=False), "utf-8")
        except OSError as error:
            raise (no_space() if error.errno in NO_SPACE else error) from error
        child = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", str(CHILD), sandbox.SOURCE, str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.errors,
            cwd=self.folder,
            env=_environment(str(self.folder)),
            start_new_session=True,
        )
        try:
            code = self._wait(child, step)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        return self._answer(code)

    def _ask(self, ask: Ask) -> dict[str, Any]:
        return {
            "path": str(self.path.resolve()), "name": self.name, "on": ask.on.isoformat(), "rows": ask.rows, "most": ask.most,
            "samples": None if ask.samples is None else list(ask.samples), "cpu_seconds": self.limits.cpu_seconds,
            "memory_mb": self.limits.memory_mb, "output_mb": self.limits.output_mb,
        }  # fmt: skip

    def _wait(self, child: subprocess.Popen[bytes], step: Step | None) -> int:
        """The child's exit code; its progress is handed on meanwhile."""
        until = time.monotonic() + self.limits.cpu_seconds * sandbox.WAITING
        while time.monotonic() < until:
            try:
                return child.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                if step:
                    step(self._progress())
        return sandbox.TOO_SLOW

    def _progress(self) -> int:
        try:
            return int((self.folder / "progress").read_text("ascii") or 0)
        except (OSError, ValueError):
            return 0

    def _answer(self, code: int) -> dict[str, Any]:
        said = sandbox.tail(self.errors)
        if os.strerror(errno.ENOSPC) in said or (code != 0 and self._is_full()):
            raise no_space()
        if code != 0:
            raise _broken(sandbox.breakdown(code, self.name, self.limits, said), self.name)
        told: dict[str, Any] = json.loads((self.folder / "result.json").read_text("utf-8"))
        if "refused" in told:
            raise FileRefused(told["refused"])
        return told

    def _is_full(self) -> bool:
        """Whether there is no room left for what the child writes: then there was none for its last words either."""
        return shutil.disk_usage(self.folder).free < LITTLE


def _environment(folder: str) -> dict[str, str]:
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return {"LANG": "C.UTF-8", "ARROW_DEFAULT_MEMORY_POOL": "system", "TMPDIR": folder, "TEMP": folder, **threads}


def too_large(name: str, size: int, limit_mb: int) -> FileRefused:
    """The refusal of a file larger than may be brought this way."""
    mb = size // MB
    return FileRefused(
        {
            "zh": f"“{name}”有 {mb} MB，超过 {limit_mb} MB 的上限。请按样品分成几个文件，或在装有净土台的电脑上用命令导入：soildesk results import。",
            "en": f"“{name}” has {mb} MB, more than {limit_mb} MB. Split it by samples, or import it by the command: soildesk results import.",
        },
        code="monitoring.file.too_large",
    )


def _broken(error: UnreadableFile, name: str) -> FileRefused:
    """A child that reached a limit or broke down, in words about files of results."""
    if error.message_id in ("formats.too_slow", "formats.too_much_memory", "formats.too_much_output"):
        return FileRefused(
            {
                "zh": f"“{name}”太大或展开后太大，读不完，没有保存任何内容。请按样品分成几个文件再送，或用命令导入：soildesk results import。",
                "en": f"“{name}” is too much to be read; nothing was kept. Split it by samples, or import it by the command: soildesk results import.",
            },
            code="monitoring.file.too_much",
        )
    return FileRefused(
        {
            "zh": f"读取“{name}”时读取程序意外中止，没有保存任何内容。请用 Excel 或 WPS 打开后另存为 xlsx 再试；仍不行，请把文件交给系统管理员。",
            "en": f"The reading process broke down on “{name}”; nothing was kept. Open it in Excel or WPS, save it as xlsx and try again; else give the file to the administrator.",
        },
        code="monitoring.file.broken",
    )


def no_space() -> NoSpace:
    """The refusal where the disk is full."""
    from django.conf import settings
    from django.utils.translation import gettext as _

    if not settings.configured:  # the check of a file needs no desk
        return NoSpace("磁盘空间不足，检查没有做完，没有写入任何内容。请清理临时文件夹所在的磁盘后再检查。")
    return NoSpace(
        _(
            "磁盘空间不足，已停止读入；没有结果被接收，已有数据没有变化。请清理磁盘后重新报送同一个文件：会从停下的地方继续。"
        )
    )
