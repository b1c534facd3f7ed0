"""What if these rows were done: the score and grade as they would be. Nothing is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from soildesk.assessment import words
from soildesk.assessment.pages.base import crumbs, found
from soildesk.assessment.pages.shown import bar, vetoed
from soildesk.assessment.queries import records
from soildesk.assessment.queries.facts import shown as value_shown
from soildesk.assessment.queries.standing import Standing
from soildesk.kit.access import actor_of, staff_page

ROWS = 60
"""Rows of an item that can be chosen one by one; the rest go with “全部”."""
ALL = "*"


@staff_page("assessment.read")
def what_if(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Choose rows that are not done, see what they would change."""
    standing = Standing(found(actor_of(request), uid))
    one, kept = standing.assessment, standing.kept()
    supposed = {name: set(request.GET.getlist(name)) for name in kept if request.GET.getlist(name)}
    for name, keys in supposed.items():
        if ALL in keys:
            supposed[name] = {row["key"] for row in kept[name]["rows"]}
    before, after = standing.score(), standing.score(supposed=supposed)
    context = {
        "assessment": one,
        "before": before,
        "after": after,
        "asked": bool(supposed),
        "count": sum(_bad(kept[name], keys) for name, keys in supposed.items()),
        "bars": (bar(standing.scheme, before), bar(standing.scheme, after)),
        "words": [(words.score_words(each), words.grade_chip(each)) for each in (before, after)],
        "ranks": [_rank(one, each.worst, each.best) for each in (before, after)],
        "lines": _lines(standing, supposed, before, after),
        "vetoed": vetoed(after),
        "left_out": len(after.missing),
        "title": _("假设分析：%(place)s %(year)d") % {"place": one.place.name, "year": one.year},
        "crumbs": crumbs(one, (_("假设分析"), "")),
    }
    return render(request, "assessment/what_if.html", context)


def _bad(kept: dict[str, Any], keys: set[str]) -> int:
    return sum(not row["good"] and row["key"] in keys for row in kept["rows"])


def _rank(one: Any, worst: Decimal | None, best: Decimal | None) -> str:
    among = one.state in records.RANKED and worst is not None and best is not None
    instead = (worst, best) if worst is not None and best is not None else None
    return words.rank_words(*records.rank_of(one, instead), among=among)


def _lines(standing: Standing, supposed: dict[str, set[str]], before: Any, after: Any) -> list[dict[str, Any]]:
    """The items whose rows can be supposed done, those first that have most to gain."""
    found_, kept = [], standing.kept()
    then = {each.item.id: each for each in after.items} | {each.rule.id: each for each in after.deductions}
    for each in (*before.items, *before.deductions):
        rule = each.item if hasattr(each, "item") else each.rule
        rows = [row for row in kept.get(rule.id, {"rows": []})["rows"] if not row["good"]]
        if not rows or not each.fact.applicable:
            continue
        chosen = supposed.get(rule.id, set())
        found_.append(
            {
                "id": rule.id,
                "title": rule.title,
                "rows": [{**row, "chosen": row["key"] in chosen} for row in rows[:ROWS]],
                "all": len(rows),
                "more": max(0, len(rows) - ROWS),
                "everything": len(rows) == len([row for row in rows if row["key"] in chosen]),
                "is_item": hasattr(each, "item"),
                "value": value_shown(each.fact),
                "value_then": value_shown(then[rule.id].fact),
                "points": words.span(each.low, each.high),
                "points_then": words.span(then[rule.id].low, then[rule.id].high),
                "unknown": each.fact.low is None,
                "settled": not each.fact.rows,
            }
        )
    return found_
