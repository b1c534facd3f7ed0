"""What the preview of a GIS file shows beside its rows: counts, findings to be filtered, outlines, what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.kit.gis.asked import from_json
from soildesk.kit.gis.refusals import said
from soildesk.kit.models import ImportBatch, ImportFinding
from soildesk.kit.parts import Fact
from soildesk.kit.register import Register, called
from soilrules.geodesy.crs import named
from soilrules.geodesy.measure import mu
from soilrules.geodesy.thinning import thinned

FINDINGS_PER_PAGE = 100
DRAWN = 300
WIDE, HIGH = 720.0, 420.0
TONES = {"blocking": "bad", "warning": "warn", "note": "calm"}


def page(batch: ImportBatch, params: Mapping[str, str]) -> dict[str, Any]:
    """The context of the preview."""
    register = called(batch.collection)
    counts = batch.counts
    return {
        "register": register,
        "titles": (titles := _titles(register)),
        "words": _words(register, batch),
        "read_columns": [{**line, "title": titles.get(line["as"], line["as"])} for line in batch.mapping["columns"]],
        "bulk": register is not None and register.bulk is not None,
        "fates": [
            (_("新增"), counts.get("new", 0)), (_("变更"), counts.get("changed", 0)),
            (_("相同"), counts.get("same", 0)), (_("不导入"), counts.get("refused", 0)),
        ],
        "understood": _understood(batch),
        "outlines": outlines(batch),
        **_findings(batch, params),
    }  # fmt: skip


def _titles(register: Register | None) -> dict[str, str]:
    """What the entries are called."""
    way = register and (register.bulk or register.writing)
    return (
        {entry.key: str(entry.title) for entry in way.entries} | {"attributes": _("属性"), "geometry": _("范围")}
        if way
        else {}
    )


def _words(register: Register | None, batch: ImportBatch) -> dict[str, dict[str, str]]:
    """What the values of a choice are called, by entry."""
    way = register and (register.bulk or register.writing)
    if not way or batch.by is None:
        return {}
    actor, day = Actor.of(batch.by, clock.local_day(batch.at)), clock.local_day(batch.at)
    found = {}
    for entry in way.entries:
        if entry.kind == "choice":
            choices = entry.choices(actor, day) if callable(entry.choices) else entry.choices
            found[entry.key] = {str(value): str(label) for value, label in choices}
    return found


def _understood(batch: ImportBatch) -> list[Fact]:
    told, asked = batch.mapping, from_json(batch.options)
    ways = {"asked": _("由您指定"), "file": _("文件写明"), "numbers": _("由横坐标的带号看出")}
    facts = [
        Fact(_("坐标系"), said(named(told["crs"]).title), source=ways.get(told["way"], "")),
        Fact(_("坐标次序"), _("横坐标（经度）在前") if told["axis"] == "xy" else _("纵坐标（纬度）在前")),
        Fact(_("格式与图层"), f"{str(told['kind']).upper()} · {told['layer']}"),
        Fact(
            _("面积"), _("%(m2)s m²（%(mu)s 亩）") % {"m2": f"{batch.area_m2:,.2f}", "mu": f"{mu(batch.area_m2):,.2f}"}
        ),
    ]
    if asked.since:
        facts.append(Fact(_("起算日"), asked.since))
    if asked.repair:
        facts.append(Fact(_("修复"), _("可以自动修复的图形已修复，修复前后都保留")))
    if asked.accept_outside:
        facts.append(Fact(_("行政区"), _("没有核对是否在本行政区内")))
    return facts


def _findings(batch: ImportBatch, params: Mapping[str, str]) -> dict[str, Any]:
    rows = batch.findings.all()
    severity, who = params.get("severity", ""), params.get("who", "")
    if severity in ImportFinding.Severity.values:
        rows = rows.filter(severity=severity)
    if who in ImportFinding.Who.values:
        rows = rows.filter(who=who)
    found = Paginator(rows, FINDINGS_PER_PAGE).get_page(params.get("finding", "1"))
    kept, told = batch.counts.get("kept", 0), sum(batch.counts.get("codes", {}).values())
    return {
        "findings": [(one, TONES[one.severity]) for one in found],
        "findings_page": found,
        "severities": [(value, label, value == severity) for value, label in ImportFinding.Severity.choices],
        "whose": [(value, label, value == who) for value, label in ImportFinding.Who.choices],
        "severity": severity,
        "who": who,
        "findings_left_out": max(0, told - kept),
        "any_finding": bool(kept),
    }


def outlines(batch: ImportBatch) -> dict[str, Any] | None:
    """The first rows drawn as they lie, north above: a path each, with its row and fate."""
    rows = [row for row in batch.rows.exclude(wkb=None).order_by("position")[:DRAWN] if row.wkb]
    if not rows:
        return None
    shapes = np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows if row.wkb]), dtype=object)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    if not np.isfinite([west, south, east, north]).all():
        return None
    narrow = float(np.cos(np.radians((south + north) / 2)))
    scale = min(WIDE / max((east - west) * narrow, 1e-9), HIGH / max(north - south, 1e-9))
    simple = thinned(shapes, 0.5 / scale)

    def place(coordinates: Any) -> Any:
        return np.column_stack([(coordinates[:, 0] - west) * narrow * scale, (north - coordinates[:, 1]) * scale])

    drawn = [
        {"d": path_of(shapely.transform(shape, place)), "position": row.position, "fate": _fate(row)}
        for row, shape in zip(rows, simple, strict=True)
    ]
    return {
        "paths": drawn,
        "width": round((east - west) * narrow * scale + 8),
        "height": round((north - south) * scale + 8),
    }


def _fate(row: Any) -> str:
    if row.verdict == "refused":
        return "refused"
    if row.after is None:
        return "same"
    return "changed" if row.before is not None else "new"


def path_of(shape: Any) -> str:
    """An SVG path; points are small squares."""
    parts = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            parts.append(f"M{part.x - 2:.1f} {part.y - 2:.1f}h4v4h-4z")
        elif part.geom_type == "Polygon":
            parts += [_line(ring) + "z" for ring in (part.exterior, *part.interiors)]
        elif not part.is_empty:
            parts.append(_line(part))
    return "".join(parts)


def _line(line: Any) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line).tolist())
