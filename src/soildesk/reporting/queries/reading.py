"""One reading of the records for reports: a place, a period, a day, as known on a day. Every figure is computed once.

Figures come from two sources only: the measures of all rooms, and the counts of this room (`counts`). Whatever report asks
for a figure gets it from here, so the same figure in two reports is the same query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from soildesk.kit import measures
from soildesk.kit.measures import Measure, MeasureResult, Outcome, Proof
from soildesk.monitoring.measuring import Asked, WholePlace
from soildesk.plans.queries import reported
from soildesk.plans.queries.checked import OWN
from soilrules.deadlines.periods import Period

if TYPE_CHECKING:
    from soildesk.core.models import Division
    from soildesk.core.permissions import Actor
    from soildesk.plans.queries.statuses import Status

PRINTED = Decimal("0.01")
AMOUNT = Decimal("0.1")
ROUNDED = Decimal("0.5")


@dataclass(frozen=True)
class Figure:
    """One number of a report with where it comes from. `value` None: not known, and `why` says so.

    `source` is "measure" or "count" and `id` the measure's or count's; `rows` are what it was counted over.
    """

    id: str
    title: str
    value: Decimal | int | None
    unit: str = ""
    source: str = "count"
    outcome: str = ""
    why: str = ""
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    part_unit: str = ""
    as_of: date | None = None
    rows: Sequence[Proof] = ()
    unsure: Decimal = Decimal(0)  # how much of the denominator no record can judge

    @property
    def text(self) -> str:
        """The number as it is printed; empty where it is not known."""
        return "" if self.value is None else plain(self.value)


def plain(value: Decimal | int) -> str:
    """A number without needless zeros.

    >>> plain(Decimal("93.50")), plain(12)
    ('93.5', '12')
    """
    if isinstance(value, int):
        return str(value)
    return f"{value.quantize(PRINTED, ROUND_HALF_UP).normalize():f}"


@dataclass
class Reading:
    """What a report is made from."""

    actor: Actor
    place: Division
    period: Period
    on: date
    known_on: date
    _held: dict[str, Figure] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The year spoken of."""
        return self.period.first.year

    @property
    def asked(self) -> Asked:
        """The same question as measures are asked."""
        return Asked.of(self.actor, WholePlace(self.place, self.year), self.on, self.known_on)

    def figure(self, figure_id: str) -> Figure:
        """One figure, computed once however many reports ask for it."""
        if figure_id not in self._held:
            self._held[figure_id] = self._compute(figure_id)
        return self._held[figure_id]

    def result(self, measure: Measure) -> MeasureResult:
        """What a measure says of the whole place in the year; a rate against what the place's own plans want of it."""
        found = measure.run(self.actor, WholePlace(self.place, self.year), self.on, self.known_on)
        if found.outcome is Outcome.NOT_APPLICABLE or found.numerator is None or not found.denominator:
            return found
        aims = reported.aims_of(self.plans, self.year, measure.id, self.known_on)
        return replace(found, outcome=_against(aims[0], found)) if aims else found

    @cached_property
    def plans(self) -> list[Any]:
        """The place's own plans of the year."""
        return reported.plans_of(self.actor, self.place, self.year)

    @cached_property
    def tasks(self) -> list[Status]:
        """Their tasks with both answers."""
        return reported.tasks_of(self.plans, self.actor, self.on, self.known_on)

    @cached_property
    def targets(self) -> list[reported.Target]:
        """Their indicators with targets."""
        return reported.targets_of(self.plans, self.actor, self.on, self.known_on)

    def _compute(self, figure_id: str) -> Figure:
        if figure_id in counts():
            return replace(counts()[figure_id].run(self), as_of=self.on)
        return _of_measure(measures.get(figure_id), self.result(measures.get(figure_id)))


@dataclass(frozen=True)
class Count:
    """One count of this room: its id never changes its meaning."""

    id: str
    title: str | Promise
    run: Callable[[Reading], Figure]


_counts: dict[str, Count] = {}


def counts() -> Mapping[str, Count]:
    """All counts by id; `soildesk.reporting.queries.counts` registers them when the desk starts."""
    return _counts


def counted_by(count: Count) -> None:
    """Make a count known."""
    _counts[count.id] = count


def _against(aim: reported.Aim, found: MeasureResult) -> Outcome:
    """What a plan's aim says of a rate, whatever the rows of which nobody can say turn out to be."""
    counted, whole = Decimal(found.numerator or 0), Decimal(found.denominator or 0)
    least, most = aim.outcome(counted / whole * 100), aim.outcome((counted + unsure_of(found)) / whole * 100)
    return least if least is most else Outcome.CANNOT_SAY


def _of_measure(measure: Measure, result: MeasureResult) -> Figure:
    """A measure as a figure: a share in percent where there is a whole, else the amount itself."""
    value: Decimal | int | None = result.numerator
    unit = result.unit
    if result.outcome is Outcome.NOT_APPLICABLE:
        value = None
    elif result.numerator is not None and result.denominator:
        value, unit = (
            (Decimal(result.numerator) / Decimal(result.denominator) * 100).quantize(PRINTED, ROUND_HALF_UP),
            "%",
        )
    elif isinstance(value, Decimal):
        value = value.quantize(AMOUNT, ROUND_HALF_UP)
    why = str(result.reason)
    return Figure(
        measure.id, str(measure.title), value, unit, "measure", str(result.outcome), why, result.numerator,
        result.denominator, result.unit, result.as_of, tuple(result.rows), unsure_of(result),
    )  # fmt: skip


def unsure_of(result: MeasureResult) -> Decimal:
    """How much of the denominator no record can judge: what the reason counts as open; without that the rest, where nothing can be said."""
    said = result.reason.parameters.get("open")
    if isinstance(said, (int, Decimal, str)) and not isinstance(said, bool):
        with suppress(InvalidOperation):
            return _whole_rest(Decimal(said), result)
    if result.outcome is not Outcome.CANNOT_SAY or result.numerator is None or result.denominator is None:
        return Decimal(0)
    return _rest(result)


def _rest(result: MeasureResult) -> Decimal:
    return max(Decimal(result.denominator or 0) - Decimal(result.numerator or 0), Decimal(0))


def _whole_rest(said: Decimal, result: MeasureResult) -> Decimal:
    """An amount told in whole units is the whole rest where it is that up to the rounding."""
    rest = _rest(result)
    return rest if abs(rest - said) <= ROUNDED else said


def offered() -> Mapping[str, str]:
    """Every figure a report or a form may ask for: its id and name."""
    own = {each.id: str(each.title) for each in counts().values()}
    of_measures = {one.id: str(one.title) for one in measures.measures().values() if not one.id.startswith(OWN)}
    return own | of_measures


def row_url(row: Proof) -> str:
    """The page of a row, where there is one."""
    if not row.url and row.subject_type == "plans.plantask":
        return reverse("plans:task", args=[row.uid])
    return row.page


def unknown_word(figure: Figure) -> str:
    """What is printed where a number is not known."""
    return _("不适用") if figure.outcome == Outcome.NOT_APPLICABLE else _("无法填报")
