"""Uploads are untrusted: they are parsed in a child process with limits on CPU, memory and output.

The child (sandbox_child.py) knows soilrules only: no Django, no settings, no database, an empty
environment. The file goes in by stdin, JSON comes back. What kills the child becomes a sentence.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import soilrules
from soilrules.plantext.document import Document
from soilrules.plantext.formats import SIZE_LIMIT_MB, Sheet, UnreadableFile
from soilrules.plantext.formats.wire import from_wire, sheets_from_wire

T = TypeVar("T")
CHILD = Path(__file__).with_name("sandbox_child.py")
SOURCE = str(Path(soilrules.__file__).parents[1])
MB = 1024 * 1024
OUTPUT_FULL = 3  # the child's exit code
TOO_SLOW = -signal.SIGXCPU
WAITING = 3  # times the CPU limit that a busy machine may take by the clock
ERROR_TAIL = 2000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What one reading may cost."""

    cpu_seconds: int = 30
    memory_mb: int = 1024
    output_mb: int = 64
    file_mb: int = SIZE_LIMIT_MB


def parse_in_child(
    data: bytes,
    filename: str,
    *,
    cpu_seconds: int = 30,
    memory_mb: int = 1024,
    output_mb: int = 64,
    file_mb: int = SIZE_LIMIT_MB,
) -> Document:
    """Read an uploaded file in a limited child process.

    Limits are CPU seconds and MB; by the clock a reading may take three times its CPU seconds.
    Raises UnreadableFile, also when a limit is reached or the reader breaks down.
    """
    limits = Limits(cpu_seconds, memory_mb, output_mb, file_mb)
    return _in_child("document", data, filename, limits, from_wire)


def sheets_in_child(data: bytes, filename: str, limits: Limits | None = None) -> tuple[Sheet, ...]:
    """The sheets of an uploaded workbook (or the tables of another file), read like `parse_in_child`."""
    return _in_child("sheets", data, filename, limits or Limits(), sheets_from_wire)


def _in_child(what: str, data: bytes, filename: str, limits: Limits, unpack: Callable[[Any], T]) -> T:
    if len(data) > limits.file_mb * MB:  # not worth a process
        size = f"{len(data) / MB:.1f}"
        raise UnreadableFile("formats.too_large", filename=filename, size_mb=size, limit_mb=limits.file_mb)
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as errors:
        code = _run([what, filename.replace("\0", "")], data, limits, answer, errors)
        if code != 0:
            raise breakdown(code, filename, limits, tail(errors))
        answer.seek(0)
        return _unpacked(answer.read(limits.output_mb * MB + 1), filename, lambda found: unpack(found[what]))


def _run(task: list[str], data: bytes, limits: Limits, answer: IO[bytes], errors: IO[bytes]) -> int:
    numbers = (limits.cpu_seconds, limits.memory_mb, limits.output_mb, limits.file_mb)
    command = [sys.executable, "-I", "-X", "utf8", str(CHILD), SOURCE, *task, *map(str, numbers)]
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=answer,
            stderr=errors,
            env={"LANG": "C.UTF-8"},
            cwd=tempfile.gettempdir(),
            timeout=limits.cpu_seconds * WAITING,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TOO_SLOW
    return done.returncode


def breakdown(code: int, filename: str, limits: Limits, said: str) -> UnreadableFile:
    """The sentence for a child that ended by `code` (negative: a signal)."""
    log.warning("the reading process ended with %s: %s", code, said)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return UnreadableFile("formats.too_slow", filename=filename, seconds=limits.cpu_seconds)
    if code in (OUTPUT_FULL, -signal.SIGXFSZ):
        return UnreadableFile("formats.too_much_output", filename=filename, output_mb=limits.output_mb)
    if "MemoryError" in said or "memory allocation" in said or "bad_alloc" in said:
        return UnreadableFile("formats.too_much_memory", filename=filename, memory_mb=limits.memory_mb)
    detail = f"code {code}" if code > 0 else signal.Signals(-code).name
    return UnreadableFile("formats.reader_failed", filename=filename, detail=detail)


def tail(errors: IO[bytes]) -> str:
    """The end of what a child said in its trouble."""
    end = errors.seek(0, 2)
    errors.seek(max(0, end - ERROR_TAIL))
    return errors.read().decode("utf-8", "replace")


def _unpacked(answer: bytes, filename: str, unpack: Callable[[Any], T]) -> T:
    try:
        found = json.loads(answer)
        if "unreadable" in found:
            raise UnreadableFile(found["unreadable"], **found["params"])
        return unpack(found)
    except UnreadableFile:
        raise
    except (ValueError, TypeError, KeyError) as error:  # a broken reader may answer anything
        detail = f"{type(error).__name__}: {error}"
        raise UnreadableFile("formats.reader_failed", filename=filename, detail=detail) from error
