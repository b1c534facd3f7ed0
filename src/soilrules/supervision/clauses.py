"""Clauses of an order or of minutes as a draft of the ledger: each with its characters in the text, its units and terms.

An order is written by the desk and knows its clauses; minutes are read. Both become the `PlanDraft` that plans become, so
that receipt, progress, verification and closing exist once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.plantext.draft import Field, PlanDraft, Role, Span, TaskDraft, TaskOrigin, UnitMention, UnitSource

READER = "clauses 1"
SURE, TO_BE_LOOKED_AT = 1.0, 0.7


@dataclass(frozen=True, slots=True)
class Head:
    """What the document is called, by whom and when it was issued, and the days it speaks for."""

    title: str
    number: str
    issuer: str
    issued_on: date
    last: date  # the last day on which its tasks count


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as it stands in the text."""

    name: str
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing to be done: where it stands, what it is called, who does it by when. `sure` is lower where a person should look."""

    text: Span
    units: tuple[Named, ...]
    deadlines: tuple[Deadline, ...] = ()
    number: str = ""
    section: tuple[str, ...] = ()
    title: Span | None = None
    sure: float = SURE


def fixed_day(text: str, start: int, due: date) -> Deadline:
    """A term that names its day, standing at `start`."""
    return Deadline(text, start, start + len(text), DeadlineKind.DATE, SURE, first=due, last=due)


def drafted(text: str, head: Head, clauses: Sequence[Clause]) -> PlanDraft:
    """The text with its clauses as a draft under review."""
    return PlanDraft(
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        title=_said(head.title),
        issuer=_said(head.issuer),
        doc_number=_said(head.number) if head.number else None,
        issued_on=_said(head.issued_on.isoformat()),
        issued_on_date=head.issued_on,
        region=None,
        year=head.issued_on.year,
        period=(head.issued_on, head.last),
        goals=(),
        headings=(),
        indicators=(),
        universal_clauses=(),
        tasks=tuple(_task(text, one) for one in clauses),
        conflicts=(),
        notes=(),
        reader=READER,
    )


def _said(value: str) -> Field:
    return Field(value, (), SURE)


def _task(text: str, clause: Clause) -> TaskDraft:
    words = Field(clause.text.of(text), (clause.text,), clause.sure)
    units = tuple(
        UnitMention(Field(one.name, (one.span,), SURE), one.role, UnitSource.SENTENCE, (clause.text,))
        for one in clause.units
    )
    line = text.count("\n", 0, clause.text.start) + 1
    return TaskDraft(
        number=clause.number or None,
        section=clause.section,
        title=Field(clause.title.of(text), (clause.title,), SURE) if clause.title else None,
        text=words,
        body_start=0,
        units=units,
        inherited=(),
        deadlines=clause.deadlines,
        origin=TaskOrigin.BODY,
        part=0,
        line=line,
    )
