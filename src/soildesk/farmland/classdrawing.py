"""The two maps of a classification: the classes proposed, and those in force on the same ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.farmland.approvedwords import COLORS
from soildesk.farmland.classmap import Drawn, class_map
from soildesk.farmland.classwords import ROMAN
from soildesk.farmland.models import Classification, UnitProposal, UnitVersion
from soildesk.farmland.queries.classifications import final, given, live, outcome
from soildesk.farmland.queries.trials import Changed
from soildesk.kit.cells import escape
from soildesk.monitoring.drawings import ground
from soildesk.monitoring.drawings.axes import label
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.queries.coverage import divisions
from soilrules.farmland.rulesets import rulesets

MOST = 3_000
"""Units drawn on a page; more are shown on the map of the desk."""


def proposed(held: Classification, actor: Actor, *, linked: bool = True) -> Figure:
    """The classes proposed, or as sent; once something is approved, what was."""
    approved = given(held)
    drawn = [_drawn(one, outcome(one, approved), linked) for one in _rows(held)]
    title = _("%(title)s建议类别分布图") if approved is None else _("%(title)s批准类别分布图")
    none = "" if approved is None else _("没有批准")
    return class_map(drawn, divisions(actor, held.on), title % {"title": held.title}, none)


def both(held: Classification, actor: Actor) -> Sequence[Figure]:
    """What is proposed, and beside it what was in force, on the day of the classification."""
    rows, grounds = _rows(held), divisions(actor, held.on)
    return (
        class_map([_drawn(one, final(one), True) for one in rows], grounds, _("建议类别")),
        class_map(
            [_drawn(one, one.before, True) for one in rows],
            grounds,
            _("现行类别（%(on)s）") % {"on": held.on},
            _("无现行类别"),
        ),
    )


def of_trial(rows: Sequence[Changed], held: Classification, actor: Actor) -> Sequence[Figure]:
    """The units a trial would change, by the terms of the classification and by those tried; the largest of very many."""
    shown, grounds = rows[:MOST], divisions(actor, held.on)
    return (
        class_map([_of(one.version, one.before) for one in shown], grounds, _("现在的设定")),
        class_map([_of(one.version, one.after) for one in shown], grounds, _("试算的设定")),
    )


def _of(unit: UnitVersion, farmland_class: str) -> Drawn:
    url: Any = reverse("kit:record", args=["farmland_units", str(unit.unit.uid)])
    return Drawn(unit.name, farmland_class, unit.geometry, unit.area_m2, url)


def _rows(held: Classification) -> list[UnitProposal]:
    return list(live(held).select_related("unit", "version").defer("detail").order_by("unit__number"))


def _drawn(one: UnitProposal, farmland_class: str, linked: bool) -> Drawn:
    url: Any = reverse("kit:record", args=["class_proposals", str(one.uid)]) if linked else ""
    return Drawn(one.version.name, farmland_class, one.version.geometry, one.version.area_m2, url)


POINT_COLORS = {1: COLORS["priority"], 2: COLORS["safe_use"], 3: COLORS["strict"]}


def with_points(one: UnitProposal) -> Figure:
    """A unit with the points of soil it rests on, each by its gravest grade; what nobody can judge is hollow."""
    paper = ground.Paper.over([one.version.geometry])
    deciding = rulesets()[one.classification.ruleset].elements
    told = [(point, _gravest(point["values"], deciding)) for point in one.detail.get("points", ())]
    return Figure(
        title=_("%(unit)s的土壤点位") % {"unit": one.version.name},
        described=_("单元范围和参加评价的土壤点位，按定类元素中最重的等级着色；下面有同样内容的表格。"),
        width=ground.WIDTH,
        height=paper.height,
        parts=[
            ground.outline(paper, one.version.geometry, ""),
            *(_spot(paper, point, grade) for point, grade in told),
            *ground.furniture(paper),
        ],
        head=[_("点位"), _("等级"), _("经度"), _("纬度")],
        rows=[[point["point"], ROMAN[grade], *(f"{at:.6f}" for at in point["at"])] for point, grade in told],
        narrow=True,
    )


def _gravest(values: Mapping[str, Any], deciding: Sequence[str]) -> int:
    """The gravest grade of a point; 0 where one is not known and none is Ⅲ."""
    grades = [values[slug]["grade"] for slug in deciding if slug in values]
    return 3 if 3 in grades else 0 if 0 in grades or not grades else max(grades)


def _spot(paper: ground.Paper, point: Mapping[str, Any], grade: int) -> str:
    x, y = paper.at(*point["at"])
    fill = POINT_COLORS.get(grade, "#ffffff")
    said = escape(f"{point['point']} {ROMAN[grade]}")
    spot = f'<circle cx="{x}" cy="{y}" r="7" fill="{fill}" stroke="#1d2b2e" stroke-width="1.4"><title>{said}</title></circle>'
    return (
        spot
        + label(ROMAN[grade], x, y + 4, kind="p-small", anchor="middle")
        + label(point["point"], x + 11, y + 4, longest=20)
    )
