"""Re-check a draft against a text: which fields still read what they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from soilrules.plantext.draft import Field, PlanDraft, Span


@dataclass(frozen=True)
class Stale:
    """A field whose characters are no longer what was read.

    `path` names the field (`tasks[3].units[0].name`). Where the same words only stand elsewhere now,
    because text was put in or taken out before them, `moved_to` says where.
    """

    path: str
    spans: tuple[Span, ...]
    was: str
    now: str
    moved_to: tuple[Span, ...] = ()


def fields_of(draft: PlanDraft) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Every field of a draft with a place in the text, by path."""
    yield from _named(draft, "", ("title", "issuer", "doc_number", "issued_on", "region"))
    for at, goal in enumerate(draft.goals):
        yield f"goals[{at}]", goal.spans
    for at, indicator in enumerate(draft.indicators):
        yield from _named(indicator, f"indicators[{at}].", ("name", "quote"))
    for at, clause in enumerate(draft.universal_clauses):
        yield f"universal_clauses[{at}].text", clause.text.spans
        for number, unit in enumerate(clause.units):
            yield f"universal_clauses[{at}].units[{number}].name", unit.name.spans
    for at, task in enumerate(draft.tasks):
        yield from _named(task, f"tasks[{at}].", ("title", "text"))
        for number, unit in enumerate(task.units):
            yield f"tasks[{at}].units[{number}].name", unit.name.spans
        for number, term in enumerate(task.deadlines):
            yield f"tasks[{at}].deadlines[{number}]", (Span(term.start, term.end),)


def _named(holder: object, prefix: str, names: tuple[str, ...]) -> Iterator[tuple[str, tuple[Span, ...]]]:
    for name in names:
        field = getattr(holder, name)
        if isinstance(field, Field):
            yield prefix + name, field.spans


def verify(draft: PlanDraft, text: str) -> tuple[Stale, ...]:
    """The fields of `draft` whose spans read something else in `text`, in order of the draft.

    A changed character makes exactly the fields on it stale; a text put in or taken out also moves the
    fields behind it, which are reported with their new place.
    """
    if text == draft.text:
        return ()
    same = _alike(draft.text, text)
    room = min(len(draft.text), len(text)) - same
    behind = min(_alike(draft.text[::-1], text[::-1]), room)
    unchanged_from, shift = len(draft.text) - behind, len(text) - len(draft.text)
    found: list[Stale] = []
    for path, spans in fields_of(draft):
        was, now = _reads(draft.text, spans), _reads(text, spans)
        if was != now or any(span.end > len(text) for span in spans):
            whole = all(span.end <= same or span.start >= unchanged_from for span in spans)
            moved = tuple(span if span.end <= same else Span(span.start + shift, span.end + shift) for span in spans)
            found.append(Stale(path, spans, was, now, moved if whole else ()))
    return tuple(found)


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _reads(text: str, spans: tuple[Span, ...]) -> str:
    return "\n".join(span.of(text) for span in spans)
