"""The statistics bureau's table taken in: every figure of every town with its fate before anything is written."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import NotAllowed
from soildesk.enterprises.sentences import said
from soildesk.farmland.figuresheets import TOTALS, Cell, Table, tables
from soildesk.farmland.queries import figures as found
from soildesk.farmland.queries.places import Names, division_of
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services import figures
from soildesk.farmland.services.figures import Reported, unit_of
from soildesk.kit.imports import ImportKind, ImportRow, Purpose, RowFate, Understood, Verdict, add
from soilrules.farmland.inputdata import inputs
from soilrules.farmland.inputs import checked, shown, town_by_town

SAID = "_said"
BETWEEN = re.compile(r"[，,、\s]")
NOTHING = frozenset({"", "-", "—", "－", "…", "/", "／", "无数据"})
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Read:
    """One cell understood: what it tells, or why it tells nothing."""

    cell: Cell
    told: Reported | None
    refused: str = ""
    notes: tuple[str, ...] = ()


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What the table would do."""
    table = tables(data, name)
    understood = [_read(cell, table, purpose) for cell in table.cells if cell.text.strip() not in NOTHING]
    return Understood(table.mapping, list(_fates(understood, purpose)), _notes(table, understood))


def _notes(table: Table, understood: Sequence[Read]) -> list[str]:
    notes = [_("按“%(kind)s”的表式读取，共 %(n)d 个数据。") % {"kind": table.kind, "n": len(understood)}]
    empty = len(table.cells) - len(understood)
    if empty:
        notes.append(_("%(n)d 个格子是空的：空着不等于 0，不登记，指标会显示缺哪个镇街。") % {"n": empty})
    if table.left:
        notes.append(_("没有用到的：%(names)s。") % {"names": "、".join(dict.fromkeys(table.left))})
    notes.append(_("数据按统计年报登记；与上年或者其他镇街相差大的，登记后由镇街作说明，数据本身不改。"))
    return notes


def _read(cell: Cell, table: Table, purpose: Purpose) -> Read:
    """One cell: year, place, figure and number, or the first thing that is wrong."""
    if cell.figure is None:
        return Read(
            cell, None, _("没有“%(name)s”这个指标：请改用登记的指标名称，或删去这一行。") % {"name": cell.heading}
        )
    year = _year(cell.year or table.year or purpose.given.get("year", ""))
    if year is None:
        return Read(cell, None, _("没有写明年度：请在标题写“2025年”，或加“年度”一列。"))
    if not figures.EARLIEST <= year <= purpose.actor.today.year:
        return Read(cell, None, _("年度 %(year)s 不对：请核对标题或者“年度”列。") % {"year": year})
    places = Names(purpose.actor, year).called(cell.place, TOTALS)
    if len(places) != 1:
        return Read(cell, None, _("没有找到镇街“%(name)s”，或不止一个：请填写全称或代码。") % {"name": cell.place})
    number = _number(cell.text)
    if number is None:
        return Read(cell, None, _("“%(text)s”不是数字：请核对。") % {"text": cell.text[:20]})
    unit = cell.unit or table.unit
    parts = [part for part in BETWEEN.split(unit) if part]
    factor = next((one for part in parts if (one := inputs().factor(cell.figure, part)) is not None), None)
    if cell.unit and factor is None:
        return Read(cell, None, _unknown_unit(cell))
    notes = () if factor is not None else (_("没有写明单位，按 %(unit)s 登记。") % {"unit": unit_of(cell.figure.key)},)
    value = (number * (factor or 1)).quantize(PLACES)
    return Read(cell, Reported(year, places[0], cell.figure.key, value), notes=notes)


def _unknown_unit(cell: Cell) -> str:
    assert cell.figure is not None
    known = "、".join(inputs().units[cell.figure.unit])
    return _("“%(figure)s”的单位“%(unit)s”无法换算：认得 %(known)s。") % {
        "figure": cell.figure.zh, "unit": cell.unit, "known": known,
    }  # fmt: skip


def _year(text: str) -> int | None:
    digits = re.search(r"(?:19|20)\d\d", text)
    return int(digits.group()) if digits else None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(unicodedata.normalize("NFKC", text).replace(",", "").removesuffix("%").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < 15 else None


def _fates(understood: Sequence[Read], purpose: Purpose) -> Iterator[RowFate]:
    asks = _asks([one.told for one in understood if one.told is not None], purpose)
    twice = Counter(_key(one.told) for one in understood if one.told is not None)
    for at, one in enumerate(understood, start=1):
        raw = {
            _("行"): str(one.cell.position),
            _("镇街"): one.cell.place,
            _("指标"): one.cell.heading,
            _("数值"): one.cell.text,
        }
        refused = one.refused or _refused(one.told, purpose)
        if one.told is None or refused:
            yield RowFate(at, raw, Verdict.REFUSED, [refused])
            continue
        if twice[_key(one.told)] > 1:  # which of them is right nobody here can say
            yield RowFate(at, raw, Verdict.REFUSED, [_("同一镇街的同一指标在文件里出现了两次：请删去一处。")])
            continue
        yield _fate(at, raw, one, asks.get(_key(one.told), ""))


def _key(told: Reported) -> tuple[int, int, str]:
    return told.year, told.division.pk, told.figure


def _refused(told: Reported | None, purpose: Purpose) -> str:
    if told is None:
        return ""
    try:
        figures.check(told, by=purpose.actor)
    except (InputRefused, NotAllowed) as refusal:
        return str(refusal)
    return ""


def _fate(at: int, raw: Mapping[str, str], one: Read, ask: str) -> RowFate:
    assert one.told is not None
    told = one.told
    held = found.value_of(told.year, told.division, told.figure)
    after = {"year": str(told.year), "place": told.division.name, "figure": figures.name_of(told.figure),
             "value": f"{shown(told.value)} {unit_of(told.figure)}"}  # fmt: skip
    before = None if held is None else {**after, "value": f"{shown(held)} {unit_of(told.figure)}"}
    kept = {"year": told.year, "division": told.division.code, "figure": told.figure, "value": str(told.value)}
    messages = [*one.notes, *([_("登记后请镇街说明：%(why)s。") % {"why": ask}] if ask else [])]
    return RowFate(at, {**raw, SAID: kept}, Verdict.WARNING if ask else Verdict.OK, messages, before, after)


def _asks(told: Sequence[Reported], purpose: Purpose) -> Mapping[tuple[int, int, str], str]:
    """Which figures will ask for an explanation once they are taken in, and why."""
    asking: dict[tuple[int, int, str], str] = {}
    for year in sorted({one.year for one in told}):
        this = _with_file(year, told, purpose)
        last = _with_file(year - 1, told, purpose)
        for pk, line in town_by_town(this, last):
            if line.asks and this[pk].get(line.figure) is not None:
                asking[year, int(pk), line.figure] = said(line.message)
        for one in told:
            if one.year == year and one.division.level != found.TOWN:
                line = checked(one.figure, one.value, last.get(str(one.division.pk), {}).get(one.figure), [])
                if line.asks:
                    asking[year, one.division.pk, one.figure] = said(line.message)
    return asking


def _with_file(year: int, told: Sequence[Reported], purpose: Purpose) -> dict[str, dict[str, Decimal]]:
    """The figures of towns of a year as they would stand with the file."""
    county = next((one.division for one in told if one.division.level == found.COUNTY), None)
    county = county or next((one.division.parent for one in told if one.division.parent), None)
    rows: dict[str, dict[str, Decimal]] = {}
    if county is not None:
        book = found.book(purpose.actor, county, [year])
        rows = {
            str(one.pk): {key: row.value for key, row in book.of(year, one).items()} for one in (*book.towns, county)
        }
    for one in told:
        if one.year == year:
            rows.setdefault(str(one.division.pk), {})[one.figure] = one.value
    if county is not None:
        rows.pop(str(county.pk), None)
    return rows


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Do what the preview showed."""
    many = []
    for row in rows:
        kept: Mapping[str, Any] = row.raw[SAID]
        division = division_of(kept["division"], kept["year"])
        many.append(Reported(kept["year"], division, kept["figure"], Decimal(kept["value"])))
    return figures.take_in(many, by=purpose.actor, at=purpose.at, batch=purpose.batch)


KIND = add(
    ImportKind(
        name="farmland.figures",
        title=_l("农业投入品统计表"),
        permission=figures.KEEP,
        read=read,
        apply=apply,
        names={
            "year": _l("年度"), "place": _l("镇街"), "figure": _l("指标"), "value": _l("数值"), "new": _l("新登记"),
            "changed": _l("更新"),
        },
        accepts=(".xlsx", ".xls"),
        hint=_l("统计部门的原表，不用改格式：一行一个镇街、一行一个指标、或者一列一个镇街都认得；单位写在表头括号里或者“单位：”一行；合计行按全区县登记。"),
        done_url=lambda batch: reverse("farmland:inputs"),
    )
)  # fmt: skip
