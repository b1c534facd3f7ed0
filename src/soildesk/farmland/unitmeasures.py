"""Measures of units themselves: who answers for them as 田长 or 林长, whether gardens and other ground have a class, and whether
priority cropland is permanent farmland.

A unit of which nobody said it is told as not known; a place without such units proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.farmland.models import FarmlandClass, UnitClass, UnitVersion
from soildesk.kit.measures import MeasureResult, measure
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import BOTH, Asked, Counted, of_place
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

G = UnitVersion.Ground
NOTHING = gettext_noop("没有登记这类评价单元：没有登记不等于没有，不能判断。")


class UnitLine(NamedTuple):
    """What is read of a unit; `classed`: it had an approved class, `priority`: that of priority cropland."""

    uid: UUID
    name: str
    ground: str
    field_chief: str
    forest_chief: str
    basic_farmland: bool | None
    classed: bool
    priority: bool


Says = Callable[[UnitLine], tuple[bool | None, str]]
"""Whether a unit counts, None where nobody can say, and the sentence of it, not translated."""


def _rate(good: int, all_: int) -> Decimal | None:
    return share(good, all_, part_is="units that count", whole_is="units")


def _units(
    name: str, title: Any, words: Sequence[str], *, of: Callable[[UnitLine], bool], says: Says, message: str
) -> None:  # fmt: skip
    """Register the measure of some units: each counts, does not, or nobody said."""

    @measure(
        f"farmland.{name}",
        title=title,
        reads=("farmland.unitversion", "farmland.unitclass"),
        words=words,
        subjects=BOTH,
    )
    def counted(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """Every unit that is asked about has it."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        found, word = [], cache(_t)
        for one in filter(of, _standing(asked)):
            counts, note = says(one)
            found.append(Counted("farmland.unit", str(one.uid), one.name, counts, word(note)))
        return asked.share(found, _rate, message) if found else asked.cannot_say(NOTHING)


@once_a_pass(of_place)
def _standing(asked: Asked) -> list[UnitLine]:
    """The units of the place on the day, by number."""
    held = UnitClass.objects.standing(asked.on, asked.known).filter(unit=OuterRef("unit"))
    rows = UnitVersion.objects.visible_to(asked.actor).standing(asked.on, asked.known)
    rows = rows.filter(division_path__startswith=asked.division.path).order_by("unit__number")
    rows = rows.annotate(classed=Exists(held), priority=Exists(held.filter(farmland_class=FarmlandClass.PRIORITY)))
    return [UnitLine._make(row) for row in rows.values_list("unit__uid", *UnitLine._fields[1:])]


def _on(*grounds: str) -> Callable[[UnitLine], bool]:
    return lambda one: one.ground in grounds


def _classed(one: UnitLine) -> tuple[bool | None, str]:
    return (True, gettext_noop("有批准的类别")) if one.classed else (False, gettext_noop("没有批准的类别"))


def _named(field: str) -> Says:
    """Whether somebody is named; not who: names are personal."""
    return lambda one: (True, gettext_noop("已明确")) if getattr(one, field) else (False, gettext_noop("没有登记"))


def _permanent(one: UnitLine) -> tuple[bool | None, str]:
    """What is not permanent farmland may not qualify: that is for the natural-resources office to say."""
    if one.basic_farmland:
        return True, gettext_noop("永久基本农田")
    unknown = one.basic_farmland is None
    return None, gettext_noop("是否永久基本农田尚不清楚") if unknown else gettext_noop(
        "未划为永久基本农田，是否符合条件待认定"
    )


_units(
    "field_chiefs", _("耕地单元明确田长"), ("田长制", "以“田长制”为抓手", "落实田长"),
    of=_on(G.CROPLAND), says=_named("field_chief"),
    message=gettext_noop("%(all)d 个耕地单元中，%(good)d 个明确了田长（%(percent)s%%）。"),
)  # fmt: skip
_units(
    "forest_chiefs", _("园地、林地单元明确林长"), ("林长制", "以“林长制”为抓手", "落实林长"),
    of=_on(G.GARDEN, G.FOREST), says=_named("forest_chief"),
    message=gettext_noop("%(all)d 个园地、林地单元中，%(good)d 个明确了林长（%(percent)s%%）。"),
)  # fmt: skip
_units(
    "cropland_classed", _("耕地划定土壤环境质量类别"),
    ("耕地土壤环境质量类别划定", "耕地土壤环境质量类别的划定", "耕地土壤环境质量类别划分", "划定农用地土壤环境质量类别"),
    of=_on(G.CROPLAND), says=_classed,
    message=gettext_noop("%(all)d 个耕地单元中，%(good)d 个有批准的类别（%(percent)s%%）。"),
)  # fmt: skip
_units(
    "gardens_classed", _("园地、种植食用林产品的林地划定类别"), ("分类管理园地", "园地土壤环境质量类别划分"),
    of=_on(G.GARDEN, G.FOREST), says=_classed,
    message=gettext_noop("%(all)d 个园地、林地单元中，%(good)d 个有批准的类别（%(percent)s%%）。"),
)  # fmt: skip
_units(
    "other_land_classed", _("林地、草地、园地等其他农用地划定类别"), ("其他农用地土壤环境质量类别划定", "林地、草地、园地等"),
    of=_on(G.GARDEN, G.FOREST, G.GRASS, G.OTHER), says=_classed,
    message=gettext_noop("%(all)d 个耕地以外的农用地单元中，%(good)d 个有批准的类别（%(percent)s%%）。"),
)  # fmt: skip
_units(
    "priority_permanent", _("优先保护类耕地划为永久基本农田"),
    ("将符合条件的优先保护类耕地划为永久基本农田", "优先保护类耕地划为永久基本农田"),
    of=lambda one: one.ground == G.CROPLAND and one.priority, says=_permanent,
    message=gettext_noop("%(all)d 个优先保护类耕地单元中，%(good)d 个是永久基本农田（%(percent)s%%）；符合条件由自然资源部门认定。"),
)  # fmt: skip
