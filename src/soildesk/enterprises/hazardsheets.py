"""The ledger of hazards as an Excel file, with the columns that the guide asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import files
from soildesk.enterprises.models import FacilityVersion, Hazard, Inspection
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.queries.hazards import COUNTED, facility_names
from soildesk.enterprises.queries.plants import standing
from soildesk.enterprises.sentences import language
from soildesk.kit.sheets import Sheet, SheetColumn, write_xlsx
from soilrules.enterprises.inspection import guide

WIDTHS = {"number": 18, "what": 30, "suggestion": 24, "measure": 30, "facility": 22}


def ledger(rows: Any, on: date, title: str) -> bytes:
    """The hazards of a query; those dropped as mistakes are left out."""
    fields = [*guide().ledger["found"], *guide().ledger["rectified"]]
    columns = [
        SheetColumn(_("企业"), 22),
        *(SheetColumn(getattr(one, language()), WIDTHS.get(one.key, 14)) for one in fields),
    ]
    columns += [SheetColumn(_("整改时限"), 12), SheetColumn(_("状态"), 10), SheetColumn(_("验收日期"), 12)]
    note = _("截至 %(day)s；图片栏为照片张数，照片在系统的隐患页面。") % {"day": on}
    stream = BytesIO()
    write_xlsx([Sheet(_("隐患台账"), columns, list(_rows(rows, on, [one.key for one in fields])), title, note)], stream)
    return stream.getvalue()


def form(inspection: Inspection, on: date) -> bytes:
    """The ledger of one inspection to fill in: what stands is filled, new rows go below; facilities are named beside."""
    wanted = [one for step in ("found", "rectified") for one in guide().ledger[step] if not one.key.startswith("photo")]
    columns = [SheetColumn(getattr(one, language()), WIDTHS.get(one.key, 14)) for one in wanted]
    columns += [SheetColumn(_("发现日期"), 12), SheetColumn(_("整改时限"), 12)]
    found = list(inspection.hazards.filter(COUNTED).order_by("number"))
    places = facility_names([one.facility_id for one in found])
    rows = [
        [
            *(values(one, places.get(one.facility_id or 0), []).get(field.key, "") for field in wanted),
            one.found_on,
            one.due,
        ]
        for one in found
    ]
    note = _("已登记的隐患请勿改序号；新的隐患写在下面，序号自编。整改完成的填整改措施、整改完成时间和责任人。")
    names = [SheetColumn(_("名称"), 26), SheetColumn(_("企业编号"), 12), SheetColumn(_("系统编号"), 22)]
    known = [[one.name, one.code, one.facility.number] for one in standing(inspection.enterprise_id, on)]
    stream = BytesIO()
    title = _("隐患排查台账%(number)s") % {"number": inspection.number}
    write_xlsx([Sheet(_("隐患台账"), columns, rows, title, note), Sheet(_("设施"), names, known)], stream)
    return stream.getvalue()


def _rows(rows: Any, on: date, keys: list[str]) -> Iterator[list[Any]]:
    found = list(rows.filter(COUNTED).order_by("enterprise_id", "number"))
    names = names_of({one.enterprise_id for one in found}, on)
    places = facility_names([one.facility_id for one in found])
    photos = files.uses_of_many(found)
    for one in found:
        said = values(one, places.get(one.facility_id or 0), photos[one.pk])
        ends = [one.due, str(one.get_state_display()), one.verified_on]
        yield [names.get(one.enterprise_id, ""), *(said.get(key, "") for key in keys), *ends]


def values(one: Hazard, place: FacilityVersion | None, uses: list[Any]) -> dict[str, Any]:
    """A hazard by the keys of the ledger; pictures by how many there are."""
    counts = {kind: sum(use.kind == kind for use in uses) or None for kind in ("before", "after")}
    return {
        "number": one.number,
        "activity": place.activity if place else "",
        "facility": place.name if place else "",
        "position": (place.position or place.area_name) if place else "",
        "photo_before": counts["before"],
        "what": one.what,
        "suggestion": one.suggestion,
        "measure": one.measure,
        "rectified_on": one.rectified_on,
        "photo_after": counts["after"],
        "responsible": one.responsible,
    }
