"""Two collections laid over each other, as one actor sees them: which pieces, how large, what remains uncovered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from soildesk.core.geometry import RawWkb
from soildesk.kit.gis.refusals import GisRefused
from soildesk.kit.seen import Seen
from soildesk.kit.sheets import Sheet, SheetColumn, write_xlsx
from soilrules.geodesy.measure import mu
from soilrules.geodesy.overlay import overlay, remainders

CHUNK = 20_000
SHAPE = "_wkb"
MOST_PIECES = 1_000_000
"""Rows of one sheet; a table nobody can open is refused."""
M2_PER_HM2 = 10_000
Step = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Side:
    """One row of a layer in the table: code, title and class as its reader may see them."""

    code: str
    title: str
    level: str

    @property
    def named(self) -> str:
        """Its class, else its title, else its code: what totals go by."""
        return self.level or self.title or self.code


@dataclass
class Overlay:
    """The table of areas of A under B."""

    a: Seen
    b: Seen
    pieces: list[tuple[Side, Side, float, float]] = field(default_factory=list)  # A, B, m², share of A
    parents: list[tuple[Side, float, float, float]] = field(default_factory=list)  # A, m², covered, overlapping in B
    totals: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def remainder_m2(self) -> float:
        """What of A no row of B covers."""
        return sum(area - covered for _side, area, covered, _overlap in self.parents)

    @property
    def area_m2(self) -> float:
        """All of A."""
        return sum(area for _side, area, _covered, _overlap in self.parents)

    def as_json(self) -> dict[str, Any]:
        """The totals."""
        return {
            "a": self.a.declared.collection, "b": self.b.declared.collection, "on": self.a.on.isoformat(),
            "rows": len(self.parents), "pieces": len(self.pieces), "area_m2": round(self.area_m2, 2),
            "remainder_m2": round(self.remainder_m2, 2),
            "remainder_mu": round(float(mu(self.remainder_m2)), 2),
            "remainder_hm2": round(self.remainder_m2 / M2_PER_HM2, 4),
            "totals": [_measures(name, area) for name, area in self.by_class()],
        }  # fmt: skip

    def shown(self, rows: int) -> list[tuple[Side, Side, float, str]]:
        """The first pieces, their share in per cent."""
        return [(one, under, area, f"{100 * share:.1f}") for one, under, area, share in self.pieces[:rows]]

    def by_class(self) -> list[tuple[str, float]]:
        """Area of A under each class of B, the largest first."""
        return sorted(self.totals.items(), key=lambda one: -one[1])


def _measures(name: str, area: float) -> dict[str, Any]:
    return {
        "class": name,
        "area_m2": round(area, 2),
        "mu": round(mu(area), 2),
        "hm2": round(area / M2_PER_HM2, 4),
    }


def laid_over(a: Seen, b: Seen, step: Step) -> Overlay:
    """The table of areas. B is held whole, A goes by in chunks."""
    must_differ(a, b)
    table = Overlay(a, b)
    under = [(side, shape) for sides, shapes in _chunks(b) for side, shape in zip(sides, shapes, strict=True)]
    if not under:
        raise GisRefused(
            _("图层“%(title)s”在这一天没有面，不能叠加。请换一个日期或图层。") % {"title": b.declared.title},
            code="gis.overlay_empty",
        )
    b_sides, b_shapes = [side for side, _shape in under], np.array([shape for _side, shape in under], dtype=object)
    for sides, shapes in _chunks(a):
        _lay(table, (sides, shapes), (b_sides, b_shapes))
        step(len(table.parents), None)
        if len(table.pieces) > MOST_PIECES:
            raise GisRefused(
                _("叠加出的碎块超过 %(most)s 个，一张表放不下。请按乡镇分别叠加。") % {"most": MOST_PIECES},
                code="gis.overlay_too_large",
            )
    return table


def must_differ(a: Seen, b: Seen) -> None:
    """Refuse two that are one, and what has no surface."""
    if a.declared.collection == b.declared.collection:
        raise GisRefused(
            _("两个图层是同一个（%(title)s）：自己与自己叠加没有意义。请另选一个。") % {"title": a.declared.title},
            code="gis.overlay_same",
        )
    for seen in (a, b):
        if seen.declared.ground is None or seen.declared.ground.shape not in ("polygon", "mixed"):
            raise GisRefused(
                _("图层“%(title)s”不是面，算不出叠加面积。请选面图层。") % {"title": seen.declared.title},
                code="gis.overlay_not_surface",
            )


def _lay(table: Overlay, a: tuple[Sequence[Side], Any], b: tuple[Sequence[Side], Any]) -> None:
    sides, shapes = a
    ids, b_ids = np.arange(len(sides)), np.arange(len(b[0]))
    areas = np.zeros(len(sides))
    for batch in remainders(ids, shapes, b[1]):
        found = batch.to_pydict()
        for at, area, covered, overlapping in zip(
            found["a"], found["parent_m2"], found["covered_m2"], found["overlap_m2"], strict=True
        ):
            areas[at] = area
            table.parents.append((sides[at], area, covered, overlapping))
    for batch in overlay(ids, shapes, b_ids, b[1]):
        found = batch.to_pydict()
        for at, under, area in zip(found["a"], found["b"], found["area_m2"], strict=True):
            table.pieces.append((sides[at], b[0][under], area, area / areas[at] if areas[at] else 0.0))
            table.totals[b[0][under].named] += area


def _chunks(seen: Seen) -> Iterator[tuple[list[Side], Any]]:
    """The surfaces of a collection with their names, chunk by chunk."""
    ground = seen.declared.ground
    assert ground is not None
    rows = seen.queryset().exclude(**{f"{ground.field}__isnull": True}).annotate(**{SHAPE: RawWkb(ground.field)})
    source = iter(rows.order_by("pk").values(*seen.needs(), SHAPE).iterator(CHUNK))
    while chunk := list(islice(source, CHUNK)):
        shapes = shapely.from_wkb(np.array([bytes(row[SHAPE]) for row in chunk], dtype=object))
        flat = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
        yield [_side(seen, chunk[at]) for at in flat.tolist()], shapes[flat]


def _side(seen: Seen, row: dict[str, Any]) -> Side:
    ground = seen.declared.ground
    assert ground is not None
    shown = seen.values(row)
    code = next((shown[key] for key in ("code", "number") if shown.get(key)), "") or str(row[seen.declared.key])
    level = shown.get(ground.class_field) if ground.class_field else shown.get("level")
    return Side(str(code), str(shown.get(ground.title or "name") or ""), str(level or ""))


def as_xlsx(table: Overlay) -> bytes:
    """Pieces, totals by class of B, and each A with what remains of it."""
    a, b = str(table.a.declared.title), str(table.b.declared.title)
    note = _("截至 %(day)s · CGCS2000 椭球面积") % {"day": table.a.on.isoformat()}
    title = title_of(table)
    measured = [SheetColumn("m²", 14, True), SheetColumn(_("亩"), 12, True), SheetColumn("hm²", 12, True)]
    sides = [
        *(SheetColumn(f"{a} {name}", 20) for name in (_("代码"), _("名称"))),
        *(SheetColumn(f"{b} {name}", 20) for name in (_("代码"), _("名称"), _("分级"))),
    ]
    pieces = (
        (one.code, one.title, under.code, under.title, under.level, *_three(area), round(share * 100, 2))
        for one, under, area, share in table.pieces
    )
    rest = (
        (one.code, one.title, round(area, 2), round(covered, 2), *_three(area - covered), round(overlapping, 2))
        for one, area, covered, overlapping in table.parents
    )
    totals = [(name, *_three(area)) for name, area in table.by_class()]
    totals.append((_("未覆盖"), *_three(table.remainder_m2)))
    pages = [
        Sheet(_("合计"), [SheetColumn(f"{b} {_('分级')}", 24), *measured], totals, title, note),
        Sheet(_("明细"), [*sides, *measured, SheetColumn(_("占%(a)s面积 %%") % {"a": a}, 12, True)], pieces, title, note),
        Sheet(
            _("未覆盖"),
            [
                *sides[:2], SheetColumn(_("面积（m²）"), 14, True), SheetColumn(_("已覆盖（m²）"), 14, True), *measured,
                SheetColumn(_("%(b)s之间重叠（m²）") % {"b": b}, 14, True),
            ],
            rest, title, note,
        ),
    ]  # fmt: skip
    out = BytesIO()
    write_xlsx(pages, out)
    return out.getvalue()


def _three(area: float) -> tuple[float, float, float]:
    return round(area, 2), round(float(mu(area)), 2), round(area / M2_PER_HM2, 4)


def title_of(table: Overlay) -> str:
    """What the table is called."""
    return _("%(a)s与%(b)s叠加面积") % {"a": table.a.declared.title, "b": table.b.declared.title}
