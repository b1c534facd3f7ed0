"""A laboratory's file checked before it is sent: nothing is kept, and nothing of the desk's own is compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from soildesk.core.permissions import Actor, require
from soildesk.monitoring import reading
from soildesk.monitoring.reading import Ask

PERMISSION = "monitoring.check_file"
MOST_MB = 10
"""Megabytes of a file that is checked while somebody waits."""


def check(path: Path, name: str, *, by: Actor, on: date) -> dict[str, Any]:
    """What is wrong with a file. Raises reading.FileRefused where it is none."""
    require(by, PERMISSION)
    if path.stat().st_size > MOST_MB * reading.MB:
        raise reading.too_large(name, path.stat().st_size, MOST_MB)
    with reading.read(path, name, Ask(on, rows=False)) as found:
        told = found.told
    return {
        "rows": told["summary"]["results"], "samples": told["summary"]["samples"], "errors": told["errors"],
        "warnings": told["warnings"], "findings": told["findings"], "summary": told["summary"],
        "quality": len(told["quality"]),
    }  # fmt: skip
