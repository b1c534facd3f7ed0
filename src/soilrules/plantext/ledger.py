"""A draft as the JSON ledger: the schema people know, with spans, confidence and milestones beside it."""

from __future__ import annotations

from typing import Any

from soilrules.deadlines.choose import closing_term
from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.plantext.draft import (
    Conflict,
    Field,
    IndicatorDraft,
    Note,
    PlanDraft,
    Role,
    Span,
    TaskDraft,
    UnitMention,
)

STARTS = 25
SHOWN = [
    DeadlineKind.STANDING,
    DeadlineKind.AS_DIRECTED,
    DeadlineKind.WINDOW,
    DeadlineKind.YEARLY,
    DeadlineKind.UNDETERMINED,
    DeadlineKind.DATE,
    DeadlineKind.AFTER_EVENT,
    DeadlineKind.BEFORE_EVENT,
]  # which term a ledger prints where none is dated
Json = dict[str, Any]


def as_json(draft: PlanDraft) -> Json:
    """The ledger of a draft; keys beyond the schema are additions and may grow."""
    return {
        "title": _value(draft.title),
        "issuer": _value(draft.issuer),
        "doc_number": _value(draft.doc_number),
        "issued_on": _value(draft.issued_on),
        "region": _value(draft.region),
        "year": draft.year,
        "period": [day.isoformat() for day in draft.period] if draft.period else None,
        "sha256": draft.sha256,
        "reader": draft.reader,
        "spans": {
            name: _field(getattr(draft, name))
            for name in ("title", "issuer", "doc_number", "issued_on", "region")
            if getattr(draft, name)
        },
        "indicators": [_indicator(one) for one in draft.indicators if not one.not_applicable],
        "not_applicable": [_indicator(one) for one in draft.indicators if one.not_applicable],
        "universal_clause": _clause(draft),
        "tasks": [_task(task) for task in draft.tasks],
        "unassigned": [_task(clause) for clause in draft.unassigned],
        "conflicts": [_conflict(one) for one in draft.conflicts],
        "notes": [_note(one) for one in draft.notes],
    }


def _value(field: Field | None) -> str | None:
    return field.value if field else None


def _spans(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _field(field: Field) -> Json:
    shown: Json = {"value": field.value, "spans": _spans(field.spans), "confidence": field.confidence}
    return {**shown, "reason": field.reason} if field.reason else shown


def _indicator(one: IndicatorDraft) -> Json:
    return {
        "name": one.name.value,
        "target": one.target,
        "comparator": one.comparator,
        "unit": one.unit,
        "year": one.year,
        "quote": one.quote.value,
        "scope": one.scope,
        "wording": one.wording,
        "alternative": one.alternative or None,
        "spans": {"name": _field(one.name), "quote": _field(one.quote)},
    }


def _clause(draft: PlanDraft) -> Json | None:
    if not draft.universal_clauses:
        return None
    clause = draft.universal_clauses[0]
    return {
        "text": clause.text.value,
        "units": [unit.name.value for unit in clause.units],
        "role": clause.role.value,
        "spans": _spans(clause.text.spans),
        "governs": list(clause.governs),
    }


def _task(task: TaskDraft) -> Json:
    choice = closing_term(task.deadlines)
    ongoing = any(term.kind is DeadlineKind.STANDING for term in task.deadlines)
    term = choice.term if choice else min(task.deadlines, key=lambda one: SHOWN.index(one.kind), default=None)
    text = task.text.value
    return {
        "number": task.number,
        "section": list(task.section),
        "title": _value(task.title),
        "text_starts": text[:STARTS],
        "body_starts": text[task.body_start :][:STARTS] if task.body_start else None,
        "text": text,
        **{role.value: [unit.name.value for unit in task.units if unit.role is role] for role in Role},
        "inherited": [_unit(unit) for unit in task.inherited],
        "deadline_text": term.text if term else None,
        "deadline": choice.term.last.isoformat() if choice and choice.term.last else None,
        "deadline_alt": [day.isoformat() for day in choice.alternatives] if choice else [],
        "ongoing": ongoing,
        "milestones": [_milestone(one) for one in task.deadlines],
        "origin": task.origin.value,
        "part": task.part,
        "line": task.line,
        "spans": {
            "text": _field(task.text),
            **({"title": _field(task.title)} if task.title else {}),
            "units": [_unit(unit) for unit in task.units],
        },
    }


def _unit(unit: UnitMention) -> Json:
    return {**_field(unit.name), "role": unit.role.value, "source": unit.source.value, "because": _spans(unit.because)}


def _milestone(term: Deadline) -> Json:
    shown: Json = {
        "text": term.text,
        "span": [term.start, term.end],
        "kind": term.kind.value,
        "confidence": term.confidence,
        "reason": term.reason,
        "first": term.first and term.first.isoformat(),
        "last": term.last and term.last.isoformat(),
        "alternatives": [day.isoformat() for day in term.alternatives],
        "month": term.month,
        "day": term.day,
        "first_month": term.first_month,
        "event": term.event,
        "count": term.count,
        "count_unit": term.count_unit,
        "what": term.what,
        "completion": term.completion,
    }
    return {key: value for key, value in shown.items() if value not in (None, "", [])}


def _conflict(conflict: Conflict) -> Json:
    return {
        "kind": conflict.kind.value,
        "tasks": list(conflict.tasks),
        "indicators": list(conflict.indicators),
        "sides": [_field(side) for side in conflict.sides],
    }


def _note(note: Note) -> Json:
    return {"kind": note.kind.value, "params": dict(note.params), "spans": _spans(note.spans)}
