"""The cards of many firms at once are those of `duties.card`, line by line, whatever happened to the firms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from soilrules.enterprises.duties import card
from soilrules.enterprises.duty_columns import STATES, duty_columns
from soilrules.enterprises.dutyrules import chosen, duty_rules
from soilrules.enterprises.fact_columns import EVENTS, FAR, STAYS, UNITS
from soilrules.enterprises.facts import Event, EventKind, Stay, UnitFacts

TRAITS = ("has_hidden_units", "near_sensitive", "has_underground_tanks", "has_permit")
DIVISIONS = ("990101", "410503", "140602", "410102", "512002", "370102")
EDGES = (
    date(2018, 5, 3), date(2018, 8, 1), date(2021, 1, 4), date(2021, 5, 19), date(2021, 8, 11), date(2021, 10, 31),
    date(2022, 1, 1), date(2024, 2, 29), date(2026, 8, 14), date(2026, 8, 15), date(2026, 12, 31),
)  # fmt: skip
TOGETHER = (  # what bears on one another: the kinds of events of one firm
    (EventKind.ANOMALY, EventKind.SELFMON_DONE, EventKind.HAZARD_INSPECTION_DONE, EventKind.ANOMALY_CLOSED),
    (EventKind.HAZARD_INSPECTION_DONE, EventKind.COMMISSIONED, EventKind.BASELINE_FILED),
    (EventKind.SELFMON_DONE, EventKind.TOXIC_REPORT_FILED, EventKind.SELFMON_PLAN_FILED),
    (EventKind.DEMOLITION_PLANNED, EventKind.DEMOLITION_STARTED, EventKind.DEMOLITION_FILED_INDUSTRY, EventKind.DEMOLITION_CLOSED),
    (EventKind.TANK_IN_USE, EventKind.TANK_REPORTED, EventKind.TRANSFER_PLANNED, EventKind.SURVEY_FILED),
    (EventKind.LETTER_SIGNED, EventKind.LETTER_PUBLISHED, EventKind.PERMIT_ISSUED, EventKind.PERMIT_DUTIES_WRITTEN),
)  # fmt: skip


def facts_of(dice: Random) -> UnitFacts:
    """A firm to which things happen close together, often on the days rules begin."""

    def day() -> date:
        near = dice.choice(EDGES) if dice.random() < 0.4 else date(2018, 6, 1) + timedelta(dice.randrange(9 * 365))
        return near + timedelta(dice.choice([0, 0, 0, 1, -1, 366, 1096]))

    def stay() -> Stay:
        since = day()
        lasts = dice.choice([None, None, timedelta(dice.randrange(1, 2000))])
        return Stay(dice.choice(["soil_key", "soil_key", "soil_key", "cadmium"]), since, lasts and since + lasts)

    kinds, used = dice.choice(TOGETHER), [day() for _ in range(3)]

    def event() -> Event:
        on = dice.choice(used) + timedelta(dice.choice([0, 0, 1, 20, 200, 400]))
        period = dice.choice(["", "", "", "2021", "2026", "2026-1", "2026-3", "2026-x", "first"])
        subject = dice.choice(["", "", "a", "b", "soil", "groundwater"])
        return Event(dice.choice(kinds), on, period, subject, known=dice.choice([None, None, day()]))

    return UnitFacts(
        "",
        dice.choice(DIVISIONS),
        tuple(stay() for _ in range(dice.randrange(1, 4))),
        tuple(event() for _ in range(dice.randrange(16))),
        {name: dice.choice([True, True, False, None]) for name in TRAITS if dice.random() < 0.8},
        dice.choice([None, None, None, day()]),
    )


def batches(units: Sequence[UnitFacts]) -> tuple[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch]:
    schema = pa.schema([*UNITS, *(pa.field(name, pa.bool_()) for name in TRAITS)])
    told = [
        {"unit": 7 * number, "division": one.division, "operating_until": one.operating_until, **one.traits}
        for number, one in enumerate(units)
    ]
    listed = [
        {"unit": 7 * number, "list_key": stay.list_key, "since": stay.since, "until": stay.until}
        for number, one in enumerate(units)
        for stay in one.stays
    ]
    happened = [
        {"unit": 7 * number, **{name: getattr(event, name) for name in ("kind", "on", "known", "period", "subject")}}
        for number, one in enumerate(units)
        for event in one.events
    ]
    return batch(told, schema), batch(listed, STAYS), batch(happened, EVENTS)


def batch(rows: Sequence[dict[str, object]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


@given(
    st.randoms(use_true_random=False),
    st.sampled_from([*EDGES, date(2025, 3, 3), date(2027, 7, 1), date(2028, 7, 1)]),
    st.booleans(),
)
@settings(max_examples=50, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_columns_say_what_the_cards_say(dice: Random, on: date, switched: bool) -> None:
    dice = Random(dice.getrandbits(64))
    units, year = [facts_of(dice) for _ in range(60)], on.year + dice.choice([0, 0, -1, -3, 1])
    rules = chosen(duty_rules(), "hazard_inspection.again", "as-guide2021") if switched else duty_rules()
    found = duty_columns(*batches(units), years=(year, year + dice.choice([0, 2])), on=on, rules=rules)
    rows, states = found.states(year)

    lines = [
        (number, line.rule.key, line.owed.period, line.owed.since, line.due, line.owed.earliest, line.owed.done_on, line.owed.provisional, line.state)
        for number, one in enumerate(units)
        for line in card(one, year, on, rules=rules)
        if line.owed
    ]  # fmt: skip
    one = found.begun
    columns = [
        (
            int(one.unit[row]), rules[found.rule[row]].key, found.period(row), day(one.since[row]), day(one.due[row]), day(one.earliest[row]),
            day(found.done[row]), bool(one.provisional[row]), STATES[state],
        )
        for row, state in zip(rows, states, strict=True)
    ]  # fmt: skip
    assert sorted(columns, key=repr) == sorted(lines, key=repr)


def day(number: int) -> date | None:
    return None if number >= FAR else date(1970, 1, 1) + timedelta(int(number))


def test_a_card_in_columns_names_unit_duty_state_and_proof() -> None:
    filed = Event(EventKind.TOXIC_REPORT_FILED, date(2026, 3, 1))
    other = UnitFacts("", "990101", (Stay("soil_key", date(2020, 1, 1)),))
    one = UnitFacts("", "990101", (Stay("soil_key", date(2020, 1, 1)),), (filed,))
    found = duty_columns(*batches([other, one]), years=(2026, 2026), on=date(2026, 11, 22)).card(2026)

    reports = [row for row in found.to_pylist() if row["rule"] == "toxic_report"]
    assert [(row["unit"], row["state"], row["done_on"], row["event"]) for row in reports] == [
        (0, "due", None, None),
        (7, "done", date(2026, 3, 1), 0),
    ]


def test_a_stay_of_nobody_is_refused() -> None:
    units, listed, happened = batches([UnitFacts("", "990101")])
    stray = batch([{"unit": 5, "list_key": "soil_key", "since": date(2020, 1, 1)}], STAYS)
    with pytest.raises(ValueError, match="unit 5, which is not among the 1 units"):
        duty_columns(units, stray, happened, years=(2026, 2026), on=date(2026, 1, 1))
    with pytest.raises(ValueError, match="no unit"):
        duty_columns(units.slice(0, 0), stray, happened, years=(2026, 2026), on=date(2026, 1, 1))
    assert not len(duty_columns(units, listed, happened, years=(2026, 2026), on=date(2026, 1, 1)).rule)
