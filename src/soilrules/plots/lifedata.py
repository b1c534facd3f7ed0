"""The transition table of a plot's life, its guards and the facts its events tell, read from data/plots/life.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

from soilrules.bases import known_bases
from soilrules.enterprises.lists import Level
from soilrules.messages import Message
from soilrules.plots.lists import ROOM, ListKey, plot_lists
from soilrules.plots.state import Aftercare, EventKind, Exit, Stage, Work
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Readable, Record, load_yaml

HOLDER = "holder"
Word = TypeVar("Word", bound=StrEnum)


class FactKind(StrEnum):
    """What a fact is told as."""

    TEXT = "text"
    DAY = "day"
    FLAG = "flag"
    CODES = "codes"  # unified social credit codes
    PAPER = "paper"  # a file that is the proof itself, told by its name


class GuardKind(StrEnum):
    """How a guard is answered."""

    GIVEN = "given"
    GIVEN_FOR = "given_for"
    YES = "yes"
    NO = "no"
    AMONG = "among"
    DONE = "done"
    NOT_DONE = "not_done"
    ON_LIST = "on_list"
    OFF_LIST = "off_list"
    WORKS_TOLD = "works_told"
    WORKS_KNOWN = "works_known"
    ASKED = "asked"
    PLANS_FILED = "plans_filed"
    INDEPENDENT = "independent"
    AFTERCARE = "aftercare"
    VIOLATION = "violation"


OF_THE_FACT = (GuardKind.GIVEN, GuardKind.GIVEN_FOR, GuardKind.YES, GuardKind.NO, GuardKind.AMONG)
OF_THE_EVENT = (*OF_THE_FACT, GuardKind.WORKS_TOLD, GuardKind.INDEPENDENT, GuardKind.VIOLATION)


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact an event may tell; where it has `values` it is one of them."""

    key: str
    kind: FactKind
    values: tuple[str, ...]

    def name(self, language: str = "zh") -> str:
        """What the fact is called."""
        return Message(ROOM, "facts", self.key).sentence(language)


@dataclass(frozen=True, slots=True)
class Guard:
    """What has to be so for an event. `fact`, `values`, `events`, `list_key` and `work` are what its kind asks about."""

    id: str
    kind: GuardKind
    fact: str
    values: tuple[str, ...]
    events: frozenset[EventKind]
    list_key: ListKey | None
    work: Work | None
    bases: tuple[str, ...]
    mark: str
    in_use: bool

    @property
    def asks(self) -> Message:
        """What it asks, as a phrase."""
        return Message(ROOM, "guards", self.id)


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: an event, from which stages, to which, by whom, under which guards, with which effects."""

    event: EventKind
    main: bool
    from_stages: tuple[Stage, ...]
    to: Stage | None
    to_fact: str
    to_works: bool
    by: frozenset[Level]
    guards: tuple[Guard, ...]
    enters: ListKey | None
    leaves: ListKey | None
    exit: Exit | None
    asks: frozenset[Work]
    forgets: frozenset[EventKind]
    aftercare: Aftercare | None
    sets_aftercare: bool
    bases: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts its guards ask for, each once, in order."""
        return tuple(dict.fromkeys(one.fact for one in self.guards if one.fact))

    def name(self, language: str = "zh") -> str:
        """What the event is called."""
        return Message(ROOM, "events", self.event).sentence(language)


@dataclass(frozen=True, slots=True)
class LifeTable:
    """The whole table. `places`: column and row of each stage in a drawing; `remembered`: events a guard asks for later."""

    facts: Mapping[str, FactSpec]
    transitions: Mapping[EventKind, Transition]
    places: Mapping[Stage, tuple[int, int]]
    remembered: frozenset[EventKind]


@cache
def life_table() -> LifeTable:
    """The table of data/plots/life.yaml. Raises BadRuleData."""
    return table_in(files("soilrules") / "data" / "plots" / "life.yaml")


def table_in(source: Readable) -> LifeTable:
    """The table of a file. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("stages", "facts", "guards", "transitions")
    facts = {one.key: one for one in (_fact(row) for row in _rows(top, "facts", "key"))}
    guards = {one.id: one for one in (_guard(row, facts) for row in _rows(top, "guards", "id"))}
    rows = {one.event: one for one in (_transition(row, guards, facts) for row in _rows(top, "transitions", "event"))}
    places = dict(_place(row) for row in _rows(top, "stages", "key"))
    if set(rows) != set(EventKind) or set(places) != set(Stage):
        missing = {*EventKind, *Stage} - {*rows, *places}
        raise BadRuleData(f"{source.name}: {', '.join(sorted(missing))} has no row; expected one each.")
    _check_lists(rows, source.name)
    asked = frozenset(event for one in guards.values() for event in one.events)
    plans = {EventKind.CONTROL_PLAN_FILED, EventKind.REMEDIATION_PLAN_FILED}
    return LifeTable(MappingProxyType(facts), MappingProxyType(rows), MappingProxyType(places), asked | plans)


def _rows(top: Record, key: str, name: str) -> list[Record]:
    """The rows of a part of the file, each with a name of its own."""
    rows = [Record(row, f"{top.place} {row.get(name)}") for row in top.mappings(key)]
    names = [row.text(name) for row in rows]
    if twice := {one for one in names if names.count(one) > 1}:
        raise top.error(f"{key}: {', '.join(sorted(twice))} stands twice; expected once")
    return rows


def _check_lists(rows: Mapping[EventKind, Transition], place: str) -> None:
    """The lists say by which event one enters and leaves; the table has to say the same, and by the same levels."""
    for held in plot_lists().values():
        enters = {str(one.event) for one in rows.values() if one.enters is held.key}
        leaves = {str(one.event) for one in rows.values() if one.leaves is held.key}
        levels = {one.by for one in rows.values() if held.key in (one.enters, one.leaves)}
        if enters != {held.enters_by} or leaves != set(held.leaves_by) or levels != {held.deciders}:
            raise BadRuleData(f"{place}: {held.key}: events or levels are not those of lists.yaml; expected the same.")


def _fact(record: Record) -> FactSpec:
    record.only("key", "kind", "values")
    return FactSpec(record.text("key"), record.choice("kind", FactKind), record.texts("values"))


def _guard(record: Record, facts: Mapping[str, FactSpec]) -> Guard:
    record.only("id", "kind", "fact", "values", "events", "list", "work", "bases", "mark", "in_use")
    kind, fact = record.choice("kind", GuardKind), record.text("fact", "")
    if (kind in (*OF_THE_FACT, GuardKind.INDEPENDENT)) != bool(fact) or (fact and fact not in facts):
        raise record.error(f"fact is {fact!r} with the kind {kind}; expected one of {', '.join(facts)}, or none")
    values = record.texts("values")
    if kind is GuardKind.AMONG and not set(values) <= set(facts[fact].values):
        raise record.error(f"values is {list(values)}; expected some of {', '.join(facts[fact].values)}")
    in_use = record.row.get("in_use", True)
    if in_use not in (True, False):
        raise record.error(f"in_use is {in_use!r}; expected true or false")
    return Guard(
        id=record.text("id"),
        kind=kind,
        fact=fact,
        values=values,
        events=frozenset(_words(record, "events", EventKind)),
        list_key=record.choice("list", ListKey) if "list" in record.row else None,
        work=record.choice("work", Work) if "work" in record.row else None,
        bases=known_bases(record),
        mark=mark_of(record),
        in_use=in_use,
    )


def _transition(record: Record, guards: Mapping[str, Guard], facts: Mapping[str, FactSpec]) -> Transition:
    record.only(*TRANSITION_KEYS)
    if unknown := [one for one in record.texts("guards") if one not in guards]:
        raise record.error(f"guards has {', '.join(unknown)}; expected ids of guards")
    to_fact = record.text("to_fact", "")
    if to_fact and to_fact not in facts:
        raise record.error(f"to_fact is {to_fact!r}; expected a fact")
    row = Transition(
        event=record.choice("event", EventKind),
        main=record.true("main"),
        from_stages=tuple(_words(record, "from", Stage)),
        to=record.choice("to", Stage) if "to" in record.row else None,
        to_fact=to_fact,
        to_works=record.true("to_works"),
        by=_levels(record),
        guards=tuple(guards[one] for one in record.texts("guards") if guards[one].in_use),
        enters=record.choice("enters", ListKey) if "enters" in record.row else None,
        leaves=record.choice("leaves", ListKey) if "leaves" in record.row else None,
        exit=record.choice("exit", Exit) if "exit" in record.row else None,
        asks=frozenset(_words(record, "asks", Work)),
        forgets=frozenset(_words(record, "forgets", EventKind)),
        aftercare=record.choice("aftercare", Aftercare) if "aftercare" in record.row else None,
        sets_aftercare=record.true("sets_aftercare"),
        bases=known_bases(record),
    )
    if (row.exit is not None) != (row.to in (Stage.RELEASED, Stage.REMOVED)):
        raise record.error(
            f"exit is {row.exit} with the stage {row.to}; expected an exit where it leaves, and only there"
        )
    if not row.from_stages or not row.bases:
        raise record.error("expected a stage it comes from and a citation")
    return row


TRANSITION_KEYS = (
    "event", "main", "from", "to", "to_fact", "to_works", "by", "guards", "enters", "leaves", "exit", "asks", "forgets",
    "aftercare", "sets_aftercare", "bases",
)  # fmt: skip


def _place(record: Record) -> tuple[Stage, tuple[int, int]]:
    record.only("key", "at")
    at = record.row.get("at")
    if not isinstance(at, list) or len(at) != 2 or not all(isinstance(one, int) for one in at):
        raise record.error(f"at is {at!r}; expected column and row")
    return record.choice("key", Stage), (at[0], at[1])


def _levels(record: Record) -> frozenset[Level]:
    """The levels that decide; none where a party hands it in."""
    if record.texts("by") == (HOLDER,):
        return frozenset()
    levels = frozenset(_words(record, "by", Level))
    if not levels:
        raise record.error(f"by is {record.row.get('by')!r}; expected {HOLDER} or some of {', '.join(Level)}")
    return levels


def _words(record: Record, key: str, kind: type[Word]) -> Iterable[Word]:
    texts = record.texts(key)
    if unknown := [one for one in texts if one not in list(kind)]:
        raise record.error(f"{key} has {', '.join(unknown)}; expected some of {', '.join(kind)}")
    return [kind(one) for one in texts]
