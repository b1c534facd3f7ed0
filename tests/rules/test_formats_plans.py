"""A plan says the same in every format: what is read from a Word file or a page is what is read from its text."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from soilrules.plantext.draft import PlanDraft
from soilrules.plantext.formats import load
from soilrules.plantext.reader import read

PLANS = Path(__file__).parents[2] / "examples" / "plans"
PROSE = [path for path in sorted(PLANS.glob("*.txt")) if "序号" not in path.read_text(encoding="utf-8-sig")]


def as_docx(text: str) -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph("".join(char for char in line if char >= " "))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_html(text: str) -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))
    return f'<html><head><meta charset="gbk"></head><body>{body}</body></html>'.encode("gbk", "xmlcharrefreplace")


def as_rtf(text: str) -> bytes:
    words = "".join(char if char.isascii() else f"\\u{ord(char) - 65536 * (ord(char) > 32767)}?" for char in text)
    return ("{\\rtf1\\ansi\\ansicpg936\\uc1 " + words.replace("\n", "\\par\n") + "}").encode("ascii")


def said(draft: PlanDraft) -> list[tuple[object, ...]]:
    return [
        (
            task.number,
            task.text.value,
            [(unit.name.value, unit.role) for unit in task.units],
            [t.text for t in task.deadlines],
        )
        for task in draft.tasks
    ]


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name[:3])
@pytest.mark.parametrize(("write", "name"), [(as_docx, "a.docx"), (as_html, "a.html"), (as_rtf, "a.rtf")])
def test_prose_plans_read_alike_in_every_format(path: Path, write: Callable[[str], bytes], name: str) -> None:
    text = path.read_text(encoding="utf-8-sig")
    expected = said(read(load(path.read_bytes(), path.name)))
    assert expected
    assert said(read(load(write(text), name))) == expected
