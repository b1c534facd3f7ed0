"""Measures: functions over the registers that say done, not done or cannot say, with the rows that prove it.

A room declares its own in `measures.py` and loads it in `AppConfig.ready`:

    @measure(
        "rooms.reports_filed", title=gettext_lazy("报表按时填报"), reads=("rooms.report",),
        words=("填报", "报送"), subjects=("rooms.task",),
    )
    def reports_filed(actor: Actor, subject: object, on: date, known_on: date) -> MeasureResult: ...

`on` is the day spoken of, `known_on` the day as of which the rows are known. A measure reads only what `actor`
may see, has no clock of its own and never counts what it does not know as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from soildesk.kit.register import record_page

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


class Kind(StrEnum):
    """What an answer rests on: rows of registers, or documents that were asked for, filed and checked by a person."""

    COMPUTED = "computed"
    EVIDENCE = "evidence"


class Outcome(StrEnum):
    """What a measure can answer."""

    DONE = "done"
    NOT_DONE = "not_done"
    CANNOT_SAY = "cannot_say"
    NOT_APPLICABLE = "not_applicable"


OUTCOME_PARTS: dict[Outcome, tuple[str, str, str | Promise]] = {
    Outcome.DONE: ("good", "check-circle-fill", _("已达到")),
    Outcome.NOT_DONE: ("bad", "x-circle-fill", _("未达到")),
    Outcome.CANNOT_SAY: ("unknown", "question-octagon", _("无法判断")),
    Outcome.NOT_APPLICABLE: ("calm", "dash-circle", _("不适用")),
}
"""Tone, icon and word of each outcome, for chips."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence kept as message id and parameters, so that a stored result can be read in every language."""

    message: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return gettext(self.message) % self.parameters if self.parameters else gettext(self.message)


@dataclass(frozen=True, slots=True)
class Proof:
    """One row behind an answer: its table, key and name, whether it counts, and why not if it does not.

    `amount` is what it adds to the denominator, and where it counts to the numerator.
    """

    subject_type: str
    uid: str
    name: str
    counts: bool
    note: str = ""
    url: str = ""
    amount: Decimal | int = 1

    @property
    def page(self) -> str:
        """Where the row stands: as the measure says, or the page of its record; empty where there is none."""
        return self.url or record_page(self.subject_type, self.uid)


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """An answer with its numbers and rows.

    `numerator` and `denominator` are in `unit` ("件", "亩"); None is not known. `as_of` is the day of the
    newest data used. `basis` names what the formula rests on.
    """

    outcome: Outcome
    reason: Reason
    as_of: date
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    unit: str = ""
    rows: Sequence[Proof] = ()
    basis: str = ""

    def __post_init__(self) -> None:
        if self.outcome is Outcome.DONE and self.denominator is not None and not self.denominator:
            raise ValueError("a measure over nothing is not done: answer not_applicable or cannot_say with the reason.")

    def resting_on(self, basis: str) -> MeasureResult:
        """The same answer to a question of another clause."""
        return MeasureResult(
            self.outcome, self.reason, self.as_of, self.numerator, self.denominator, self.unit, self.rows, basis
        )

    def as_json(self) -> dict[str, Any]:
        """The answer as data, to be kept or sent."""
        return {
            "outcome": self.outcome.value,
            "reason": {"message": self.reason.message, "parameters": dict(self.reason.parameters)},
            "as_of": self.as_of.isoformat(),
            "numerator": None if self.numerator is None else str(self.numerator),
            "denominator": None if self.denominator is None else str(self.denominator),
            "unit": self.unit,
            "rows": [
                {"type": r.subject_type, "uid": r.uid, "name": r.name, "counts": r.counts, "note": r.note}
                for r in self.rows
            ],
            "basis": self.basis,
        }


Run = Callable[["Actor", Any, date, date], MeasureResult]
RunMany = Callable[["Actor", Sequence[Any], date, date], Mapping[int, MeasureResult]]
"""Answers for many subjects at once, by their keys; a few queries for all of them."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A registered measure. `reads` names tables; `words` are those a clause uses for it; `subjects` what it can judge.

    `of_period`: it asks from which day on the plan runs, not only of which year; all other answers serve every plan of
    the same place and year.
    """

    id: str
    title: str | Promise
    reads: Sequence[str]
    run: Run
    words: Sequence[str] = ()
    subjects: Sequence[str] = ()
    description: str = ""
    kind: Kind = Kind.COMPUTED
    run_many: RunMany | None = None
    of_period: bool = False


class UnknownMeasure(LookupError):
    """No measure of this id is registered."""


_measures: dict[str, Measure] = {}


def measure(
    measure_id: str,
    *,
    title: str | Promise,
    reads: Sequence[str],
    words: Sequence[str] = (),
    subjects: Sequence[str] = (),
    kind: Kind = Kind.COMPUTED,
    of_period: bool = False,
) -> Callable[[Run], Run]:
    """Register a function as a measure. An id is given once and never changes its meaning."""

    def register(run: Run) -> Run:
        standing = _measures.get(measure_id)
        if standing is not None and standing.run is not run:
            raise ValueError(f"measure {measure_id!r} is registered already: ids are given once.")
        told = (run.__doc__ or "").strip().splitlines()
        description = told[0] if told else ""
        _measures[measure_id] = Measure(
            measure_id, title, reads, run, words, subjects, description, kind, of_period=of_period
        )
        return run

    return register


def measure_of_many(measure_id: str, **told: Any) -> Callable[[RunMany], RunMany]:
    """Register a function that answers for many subjects at once; for one it is asked with that one."""

    def register(run_many: RunMany) -> RunMany:
        def run(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
            return run_many(actor, [subject], on, known_on)[subject.pk]

        run.__doc__ = run_many.__doc__
        measure(measure_id, **told)(run)
        _measures[measure_id] = replace(_measures[measure_id], run_many=run_many)
        return run_many

    return register


def measures() -> dict[str, Measure]:
    """All measures by id."""
    return dict(_measures)


def get(measure_id: str) -> Measure:
    """The measure with this id."""
    try:
        return _measures[measure_id]
    except KeyError:
        raise UnknownMeasure(f"measure {measure_id!r} is not registered: is its room installed?") from None
