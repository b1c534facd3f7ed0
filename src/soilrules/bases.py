"""Citations as data: which words of which law a rule rests on, on which day.

An article stands in data/bases only, one file a room, each id once in all of them; a text that was replaced names what
replaced it. An order whose fate after a newer law is not known names the day from which it is unconfirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Protocol

from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Readable, Record, load_yaml

KEYS = ("id", "law", "article", "words", "since", "until", "replaced_by", "unconfirmed_from", "mark", "source")


@dataclass(frozen=True, slots=True)
class Basis:
    """One citation: law, article as it is written, what it says in short; in force from `since` until before `until`."""

    id: str
    law: str
    article: str
    words: str
    since: date
    until: date | None
    replaced_by: str
    mark: str
    source: str
    unconfirmed_from: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether the text is in force on a day."""
        return self.since <= on and (self.until is None or on < self.until)

    def confirmed(self, on: date) -> bool:
        """Whether nothing newer leaves it open on a day if the text still holds."""
        return self.unconfirmed_from is None or on < self.unconfirmed_from

    @property
    def cited(self) -> str:
        """The citation as it is written in a paper."""
        return f"《{self.law}》{self.article}"


class Based(Protocol):
    """What rests on citations, by their ids."""

    @property
    def bases(self) -> tuple[str, ...]: ...


def basis_on(rule: Based, day: date) -> tuple[Basis, ...]:
    """The citations of a rule in force on a day; empty where none is."""
    return bases_on(rule.bases, day)


def successors(basis: Basis) -> tuple[Basis, ...]:
    """The texts that followed one after the other: shown beside the citation of an older record."""
    found: list[Basis] = []
    while basis.replaced_by:
        basis = bases()[basis.replaced_by]
        found.append(basis)
    return tuple(found)


@cache
def bases() -> Mapping[str, Basis]:
    """The citations of every file of data/bases by id. Raises BadRuleData."""
    folder = files("soilrules") / "data" / "bases"
    sources = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return bases_of([record for source in sources for record in _records(source)])


def known_bases(record: Record, key: str = "bases") -> tuple[str, ...]:
    """The ids of citations a record names; one that stands in no file is refused."""
    ids = record.texts(key)
    if missing := [one for one in ids if one not in bases()]:
        raise record.error(f"{key} has {', '.join(missing)}; expected ids of data/bases")
    return ids


def bases_on(ids: Iterable[str], day: date) -> tuple[Basis, ...]:
    """Of these citations those in force on a day."""
    return tuple(one for one in map(bases().__getitem__, ids) if one.in_force(day))


def bases_of(records: Iterable[Record]) -> Mapping[str, Basis]:
    """Citations by id; one said twice, or replaced by what is not there or does not follow it, is refused."""
    found: dict[str, Basis] = {}
    for record in records:
        basis = _basis(record)
        if basis.id in found:
            raise record.error("stands twice; expected each citation once")
        found[basis.id] = basis
    for one in found.values():
        follower = found.get(one.replaced_by)
        if one.replaced_by and (follower is None or one.until is None or follower.since < one.until):
            raise BadRuleData(
                f"{one.id}: replaced by {one.replaced_by!r}; expected a citation that begins when it ends."
            )
    return found


def _records(source: Readable) -> list[Record]:
    top = Record(load_yaml(source), source.name)
    top.only("bases")
    return [Record(row, f"{source.name} {row.get('id')}") for row in top.mappings("bases")]


def _basis(record: Record) -> Basis:
    record.only(*KEYS)
    since, until = record.day("since"), record.day_or_none("until")
    if until is not None and until <= since:
        raise record.error(f"until is {until}; expected a day after {since}")
    texts = {key: record.text(key) for key in ("id", "law", "article", "words", "source")}
    return Basis(
        since=since,
        until=until,
        replaced_by=record.text("replaced_by", ""),
        unconfirmed_from=record.day_or_none("unconfirmed_from"),
        mark=mark_of(record),
        **texts,
    )
