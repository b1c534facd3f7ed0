"""The limited process that reads one uploaded file; started by `sandbox.parse_in_child`, never imported.

Arguments: the folder that holds soilrules, what to read (document or sheets), the file's name, and the limits (CPU seconds, memory and
output in MB, size in MB). The file comes by stdin, the answer goes to stdout as JSON. Runs without Django.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    source, what, filename, cpu_seconds, memory_mb, output_mb, limit_mb = sys.argv[1:]
    data = sys.stdin.buffer.read()
    limit_self(int(cpu_seconds), int(memory_mb), int(output_mb))
    sys.path.insert(0, source)
    from soilrules.plantext.formats import UnreadableFile, load, load_sheets
    from soilrules.plantext.formats.wire import sheets_to_wire, to_wire

    try:
        if what == "sheets":
            answer = {what: sheets_to_wire(load_sheets(data, filename, limit_mb=int(limit_mb)))}
        else:
            answer = {"document": to_wire(load(data, filename, limit_mb=int(limit_mb)))}
    except UnreadableFile as error:
        answer = {"unreadable": error.message_id, "params": error.params}
    except MemoryError:
        answer = {
            "unreadable": "formats.too_much_memory",
            "params": {"filename": filename, "memory_mb": int(memory_mb)},
        }
    try:
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))
        sys.stdout.flush()
    except OSError:  # the output file reached its limit
        return 3
    return 0


def limit_self(cpu_seconds: int, memory_mb: int, output_mb: int) -> None:
    """Lower this process's own limits for good; Windows has none of them, there the parent's clock is all."""
    try:
        import resource
    except ImportError:
        return
    mb = 1024 * 1024
    limits = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: memory_mb * mb,
        resource.RLIMIT_FSIZE: output_mb * mb,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        hard = resource.getrlimit(kind)[1]
        lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (lowest, lowest))


class NoFrames:
    """Finds no pandas: pyarrow and pyogrio load it where it is installed, longer than most files take, and none of us asks for it.

    Nothing under its name in `sys.modules` will not do: pyarrow asks what it finds there for its version.
    """

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """Refused as if it were not installed."""
        if name in ("pandas", "geopandas"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def without_frames() -> None:
    """Of the libraries to come only what reads: before any of them is imported."""
    sys.meta_path.insert(0, NoFrames)  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
