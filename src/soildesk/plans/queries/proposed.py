"""What might check a task or indicator: measures by the words of its clause, and what earlier plans settled for one like it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit import measures
from soildesk.kit.folding import fold
from soildesk.kit.measures import Kind
from soildesk.plans.matching import Likeness
from soildesk.plans.models import Binding, Indicator, Plan, PlanTask
from soildesk.plans.queries.checked import Subject, bindings_of
from soilrules.clausewords import Aim, Hit, aim_of, asks_more, named_so, spoken_of, stands_in

TARGETS, DOCUMENTS = "plans.targets_reached", "plans.documents_checked"
ALIKE = 0.4
"""Least likeness of an earlier task whose binding is proposed where the clause itself speaks of what it checks."""
SURE = 0.6
"""Least likeness where it does not: documents, and measures none of whose words stand in the clause."""
WHOLE_PLACE = ("全省", "全市", "全县", "全区", "本年度", "年度")
"""Words before an indicator's name that do not change what it counts."""

QUOTES = dict.fromkeys(map(ord, '“”‘’"'))


@dataclass(frozen=True)
class Proposed:
    """A measure, or (with `reason`) nothing, and why it is proposed."""

    why: str
    measure: measures.Measure | None = None
    reason: str = ""
    register: str = ""
    documents: Sequence[str] = ()


def by_words(subject: Subject) -> list[Proposed]:
    """Measures that may fit the subject's words and are not bound yet, best first."""
    return _unbound(subject, fitting(subject))


def _unbound(subject: Subject, fits: Iterable[tuple[str, str]]) -> list[Proposed]:
    bound = set(bindings_of(subject).values_list("measure", flat=True))
    return [Proposed(why, measures.get(measure)) for measure, why in fits if measure not in bound]


def fitting(subject: Subject) -> list[tuple[str, str]]:
    """For a task measures whose words stand in its clause; for an indicator only those that compute what it names.

    Each with the words that say so: first what the title of a task speaks of, then what says most.
    """
    label = subject._meta.label_lower
    words = {
        one.id: _folded(tuple(one.words))
        for one in measures.measures().values()
        if not one.subjects or label in one.subjects
    }
    if isinstance(subject, PlanTask):
        text, title = fold(_dated(subject)), fold(subject.title)
        hits = spoken_of(text, words)
        hits.sort(key=lambda hit: not any(stands_in(word, title) for word in hit.words))
        return list(_asking_all(text, hits))
    name = _bare_name(subject.name)
    target = fold(f"{subject.wording}{subject.target_text}")
    bare = {measure: [word.translate(QUOTES) for word in own] for measure, own in words.items()}
    return [(measure, name) for measure in named_so(name, target, bare)]


@lru_cache(maxsize=1_000)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, words))


def _asking_all(text: str, hits: Iterable[Hit]) -> Iterator[tuple[str, str]]:
    """A task's measure asks for all: where the clause prints a lesser figure, the target it prints is what is asked."""
    done = set()
    for hit in hits:
        aim = aim_of(text, hit.words)
        name = TARGETS if aim is Aim.FIGURE or asks_more(text, hit.measure) else hit.measure
        bare = aim is Aim.UNSAID and all(word.endswith("率") for word in hit.words)
        if name not in done and not bare:
            done.add(name)
            yield name, "、".join(hit.words)


def _bare_name(name: str) -> str:
    """An indicator's name without marks and the words that only say it is of the whole place and year."""
    bare = fold(name).translate(QUOTES)
    while start := next((word for word in WHOLE_PLACE if bare.startswith(word)), ""):
        bare = bare.removeprefix(start)
    return bare


class Earlier:
    """What other plans the actor reads settled, asked by the words of a task."""

    def __init__(self, plan: Plan, actor: Actor) -> None:
        in_force = Binding.objects.filter(superseded_at=None).order_by("id")
        rows = PlanTask.objects.visible_to(actor).exclude(plan=plan).exclude(plan__stage=Plan.Stage.REVIEW)
        bound = rows.filter(bindings__superseded_at=None).distinct().select_related("plan")
        asked = Prefetch("asked_documents", to_attr="wanted")
        settled = bound.prefetch_related(Prefetch("bindings", in_force, to_attr="settled"), asked)
        self._tasks = {task.pk: task for task in settled if task.settled}
        self._index = Likeness((pk, _text(task)) for pk, task in self._tasks.items())

    def of(self, task: PlanTask, spoken: Collection[str]) -> list[Proposed]:
        """What was settled for the earlier task most like this one; of one less like it, only the measures its clause speaks of."""
        return [
            one
            for score, pk in self._index.best(_text(task), least=ALIKE, most=1)
            for one in self._as_settled(self._tasks[pk])
            if score >= SURE
            or (one.measure is not None and one.measure.kind is Kind.COMPUTED and one.measure.id in spoken)
        ]

    def _as_settled(self, task: PlanTask) -> Iterable[Proposed]:
        why = _("与《%(plan)s》%(task)s相近") % {"plan": task.plan, "task": f"{task.number} {task.heading}".strip()}
        documents = [one.name for one in task.wanted if one.dropped_at is None]
        known = measures.measures()
        for one in task.settled:
            if not one.measure or one.measure in known:
                wanted = documents if one.measure == DOCUMENTS else ()
                yield Proposed(why, known.get(one.measure), one.reason, one.register, wanted)


def _text(task: PlanTask) -> str:
    return f"{task.title}{task.text}"


def _dated(task: PlanTask) -> str:
    """The words of a task behind the terms a table prints in a cell of their own: 每月5日前｜报送回收情况."""
    text = _text(task)
    terms = [term.text for term in task.milestones.all() if term.text not in text] if task.pk else []
    return "".join(dict.fromkeys(terms)) + text


def proposals(task: PlanTask, earlier: Earlier) -> list[Proposed]:
    """What earlier plans settled first, then measures by words; each measure once, two at most by words."""
    fits = fitting(task)
    found = earlier.of(task, {measure for measure, _why in fits})
    named = {one.measure.id for one in found if one.measure}
    return found + [one for one in _unbound(task, fits) if one.measure and one.measure.id not in named][:2]


def indicator_proposals(indicator: Indicator) -> list[Proposed]:
    """Measures that compute what the indicator names."""
    return by_words(indicator)[:2]
