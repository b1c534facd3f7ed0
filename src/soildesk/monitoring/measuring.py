"""How every measure of monitoring asks and answers: a plan's place and year, an actor who sees all of it, rows that count.

A subject is a plan's task or indicator; all that is known of it here is its `plan` (place, year, period) and, of an
indicator, its printed target. An actor who sees only a part of the place is told so: a part proves nothing of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from soildesk.core.paths import above
from soildesk.core.permissions import READERS, Actor
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason
from soilrules.indicators.targets import reaches

if TYPE_CHECKING:
    from soildesk.core.models import Division

TASK, INDICATOR = "plans.plantask", "plans.indicator"
BOTH = (TASK, INDICATOR)
PERCENT = frozenset({"%", "％"})
Rate = Callable[[int, int], Decimal | None]
PART = gettext_noop("您只能查看本地的一部分数据，不能据此判断全部。")
OPEN = gettext_noop("%(all)d 项中 %(good)d 项达到，%(open)d 项无法判断，逐项见下。")
NO_EDGE = gettext_noop("算得 %(percent)s%%（%(good)d/%(all)d）；目标的写法没有定下界线，是否达到由人判断。")
NOT_ASKED = gettext_noop("方案对本地没有下达这项指标。")
SILENT = gettext_noop("%(all)d 项都没有登记过任何记录：没有登记不等于没有做，不能判断。")


def of_place(asked: Asked, *of: Hashable, **facts: Hashable) -> Hashable:
    """What readings of a place have in common within a pass: for `once_a_pass`, where the year is not read."""
    return (asked.division.pk, asked.on, asked.known, of, *facts.items())


def of_year(asked: Asked, *of: Hashable, **facts: Hashable) -> Hashable:
    """The same, where the year asked for is read too."""
    return (asked.year, of_place(asked, *of, **facts))


def year_asked(subject: Any, on: date) -> int:
    """The year asked for: that of the day, kept within the plan's period; a plan without one asks for its year.

    A target is asked for up to its own year, also where that lies behind the period (到2030年).
    """
    plan = subject.plan
    first, last = plan.period_start, plan.period_end
    aim = _own_year(subject)
    if first is None and last is None:
        year: int = plan.year or on.year
        return min(aim, max(year, on.year)) if aim else year
    until = aim or (last.year if last else on.year)
    return min(max(on.year, first.year if first else on.year), until)


def first_day(subject: Any) -> date | None:
    """The day from which a plan asks anything: the begin of its period, or of its year."""
    plan = subject.plan
    begin: date | None = plan.period_start
    return begin if begin or plan.period_end or not plan.year else date(plan.year, 1, 1)


def last_day(subject: Any) -> date | None:
    """The last day a task or indicator can be asked about: the end of its plan's period, or of the year of the target."""
    plan, aim = subject.plan, _own_year(subject)
    end: date | None = plan.period_end
    year = aim or (end.year if end else None if plan.period_start else plan.year)
    if year is None or (end is not None and end.year == year):
        return end
    return date(year, 12, 31)


def _own_year(subject: Any) -> int | None:
    """The year a target names; one before its plan began is no year of the plan."""
    aim: int | None = getattr(subject, "year", None) if hasattr(subject, "comparator") else None
    begin = subject.plan.period_start
    return aim if aim and not (begin and aim < begin.year) else None


def _morrow(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def target_reached(indicator: Any, percent: Decimal) -> bool | None:
    """Whether a rate in percent is what an indicator's printed target asks for; None where that is for a person to say.

    Below the first branch of a rule with two, the second decides, and no rate does.
    """
    number = indicator.target_number if indicator.unit in PERCENT else None
    found = reaches(percent, indicator.comparator, number)
    return None if found is False and indicator.alternative else found


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of an answer: it counts, it does not, or (None) nobody can say; `note` says why.

    `silent`: it does not count only because nobody wrote anything down. `url`: where it stands, if it has no record page.
    """

    type: str
    uid: str
    name: str
    counts: bool | None
    note: str = ""
    silent: bool = False
    url: str = ""

    @property
    def proof(self) -> Proof:
        """As the measure hands it on."""
        return Proof(self.type, self.uid, self.name, bool(self.counts), self.note, self.url)


@dataclass(frozen=True, slots=True)
class WholePlace:
    """A place and a year asked about without a plan: it stands for the subject and for its plan."""

    division: Division
    year: int
    doc_number: str = ""
    title: str = ""
    number: str = ""
    period_start: date | None = None
    period_end: date | None = None

    @property
    def plan(self) -> WholePlace:
        """What a subject is asked for."""
        return self


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: by whom, of which place and year, on which day, as known by which moment."""

    actor: Actor
    subject: Any
    on: date
    known: datetime  # the first moment that is not known
    limit: date  # the last day both spoken of and known
    year: int  # that is asked for

    @classmethod
    def of(cls, actor: Actor, subject: Any, on: date, known_on: date) -> Asked:
        """The question a measure was called with."""
        return cls(actor, subject, on, _morrow(known_on), min(on, known_on), year_asked(subject, on))

    @property
    def years(self) -> range:
        """The years from the plan's first to the one asked for: what is done once is done in any of them."""
        first = self.subject.plan.period_start
        return range(min(first.year if first else self.year, self.year), self.year + 1)

    @property
    def end(self) -> datetime:
        """The first moment after the last day both spoken of and known."""
        return _morrow(self.limit)

    @property
    def division(self) -> Division:
        """The place of the plan."""
        found: Division = self.subject.plan.division
        return found

    @property
    def sees_all(self) -> bool:
        """Whether the actor sees every row of the place."""
        path = self.division.path
        grants = (grant for grant in self.actor.grants if grant.role in READERS)
        return self.actor.system or any(path.startswith(grant.division.path) for grant in grants)

    @property
    def decided_for(self) -> Q:
        """Rows of the place, and those a place above decided for it."""
        path = self.division.path
        return Q(division_path__startswith=path) | Q(division_path__in=above(path))

    @property
    def basis(self) -> str:
        """What the question rests on."""
        plan = self.subject.plan
        name = getattr(self.subject, "number", "") or getattr(self.subject, "name", "")
        return f"{plan.doc_number or plan.title} {name}".strip()

    def cannot_say(self, message: str, **told: Any) -> MeasureResult:
        """Nothing follows from the records, and why."""
        return MeasureResult(Outcome.CANNOT_SAY, Reason(message, told), self.on, basis=self.basis)

    def not_applicable(self, message: str, **told: Any) -> MeasureResult:
        """It asks nothing here, and why."""
        return MeasureResult(Outcome.NOT_APPLICABLE, Reason(message, told), self.on, basis=self.basis)

    def stopped(self) -> MeasureResult | None:
        """The answer where rows need not be read: the indicator asks nothing here, or not all of them are seen."""
        if getattr(self.subject, "not_applicable", False):
            return self.not_applicable(NOT_ASKED)
        return None if self.sees_all else self.cannot_say(PART)

    def share(self, rows: Sequence[Counted], rate: Rate, message: str, unit: str = "") -> MeasureResult:
        """The rows as a rate: of a task all must count, of an indicator as many as its target says.

        A row of which nobody can say whether it counts decides nothing; where it could turn the answer, nobody can say.
        Where every row is silent the register is empty, and an empty register has no figure.
        """
        proofs = tuple(row.proof for row in sorted(rows, key=lambda row: (row.counts is True, row.counts is None)))
        if rows and all(row.silent for row in rows):
            return replace(self.cannot_say(SILENT, all=len(rows)), rows=proofs)
        good, open_, all_ = sum(row.counts is True for row in rows), sum(row.counts is None for row in rows), len(rows)
        least, most = rate(good, all_), rate(good + open_, all_)
        if least is None or most is None:
            raise ValueError("a share of no rows: the measure answers for an empty register before it asks for a rate.")
        outcome = self.outcome(least, most)
        told = {"good": good, "all": all_, "open": open_, "percent": f"{least * 100:.1f}".removesuffix(".0")}
        if outcome is Outcome.CANNOT_SAY:
            message = OPEN if open_ else NO_EDGE
        return MeasureResult(outcome, Reason(message, told), self.on, good, all_, unit, proofs, self.basis)

    def outcome(self, least: Decimal, most: Decimal) -> Outcome:
        """Whether a share between two bounds is what the task or the indicator asks for."""
        low, high = self._reached(least), self._reached(most)
        if low is None or low is not high:
            return Outcome.CANNOT_SAY
        return Outcome.DONE if low else Outcome.NOT_DONE

    def _reached(self, rate: Decimal) -> bool | None:
        """Whether a rate is what the task or the indicator's target asks for."""
        if not hasattr(self.subject, "comparator"):
            return rate == 1
        return target_reached(self.subject, rate * 100)
