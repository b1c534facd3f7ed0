"""An assessment as plain data: what a final result freezes, what the command prints and what papers are made of."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from soildesk.assessment.queries.facts import shown
from soildesk.assessment.queries.standing import Standing
from soilrules.assessment.schemes import as_data
from soilrules.assessment.score import Score, Scored


@translation.override("zh-hans")  # what is frozen is Chinese whoever looks: its hash holds in any language
def snapshot_of(standing: Standing, found: Score) -> dict[str, Any]:
    """Everything behind the result."""
    one = standing.assessment
    return {
        "number": one.number,
        "scheme": as_data(standing.scheme),
        "adopted": {"document": one.adoption.document, "version": one.adoption.version, "place": one.adoption.division.code},
        "place": one.place.name,
        "place_code": one.place.code,
        "year": one.year,
        "on": one.on.isoformat(),
        "known_on": one.known_on.isoformat(),
        "document": one.document,
        **score_data(found),
        "facts": one.facts,
        "said": [
            {"item": row.item, "self_value": _text(row.self_value), "self_na": row.self_na, "self_remark": row.self_remark,
             "checked_value": _text(row.checked_value), "checked_na": row.checked_na, "checked_why": row.checked_why}
            for _name, row in sorted(standing.results.items())
        ],
        "sample": None if standing.draw is None else {
            "seed": standing.draw.seed, "share": f"{standing.draw.share:.4f}", "method": standing.draw.method,
            "population": standing.draw.digest,
            "rows": [{"item": row.item, "key": row.key, "name": row.name, "outcome": row.outcome, "note": row.note} for row in standing.drawn],
        },
        "objections": [
            {"item": row.item, "text": row.text, "upheld": row.upheld, "answer": row.answer} for row in one.objections.all()
        ],
    }  # fmt: skip


def score_data(found: Score) -> dict[str, Any]:
    """A score as plain data."""
    return {
        "worst": _text(found.worst),
        "best": _text(found.best),
        "grade": found.grade.id if found.grade else None,
        "grade_title": found.grade.title if found.grade else None,
        "missing": list(found.missing),
        "items": [item_data(one) for one in found.items],
        "deductions": [
            {"id": one.rule.id, "title": one.rule.title, "value": shown(one.fact), "low": str(one.low), "high": str(one.high),
             "basis": one.rule.basis, "mark": one.rule.mark}
            for one in found.deductions
        ],
        "vetoes": [
            {"id": one.rule.id, "title": one.rule.title, "holds": one.holds, "cap": one.rule.cap, "basis": one.rule.basis, "mark": one.rule.mark}
            for one in found.vetoes
        ],
    }  # fmt: skip


def item_data(one: Scored) -> dict[str, Any]:
    """One item as plain data: value, target, verdict, points, deduction, why, basis, marks."""
    item = one.item
    return {
        "id": item.id,
        "part": item.part,
        "title": item.title,
        "value": shown(one.fact),
        "target": f"{item.comparator}{item.target.normalize():f}" if str(item.method) != "per" else None,
        "method": str(item.method),
        "verdict": str(one.said),
        "weight": str(item.weight),
        "points": {"low": str(one.low), "high": str(one.high)},
        "deduction": str(one.deduction),
        "why": one.message.sentence("zh"),
        "basis": item.basis,
        "mark": item.mark,
        "weight_mark": item.weight_mark,
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
