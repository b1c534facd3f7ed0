"""The limited process that reads and checks one laboratory file; started by `monitoring.reading`, never imported.

Arguments: the folder of the sources, and a folder with `ask.json`. Left in the folder: `rows.parquet` and `result.json`,
or a `result.json` that says why the file is refused; `progress` while it works. Runs without Django, without a database
and with an empty environment. When the desk that started it is gone, it goes too.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

FEW = 5
"""Laboratories, reports and the like that are told of one file."""


def main() -> int:
    source, folder, parent = sys.argv[1], Path(sys.argv[2]), os.getppid()
    sys.path.insert(0, source)
    from soildesk.core.sandbox_child import limit_self, without_frames

    ask = json.loads((folder / "ask.json").read_text("utf-8"))
    limit_self(ask["cpu_seconds"], ask["memory_mb"], ask["output_mb"])
    without_frames()
    from soilrules.labtables import LabTableRefused

    try:
        found = Reading(ask, folder, parent).told()
    except LabTableRefused as refusal:
        found = {"refused": {language: refusal.sentence(language) for language in ("zh", "en")}}
    (folder / "result.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return 0


class Reading:
    """One pass over the file."""

    def __init__(self, ask: dict[str, Any], folder: Path, parent: int) -> None:
        from soilrules.labcheck import Asked, check
        from soilrules.labquality import SHEET

        self.path, self.folder, self.parent, self.rows = Path(ask["path"]), folder, parent, ask["rows"]
        self.name: str = ask["name"]
        asked = Asked(on=date.fromisoformat(ask["on"]), tasks=ask["samples"], most=ask["most"])
        self.checked = check(self.path, asked, name=self.name)
        about = self.checked.table.parts[0][0].about if self.checked.table else None
        if about and about.sheet and about.sheet.strip() == SHEET and about.other_sheets:  # quality control comes first
            self.checked = check(self.path, asked, name=self.name, sheet=about.other_sheets[0])
        self.beside: dict[str, list[str]] = {}

    def told(self) -> dict[str, Any]:
        """What is known of the file once it is read; the results are in a file of the folder."""
        count = self.write() if self.rows else 0
        quality, more = self.quality()
        findings = [
            as_told(one.row, one.column, one.rule, str(one.severity), one.message) for one in self.checked.findings
        ]
        summary = self.checked.summary()
        return {
            "rows": count, "summary": summary, "findings": more + findings, "beside": self.beside, "quality": quality,
            "errors": summary["severities"]["error"] + len(more), "warnings": summary["severities"]["warning"],
            "headings": self.headings(),
        }  # fmt: skip

    def headings(self) -> list[list[str]]:
        """What each heading of the file was taken for."""
        table = self.checked.table
        return [] if table is None else [[heading, role] for heading, role in table.layout.by_column.items()]

    def write(self) -> int:
        """Write the results down, piece by piece; how many there are."""
        from pyarrow import parquet

        count = 0
        with parquet.ParquetWriter(self.folder / "rows.parquet", schema(), compression="zstd") as out:
            for batch in self.checked.batches():
                rows = normal(batch)
                if rows.num_rows:
                    out.write_batch(rows)
                count += rows.num_rows
                self.note(batch)
                self.go_on(count)
        return count

    def note(self, batch: Any) -> None:
        """Remember what the columns beside the results say of the whole file."""
        import pyarrow.compute as pc

        for name in ("laboratory", "report", "cma", "reported"):
            kept = self.beside.setdefault(name, [])
            for value in pc.unique(batch.column(name)).drop_null().to_pylist():
                if len(kept) < FEW and str(value) not in kept:
                    kept.append(str(value))

    def go_on(self, count: int) -> None:
        """Say how far it is; end where nobody is left to tell."""
        if os.getppid() != self.parent:
            shutil.rmtree(self.folder, ignore_errors=True)
            os._exit(1)
        (self.folder / "progress").write_text(str(count), "ascii")

    def quality(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The rows of the sheet 质控 of a workbook, and what is wrong with the others."""
        from dataclasses import asdict

        from soilrules.labquality import SHEET, read_sheet
        from soilrules.labtables import workbook

        table = self.checked.table
        if table is None or table.layout.kind != "workbook":
            return [], []
        sheets = workbook.sheets_of(self.path.read_bytes(), self.name)
        found = next((one for one in sheets if one.name.strip() == SHEET), None)
        if found is None:
            return [], []
        rows, wrong = read_sheet(found)
        told = [
            as_told(one.row, f"{SHEET} {one.column}".strip(), "quality_sheet", "error", one.message) for one in wrong
        ]
        return [asdict(row) for row in rows], told


def as_told(row: int, column: str, rule: str, severity: str, message: Any) -> dict[str, Any]:
    """A finding in both languages."""
    return {
        "row": row, "column": column, "rule": rule, "severity": severity,
        "zh": message.sentence("zh"), "en": message.sentence("en"),
    }  # fmt: skip


def schema() -> Any:
    """The results as the desk takes them."""
    import pyarrow as pa

    texts = ("cell", "sample", "analyte", "printed", "medium", "unit", "qualifier", "depth", "method")
    return pa.schema(
        [
            ("row", pa.int64()), *((name, pa.string()) for name in texts), ("medium_assumed", pa.bool_()),
            ("value", pa.float64()), ("censored", pa.bool_()), ("detection_limit", pa.float64()),
            ("more_than", pa.float64()), ("sampled_on", pa.date32()), ("analysed_on", pa.date32()),
        ]
    )  # fmt: skip


def normal(batch: Any) -> Any:
    """The results of a checked batch in the desk's words; what was not measured is no result."""
    import pyarrow as pa
    import pyarrow.compute as pc

    problem = batch.column("problem").dictionary_decode()
    kept = pc.fill_null(pc.not_equal(problem, "no_value"), True)
    batch = batch.filter(kept)

    def words(name: str) -> Any:
        column = batch.column(name)
        return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column

    named = words("medium")
    arrays = {
        **{name: batch.column(name) for name in ("row", "cell", "value", "censored", "detection_limit", "more_than")},
        **{name: words(name) for name in ("unit", "qualifier", "depth", "method")},
        "sample": pc.coalesce(words("sample"), words("point"), ""), "printed": words("text"),
        "analyte": pc.coalesce(words("slug"), words("analyte"), ""), "medium": pc.coalesce(words("medium_key"), ""),
        "medium_assumed": named.is_null(), "sampled_on": batch.column("date"), "analysed_on": batch.column("analysed"),
    }  # fmt: skip
    wanted = schema()
    return pa.RecordBatch.from_arrays([arrays[name] for name in wanted.names], schema=wanted)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the files are written; threads of the readers need not be waited for
