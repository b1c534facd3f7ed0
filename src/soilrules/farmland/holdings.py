"""What holdings owe about inputs, produce and wastes, and the limits of film, of film left in soil and of sludge on land.

What nobody knows (the form of a holding, its area, a thickness) leaves the answer open, never passed. Data: holdings.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.bases import known_bases
from soilrules.farmland.inputs import shown
from soilrules.farmland.rulesets import ROOM
from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

M2_PER_MU = Decimal(10000) / Decimal(15)
MONTHS = 12


class Duty(StrEnum):
    """What is owed."""

    LEDGER = "ledger"
    PRODUCE_TEST = "produce_test"
    SOIL_AFTER_TEST = "soil_after_test"
    MANURE_FACILITY = "manure_facility"
    OUTLET_CHECKED = "outlet_checked"
    LICENCE = "licence"


class Limit(StrEnum):
    """What a figure of a ledger is held against."""

    FILM = "film_mm"
    RESIDUE = "residue_kg_per_ha"
    SLUDGE = "sludge_t_per_ha"


class State(StrEnum):
    """How a duty or a limit stands."""

    DONE = "done"
    MISSING = "missing"
    BREACHED = "breached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HoldingDuty:
    """One duty: of which holdings, where it binds, above how much ground, how often, for how many years its paper is kept.

    `lines` are the kinds of entries that keep a ledger; empty: any.
    """

    key: str
    duty: Duty
    zh: str
    en: str
    kinds: frozenset[str]
    forms: frozenset[str]
    regions: tuple[str, ...]
    over_mu: Decimal | None
    every_months: int
    years: int
    bases: tuple[str, ...]
    mark: str
    lines: frozenset[str] = frozenset()

    def binds(self, code: str) -> bool:
        """Whether it is law in the place with an administrative code."""
        return not self.regions or code.startswith(self.regions)

    def owed(self, one: Facts) -> bool | None:
        """Whether a holding owes it; None where a fact it depends on is not known."""
        if one.kind not in self.kinds:
            return False
        answers = [
            None if self.forms and not one.form else not self.forms or one.form in self.forms,
            True if self.over_mu is None else None if one.area_m2 is None else one.area_m2 > self.over_mu * M2_PER_MU,
            one.edible if self.over_mu is not None else True,
        ]
        return False if False in answers else None if None in answers else True


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit: the least or the most a figure may be; the limit itself is kept."""

    least: Decimal | None
    most: Decimal | None
    years: int
    bases: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a holding on a day. Yes-or-no facts are None where nobody knows."""

    kind: str
    form: str = ""
    area_m2: Decimal | None = None
    edible: bool | None = None
    equipped: bool | None = None
    has_outlet: bool | None = None
    outlet_checked_on: date | None = None
    last_entry: date | None = None
    last_test: date | None = None
    failed: Sequence[date] = ()  # days of samples above their limit
    soil_checks: Sequence[tuple[date, bool, date | None]] = ()  # day, soil suspected, soil monitored on
    entries: Mapping[str, date] = field(default_factory=dict)  # kind of entry: day of the last
    licence: str = ""
    licence_until: date | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """How one duty of a holding stands, and the sentence that says it."""

    duty: HoldingDuty
    state: State
    message: Message


def stands(one: Facts, day: date) -> list[Stand]:
    """Every duty a holding owes, or may owe, on a day."""
    found = []
    for duty in duties():
        owed = duty.owed(one)
        if owed is None:
            found.append(_said(duty, State.UNKNOWN, "may_owe"))
        elif owed and (stand := _STANDS[duty.duty](duty, one, day)) is not None:
            found.append(stand)
    return found


def _ledger(duty: HoldingDuty, one: Facts, day: date) -> Stand:
    last = one.last_entry
    if duty.lines:
        last = max((on for kind, on in one.entries.items() if kind in duty.lines), default=None)
    return _recent(duty, last, day, ("ledger", "no_ledger", "old_ledger"))


def _produce(duty: HoldingDuty, one: Facts, day: date) -> Stand:
    return _recent(duty, one.last_test, day, ("tested", "no_test", "old_test"))


def _recent(duty: HoldingDuty, last: date | None, day: date, words: tuple[str, str, str]) -> Stand:
    """Done where the last one lies within the term; `words` for done, never and too long ago."""
    done, never, old = words
    if last is None or last > day:
        return _said(duty, State.MISSING, never)
    if last < months_before(day, duty.every_months):
        return _said(duty, State.MISSING, old, day=str(last))
    return _said(duty, State.DONE, done, day=str(last))


def _soil(duty: HoldingDuty, one: Facts, day: date) -> Stand | None:
    """After a sample above its limit somebody says whether the soil may be why; where it may, soil is monitored."""
    failed = [on for on in one.failed if on <= day]
    if not failed:
        return None
    last = max(failed)
    after = [check for check in one.soil_checks if last <= check[0] <= day]
    if not after:
        return _said(duty, State.MISSING, "soil_unasked", day=str(last))
    _on, suspected, monitored = max(after, key=lambda check: check[0])
    if not suspected:
        return _said(duty, State.DONE, "soil_not_why", day=str(last))
    if monitored is None or monitored > day:
        return _said(duty, State.MISSING, "soil_unmonitored", day=str(last))
    return _said(duty, State.DONE, "soil_monitored", day=str(monitored))


def _facility(duty: HoldingDuty, one: Facts, _day: date) -> Stand:
    if one.equipped is None:
        return _said(duty, State.UNKNOWN, "facility_unknown")
    return _said(duty, *((State.DONE, "facility") if one.equipped else (State.MISSING, "no_facility")))


def _outlet(duty: HoldingDuty, one: Facts, day: date) -> Stand:
    checked = one.outlet_checked_on
    if one.has_outlet is None or checked is None or checked > day:
        return _said(duty, State.MISSING, "outlet_unchecked")
    if checked < months_before(day, duty.every_months):
        return _said(duty, State.MISSING, "outlet_old", day=str(checked))
    return _said(duty, State.DONE, "outlet_found" if one.has_outlet else "no_outlet", day=str(checked))


def _licence(duty: HoldingDuty, one: Facts, day: date) -> Stand:
    """The last day of a licence still counts; without its number or its day nobody can say."""
    if not one.licence or one.licence_until is None:
        return _said(duty, State.UNKNOWN, "licence_unknown")
    if one.licence_until < day:
        return _said(duty, State.BREACHED, "licence_over", day=str(one.licence_until))
    return _said(duty, State.DONE, "licence", day=str(one.licence_until))


_STANDS = {
    Duty.LEDGER: _ledger, Duty.PRODUCE_TEST: _produce, Duty.SOIL_AFTER_TEST: _soil, Duty.MANURE_FACILITY: _facility,
    Duty.OUTLET_CHECKED: _outlet, Duty.LICENCE: _licence,
}  # fmt: skip


def held_against(limit: Limit, value: Decimal | None) -> State:
    """Whether a figure keeps a limit; unknown where there is no figure.

    >>> held_against(Limit.FILM, Decimal("0.01")), held_against(Limit.FILM, Decimal("0.008"))
    (<State.DONE: 'done'>, <State.BREACHED: 'breached'>)
    """
    if value is None:
        return State.UNKNOWN
    bound = limits()[limit]
    low = bound.least is not None and value < bound.least
    high = bound.most is not None and value > bound.most
    return State.BREACHED if low or high else State.DONE


@dataclass(frozen=True, slots=True)
class Spread:
    """Something put on land: what, when, how much, on how much ground, and whether its test was within limits."""

    kind: str
    on: date
    tonnes: Decimal
    area_m2: Decimal | None
    within: bool | None
    report: str = ""


SLUDGE = "sludge"


def spread_stands(one: Spread, of_unit: Sequence[Spread]) -> tuple[State, Message]:
    """How a spreading stands, with all spreadings of its unit: what was above its limit is a breach; untested is open.

    Of sludge the tonnes of the year on a hectare and the years one after the other count too.
    """
    if one.within is False:
        return _spread(State.BREACHED, "above")
    same_year = [each for each in of_unit if each.kind == SLUDGE and each.on.year == one.on.year] or [one]
    if one.kind == SLUDGE:
        bound = limits()[Limit.SLUDGE]
        dose = _dose(same_year)
        if held_against(Limit.SLUDGE, dose) is State.BREACHED:
            return _spread(State.BREACHED, "dose", value=shown(dose), most=shown(bound.most))
        years = {each.on.year for each in of_unit if each.kind == SLUDGE} | {one.on.year}
        if all(one.on.year - back in years for back in range(bound.years + 1)):
            return _spread(State.BREACHED, "years", years=str(bound.years))
        if dose is None:
            return _spread(State.UNKNOWN, "no_area")
    if one.within is None or not one.report:
        return _spread(State.UNKNOWN, "untested")
    return _spread(State.DONE, "within")


def _dose(spreads: Sequence[Spread]) -> Decimal | None:
    """Tonnes on a hectare of the largest ground of them; None where no area is known."""
    areas = [each.area_m2 for each in spreads if each.area_m2]
    if len(areas) < len(spreads):
        return None
    return sum((each.tonnes for each in spreads), Decimal(0)) / (max(areas) / Decimal(10000))


def _spread(state: State, what: str, **params: str) -> tuple[State, Message]:
    return state, Message(ROOM, "spread", what, params)


def _said(duty: HoldingDuty, state: State, what: str, **params: str) -> Stand:
    said = {"zh": duty.zh, "en": duty.en, "mu": shown(duty.over_mu), "years": str(duty.years), **params}
    return Stand(duty, state, Message(ROOM, "holding", what, said))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, the last of the month where it has none.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    back = day.year * MONTHS + day.month - 1 - months
    year, month = back // MONTHS, back % MONTHS + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(last, day.day))
        except ValueError:
            continue
    raise ValueError(f"{day} has no day {months} months earlier.")


@cache
def duties() -> tuple[HoldingDuty, ...]:
    """The duties, as the file tells them. Raises BadRuleData."""
    return tuple(_duty(Record(row, f"holdings.yaml {row.get('key')}")) for row in _top().mappings("duties"))


@cache
def limits() -> Mapping[Limit, Bound]:
    """The limits."""
    told = _top().mapping("limits")
    told.only(*Limit)
    return MappingProxyType({limit: _bound(told.mapping(limit)) for limit in Limit})


@cache
def laws() -> Mapping[str, tuple[str, ...]]:
    """Citations of a matter as a whole: of what is put on land, of what is taken back."""
    rows = [Record(row, f"holdings.yaml {row.get('key')}") for row in _top().mappings("laws")]
    return MappingProxyType({one.text("key"): known_bases(one) for one in rows})


@cache
def _top() -> Record:
    source = files("soilrules") / "data" / "farmland" / "holdings.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("duties", "limits", "laws")
    return top


def _duty(record: Record) -> HoldingDuty:
    record.only("key", "duty", "zh", "en", "kinds", "forms", "regions", "over_mu", "every_months", "years", "bases", "mark", "lines")  # fmt: skip
    return HoldingDuty(
        record.text("key"), record.choice("duty", Duty), record.text("zh"), record.text("en"),
        frozenset(record.texts("kinds")), frozenset(record.texts("forms")), record.texts("regions"),
        record.decimal("over_mu") if "over_mu" in record.row else None, int(record.row.get("every_months", MONTHS)),
        int(record.row.get("years", 0)), known_bases(record), mark_of(record), frozenset(record.texts("lines")),
    )  # fmt: skip


def _bound(record: Record) -> Bound:
    record.only("least", "most", "years", "bases", "mark")
    least, most = (record.decimal(key) if key in record.row else None for key in ("least", "most"))
    return Bound(least, most, int(record.row.get("years", 0)), known_bases(record), mark_of(record))
