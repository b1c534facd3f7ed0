"""Who must act on a plot, by the law in force on the day; a plan that names another is told as 与现行法不一致.

What is not known stays unknown: it is the first row of data/plots/responsible.yaml whose conditions all hold, and no row
behind one that might.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.bases import Basis, bases_on, known_bases
from soilrules.messages import LANGUAGES, Message, catalogue
from soilrules.plots.lists import ROOM
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Readable, Record, load_yaml


class Task(StrEnum):
    """What is to be done."""

    SURVEY = "survey"
    WORKS = "works"  # risk assessment, control, remediation, evaluation, aftercare


class Liable(StrEnum):
    """What is known of who polluted the plot."""

    KNOWN = "known"
    NOT_IDENTIFIABLE = "not_identifiable"  # 无法认定
    DISPUTED = "disputed"


class Party(StrEnum):
    """Who must act."""

    LIABLE_PARTY = "liable_party"
    SUCCESSOR = "successor"
    HOLDER = "holder"
    GOVERNMENT = "government"
    UNDECIDED = "undecided"  # to be determined by ecology with natural resources
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a plot and its parties; None is not known.

    `recalled`: the land-use right was taken back. `former_holder_liable`: the liable party is the one it was taken from.
    `succeeded`: another took over the debts of the liable party.
    """

    recalled: bool | None = None
    liable: Liable | None = None
    former_holder_liable: bool | None = None
    succeeded: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the data."""

    id: str
    task: Task
    when: Mapping[str, bool | str]
    party: Party
    bases: tuple[str, ...]
    mark: str
    reading: str

    def open_facts(self, situation: Situation) -> tuple[str, ...] | None:
        """The facts of its conditions that are not known; None where one is otherwise."""
        facts = {name: getattr(situation, name) for name in self.when}
        if any(value is not None and value != self.when[name] for name, value in facts.items()):
            return None
        return tuple(name for name, value in facts.items() if value is None)


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who must act and by what; `open_facts` are those that leave it unknown."""

    party: Party
    task: Task
    message: Message
    bases: tuple[Basis, ...]
    row: Row | None = None
    open_facts: tuple[str, ...] = ()


def responsible(situation: Situation, task: Task, on: date) -> Responsible:
    """Who must act on a plot on a day.

    >>> responsible(Situation(recalled=False), Task.SURVEY, date(2026, 9, 1)).party
    <Party.HOLDER: 'holder'>
    >>> responsible(Situation(recalled=False), Task.WORKS, date(2026, 9, 1)).party
    <Party.UNKNOWN: 'unknown'>
    """
    rows = [(row, row.open_facts(situation)) for row in responsible_rows() if row.task is task]
    fitting = [(row, missing) for row, missing in rows if missing is not None]
    at = next((place for place, (_, missing) in enumerate(fitting) if not missing), None)
    before = fitting if at is None else fitting[: at + 1]  # a row behind a certain one cannot hold
    certain = None if at is None else fitting[at][0]
    if certain is None or len({row.party for row, _ in before}) > 1:
        open_facts = tuple(dict.fromkeys(name for _, missing in before for name in missing))
        message = _said("unknown", task, **_words("facts", "party_facts", open_facts))
        return Responsible(Party.UNKNOWN, task, message, (), None, open_facts)
    bases = bases_on(certain.bases, on)
    if not bases:
        return Responsible(Party.UNKNOWN, task, _said("no_law", task, day=str(on)), (), certain)
    name = "undecided" if certain.party is Party.UNDECIDED else "acts"
    words = {**_words("party", "parties", (certain.party,)), "law": "；".join(one.cited for one in bases)}
    return Responsible(certain.party, task, _said(name, task, **words), bases, certain)


def plan_differs(said: Party, found: Responsible, plan: str) -> Message | None:
    """What to say of a plan that names who acts: nothing where it agrees, 与现行法不一致 where it does not."""
    if found.party in (Party.UNKNOWN, Party.UNDECIDED):
        return _said("plan_not_comparable", found.task, plan=plan, **_words("said", "parties", (said,)))
    if said is found.party:
        return None
    words = {**_words("said", "parties", (said,)), **_words("party", "parties", (found.party,))}
    return _said("plan_differs", found.task, plan=plan, law="；".join(one.cited for one in found.bases), **words)


@cache
def responsible_rows() -> tuple[Row, ...]:
    """The rows of data/plots/responsible.yaml. Raises BadRuleData."""
    return rows_in(files("soilrules") / "data" / "plots" / "responsible.yaml")


def rows_in(source: Readable) -> tuple[Row, ...]:
    """The rows of a file. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("rows")
    return tuple(_row(Record(row, f"{source.name} {row.get('id')}")) for row in top.mappings("rows"))


def _row(record: Record) -> Row:
    record.only("id", "task", "when", "party", "bases", "mark", "reading")
    when = record.mapping("when")
    when.only("recalled", "liable", "former_holder_liable", "succeeded")
    conditions: dict[str, bool | str] = {}
    for name in when.row:
        conditions[name] = when.choice(name, Liable) if name == "liable" else when.true(name)
    if not conditions or not record.texts("bases"):
        raise record.error("expected a condition and a citation")
    return Row(
        id=record.text("id"),
        task=record.choice("task", Task),
        when=MappingProxyType(conditions),
        party=record.choice("party", Party),
        bases=known_bases(record),
        mark=mark_of(record),
        reading=record.text("reading", ""),
    )


def _words(name: str, group: str, ids: tuple[str, ...]) -> dict[str, str]:
    words, joins = catalogue(ROOM)[group], {"zh": "、", "en": ", "}
    return {f"{name}_{one}": joins[one].join(words[word][one] for word in ids) for one in LANGUAGES}


def _said(name: str, task: Task, **params: str) -> Message:
    return Message(ROOM, "responsible", name, {**_words("task", "tasks", (task,)), **params})
