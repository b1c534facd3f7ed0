"""The history of a task in words: one line for each event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from soildesk.kit.parts import Event
from soildesk.plans import wording
from soildesk.plans.models import TaskEvent
from soildesk.plans.words import ROLES

MOVED = ("term_moved", "term_kept")
"""Events that tell what a new edition made of a term."""


def event_line(event: TaskEvent) -> Event:
    """One event in words."""
    what = str(wording.EVENTS.get(event.kind, event.kind))
    who = "，".join(str(part) for part in (event.department, event.by) if part)
    return Event(event.at, who, what, _event_detail(event.kind, event.data))


def _corrected(old: str, new: str) -> str:
    return (_("由“%(old)s”改为“%(new)s”") if old else _("填写“%(new)s”")) % {"old": old, "new": new}


def _roles_in_words(told: str) -> str:
    """Units are kept with the code of their role: 区水利局（lead）."""
    for code, word in ROLES.items():
        told = told.replace(f"（{code.value}）", f"（{word}）")
    return told


def moved_words(kind: str, data: Mapping[str, Any]) -> str:
    """What became of a term the edition before had set."""
    said = dict(data)
    if kind == "term_kept":
        return _("原定 %(from)s 不变：《%(paper)s》印作 %(to)s，但不是由规定时限的机关印发") % said
    words = _("原定 %(from)s，%(paper)s改定 %(to)s") % said
    return words + _("（改定时已逾期）") if data.get("late") else words


def _event_detail(kind: str, data: dict[str, Any]) -> str:
    if kind == "corrected":
        return "；".join(_corrected(*map(_roles_in_words, pair)) for pair in data.values() if len(pair) == 2)
    if kind == "reassigned":
        to = data.get("to") or ""
        return (_("改派至%(unit)s。") % {"unit": to} if to else _("撤销分办。")) + str(data.get("why", ""))
    if kind == "review_date":
        return f"{data.get('text', '')} → {data.get('day', '')}"
    if kind == "succeeds":
        before = data.get("name", "")
        return (_("承接上一版的“%(task)s”") % {"task": before}) if data.get("from") else _("不是上一版的任务")
    if kind in MOVED:
        return moved_words(kind, data)
    names = ("text", "why", "ground", "name", "remark")
    return next((str(data[name]) for name in names if data.get(name)), "")
