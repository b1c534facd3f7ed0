"""`soildesk measures list` and `soildesk indicators show`."""

from __future__ import annotations

import argparse

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.tasks import day_of
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.kit import measures
from soildesk.kit.measures import OUTCOME_PARTS, Measure
from soildesk.plans.queries import indicators
from soildesk.plans.queries.bound import bound_to_measures


def list_measures(options: argparse.Namespace) -> None:
    """Every registered measure, and how many tasks and indicators of the actor's plans it checks."""
    used: dict[str, int] = {}
    for one in bound_to_measures(actor_of(options)):
        used[one.measure] = used.get(one.measure, 0) + 1
    found = [
        {
            "id": one.id,
            "title": str(one.title),
            "kind": str(one.kind),
            "description": one.description,
            "reads": list(one.reads),
            "subjects": list(one.subjects),
            "words": list(one.words),
            "used": used.get(one.id, 0),
        }
        for one in sorted(measures.measures().values(), key=lambda one: one.id)
    ]
    if options.json:
        show_json(found)
        return
    body = [[one["id"], one["used"], one["title"]] for one in found]
    show(table([["编号", "使用", "名称"], *body], [36, 6]))


def show_indicator(options: argparse.Namespace) -> None:
    """One indicator of the actor's place."""
    actor, on, known_on = actor_of(options), day_of(options), day_of(options, "known_on")
    place = indicators.place_asked(actor, on)
    if place is None:
        raise Refused("本用户没有可查阅的行政区划。请用有查阅权限的用户。", code="cli.no_place")
    found = indicators.shown(_named(options.code), place, actor, on, (known_on, clock.today()))
    if options.json:
        show_json(indicators.as_json(found, on, known_on))
        return
    show(f"{found.measure.title}  {found.place.division}  截至 {on}，按 {known_on} 已知的记录")
    if found.answer:
        show(f"{OUTCOME_PARTS[found.answer.outcome][2]}  {found.answer.reason}")
    for one in found.targets:
        said, day = OUTCOME_PARTS[one.result.outcome][2], one.result.as_of
        earlier = f"（截至 {day}）" if day != on else ""
        show(
            f"  《{one.indicator.plan}》{one.indicator.name} {indicators.target_words(one.indicator)}：{said}{earlier}"
        )
    if found.since and found.since.changes:
        show(f"此后记录有 {len(found.since.changes)} 处变化：")
        for change in found.since.changes:
            show(f"  {change.row.name}  分子 {change.numerator:+}  分母 {change.denominator:+}")


def _named(code: str) -> Measure:
    found = indicators.measure_named(code)
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(
            f"没有“{code}”这项指标。请用 soildesk measures list 查编号，或写指标全称。", code="cli.unknown_indicator"
        )
    names = "、".join(f"{one.id}（{one.title}）" for one in found)
    raise Refused(f"“{code}”可能是：{names}。请写编号。", code="cli.ambiguous_indicator")
