"""Score a ledger against a hand-made one: micro-F1 over tasks, units, deadlines, standing tasks, indicators and front matter.

Tasks are paired in order of print by how they begin (text, words behind the title, or title); a unit may be printed with its
administrative prefix. Units of a missed task count as missed, of an invented task as invented.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from typing import Any

Ledger = dict[str, Any]
PREFIX = re.compile("^(?:自治区|自治州|[市区县省州旗镇乡])(?=.{3})")
ROLES = ("lead", "support", "responsible")
BEGINS = 12


def _plain(value: object) -> str:
    return re.sub(r"[^\w%./]", "", unicodedata.normalize("NFKC", str(value or "")))


def _begins(task: Ledger) -> set[str]:
    return {_plain(task.get(key))[:BEGINS] for key in ("text_starts", "body_starts", "title") if task.get(key)}


def _same_task(gold: Ledger, read: Ledger) -> bool:
    return any(
        one.startswith(other) or other.startswith(one)
        for one in _begins(gold)
        for other in _begins(read)
        if one and other
    )


def pairs(gold: list[Ledger], read: list[Ledger]) -> list[tuple[int, int]]:
    """Tasks that begin alike, one to one: the same number and origin first, then in order of print."""
    free = list(range(len(read)))
    found: list[tuple[int, int]] = []
    for at, task in enumerate(gold):
        likely = [other for other in free if _same_task(task, read[other])]
        likely.sort(
            key=lambda other: (
                _plain(read[other].get("number")) != _plain(task.get("number")),
                abs(other / len(read) - at / len(gold)),
            )
        )
        if likely:
            found.append((at, likely[0]))
            free.remove(likely[0])
    return found


def _units(task: Ledger) -> Counter[tuple[str, str]]:
    return Counter((role, PREFIX.sub("", _plain(unit))) for role in ROLES for unit in task.get(role) or [])


def _dated(task: Ledger) -> Counter[tuple[str, str]]:
    marks = [("deadline", str(task["deadline"]))] if task.get("deadline") else []
    return Counter([*marks, *([("ongoing", "")] if task.get("ongoing") is True else [])])


def _same_indicator(gold: Ledger, read: Ledger) -> bool:
    target = str(gold["target"]).removesuffix(".0") == str(read["target"]).removesuffix(".0")
    names = _plain(gold["name"]), _plain(read["name"])
    alike = names[0] in names[1] or names[1] in names[0] or SequenceMatcher(None, *names).ratio() >= 0.6
    return target and gold["year"] == read["year"] and alike


def _indicators(gold: list[Ledger], read: list[Ledger]) -> tuple[int, int]:
    free = list(read)
    for one in gold:
        match = next((other for other in free if _same_indicator(one, other)), None)
        if match is not None:
            free.remove(match)
    return len(read) - len(free), len(free)


def score(gold: Ledger, read: Ledger) -> float:
    """Micro-F1 of `read` against `gold`, 0 to 1."""
    gold_tasks, read_tasks = gold["tasks"], read["tasks"]
    matched = pairs(gold_tasks, read_tasks)
    hits, wanted, given = len(matched), len(gold_tasks), len(read_tasks)
    for counts in (_units, _dated):
        for at, other in matched:
            hits += (counts(gold_tasks[at]) & counts(read_tasks[other])).total()
        wanted += sum(counts(task).total() for task in gold_tasks)
        given += sum(counts(task).total() for task in read_tasks)
    found, invented = _indicators(gold["indicators"], read["indicators"])
    hits, wanted, given = hits + found, wanted + len(gold["indicators"]), given + found + invented
    for key in ("title", "issuer", "doc_number", "issued_on", "region"):
        if gold.get(key):
            one, other = _plain(gold[key]), _plain(read.get(key))
            hits += bool(other) and (one in other or other in one)
            wanted, given = wanted + 1, given + bool(other)
    return 2 * hits / (wanted + given) if wanted + given else 1.0
