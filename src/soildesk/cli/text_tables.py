"""Tables on a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence


def width(text: str) -> int:
    """Columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def clipped(text: str, columns: int) -> str:
    """The text cut to so many columns, with an ellipsis, padded with blanks."""
    text = " ".join(text.split())
    if width(text) > columns:
        while text and width(text) > columns - 2:
            text = text[:-1]
        text += "…"
    return text + " " * (columns - width(text))


def table(rows: Iterable[Sequence[object]], widths: Sequence[int]) -> str:
    """Rows in columns of these widths; the last column is not cut."""
    lines = []
    for row in rows:
        cells = [
            clipped(str(value if value is not None else ""), columns)
            for value, columns in zip(row, widths, strict=False)
        ]
        lines.append("  ".join([*cells, *(str(value) for value in row[len(widths) :])]).rstrip())
    return "\n".join(lines)
