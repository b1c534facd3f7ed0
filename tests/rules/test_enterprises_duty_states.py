"""Whatever happens to a firm in whatever order, no duty of law is unscheduled or silently dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from soilrules.enterprises.duties import CardLine, CardState, Owed, card, owed
from soilrules.enterprises.dutyrules import duty_rules
from soilrules.enterprises.facts import Event, EventKind, Stay, UnitFacts

OF_LAW = ("toxic_report", "self_monitoring", "hazard_inspection.first", "self_monitoring_plan", "permit_duties")
NEXT_INSPECTION = ("hazard_inspection.first", "hazard_inspection.again")
Key = tuple[str, str, date]
FILED = [
    EventKind.TOXIC_REPORT_FILED, EventKind.SELFMON_DONE, EventKind.SELFMON_PLAN_FILED, EventKind.HAZARD_INSPECTION_DONE,
    EventKind.ANOMALY_CLOSED, EventKind.TANK_REPORTED, EventKind.DEMOLITION_FILED_ECOLOGY, EventKind.DEMOLITION_FILED_INDUSTRY,
    EventKind.DEMOLITION_CLOSED,
]  # fmt: skip
BEGUN = {
    EventKind.ANOMALY: ("anomaly_investigation", "hazard_inspection.anomaly", "self_monitoring.anomaly_first"),
    EventKind.COMMISSIONED: ("hazard_inspection.project", "baseline"),
    EventKind.DEMOLITION_STARTED: ("demolition.ecology", "demolition.industry", "demolition.closing"),
    EventKind.TANK_IN_USE: ("tank_information.new",),
}


class Firm(RuleBasedStateMachine):
    """A firm listed, delisted, filing and failing, while the clock runs from 2025 over the day of the Code."""

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2025, 9, 1)
        self.stays: list[Stay] = []
        self.events: list[Event] = []
        self.missed: set[Key] = set()

    @property
    def listed(self) -> bool:
        return bool(self.stays) and self.stays[-1].until is None

    @property
    def facts(self) -> UnitFacts:
        traits = {"has_permit": True, "has_underground_tanks": None}
        return UnitFacts("U1", "990101", tuple(self.stays), tuple(self.events), traits)

    @precondition(lambda self: not self.listed)
    @rule()
    def list(self) -> None:
        self.stays.append(Stay("soil_key", self.today))

    @precondition(lambda self: self.listed)
    @rule()
    def delist(self) -> None:
        """Off the list from tomorrow on: what happened today was of a listed firm."""
        self.today += timedelta(1)
        self.stays[-1] = Stay("soil_key", self.stays[-1].since, self.today)

    @rule(kind=st.sampled_from([*FILED, EventKind.HAZARD_INSPECTION_DONE]), subject=st.sampled_from(["", "", "a", "b"]))
    def file(self, kind: EventKind, subject: str) -> None:
        self.events.append(Event(kind, self.today, subject=subject, evidence="file"))

    @rule(kind=st.sampled_from(sorted(BEGUN)), subject=st.sampled_from(["a", "b", "c"]))
    def happen(self, kind: EventKind, subject: str) -> None:
        if not any((one.kind, one.subject) == (kind, subject) for one in self.events):
            self.events.append(Event(kind, self.today, subject=subject))

    @rule(count=st.sampled_from([1, 30, 181, 366]))
    def wait(self, count: int) -> None:
        self.today += timedelta(count)

    @invariant()
    def nothing_owed_by_law_is_lost(self) -> None:
        every, cards = owed(self.facts, self.today), Cards(self.facts, self.today)
        found = {(one.rule.id, one.period, one.since): one for one in every}
        assert len(found) == len(every)
        if self.listed:
            self.has_every_duty_on_its_card(every, cards)
        self.owes_what_happened(every)
        self.is_told_what_it_missed(found, cards)
        for line in cards[self.today.year]:
            assert (line.state is CardState.DONE) == bool(
                line.owed and line.owed.evidence and not _later(line, self.today.year)
            )
            assert line.reason.sentence()

    def has_every_duty_on_its_card(self, every: Sequence[Owed], cards: Cards) -> None:
        open_ones = [one for one in every if one.ended_on is None]
        assert set(OF_LAW) <= {one.rule.id for one in open_ones}
        told = {line.rule.duty for line in cards[self.today.year]} | {
            one.rule.duty for one in every if one.done_on is not None
        }
        assert {one.duty for one in duty_rules() if not one.division} <= told
        assert any(one.rule.id in NEXT_INSPECTION and one.done_on is None for one in open_ones)

    def owes_what_happened(self, every: Sequence[Owed]) -> None:
        there = {(one.rule.id, one.period) for one in every}
        for event in self.events:
            if any(stay.since <= event.on and (stay.until is None or event.on < stay.until) for stay in self.stays):
                assert {(name, event.subject) for name in BEGUN.get(event.kind, ())} <= there

    def is_told_what_it_missed(self, found: Mapping[Key, Owed], cards: Cards) -> None:
        for key in self.missed:
            assert found[key].done_on is not None or cards.state(found[key]) is CardState.OVERDUE
        passed = {
            key
            for key, one in found.items()
            if one.due and one.due < self.today and one.done_on is None and not one.question
        }
        late = {key for key in passed if found[key].ended_on is None or found[key].due < found[key].ended_on}  # type: ignore[operator]
        assert all(cards.state(found[key]) is CardState.OVERDUE for key in late - self.missed)
        self.missed |= late


class Cards(dict[int, tuple[CardLine, ...]]):
    """The cards of a firm as of a day, each made when it is asked for."""

    def __init__(self, facts: UnitFacts, on: date) -> None:
        super().__init__()
        self.facts, self.on = facts, on

    def __missing__(self, year: int) -> tuple[CardLine, ...]:
        self[year] = card(self.facts, year, self.on)
        return self[year]

    def state(self, one: Owed) -> CardState | None:
        """How a duty stands on the card of the year it was due in, or begun in."""
        lines = [line for line in self[max(one.due or one.since, one.since).year] if line.owed]
        return next((line.state for line in lines if line.owed and _key(line.owed) == _key(one)), None)


def _key(one: Owed) -> Key:
    return one.rule.id, one.period, one.since


def _later(line: CardLine, year: int) -> bool:
    one = line.owed
    return bool(one and one.due and one.done_on and one.due.year > year < one.done_on.year)


Firm.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestFirm = Firm.TestCase
