"""来表即填: a superior's blank form, its cells mapped to fields once, filled from records ever after.

A field is `own:<name>` (place, year, period, day, office), `figure:<id>` with a part (text, numerator, denominator), or a list:
rows of a table written downwards from a row of the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, files
from soildesk.core.models import Department
from soildesk.core.permissions import Actor, require
from soildesk.kit.folding import fold
from soildesk.kit.headingunits import unit_in
from soildesk.kit.languages import listed
from soildesk.kit.letters import running
from soildesk.land.services.writing import Place
from soildesk.reporting.files import BLANK
from soildesk.reporting.models import BlankForm, ReportCopy
from soildesk.reporting.queries.making import doubts_of, figure_data
from soildesk.reporting.queries.reading import Reading, offered, plain
from soildesk.reporting.queries.tables import NUMBERS, plain_number, tables
from soildesk.reporting.refusals import ReportRefused
from soildesk.reporting.services import labelling
from soildesk.reporting.services.copies import MAKE, Wanted, Writing, reading_of, write
from soilrules.units import times

TEMPLATES = "reporting.templates"
OWN = {
    "place": _l("地区名称"), "place_code": _l("行政区划代码"), "office": _l("填报单位"), "year": _l("年度"), "period": _l("期次"),
    "on": _l("数据截至日期"), "today": _l("填表日期"),
}  # fmt: skip
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
FINE = Decimal("0.0001")
"""How fine a figure is told in another unit than its own."""
PARTS = {"text": "", "numerator": _l("分子"), "denominator": _l("分母")}


@dataclass(frozen=True, slots=True)
class Upload:
    """A form somebody brings."""

    name: str
    file_name: str
    data: bytes
    receiver: str = ""


def fields() -> dict[str, str]:
    """Every field a cell may be mapped to, and its name."""
    own = {f"own:{key}": str(title) for key, title in OWN.items()}
    of_figures = {
        f"figure:{name}:{part}": f"{title}（{word}）" if word else title
        for name, title in offered().items()
        for part, word in PARTS.items()
    }
    return own | of_figures


def titles() -> dict[str, str]:
    """Every field by its words, as a person chooses it; words that two fields share say which."""
    found: dict[str, str] = {}
    for name, title in fields().items():
        found[title if title not in found else f"{title}（{name.split(':')[1]}）"] = name
    return found


@transaction.atomic
def take_in(upload: Upload, office: Department, *, by: Actor, at: datetime) -> BlankForm:
    """A new form, or a new version of one: what was mapped before is kept where the cell still stands with the same label."""
    require(by, TEMPLATES, office)
    name = upload.name.strip()[:120]
    if not name:
        raise ReportRefused(_("没有写空表名称：请填写上级下发时的名称。"), code="reporting.blank.name")
    if not upload.file_name.lower().endswith((".xlsx", ".docx")):
        raise ReportRefused(
            _("“%(name)s”不是可以填写的空表：请另存为 .xlsx 或 .docx 后上传。") % {"name": upload.file_name},
            code="reporting.blank.name",
        )
    if upload.data.startswith(OLD_OFFICE):
        raise ReportRefused(
            _(
                "“%(name)s”是旧版 Office 格式（.xls、.doc）或者加了密码：请在 Excel 或 WPS 里打开，去掉密码，另存为 .xlsx 或 .docx 后上传。"
            )
            % {"name": upload.file_name},
            code="reporting.blank.name",
        )
    layout = running.cells(upload.data, upload.file_name)
    if not labelling.labels(layout):
        raise ReportRefused(
            _("“%(name)s”里没有可以填写的空格（空单元格、下划线、空括号），无法对应字段：请使用上级下发的空白表。")
            % {"name": upload.file_name},
            code="reporting.blank.no_cells",
        )
    held = BlankForm.objects.select_for_update().filter(owner_department=office, name=name)
    before = held.order_by("-version").first()
    held.filter(retired_at=None).update(retired_at=at)
    form = BlankForm.objects.create(
        name=name,
        receiver=upload.receiver.strip()[:120],
        version=before.version + 1 if before else 1,
        layout=layout,
        mapping=_carried(before, layout) if before else {},
        division_path=office.division.path,
        owner_department=office,
        made_at=at,
        made_by=by.person,
    )
    files.attach(form, data=upload.data, name=upload.file_name, kind=BLANK, by=by, at=at)
    audit.record("reporting.blank.taken", subject=form, by=by, at=at, data={"name": name, "version": form.version})
    return form


def _carried(before: BlankForm, layout: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    old, new = labelling.labels(before.layout), labelling.labels(layout)
    return {cell: name for cell, name in before.mapping.items() if cell in new and old.get(cell) == new[cell]}


def proposed(form: BlankForm) -> dict[str, str]:
    """Fields for cells by the words beside them; a person accepts them by saving."""
    return labelling.proposed(form.layout, fields(), form.mapping, form.owner_department.division.name)


@dataclass(frozen=True, slots=True)
class List:
    """Rows of a table from a row of a sheet downwards, not beyond `last_row`; `columns` {letter: key of the table}."""

    sheet: str
    first_row: int
    last_row: int
    table: str
    columns: Mapping[str, str]


@transaction.atomic
def map_cells(
    form: BlankForm, mapping: Mapping[str, str], lists: Sequence[List] = (), *, by: Actor, at: datetime
) -> BlankForm:  # fmt: skip
    """Say which field goes into which cell. An unknown cell or field refuses the whole."""
    form = BlankForm.objects.select_for_update().get(pk=form.pk)
    require(by, TEMPLATES, form)
    known, cells = fields(), {place for place, _sheet, _cell in labelling.places(form.layout)}
    wanted, counted = {cell: name for cell, name in mapping.items() if name}, labelling.formulas(form.layout)
    for cell, name in wanted.items():
        if cell not in cells:
            raise ReportRefused(_("空表里没有单元格 %(cell)s。") % {"cell": cell}, code="reporting.blank.cell")
        if cell in counted:
            raise _counts_itself(cell)
        if name not in known:
            raise ReportRefused(_("没有“%(name)s”这个字段。") % {"name": name}, code="reporting.blank.field")
    form.mapping, form.lists, form.mapped_at = wanted, [_checked(one, form) for one in lists], at
    form.save(update_fields=["mapping", "lists", "mapped_at"])
    data = {"name": form.name, "version": form.version, "cells": len(wanted), "lists": len(form.lists)}
    audit.record("reporting.blank.mapped", subject=form, by=by, at=at, data=data)
    return form


def _checked(one: List, form: BlankForm) -> dict[str, Any]:
    sheet = next((each for each in form.layout if each["name"] == one.sheet and each["kind"] == "xlsx"), None)
    table = tables().get(one.table)
    if sheet is None or table is None or not one.columns:
        raise ReportRefused(
            _("逐行填写的设置不对（%(sheet)s）：请选择内容，并写至少一列，例如 A=地块编号。") % {"sheet": one.sheet},
            code="reporting.blank.list",
        )
    heads = {key: str(title) for key, title, _share in table.columns}
    if unknown := [name for name in one.columns.values() if name not in heads]:
        raise ReportRefused(
            _("“%(table)s”没有“%(names)s”这一列：可以写%(known)s。")
            % {"table": table.title, "names": listed(unknown), "known": listed(heads.values())},
            code="reporting.blank.list",
        )
    if not 1 <= one.first_row <= one.last_row <= max(sheet["rows"], one.first_row):
        raise ReportRefused(
            _(
                "“%(sheet)s”有 %(rows)d 行，填不到第 %(first)d 至 %(last)d 行：起止行请写在表内；没有空行的，先在空表里留好行再上传。"
            )
            % {"sheet": one.sheet, "rows": sheet["rows"], "first": one.first_row, "last": one.last_row},
            code="reporting.blank.list",
        )
    printed = labelling.printed(form.layout, {"sheet": one.sheet, "first_row": one.first_row, "last_row": one.last_row})
    if printed and not set(printed) & set(one.columns):
        letter, names = next(iter(printed.items()))
        raise ReportRefused(
            _(
                "%(letter)s 列已印有“%(name)s”等，不知道每一行填谁的：请把这一列也写上，例如 %(letter)s=%(head)s，系统按名称对号填写。"
            )
            % {"letter": letter, "name": next(iter(names.values())), "head": next(iter(heads.values()))},
            code="reporting.blank.list",
        )
    within = {f"{one.sheet}!{letter}{row}" for letter in one.columns for row in range(one.first_row, one.last_row + 1)}
    if counted := sorted(within & labelling.formulas(form.layout)):
        raise _counts_itself(counted[0])
    return {
        "sheet": one.sheet,
        "first_row": one.first_row,
        "last_row": one.last_row,
        "table": one.table,
        "columns": dict(one.columns),
    }


def _counts_itself(cell: str) -> ReportRefused:
    return ReportRefused(
        _("单元格 %(cell)s 是公式，由表自己计算，不能填写：请去掉这一格（这一列），或者把止行改到它上面。")
        % {"cell": cell},
        code="reporting.blank.formula",
    )


@transaction.atomic
def retire(form: BlankForm, *, by: Actor, at: datetime) -> BlankForm:
    """The form is no longer asked for."""
    form = BlankForm.objects.select_for_update().get(pk=form.pk)
    require(by, TEMPLATES, form)
    if form.retired_at is not None:
        raise ReportRefused(_("空表“%(name)s”已经停用。") % {"name": form.name}, code="reporting.blank.version")
    form.retired_at = at
    form.save(update_fields=["retired_at"])
    audit.record(
        "reporting.blank.retired", subject=form, by=by, at=at, data={"name": form.name, "version": form.version}
    )
    return form


@transaction.atomic
def fill(form: BlankForm, wanted: Wanted, place: Place, *, by: Actor, at: datetime) -> ReportCopy:
    """A draft with the form filled from records; what nobody knows stays blank and is listed."""
    require(by, MAKE, wanted.place)
    if form.retired_at is not None or form.mapped_at is None:
        raise ReportRefused(
            _("空表“%(name)s”第 %(version)d 版还没有对应字段，或已停用：请先对应字段。")
            % {"name": form.name, "version": form.version},
            code="reporting.blank.unmapped",
        )
    return write(filled(form, wanted, by=by), Writing(wanted, place, blank=form), by=by, at=at)


def filled(form: BlankForm, wanted: Wanted, *, by: Actor) -> dict[str, Any]:
    """What goes into the form, as plain data."""
    reading = reading_of(wanted, by=by)
    known, beside, wants = fields(), labelling.labels(form.layout), labelling.units(form.layout)
    shares = labelling.percents(form.layout)
    cells, gaps = {}, []
    figures: dict[str, Any] = {}
    for place, name in form.mapping.items():
        told, why = _value(name, reading, form, wants.get(place, ""))
        if name.startswith("figure:"):
            figure = reading.figure(name.split(":")[1])
            figures[figure.id] = figure
        cells[place] = {"field": name, "title": known.get(name, name), "label": beside.get(place, ""), **told}
        if place in shares and told.get("unit") == "%":
            cells[place]["share"] = True
        if told["value"] == "":
            gaps.append(
                {
                    "what": f"{beside.get(place) or place}：{known.get(name, name)}",
                    "id": place,
                    "why": why or _("没有记录。"),
                }
            )
    for one in form.lists:
        gaps += _write_list(one, reading, cells, labelling.printed(form.layout, one))
    return {
        "kind": "", "title": form.name, "place": reading.place.name, "place_code": reading.place.code, "year": reading.year,
        "period": reading.period.name, "on": reading.on.isoformat(), "known_on": reading.known_on.isoformat(), "sections": [],
        "figures": {key: figure_data(one) for key, one in figures.items()}, "tables": {}, "cells": cells, "gaps": gaps,
        "doubts": doubts_of(figures.values()),
    }  # fmt: skip


def _value(name: str, reading: Reading, form: BlankForm, unit: str) -> tuple[dict[str, Any], str]:
    """The words or number for a cell in the unit the form wants, and why there is none."""
    source, _colon, rest = name.partition(":")
    if source == "own":
        own = {
            "place": reading.place.name, "place_code": reading.place.code, "office": form.owner_department.name,
            "year": str(reading.year), "period": reading.period.name, "on": reading.on.isoformat(),
            "today": reading.known_on.isoformat(),
        }  # fmt: skip
        return {"value": own[rest], "numeric": rest == "year"}, ""
    figure_id, _colon, part = rest.rpartition(":")
    figure = reading.figure(figure_id)
    value = figure.value if part == "text" else getattr(figure, part)
    if value is None or (part != "text" and figure.value is None):
        return {"value": "", "numeric": False}, figure.why
    kept = figure.unit if part == "text" else figure.part_unit
    if unit and unit_in(f"({kept})") not in ("", unit):
        return _in_unit(value, kept, unit)
    return {"value": figure.text if part == "text" else str(value), "numeric": True, "unit": kept}, ""


def _in_unit(value: Decimal | int, kept: str, unit: str) -> tuple[dict[str, Any], str]:
    """The value in another unit; blank where the two measure different things."""
    factor = times(kept, unit)
    if factor is None:
        why = _("表上的单位是%(unit)s，系统的数字是%(kept)s，不能换算：请人工填写。") % {"unit": unit, "kept": kept}
        return {"value": "", "numeric": False}, why
    exact = Decimal(factor.numerator) * Decimal(value) / Decimal(factor.denominator)
    said = f"{exact.quantize(FINE, ROUND_HALF_UP).normalize():f}"
    return {"value": said, "numeric": True, "unit": unit, "from": f"{plain(value)}{kept}"}, ""


def _write_list(
    one: Mapping[str, Any], reading: Reading, cells: dict[str, Any], printed: Mapping[str, Mapping[int, str]]
) -> list[dict[str, str]]:
    """The rows of a table: downwards, or, where a mapped column is printed already, each beside its own name."""
    table = tables()[one["table"]]
    told = table.run(reading)
    place = f"{one['sheet']}!{one['first_row']}"
    if told.rows is None:
        return [{"what": f"{place} {table.title}", "id": place, "why": told.why}]
    heads = {key: str(head) for key, head, _width in table.columns}
    names = next(((letter, names) for letter, names in printed.items() if letter in one["columns"]), None)
    placed, left = _beside(told.rows, one["columns"][names[0]], names[1]) if names else _downwards(told.rows, one)
    for line, row in placed.items():
        for letter, key in one["columns"].items():
            if letter in printed:
                continue
            cells[f"{one['sheet']}!{letter}{line}"] = {
                "field": f"table:{table.id}:{key}", "title": str(table.title), "label": heads.get(key, key), "value": row.values.get(key, ""),
                "numeric": key in NUMBERS and plain_number(row.values.get(key, "")), "row": {"type": row.type, "uid": row.uid, "url": row.url},
            }  # fmt: skip
    return [{"what": f"{place} {table.title}", "id": place, "why": why} for why in left]


def _downwards(rows: Sequence[Any], one: Mapping[str, Any]) -> tuple[dict[int, Any], list[str]]:
    """One row after the other, and what has no room."""
    room = one["last_row"] - one["first_row"] + 1
    more = len(rows) - room
    left = [_("空表只有 %(room)d 行，另有 %(more)d 行放不下。") % {"room": room, "more": more}] if more > 0 else []
    return dict(enumerate(rows[:room], one["first_row"])), left


def _beside(rows: Sequence[Any], key: str, names: Mapping[int, str]) -> tuple[dict[int, Any], list[str]]:
    """Each row where its name is printed; names without a row, or with several, and rows without a name are told."""
    known: dict[str, list[Any]] = {}
    for row in rows:
        known.setdefault(fold(str(row.values.get(key, ""))), []).append(row)
    placed = {line: found[0] for line, name in names.items() if len(found := known.get(fold(name), [])) == 1}
    bare = [name for name in names.values() if fold(name) not in known]
    double = [name for name in names.values() if len(known.get(fold(name), ())) > 1]
    asked = {fold(name) for name in names.values()}
    more = [str(row.values.get(key, "")) for row in rows if fold(str(row.values.get(key, ""))) not in asked]
    left = []
    if bare:
        left.append(_("表上印着、没有记录的：%(names)s。") % {"names": listed(bare)})
    if double:
        left.append(_("表上印着、有多条记录的，请人工填写：%(names)s。") % {"names": listed(double)})
    if more:
        left.append(_("有记录、表上没有印的：%(names)s。") % {"names": listed(more)})
    return placed, left
