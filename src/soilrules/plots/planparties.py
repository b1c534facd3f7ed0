"""What a plan's sentence says of who must act on a plot: shown beside the law in force, never instead of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.plots.responsible import Liable, Party, Row, Situation, Task
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml


@dataclass(frozen=True, slots=True)
class PlanSays:
    """One sentence of a plan: who acts in which task, and of which plots it speaks."""

    task: Task
    party: Party
    who: str
    sentence: str
    row: Row

    def speaks_of(self, situation: Situation) -> bool:
        """Whether the sentence speaks of a plot as far as is known: every condition is known and so."""
        return self.row.open_facts(situation) == ()


def sentences(text: str) -> Iterator[PlanSays]:
    """What a text says, sentence by sentence.

    >>> said = next(sentences("土地使用权已收回、责任主体灭失或不明确的，由所在街道办事处依法承担相关责任。"))
    >>> said.party, said.who, said.speaks_of(Situation(liable=Liable.NOT_IDENTIFIABLE))
    (<Party.GOVERNMENT: 'government'>, '所在街道办事处', True)
    """
    rows, parties = _data()
    for sentence in re.split(r"(?<=[。；;])", text):
        for find, row in rows:
            hit = find.search(sentence)
            party = next(
                (key for key, words in parties.items() if hit and any(one in hit["who"] for one in words)), None
            )
            if hit and party:
                yield PlanSays(row.task, party, hit["who"], sentence.strip(), row)


@cache
def _data() -> tuple[tuple[tuple[re.Pattern[str], Row], ...], Mapping[Party, tuple[str, ...]]]:
    source = files("soilrules") / "data" / "plots" / "planparties.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("mark", "rows", "parties")
    mark = mark_of(top)
    rows = tuple(_row(Record(row, f"{source.name} {row.get('id')}"), mark) for row in top.mappings("rows"))
    parties = top.mapping("parties")
    parties.only(*map(str, Party))
    return rows, MappingProxyType({Party(key): parties.texts(key) for key in parties.row})


def _row(record: Record, mark: str) -> tuple[re.Pattern[str], Row]:
    record.only("id", "task", "when", "find")
    when = record.mapping("when")
    when.only("recalled", "liable")
    conditions: dict[str, bool | str] = {key: value for key, value in when.row.items() if isinstance(value, bool)}
    conditions |= {"liable": when.choice("liable", Liable)} if "liable" in when.row else {}
    find = re.compile(record.text("find"))
    if not conditions or "who" not in find.groupindex:
        raise record.error("expected a condition and a group `who`")
    task = record.choice("task", Task)
    return find, Row(record.text("id"), task, MappingProxyType(conditions), Party.UNKNOWN, (), mark, "")
