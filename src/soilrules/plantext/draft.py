"""What a plan says, as read: a `PlanDraft` in which every field can point at its characters.

Offsets are characters (not bytes) into `PlanDraft.text`, half-open. A field that was not printed
but derived (the plan's own year, a universal clause) has the span of what it was derived from.
Nothing here is accepted by anybody: a draft becomes a ledger only when a person says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from soilrules.deadlines.model import Deadline


@dataclass(frozen=True, order=True)
class Span:
    """Characters `[start, end)` of the document text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True)
class Field:
    """One extracted value, where it stands and how sure the reader is (0 to 1)."""

    value: str
    spans: tuple[Span, ...]
    confidence: float
    reason: str = ""  # message id: why the confidence is not 1 (see messages.yaml)


class Role(StrEnum):
    """How a unit stands on a task."""

    LEAD = "lead"  # 牵头
    SUPPORT = "support"  # 配合、参与
    RESPONSIBLE = "responsible"  # 负责、责任单位、按职责分工负责


class UnitSource(StrEnum):
    """Why a unit is on a task."""

    BRACKET = "bracket"  # a responsibility bracket in prose
    COLUMN = "column"  # a column of a task table
    CONVENTION = "convention"  # 列第一位者为牵头单位
    UNIVERSAL = "universal"  # 以下均需…落实，不再列出
    SENTENCE = "sentence"  # the sentence itself says who does it (minutes, orders)
    SECTION = "section"  # the heading names the unit (plans that list duties unit by unit)


@dataclass(frozen=True)
class UnitMention:
    """A unit as printed, with its role and the words that put it there."""

    name: Field
    role: Role
    source: UnitSource
    because: tuple[Span, ...]  # the bracket, cell, clause or heading that says so


class TaskOrigin(StrEnum):
    """Where in the document a task stands."""

    BODY = "body"
    TABLE = "table"


@dataclass(frozen=True)
class TaskDraft:
    """One task: the text since the previous responsibility bracket or heading, or one row of a task table."""

    number: str | None  # as printed, `（二）1` where items restart under each heading
    section: tuple[str, ...]  # headings, outermost first
    title: Field | None
    text: Field  # the task's words, without its bracket
    body_start: int  # offset in `text.value` after a run-in title; 0 if none
    units: tuple[UnitMention, ...]  # as printed for this task
    inherited: tuple[UnitMention, ...]  # from universal clauses that govern it
    deadlines: tuple[Deadline, ...]  # all milestones, in order of print
    origin: TaskOrigin
    part: int  # 0-based index of the part (plan or annex) of the file it stands in
    line: int  # 1-based line of the source text


@dataclass(frozen=True)
class IndicatorDraft:
    """A named quantity with a target."""

    name: Field
    comparator: str  # >= <= = ~ text
    target: float | str | None  # a percentage or a count as number, else text with its unit; None for "/"
    unit: str  # "%", "亩", "个" … or ""
    year: int | None
    quote: Field
    scope: str  # goal | task | table
    alternative: str = ""  # the second branch of a two-branch rule, as printed
    wording: str = ""  # 力争, 左右, 不低于 … as printed
    not_applicable: bool = False  # the table prints "/"


@dataclass(frozen=True)
class UniversalClause:
    """A clause that puts units on every task after it (or on all of a stretch)."""

    text: Field
    units: tuple[UnitMention, ...]
    role: Role
    governs: tuple[int, ...]  # indices into PlanDraft.tasks


class ConflictKind(StrEnum):
    """Where the document disagrees with itself or with the calendar."""

    DEADLINES_DIFFER = "deadlines_differ"  # body against annex
    ROLES_REVERSED = "roles_reversed"  # lead and support swapped between body and annex
    UNITS_DIFFER = "units_differ"
    ONLY_IN_BODY = "only_in_body"
    ONLY_IN_TABLE = "only_in_table"
    TARGETS_DIFFER = "targets_differ"  # "/" against 力争100%
    DUE_BEFORE_ISSUE = "due_before_issue"  # 下发前已到期
    ANNEX_MISSING = "annex_missing"  # named, not attached


@dataclass(frozen=True)
class Conflict:
    """Two places of the document that do not agree; a person of the issuing office chooses."""

    kind: ConflictKind
    tasks: tuple[int, ...]  # indices into PlanDraft.tasks, body first; may be empty
    indicators: tuple[int, ...]
    sides: tuple[Field, ...]  # what each side says, body first


class NoteKind(StrEnum):
    """Things about the whole document a person should know before accepting."""

    NO_TASKS = "no_tasks"
    NEWS_ARTICLE = "news_article"
    TRUNCATED_TABLE = "truncated_table"
    SEVERAL_PLANS = "several_plans"
    TRADITIONAL_CHARACTERS = "traditional_characters"
    UNBALANCED_BRACKET = "unbalanced_bracket"
    NO_YEAR = "no_year"
    TABLE_UNREAD = "table_unread"
    SCHEDULE_UNREAD = "schedule_unread"


@dataclass(frozen=True)
class Note:
    """A remark on the reading; `params` fill the message of the catalogue."""

    kind: NoteKind
    params: dict[str, str]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of the document: its level (1 outermost), its line and its text."""

    level: int
    text: str
    span: Span


@dataclass(frozen=True)
class PlanDraft:
    """A plan document as read."""

    text: str
    sha256: str  # of the text, UTF-8
    title: Field | None
    issuer: Field | None  # joint issuers joined with 、
    doc_number: Field | None
    issued_on: Field | None  # ISO date
    issued_on_date: date | None
    region: Field | None
    year: int | None  # the plan's own year, the context of its deadlines
    period: tuple[date, date] | None  # first and last day the plan speaks for
    goals: tuple[Field, ...]
    headings: tuple[Heading, ...]
    indicators: tuple[IndicatorDraft, ...]
    universal_clauses: tuple[UniversalClause, ...]
    tasks: tuple[TaskDraft, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[Note, ...]
    reader: str  # reader version, kept with every stored draft
    lines: tuple[int, ...] = field(repr=False, default=())  # offset of each line start
    unassigned: tuple[TaskDraft, ...] = ()  # clauses without any unit: no tasks, for a person to take up or leave

    @property
    def holds_nothing(self) -> bool:
        """Whether there is nothing to review: no task and no clause, or a piece of news."""
        news = any(note.kind is NoteKind.NEWS_ARTICLE for note in self.notes)
        return not self.tasks and (news or not self.unassigned)
