"""The report of an inspection as a Word file: the firm, the facilities, what was answered, the hazards with photographs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.shared import Mm

from soildesk.core import files
from soildesk.enterprises.models import Hazard, Inspection, InspectionAnswer
from soildesk.enterprises.plantwords import edition_name, item_name, kind_name
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.queries.hazards import facility_names
from soildesk.enterprises.queries.inspections import Sheet, sheets
from soildesk.enterprises.sentences import said
from soildesk.kit import word
from soildesk.kit.word import WordColumn
from soilrules.enterprises.inspection import items_for

C = WordColumn
PAIR = (C("", 24), C("", 76))
PLACES = (
    C("设施", 26),
    C("类型", 20),
    C("所在区域", 16),
    C("检查项", 10, True),
    C("符合", 9, True),
    C("隐患", 9, True),
    C("不涉及", 10, True),
)
HAZARDS = (C("编号", 18), C("设施", 16), C("隐患点", 24), C("整改建议", 18), C("整改情况", 16), C("状态", 8, True))
MOST_PHOTOS = 40
NONE = "—"
Answer = InspectionAnswer.Answer


def docx(inspection: Inspection, on: date) -> bytes:
    """The report as .docx, A4."""
    document = word.a4()
    firm = names_of([inspection.enterprise_id], on).get(inspection.enterprise_id, "")
    lists = sheets(inspection, on)
    hazards = list(inspection.hazards.exclude(state=Hazard.State.DROPPED).order_by("number"))
    word.paragraph(document, f"{firm}土壤和地下水污染隐患排查报告", word.TITLE)
    word.paragraph(document, f"{inspection.number}　数据截至 {on.year}年{on.month}月{on.day}日", word.SUBTITLE)
    _basics(document, inspection, firm, lists)
    _places(document, lists)
    _hazards(document, hazards)
    _photos(document, hazards)
    _conclusion(document, inspection, lists, hazards)
    return word.saved(document)


def _basics(document: Document, inspection: Inspection, firm: str, lists: Sequence[Sheet]) -> None:
    word.paragraph(document, "一、概况与依据", word.HEADING)
    note = said(items_for(lists[0].version.kind, inspection.began_on).message) if lists else ""
    rows = [
        ("企业", firm),
        ("排查缘由", str(inspection.get_cause_display())),
        ("排查单位", inspection.inspector or "企业自查"),
        ("起止", f"{inspection.began_on} 至 {inspection.finished_on or '（进行中）'}"),
        ("依据版本", edition_name(inspection.edition)),
        ("版本说明", note or NONE),
    ]
    word.table(document, PAIR, rows)


def _places(document: Document, lists: Sequence[Sheet]) -> None:
    word.paragraph(document, "二、重点场所和设施设备及排查结果", word.HEADING)
    word.table(document, PLACES, [_place_row(one) for one in lists])


def _place_row(one: Sheet) -> list[str]:
    given = [answer.answer for answer in one.answers.values()]
    counts = [str(given.count(each)) for each in (Answer.FINE, Answer.HAZARD, Answer.NOT_APPLICABLE)]
    asked = str(len(one.items)) if one.is_done else f"{len(one.items)}（未答 {one.left}）"
    return [one.version.name, kind_name(one.version.kind), one.version.area_name or NONE, asked, *counts]


def _hazards(document: Document, hazards: Sequence[Hazard]) -> None:
    word.paragraph(document, "三、隐患台账", word.HEADING)
    if not hazards:
        word.paragraph(document, "本次排查没有发现隐患。")
        return
    places = facility_names([one.facility_id for one in hazards])
    word.table(document, HAZARDS, [_hazard_row(one, places.get(one.facility_id or 0)) for one in hazards])


def _hazard_row(one: Hazard, place: Any) -> list[str]:
    done = f"{one.measure}（{one.rectified_on}，{one.responsible}）" if one.rectified_on else NONE
    what = f"{one.what}\n{item_name(one.item)}" if one.item else one.what
    return [one.number, place.name if place else NONE, what, one.suggestion or NONE, done, str(one.get_state_display())]


def _photos(document: Document, hazards: Sequence[Hazard]) -> None:
    """Photographs before and after, the first of them."""
    held = files.uses_of_many(hazards)
    shown = [(one, use) for one in hazards for use in held[one.pk]][:MOST_PHOTOS]
    if not shown:
        return
    word.paragraph(document, "四、现场照片", word.HEADING)
    for one, use in shown:
        kind = "整改前" if use.kind == "before" else "整改后"
        word.paragraph(document, f"{one.number} {kind}：{one.what}", word.NOTE)
        document.add_picture(BytesIO(files.read(use)), width=Mm(90))


def _conclusion(document: Document, inspection: Inspection, lists: Sequence[Sheet], hazards: Sequence[Hazard]) -> None:
    word.paragraph(document, "五、结论与说明", word.HEADING)
    verified = sum(one.state == Hazard.State.VERIFIED for one in hazards)
    done = sum(one.is_done for one in lists)
    word.paragraph(
        document,
        f"共有重点场所和设施设备 {len(lists)} 处，排查完 {done} 处；发现隐患 {len(hazards)} 处，已整改并验收 {verified} 处。",
    )
    if inspection.left_out:
        word.paragraph(document, f"未排查：{inspection.left_out}")
    word.paragraph(document, "检查内容为依据版本的作业清单，以印发的指南原文为准。", word.NOTE)
