"""The limited process that reads one file of geometry; started by `gis_sandbox`, never imported.

Arguments: the folder of the sources, and a folder with `ask.json`. Left in the folder: `answer.json`, with what is
known of the file or why it is refused. Rows go to stdout as an Arrow stream. Runs without Django, without a database
and with nothing in its environment but what keeps GDAL to its drivers.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

MARGIN_MB = 64  # the archive's own limit speaks before the system's does


def main() -> int:
    source, folder = sys.argv[1], Path(sys.argv[2])
    sys.path.insert(0, source)
    from soildesk.core.sandbox_child import limit_self, without_frames

    ask = json.loads((folder / "ask.json").read_text("utf-8"))
    limit_self(ask["cpu_seconds"], ask["memory_mb"], ask["output_mb"] + MARGIN_MB)
    without_frames()
    from soilrules.gisfiles import UnreadableGis
    from soilrules.gisfiles.wire import refusal_to_wire

    try:
        about = {} if ask["what"] == "read" else looked_at(ask)
        answer = about if ask["what"] == "inspect" else read(ask, about)
    except UnreadableGis as error:
        answer = {"refused": refusal_to_wire(error)}
    (folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    return 0


def looked_at(ask: dict[str, Any]) -> dict[str, Any]:
    """What is known of the file."""
    from soilrules.gisfiles import inspect
    from soilrules.gisfiles.wire import options_from_wire, source_to_wire

    return {"source": source_to_wire(inspect(Path(ask["path"]), ask["name"], options_from_wire(ask["options"])))}


def read(ask: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    """Send what is known of the file, where it was looked at, and the rows to stdout; how many there were."""
    import pyarrow as pa

    from soilrules.gisfiles import batches
    from soilrules.gisfiles.wire import options_from_wire

    count, writer = 0, None
    for batch in batches(Path(ask["path"]), ask["name"], options_from_wire(ask["options"]), ask["rows"]):
        told = batch.schema.with_metadata({key: json.dumps(value) for key, value in about.items()} or None)
        writer = writer or pa.ipc.new_stream(sys.stdout.buffer, told)
        writer.write_batch(batch)
        sys.stdout.buffer.flush()
        count += batch.num_rows
    if writer:
        writer.close()
    sys.stdout.buffer.flush()
    return {"rows": count}


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # everything is written; threads of the readers need not be waited for
