"""From the results a child process read to rows of a batch nobody sees yet: chunk by chunk, to be taken up again."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from django.db import transaction

from soildesk.core import clock, jobs
from soildesk.core.geometry.loading import load
from soildesk.monitoring.models import Batch, BatchFinding, Result
from soildesk.monitoring.reading import Found, Step
from soildesk.monitoring.sampled import Sample

CHUNK = 5_000
"""Results of one short transaction."""
YIELD_SECONDS = 0.01
DRAWN = 20
"""Cells that are compared by eye with the report."""
TEXTS = ("sample", "printed", "unit", "qualifier", "method")
LENGTHS = {name: Result._meta.get_field(name).max_length or 0 for name in (*TEXTS, "analyte", "depth_cm")}


class Taken(Exception):
    """Another process has taken the batch over, or it was given up."""


@dataclass
class Loading:
    """One batch being filled. `differ` are samples whose day or medium in the file is not that of the field record."""

    batch: Batch
    samples: Mapping[str, Sample]
    seen: set[str] = field(default_factory=set)
    differ: dict[tuple[str, str], tuple[int, str, str]] = field(default_factory=dict)

    def all(self, found: Found, step: Step) -> None:
        """Every result that is not there yet, in short transactions, letting others in between."""
        done = self.batch.rows
        if not done:
            remove(Result._base_manager.filter(batch=self.batch))
        self._pass(found, done)
        for chunk in found.batches(CHUNK, skip=done):
            columns = self.columns(chunk)
            done += chunk.num_rows
            with transaction.atomic():
                load(Result, columns)
                _mark(self.batch, done)
            step(done)
            time.sleep(YIELD_SECONDS)
        self.batch.rows = done

    def _pass(self, found: Found, done: int) -> None:
        """What was written before the reading broke off is looked at again, for what is said of whole samples."""
        passed = 0
        for chunk in found.batches(CHUNK):
            if passed >= done:
                return
            passed += chunk.num_rows
            self.columns(chunk)

    def columns(self, chunk: pa.RecordBatch) -> dict[str, Any]:
        """A chunk as columns of Result."""
        batch, given = self.batch, {name: chunk.column(name) for name in chunk.schema.names}
        coded = given["sample"].dictionary_encode()
        names, at = coded.dictionary.to_pylist(), coded.indices.to_pylist()
        self.seen.update(names)
        known = [self.samples.get(name) for name in names]
        of = [known[one] for one in at]
        self._compare(given, of)
        return {
            "batch": batch.pk, "task": [one and one.task for one in of], "point": [one and one.point for one in of],
            "division_path": [one.division_path if one else batch.division_path for one in of], "owner_department": batch.owner_department_id,
            "analyte": _clipped(given["analyte"], "analyte"),
            **{name: _clipped(given[name], name) for name in TEXTS},
            "medium": [one.medium if one else said for one, said in zip(of, given["medium"].to_pylist(), strict=True)],
            "value": given["value"].to_pylist(), "censored": given["censored"].to_pylist(),
            "detection_limit": given["detection_limit"].to_pylist(), "more_than": given["more_than"].to_pylist(),
            "depth_cm": [
                said or (one.depth_cm if one else "") for one, said in zip(of, _clipped(given["depth"], "depth_cm"), strict=True)
            ],
            "sampled_on": [
                one.sampled_on if one and one.sampled_on else said
                for one, said in zip(of, given["sampled_on"].cast(pa.string()).to_pylist(), strict=True)
            ],
            "analysed_on": given["analysed_on"].cast(pa.string()).to_pylist(), "row": given["row"].to_pylist(),
            "reason": "", "recorded_at": batch.at,
        }  # fmt: skip

    def _compare(self, given: Mapping[str, Any], of: Sequence[Sample | None]) -> None:
        """Remember the first row of each sample whose day or medium is another than the field's."""
        days, media = given["sampled_on"].to_pylist(), given["medium"].to_pylist()
        assumed = given["medium_assumed"].to_pylist()
        for at, one in enumerate(of):
            if one is None:
                continue
            name = None
            if one.sampled_on and days[at] and days[at] != one.sampled_on:
                name = str(given["sample"][at])
                self.differ.setdefault(("date", name), (given["row"][at].as_py(), str(days[at]), str(one.sampled_on)))
            if not assumed[at] and media[at] and media[at] != one.medium:
                name = name or str(given["sample"][at])
                self.differ.setdefault(("medium", name), (given["row"][at].as_py(), media[at], one.medium))


def _clipped(column: Any, name: str) -> list[str]:
    """Texts no longer than their field; a blank where there is none."""
    longest = LENGTHS[name]
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = ["" if word is None else word[:longest] for word in coded.dictionary.to_pylist()]
    return [words[at] if at is not None else "" for at in coded.indices.to_pylist()]


def _mark(batch: Batch, done: int) -> None:
    """How far the batch is; a batch that is ours no longer is left alone."""
    held = Batch.objects.filter(pk=batch.pk, worker=jobs.worker_name(), state=Batch.State.LOADING)
    if not held.update(rows=done, heartbeat_at=clock.now()):
        raise Taken(f"batch {batch.pk} is no longer ours")


def write_findings(batch: Batch, findings: Sequence[Mapping[str, Any]], step: Step) -> None:
    """The findings of the check, those of an earlier attempt taken away first; in short transactions."""
    remove(BatchFinding.objects.filter(batch=batch))
    for start in range(0, len(findings), CHUNK):
        some = findings[start : start + CHUNK]
        with transaction.atomic():
            load(
                BatchFinding,
                {
                    "batch": batch.pk, "row": [one["row"] for one in some],
                    "column": [one["column"][:80] for one in some], "rule": [one["rule"][:60] for one in some],
                    "severity": [one["severity"] for one in some], "zh": [one["zh"][:500] for one in some],
                    "en": [one["en"][:500] for one in some],
                },
            )  # fmt: skip
            _mark(batch, batch.rows)
        step(batch.rows)
        time.sleep(YIELD_SECONDS)


def remove(rows: Any) -> None:
    """Take rows away in short transactions."""
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        rows.model._base_manager.filter(pk__in=keys).delete()
        time.sleep(YIELD_SECONDS)


def drawn(found: Found, seed: int, count: int) -> list[dict[str, Any]]:
    """Cells drawn by a seed, to be compared by eye with the report: in the order of the file."""
    places = sorted(random.Random(seed).sample(range(count), min(DRAWN, count)))  # noqa: S311 — drawn, not secret
    picked, passed = [], 0
    for chunk in found.batches(CHUNK):
        here = [at - passed for at in places if passed <= at < passed + chunk.num_rows]
        passed += chunk.num_rows
        for row in chunk.take(pa.array(here, pa.int64())).to_pylist() if here else ():
            texts = {name: row[name] or "" for name in ("cell", "sample", "analyte", "printed", "unit")}
            picked.append({"row": row["row"], **texts, "same": None})
    return picked
