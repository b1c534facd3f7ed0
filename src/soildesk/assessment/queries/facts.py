"""The facts of a scheme from the records: the figures reports are made of, with their rows, as plain data that can be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from soildesk.kit.measures import Outcome, Proof
from soildesk.kit.passes import remembering
from soildesk.kit.register import registers
from soildesk.reporting.queries.reading import Figure, Reading, counts, plain
from soilrules.assessment.facts import HUNDRED, NOT_APPLICABLE, UNKNOWN, Fact, Row, amount, faults, share
from soilrules.assessment.scheme import Item, Method, Scheme

TASK = "plans.plantask"
Kept = dict[str, Any]
"""One fact as it is kept: its bounds, why, and its rows."""


@translation.override("zh-hans")  # what is kept and frozen is Chinese whoever reads it
def read(scheme: Scheme, reading: Reading) -> dict[str, Kept]:
    """What the records say of every item, deduction and veto that has figures; what a person states is not here."""
    found: dict[str, Kept] = {}
    with remembering({}):
        for one in scheme.used:
            if not one.stated:
                found[one.id] = _of_item(one, reading)
        for rule in (*scheme.deductions, *scheme.vetoes):
            if rule.in_use and rule.figures:
                found[rule.id] = _of_faults(rule.figures, reading)
    _address(found.values())
    return found


def _address(kept: Iterable[Kept]) -> None:
    """Give each row its page, asking once where the rows of a table have theirs."""
    starts = {
        one.name: reverse("kit:record", args=[one.collection, "-"]).removesuffix("-")
        for one in registers().values()
        if one.collection
    }
    for row in (row for one in kept for row in one["rows"]):
        start = starts.get(row["type"]) or starts.get(
            f"{row['type']}s"
        )  # a row is named by its table or by its register
        if not row["url"] and start:
            row["url"] = f"{start}{row['uid']}"
        elif not row["url"] and row["type"] == TASK:
            row["url"] = reverse("plans:task", args=[row["uid"]])


def fact_of(kept: Mapping[str, Any]) -> Fact:
    """The fact that was kept."""
    rows = tuple(Row(one["key"], one["good"], Decimal(one["amount"])) for one in kept["rows"])
    bounds = (None if kept[end] is None else Fraction(kept[end]) for end in ("low", "high"))
    whole = None if kept["whole"] is None else Fraction(kept["whole"])
    return Fact(*bounds, kept["applicable"], rows, whole, kept.get("wanted", False))


def keep(fact: Fact, told: Sequence[Proof], figures: Sequence[Figure], why: str) -> Kept:
    """A fact as plain data."""
    names = {row.key: proof for row, proof in zip(fact.rows, told, strict=True)}
    return {
        **{end: None if value is None else str(value) for end, value in (("low", fact.low), ("high", fact.high))},
        "applicable": fact.applicable,
        "whole": None if fact.whole is None else str(fact.whole),
        "why": why,
        **({"wanted": True} if fact.wanted else {}),
        "figures": [
            {"id": one.id, "title": one.title, "shown": f"{one.text}{one.unit}" if one.text else "", "outcome": one.outcome}
            for one in figures
        ],
        "rows": [
            {"key": row.key, "type": names[row.key].subject_type, "uid": names[row.key].uid, "name": names[row.key].name,
             "good": row.good, "amount": str(row.amount), "note": names[row.key].note, "url": names[row.key].url}
            for row in fact.rows
        ],
    }  # fmt: skip


def as_checked(kept: Kept, false: Mapping[str, str]) -> Kept:
    """A kept fact with its rows as they count after a check: those found false, by their keys, no more, and why."""
    rows = [
        {**row, "good": False, "note": _("核查不属实：%(note)s") % {"note": false[row["key"]]}} if row["key"] in false else row
        for row in kept["rows"]
    ]  # fmt: skip
    return {**kept, "rows": rows}


def shown(fact: Fact) -> str:
    """A value in words: a share with its sign, a number, a range, or that nobody knows."""
    if not fact.applicable:
        return _("不适用")
    unit = "" if fact.whole is None else "%"
    if fact.known and fact.low is not None:
        return f"{number(fact.low)}{unit}"
    if fact.low is None and fact.high is None:
        return _("不知道")
    ends = ["?" if one is None else number(one) for one in (fact.low, fact.high)]
    return f"{ends[0]}～{ends[1]}{unit}"


def number(value: Fraction) -> str:
    """A number as reports print it."""
    return plain(Decimal(value.numerator) / Decimal(value.denominator))


def _of_item(item: Item, reading: Reading) -> Kept:
    if item.method is Method.PER:
        return _of_faults(item.figures, reading) if item.faults else _of_lacking(item, reading)
    figures = [reading.figure(name) for name in item.figures]
    if item.of:
        return _of_counts(figures, [reading.figure(name) for name in item.of])
    if item.figures[0] in counts():
        return _of_amount(figures, wanted=item.comparator == ">=")
    return _of_measure(figures[0])


def _of_amount(figures: Sequence[Figure], *, wanted: bool) -> Kept:
    """Counted rows added up: as many as there should be, or no more than there may be."""
    if unknown := [one for one in figures if one.value is None]:
        return keep(UNKNOWN, (), figures, unknown[0].why)
    told = [row for one in figures for row in one.rows]
    rows = _rows(told, [wanted] * len(told))
    return keep(amount(rows) if wanted else faults(rows), told, figures, _("%(n)d 项。") % {"n": len(told)})


def _of_measure(one: Figure) -> Kept:
    """A measure as a share: in percent, or all and nothing where it only says done or not done."""
    rows = _rows(one.rows)
    fact = Fact(rows=rows)
    if one.outcome == Outcome.NOT_APPLICABLE:
        fact = Fact(applicable=False, rows=rows)
    elif one.numerator is not None and one.denominator:
        fact = share(one.numerator, one.denominator, one.unsure, rows)
    elif one.outcome in (Outcome.DONE, Outcome.NOT_DONE) and one.numerator is None:
        value = HUNDRED if one.outcome == Outcome.DONE else Fraction(0)
        fact = Fact(value, value, True, rows, Fraction(1))
    return keep(fact, one.rows, [one], one.why)


def _of_counts(parts: Sequence[Figure], wholes: Sequence[Figure]) -> Kept:
    """Counted rows as a share of counted rows."""
    figures = list({one.id: one for one in (*parts, *wholes)}.values())
    if unknown := [one for one in figures if one.value is None]:
        return keep(UNKNOWN, (), figures, unknown[0].why)
    good = {(row.subject_type, row.uid) for one in parts for row in one.rows}
    all_ = [row for one in wholes for row in one.rows]
    rows = _rows(all_, [(row.subject_type, row.uid) in good for row in all_])
    fact = share(sum(one.good for one in rows), len(rows), 0, rows)
    why = _("%(all)d 项中 %(good)d 项。") % {"all": len(rows), "good": sum(one.good for one in rows)}
    return keep(fact, all_, figures, why if rows else _("没有这类记录，不适用。"))


def _of_faults(names: Iterable[str], reading: Reading) -> Kept:
    """Rows of which every one is a fault."""
    figures = [reading.figure(name) for name in names]
    if unknown := [one for one in figures if one.value is None]:
        fact = NOT_APPLICABLE if unknown[0].outcome == Outcome.NOT_APPLICABLE else UNKNOWN
        return keep(fact, (), figures, unknown[0].why)
    told = [row for one in figures for row in one.rows]
    return keep(faults(_rows(told, [False] * len(told))), told, figures, _("%(n)d 项。") % {"n": len(told)})


def _of_lacking(item: Item, reading: Reading) -> Kept:
    """A measure whose rows that do not count are the faults; of those nobody can judge some may be none."""
    (one,) = (reading.figure(name) for name in item.figures)
    rows = _rows(one.rows)
    if one.outcome == Outcome.NOT_APPLICABLE:
        return keep(Fact(applicable=False, rows=rows), one.rows, [one], one.why)
    if one.outcome == Outcome.CANNOT_SAY and not one.rows:
        return keep(UNKNOWN, (), [one], one.why)
    most = Fraction(sum(not row.good for row in rows))
    least = max(Fraction(0), most - Fraction(one.unsure))
    return keep(Fact(least, most, True, rows), one.rows, [one], one.why)


def _rows(told: Sequence[Proof], good: Sequence[bool] | None = None) -> tuple[Row, ...]:
    counts = good if good is not None else [row.counts for row in told]
    return tuple(Row(key, counts[at], Decimal(told[at].amount)) for at, key in enumerate(_keys(told)))


def _keys(told: Sequence[Proof]) -> Iterator[str]:
    """A key for each row: its table and name, with a number where a record stands twice."""
    seen: Counter[str] = Counter()
    for row in told:
        key = f"{row.subject_type}/{row.uid}"
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key}#{seen[key]}"
