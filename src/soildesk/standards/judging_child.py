"""The limited process that reads one table and judges it; started by `standards.judging`, never imported.

Arguments: the folder of the sources, and a folder with `ask.json`. The table comes by stdin. Left in the folder:
`rows.parquet` and `result.json`, or a `result.json` that says why the table is refused; `progress` while it works.
Runs without Django, without a database and with an empty environment.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

AT_ONCE = 20_000
MOST_SAMPLES = 500


def main() -> int:
    source, folder = sys.argv[1], Path(sys.argv[2])
    data = sys.stdin.buffer.read()
    sys.path.insert(0, source)
    from soildesk.core.sandbox_child import limit_self, without_frames

    ask = json.loads((folder / "ask.json").read_text("utf-8"))
    limit_self(ask["cpu_seconds"], ask["memory_mb"], ask["output_mb"])
    without_frames()
    from soilrules.labtables import LabTableRefused

    try:
        found = judged(data, ask, folder)
    except LabTableRefused as refusal:
        found = {"refused": {language: refusal.sentence(language) for language in ("zh", "en")}}
    (folder / "result.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return 0


def judged(data: bytes, ask: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The summary in both languages; the rows are in a file of `folder`."""
    from soildesk.standards.editiondata import edition_of
    from soilrules.evaluation import Choices, Evaluation, shipped
    from soilrules.labtables import read_table

    editions = [edition_of(one) for one in ask["editions"]]
    library = shipped().with_editions(editions) if editions else shipped()
    choices = Choices(**chosen(ask["choices"]))
    each = {
        language: Evaluation(read_table(data, name=ask["name"]), library, choices, language=language)
        for language in ("zh", "en")
    }
    samples = Samples()
    rows = both(each["zh"].rows(), each["en"].rows(), Uses(library))
    count = write(counted(rows, samples), folder, ask["most_rows"])
    if count > ask["most_rows"]:
        return {"too_long": ask["most_rows"]}
    found = {language: one.summary() for language, one in each.items()}
    names = {one["standard"] for one in found["zh"]["standards"]}
    families = {one.family for one in library.editions if one.standard in names}
    missing = not_held(library, choices.division, families)
    return {**found, "samples": samples.shown(), "not_held": missing}


def chosen(given: dict[str, Any]) -> dict[str, Any]:
    """The choices as the judgement takes them."""
    found = dict(given)
    for name in ("on", "as_if_on"):
        if found.get(name):
            found[name] = date.fromisoformat(found[name])
    if found.get("ph"):
        found["ph"] = Decimal(found["ph"])
    return {name: value for name, value in found.items() if value not in ("", None)}


class Uses:
    """The words for the use a limit holds for."""

    def __init__(self, library: Any) -> None:
        self._editions = {one.standard: one for one in library.editions}

    def of(self, row: dict[str, Any], language: str) -> str:
        """The use of one row; empty where the standard knows none."""
        edition = self._editions.get(row["standard"] or "")
        use = edition.uses.get(row["use"] or "") if edition else None
        return use.name(language) if use else ""


def both(zh: Iterator[dict[str, Any]], en: Iterator[dict[str, Any]], uses: Uses) -> Iterator[dict[str, Any]]:
    """The rows with their sentences in both languages."""
    for number, (row, other) in enumerate(zip(zh, en, strict=True), 1):
        yield {
            **row,
            "number": number,
            "name_en": other["name"],
            "reason_en": other["reason"],
            "use": uses.of(row, "zh"),
            "use_en": uses.of(row, "en"),
        }


def not_held(library: Any, division: str, families: set[str]) -> list[dict[str, Any]]:
    """Local standards known to exist whose values nobody entered, for the standards that were used."""
    from soilrules.standards import provinces

    found = provinces.not_held(library, division) if division else ()
    return [
        {"standard": one.standard, "title": one.title, "since": one.since.isoformat() if one.since else None}
        for one in found
        if families & set(one.families)
    ]


class Samples:
    """What the results of each sample come to: the gravest outcome, the analyte that governs, the worst class."""

    CLASSES = ("I", "II", "III", "IV", "V")

    def __init__(self) -> None:
        from soilrules.verdict import Outcome

        self._gravity = {str(one): one.gravity for one in Outcome}
        self._gravest: dict[str, tuple[int, float, dict[str, Any]]] = {}
        self._classes: dict[str, list[str | None]] = {}

    def add(self, row: dict[str, Any]) -> None:
        """Take one row in; of equal outcomes the highest factor governs."""
        name = row["sample"] or ""
        rank = self._gravity[row["verdict"]], -1.0 if row["factor"] is None else row["factor"]
        known = self._gravest.get(name)
        if known is None or rank > known[:2]:
            self._gravest[name] = (*rank, {key: row[key] for key in ("verdict", "analyte", "name", "factor")})
        self._classes.setdefault(name, []).append(row["class"])

    def shown(self) -> list[dict[str, Any]]:
        """The samples, the gravest first, at most MOST_SAMPLES. A class is not said where an index has none."""
        ordered = sorted(self._gravest.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
        return [
            {"sample": name, **governing, "class": self._class(name)}
            for name, (*_, governing) in ordered[:MOST_SAMPLES]
        ]

    def _class(self, name: str) -> str | None:
        classes = self._classes[name]
        return None if None in classes else max(classes, key=self.CLASSES.index)  # type: ignore[arg-type]


def counted(rows: Iterator[dict[str, Any]], samples: Samples) -> Iterator[dict[str, Any]]:
    """The rows, each taken into its sample."""
    for row in rows:
        samples.add(row)
        yield row


def write(rows: Iterator[dict[str, Any]], folder: Path, most: int) -> int:
    """Write the rows down, at most `most`; how many there were (one more than that where there are too many)."""
    import pyarrow.parquet as pq

    from soildesk.standards.judgedschema import SCHEMA

    count, some = 0, []
    with pq.ParquetWriter(folder / "rows.parquet", SCHEMA, compression="zstd") as out:
        for row in rows:
            count += 1
            if count > most:
                break
            some.append(row)
            if len(some) == AT_ONCE:
                flush(out, some)
                some = []
                (folder / "progress").write_text(str(count), "ascii")
        flush(out, some)
    return count


def flush(out: Any, rows: list[dict[str, Any]]) -> None:
    """Write some rows."""
    import pyarrow as pa

    from soildesk.standards.judgedschema import SCHEMA

    out.write_table(pa.Table.from_pylist(rows, schema=SCHEMA))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the files are written; threads of the readers need not be waited for
