"""How an assessment stands: its scheme, the facts that count at its stage, and the score that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from soildesk.assessment.models import Assessment, Draw, DrawnRow, ItemResult, SchemeAdoption
from soildesk.assessment.queries.facts import Kept, as_checked, fact_of
from soildesk.assessment.queries.records import base_of
from soildesk.core import clock
from soildesk.core.calendar import working_calendar
from soilrules.assessment.facts import NOT_APPLICABLE, Fact, cleared, exactly, struck
from soilrules.assessment.scheme import Deduction, Item, Scheme, Veto
from soilrules.assessment.schemes import of_data, with_changes
from soilrules.assessment.score import Score, score

State = Assessment.State
SELF_STAGE = (State.OPENED, State.SELF_ASSESSED)
"""Stages in which the word of the assessed stands for what no register tells."""


def scheme_of(adoption: SchemeAdoption) -> Scheme:
    """The scheme as the place put it into force."""
    return with_changes(base_of(adoption), adoption.changes)


def objections_until(assessment: Assessment) -> date | None:
    """The last day of objections; None where the scheme sets no term or nothing was told yet."""
    days = base_of(assessment.adoption).objection_days
    if days is None or assessment.announced_at is None:
        return None
    return working_calendar().add_working_days(clock.local_day(assessment.announced_at), days)[0]


@dataclass
class Standing:
    """One assessment with everything that is said of it, read once."""

    assessment: Assessment

    @cached_property
    def scheme(self) -> Scheme:
        """Its scheme; of a final result the one that was frozen with it."""
        if self.assessment.snapshot:
            return of_data(self.assessment.snapshot["scheme"])
        return scheme_of(self.assessment.adoption)

    @cached_property
    def results(self) -> dict[str, ItemResult]:
        """What is said of each item."""
        rows = self.assessment.results.select_related("self_by", "checked_by")
        return {row.item: row for row in rows}

    @cached_property
    def draw(self) -> Draw | None:
        """The draw that counts: the last since the self-assessment was signed."""
        rows = self.assessment.draws.all()
        if self.assessment.signed_at is not None:
            rows = rows.filter(drawn_at__gte=self.assessment.signed_at)
        return rows.first()

    @cached_property
    def drawn(self) -> list[DrawnRow]:
        """Its rows."""
        return list(self.draw.rows.select_related("checked_by")) if self.draw else []

    @cached_property
    def rules(self) -> dict[str, Item | Deduction | Veto]:
        """Everything in use a value is asked for."""
        scheme = self.scheme
        rows: list[Item | Deduction | Veto] = [*scheme.used]
        rows += [one for one in (*scheme.deductions, *scheme.vetoes) if one.in_use]
        return {one.id: one for one in rows}

    def stated(self, name: str) -> bool:
        """Whether a person says it, because no register does."""
        return not self.rules[name].figures

    def to_confirm(self) -> list[str]:
        """The items no register tells, of which the assessed say something and nothing was confirmed yet."""
        return [
            name
            for name, row in self.results.items()
            if name in self.rules and self.stated(name) and row.checked_at is None and (row.self_value is not None or row.self_na)
        ]  # fmt: skip

    def recorded(self) -> dict[str, Fact]:
        """What the records alone say."""
        return {name: fact_of(kept) for name, kept in self.assessment.facts.items()}

    def kept(self) -> dict[str, Kept]:
        """What was read from the records, every row as it counts at this stage: one that was found false counts no more."""
        false = {} if self.assessment.state in SELF_STAGE else self._false()
        return {name: as_checked(one, false.get(name, {})) for name, one in self.assessment.facts.items()}

    def facts(self, *, own: bool | None = None) -> dict[str, Fact]:
        """The facts that count: of the self-assessment (`own`), or as checked; by the stage where nothing is said.

        Records come first. A row found false is taken off; a value that was confirmed stands in place of everything else.
        """
        own = self.assessment.state in SELF_STAGE if own is None else own
        found = self.recorded()
        if not own:
            for name, keys in self._false().items():
                found[name] = struck(found[name], keys)
        for name in self.rules:
            said = self._said(name, own=own)
            if said is not None:
                found[name] = said
        return found

    def score(self, *, own: bool | None = None, supposed: Mapping[str, Collection[str]] | None = None) -> Score:
        """The score; `supposed` names for an item rows that are thought of as done."""
        facts = self.facts(own=own)
        for name, keys in (supposed or {}).items():
            if name in facts:
                facts[name] = cleared(facts[name], keys)
        return score(self.scheme, facts)

    def _false(self) -> dict[str, dict[str, str]]:
        """The rows a look found false, by their items, with what was seen."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self.drawn:
            if row.outcome == DrawnRow.Outcome.FALSE and row.item in self.assessment.facts:
                found[row.item][row.key] = row.note
        return found

    def _said(self, name: str, *, own: bool) -> Fact | None:
        row = self.results.get(name)
        if row is None:
            return None
        if not own:
            if row.checked_na:
                return NOT_APPLICABLE
            return None if row.checked_value is None else self._value(name, row.checked_value)
        if not self.stated(name):
            return None
        if row.self_na:
            return NOT_APPLICABLE
        return None if row.self_value is None else self._value(name, row.self_value)

    def _value(self, name: str, value: Any) -> Fact:
        """A value a person gave: a share of the whole for an item, a number of cases for the rest."""
        fact = exactly(value)
        is_share = isinstance(self.rules[name], Item) and not getattr(self.rules[name], "faults", False)
        return Fact(fact.low, fact.high, True, (), Fraction(1)) if is_share else fact
