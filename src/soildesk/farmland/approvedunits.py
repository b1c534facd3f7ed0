"""The units a file of approved classes may speak of, and which of them a row means: by code, by name, or by its ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import RawWkb
from soildesk.core.permissions import Actor
from soildesk.farmland.approvedsheets import Told
from soildesk.farmland.models import ClassDecision, UnitVersion
from soildesk.farmland.queries.whereabouts import Whereabouts
from soildesk.kit.folding import narrow
from soildesk.kit.gis.targets import plain
from soildesk.land.shapes import area_m2, polygons_of

SAME_GROUND = 0.95
"""Share of both grounds that two shapes have in common to be taken for the same unit."""
OTHER_GROUND = 0.01
"""Below this share two shapes are of different ground."""


@dataclass(frozen=True)
class KnownUnits:
    """The units of a day by code or number, as they are written and as keyboards write them, and by name."""

    by_code: Mapping[str, UnitVersion]
    by_name: Mapping[str, Sequence[UnitVersion]]
    versions: Mapping[int, UnitVersion]
    seen: Any
    where: Whereabouts

    @classmethod
    def of(cls, actor: Actor, decision: ClassDecision) -> KnownUnits:
        """The units that stand in the decision's place on its day."""
        seen = UnitVersion.objects.visible_to(actor).standing(decision.since)
        seen = seen.filter(division_path__startswith=decision.division_path).select_related("unit")
        codes: dict[str, UnitVersion] = {}
        alike: dict[str, list[UnitVersion]] = {}
        names: dict[str, list[UnitVersion]] = {}
        versions = {one.pk: one for one in seen.defer("geometry")}
        for one in versions.values():
            for code in filter(None, (one.code, one.unit.number)):
                codes[code] = one
                alike.setdefault(narrow(code), []).append(one)
            names.setdefault(plain(one.name), []).append(one)
        typed = {code: some[0] for code, some in alike.items() if len(some) == 1}
        return cls({**typed, **codes}, names, versions, seen, Whereabouts.of(decision.division_path))

    def elsewhere(self, row: Told) -> str:
        """Why a row is of another county than the decision; empty where it is of this one, or does not say."""
        told = row.said.get("county", "")
        if not told or self.where.holds(told):
            return ""
        return _("这一行写的是“%(told)s”，批准文件登记在%(here)s：不是本行政区的单元，请核对或删去这一行。") % {
            "told": told,
            "here": self.where.name,
        }

    @cached_property
    def _ground(self) -> tuple[list[UnitVersion], shapely.STRtree]:
        held = [(self.versions[pk], bytes(wkb)) for pk, wkb in self.seen.values_list("pk", RawWkb("geometry"))]
        return [one for one, _wkb in held], shapely.STRtree(shapely.from_wkb([wkb for _one, wkb in held]))

    def match(self, row: Told) -> UnitVersion | None:
        """The unit of a row."""
        code = row.said.get("unit", "")
        if code:
            return self.by_code.get(code) or self.by_code.get(narrow(code))
        if row.ground is not None:
            best, share = self.nearest(row.ground)
            return best if share >= SAME_GROUND else None
        named = self.by_name.get(plain(row.said.get("name", "")), ())
        return named[0] if len(named) == 1 else None

    def nearest(self, ground: BaseGeometry) -> tuple[UnitVersion | None, float]:
        """The unit that has most in common with a ground, and how much."""
        units, tree = self._ground
        shares = [(self.share(units[at], ground), at) for at in tree.query(ground, predicate="intersects").tolist()]
        share, at = max(shares, default=(0.0, -1))
        return (units[at], share) if share else (None, 0.0)

    def share(self, version: UnitVersion, ground: BaseGeometry) -> float:
        """The smaller of the shares that a unit and a ground have in common."""
        shape = self._shapes[version.pk]
        return area_m2(polygons_of(shape.intersection(ground))) / max(area_m2(ground), version.area_m2)

    @cached_property
    def _shapes(self) -> Mapping[int, BaseGeometry]:
        units, tree = self._ground
        return {one.pk: shape for one, shape in zip(units, tree.geometries, strict=True)}

    def missing(self, row: Told) -> str:
        """Why no unit was found for a row."""
        code = row.said.get("unit") or row.said.get("name", "")
        if code:
            return _("没有找到单元“%(code)s”：请先登记评价单元（或导入单元图），或核对代码和生效日期。") % {
                "code": code
            }
        if row.ground is None:
            return _("这一行没有单元代码，也没有图形，不知道是哪个单元：请填写单元代码。")
        best, share = self.nearest(row.ground)
        if best is None:
            return _("没有单元代码，图形也不落在任何评价单元上：请填写单元代码，或先登记评价单元（导入单元图）。")
        return _(
            "没有单元代码，图形与最接近的单元 %(unit)s 只重合 %(share)s%%（%(least)s%% 以上才算同一块地）：请填写单元代码，或先调整单元边界。"
        ) % {"unit": best.unit.number, "share": f"{share * 100:.1f}", "least": f"{SAME_GROUND * 100:.0f}"}
