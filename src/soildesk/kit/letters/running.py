"""Fill a template or a form in a limited child process: CPU, memory and output bounded, no Django, no network."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import sandbox
from soildesk.core.errors import Refusal
from soildesk.core.sandbox import MB, Limits
from soildesk.kit.languages import language
from soildesk.kit.letters.refused import Refused
from soilrules.plantext.formats import UnreadableFile

CHILD = Path(__file__).with_name("child.py")
LIMITS = Limits(cpu_seconds=20, memory_mb=1024, output_mb=32, file_mb=10)


class LetterRefused(Refusal):
    """A template or form that is not filled.

    Codes: kit.letter.active, .external, .field, .syntax, .forbidden, .unknown, .broken, .unreadable, .ending, .cell, .version.
    """

    code = "kit.letter.refused"


def render(data: bytes, name: str, given: dict[str, Any], limits: Limits = LIMITS) -> bytes:
    """A Word template filled with plain dicts, lists and strings."""
    return _Work("render", name, data, limits).made(given)


def cells(data: bytes, name: str, limits: Limits = LIMITS) -> list[dict[str, Any]]:
    """The sheets (or tables) of a blank form, each with its cells."""
    found: list[dict[str, Any]] = _Work("cells", name, data, limits).answer({})["cells"]
    return found


def fill(data: bytes, name: str, given: dict[str, Any], limits: Limits = LIMITS) -> bytes:
    """A blank form with values written into cells: {"cells": {place: value}}; styles and merged cells stay."""
    return _Work("fill", name, data, limits).made(given)


@dataclass(frozen=True)
class _Work:
    what: str
    name: str
    data: bytes
    limits: Limits

    def made(self, given: dict[str, Any]) -> bytes:
        return self._run(given)[1]

    def answer(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._run(given)[0]

    def _run(self, given: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if len(self.data) > self.limits.file_mb * MB:
            size = f"{len(self.data) / MB:.1f}"
            raise _unreadable(
                UnreadableFile("formats.too_large", filename=self.name, size_mb=size, limit_mb=self.limits.file_mb)
            )
        with tempfile.TemporaryDirectory(prefix="letter") as folder, tempfile.TemporaryFile() as errors:
            code = self._start(Path(folder), given, errors)
            if code:
                raise _unreadable(sandbox.breakdown(code, self.name, self.limits, sandbox.tail(errors)))
            answer = json.loads((Path(folder) / "answer.json").read_text("utf-8"))
            if "refused" in answer:
                raise _refusal(Refused(answer["refused"], **answer["params"]))
            if "unreadable" in answer:
                raise _unreadable(UnreadableFile(answer["unreadable"], **answer["params"]))
            made = Path(folder) / "made"
            return answer, made.read_bytes() if made.exists() else b""

    def _start(self, folder: Path, given: dict[str, Any], errors: Any) -> int:
        ask = {
            "what": self.what,
            "name": self.name,
            "given": given,
            "cpu_seconds": self.limits.cpu_seconds,
            "memory_mb": self.limits.memory_mb,
            "output_mb": self.limits.output_mb,
        }
        (folder / "ask.json").write_text(json.dumps(ask, ensure_ascii=False), "utf-8")
        (folder / "file").write_bytes(self.data)
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-X", "utf8", str(CHILD), sandbox.SOURCE, str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={"LANG": "C.UTF-8", "TMPDIR": str(folder), "OPENBLAS_NUM_THREADS": "1"},
                cwd=folder,
                timeout=self.limits.cpu_seconds * sandbox.WAITING,
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return sandbox.TOO_SLOW
        return done.returncode


def _unreadable(error: UnreadableFile) -> LetterRefused:
    return LetterRefused(error.sentence(language()), code="kit.letter.unreadable")


def _refusal(refused: Refused) -> LetterRefused:
    return LetterRefused(_sentences()[refused.code] % refused.params, code=f"kit.letter.{refused.code}")


def _sentences() -> dict[str, str]:
    return {
        "active": _(
            "“%(name)s”里有宏、嵌入对象或嵌入文件（%(part)s），不能使用：请在 Office 中删除后另存为不带宏的文件。"
        ),
        "external": _("“%(name)s”引用了外部文件或网址“%(target)s”，不能使用：请断开链接（含外部模板）后另存。"),
        "field": _(
            "“%(name)s”里有会读取其他文件或运行程序的域 %(field)s，不能使用：请按 Ctrl+Shift+F9 取消该域后另存。"
        ),
        "syntax": _("“%(name)s”的占位符写法有误（%(detail)s）%(near)s：请核对大括号是否成对、循环是否结束。"),
        "forbidden": _("“%(name)s”的占位符要求的内容不允许使用（%(detail)s）：只能使用字段说明页列出的字段。"),
        "unknown": _("“%(name)s”使用了没有的字段（%(detail)s）：请对照字段说明页改正名称。"),
        "broken": _("“%(name)s”不能填写（%(detail)s）：只能使用字段、循环和条件，不能引用其他文件或调用函数。"),
        "ending": _("“%(name)s”不是可以填写的文件：请上传 .docx 或 .xlsx 文件。"),
        "cell": _("“%(name)s”里没有单元格 %(cell)s：请重新对应字段。"),
    }
