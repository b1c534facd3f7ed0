"""Measures of the gate: asked before acts, planned supply surveyed, opinions answered; each outcome with its rows."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from desk.land_world import place, square
from desk.plot_world import Plots, noon
from soildesk.decisions.models import GateBatch, GateQuery, OpinionRequest
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate, ground_acts, opinions
from soildesk.decisions.services.gate import Said
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.oversight.services.problems import Proof

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY, YEAR_END = date(2026, 11, 20), date(2026, 12, 31)
D, N, C = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY
NAMES = ("asked_before_acts", "supply_surveyed", "opinions_in_time")


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def measured(
    made: Plots, name: str, *, who: str = "officer", on: date = DAY, known_on: date | None = None
) -> MeasureResult:
    plan = SimpleNamespace(
        division=made.world.district, year=2026, period_start=None, period_end=None, doc_number="", title="方案"
    )
    subject = SimpleNamespace(plan=plan, number="3")
    return measures.get(f"decisions.{name}").run(made.world.actor(who), subject, on, known_on or on)


def told(answer: MeasureResult) -> tuple[Outcome, Any, Any]:
    return answer.outcome, answer.numerator, answer.denominator


def asked(made: Plots, shape: Any, on: date = date(2026, 11, 1), **said: Any) -> GateQuery:
    question = Asked(shape, "供地", "0701", on, scheme="guide2023")
    return gate.ask(question, place(made.world), Said(**said), by=made.officer, at=noon(on))


def acted(made: Plots, shape: Any, on: date, document: str, act: str = "出让合同") -> None:
    said = {"act": act, "on": on, "document": document, "geometry": shape}
    ground_acts.record(said, place(made.world), by=made.officer, at=noon(on))


def test_no_record_proves_nothing_and_a_part_neither(made: Plots) -> None:
    assert [measured(made, name).outcome for name in NAMES] == [C, C, C]
    assert [measured(made, name, who="town").outcome for name in NAMES] == [C, C, C]


def test_an_act_is_asked_about_before_and_on_all_of_its_ground(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    acted(made, square(0, 0), date(2026, 11, 10), "青合〔2026〕1号")
    answer = measured(made, "asked_before_acts")
    assert (told(answer), answer.rows[0].note) == ((N, 0, 1), "办理前没有覆盖该范围的准入核查")
    asked(made, square(0, 0, 0.5), date(2026, 11, 9))
    asked(made, square(0, 0), date(2026, 11, 12))
    assert told(measured(made, "asked_before_acts")) == (N, 0, 1), "half of it, and all of it too late"
    asked(made, square(0, 0, 2), date(2026, 11, 9))
    answer = measured(made, "asked_before_acts")
    assert (told(answer), answer.rows[0].note.endswith("：禁止")) == ((N, 0, 1), True)
    assert measured(made, "asked_before_acts", known_on=date(2026, 11, 9)).outcome is C, "the act was not known"


def test_what_the_gate_could_not_say_decides_nothing_and_what_it_passed_counts(made: Plots) -> None:
    asked(made, square(0, 0), date(2026, 11, 9))
    acted(made, square(0, 0), date(2026, 11, 10), "青合〔2026〕1号")
    assert told(measured(made, "asked_before_acts")) == (C, 0, 1)
    made.released(made.plot("粮库地块", square(4, 0)), covered=square(4, 0))
    question = Asked(square(4, 0), "供地", "1001", date(2026, 11, 9), scheme="guide2023")
    passed = gate.ask(question, place(made.world), Said(), by=made.officer, at=noon(date(2026, 11, 9)))
    acted(made, square(4, 0), date(2026, 11, 10), "青合〔2026〕2号")
    rows = {row.name.split()[2]: row.counts for row in measured(made, "asked_before_acts").rows}
    assert rows["青合〔2026〕2号"] is (passed.decision in {"pass", "conditions"})


def test_supply_counts_where_no_check_still_wants_a_survey(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    batch = GateBatch.objects.create(
        number="PC-1", title="供应计划", act="供地", on=DAY, asked_at=noon(date(2026, 11, 1)),
        division_path=made.world.district.path, owner_department=made.world.departments["ecology"],
    )  # fmt: skip
    asked(made, square(0, 0), project="一号")
    assert measured(made, "supply_surveyed").outcome is C, "asked for itself, not of a plan"
    for name, shape in (("一号", square(0, 0)), ("二号", square(6, 0))):
        question = Asked(shape, "供地", "1001", date(2026, 11, 2), scheme="guide2023", untouched=True)
        answer = gate.check(question, by=made.officer)
        row = gate.written(
            answer, question, place(made.world), Said(project=name), by=made.officer, at=noon(date(2026, 11, 2)),
            number=f"ZR-{name}",
        )  # fmt: skip
        row.batch = batch
        row.save(force_insert=True)
    answer = measured(made, "supply_surveyed")
    assert (answer.outcome, answer.denominator) == (N, 2)
    (lacking,) = [row for row in answer.rows if row.name.endswith("一号")]
    assert lacking.note
    assert measured(made, "supply_surveyed", known_on=date(2026, 11, 1)).outcome is C


def test_an_opinion_is_in_time_late_or_still_open(made: Plots) -> None:
    query = asked(made, square(0, 0))
    facts = {"asked_of": made.world.departments["ecology"], "incoming": "青函1号", "asked_on": date(2026, 11, 5)}
    first = opinions.request(query, {**facts, "due": date(2026, 11, 18)}, by=made.officer, at=noon(date(2026, 11, 5)))
    assert told(measured(made, "opinions_in_time", on=date(2026, 11, 18))) == (C, 0, 1), "its day is not over"
    assert told(measured(made, "opinions_in_time")) == (N, 0, 1)
    reply = {"answer": "同意", "outgoing": "青环函1号", "answered_on": date(2026, 11, 18)}
    opinions.answer(first, reply, Proof("复函.txt", "复函".encode()), by=made.officer, at=noon(DAY))
    assert told(measured(made, "opinions_in_time")) == (D, 1, 1)
    again = opinions.request(
        query, {**facts, "due": None, "due_note": "没有约定"}, by=made.officer, at=noon(date(2026, 11, 19))
    )
    assert told(measured(made, "opinions_in_time")) == (C, 1, 2), "without a term nobody can say"
    opinions.give_back(again, "缺图", by=made.officer, at=noon(DAY))
    assert told(measured(made, "opinions_in_time")) == (D, 1, 1)
    assert OpinionRequest.objects.count() == 2
