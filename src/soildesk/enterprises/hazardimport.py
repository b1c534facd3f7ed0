"""The ledger of hazards a plant keeps as an Excel table, taken into an inspection: every row's fate first, then all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.core.sandbox import sheets_in_child
from soildesk.enterprises.listsheets import HEADER_WITHIN, TOTALS
from soildesk.enterprises.models import Hazard, Inspection
from soildesk.enterprises.refusals import HazardRefused
from soildesk.enterprises.sentences import language
from soildesk.enterprises.services import hazardledger
from soildesk.enterprises.services.hazardledger import LedgerRow, Meant
from soildesk.enterprises.services.plantside import INSPECT, Done, Photo, require_seen
from soildesk.kit.faces import Entry
from soildesk.kit.gis import values
from soildesk.kit.gis.understanding import plain
from soildesk.kit.imports import (
    ImportBatch,
    ImportKind,
    ImportRefused,
    ImportRow,
    MappingLine,
    Purpose,
    RowFate,
    Understood,
    Verdict,
    add,
)
from soilrules.plantext.formats import UnreadableFile

SAID = "_said"
ENTRIES = (
    Entry("number", _l("序号"), names=["编号", "隐患编号"], longest=40),
    Entry("facility", _l("重点场所或者重点设施设备"), longest=120,
          names=["重点场所或重点设施设备", "重点场所", "重点设施设备", "重点场所/设施设备", "设施名称", "场所设施", "设施编号"]),
    Entry("what", _l("隐患点"), names=["隐患", "隐患描述", "隐患内容", "隐患情况", "存在的隐患", "问题描述"], longest=300),
    Entry("suggestion", _l("整改建议"), names=["建议", "整改要求"], longest=300),
    Entry("found_on", _l("发现日期"), "date", names=["排查日期", "排查时间", "发现时间"]),
    Entry("due", _l("整改时限"), "date", names=["整改期限", "完成时限", "限期", "计划完成时间"]),
    Entry("measure", _l("整改措施"), names=["整改情况", "整改方案", "整改内容"], longest=500),
    Entry("rectified_on", _l("整改完成时间"), "date", names=["整改完成日期", "完成时间", "完成日期"]),
    Entry("responsible", _l("责任人"), names=["整改责任人", "负责人", "整改负责人"], longest=60),
)  # fmt: skip
BY_KEY = {entry.key: entry for entry in ENTRIES}
NEEDED = frozenset({"what", "facility"})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: where it stands, what is in it, and under which entry."""

    position: int
    raw: Mapping[str, str]
    said: Mapping[str, str]


def inspection_of(actor: Actor, given: Mapping[str, str]) -> Inspection:
    """The inspection a ledger is taken into."""
    uid = given.get("inspection", "")
    is_uid = len(uid) == 36 and not set(uid) - set("0123456789abcdef-")
    found = Inspection.objects.visible_to(actor).filter(uid=uid).first() if is_uid else None
    if found is None:
        raise ImportRefused(_("没有指明是哪一次排查：请从排查的页面进入。"), code="kit.import.unknown")
    require_seen(actor, INSPECT, found)
    return found


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a table would do to its inspection."""
    inspection = inspection_of(purpose.actor, purpose.given)
    header, mapping, lines = _table(data, name)
    columns = [MappingLine(title, BY_KEY[mapping[at]].title if at in mapping else "") for at, title in header.items()]
    notes = [
        _("登记到排查 %(number)s。") % {"number": inspection.number},
        _("有整改完成时间的，登记为待验收：台账里的验收和照片不采用，由另一人核实后在系统验收。"),
        _("有一行不能导入，就一行也不写入：请改好文件再来。"),
    ]
    return Understood(columns, list(_fates(inspection, lines, purpose)), notes)


def _table(data: bytes, name: str) -> tuple[dict[int, str], dict[int, str], list[Line]]:
    """The heading, which of its columns are known, and the rows below; of the sheet that is understood best."""
    try:
        sheets = sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence(language()), code="kit.import.unreadable") from error
    best: tuple[dict[int, str], dict[int, str], list[Line]] = ({}, {}, [])
    for sheet in sheets:
        rows = [(row.number, {cell.column: cell.text.strip() for cell in row.cells}) for row in sheet.rows]
        for at, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
            mapping = _mapped(cells)
            if len(mapping) > len(best[1]):
                header = {n: text for n, text in cells.items() if text}
                best = (header, mapping, list(_lines(rows[at + 1 :], header, mapping)))
    if "what" not in best[1].values():
        raise ImportRefused(
            _("“%(name)s”里没有找到隐患点一列：前 %(most)d 行内应有“隐患点”这样的表头。请下载台账表格，或把表头改成这些名称：%(known)s。")
            % {"name": name, "most": HEADER_WITHIN, "known": "、".join(str(entry.title) for entry in ENTRIES)},
            code="kit.import.no_columns",
        )  # fmt: skip
    return best


def _mapped(cells: Mapping[int, str]) -> dict[int, str]:
    known = {plain(str(name)): entry.key for entry in ENTRIES for name in (entry.title, *entry.names)}
    found: dict[int, str] = {}
    for at, text in cells.items():
        key = known.get(plain(text), "")
        if key and key not in found.values():
            found[at] = key
    return found


def _lines(
    rows: Sequence[tuple[int, Mapping[int, str]]], header: Mapping[int, str], mapping: Mapping[int, str]
) -> Iterator[Line]:
    for number, cells in rows:
        filled = {at: text for at, text in cells.items() if text}
        said = {mapping[at]: text for at, text in filled.items() if at in mapping}
        is_foot = next(iter(filled.values()), "").startswith(TOTALS) and not said.keys() >= NEEDED
        if said.keys() - {"number"} and not is_foot:
            yield Line(number, {header.get(at, str(at)): text for at, text in filled.items()}, said)


def _fates(inspection: Inspection, lines: Sequence[Line], purpose: Purpose) -> Iterator[RowFate]:
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        try:
            row = _row(line.said)
            first = seen.setdefault(_about(row), line.position)
            if first != line.position:
                raise HazardRefused(
                    _("与第 %(n)s 行是同一处隐患：一处隐患在一个文件里只能出现一次。") % {"n": first},
                    code="enterprises.hazard.twice",
                )
            yield _fate(line, hazardledger.understand(inspection, row, Done(purpose.actor, purpose.at)))
        except (HazardRefused, values.BadValue) as refusal:
            yield RowFate(line.position, line.raw, Verdict.REFUSED, [str(refusal)])


def _about(row: LedgerRow) -> tuple[str, ...]:
    """What makes two rows the same hazard."""
    return (row.number,) if row.number.upper().startswith("YH-") else (row.facility, row.what)


def _row(said: Mapping[str, str]) -> LedgerRow:
    found: dict[str, Any] = {}
    for key, text in said.items():
        try:
            value = values.clean(BY_KEY[key], text)
        except values.BadValue as bad:
            told = {"title": BY_KEY[key].title, "value": text[:40], "why": bad}
            raise values.BadValue(_("%(title)s“%(value)s”：%(why)s") % told) from bad
        if value is not None:
            found[key] = value
    return LedgerRow(**found)


def _fate(line: Line, meant: Meant) -> RowFate:
    row, held = meant.row, meant.hazard
    raw = {**line.raw, SAID: {key: str(getattr(row, key)) for key in line.said if getattr(row, key)}}
    state = Hazard.State.RECTIFIED if meant.rectifies else Hazard.State.FOUND
    after = {"state": str(state.label)}
    if meant.rectifies:
        after |= {"measure": row.measure, "rectified_on": str(row.rectified_on), "responsible": row.responsible}
    if held is None:
        place = meant.version.name if meant.version else ""
        told = {"facility": place, "what": row.what, "suggestion": row.suggestion, "found_on": str(meant.found_on)}
        if row.due:
            told["due"] = str(row.due)
        return RowFate(
            line.position,
            raw,
            Verdict.OK,
            _doubts(row),
            None,
            {key: text for key, text in (told | after).items() if text},
        )
    before = {"state": str(held.get_state_display())}
    said = [_("已登记为 %(number)s。") % {"number": held.number}]
    return RowFate(line.position, raw, Verdict.OK, said, before, before if meant.nothing_new else after)


def _doubts(row: LedgerRow) -> list[str]:
    if row.measure and row.rectified_on is None:
        return [_("没有整改完成时间，按待整改登记。")]
    return []


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Do what the preview showed."""
    batch = purpose.batch
    assert batch is not None and batch.file is not None
    inspection = inspection_of(purpose.actor, purpose.given)
    held = [_stored(row.raw[SAID]) for row in batch.rows.order_by("position")]
    book = Photo(batch.file_name, files.read(batch.file))
    try:
        taken = hazardledger.take_in(inspection, held, book, Done(purpose.actor, purpose.at))
    except HazardRefused as refusal:
        raise ImportRefused(_("%(why)s 整个文件都没有写入。") % {"why": refusal}, code="kit.import.row") from refusal
    return {"found": taken.found, "rectified": taken.rectified, "known": taken.known}


def _stored(said: Mapping[str, str]) -> LedgerRow:
    return LedgerRow(
        **{key: date.fromisoformat(text) if BY_KEY[key].kind == "date" else text for key, text in said.items()}
    )


def _writes(batch: ImportBatch) -> int:
    """How many rows would be written: none while one is refused."""
    if batch.counts.get("refused"):
        return 0
    return sum(row.before != row.after for row in batch.rows.all())


def _done(batch: ImportBatch) -> str:
    return reverse("kit:record", args=["inspections", batch.context["inspection"]])


def _template(given: Mapping[str, str]) -> str:
    return reverse("enterprises:inspection_ledger_form", args=[given["inspection"]])


KIND = add(
    ImportKind(
        name="enterprises.hazards",
        title=_l("隐患排查台账"),
        permission=INSPECT,
        read=read,
        apply=apply,
        names={
            **{entry.key: entry.title for entry in ENTRIES},
            "state": _l("状态"),
            "found": _l("列入隐患台账"),
            "rectified": _l("登记整改"),
            "known": _l("已经登记"),
        },
        accepts=(".xlsx", ".xls"),
        hint=_l("企业的隐患排查台账：认得“重点场所或者重点设施设备”“隐患点”“整改完成时间”等表头；设施按名称或编号对应已登记的设施。"),
        template_url=_template,
        subject=inspection_of,
        done_url=_done,
        writes=_writes,
    )
)  # fmt: skip
