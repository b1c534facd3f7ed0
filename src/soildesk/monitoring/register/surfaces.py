"""What kit needs to know of the classes of surfaces: two layers of the map, contents and chances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import cells, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, Register
from soildesk.kit.rows import Selection
from soildesk.monitoring.models import Grade, Surface, SurfaceBand
from soildesk.monitoring.queries import surfaces as rows
from soildesk.monitoring.queries.results import analyte_choices, analyte_name, campaign_choices

WHYS = dict(Surface.Stale.choices)
CONTENTS = (
    LegendClass(0, _l("不高于限值的一半"), "#f4f1cd"),
    LegendClass(1, _l("限值的 0.5–0.8 倍"), "#f0dd9a"),
    LegendClass(2, _l("限值的 0.8–1 倍"), "#e9b968"),
    LegendClass(3, _l("限值的 1–1.5 倍"), "#c9662f"),
    LegendClass(4, _l("高于限值的 1.5 倍"), "#84301f"),
)
CHANCES = (
    LegendClass(0, _l("不高于 5%"), "#eef2f5"),
    LegendClass(1, _l("5%–20%"), "#c3d5e3"),
    LegendClass(2, _l("20%–50%"), "#8db1cc"),
    LegendClass(3, _l("50%–80%"), "#4f7fab"),
    LegendClass(4, _l("高于 80%"), "#1d3f69"),
)
LATE = LegendClass(rows.OUTDATED, _l("已过时：制图后结果有变化"), "#b4b7ba")
SURFACE = "surface__uid"


def _surfaces(actor: Actor, on: date) -> list[tuple[str, str]]:
    held = rows.surfaces(actor, on).filter(state="mapped")[:200]
    return [
        (str(one.uid), f"{one.campaign.title} {analyte_name(one.analyte)} {one.at:%Y-%m-%d}{_late(one)}")
        for one in held
    ]


def _late(one: Surface) -> str:
    return _("（已过时）") if one.outdated_at else ""


def _open(held: QuerySet[SurfaceBand]) -> QuerySet[SurfaceBand]:
    return held.filter(surface__campaign__grade=Grade.PUBLIC)


def _ask_first(selection: Selection) -> str:
    """Surfaces of graded data are given out with an approval only."""
    graded = selection.filtered().exclude(surface__campaign__grade=Grade.PUBLIC).select_related("surface__campaign")
    first = graded.first()
    if first is None:
        return ""
    query = {"campaign": first.surface.campaign.number, "analyte": first.surface.analyte}
    return f"{reverse('monitoring:export_new')}?{urlencode({'query': urlencode(query)})}"


def _of(shows: str) -> Any:
    return lambda actor, on: rows.bands(actor, on).filter(shows=shows)


def _word(classes: Sequence[LegendClass]) -> Any:
    words = {one.value: one.title for one in classes}
    return lambda row: str(words.get(row["band"], row["band"]))


def _register(collection: str, title: Any, shows: str, classes: Sequence[LegendClass]) -> Register:
    return register.add(
        Register(
            name=f"monitoring.{collection}",
            collection=collection,
            title=title,
            permission="monitoring.read",
            queryset=_of(shows),
            outside=_open,
            ask_first=_ask_first,
            row_url=lambda row: reverse("monitoring:surface", args=[row[SURFACE]]),
            fields=[SURFACE],
            columns=[
                Column("class", _l("分级"), _word(classes), ["band"], sort="band", width=12, frozen=True, format=cells.link),
                Column("analyte", _l("分析项目"), lambda row: analyte_name(row["surface__analyte"]), ["surface__analyte"], width=8),
                Column("campaign", _l("监测任务"), "surface__campaign__title", width=16, format=cells.clamp),
                Column("low", _l("下界"), width=6, numeric=True, format=cells.number, type="number"),
                Column("high", _l("上界"), width=6, numeric=True, format=cells.number, type="number"),
                Column("area_m2", _l("面积（m²）"), sort="area_m2", width=8, numeric=True, format=cells.number, type="number"),
                Column("outdated", _l("是否过时"), lambda row: str(WHYS.get(row["surface__outdated_why"], "")), ["surface__outdated_why"], width=14),
                Column("made", _l("制作时间"), "surface__at", sort="surface__at", width=9, format=cells.moment, type="datetime"),
            ],
            filters=[
                ChoiceFilter("surface", _l("插值图"), field="surface__uid", choices=_surfaces),
                ChoiceFilter("outdated", _l("是否过时"), choices=[("no", _l("未过时")), ("yes", _l("已过时"))],
                             conditions={"no": Q(surface__outdated_at=None), "yes": ~Q(surface__outdated_at=None)}),
                ChoiceFilter("campaign", _l("监测任务"), field="surface__campaign__number", choices=campaign_choices),
                ChoiceFilter("analyte", _l("分析项目"), field="surface__analyte", choices=analyte_choices),
            ],
            default_sort="-made",
            ground=Ground("geometry", "polygon", area="area_m2", class_field="shown", classes=[*classes, LATE]),
            about=_l("由检测结果插值得到的分级范围，是估计而不是实测；离点太远的地方不出图。方法、误差与假定见各图的页面。"),
            empty=_l("还没有插值图。在“分析工具”里由咨询单位或评审人员制作。"),
        )
    )  # fmt: skip


SURFACE_CONTENTS = _register("surface_contents", _l("插值图：含量"), SurfaceBand.Shows.CONTENTS, CONTENTS)
SURFACE_CHANCES = _register("surface_chances", _l("插值图：超标概率"), SurfaceBand.Shows.PROBABILITY, CHANCES)
