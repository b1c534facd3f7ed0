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
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import soilrules
from soilrules.plantext.document import Document
from soilrules.plantext.formats import SIZE_LIMIT_MB, UnreadableFile
from soilrules.plantext.formats.wire import from_wire

CHILD = Path(__file__).with_name("sandbox_child.py")
SOURCE = str(Path(soilrules.__file__).parents[1])
MB = 1024 * 1024
OUTPUT_FULL = 3  # the child's exit code
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
    if len(data) > file_mb * MB:  # not worth a process
        raise UnreadableFile("formats.too_large", filename=filename, size_mb=f"{len(data) / MB:.1f}", limit_mb=file_mb)
    limits = Limits(cpu_seconds, memory_mb, output_mb, file_mb)
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as errors:
        code = _run(data, filename, limits, answer, errors)
        if code != 0:
            raise _breakdown(code, filename, limits, _tail(errors))
        answer.seek(0)
        return _document(answer.read(limits.output_mb * MB + 1), filename)


def _run(data: bytes, filename: str, limits: Limits, answer: IO[bytes], errors: IO[bytes]) -> int:
    numbers = (limits.cpu_seconds, limits.memory_mb, limits.output_mb, limits.file_mb)
    command = [sys.executable, "-I", "-X", "utf8", str(CHILD), SOURCE, filename.replace("\0", ""), *map(str, numbers)]
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
        return -signal.SIGXCPU
    return done.returncode


def _breakdown(code: int, filename: str, limits: Limits, said: str) -> UnreadableFile:
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


def _tail(errors: IO[bytes]) -> str:
    end = errors.seek(0, 2)
    errors.seek(max(0, end - ERROR_TAIL))
    return errors.read().decode("utf-8", "replace")


def _document(answer: bytes, filename: str) -> Document:
    try:
        found = json.loads(answer)
        if "unreadable" in found:
            raise UnreadableFile(found["unreadable"], **found["params"])
        return from_wire(found["document"])
    except UnreadableFile:
        raise
    except (ValueError, TypeError, KeyError) as error:  # a broken reader may answer anything
        detail = f"{type(error).__name__}: {error}"
        raise UnreadableFile("formats.reader_failed", filename=filename, detail=detail) from error
