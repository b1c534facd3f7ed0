"""Tables of firms as cities and permit platforms send them: which columns they have, which rows are ours, which firm each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.sandbox import sheets_in_child
from soildesk.enterprises.firmwords import names_of
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.queries.firms import places_around
from soildesk.enterprises.refusals import FirmRefused
from soildesk.enterprises.sentences import language
from soildesk.enterprises.services import firms
from soildesk.kit.gis.understanding import plain
from soildesk.kit.imports import ImportRefused, MappingLine
from soilrules.plantext.formats import UnreadableFile

HEADER_WITHIN = 10
"""Rows in which the heading of a table is looked for."""
TITLES: Mapping[str, Any] = {
    "name": _l("单位名称"),
    "credit_code": _l("统一社会信用代码"),
    "industry": _l("行业代码"),
    "division": _l("行政区域"),
    "category": _l("类别"),
    "reason": _l("列入原因"),
    "address": _l("地址"),
    "permit_number": _l("排污许可证编号"),
    "permit_level": _l("排污许可管理类别"),
}
HEADINGS: Mapping[str, Sequence[str]] = {
    "name": ("单位名称", "企业名称", "企业详细名称", "重点单位名称", "排污单位名称", "名称", "企业", "单位", "公司名称"),
    "credit_code": ("统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一社会信用代码/组织机构代码", "组织机构代码"),
    "industry": ("行业代码", "行业类别代码", "行业类别", "行业", "所属行业", "国民经济行业类别", "行业小类"),
    "division": ("行政区域", "行政区划", "所在县区", "县区", "县(市、区)", "县（市、区）", "区县", "所属区县", "所在区县", "所在地", "属地", "区域", "乡镇(街道)"),
    "category": ("类别", "名录类别", "重点单位类别", "单位类别", "监管类别", "环境要素"),
    "reason": ("列入原因", "列入依据", "纳入原因", "筛选条件", "原因"),
    "address": ("地址", "生产经营场所地址", "详细地址", "经营地址", "单位地址"),
    "permit_number": ("排污许可证编号", "许可证编号", "排污许可证号"),
    "permit_level": ("排污许可管理类别", "管理类别", "许可管理类别", "管理级别"),
}  # fmt: skip
_KNOWN = {plain(heading): key for key, headings in HEADINGS.items() for heading in headings}
TOTALS = ("合计", "总计", "小计", "备注", "说明", "注：", "注:")


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a table, as it stands there."""

    position: int
    raw: Mapping[str, str]
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FirmTable:
    """A table of firms."""

    columns: Sequence[MappingLine]
    rows: Sequence[Told]
    notes: Sequence[str]
    keys: frozenset[str]


def read(data: bytes, name: str) -> FirmTable:
    """The sheet with the most headings known; refused where none names firms."""
    try:
        sheets = sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence(language()), code="kit.import.unreadable") from error
    best: tuple[int, Any, int, dict[int, str], dict[int, str]] | None = None
    for sheet in sheets:
        rows = [(row.number, {cell.column: cell.text.strip() for cell in row.cells}) for row in sheet.rows]
        for at, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
            mapping = _mapped(cells)
            if "name" in mapping.values() and (best is None or len(mapping) > best[0]):
                best = (len(mapping), sheet, at, mapping, {n: text for n, text in cells.items() if text})
    if best is None:
        raise ImportRefused(
            _("“%(name)s”里没有找到企业名称一列：前 %(most)d 行内应有“单位名称”或“企业名称”这样的表头。")
            % {"name": name, "most": HEADER_WITHIN},
            code="kit.import.no_columns",
        )
    _count, sheet, at, mapping, header = best
    notes = [_("读取的是工作表“%(name)s”，其余工作表没有读取。") % {"name": sheet.name}] if len(sheets) > 1 else []
    if "credit_code" not in mapping.values():
        notes.append(_("文件里没有统一社会信用代码：只能按名称对应已登记的企业。"))
    columns = [MappingLine(title, TITLES.get(mapping.get(n, ""), "")) for n, title in header.items()]
    return FirmTable(columns, list(_rows(sheet, at, mapping, header)), notes, frozenset(mapping.values()))


def _mapped(cells: Mapping[int, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, text in cells.items():
        key = _KNOWN.get(plain(text), "")
        if key and key not in found.values():
            found[at] = key
    return found


def _rows(sheet: Any, at: int, mapping: Mapping[int, str], header: Mapping[int, str]) -> Iterator[Told]:
    for row in sheet.rows[at + 1 :]:
        cells = {cell.column: cell.text.strip() for cell in row.cells if cell.text.strip()}
        said = {mapping[n]: text for n, text in cells.items() if n in mapping}
        first = next(iter(cells.values()), "")
        if (said.get("name") or said.get("credit_code")) and not first.startswith(TOTALS):
            yield Told(row.number, {header.get(n, str(n)): text for n, text in cells.items()}, said)


@dataclass
class Known:
    """The firms of a place by code and by name, and the names of its divisions and of others."""

    by_code: dict[str, EnterpriseVersion] = field(default_factory=dict)
    by_name: dict[str, EnterpriseVersion] = field(default_factory=dict)
    ours: list[tuple[str, str]] = field(default_factory=list)  # name and path, towns first
    others: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, path: str) -> Known:
        """What stands in a place."""
        made = cls()
        rows = EnterpriseVersion.objects.filter(superseded_at=None, until=None, division_path__startswith=path)
        for firm in rows.select_related("enterprise").order_by("since"):
            made.by_name[firm.name] = firm
            if firm.credit_code:
                made.by_code[firm.credit_code] = firm
        made.ours, made.others = places_around(path)
        return made

    def place_of(self, text: str) -> str | None:
        """The path a text names: ours, empty for an other place, None where nobody knows."""
        if not text:
            return None
        for name, path in self.ours:
            if name in text:
                return path
        return "" if any(name in text for name in self.others) else None


@dataclass(frozen=True, slots=True)
class Matched:
    """Which firm a row means. `elsewhere`: a row of another place. `refused` says why nothing can be said."""

    firm: EnterpriseVersion | None = None
    code: str = ""
    name: str = ""
    path: str = ""
    elsewhere: str = ""
    refused: str = ""
    notes: tuple[str, ...] = ()


def match(row: Told, known: Known) -> Matched:
    """Which firm a row means: by its code, then by its name."""
    name, place = firms.plain_name(row.said.get("name", "")), row.said.get("division", "")
    path = known.place_of(place)
    if path == "":
        return Matched(elsewhere=place, name=name)
    try:
        code = firms.valid_code(row.said.get("credit_code", ""))
    except FirmRefused as refusal:
        return Matched(refused=str(refusal), name=name, firm=known.by_name.get(name))
    firm = known.by_code.get(code)
    said = Matched(firm, code, name, path or "")
    if firm is not None:
        return _of_code(said, firm)
    return _of_name(said, known.by_name.get(name), place)


def _of_code(said: Matched, firm: EnterpriseVersion) -> Matched:
    names = {"code": said.code, "held": firm.name, "new": said.name}
    if not said.name or said.name == firm.name:
        return said
    if said.name in names_of(firm):
        note = _("文件用的是曾用名“%(new)s”，现名“%(held)s”。") % names
        return Matched(firm, said.code, firm.name, said.path, notes=(note,))
    told = _("代码 %(code)s 登记的是“%(held)s”，这里写作“%(new)s”：请先核对，确已更名的先在该企业办理变更。") % names
    return Matched(firm, said.code, said.name, said.path, refused=told)


def _of_name(said: Matched, firm: EnterpriseVersion | None, place: str) -> Matched:
    if firm is None:
        return _new(said, place)
    if not said.code:
        note = _("文件没有代码，按名称对应 %(number)s。") % {"number": firm.enterprise.number}
        return Matched(firm, firm.credit_code, firm.name, said.path, notes=(note,))
    told = _("“%(name)s”登记的代码是 %(held)s，这里是 %(code)s：请照营业执照核对，写错的先更正。") % {
        "name": said.name,
        "held": firm.credit_code or _("无"),
        "code": said.code,
    }
    return Matched(firm, said.code, said.name, said.path, refused=told)


def _new(said: Matched, place: str) -> Matched:
    if not said.code:
        told = _("没有登记过“%(name)s”，文件也没有代码：请补上统一社会信用代码。") % {"name": said.name}
        return Matched(name=said.name, refused=told)
    if not said.name:
        return Matched(
            code=said.code, refused=_("没有登记过代码 %(code)s，文件也没有名称：请补上名称。") % {"code": said.code}
        )
    if place and not said.path:
        told = _("行政区域“%(place)s”不认识，这家企业也没有登记过：请写明县（区）或乡镇（街道）。") % {"place": place}
        return Matched(code=said.code, name=said.name, refused=told)
    return said
