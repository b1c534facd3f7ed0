"""What a firm owes: every rule by case, both sides of each day; and nothing owed by law is ever lost."""

from __future__ import annotations

import doctest
import re
from datetime import date, timedelta
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.bases import bases, basis_on, successors
from soilrules.enterprises.duties import CardLine, CardState, card, owed
from soilrules.enterprises.dutyproblems import problems
from soilrules.enterprises.dutyrules import DutyRule, DutyRules, Force, TermKind, Trigger, chosen, duty_rules, rules_in
from soilrules.enterprises.facts import Event, EventKind, Stay, UnitFacts
from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.dated import switched_off
from soilrules.strict import BadRuleData

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "enterprises"
CASES: list[dict[str, Any]] = [
    case for name in ("reports", "self_monitoring", "hazards", "sites") for case in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
]  # fmt: skip
STATES = {
    "done": CardState.DONE, "done_late": CardState.DONE, "due": CardState.DUE, "due_provisional": CardState.DUE, "no_day": CardState.DUE,
    "overdue": CardState.OVERDUE, "missed": CardState.OVERDUE, "ended": CardState.NOT_DUE, "later": CardState.NOT_DUE,
    "window": CardState.NOT_DUE, "hint": CardState.NOT_DUE, "waiting": CardState.NOT_DUE, "needs": CardState.CANNOT_SAY,
    "term_unknown": CardState.CANNOT_SAY, "switched_off": CardState.CANNOT_SAY,
}  # fmt: skip


def facts_of(case: dict[str, Any]) -> UnitFacts:
    listed = [Stay("soil_key", one[0], one[1] if len(one) > 1 else None) for one in case["listed"]]
    return UnitFacts(
        "U1",
        case.get("division", "990101"),
        tuple(listed),
        tuple(event_of(*one) for one in case.get("events", [])),
        case.get("traits", {}),
        case.get("stopped"),
    )


def event_of(kind: str, on: date, subject: str = "", period: str = "", known: date | None = None) -> Event:
    return Event(EventKind(kind), on, period, subject, f"{kind} {on}", known)


def rules_of(case: dict[str, Any]) -> DutyRules:
    rules = duty_rules()
    for name, edition in case.get("chosen", {}).items():
        rules = chosen(rules, name, edition)
    return tuple(switched_off(one) if one.id in case.get("out_of_use", []) else one for one in rules)


def asked(case: dict[str, Any], on: date) -> CardLine | None:
    """The line a case asks for, on a day."""
    year = case.get("years", {}).get(on, case.get("year", on.year))
    lines = [one for one in card(facts_of(case), year, on, rules=rules_of(case)) if one.rule.id == case["rule"]]
    exact = [one for one in lines if one.owed and one.owed.period == case.get("period")]
    waiting = [one for one in lines if one.owed is None]
    assert len(exact) <= 1
    return next(iter(exact + waiting), None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['name']}")
def test_card(case: dict[str, Any]) -> None:
    for on, word in case["says"].items():
        line = asked(case, on)
        assert (line.reason.id if line else "nothing") == word, f"on {on}"
        if line is None:
            continue
        assert line.state is STATES[word]
        if line.owed:
            assert (line.due, line.owed.earliest) == (case["due"], case.get("earliest"))
            assert [line.rule.division, line.rule.edition] == case.get("row", [line.rule.division, line.rule.edition])
            assert sorted({one.division for one in line.owed.also}) == case.get(
                "also", sorted({one.division for one in line.owed.also})
            )
            assert bool(line.owed.evidence) == (line.state is CardState.DONE)
        sentences = [message.sentence(one) for message in said(line) for one in LANGUAGES]
        assert all("{" not in one and "None" not in one for one in sentences)


def said(line: CardLine) -> list[Any]:
    return [line.reason, *([line.owed.reason] if line.owed else [])]


def told() -> list[tuple[DutyRule, str, CardLine, date]]:
    """Rule, sentence, line and day of everything the cases ask."""
    found = [(asked(case, on), on) for case in CASES for on in case["says"]]
    return [(line.rule, line.reason.id, line, on) for line, on in found if line]


def test_every_rule_has_both_sides_of_its_day_and_every_answer() -> None:
    answers = told()
    for rule in duty_rules():
        mine = [(word, line, on) for one, word, line, on in answers if one.key == rule.key]
        if rule.id == "toxic_report" and rule.division:
            continue  # its day had passed when it was issued: a case shows that it is set aside
        words = {word for word, _, _ in mine}
        wanted = {Force.HINT: {"hint", "done"}}.get(rule.force) or {
            TermKind.NONE: {"no_day", "done"},
            TermKind.UNKNOWN: {"term_unknown", "done"},
        }.get(rule.term.kind, {"due", "overdue", "done"})
        assert words >= (wanted if rule.in_use else wanted - {"done"}), rule.key
        if "due" in wanted:
            assert (
                any(word == "due" and line.due == on for word, line, on in mine) or rule.id == "tank_information.new"
            ), rule.key
            assert any(word == "overdue" and line.due and line.due + timedelta(1) == on for word, line, on in mine), (
                rule.key
            )
    for rule in duty_rules():
        words = {word for one, word, _, _ in answers if one.id == rule.id}
        assert rule.trigger is not Trigger.EVENT or "waiting" in words, rule.id
        assert not rule.needs.traits or "needs" in words, rule.id


def test_every_sentence_is_said() -> None:
    answers = told()
    assert {word for _, word, _, _ in answers} == set(STATES) == set(catalogue("enterprises")["duty_states"])
    assert {line.owed.reason.id for _, _, line, _ in answers if line.owed} == set(
        catalogue("enterprises")["duty_reasons"]
    )
    assert {str(one.event) for one in duty_rules() if one.event} == set(catalogue("enterprises")["duty_events"])
    assert {name for one in duty_rules() for name in one.needs.traits} == set(catalogue("enterprises")["duty_traits"])
    assert {str(who) for one in duty_rules() for who in one.recipients} == set(
        catalogue("enterprises")["duty_recipients"]
    )


def listed(*events: Event, since: date = date(2020, 1, 1), division: str = "990101") -> UnitFacts:
    return UnitFacts("U1", division, (Stay("soil_key", since),), events)


def cited(facts: UnitFacts, on: date, rule: str, period: str) -> list[str]:
    return [basis.id for one in owed(facts, on) if (one.rule.id, one.period) == (rule, period) for basis in one.basis]


def test_the_citation_is_that_of_the_day() -> None:
    filed = Event(EventKind.TOXIC_REPORT_FILED, date(2026, 3, 1))
    assert cited(listed(), date(2026, 8, 14), "toxic_report", "2026") == ["law.toxic"]
    assert cited(listed(), date(2026, 8, 15), "toxic_report", "2026") == ["code.toxic"]
    assert cited(listed(filed), date(2026, 8, 15), "toxic_report", "2026") == ["law.toxic"]
    assert cited(listed(), date(2026, 8, 15), "toxic_report", "2025") == ["law.toxic"]
    assert [one.id for one in successors(bases()["law.toxic"])] == ["code.toxic"]


def test_every_duty_of_law_has_a_citation_on_every_day_it_can_be_owed() -> None:
    for rule in duty_rules():
        last = (rule.until or date(2030, 1, 1)) - timedelta(1)
        assert rule.force is Force.HINT or (
            basis_on(rule, max(rule.since, date(2018, 8, 1))) and basis_on(rule, last)
        ), rule.key


def test_the_kinds_of_breach_stand_in_the_catalogue() -> None:
    text = (files("soilrules") / "data" / "enterprises" / "violations.yaml").read_text("utf-8")
    known = set(re.findall(r"^  - id: (\w+)$", text, re.MULTILINE))
    assert {one.violation for one in duty_rules() if one.violation} <= known


DEMOLITION = {
    "not filed at all": ([], ["demolition_unfiled", "demolition_unfiled"]),
    "filed with one department only": ([("ecology", date(2026, 3, 9))], ["demolition_unfiled"]),
    "in time with both": ([("ecology", date(2026, 3, 9)), ("industry", date(2026, 3, 1))], []),
    "a day short with one": (
        [("ecology", date(2026, 3, 10)), ("industry", date(2026, 3, 9))],
        ["demolition_filed_short"],
    ),
    "on the day itself": ([("ecology", date(2026, 3, 30)), ("industry", date(2026, 3, 9))], ["demolition_filed_short"]),
    "the day after": ([("ecology", date(2026, 3, 31)), ("industry", date(2026, 3, 9))], ["demolition_unfiled"]),
}


@pytest.mark.parametrize("name", DEMOLITION)
def test_a_demolition_and_its_filing(name: str) -> None:
    filed, expected = DEMOLITION[name]
    filings = [Event(EventKind(f"demolition_filed_{who}"), on, subject="D1") for who, on in filed]
    begun = Event(EventKind.DEMOLITION_STARTED, date(2026, 3, 30), subject="D1")
    found = problems(listed(begun, *filings), date(2026, 4, 30))

    assert [one.kind for one in found] == expected
    assert all(one.violation == "demolition_not_filed" and one.basis for one in found)
    assert all("{" not in one.message.sentence(language) for one in found for language in LANGUAGES)
    assert problems(listed(begun, *filings), date(2026, 3, 29)) == ()
    assert problems(listed(begun, *filings, since=date(2026, 3, 31)), date(2026, 4, 30)) == ()


def test_without_the_holidays_too_short_is_said_with_care() -> None:
    begun = Event(EventKind.DEMOLITION_STARTED, date(2027, 3, 29), subject="D1")
    filings = [
        Event(EventKind(f"demolition_filed_{who}"), date(2027, 3, 9), subject="D1") for who in ("ecology", "industry")
    ]
    found = problems(listed(begun, *filings), date(2027, 4, 1))
    assert {one.message.id for one in found} == {"demolition_filed_short_provisional"}


def test_results_before_the_listing_are_pointed_out() -> None:
    facts = listed(Event(EventKind.SELFMON_DONE, date(2019, 12, 31)), Event(EventKind.SELFMON_DONE, date(2020, 1, 1)))
    found = problems(facts, date(2026, 1, 1))
    assert [(one.kind, one.on, one.violation) for one in found] == [("before_listing", date(2019, 12, 31), "")]
    assert set(catalogue("enterprises")["duty_problems"]) == {
        "before_listing", "demolition_unfiled", "demolition_filed_short", "demolition_filed_short_provisional",
    }  # fmt: skip


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = (files("soilrules") / "data" / "enterprises" / "duties.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "duties.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


BROKEN = {
    "overlap": ("    in_use: false\n    since: 2026-08-15", "    in_use: true\n    since: 2026-08-15", r"line \d+ and of line \d+ both hold in all places on 2026-08-15"),
    "another trigger": ('    division: "410503"\n    issued_on: 2021-05-19\n    lists: [soil_key]\n    owed_by: unit', '    division: "410503"\n    issued_on: 2021-05-19\n    lists: [soil_key]\n    owed_by: ecology', "differ in owed_by"),
    "unknown key": ("    force: must", "    forse: must", "unknown key forse"),
    "unknown basis": ("bases: [law.toxic,", "bases: [law.tonic,", "expected ids of data/bases"),
    "no month": ('rounds: ["12-31"]', 'rounds: ["13-31"]', "expected month and day"),
    "term": ('kind: yearly, rounds: ["12-31"]', "kind: none", "with the trigger yearly"),
    "event": ("    event: commissioned\n", "", "expected an event with the trigger event only"),
    "number": ('most: "12"', "most: 12", "expected a number in quotes"),
    "half a month": ('most: "12"', 'most: "1.5"', "expected a whole number"),
    "evidence": ("evidence: [toxic_report_filed]", "evidence: [toxic_report]", "evidence has toxic_report"),
    "lists": ("lists: [soil_key]", "lists: []", "expected a list, an evidence"),
    "fixed": ("kind: fixed, day: 2021-08-31", "kind: fixed", "fixed without a day"),
    "rounds": ('rounds: ["06-30", "12-31"]', 'rounds: ["12-31", "06-30"]', "rounds are to rise"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rules_are_refused_with_their_line(name: str, tmp_path: Path) -> None:
    old, new, expected = BROKEN[name]
    with pytest.raises(BadRuleData, match=expected):
        rules_in(changed(tmp_path, old, new))


def test_an_edition_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="has no edition 'x'"):
        chosen(duty_rules(), "hazard_inspection.again", "x")


@pytest.mark.parametrize("name", ["starts", "duties"])
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.enterprises.{name}")).failed
