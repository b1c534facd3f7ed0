"""A batch against what was found at its points before, and against itself: signs of a wrong unit or swapped columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from soildesk.core import clock
from soildesk.monitoring.comparing import Found
from soildesk.monitoring.models import Batch, Result
from soildesk.monitoring.reading import Found as Read
from soildesk.monitoring.sampled import Sample
from soilrules.monitoring.columns import former_medians
from soilrules.monitoring.plausibility import BATCH, Finding, signs

SLICE = 100_000
"""Results looked at as a whole: more at once would need memory that grows with the file."""
POINTS_AT_ONCE = 500
TOLD = 3
"""Rows named of a finding that is about many."""
HISTORY = pa.schema(
    [
        ("point", pa.string()), ("analyte", pa.string()), ("value", pa.float64()), ("unit", pa.string()),
        ("censored", pa.bool_()),
    ]
)  # fmt: skip


def findings(batch: Batch, read: Read, samples: Mapping[str, Sample]) -> Iterator[Found]:
    """What looks wrong, slice by slice of the file."""
    for chunk in read.batches(SLICE):
        points = pa.array([_point(samples.get(name)) for name in chunk.column("sample").to_pylist()], pa.string())
        asked = pa.RecordBatch.from_arrays(
            [points, *(chunk.column(name) for name in HISTORY.names[1:])], names=HISTORY.names
        )
        given = {name: chunk.column(name) for name in BATCH.names if name != "former"}
        former = former_medians(_history(batch, points), asked)
        columns = [given.get(field.name, former).cast(field.type) for field in BATCH]
        for one in signs(pa.RecordBatch.from_arrays(columns, schema=BATCH), clock.local_day(batch.at)):
            yield _told(one, chunk)


def _point(sample: Sample | None) -> str | None:
    return str(sample.point) if sample and sample.point else None


def _history(batch: Batch, points: pa.Array) -> pa.RecordBatch:
    """Accepted results of these points, of other batches."""
    keys = [int(one) for one in points.unique().drop_null().to_pylist()]
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(keys), POINTS_AT_ONCE):
        found = Result.objects.accepted().filter(point__in=keys[start : start + POINTS_AT_ONCE]).exclude(batch=batch)
        rows += found.values_list("point_id", "analyte", "value", "unit", "censored")
    names = HISTORY.names
    made = [{**dict(zip(names, row, strict=True)), "point": str(row[0])} for row in rows]
    return pa.RecordBatch.from_pylist(made, schema=HISTORY)


def _told(one: Finding, chunk: pa.RecordBatch) -> Found:
    """A finding at its first row, with the sample it begins with."""
    rows = [int(chunk.column("row")[at].as_py()) for at in one.rows[:TOLD]]
    where = {"zh": "、".join(map(str, rows)), "en": ", ".join(map(str, rows))}
    more = {"zh": " 等", "en": " and more"} if len(one.rows) > TOLD else {"zh": "", "en": ""}
    said = {language: one.message.sentence(language) for language in ("zh", "en")}
    return {
        "row": rows[0], "column": "检测值", "rule": one.rule.id, "severity": "warning",
        "zh": f"第{where['zh']}行{more['zh']}：{said['zh']}", "en": f"Row {where['en']}{more['en']}: {said['en']}",
    }  # fmt: skip
