"""Read a plan: text in, `PlanDraft` out."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date

from soilrules.plantext import metadata
from soilrules.plantext.acting import with_units
from soilrules.plantext.building import Stretch, TaskSeed, convention, draft_of
from soilrules.plantext.conflicts import find_conflicts
from soilrules.plantext.document import Document
from soilrules.plantext.draft import PlanDraft, TaskDraft, TaskOrigin, UniversalClause
from soilrules.plantext.indicators import read_indicators
from soilrules.plantext.layout import Grid, Item, Para, lay_out
from soilrules.plantext.lexicon import CONVENTION, REST_SUPPORT
from soilrules.plantext.matrices import is_marked, read_marked
from soilrules.plantext.notes import notes_of
from soilrules.plantext.parts import begins_part
from soilrules.plantext.prose import Clause, Prose
from soilrules.plantext.source import Words
from soilrules.plantext.tables import TableState, continues, is_task_table, read_table
from soilrules.plantext.unassigned import Seen, unassigned
from soilrules.plantext.unitwise import read_unitwise
from soilrules.plantext.unstated import clauses_in_prose

DATED_YEAR = re.compile(r"(?P<year>(?:19|20)[0-9]{2})年(?:年?底|年?末|[0-9]{1,2}月)")
READER = "plantext 1"


@dataclass
class Reading:
    """What one walk over the items gathers."""

    prose: Prose
    tables: list[Grid] = field(default_factory=list)  # tables that hold no tasks


def read(document: Document | str, *, year: int | None = None) -> PlanDraft:
    """Read a document into a draft; `year` is the plan's year where the text does not say it."""
    if isinstance(document, str):
        document = Document.from_text(document)
    words, items = lay_out(document)
    front = metadata.read_front(words, items)
    plan_year = year or front.year or _only_year(words)
    reading = _walk(words, items)
    seeds = reading.prose.seeds
    if all(seed.origin is TaskOrigin.TABLE for seed in seeds):  # beside a table only what stands under a unit
        seeds = [*read_unitwise(words, items, reading.prose, headed=bool(seeds)), *seeds]
    _compose_numbers(seeds)
    _apply_convention(words, seeds)
    tasks = [draft_of(words, seed, plan_year) for seed in seeds]
    clauses = [*reading.prose.clauses, *clauses_in_prose(words, seeds, reading.prose.clauses)]
    universal = tuple(_universal(words, clause, tasks) for clause in clauses)
    for clause in universal:
        for index in clause.governs:
            tasks[index] = replace(tasks[index], inherited=(*tasks[index].inherited, *clause.units))
    indicators = read_indicators(words, items, front, reading.tables)
    spoken = [*reading.prose.spoken, *(clause.text for clause in clauses), *front.goal_ranges]
    acting, clauses_left = _clauses(words, reading, seeds, spoken, titled=front.title is not None)
    tasks, moved = _put_in(tasks, seeds, acting, [draft_of(words, seed, plan_year) for seed in acting])
    universal = tuple(replace(one, governs=tuple(moved[at] for at in one.governs)) for one in universal)
    draft = PlanDraft(
        text=document.text,
        sha256=hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest(),
        title=front.title,
        issuer=front.issuer,
        doc_number=front.doc_number,
        issued_on=front.issued_on,
        issued_on_date=_iso(front.issued_on.value if front.issued_on else None),
        region=front.region,
        year=plan_year,
        period=_period(front, plan_year),
        goals=front.goals,
        headings=tuple(reading.prose.headings),
        indicators=indicators,
        universal_clauses=universal,
        tasks=tuple(tasks),
        conflicts=(),
        notes=(),
        reader=READER,
        lines=tuple(words.lines),
        unassigned=tuple(draft_of(words, seed, plan_year) for seed in clauses_left),
    )
    draft = replace(draft, conflicts=find_conflicts(draft, words, items))
    return replace(draft, notes=notes_of(draft, words, items, reading.prose))


def _clauses(
    words: Words, reading: Reading, seeds: list[TaskSeed], spoken: list[Stretch], *, titled: bool
) -> tuple[list[TaskSeed], list[TaskSeed]]:
    """Clauses no bracket or row gives to anybody: those that say themselves who acts, and the rest."""
    if not seeds and not titled:
        return [], []
    return with_units(words, unassigned(words, reading.prose.seen, seeds, spoken))


def _put_in(
    tasks: list[TaskDraft], seeds: list[TaskSeed], acting: list[TaskSeed], drafts: list[TaskDraft]
) -> tuple[list[TaskDraft], list[int]]:
    """Tasks of clauses in their places among the others, and where each of the others stands now."""
    starts = [seed.start for seed in seeds]
    places = [next((at for at, start in enumerate(starts) if start > seed.start), len(starts)) for seed in acting]
    moved = [at + sum(place <= at for place in places) for at in range(len(tasks))]
    merged = dict(zip(moved, tasks, strict=True))
    order = sorted(range(len(acting)), key=lambda at: (places[at], acting[at].start))
    for before, at in enumerate(order):
        merged[places[at] + before] = drafts[at]
    return [merged[at] for at in range(len(merged))], moved


def _only_year(words: Words) -> int | None:
    """The year of all dates the text gives, where it is the same: a plan that prints no year of its own."""
    years = {int(match["year"]) for match in DATED_YEAR.finditer(words.fold)}
    return years.pop() if len(years) == 1 else None


def _walk(words: Words, items: tuple[Item, ...]) -> Reading:
    reading = Reading(Prose(words))
    prose, state = reading.prose, TableState()
    annex = ""
    for at, item in enumerate(items):
        if isinstance(item, Para):
            root = begins_part(words, items, at, prose)
            if root is not None:
                if not root:
                    prose.part_titles.append((item.start, item.end))
                prose.begin_part(root)
                annex = root
            prose.paragraph(item)
        elif is_task_table(words, item) or continues(words, item, state):
            roots = prose.open_headings() or ((annex,) if annex else ())
            state.titled = state.titled or bool(prose.seeds)
            prose.seeds.extend(read_table(words, item, state, roots, prose.part))
            prose.pending = None
            for start, end in state.remarks:
                prose.seen.append(Seen(Para(start, end), start, (), roots, prose.part))
            state.remarks = []
        elif is_marked(words, item):
            prose.seeds.extend(
                read_marked(words, item, prose.open_headings() or ((annex,) if annex else ()), prose.part)
            )
        else:
            reading.tables.append(item)
    return reading


def _compose_numbers(seeds: list[TaskSeed]) -> None:
    """Where item numbers restart under each heading, a number carries its heading's number."""
    counts: dict[tuple[int, str, str], int] = {}
    for seed in seeds:
        if seed.style and seed.number:
            key = (seed.part, seed.style, seed.number)
            counts[key] = counts.get(key, 0) + 1
    restarting = {(part, style) for (part, style, _), count in counts.items() if count > 1}
    for seed in seeds:
        if (seed.part, seed.style) in restarting and seed.parent_number:
            seed.number = f"{seed.parent_number}{seed.number}"


def _apply_convention(words: Words, seeds: list[TaskSeed]) -> None:
    """`列第一位者为牵头单位`, stated once, holds for every bare list of the document."""
    match = CONVENTION.search(words.fold)
    if not match:
        return
    rest = REST_SUPPORT.search(words.fold, match.end(), match.end() + 40) is not None
    for seed in seeds:
        seed.units = convention(seed.units, rest, words.source)


def _universal(words: Words, clause: Clause, tasks: list[TaskDraft]) -> UniversalClause:
    """The clause with the tasks it governs: those of its part behind it, in running text."""
    ends = bisect_right(tasks, clause.part, lo=clause.first_task, key=lambda task: task.part)
    governs = tuple(index for index in range(clause.first_task, ends) if tasks[index].origin is TaskOrigin.BODY)
    return UniversalClause(words.field(*clause.text), tuple(clause.units), clause.units[0].role, governs)


def _iso(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _period(front: metadata.Front, year: int | None) -> tuple[date, date] | None:
    if front.years:
        return date(front.years[0], 1, 1), date(front.years[1], 12, 31)
    return (date(year, 1, 1), date(year, 12, 31)) if year and front.one_year else None
