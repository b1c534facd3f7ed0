"""Has a table read and judged in a limited child process: what people upload is never parsed in here."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from soildesk.core import sandbox
from soildesk.core.errors import Refusal
from soilrules.plantext.formats import UnreadableFile

CHILD = Path(__file__).with_name("judging_child.py")
MOST_ROWS = 200_000
"""Results of one table on the desk; longer ones are judged by `soildesk evaluate`."""
LIMITS = sandbox.Limits(cpu_seconds=240, memory_mb=3072, output_mb=128, file_mb=50)
AT_ONCE = replace(LIMITS, cpu_seconds=10)
"""What a table may cost while its page waits."""
POLL_SECONDS = 0.2
Step = Callable[[int], None]


class TableRefused(Refusal):
    """The table cannot be read or judged; `sentences` say why in each language."""

    code = "standards.table.refused"

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(sentences["zh"])
        self.sentences = dict(sentences)


class TooSlow(TableRefused):
    """The table takes longer than its limit."""

    code = "standards.table.too_slow"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it came: its bytes, its name, and the choices it is to be judged by (soildesk.standards.choices)."""

    data: bytes
    name: str
    choices: Mapping[str, Any]
    editions: Sequence[Mapping[str, Any]] = field(default=())  # of places, as the loader reads them


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a table: the summary in each language and the judged rows as a parquet file."""

    result: dict[str, Any]
    rows: bytes


def judge(table: Table, *, step: Step | None = None, limits: sandbox.Limits = LIMITS) -> Judged:
    """Read and judge a table in a child process. `step` is told how many rows are judged.

    Raises TableRefused: TooSlow where the table takes longer than the limit.
    """
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
        folder = Path(name)
        (folder / "ask.json").write_text(json.dumps(_ask(table, limits), ensure_ascii=False), "utf-8")
        given.write(table.data)
        given.seek(0)
        command = [sys.executable, "-I", "-X", "utf8", str(CHILD), sandbox.SOURCE, name]
        child = subprocess.Popen(
            command,
            stdin=given,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=name,
            env={"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        try:
            code = _wait(child, folder, step, limits.cpu_seconds * sandbox.WAITING)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        if code != 0:
            raise _refused(sandbox.breakdown(code, table.name, limits, sandbox.tail(errors)), table.name)
        return _answer(folder)


def _ask(table: Table, limits: sandbox.Limits) -> dict[str, Any]:
    return {
        "name": table.name,
        "choices": dict(table.choices),
        "editions": [dict(one) for one in table.editions],
        "most_rows": MOST_ROWS,
        "cpu_seconds": limits.cpu_seconds,
        "memory_mb": limits.memory_mb,
        "output_mb": limits.output_mb,
    }


def _wait(child: subprocess.Popen[bytes], folder: Path, step: Step | None, seconds: float) -> int:
    """The child's exit code; its progress is handed on meanwhile."""
    until, told = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        try:
            return child.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            done = _progress(folder)
        if step and done != told:
            told = done
            step(done)
    return sandbox.TOO_SLOW


def _progress(folder: Path) -> int:
    try:
        return int((folder / "progress").read_text("ascii") or 0)
    except (OSError, ValueError):
        return 0


def _answer(folder: Path) -> Judged:
    result = json.loads((folder / "result.json").read_text("utf-8"))
    if "refused" in result:
        raise TableRefused(result["refused"])
    if "too_long" in result:
        raise TableRefused(_too_long())
    return Judged(result, (folder / "rows.parquet").read_bytes())


def _too_long() -> dict[str, str]:
    most = f"{MOST_ROWS:,}"
    return {
        "zh": f"表中的结果超过 {most} 个，网页上不判这么大的表。请在装有净土台的电脑上用命令判定：soildesk evaluate 文件名 --out 报告.xlsx。",
        "en": f"The table holds more than {most} results, too many for a page. Judge it by the command: soildesk evaluate FILE --out REPORT.xlsx.",
    }


def _refused(error: UnreadableFile, name: str) -> TableRefused:
    """A child that reached a limit or broke down, in words about tables."""
    if error.message_id in ("formats.too_slow", "formats.too_much_memory", "formats.too_much_output"):
        kind = TooSlow if error.message_id == "formats.too_slow" else TableRefused
        return kind(
            {
                "zh": f"“{name}”太大，网页上判不完，没有保存任何内容。请拆分后再试，或用命令判定：soildesk evaluate 文件名 --out 报告.xlsx。",
                "en": f"“{name}” is too much for a page; nothing was kept. Split it, or judge it by the command: soildesk evaluate FILE --out REPORT.xlsx.",
            }
        )
    return TableRefused(
        {
            "zh": f"读取“{name}”时读取程序意外中止，没有保存任何内容。请用 Excel 或 WPS 打开后另存为 xlsx 再试；仍不行，请把文件交给系统管理员。",
            "en": f"The reading process broke down on “{name}”; nothing was kept. Open it in Excel or WPS, save it as xlsx and try again; else give the file to the administrator.",
        }
    )


def too_large(name: str, size: int) -> TableRefused:
    """The refusal of a file larger than the desk takes."""
    mb, limit = size // sandbox.MB, LIMITS.file_mb
    return TableRefused(
        {
            "zh": f"“{name}”有 {mb} MB，超过 {limit} MB 的上限。请拆分后再试，或用命令判定：soildesk evaluate 文件名 --out 报告.xlsx。",
            "en": f"“{name}” has {mb} MB, more than {limit} MB. Split it, or judge it by the command: soildesk evaluate FILE --out REPORT.xlsx.",
        }
    )
