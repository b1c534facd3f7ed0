"""What changed between two editions of a plan: tasks added, taken out, changed, with their words, units and terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import QuerySet

from soildesk.plans.matching import Likeness, likeness
from soildesk.plans.models import Plan, PlanTask

GONE = frozenset({PlanTask.Status.REJECTED, PlanTask.Status.MERGED, PlanTask.Status.SPLIT})
SAME_NUMBER = 0.3
"""From this likeness on, two tasks under the same number and heading are the same task."""
SAME_TEXT = 0.6
"""From this likeness on, two tasks are the same wherever they stand."""
SAME_ANSWER = 0.4
"""From this likeness on, two tasks of the same units with the same terms are the same task."""
Told = Mapping[int, int | None]
"""What a person said of new tasks, by key: which old one it is, or none."""


@dataclass(frozen=True)
class TaskFacts:
    """What is compared of a task: its words, `(role, unit)` pairs and terms as printed."""

    pk: int
    number: str
    section: tuple[str, ...]
    title: str
    text: str
    units: frozenset[tuple[str, str]]
    terms: tuple[str, ...]

    @property
    def words(self) -> str:
        """Title and text."""
        return f"{self.title}{self.text}"

    @property
    def place(self) -> tuple[str, str]:
        """Innermost heading and number: where the task stands."""
        return (self.section[-1] if self.section else "", self.number)


@dataclass(frozen=True)
class Stretch:
    """A stretch of text that both editions have (`same`) or only one (`old`, `new`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One task in both editions; what differs says so, what does not is empty."""

    old: TaskFacts
    new: TaskFacts
    wording: tuple[Stretch, ...]
    title_changed: bool
    units_added: tuple[tuple[str, str], ...]
    units_removed: tuple[tuple[str, str], ...]
    terms_changed: bool

    @property
    def differs(self) -> bool:
        """Whether anything changed but the number."""
        return bool(self.wording or self.title_changed or self.units_added or self.units_removed or self.terms_changed)


@dataclass(frozen=True)
class Comparison:
    """All tasks of two editions: only in the new, only in the old, changed, and how many are the same."""

    added: tuple[TaskFacts, ...]
    removed: tuple[TaskFacts, ...]
    changed: tuple[Change, ...]
    same: int


def in_force(plan: Plan) -> QuerySet[Plan]:
    """Other editions of the same plan that are published, however many drafts lie between."""
    near: dict[int, set[int]] = {}
    rows = Plan.objects.filter(division=plan.division_id, edition_of__isnull=False)
    for new, old in rows.values_list("pk", "edition_of_id"):
        near.setdefault(new, set()).add(old)
        near.setdefault(old, set()).add(new)
    family, waiting = set(), {plan.pk}
    while waiting:
        family |= waiting
        waiting = set().union(*(near.get(pk, ()) for pk in waiting)) - family
    return Plan.objects.filter(pk__in=family - {plan.pk}, stage=Plan.Stage.PUBLISHED).order_by("pk")


def facts_of(plan: Plan) -> list[TaskFacts]:
    """The plan's tasks as compared, in order of print; three queries."""
    rows = plan.tasks.exclude(status__in=GONE).prefetch_related("units", "milestones")
    return [_facts(row) for row in rows]


def _facts(row: PlanTask) -> TaskFacts:
    units = frozenset((unit.role, unit.name) for unit in row.units.all() if not unit.overruled_by_id)
    printed = (term.text for term in row.milestones.all() if term.completion and not term.overruled_by_id)
    terms = tuple(dict.fromkeys(printed))  # 每月5日前 is printed once and is twelve days
    return TaskFacts(row.pk, row.number, tuple(row.section), row.title, row.text, units, terms)


def compare(old: Sequence[TaskFacts], new: Sequence[TaskFacts], told: Told | None = None) -> Comparison:
    """Match the tasks of two editions and say what changed; a pure function over rows.

    What a person said of a task counts first. Then same place and somewhat alike words are the same task, or the same units
    and terms, or else the most alike words.
    """
    pairs = matched(old, new, told)
    taken = {task.pk for task in pairs.values()}
    changes = [change(pairs[task.pk], task) for task in new if task.pk in pairs]
    differing = tuple(entry for entry in changes if entry.differs)
    return Comparison(
        added=tuple(task for task in new if task.pk not in pairs),
        removed=tuple(task for task in old if task.pk not in taken),
        changed=differing,
        same=len(changes) - len(differing),
    )


def matched(old: Sequence[TaskFacts], new: Sequence[TaskFacts], told: Told | None = None) -> dict[int, TaskFacts]:
    """The old task each new one is taken to be, by the key of the new one."""
    told, left = told or {}, {task.pk: task for task in old}
    found = {key: left.pop(said) for key, said in told.items() if said is not None and said in left}
    open_tasks = [task for task in new if task.pk not in told]
    for match in (_by_words, _by_place, _by_answer, _by_likeness):
        for key, task in dict(match(list(left.values()), open_tasks)).items():
            if task.pk in left:
                found[key] = left.pop(task.pk)
        open_tasks = [row for row in open_tasks if row.pk not in found]
    return found


def _by_words(old: Iterable[TaskFacts], new: Iterable[TaskFacts]) -> Iterator[tuple[int, TaskFacts]]:
    known: dict[str, list[TaskFacts]] = {}
    for task in old:
        known.setdefault(task.words, []).append(task)
    for task in new:
        if known.get(task.words):
            yield task.pk, known[task.words].pop(0)


def _by_place(old: Iterable[TaskFacts], new: Iterable[TaskFacts]) -> Iterator[tuple[int, TaskFacts]]:
    places = {task.place: task for task in old if task.number}
    for task in new:
        other = places.get(task.place)
        if other and likeness(other.words, task.words) >= SAME_NUMBER:
            del places[task.place]
            yield task.pk, other


def _by_answer(old: Iterable[TaskFacts], new: Iterable[TaskFacts]) -> Iterator[tuple[int, TaskFacts]]:
    """Same units and same terms; where several have them, the most alike."""
    known: dict[object, list[TaskFacts]] = {}
    for task in old:
        if task.units and task.terms:
            known.setdefault((task.units, task.terms), []).append(task)
    for task in new:
        alike = known.get((task.units, task.terms), [])
        best = max(alike, key=lambda other: likeness(other.words, task.words), default=None)
        if best is not None and likeness(best.words, task.words) >= SAME_ANSWER:
            alike.remove(best)
            yield task.pk, best


def _by_likeness(old: list[TaskFacts], new: Iterable[TaskFacts]) -> Iterator[tuple[int, TaskFacts]]:
    left = {task.pk: task for task in old}
    index = Likeness((task.pk, task.words) for task in old)
    scored = [(score, task.pk, key) for task in new for score, key in index.best(task.words, least=SAME_TEXT)]
    seen: set[int] = set()
    for _score, new_pk, old_pk in sorted(scored, key=lambda item: -item[0]):
        if old_pk in left and new_pk not in seen:
            seen.add(new_pk)
            yield new_pk, left.pop(old_pk)


def change(old: TaskFacts, new: TaskFacts) -> Change:
    """What differs between the two forms of one task."""
    return Change(
        old=old,
        new=new,
        wording=tuple(stretches(old.text, new.text)) if old.text != new.text else (),
        title_changed=old.title != new.title,
        units_added=tuple(sorted(new.units - old.units)),
        units_removed=tuple(sorted(old.units - new.units)),
        terms_changed=old.terms != new.terms,
    )


def stretches(old: str, new: str) -> Iterator[Stretch]:
    """Both texts as one run of stretches, old before new where they differ.

    >>> [(s.kind, s.text) for s in stretches("6月底前完成", "9月底前完成")]
    [('old', '6'), ('new', '9'), ('same', '月底前完成')]
    """
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Stretch("same", old[a:b])
            continue
        if b > a:
            yield Stretch("old", old[a:b])
        if d > c:
            yield Stretch("new", new[c:d])
