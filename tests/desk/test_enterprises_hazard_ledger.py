"""The ledger of hazards a plant keeps as a table: taken into an inspection row by row, all of it or nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.test import Client

from desk.plant_world import AT, Plant
from soildesk.core import files
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.enterprises.models import Hazard, Inspection
from soildesk.enterprises.refusals import HazardRefused
from soildesk.enterprises.services import hazards
from soildesk.kit import imports
from soildesk.kit.imports import ImportBatch, ImportRefused, Purpose

pytestmark = pytest.mark.store
HEAD = (
    "序号",
    "重点场所或者重点设施设备",
    "现场图片",
    "隐患点",
    "整改建议",
    "排查日期",
    "整改时限",
    "整改措施",
    "整改完成时间",
    "责任人",
)
OPEN = ("1", "1#废水调节池", "图1", "池壁渗漏", "修补", "2026-11-11", "2026-12-01", "", "", "")
CLOSED = ("2", "T-1", "", "罐区围堰破损", "", "2026-11-12", "", "重砌围堰", "2026-11-18", "王工")


TITLE = "青禾电镀有限公司土壤污染隐患排查台账"


def book(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD, title: str = TITLE) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("台账")
        sheet.write(0, 0, title)
        for at, row in enumerate([head, *rows], start=1):
            sheet.write_row(at, 0, row)
    return out.getvalue()


@pytest.fixture
def plant(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plant:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plant(world)


def look(plant: Plant, walk: Inspection, data: bytes, who: str = "officer", name: str = "台账.xlsx") -> ImportBatch:
    purpose = Purpose(plant.world.actor(who), AT, {"inspection": str(walk.uid)})
    return imports.preview(imports.kind_called("enterprises.hazards"), data, name, purpose)


def take(plant: Plant, walk: Inspection, data: bytes, who: str = "officer") -> ImportBatch:
    batch = look(plant, walk, data, who)
    return imports.accept(batch, Purpose(plant.world.actor(who), AT, {"inspection": str(walk.uid)}))


def verdicts(batch: ImportBatch) -> list[str]:
    return [row.verdict for row in batch.rows.order_by("position")]


def test_rows_become_hazards_and_what_was_put_right_waits_for_another(plant: Plant) -> None:
    walk = plant.inspection()
    batch = take(plant, walk, book([OPEN, CLOSED, ("合计", "", "", "2 处", "", "", "", "", "", "")]))
    assert batch.counts["ok"] == 2
    first, second = Hazard.objects.order_by("pk")
    assert (first.state, first.what, first.facility, first.found_on, first.due) == (
        "found", "池壁渗漏", plant.pool.facility, date(2026, 11, 11), date(2026, 12, 1),
    )  # fmt: skip
    assert (second.state, second.facility, second.rectified_on, second.responsible) == (
        "rectified", plant.tank.facility, date(2026, 11, 18), "王工",
    )  # fmt: skip
    note = second.acts.get(kind="rectified").note
    assert "没有整改后照片" in note and "重砌围堰" in note
    assert [use.kind for use in files.uses_of(walk)] == ["ledger"]
    assert Duty.objects.filter(title__contains="验收隐患整改", done_on=None).count() == 1
    with pytest.raises(HazardRefused):
        hazards.verify(second, "现场核实", plant.done("officer"))
    assert hazards.verify(second, "现场核实", plant.done("issuer")).state == "verified"
    entry = AuditEntry.objects.get(act="enterprises.inspection.ledger_taken")
    assert (entry.data["found"], entry.data["rectified"]) == (2, 1)


def test_one_wrong_row_and_nothing_is_written(plant: Plant) -> None:
    walk = plant.inspection()
    batch = look(plant, walk, book([OPEN, ("2", "没有的池子", "", "渗漏")]))
    assert verdicts(batch) == ["ok", "refused"]
    purpose = Purpose(plant.world.actor("officer"), AT, {"inspection": str(walk.uid)})
    with pytest.raises(ImportRefused, match="没有可写入的内容"):
        imports.accept(batch, purpose)
    assert not Hazard.objects.exists() and not files.uses_of(walk).exists()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("1", "没有的池子", "", "渗漏"), "请先登记或导入这处设施"),
        (("1", "", "", "渗漏"), "没有写重点场所"),
        (("1", "W-1", "图1", "", "修补"), "没有写隐患点"),
        (("1", "W-1", "", "渗漏", "", "2026-11-09"), "不在排查开始日期 2026-11-10 至今天 2026-11-20 之间"),
        (("1", "W-1", "", "渗漏", "", "2026-11-21"), "不在排查开始日期"),
        (("1", "W-1", "", "渗漏", "", "十一月初"), "发现日期“十一月初”"),
        (("1", "W-1", "", "渗漏", "", "2026-11-12", "2026-11-11"), "早于发现日期"),
        (("1", "W-1", "", "渗漏", "", "", "", "", "2026-11-15", "王工"), "没有整改措施"),
        (("1", "W-1", "", "渗漏", "", "", "", "修补", "2026-11-15", ""), "没有责任人"),
        (("1", "W-1", "", "渗漏", "", "2026-11-14", "", "修补", "2026-11-13", "王工"), "整改完成时间 2026-11-13 不在"),
        (("1", "W-1", "", "渗漏", "", "", "", "修补", "2026-11-21", "王工"), "整改完成时间 2026-11-21 不在"),
        (("YH-990101-2020-00001-2026-009", "W-1", "", "渗漏"), "不是排查"),
    ],
)
def test_a_row_that_cannot_be_so_says_why(plant: Plant, row: Sequence[str], told: str) -> None:
    (found,) = look(plant, plant.inspection(), book([row])).rows.all()
    assert found.verdict == "refused" and told in found.messages[0], found.messages


def test_the_same_hazard_twice_in_a_file_is_told(plant: Plant) -> None:
    batch = look(plant, plant.inspection(), book([OPEN, ("7", *OPEN[1:])]))
    assert verdicts(batch) == ["ok", "refused"]
    assert "与第 3 行是同一处隐患" in batch.rows.last().messages[0]


def test_two_facilities_of_one_name_ask_for_a_number(plant: Plant) -> None:
    plant.facility("1#废水调节池", "pool", code="W-9")
    (found,) = look(plant, plant.inspection(), book([OPEN])).rows.all()
    assert found.verdict == "refused" and "2 处设施同名" in found.messages[0]


def test_the_ledger_sent_again_adds_what_is_new(plant: Plant) -> None:
    walk = plant.inspection()
    take(plant, walk, book([OPEN]))
    again = look(plant, walk, book([(*OPEN[:7], "修补防渗层", "2026-11-19", "李工"), CLOSED]), name="台账2.xlsx")
    shown = again.rows.order_by("position").first()
    assert shown.before == {"state": "待整改"} and shown.after["state"] == "待验收"
    imports.accept(again, Purpose(plant.world.actor("officer"), AT, {"inspection": str(walk.uid)}))
    assert list(Hazard.objects.order_by("pk").values_list("state", flat=True)) == ["rectified", "rectified"]
    third = look(plant, walk, book([(*OPEN[:7], "修补", "2026-11-18", "李工")]), name="台账3.xlsx")
    assert verdicts(third) == ["refused"] and "已登记 2026-11-19 整改完成" in third.rows.get().messages[0]
    fourth = look(plant, walk, book([OPEN], title=f"{TITLE}(重发)"), name="台账4.xlsx")
    assert fourth.counts["unchanged"] == 1


def test_the_form_comes_back_filled_in(plant: Plant) -> None:
    """The table of an inspection, finished or not, is filled in with what was put right and taken in again."""
    walk = plant.inspection()
    hazard = plant.hazard(walk)
    plant.fine(walk, plant.tank)
    Inspection.objects.filter(pk=walk.pk).update(state="finished", finished_on=date(2026, 11, 15))
    client = Client()
    client.force_login(plant.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    got = client.get(f"/enterprises/inspections/{walk.uid}/ledger-form.xlsx")
    workbook = openpyxl.load_workbook(io.BytesIO(got.content))
    named = {row[0].value for row in workbook["设施"].iter_rows()}
    assert {"硫酸埋地储罐", "1#废水调节池"} <= named
    sheet = workbook["隐患台账"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    columns = {cell.value: cell.column for cell in head}
    line = head[0].row + 1
    assert sheet.cell(line, columns["序号"]).value == hazard.number
    for name, value in (("整改措施", "已修补"), ("整改完成时间", "2026-11-18"), ("责任人", "李工")):
        sheet.cell(line, columns[name]).value = value
    sheet.cell(line + 1, columns["重点场所或者重点设施设备"]).value = "W-1"
    sheet.cell(line + 1, columns["隐患点"]).value = "新的隐患"
    out = io.BytesIO()
    workbook.save(out)
    batch = look(plant, walk, out.getvalue())
    assert verdicts(batch) == ["ok", "refused"]
    assert "不能再加隐患" in batch.rows.order_by("position").last().messages[0]
    sheet.cell(line + 1, columns["重点场所或者重点设施设备"]).value = None
    sheet.cell(line + 1, columns["隐患点"]).value = None
    out = io.BytesIO()
    workbook.save(out)
    take(plant, walk, out.getvalue(), who="firm")
    hazard.refresh_from_db()
    assert (hazard.state, hazard.measure) == ("rectified", "已修补")


def test_a_number_of_another_hazard_is_not_taken_for_this_one(plant: Plant) -> None:
    walk = plant.inspection()
    hazard = plant.hazard(walk)
    (found,) = look(plant, walk, book([(hazard.number, "W-1", "", "别的隐患")])).rows.all()
    assert found.verdict == "refused" and "请核对编号" in found.messages[0]


def test_who_may_not_inspect_takes_nothing_in(plant: Plant) -> None:
    walk = plant.inspection()
    Plant(plant.world, "另一家有限公司", "other_firm", 701)
    with pytest.raises((NotAllowed, ImportRefused)):
        look(plant, walk, book([OPEN]), who="other_firm")
    with pytest.raises((NotAllowed, ImportRefused)):
        look(plant, walk, book([OPEN]), who="stranger")
    with pytest.raises(NotAllowed):
        look(plant, walk, book([OPEN]), who="reader")


def test_a_table_that_is_no_ledger_says_what_is_looked_for(plant: Plant) -> None:
    with pytest.raises(ImportRefused, match="隐患点"):
        look(plant, plant.inspection(), book([("1", "2")], head=("名称", "数量")))
