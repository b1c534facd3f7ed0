"""The limited process that fills one uploaded template or form; started by `running`, never imported.

Arguments: the folder of the sources, and a folder with `ask.json` and the file. Left there: `answer.json`, and `made` where a
file was made. Runs without Django, without a database, and refuses sockets and further processes.
"""

from __future__ import annotations

import errno
import json
import sys
from pathlib import Path

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "ctypes.dlopen")


def main() -> int:
    source, folder = sys.argv[1], Path(sys.argv[2])
    sys.path.insert(0, source)
    from soildesk.core.sandbox_child import limit_self

    ask = json.loads((folder / "ask.json").read_text("utf-8"))
    from soildesk.kit.letters import blanks, rendering
    from soildesk.kit.letters.refused import Refused
    from soilrules.plantext.formats import UnreadableFile

    limit_self(ask["cpu_seconds"], ask["memory_mb"], ask["output_mb"])
    sys.addaudithook(refuse)
    data = (folder / "file").read_bytes()
    try:
        if ask["what"] == "cells":
            answer = {"cells": blanks.cells(data, ask["name"])}
        else:
            made = (rendering.render if ask["what"] == "render" else blanks.fill)(data, ask["name"], ask["given"])
            (folder / "made").write_bytes(made)
            answer = {"made": len(made)}
    except Refused as refused:
        answer = {"refused": refused.code, "params": refused.params}
    except UnreadableFile as error:
        answer = {"unreadable": error.message_id, "params": error.params}
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        return 3  # the file made reached its limit
    (folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    return 0


def refuse(event: str, _arguments: object) -> None:
    """Nothing that fills a form speaks to anybody or starts anything."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"{event} is refused while a file is filled")


if __name__ == "__main__":
    sys.exit(main())
