"""Files of geometry are untrusted: they are read in a child process with limits on CPU, memory and output.

The child (gis_child.py) has GDAL with four drivers and without a network, and knows no Django. What it reads comes
back batch by batch, so that a file of ten million rows needs no more memory here than one batch.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from soildesk.core import sandbox
from soildesk.core.sandbox import MB, Limits
from soilrules.gisfiles import Options, Source, UnreadableGis
from soilrules.gisfiles.wire import options_to_wire, refusal_from_wire, source_from_wire

CHILD = Path(__file__).with_name("gis_child.py")
ROWS = 20_000
PAGE_FILE_MB = 512
COMMAND_FILE_MB = 200_000


def page_limits(size_bytes: int) -> Limits:
    """What the reading of an uploaded file of this size may cost."""
    mb = size_bytes // MB
    return Limits(cpu_seconds=60 + 3 * mb, memory_mb=4096, output_mb=512 + 20 * mb, file_mb=PAGE_FILE_MB)


def command_limits(size_bytes: int) -> Limits:
    """What the reading of a file may cost that an officer of this computer reads by a command."""
    mb = size_bytes // MB
    return Limits(cpu_seconds=1800 + 10 * mb, memory_mb=12_288, output_mb=4096 + 100 * mb, file_mb=COMMAND_FILE_MB)


def size_of(path: Path) -> int:
    """Bytes of a file, or of the files in a folder."""
    if path.is_dir():
        return sum(one.stat().st_size for one in path.iterdir() if one.is_file())
    return path.stat().st_size if path.is_file() else 0


def inspect_in_child(path: Path, name: str, options: Options | None = None, limits: Limits | None = None) -> Source:
    """`soilrules.gisfiles.inspect` in a limited process. Raises UnreadableGis, also when a limit is reached."""
    reading = _Reading(path, name, options or Options(), limits or page_limits(size_of(path)))
    with reading.child("inspect") as child:
        with reading.watched(child):
            child.wait()
        found = reading.answer(child)
    return source_from_wire(found["source"])


def read_in_child(
    path: Path, name: str, options: Options | None = None, limits: Limits | None = None, *, rows: int = ROWS
) -> Iterator[pa.RecordBatch]:
    """`soilrules.gisfiles.batches` in a limited process. Raises UnreadableGis, also when a limit is reached.

    What came before the trouble has been handed on: write it where it can be taken back.
    """
    yield from _rows_of(_Reading(path, name, options or Options(), limits or page_limits(size_of(path))), "read", rows)


def look_in_child(
    path: Path, name: str, options: Options, limits: Limits, *, rows: int = ROWS
) -> tuple[Source, pa.RecordBatch, Iterator[pa.RecordBatch]]:
    """`inspect_in_child` and `read_in_child` by one process: what is known of the file, its first rows, the others."""
    others = _rows_of(_Reading(path, name, options, limits), "look", rows)
    first = next(others, None)
    if first is None:
        raise UnreadableGis("empty_layer", name=name, layer=options.layer)
    return source_from_wire(json.loads(first.schema.metadata[b"source"])), first, others


def _rows_of(reading: _Reading, what: str, rows: int) -> Iterator[pa.RecordBatch]:
    with reading.child(what, rows) as child:
        yield from reading.batches(child)
        reading.answer(child)


@dataclass
class _Reading:
    path: Path
    name: str
    options: Options
    limits: Limits
    folder: Path = field(default_factory=Path)
    errors: Any = None
    stopped: bool = False

    @contextmanager
    def child(self, what: str, rows: int = ROWS) -> Iterator[subprocess.Popen[bytes]]:
        """The process at work, ended when it is no longer wanted."""
        with tempfile.TemporaryDirectory(prefix="gis") as folder, tempfile.TemporaryFile() as self.errors:
            self.folder = Path(folder)
            (self.folder / "ask.json").write_text(json.dumps(self._ask(what, rows), ensure_ascii=False), "utf-8")
            child = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", str(CHILD), sandbox.SOURCE, folder],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                cwd=folder,
                env=_environment() | {"TMPDIR": folder, "TEMP": folder},
                start_new_session=True,
            )
            try:
                yield child
            finally:
                if child.poll() is None:
                    child.kill()
                child.wait()
                _stream(child).close()

    def _ask(self, what: str, rows: int) -> dict[str, Any]:
        limits = replace(self.options.limits, file_mb=self.limits.file_mb, inflated_mb=self.limits.output_mb)
        return {
            "what": what,
            "path": str(self.path.resolve()),
            "name": self.name,
            "rows": rows,
            "options": options_to_wire(replace(self.options, limits=limits)),
            "cpu_seconds": self.limits.cpu_seconds,
            "memory_mb": self.limits.memory_mb,
            "output_mb": self.limits.output_mb,
        }

    def batches(self, child: subprocess.Popen[bytes]) -> Iterator[pa.RecordBatch]:
        """What comes through the pipe, as long as the child is well and within its output."""
        try:
            with self.watched(child):
                stream = pa.ipc.open_stream(_stream(child))
            given = 0
            while True:
                with self.watched(child):
                    batch = stream.read_next_batch()
                given += batch.nbytes
                if given > self.limits.output_mb * MB:
                    raise UnreadableGis("too_much_output", name=self.name, output_mb=self.limits.output_mb)
                yield batch
        except (StopIteration, pa.ArrowInvalid, OSError):  # the end, or a child that ended: it is asked which
            with self.watched(child):
                child.wait()

    @contextmanager
    def watched(self, child: subprocess.Popen[bytes]) -> Iterator[None]:
        """Kill a child that keeps us waiting too long by the clock. Our own work between batches does not count."""

        def stop() -> None:
            self.stopped = True
            child.kill()

        timer = threading.Timer(self.limits.cpu_seconds * sandbox.WAITING, stop)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def answer(self, child: subprocess.Popen[bytes]) -> dict[str, Any]:
        """What the child leaves; its breakdown or refusal is raised."""
        code = sandbox.TOO_SLOW if self.stopped else child.returncode
        if code != 0:
            raise self._breakdown(code, sandbox.tail(self.errors))
        found: dict[str, Any] = json.loads((self.folder / "answer.json").read_text("utf-8"))
        if "refused" in found:
            raise refusal_from_wire(found["refused"])
        return found

    def _breakdown(self, code: int, said: str) -> UnreadableGis:
        """The sentence for a child that ended by `code` (negative: a signal)."""
        sandbox.log.warning("the process that read geometry ended with %s: %s", code, said)
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return UnreadableGis("too_slow", name=self.name, seconds=self.limits.cpu_seconds)
        if code == -signal.SIGXFSZ or "File too large" in said:
            return UnreadableGis("too_much_output", name=self.name, output_mb=self.limits.output_mb)
        if any(word in said for word in ("MemoryError", "memory allocation", "bad_alloc", "malloc", "out of memory")):
            return UnreadableGis("too_much_memory", name=self.name, memory_mb=self.limits.memory_mb)
        detail = f"code {code}" if code > 0 else signal.Signals(-code).name
        return UnreadableGis("reader_failed", name=self.name, detail=detail)


def _stream(child: subprocess.Popen[bytes]) -> IO[bytes]:
    assert child.stdout is not None
    return child.stdout


@cache
def _environment() -> dict[str, str]:
    from soilrules.gisfiles import gdal

    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return {"LANG": "C.UTF-8", "ARROW_DEFAULT_MEMORY_POOL": "system", **threads, **gdal.environment()}
