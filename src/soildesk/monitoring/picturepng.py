"""Drawings as PNG: the SVG of the page with the same rules of style, set with the fonts of the package."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from soildesk.monitoring.drawings.figure import Figure

CSS = Path(__file__).parent / "static" / "monitoring" / "pictures.css"
SHEET = Path(__file__).with_name("picture_typst.txt")
FONT = 'text { font-family: "Noto Sans SC"; font-size: 12px; }'
PPI = 200.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around a drawing: title above, notes and who made it below, and the line of an approval."""

    title: str = ""
    notes: Sequence[str] = ()
    lines: Sequence[str] = ()
    mark: str = ""
    width_mm: float = 190.0


def png(figure: Figure, sheet: Sheet, *, at: datetime) -> bytes:
    """A drawing with what stands around it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.typ").write_bytes(SHEET.read_bytes())
        (folder / "picture.svg").write_text(figure.svg(f"<style>{FONT}{_rules()}</style>"), encoding="utf-8")
        told = {**asdict(sheet), "alt": figure.title}
        (folder / "sheet.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        made = typst.compile(
            str(folder / "sheet.typ"),
            format="png",
            ppi=PPI,
            font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
            ignore_system_fonts=True,
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    return bytes(made[0] if isinstance(made, list) else made)


def _rules() -> str:
    """The rules for the pieces of drawings; those of the page around them are no part of a file."""
    return "\n".join(line for line in CSS.read_text("utf-8").splitlines() if line.startswith(".p-"))
