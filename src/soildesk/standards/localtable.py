"""A table of limits of a place as an office fills it in: the template, every row read with its fate, and the edition.

The workbook has two sheets: what the standard is (name and content side by side), and one limit a row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.standards import limitwords, verdicts
from soilrules import intervals, units
from soilrules.intervals import Interval
from soilrules.plantext.formats import Sheet
from soilrules.standards import crops, names, uses
from soilrules.standards.library import Library
from soilrules.standards.model import Edition, Limit, UseKind
from soilrules.verdict import Mark

HEAD_SHEET, ROWS_SHEET = "标准", "限值"
HEAD = {
    "standard": "标准编号",
    "title": "名称",
    "title_en": "英文名称",
    "authority": "发布机关",
    "file_number": "文号",
    "division": "行政区划代码",
    "family": "补充的国家标准",
    "since": "施行日期",
    "until": "废止日期",
    "keyed_by": "录入人",
}
OPTIONAL = ("title_en", "file_number", "until")
LONGEST = {"standard": 80, "title": 200, "authority": 120, "file_number": 80}
"""Characters that are kept of the head."""
ROW = {
    "analyte": "项目",
    "level": "级别",
    "use": "用途",
    "ph": "pH 档",
    "value": "限值",
    "unit": "单位",
    "clause": "条款",
    "source": "来源",
    "mark": "把握",
    "note": "说明",
}
NAMES = {
    **{key: _l("标准编号") if key == "standard" else word for key, word in HEAD.items()},
    **ROW,
    "limits": _l("写入的限值"),
}
MARKS = {"两处来源一致": Mark.DOUBLE_SOURCED, "单一来源": Mark.SINGLE_SOURCED, "凭记忆": Mark.FROM_KNOWLEDGE}
LEVELS = {
    "筛选值": "screening",
    "管制值": "control",
    "限值": "limit",
    "Ⅰ类": "I",
    "Ⅱ类": "II",
    "Ⅲ类": "III",
    "Ⅳ类": "IV",
}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
MOST_PLACES = 12
"""Places before or behind the point; a number with more is no limit, and would be written out in full."""
_EXCEL_ZERO = date(1899, 12, 30)
_BOUND = re.compile(r"(>=|<=|>|<|≥|≤)(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of the workbook: what it says, what is wrong with it, and the limit it makes."""

    number: int
    said: Mapping[str, str]
    faults: Sequence[str] = ()
    limit: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ReadTable:
    """A workbook read: the head, its faults, the rows."""

    head_row: int
    head: Mapping[str, str]
    head_faults: Sequence[str]
    rows: Sequence[ReadRow]
    data: dict[str, Any] | None = field(default=None)  # the edition, where nothing is wrong

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.head_faults and not any(row.faults for row in self.rows)


def read(sheets: Sequence[Sheet], library: Library, known_codes: Mapping[str, str]) -> ReadTable:
    """Read a workbook against the nation's tables. `known_codes`: the division codes that may be named, with names."""
    by_name = {sheet.name: sheet for sheet in sheets}
    head_sheet, rows_sheet = by_name.get(HEAD_SHEET), by_name.get(ROWS_SHEET)
    if head_sheet is None or rows_sheet is None:
        missing = "、".join(f"“{name}”" for name in (HEAD_SHEET, ROWS_SHEET) if name not in by_name)
        return ReadTable(
            1,
            {},
            [_("文件里没有名为%(sheets)s的工作表：请下载模板填写，不要改工作表的名称。") % {"sheets": missing}],
            [],
        )
    head_row, head = _head(head_sheet)
    faults, nation = list(_head_faults(head, library, known_codes)), _nation(head, library)
    if nation is None:
        return ReadTable(head_row, head, faults, [])
    rows = _checked(list(_rows(rows_sheet, nation)), nation)
    if not rows:
        faults.append(_("“%(sheet)s”工作表里没有一行限值：请从第二行起填写。") % {"sheet": ROWS_SHEET})
    table = ReadTable(head_row, head, faults, rows)
    if not table.sound:
        return table
    return ReadTable(head_row, head, faults, rows, _edition(head, nation, rows))


def _cells(sheet: Sheet) -> Iterator[tuple[int, dict[int, str]]]:
    for row in sheet.rows:
        yield row.number, {cell.column: " ".join(cell.text.split()) for cell in row.cells}


def _head(sheet: Sheet) -> tuple[int, dict[str, str]]:
    keys = {word: key for key, word in HEAD.items()}
    found: dict[str, str] = {}
    first = 1
    for number, cells in _cells(sheet):
        key = keys.get(cells.get(0, ""))
        if key:
            first = first if found else number
            found[key] = cells.get(1, "")
    for key in ("since", "until"):
        day = _day(found.get(key, ""))
        found[key] = day.isoformat() if day else found.get(key, "")
    found["division"] = found.get("division", "").removesuffix(".0")
    return first, found


def _head_faults(head: Mapping[str, str], library: Library, known_codes: Mapping[str, str]) -> Iterator[str]:
    for key, word in HEAD.items():
        if key not in OPTIONAL and not head.get(key):
            yield _("“%(name)s”没有填：请在“标准”工作表填写。") % {"name": word}
        if len(head.get(key, "")) > LONGEST.get(key, len(head.get(key, ""))):
            yield _("“%(name)s”有 %(n)d 个字，最多 %(most)d 个。请只写名称本身。") % {
                "name": word,
                "n": len(head[key]),
                "most": LONGEST[key],
            }
    if head.get("family") and family_of(head["family"], library) is None:
        known = "、".join(dict.fromkeys(one.standard.partition("-")[0] for one in library.editions if not one.division))
        yield _("没有国家标准“%(name)s”。应为其中之一：%(known)s。") % {"name": head["family"], "known": known}
    if head.get("division") and head["division"] not in known_codes:
        yield _("行政区划代码“%(code)s”不在您可以录入的地区内。请核对代码，或请该地区的人员录入。") % {
            "code": head["division"]
        }
    since, until = _iso(head.get("since", "")), _iso(head.get("until", ""))
    for key in ("since", "until"):
        if head.get(key) and _iso(head[key]) is None:
            yield _("“%(name)s”写的是“%(text)s”，不是日期。请写成 2026-09-01 的样式。") % {
                "name": HEAD[key],
                "text": head[key],
            }
    if since and until and until <= since:
        yield _("废止日期 %(until)s 不晚于施行日期 %(since)s。请核对。") % {"until": until, "since": since}


def family_of(text: str, library: Library) -> str | None:
    """The national standard a text names."""
    try:
        return library.find(text)[0]
    except KeyError:
        return None


def _nation(head: Mapping[str, str], library: Library) -> Edition | None:
    """The national edition the table lies over: the one in force when it begins, else the newest."""
    family, since = family_of(head.get("family", ""), library), _iso(head.get("since", ""))
    if family is None:
        return None
    return (library.edition(family, since) if since else None) or library.national(family)[-1]


def _rows(sheet: Sheet, nation: Edition) -> Iterator[ReadRow]:
    columns: dict[int, str] = {}
    keys = {word: key for key, word in ROW.items()}
    for number, cells in _cells(sheet):
        if not columns:
            columns = {at: keys[text] for at, text in cells.items() if text in keys}
            continue
        said = {key: cells.get(at, "") for at, key in columns.items()}
        if any(said.values()):
            yield _row(number, said, nation)


def _row(number: int, said: Mapping[str, str], nation: Edition) -> ReadRow:
    faults: list[str] = []
    for key in ("analyte", "level", "value", "clause", "source", "mark"):
        if not said.get(key):
            faults.append(_("“%(name)s”没有填。") % {"name": ROW[key]})
    limit = {
        "analyte": _analyte(said.get("analyte", ""), nation, faults),
        "level": _level(said.get("level", ""), nation, faults),
        "use": _use(said.get("use", ""), nation, faults),
        "ph": _band(said.get("ph", ""), faults),
        "value": _value(said.get("value", ""), faults),
        "unit": _unit(said.get("unit", ""), nation, faults),
        "clause": said.get("clause", ""),
        "sources": [said.get("source", "")],
        "mark": _mark(said.get("mark", ""), faults),
        "note": said.get("note", ""),
    }
    return ReadRow(number, said, faults, None if faults else limit)


def _analyte(text: str, nation: Edition, faults: list[str]) -> str:
    named = names.resolve(text, (nation,)) if text else None
    if named and named.reason:
        faults.append(named.reason.sentence("zh"))
    return named.slug if named else ""


def _level(text: str, nation: Edition, faults: list[str]) -> str:
    level = LEVELS.get(unicodedata.normalize("NFC", text), "")
    if text and level not in nation.levels:
        known = "、".join(verdicts.level_word(one) for one in nation.levels)
        faults.append(
            _("级别“%(text)s”不是 %(standard)s 的级别。应为：%(known)s。")
            % {"text": text, "standard": nation.standard, "known": known}
        )
    return level


def _use(text: str, nation: Edition, faults: list[str]) -> list[str]:
    """The keys of the uses; none means every use."""
    found = []
    for word in filter(None, re.split(r"[、,，;；/]", text)):
        by_name = next((key for key, use in nation.uses.items() if word in (use.zh, use.en, key)), None)
        key = by_name or uses.resolve(nation.family, word) or word
        if nation.use_kind is UseKind.CROP and key not in nation.uses:
            key = next(iter(crops.groups_of(word)), word)
        if key not in nation.uses:
            known = "、".join(use.zh for use in list(nation.uses.values())[:12]) or _("（本标准不分用途，请留空）")
            faults.append(
                _("用途“%(text)s”不是 %(standard)s 的用途。应为：%(known)s。")
                % {"text": word, "standard": nation.standard, "known": known}
            )
        found.append(key)
    return found


def _band(text: str, faults: list[str]) -> dict[str, str] | None:
    """A pH band such as “>5.5，≤6.5”; the edge belongs to the band below it, as in the national table."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("pH", "")
    if not plain or plain in ("全部", "不分"):
        return None
    found = _BOUND.findall(plain)
    rest = _BOUND.sub("", plain).strip(",，、和且")
    words = {">": "gt", "<=": "le", "≤": "le"}
    if rest or not found or any(sign not in words for sign, _number in found):
        faults.append(
            _("pH 档“%(text)s”看不懂。请写成“≤5.5”“>5.5，≤6.5”“>7.5”的样式：边界值归下面一档；不分档的留空。")
            % {"text": text}
        )
        return None
    return {words[sign]: number for sign, number in found}


def _value(text: str, faults: list[str]) -> str:
    try:
        value = Decimal(unicodedata.normalize("NFKC", text).replace(",", "") or "0")
    except InvalidOperation:
        faults.append(_("限值“%(text)s”不是数字。请照印本填写，不带单位和符号。") % {"text": text})
        return ""
    if not value.is_finite() or value < 0:
        faults.append(_("限值 %(text)s 应不小于 0。") % {"text": text})
        return ""
    if abs(value.adjusted()) > MOST_PLACES:
        faults.append(_("限值“%(text)s”太大或太小，不会是一个限值。请照印本核对。") % {"text": text[:40]})
        return ""
    return f"{value:f}"


def _unit(text: str, nation: Edition, faults: list[str]) -> str:
    unit = units.parse(text) if text else nation.unit
    if unit is None or unit.dimension is not nation.unit.dimension:
        faults.append(_("单位“%(text)s”不能换算成 %(unit)s。") % {"text": text, "unit": nation.unit.symbol})
        return nation.unit.symbol
    return unit.symbol


def _mark(text: str, faults: list[str]) -> str:
    if text and text not in MARKS:
        faults.append(_("把握“%(text)s”应为：%(known)s。") % {"text": text, "known": "、".join(MARKS)})
    return str(MARKS.get(text, Mark.FROM_KNOWLEDGE))


def _checked(rows: list[ReadRow], nation: Edition) -> list[ReadRow]:
    """The rows with what is wrong beside the nation and beside each other."""
    found = []
    seen: dict[tuple[str, ...], int] = {}
    bands = _open_bands(rows)
    for row in rows:
        faults = list(row.faults)
        if row.limit is not None:
            faults += _laxer(row.limit, nation)
            key = (row.limit["analyte"], row.limit["level"], *sorted(row.limit["use"]), str(row.limit["ph"]))
            if key in seen:
                faults.append(_("与第 %(row)d 行是同一项目、级别、用途和 pH 档。请删去一行。") % {"row": seen[key]})
            seen.setdefault(key, row.number)
            if wrong := bands.get((row.limit["analyte"], row.limit["level"])):
                faults.append(wrong)
        found.append(ReadRow(row.number, row.said, faults, None if faults else row.limit))
    return found


def _laxer(limit: Mapping[str, Any], nation: Edition) -> Iterator[str]:
    """A place may be stricter than the nation, never laxer."""
    unit = units.parse(limit["unit"])
    assert unit is not None
    value = Decimal(limit["value"])
    for other in nation.by_analyte.get(limit["analyte"], {}).get(limit["level"], ()):
        if other.bound.upper is None or not _same_place(limit, other):
            continue
        if value * unit.to(other.unit) > other.upper:
            place = "，".join(filter(None, (limitwords.uses(other, nation, "zh"), limitwords.band(other))))
            yield _("限值 %(value)s %(unit)s 比国家标准宽：%(basis)s（%(place)s）为 %(national)s。地方标准只能更严，或补充国家没有规定的项目。请核对，或删去这一行。") % {
                "value": limit["value"], "unit": limit["unit"], "basis": other.basis, "place": place,
                "national": limitwords.bound(other, unit=True),
            }  # fmt: skip
            return


def _same_place(limit: Mapping[str, Any], other: Limit) -> bool:
    same_use = not limit["use"] or not other.uses or bool(set(limit["use"]) & set(other.uses))
    return same_use and (limit["ph"] is None or other.ph is None or _overlap(interval(limit["ph"]), other.ph))


def interval(band: Mapping[str, str]) -> Interval:
    """A band as an interval."""
    return intervals.read(band, "pH")


def _overlap(one: Interval, other: Interval) -> bool:
    """Whether two bands that are open below and closed above share a number."""
    low = max((bound for bound in (one.low, other.low) if bound is not None), default=None)
    high = min((bound for bound in (one.high, other.high) if bound is not None), default=None)
    return low is None or high is None or low < high


def _open_bands(rows: Sequence[ReadRow]) -> dict[tuple[str, str], str]:
    """Analytes and levels whose pH bands leave a gap or overlap."""
    found: dict[tuple[str, str], dict[str, list[Interval]]] = {}
    for row in rows:
        if row.limit is None:
            continue
        key = (row.limit["analyte"], row.limit["level"])
        for use in row.limit["use"] or [""]:
            band = interval(row.limit["ph"]) if row.limit["ph"] else intervals.EVERYTHING
            found.setdefault(key, {}).setdefault(use, []).append(band)
    said = _("该项目、级别的 pH 档有空缺或重叠：应从“≤…”到“>…”首尾相接，覆盖全部 pH。")
    return {
        key: said for key, by_use in found.items() if any(intervals.cover_everything(some) for some in by_use.values())
    }


def _edition(head: Mapping[str, str], nation: Edition, rows: Sequence[ReadRow]) -> dict[str, Any]:
    """The edition as the strict loader reads it."""
    plain = "".join(sign for sign in head["standard"].lower() if sign.isalnum() or sign == "-")
    return {
        "standard": head["standard"],
        "id": f"{plain}-{head['division']}",
        "family": nation.family,
        "title": {"zh": head["title"], "en": head.get("title_en") or head["title"]},
        "medium": str(nation.medium),
        "since": head["since"],
        "until": head.get("until") or None,
        "levels": list(nation.levels),
        "use_kind": str(nation.use_kind),
        "uses": "crops" if nation.use_kind is UseKind.CROP else {key: _of_use(use) for key, use in nation.uses.items()},
        "exceeded_when": "gt",
        "unit": nation.unit.symbol,
        "keyed_by": head["keyed_by"],
        "checked_by": None,
        "clauses": {},
        "limits": [
            {key: value for key, value in (row.limit or {}).items() if value not in (None, "", [])} for row in rows
        ],
        "division": head["division"],
        "authority": head["authority"],
        "note": "",
    }


def _of_use(use: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"zh": use.zh, "en": use.en}
    return found | ({"stricter_of": list(use.stricter_of)} if use.stricter_of else {})


def _day(text: str) -> date | None:
    """A day as written, or as the number Excel keeps for one."""
    if match := _DAY.fullmatch(text.partition(" ")[0] if text[:4].isdigit() and " " in text else text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    plain = text.removesuffix(".0")
    return _EXCEL_ZERO + timedelta(days=int(plain)) if plain.isdecimal() and 30_000 < int(plain) < 80_000 else None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
