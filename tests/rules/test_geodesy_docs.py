"""The reference page says what the code does: its example runs and its table is the taxonomy."""

from __future__ import annotations

from pathlib import Path

from soilrules.geodesy.faults import taxonomy

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "coordinates.md").read_text("utf-8")


def test_the_table_is_the_taxonomy() -> None:
    rows = [f"| `{one.code}` | {one.severity} | {one.who} | {one.rule} |" for one in taxonomy().values()]
    assert "\n".join(rows) in PAGE


def test_the_example_runs() -> None:
    code = PAGE.split("```python\n")[1].split("```")[0]
    exec(code, {})
