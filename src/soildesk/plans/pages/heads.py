"""The head of a plan on the review screen: what was read of it, its goals, indicators, clauses and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from soildesk.kit.cells import day, number
from soildesk.plans.models import Indicator, Plan
from soildesk.plans.pages import reasons
from soildesk.plans.pages.wording import COMPARATORS, DOUBT

DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class HeadField:
    """One field of the head: its name, value, the key of its characters, why it is doubtful."""

    name: str
    value: str
    key: str
    doubt: str


def head_fields(plan: Plan) -> Iterator[HeadField]:
    """The fields in the order of a document's head."""
    read = plan.reading.get("fields", {})
    shown = {
        "title": plan.title,
        "issuer": plan.issuer,
        "doc_number": plan.doc_number,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else "",
        "region": plan.region,
        "year": str(plan.year or ""),
        "period": _period(plan),
    }
    names = {
        "title": _("名称"),
        "issuer": _("发文机关"),
        "doc_number": _("文号"),
        "issued_on": _("发文日期"),
        "region": _("适用区域"),
        "year": _("年度"),
        "period": _("执行期"),
    }
    for name, value in shown.items():
        yield HeadField(names[name], value, f"p.{name}" if name in read else "", _doubt(read.get(name), value))


def _period(plan: Plan) -> str:
    if not plan.period_start and not plan.period_end:
        return ""
    first, last = (day(bound, {}) if bound else "…" for bound in (plan.period_start, plan.period_end))
    return SafeString(f"{first} — {last}")  # the two days are drawn; nothing of it was typed


def _doubt(read: dict[str, Any] | None, value: str) -> str:
    if read and read["confidence"] < DOUBT and read["value"] == value:
        return reasons.sentence(read["reason"])
    return "" if value else _("没有读到，请补填。")


@dataclass(frozen=True)
class TargetRow:
    """One indicator as the table shows it."""

    row: Indicator
    key: str
    target: str
    doubtful: bool


def indicator_rows(plan: Plan) -> list[TargetRow]:
    """Indicators in order of print."""
    return [TargetRow(row, f"i{row.pk}", target_words(row), row.confidence < DOUBT) for row in plan.indicators.all()]


def target_words(row: Indicator) -> str:
    """The target as people read it: ≥ 93 %, 力争 100 %, 不适用."""
    if row.not_applicable:
        return _("不适用（/）")
    shown = number(row.target_number, {}) if row.target_number is not None else row.target_text
    unit = "" if row.target_number is None else row.unit
    sign = COMPARATORS.get(row.comparator, row.comparator)
    whole = DIGIT.search(row.wording) or (shown and shown in row.wording)  # the printed words say it all
    words = row.wording if whole else " ".join(part for part in (row.wording, sign, f"{shown}{unit}") if part)
    return f"{words}；{row.alternative}" if row.alternative else words


def notes_of(plan: Plan) -> list[str]:
    """The reader's remarks on the whole document, in sentences."""
    return [reasons.note(note.kind, note.params) for note in plan.notes.all()]
