"""What a person should know about the whole document before accepting anything."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from soilrules.deadlines.reasons import TermReason
from soilrules.plantext.columns import header_kinds, schedule_columns
from soilrules.plantext.draft import Note, NoteKind, PlanDraft, Span, TaskDraft, TaskOrigin
from soilrules.plantext.layout import Grid, Item
from soilrules.plantext.metadata import INDEX_CARD
from soilrules.plantext.normalise import is_traditional
from soilrules.plantext.prose import Prose
from soilrules.plantext.source import Words

NEWS = re.compile(r"记者|本报讯|通讯员|新闻|日前，|近日，|编辑：|责编|来源：|据悉|据了解|稿件|摄影")
ENOUGH_NEWS = 2
REST_LIMIT = 2_000  # characters; what is longer behind a table is text of its own
ROW_CELLS = 10
LEAST_ROWS, HEADER_ROWS, SHOWN_WORDS = 2, 4, 40


def notes_of(draft: PlanDraft, words: Words, items: tuple[Item, ...], prose: Prose) -> tuple[Note, ...]:
    """All notes, in a fixed order."""
    return tuple(_notes(draft, words, items, prose))


def _notes(draft: PlanDraft, words: Words, items: tuple[Item, ...], prose: Prose) -> Iterator[Note]:
    whole = (Span(0, len(draft.text)),)
    if not draft.tasks:
        news = list(NEWS.finditer(words.fold, 0, 20_000))
        if len({match[0] for match in news}) >= ENOUGH_NEWS:
            yield Note(
                NoteKind.NEWS_ARTICLE, {}, tuple(span for match in news[:3] for span in words.spans(*match.span()))
            )
        reason = "empty" if not words.fold.strip() else "no_brackets"
        yield Note(NoteKind.NO_TASKS, {"reason": reason, "characters": str(len(words.fold))}, whole)
    if prose.part_titles:
        yield Note(
            NoteKind.SEVERAL_PLANS,
            {"count": str(len(prose.part_titles) + 1)},
            tuple(span for stretch in prose.part_titles for span in words.spans(*stretch)),
        )
    if is_traditional(draft.text):
        yield Note(NoteKind.TRADITIONAL_CHARACTERS, {}, whole)
    for stretch in prose.unbalanced:
        yield Note(NoteKind.UNBALANCED_BRACKET, {"line": str(words.line_of(stretch[0]))}, words.spans(*stretch))
    yield from _truncated(draft, words)
    yield from _tables(draft, words, items)
    if (
        draft.tasks
        and draft.year is None
        and any(term.reason == TermReason.NO_YEAR_FOR_TERM for task in draft.tasks for term in task.deadlines)
    ):
        yield Note(NoteKind.NO_YEAR, {}, draft.title.spans if draft.title else whole)


def _tables(draft: PlanDraft, words: Words, items: tuple[Item, ...]) -> Iterator[Note]:
    """Tables of which nothing was taken, and the columns of a task table that say what is done in which year."""
    read = sorted(
        [task.text.spans[0].start for task in draft.tasks if task.text.spans]
        + [one.name.spans[0].start for one in draft.indicators if one.name.spans]
    )
    for item in items:
        if not isinstance(item, Grid) or len(item.rows) < LEAST_ROWS:
            continue
        header = [words.printed[cell.start : cell.end] for cell in item.rows[0] if not cell.inherited]
        place = words.at[item.start], words.at[max(cell.end for row in item.rows for cell in row) - 1] + 1
        shown = "、".join(text.replace("\n", "") for text in header if text)[:SHOWN_WORDS]
        params = {"line": str(words.line_of(item.start)), "words": shown}
        if bisect_left(read, place[0]) == bisect_left(read, place[1]):
            if len([text for text in header if text]) > 1 and not INDEX_CARD.search(shown):
                yield Note(NoteKind.TABLE_UNREAD, params, (Span(*place),))
            continue
        for row in item.rows[:HEADER_ROWS]:
            texts = [words.printed[cell.start : cell.end] for cell in row]
            dated = schedule_columns(texts) if header_kinds(texts) else []
            if dated:
                names = "、".join(dict.fromkeys(texts[at] for at in dated))
                yield Note(NoteKind.SCHEDULE_UNREAD, {**params, "words": names[:SHOWN_WORDS]}, (Span(*place),))
                break


def _truncated(draft: PlanDraft, words: Words) -> Iterator[Note]:
    """A table whose last row lacks the units that the rows above it have, or is too short to be a row at all."""
    rows = [task for task in draft.tasks if task.origin is TaskOrigin.TABLE]
    rest = _left_over(draft, rows[-1]) if rows else None
    if rest:
        yield Note(NoteKind.TRUNCATED_TABLE, {"line": str(draft.text.count("\n", 0, rest.start) + 1)}, (rest,))
        return
    if len(rows) < 2 or rows[-1].units or not all(task.units for task in rows[:-1]):
        return
    last = rows[-1].text.spans
    if last and not draft.text[last[-1].end :].strip():
        yield Note(NoteKind.TRUNCATED_TABLE, {"line": str(rows[-1].line)}, last)


def _left_over(draft: PlanDraft, last: TaskDraft) -> Span | None:
    """What stands behind the last row of a table: the next serial number and a few cells, too few for a row."""
    fields = (last.text, *(unit.name for unit in last.units))
    start = max(*(span.end for field in fields for span in field.spans), *(term.end for term in last.deadlines), 0)
    rest = draft.text[start : start + REST_LIMIT]
    cells = rest.split()
    if len(draft.text) > start + REST_LIMIT or not 2 <= len(cells) <= ROW_CELLS or not (last.number or "").isdecimal():
        return None
    if cells[0] != str(int(last.number or "") + 1):
        return None
    return Span(start + rest.index(cells[0]), start + len(rest.rstrip()))
