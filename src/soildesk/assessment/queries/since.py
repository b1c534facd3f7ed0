"""What the records say today of the day an assessment speaks of, beside what was kept when it was signed. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.assessment.queries import facts as reads
from soildesk.assessment.queries.standing import Standing
from soildesk.core.permissions import Actor
from soildesk.reporting.services.copies import Wanted, reading_of
from soilrules.deadlines.periods import period_of


@dataclass(frozen=True, slots=True)
class RowMoved:
    """One record that is new, gone, or says otherwise."""

    name: str
    url: str
    how: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One item whose figure or records are not what they were."""

    id: str
    title: str
    kept: str
    now: str
    rows: Sequence[RowMoved]


def moved(standing: Standing, actor: Actor) -> list[Moved]:
    """The items that would be read otherwise now, of the same day. Refused where the actor sees a part of the place."""
    one = standing.assessment
    wanted = Wanted("", one.place, period_of(date(one.year, 1, 1), "year"), one.on)
    now = reads.read(standing.scheme, reading_of(wanted, by=actor))
    kept = one.snapshot["facts"] if one.snapshot else one.facts
    found = (_moved(standing, name, kept[name], now[name]) for name in kept if name in now and name in standing.rules)
    return [each for each in found if each.kept != each.now or each.rows]


def _moved(standing: Standing, name: str, kept: Mapping[str, Any], now: Mapping[str, Any]) -> Moved:
    words = [reads.shown(reads.fact_of(each)) for each in (kept, now)]
    return Moved(name, standing.rules[name].title, words[0], words[1], list(_rows(kept["rows"], now["rows"])))


def _rows(kept: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Iterator[RowMoved]:
    before, after = ({row["key"]: row for row in rows} for rows in (kept, now))
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if how := _how(old, new):
            row = new or old or {}
            yield RowMoved(row["name"], row["url"], how)


def _how(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    if old is None or new is None:
        return _("新增") if old is None else _("不再列入")
    if old["good"] != new["good"]:
        return _("变为做到") if new["good"] else _("变为没有做到")
    if old["amount"] != new["amount"]:
        return _("数量由 %(old)s 变为 %(new)s") % {"old": old["amount"], "new": new["amount"]}
    return ""
