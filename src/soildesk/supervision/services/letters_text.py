"""What a letter says when it is signed: its values for a template, its text, and where each matter stands in the text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from soildesk.supervision.models import Letter
from soilrules.plantext.draft import Role, Span
from soilrules.supervision.clauses import Clause, Named, fixed_day


def written(day: date | None) -> str:
    """A day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


@dataclass
class Text:
    """Lines that are put together, knowing how far they reach."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, words: str) -> Span:
        """Words at the end; where they stand."""
        start = self.length
        self.parts.append(words)
        self.length += len(words)
        return Span(start, self.length)

    def line(self, words: str) -> None:
        """A whole line; nothing for no words."""
        if words:
            self.add(words + "\n")


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter put together."""

    content: Mapping[str, Any]
    text: str
    clauses: Sequence[Clause]

    @property
    def digest(self) -> str:
        """The hash of what it says."""
        return digest_of(self.content, self.text)


def digest_of(content: Mapping[str, Any], text: str) -> str:
    """The hash of a letter's values and text."""
    told = json.dumps([content, text], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


@translation.override("zh-hans")  # a letter is Chinese whoever signs or sends it: its hash holds in any language
def composed(content: Mapping[str, Any]) -> Composed:
    """A letter from its values alone."""
    text, clauses = Text(), []
    for name in ("title", "number"):
        text.line(content[name])
    text.line(_("%(units)s：") % {"units": content["units"]})
    for line in content["lead"]:
        text.line(line)
    for row in content["items"]:
        text.add(f"{row['n']}. ")
        clauses.append(_clause(text, row))
    for table in content["tables"]:
        text.line(table["title"])
        text.line(table["note"])
        for line in table["lines"]:
            text.line(line)
    for line in content["ending"]:
        text.line(line)
    if content["talk_on"]:
        text.line(_("约谈时间：%(on)s；地点：%(where)s。") % {"on": content["talk_on"], "where": content["talk_where"]})
    if content["answer_by"]:
        text.line(_("请于%(day)s前书面答复。") % {"day": content["answer_by"]})
    text.line(content["office"])
    text.line(content["date"])
    return Composed(content, "".join(text.parts), clauses)


def _clause(text: Text, row: Mapping[str, str]) -> Clause:
    """One matter in the text: its words, its unit and its day, each with its characters."""
    start = text.length
    title = text.add(row["text"])
    units, terms = [], []
    if row["unit"]:
        text.add(_("（责任单位："))
        units.append(Named(row["unit"], Role.RESPONSIBLE, text.add(row["unit"])))
        if row["due"]:
            text.add(_("；时限："))
            at = text.add(row["due"])
            terms.append(fixed_day(row["due"], at.start, date.fromisoformat(row["due_on"])))
        text.add("）")
    elif row["due"]:
        text.add(_("（时限：%(due)s）") % {"due": row["due"]})
    span = Span(start, text.length)
    text.add("\n")
    return Clause(span, tuple(units), tuple(terms), row["n"], title=title)


@translation.override("zh-hans")
def content_of(letter: Letter, number: str, day: date | None) -> dict[str, Any]:
    """The values of a letter under a number, dated, as plain dicts, lists and strings: what a template may write."""
    rows = list(letter.units.select_related("department"))
    return {
        "title": letter.title,
        "number": number,
        "office": letter.owner_department.name,
        "date": written(day),
        "units": "、".join(one.department.name for one in rows if not one.copied),
        "copies": "、".join(one.department.name for one in rows if one.copied),
        "lead": _paragraphs(letter.lead),
        "items": [_item(at, one) for at, one in enumerate(letter.items, 1)],
        "tables": [_table(one) for one in letter.tables],
        "ending": _paragraphs(letter.ending),
        "answer_by": written(letter.answer_by),
        "talk_on": written(letter.talk_on),
        "talk_where": letter.talk_where,
    }


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _item(at: int, one: Mapping[str, Any]) -> dict[str, str]:
    due = date.fromisoformat(one["due"]) if one["due"] else None
    return {
        "n": str(at),
        "text": one["text"],
        "unit": one["unit_name"],
        "due": written(due),
        "due_on": one["due"] or "",
        "basis": one["basis"],
    }


def _table(one: Mapping[str, Any]) -> dict[str, Any]:
    lines = ["；".join(_cells(one["columns"], row)) for row in one["rows"]]
    columns, note = list(one["columns"]), one.get("note", "")
    return {"title": one["title"], "note": note, "columns": columns, "rows": one["rows"], "lines": lines}


def _cells(columns: Iterable[str], row: Sequence[str]) -> list[str]:
    return [f"{title}：{cell}" for title, cell in zip(columns, row, strict=True) if cell != ""]
