"""Places of one document that do not agree with each other or with the calendar."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from soilrules.deadlines.choose import closing_term
from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.plantext.draft import (
    Conflict,
    ConflictKind,
    Field,
    PlanDraft,
    Role,
    Span,
    TaskDraft,
    TaskOrigin,
)
from soilrules.plantext.layout import Grid, Item, Para
from soilrules.plantext.normalise import fold
from soilrules.plantext.pairing import Index
from soilrules.plantext.quantities import plain
from soilrules.plantext.source import Words

SAME_TASK, SAME_MILESTONE = 0.55, 0.6
LEAST_ROWS, LEAST_SHARE = 5, 0.3
SHORTEST = 5
PREFIX = re.compile(r"^(?:自治区|自治州|[市区县省州旗])(?=.{2})")
SHORT_NAMES = (
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("工业和信息化", "工信"),
    ("经济和信息化", "经信"),
    ("规划和自然资源", "规自"),
    ("卫生健康", "卫健"),
    ("市场监督管理", "市监"),
    ("市场监管", "市监"),
    ("应急管理", "应急"),
    ("委员会", "委"),
    ("环境保护", "环保"),
    ("管理局", "局"),
)
STOP = "。；？"
UNIT_LINE = re.compile("（?(?:计量)?单位：[^。；，]{1,12}$")


@dataclass(frozen=True)
class Milestone:
    """A dated term of a body task with the words it belongs to."""

    task: int
    term: Deadline
    words: str


def find_conflicts(draft: PlanDraft, words: Words, items: tuple[Item, ...]) -> tuple[Conflict, ...]:
    """All conflicts of a draft, deadlines first."""
    body = [at for at, task in enumerate(draft.tasks) if task.origin is TaskOrigin.BODY]
    rows = [at for at, task in enumerate(draft.tasks) if task.origin is TaskOrigin.TABLE]
    found: list[Conflict] = []
    if body and rows:
        pairs = _pairs(draft, body, rows)
        same = {**_by_title(draft, body, rows), **pairs}
        found += _deadlines(draft, body, rows, same)
        found += _units(draft, pairs)
        found += _one_sided(draft, body, rows, same)
    found += _targets(draft)
    found += _before_issue(draft)
    found += _missing_annexes(words, items)
    return tuple(found)


def _words_of(task: TaskDraft) -> str:
    title = task.title.value if task.title else ""
    text = task.text.value
    return fold(text if text.startswith(title) else f"{title}。{text}")


def _milestones(draft: PlanDraft, body: list[int]) -> list[Milestone]:
    """Each dated term of the body with its clause: from its sentence's start or the term before, to the next."""
    found: list[Milestone] = []
    for at in body:
        task = draft.tasks[at]
        dated = [term for term in task.deadlines if term.last and term.completion]
        ends = [*(term.start for term in dated[1:]), len(draft.text)]
        for term, end in zip(dated, ends, strict=False):
            last = min(end, task.text.spans[-1].end if task.text.spans else term.end, term.end + 120)
            following = re.split(f"[{STOP}]", fold(draft.text[term.end : last]), maxsplit=1)[0]
            found.append(Milestone(at, term, following))
    return found


def _deadlines(draft: PlanDraft, body: list[int], rows: list[int], same: dict[int, int]) -> Iterator[Conflict]:
    """Rows whose day differs from that of the milestone they repeat, or is none of the task they name (`same`)."""
    milestones = [one for one in _milestones(draft, body) if len(one.words) >= SHORTEST]
    index = Index([one.words for one in milestones])
    times = Counter(same.values())
    alone = {row for row, task in same.items() if times[task] == 1}  # of several rows each may be a part of the task
    for row in rows:
        task = draft.tasks[row]
        term = next((term for term in task.deadlines if term.last and term.kind is DeadlineKind.DATE), None)
        if term is None:
            continue
        texts = [fold(task.text.value), *([fold(task.title.value)] if task.title else [])]
        hits = [hit for text in texts if len(text) >= SHORTEST and (hit := index.best(text, mutual=True))]
        best = max(hits, key=lambda hit: hit[1], default=None)
        if best is not None and best[1] >= SAME_MILESTONE:
            other = milestones[best[0]]
            if other.term.last != term.last:
                yield Conflict(ConflictKind.DEADLINES_DIFFER, (other.task, row), (), (_term(other.term), _term(term)))
        elif row in alone and (closing := closing_term(draft.tasks[same[row]].deadlines)):
            days = {one.last for one in draft.tasks[same[row]].deadlines}
            if not days & {one.last for one in task.deadlines}:
                yield Conflict(ConflictKind.DEADLINES_DIFFER, (same[row], row), (), (_term(closing.term), _term(term)))


def _term(term: Deadline) -> Field:
    return Field(term.text, (Span(term.start, term.end),), term.confidence, term.reason)


def _pairs(draft: PlanDraft, body: list[int], rows: list[int]) -> dict[int, int]:
    """Row to body task, where most of the row's words stand in the task."""
    index = Index([_words_of(draft.tasks[at]) for at in body])
    pairs: dict[int, int] = {}
    for row in rows:
        best = index.best(_words_of(draft.tasks[row]), mutual=False)
        if best and best[1] >= SAME_TASK:
            pairs[row] = body[best[0]]
    return pairs


def _by_title(draft: PlanDraft, body: list[int], rows: list[int]) -> dict[int, int]:
    """Row to body task where only the title is the same: the task is there, but perhaps in other paragraphs."""
    titles = {title: at for at in reversed(body) if len(title := _title(draft.tasks[at])) > SHORTEST}
    return {row: titles[title] for row in rows if (title := _title(draft.tasks[row])) in titles}


def _title(task: TaskDraft) -> str:
    return plain(fold(task.title.value)) if task.title else ""


def short_name(unit: str) -> str:
    """A unit's name with the usual abbreviations and without its administrative prefix."""
    name = fold(unit)
    for full, short in SHORT_NAMES:
        name = name.replace(full, short)
    return PREFIX.sub("", name)


def _roles(task: TaskDraft, everywhere: set[str]) -> dict[str, set[Role]]:
    """Roles by short name, without the units a universal clause puts on every task."""
    roles: dict[str, set[Role]] = defaultdict(set)
    for unit in task.units:
        if plain(unit.name.value) in everywhere:
            continue
        roles[short_name(unit.name.value)].add(unit.role)
    return roles


def _units(draft: PlanDraft, pairs: dict[int, int]) -> Iterator[Conflict]:
    """Lead and support swapped, or other units, between a task and its row."""
    everywhere = {plain(unit.name.value) for clause in draft.universal_clauses for unit in clause.units}
    for row, at in pairs.items():
        body, table = _roles(draft.tasks[at], everywhere), _roles(draft.tasks[row], everywhere)
        if not body or not table:
            continue
        down = {unit for unit in body if Role.LEAD in body[unit] and table.get(unit) == {Role.SUPPORT}}
        up = {unit for unit in table if Role.LEAD in table[unit] and body.get(unit) == {Role.SUPPORT}}
        if down and up:
            yield Conflict(
                ConflictKind.ROLES_REVERSED, (at, row), (), (_side(draft.tasks[at]), _side(draft.tasks[row]))
            )
        elif body.keys() != table.keys():
            yield Conflict(ConflictKind.UNITS_DIFFER, (at, row), (), (_side(draft.tasks[at]), _side(draft.tasks[row])))


def _side(task: TaskDraft) -> Field:
    names = [unit.name for unit in task.units]
    return Field("、".join(name.value for name in names), tuple(span for name in names for span in name.spans), 1.0)


def _one_sided(draft: PlanDraft, body: list[int], rows: list[int], pairs: dict[int, int]) -> Iterator[Conflict]:
    """Tasks of the body without a row and rows without a task, where the table repeats the body at all."""
    if len(rows) < LEAST_ROWS or len(pairs) < LEAST_SHARE * len(rows):
        return
    covered = set(pairs.values())
    for at in body:
        if at not in covered:
            yield Conflict(ConflictKind.ONLY_IN_BODY, (at,), (), (draft.tasks[at].text,))
    for row in rows:
        if row not in pairs:
            yield Conflict(ConflictKind.ONLY_IN_TABLE, (row,), (), (draft.tasks[row].text,))


def _targets(draft: PlanDraft) -> Iterator[Conflict]:
    """The same quantity of the same year with two targets, or a target and `/`."""
    seen: dict[tuple[str, int | None], int] = {}
    for at, indicator in enumerate(draft.indicators):
        key = (plain(indicator.name.value), indicator.year)
        first = seen.setdefault(key, at)
        other = draft.indicators[first]
        if first != at and (other.target, other.comparator) != (indicator.target, indicator.comparator):
            if other.target == indicator.target and "=" in (other.comparator, indicator.comparator):
                continue
            yield Conflict(ConflictKind.TARGETS_DIFFER, (), (first, at), (other.quote, indicator.quote))


def _before_issue(draft: PlanDraft) -> Iterator[Conflict]:
    """Terms that had passed when the plan was issued."""
    issued = draft.issued_on_date
    if issued is None or draft.issued_on is None:
        return
    for at, task in enumerate(draft.tasks):
        for term in task.deadlines:
            if term.completion and term.last and max(term.last, *term.alternatives, term.last) < issued:
                yield Conflict(ConflictKind.DUE_BEFORE_ISSUE, (at,), (), (_term(term), draft.issued_on))


def _missing_annexes(words: Words, items: tuple[Item, ...]) -> Iterator[Conflict]:
    """Annexes the document lists but does not hold; a line with its table right below it is the annex itself."""
    listing = False
    for item, following, behind in zip_longest(items, items[1:], items[2:]):
        if isinstance(following, Para) and UNIT_LINE.match(words.fold, following.start, following.end):
            following = behind
        if not isinstance(item, Para) or isinstance(following, Grid):
            continue
        text = words.fold[item.start : min(item.end, item.start + 300)]
        opens = text.startswith("附件") and "：" in text[:6] and "。" not in text[:-1]
        listing = opens or (listing and re.match(r"[0-9]{1,2}[.、]", text) is not None and len(text) < 80)
        if not listing:
            continue
        for start, end in _names(text):
            name = text[start:end].strip("《》。；")
            if len(name) >= SHORTEST and _printed_once(words.fold, name):
                yield Conflict(ConflictKind.ANNEX_MISSING, (), (), (words.field(item.start + start, item.start + end),))


def _names(text: str) -> Iterator[tuple[int, int]]:
    at = text.find("：", 0, 6) + 1
    cuts = list(re.finditer(r"(?<![0-9])[0-9]{1,2}[.、](?=[^0-9]|(?:19|20)[0-9]{2}年)", text[at:]))
    starts = [at + cut.end() for cut in cuts] or [at]
    ends = [at + cut.start() for cut in cuts[1:]] + [len(text)]
    yield from zip(starts, ends, strict=True)


def _printed_once(fold_text: str, name: str) -> bool:
    first = fold_text.find(name)
    return fold_text.find(name, first + len(name)) < 0
