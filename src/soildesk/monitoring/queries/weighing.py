"""The verdicts on all accepted results of a campaign, worked out by columns; nothing is written.

Results are read in chunks and judged by `soilrules.evaluation`, in both languages side by side. What is kept in memory
for each result is its key, its ruling's number, its factor, day and pH.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import QuerySet
from numpy.typing import NDArray

import soilrules
from soildesk.core.models import Division
from soildesk.monitoring.models import Campaign
from soildesk.monitoring.queries.samplefacts import WITHOUT_PH, SampleFacts, Samples, accepted, rejected, sample_key
from soildesk.monitoring.rulings import Ruling, ground, ruling_of
from soildesk.standards.services.tables import library_for
from soilrules.evaluation import Choices, Evaluation
from soilrules.evaluation.judged import Judged
from soilrules.labtables import SCHEMA, Layout, Problem, Shape
from soilrules.standards.library import Library
from soilrules.standards.rulings import Cause

CHUNK = 20_000
FIELDS = (
    "pk", "task_id", "point_id", "sample", "analyte", "printed", "medium", "value", "unit", "censored",
    "detection_limit", "more_than", "sampled_on",
)  # fmt: skip
_SAID = ("medium", "standard", "land", "land_class", "planned_use", "crop", "water_use")
_PART = str(Cause.PART_OF_SUM)
_LONG = Layout(Shape.LONG, (), 0, (), {}, (), 0.0)


@dataclass
class Verdicts:
    """Row for row in the order of the results' keys; `ruling` is a number in `rulings`."""

    result: NDArray[np.int64]
    ruling: NDArray[np.int32]
    factor: NDArray[np.float64]
    ph: NDArray[np.float64]
    day: NDArray[np.object_]
    rulings: list[Ruling]
    library: Library
    rejected: int

    def column(self, name: str) -> NDArray[np.object_]:
        """What the rulings say, row for row."""
        return np.array([one[name] for one in self.rulings], object)[self.ruling]

    def counts(self) -> Counter[str]:
        """How many results by verdict."""
        return Counter(self.column("verdict").tolist())

    def causes(self) -> Counter[str]:
        """How many unknown results by cause."""
        return Counter(filter(None, self.column("cause").tolist()))

    def standards(self) -> list[str]:
        """The printed names of the editions used, those used most first."""
        return [name for name, _count in Counter(filter(None, self.column("standard").tolist())).most_common()]


class _Fed:
    """A table whose batches are handed in one by one, while its evaluation reads."""

    name, layout = "", _LONG
    problems: tuple[Problem, ...] = ()

    def __init__(self) -> None:
        self.next: pa.RecordBatch | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        while self.next is not None:
            batch, self.next = self.next, None
            yield batch

    def message(self, record: dict[str, Any]) -> None:
        return None


class _Judge:
    """The evaluation of the results held against one class of groundwater, in both languages in step."""

    def __init__(self, library: Library, choices: Choices) -> None:
        self._tables = _Fed(), _Fed()
        self._streams = [
            Evaluation(table, library, choices, language=language).judged()
            for table, language in zip(self._tables, ("zh", "en"), strict=True)
        ]

    def judge(self, batch: pa.RecordBatch) -> tuple[Judged, Judged]:
        """One batch."""
        for table in self._tables:
            table.next = batch
        zh, en = (next(stream) for stream in self._streams)
        return zh, en

    def sums(self) -> Iterator[tuple[Judged, Judged]]:
        """The sums of components, after all batches."""
        yield from zip(*self._streams, strict=True)


class _Collected:
    """Verdicts as they come."""

    def __init__(self) -> None:
        self.rulings: list[Ruling] = []
        self._numbers: dict[str, int] = {}
        self._parts: list[tuple[NDArray[Any], ...]] = []
        self._components: dict[str, list[tuple[int, str]]] = defaultdict(list)  # sample → result, analyte

    def add(self, zh: Judged, en: Judged) -> None:
        """Take in one batch."""
        numbers = self._rulings(zh, en)[zh.codes]
        results = zh.batch.column("row").to_numpy()
        ph = zh.batch.column("ph").to_numpy(zero_copy_only=False)
        days = np.array(zh.batch.column("date").to_pylist(), object)
        self._parts.append((results, numbers, zh.factor, ph, days))
        parts = [at for at, one in enumerate(self.rulings) if one["cause"] == _PART]
        where = np.flatnonzero(np.isin(numbers, parts))
        samples = zh.batch.column("sample").take(pa.array(where)).to_pylist()
        for at, sample in zip(where.tolist(), samples, strict=True):
            self._components[sample].append((int(results[at]), self.rulings[numbers[at]]["analyte"]))

    def _rulings(self, zh: Judged, en: Judged) -> NDArray[np.int32]:
        """The number of each frame's ruling."""
        return np.array([self._number(*pair) for pair in zip(zh.frames, en.frames, strict=True)], np.int32)

    def _number(self, zh: Any, en: Any) -> int:
        ruling = ruling_of(zh, en)
        key = f"{ground(ruling)}{ruling['reason']}"
        if key not in self._numbers:
            self._numbers[key] = len(self.rulings)
            self.rulings.append(ruling)
        return self._numbers[key]

    def sums(
        self, zh: Judged, en: Judged, components: Mapping[str, frozenset[str]]
    ) -> Iterator[tuple[int, int, float]]:
        """The result that carries each sum, the first of its components, with the sum's ruling and factor."""
        numbers = self._rulings(zh, en)[zh.codes]
        for sample, number, factor in zip(zh.samples.to_pylist(), numbers.tolist(), zh.factor.tolist(), strict=True):
            of_sum = components.get(self.rulings[number]["analyte"], frozenset())
            carrier = next((key for key, slug in self._components[sample] if slug in of_sum), None)
            if carrier is not None:
                self._components[sample] = [one for one in self._components[sample] if one[0] != carrier]
                yield carrier, number, factor

    def columns(self) -> list[NDArray[Any]]:
        """Everything in the order of the results' keys: result, ruling, factor, pH, day."""
        if not self._parts:
            return [np.empty(0, kind) for kind in (np.int64, np.int32, np.float64, np.float64, object)]
        joined = [np.concatenate(column) for column in zip(*self._parts, strict=True)]
        order = np.argsort(joined[0], kind="stable")
        return [column[order] for column in joined]


def verdicts_of(
    campaign: Campaign,
    on: date,
    as_if_on: date | None = None,
    *,
    waiting: bool = False,
    step: Callable[[int], None] = lambda done: None,
) -> Verdicts:
    """The verdicts on the results that count, by the tables in force here; `as_if_on` judges all as sampled that day.

    With `waiting` results of checked batches count too, as they would if they were accepted. `step` hears how far it is.
    """
    division = division_of(campaign)
    library = library_for(division)
    samples = Samples(campaign, library, as_if_on or on, waiting=waiting)
    judges: dict[str, _Judge] = {}
    found = _Collected()
    done = 0
    for rows in chunks(accepted(campaign, waiting=waiting)):
        step(done)
        done += len(rows)
        for level, batch in _batches(rows, samples):
            if level not in judges:
                choices = Choices(on=on, as_if_on=as_if_on, level=level, division=division.code)
                judges[level] = _Judge(library, choices)
            found.add(*judges[level].judge(batch))
    components = _components(library)
    carried = [
        one for judge in judges.values() for pair in judge.sums() for one in found.sums(*pair, components=components)
    ]
    result, ruling, factor, ph, day = found.columns()
    for key, number, times in carried:
        at = int(np.searchsorted(result, key))
        ruling[at], factor[at] = number, times
    left_out = rejected(campaign).filter(
        result__superseded_at=None, result__batch__state__in=campaign.batches.model.ACCEPTED_STATES
    )
    return Verdicts(result, ruling, factor, ph, day, found.rulings, library, left_out.count())


def division_of(campaign: Campaign) -> Division:
    """The division of a campaign."""
    return Division.objects.filter(path=campaign.division_path).order_by("-pk")[:1].get()


def rules_version() -> str:
    """The version of the rules."""
    return soilrules.__version__


def chunks(results: QuerySet[Any], fields: Sequence[str] = FIELDS) -> Iterator[list[dict[str, Any]]]:
    """Rows by the chunk, in the order of their keys."""
    last = 0
    while rows := list(results.filter(pk__gt=last).order_by("pk").values(*fields)[:CHUNK]):
        last = rows[-1]["pk"]
        yield rows


def _batches(rows: list[dict[str, Any]], samples: Samples) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The results to be judged as Arrow batches, one for each class of groundwater they are held against."""
    by_level: dict[str, list[tuple[dict[str, Any], SampleFacts]]] = defaultdict(list)
    for row in rows:
        if row["analyte"] == "ph" and row["medium"] in WITHOUT_PH:
            continue
        facts = samples.of(row)
        by_level[facts.level].append((row, facts))
    for level, some in by_level.items():
        yield level, _batch(some, samples)


def _batch(some: list[tuple[dict[str, Any], SampleFacts]], samples: Samples) -> pa.RecordBatch:
    given: dict[str, list[Any]] = {
        name: [row[name] for row, _facts in some]
        for name in ("analyte", "value", "censored", "detection_limit", "more_than")
    }
    given["row"] = [row["pk"] for row, _facts in some]
    given["sample"] = [sample_key(row) for row, _facts in some]
    given["unit"] = [row["unit"] or None for row, _facts in some]
    given["text"] = [row["printed"] for row, _facts in some]
    given["ph"] = [samples.ph(row) for row, _facts in some]
    given["date"] = [facts.day for _row, facts in some]
    given |= {name: [getattr(facts, name) for _row, facts in some] for name in _SAID}
    return pa.RecordBatch.from_arrays(
        [_column(field, given.get(field.name), len(some)) for field in SCHEMA], schema=SCHEMA
    )


def _column(field: pa.Field, values: list[Any] | None, count: int) -> pa.Array:
    if not pa.types.is_dictionary(field.type):
        return pa.nulls(count, field.type) if values is None else pa.array(values, field.type)
    words = pa.nulls(count, pa.string()) if values is None else pa.array(values, pa.string())
    return words.dictionary_encode().cast(field.type)


def _components(library: Library) -> dict[str, frozenset[str]]:
    """The components of each sum of any standard."""
    found: dict[str, frozenset[str]] = {}
    for edition in library.editions:
        for one in edition.sums:
            found[one.analyte] = found.get(one.analyte, frozenset()) | frozenset(one.components)
    return found
