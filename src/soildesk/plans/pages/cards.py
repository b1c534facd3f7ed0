"""The ledger side of the review screen: what one task shows, computed without a query per task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.plans.models import Milestone, Plan, PlanTask, TaskUnit
from soildesk.plans.pages import chips, reasons
from soildesk.plans.pages.chips import TermChip, UnitChip, Words
from soildesk.plans.pages.wording import (
    CONFLICTS,
    DOUBT,
    ORIGINS,
    ROLES,
    asks_review,
    printed_terms,
    role_word,
    terms_reading,
)
from soildesk.plans.queries.review import GONE, OPEN_MATCH, carried
from soildesk.plans.services.review import is_standing
from soilrules.deadlines.model import DeadlineKind

SHORT = 150
"""Characters of a task's text that fit on three lines."""
STATUS_TONE = {
    PlanTask.Status.PROPOSED: "calm",
    PlanTask.Status.ACCEPTED: "good",
    PlanTask.Status.REJECTED: "unknown",
    PlanTask.Status.MERGED: "unknown",
    PlanTask.Status.SPLIT: "unknown",
}
TERM_ICON = {
    DeadlineKind.STANDING: "infinity",
    DeadlineKind.YEARLY: "arrow-clockwise",
    DeadlineKind.BEFORE_EVENT: "flag",
    DeadlineKind.AFTER_EVENT: "flag",
    DeadlineKind.AS_DIRECTED: "question-circle",
    DeadlineKind.UNDETERMINED: "question-circle",
}


@dataclass(frozen=True)
class ClauseLine:
    """The universal clause some units of a task come from."""

    key: str
    text: str


@dataclass(frozen=True)
class ConflictLine:
    """The conflicts of one kind a task is part of; `pk` is the first of them."""

    pk: int
    word: str
    settled: bool
    count: int


class Card:
    """One task on the review screen."""

    def __init__(self, task: PlanTask, plan: Plan, words: Words) -> None:
        self.task = task
        self.plan = plan
        self._words = words
        self._clauses: list[dict[str, Any]] = plan.reading.get("universal", [])
        self.key = f"t{task.pk}"
        self.url = reverse("plans:task_act", args=[task.uid, "card"]).removesuffix("card/")

    @cached_property
    def units(self) -> list[UnitChip]:
        """Units in the order of roles: lead, responsible, support; inherited ones behind, unless printed here too."""
        order = list(ROLES)
        rows = sorted(self.task.units.all(), key=lambda u: (u.inherited, order.index(u.role) if u.role in order else 9))
        printed = {row.name for row in rows if not row.inherited}
        return [_unit_chip(self.key, row, self._words) for row in rows if not (row.inherited and row.name in printed)]

    @property
    def unit_lines(self) -> list[tuple[str, str, list[UnitChip]]]:
        """`(role, its word, chips)`; inherited units are a line of their own."""
        lines = groupby(self.units, key=lambda chip: (chip.inherited, chip.role))
        return [
            ("inherited" if inherited else role, role_word(role), list(found)) for (inherited, role), found in lines
        ]

    @property
    def unit_html(self) -> SafeString:
        """The lines of units; empty where no unit is named."""
        return mark_safe(chips.unit_lines(self.unit_lines, self._words))  # noqa: S308 — chips escapes all data

    @property
    def term_html(self) -> SafeString:
        """The terms; empty where none is printed."""
        return mark_safe(chips.terms(self.terms, self._words))  # noqa: S308 — chips escapes all data

    @property
    def asking(self) -> list[TermChip]:
        """Terms that ask for a review date."""
        return [term for term in self.terms if term.asks]

    @cached_property
    def inherited_from(self) -> list[ClauseLine]:
        """The universal clauses behind the inherited units."""
        because = [tuple(span) for row in self.task.units.all() if row.inherited for span in row.because]
        return [
            ClauseLine(f"c{number}", clause["text"]["value"])
            for number, clause in enumerate(self._clauses)
            if any(_overlap(span, own) for span in because for own in clause["text"]["spans"])
        ]

    @cached_property
    def terms(self) -> list[TermChip]:
        """Terms in order of print."""
        return [_term_chip(self.key, found, self.plan.year) for found in printed_terms(self.task.milestones.all())]

    @cached_property
    def conflicts(self) -> list[ConflictLine]:
        """Conflicts the task is part of, one line for each kind, open ones apart from settled ones."""
        lines: dict[tuple[str, bool], ConflictLine] = {}
        for row in self.task.conflicts.all():
            key = (row.kind, row.settled_at is not None)
            known = lines.get(key)
            lines[key] = ConflictLine(
                known.pk if known else row.pk,
                str(CONFLICTS.get(row.kind, row.kind)),
                key[1],
                known.count + 1 if known else 1,
            )
        return list(lines.values())

    @cached_property
    def doubts(self) -> list[str]:
        """Why parts of the task should be looked at, in sentences."""
        found = []
        for name, word in (("title", _("标题")), ("text", _("正文"))):
            field = self.task.reading.get(name) or {}
            if field and field["confidence"] < DOUBT:
                found.append(f"{word}：{reasons.sentence(field['reason'])}")
        found += [f"“{term.text}”：{term.told}" for term in self.terms if term.doubtful and not term.overruled]
        found += [
            f"“{row.name}”：{reasons.of_unit()}"
            for row in self.task.units.all()
            if row.confidence < DOUBT and not row.inherited and not row.overruled_by_id
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def shown_text(self) -> str:
        """The words of the task behind its run-in title, so that the title is not read twice."""
        title, text = self.task.title, self.task.text
        if not title or not text.startswith(title):
            return text
        return text[len(title) :].lstrip("。.：:，, 　") if len(text) > len(title) else ""

    @cached_property
    def doubtful(self) -> bool:
        """Whether any field is less sure than the threshold."""
        return self.task.confidence < DOUBT

    @cached_property
    def in_conflict(self) -> bool:
        """Whether a conflict of the task is open."""
        return any(not conflict.settled for conflict in self.conflicts)

    @cached_property
    def unplaced(self) -> bool:
        """Whether a unit is not placed."""
        return any(chip.open and not chip.overruled for chip in self.units)

    @property
    def open(self) -> bool:
        """Whether nobody has decided it."""
        return self.task.status == PlanTask.Status.PROPOSED

    @property
    def accepted(self) -> bool:
        """Whether it is in the ledger."""
        return self.task.status == PlanTask.Status.ACCEPTED

    @property
    def gone(self) -> bool:
        """Whether it went into another task or was split."""
        return self.task.status in GONE

    @property
    def long(self) -> bool:
        """Whether the text is shown shortened at first."""
        return len(self.shown_text) > SHORT

    @property
    def tone(self) -> str:
        """Tone of the state's chip."""
        return STATUS_TONE[PlanTask.Status(self.task.status)]

    @property
    def origin(self) -> str:
        """正文, 附表 or 补充."""
        return str(ORIGINS.get(self.task.origin, self.task.origin))

    @cached_property
    def standing(self) -> bool:
        """Whether no term fixes a day, so that it is judged by a rhythm of our own."""
        return is_standing(self.task)

    @property
    def order(self) -> Any:
        """This year's action, where somebody set it."""
        return getattr(self.task, "standing_order", None) if self.standing else None

    @property
    def title_doubtful(self) -> bool:
        """Whether the title was read with doubt."""
        return ((self.task.reading.get("title") or {}).get("confidence", 1.0)) < DOUBT

    @property
    def text_doubtful(self) -> bool:
        """Whether the text was read with doubt."""
        return ((self.task.reading.get("text") or {}).get("confidence", 1.0)) < DOUBT


def _overlap(one: Sequence[int], other: Sequence[int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _unit_chip(key: str, row: TaskUnit, words: Words) -> UnitChip:
    department = str(row.department) if row.department_id else ""
    return UnitChip(
        key=f"{key}.u{row.pk}",
        name=row.name,
        role=row.role,
        match=row.match,
        department="" if department == row.name else department,
        told=words.of_unit(row),
        doubtful=row.confidence < DOUBT,
        open=row.match in OPEN_MATCH,
        inherited=row.inherited,
        overruled=bool(row.overruled_by_id),
    )


def _term_chip(key: str, printed: Sequence[Milestone], year: int | None) -> TermChip:
    row = printed[0]
    doubtful = row.confidence < DOUBT and row.decided_by_id is None
    return TermChip(
        pk=row.pk,
        key=f"{key}.m{row.pk}",
        text=row.text,
        reading=_told_reading(printed),
        icon=TERM_ICON.get(DeadlineKind(row.kind), "calendar-event"),
        told=reasons.of_term(row, year) if doubtful else row.what,
        doubtful=doubtful,
        overruled=bool(row.overruled_by_id),
        decided=bool(row.decided_by_id),
        counts=row.completion,
        asks=asks_review(row) and row.review_on is None,
        review_on=row.review_on,
    )


def _told_reading(printed: Sequence[Milestone]) -> str:
    reading = terms_reading(printed)
    return "" if reading == printed[0].text else reading


def load(tasks: Any) -> Any:
    """`tasks` with everything a card shows: a constant number of queries."""
    rows = tasks.select_related("standing_order", "merged_into", "accepted_by", "came_from").annotate(carried=carried())
    return rows.prefetch_related("units__department", "milestones", "conflicts")


def cards_of(plan: Plan, tasks: Any) -> list[Card]:
    """The cards of these tasks of a plan, in order of print."""
    words = Words()
    return [Card(task, plan, words) for task in load(tasks)]


def card_of(task: PlanTask) -> Card:
    """One card, read afresh."""
    row = load(PlanTask.objects.filter(pk=task.pk)).get()
    return Card(row, task.plan, Words())


@dataclass(frozen=True)
class Section:
    """Tasks under one heading."""

    headings: list[str]
    cards: list[Card]

    @property
    def title(self) -> str:
        """The innermost heading."""
        return self.headings[-1] if self.headings else _("未归入标题的任务")

    @property
    def above(self) -> str:
        """The headings above it."""
        return " › ".join(self.headings[:-1])


def sections(cards: Iterable[Card]) -> list[Section]:
    """Cards grouped by the headings they stand under, in order of print."""
    groups = groupby(cards, key=lambda card: card.task.section_key)
    return [Section(list(rows[0].task.section), rows) for _key, rows in ((key, list(rows)) for key, rows in groups)]
