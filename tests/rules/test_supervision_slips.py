"""Which slips are due: cases, boundary first, and what no sequence of acts, days off and gaps can bring about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from soilrules import deadlines
from soilrules.deadlines import Due, State, WorkingCalendar, published_calendar
from soilrules.messages import LANGUAGES
from soilrules.strict import BadRuleData
from soilrules.supervision.due import SlipDue, slips_due
from soilrules.supervision.facts import Answered, DutyFacts, Span, Term
from soilrules.supervision.slips import Colour, Kind, RulesSince, customary, with_changes

FILE = Path(__file__).resolve().parents[1] / "cases" / "supervision" / "slips.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
LONG_AGO, DAY = date(2000, 1, 1), timedelta(days=1)


def facts_of(case: dict[str, Any]) -> DutyFacts:
    live = case.get("live")
    span = Span(*live) if isinstance(live, list) else Span(live) if live else None
    start = span.start if span else LONG_AGO
    return DutyFacts(
        live=span,
        terms=(Term(start, case["due"]), *(Term(*one) for one in case.get("moved", ()))),
        done_on=case.get("done_on"),
        issued_on=case.get("issued_on"),
        progress=tuple(case["told"]) if "told" in case else None,
        answers=tuple(Answered(*one) for one in case.get("answers", ())),
        suspended=tuple(Span(*one) for one in case.get("suspended", ())),
        rested=tuple(Span(*one) for one in case.get("rested", ())),
        important_since=case.get("important_since"),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_cases(case: dict[str, Any]) -> None:
    versions = [RulesSince(case.get("begins", LONG_AGO), customary())]
    versions += [RulesSince(case["ends"], None)] if "ends" in case else []
    found = slips_due(facts_of(case), versions, published_calendar(), case["until"])
    only = case.get("only", [one.id for one in customary().rules])
    assert [[one.on, str(one.colour), one.rule] for one in found if one.rule in only] == case["expect"]
    told = {one.rule: [str(to) for to in one.to] for one in found}
    assert {name: told[name] for name in case.get("to", {})} == case.get("to", {})


def test_every_rule_has_a_case_where_it_issues_and_one_where_it_does_not() -> None:
    rules = {one.id for one in customary().rules}
    issuing = {row[2] for case in CASES for row in case["expect"]}
    silent = {
        name for case in CASES for name in case.get("only", rules) if name not in [row[2] for row in case["expect"]]
    }
    assert issuing == rules
    assert silent == rules


def test_every_slip_says_why_in_both_languages() -> None:
    for case in CASES:
        for slip in slips_due(facts_of(case), [RulesSince(LONG_AGO, customary())], published_calendar(), case["until"]):
            for language in LANGUAGES:
                assert "{" not in slip.why.sentence(language)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"overdue": {"in_use": False}}, "overdue"),
        ({"overdue": {"colour": "blue"}}, "red"),
        ({"nobody": {"days": 1}}, "nobody"),
        ({"near": {"days": -1}}, "near"),
        ({"near": {"days": "5"}}, "whole number"),
        ({"near": {"to": []}}, "to"),
        ({"near": {"to": ["leader"]}}, "unit"),
        ({"near": {"colour": "none"}}, "colour"),
        ({"near": {"basis": "mine"}}, "basis"),
        ({"after_red_1": {"days": 15}}, "later than"),
    ],
)
def test_a_version_that_would_leave_a_step_out_is_refused(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(BadRuleData, match=word):
        with_changes(customary(), changes, {})


def test_an_offices_own_version_counts_from_its_day() -> None:
    own = with_changes(customary(), {"near": {"days": 2}, "remind_early": {"in_use": False}}, {"blue": "提示单"})
    versions = [RulesSince(LONG_AGO, customary()), RulesSince(date(2026, 6, 22), own)]
    facts = DutyFacts(Span(date(2026, 6, 22)), (Term(LONG_AGO, date(2026, 6, 30)),))
    found = slips_due(facts, versions, published_calendar(), date(2026, 6, 29))
    assert [(one.on, one.rule) for one in found] == [(date(2026, 6, 26), "near"), (date(2026, 6, 27), "remind_last")]
    assert own.colours[Colour.BLUE] == "提示单"
    assert own.colours[Colour.RED] == customary().colours[Colour.RED]


START = date(2026, 3, 2)
VERSIONS = (
    customary(),
    with_changes(customary(), {"near": {"days": 9}, "after_red_1": {"days": 1}, "after_red_2": {"days": 2}}, {}),
    with_changes(customary(), {"slow": {"in_use": False}, "unheeded": {"days": 1}}, {}),
)
FEW = st.integers(min_value=1, max_value=25)


class Supervised(RuleBasedStateMachine):
    """One duty through any acts; a desk that runs each evening and one that runs only now and then."""

    @initialize(due=st.integers(0, 60), issued=st.one_of(st.none(), st.integers(-30, 70)), told=st.booleans())
    def begin(self, due: int, issued: int | None, told: bool) -> None:
        self.today = START
        self.calendar = WorkingCalendar(frozenset(), frozenset(), 2030)
        self.versions = [RulesSince(START, VERSIONS[0])]
        issued_on = None if issued is None else START + issued * DAY
        self.facts = DutyFacts(
            Span(START), (Term(START, START + due * DAY),), issued_on=issued_on, progress=() if told else None
        )
        self.daily: dict[str, SlipDue] = {}
        self.seldom: dict[str, SlipDue] = {}

    @property
    def due(self) -> date:
        found = self.facts.terms[-1].due
        assert found is not None
        return found

    def _run(self, store: dict[str, SlipDue], until: date) -> None:
        found = slips_due(self.facts, self.versions, self.calendar, until)
        keys = [one.key for one in found]
        assert len(keys) == len(set(keys)), "one slip twice"
        for one in found:
            store.setdefault(one.key, one)

    @rule(days=FEW)
    def days_pass(self, days: int) -> None:
        for _day in range(days):
            self._run(self.daily, self.today)
            self.today += DAY

    @rule()
    def the_seldom_desk_runs(self) -> None:
        self._run(self.daily, self.today - DAY)
        self._run(self.seldom, self.today - DAY)
        assert set(self.seldom) <= set(self.daily)
        done = self.facts.done_on
        for key in set(self.daily) - set(self.seldom):  # said before it was known to be done on an earlier day
            assert done is not None
            assert self.daily[key].on >= done

    @rule(back=FEW)
    def the_clock_is_set_back_for_a_run(self, back: int) -> None:
        self._run(self.daily, self.today - DAY)  # what was reopened counts as never done
        before = set(self.daily)
        self._run(self.daily, self.today - DAY - back * DAY)
        assert set(self.daily) == before

    @precondition(lambda self: self.facts.progress is not None)
    @rule()
    def progress_is_told(self) -> None:
        self.facts = replace(self.facts, progress=(*(self.facts.progress or ()), self.today))

    @precondition(lambda self: bool(self.daily))
    @rule(data=st.data())
    def a_slip_is_answered(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.daily)))
        self.facts = replace(self.facts, answers=(*self.facts.answers, Answered(key, self.today)))

    @precondition(lambda self: self.today <= self.due)
    @rule(days=FEW)
    def the_body_moves_the_term(self, days: int) -> None:
        self.facts = replace(self.facts, terms=(*self.facts.terms, Term(self.today, self.due + days * DAY)))

    @rule(days=FEW)
    def an_internal_extension(self, days: int) -> None:
        self.facts = replace(self.facts, rested=(*self.facts.rested, Span(self.today, self.today + days * DAY)))

    @rule(days=st.one_of(st.none(), FEW))
    def it_is_suspended(self, days: int | None) -> None:
        end = None if days is None else self.today + days * DAY
        self.facts = replace(self.facts, suspended=(*self.facts.suspended, Span(self.today, end)))

    @rule()
    def it_goes_on(self) -> None:
        spans = (
            one if one.end is not None and one.end <= self.today else Span(one.start, self.today)
            for one in self.facts.suspended
        )
        self.facts = replace(self.facts, suspended=tuple(one for one in spans if one.start != one.end))

    @rule()
    def it_is_important(self) -> None:
        self.facts = replace(self.facts, important_since=self.facts.important_since or self.today)

    @rule()
    def it_is_no_longer_important(self) -> None:
        self.facts = replace(self.facts, important_since=None)

    @precondition(lambda self: self.due > self.today)
    @rule(data=st.data())
    def the_body_sets_an_earlier_term(self, data: st.DataObject) -> None:
        ahead = data.draw(st.integers(0, (self.due - self.today).days - 1))
        self.facts = replace(self.facts, terms=(*self.facts.terms, Term(self.today, self.today + ahead * DAY)))

    @precondition(lambda self: self.facts.done_on is None)
    @rule(back=st.integers(0, 5))
    def it_is_done_some_days_ago(self, back: int) -> None:
        self.facts = replace(self.facts, done_on=max(START, self.today - back * DAY))

    @precondition(lambda self: self.facts.done_on is None)
    @rule()
    def it_is_done(self) -> None:
        self.facts = replace(self.facts, done_on=self.today)

    @rule()
    def it_is_reopened(self) -> None:
        self.facts = replace(self.facts, done_on=None)

    @rule(which=st.sampled_from(VERSIONS))
    def another_version_from_today(self, which: Any) -> None:
        self.versions.append(RulesSince(self.today, which))

    @rule(ahead=st.integers(2, 40), days=st.integers(1, 8))
    def holidays_are_announced(self, ahead: int, days: int) -> None:
        off = frozenset(self.today + (ahead + n) * DAY for n in range(days))
        self.calendar = WorkingCalendar(self.calendar.holidays | off, frozenset(), 2030)

    @invariant()
    def nothing_overdue_is_without_its_red_slip(self) -> None:
        if not hasattr(self, "facts"):
            return
        day = self.today - DAY
        if day < START or any(one.holds(day) for one in self.facts.suspended):
            return
        due = next(one.due for one in reversed(self.facts.terms) if one.since <= day)
        duty = Due(due=due, done_on=self.facts.done_on, issued_on=self.facts.issued_on)
        if deadlines.state(duty, day, self.calendar) is State.OVERDUE:
            found = slips_due(self.facts, self.versions, self.calendar, day)
            assert any(one.kind is Kind.OVERDUE and one.due == due for one in found)
            assert all(one.colour is Colour.RED for one in found if one.kind is Kind.OVERDUE)

    @invariant()
    def nothing_is_red_that_is_not_late_and_no_step_is_left_out(self) -> None:
        if not hasattr(self, "facts"):
            return
        found = slips_due(self.facts, self.versions, self.calendar, self.today)
        days = {one.key: one for one in found}
        for one in found:
            if one.kind in (Kind.OVERDUE, Kind.AFTER_RED):
                assert one.on > one.due
                assert not any(span.holds(one.on) for span in self.facts.suspended)
            if one.follows:
                assert days[one.follows].on <= one.on
            if one.rule == "after_red_2":
                assert days[f"after_red_1:{one.due.isoformat()}"].on <= one.on


Supervised.TestCase.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
TestSupervised = Supervised.TestCase
