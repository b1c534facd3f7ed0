"""What the small forms inside a task's card need: where a text can be cut, what it could be merged with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from soildesk.plans.matching import likeness
from soildesk.plans.models import PlanTask
from soildesk.plans.pages.cards import Card
from soildesk.plans.pages.forms import ROLE_CHOICES, CorrectionForm, StandingForm
from soildesk.plans.pages.wording import printed_terms, terms_reading
from soildesk.plans.queries.review import standing_tasks
from soildesk.plans.services.review import rhythm_read
from soilrules import deadlines

SENTENCE_END = re.compile(r"[。；;！？\n]+[”’）)]?")
LIKELY = 0.35
"""From this likeness on, another task is proposed for merging."""
FormContext = Callable[[Card, QueryDict | None], dict[str, Any]]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a task and where the next one begins."""

    text: str
    end: int
    last: bool


def sentences(text: str) -> list[Sentence]:
    """The text cut after each full stop or semicolon.

    >>> [s.end for s in sentences("完成排查。建立清单；")]
    [5, 10]
    """
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    starts = [0, *ends]
    return [Sentence(text[start:end].strip(), end, end == ends[-1]) for start, end in zip(starts, ends, strict=False)]


def _correct(card: Card, posted: QueryDict | None) -> dict[str, Any]:
    task = card.task
    initial = {name: getattr(task, name) for name in CorrectionForm.base_fields}
    if posted is not None:
        units = list(zip(posted.getlist("unit_name"), posted.getlist("unit_role"), strict=False))
        initial |= {name: posted.get(name, "") for name in CorrectionForm.base_fields}
    else:
        units = list(dict.fromkeys((unit.name, unit.role) for unit in task.units.all()))
    text = initial["deadline_text"]
    terms = deadlines.parse(text, plan_year=card.plan.year)
    read = [(found[0].text, terms_reading(found)) for found in printed_terms(terms)]
    return {"form": CorrectionForm(initial=initial), "units": units, "roles": ROLE_CHOICES, "read": read, "text": text}


def _split(card: Card, posted: QueryDict | None) -> dict[str, Any]:
    return {"sentences": sentences(card.task.text), "chosen": set(posted.getlist("at")) if posted else set()}


@dataclass(frozen=True)
class Other:
    """Another task of the plan this one could take in."""

    task: PlanTask
    why: str


def _merge(card: Card, posted: QueryDict | None) -> dict[str, Any]:
    task = card.task
    partners = {other.pk for conflict in task.conflicts.all() for other in conflict.tasks.all()}
    likely, rest = [], []
    for other in standing_tasks(card.plan).exclude(pk=task.pk):
        if other.pk in partners:
            likely.append((2.0, Other(other, _("同一处不一致"))))
        elif (score := likeness(f"{task.title}{task.text}", f"{other.title}{other.text}")) >= LIKELY:
            likely.append((score, Other(other, _("文字相近"))))
        else:
            rest.append(Other(other, ""))
    likely.sort(key=lambda item: -item[0])
    return {"likely": [other for _score, other in likely[:8]], "rest": rest}


def _reject(card: Card, posted: QueryDict | None) -> dict[str, Any]:
    usual = [_("与其他任务重复"), _("不是任务，是说明文字"), _("不属于本辖区职责"), _("读取有误")]
    return {"usual": usual, "why": posted.get("why", "") if posted else ""}


def _standing(card: Card, posted: QueryDict | None) -> dict[str, Any]:
    order = getattr(card.task, "standing_order", None)
    bound = posted is not None and "rhythm" in posted
    return {"form": StandingForm(posted) if bound else StandingForm.of(order, rhythm_read(card.task))}


FORMS: dict[str, FormContext] = {
    "correct": _correct,
    "split": _split,
    "merge": _merge,
    "reject": _reject,
    "standing": _standing,
}
