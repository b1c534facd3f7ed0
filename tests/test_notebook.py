"""The page for notebooks runs block by block and prints what it says it prints.

`python tests/test_notebook.py` writes the outputs anew.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "howto" / "notebook.md"
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<said>.*?)```\n)?", re.DOTALL)


def run(text: str) -> str:
    """The page with the output of every block below it."""
    shared: dict[str, object] = {}

    def block(found: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(found["code"], str(PAGE), "exec"), shared)
        output = f"\n```text\n{printed.getvalue()}```\n" if found["said"] is not None else ""
        return f"```python\n{found['code']}```\n{output}"

    return BLOCK.sub(block, text)


def test_the_page_prints_what_it_says() -> None:
    text = PAGE.read_text("utf-8")
    assert len(BLOCK.findall(text)) >= 8
    assert run(text) == text


if __name__ == "__main__":
    PAGE.write_text(run(PAGE.read_text("utf-8")), "utf-8")
