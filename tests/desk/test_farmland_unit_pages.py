"""The desk's pages of units, households and classes; tables and maps taken in; units proposed from parcels."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk import farmland_world, land_world
from desk.conftest import kept, made_world
from desk.land_world import square
from soildesk.farmland.models import UnitVersion
from soildesk.farmland.mu import to_m2, to_mu
from soildesk.farmland.queries import classes, units
from soildesk.farmland.queries.fromparcels import Asked, proposed
from soildesk.farmland.services import approvals, households
from soildesk.farmland.services.approved import Approved
from soildesk.kit import imports
from soildesk.land.queries.ground import known_ground
from soildesk.land.services.writing import Place

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CUT = date(2025, 3, 1)


@pytest.fixture(autouse=True)
def home() -> None:
    """The files of the one world stay where they are."""


@pytest.fixture(scope="module")
def farm(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One farming county for all tests of this file; each undoes what it did."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("farmland")):
        yield farmland_world.county(made_world())


def officer(farm: Any) -> Any:
    return farm.world.actor("officer")


def browser(farm: Any, who: str = "officer") -> Client:
    """Somebody of the county at a browser."""
    return farm.world.browser(who)


def page(client: Client, url: str, **data: Any) -> str:
    """A page that must come."""
    answer = client.post(url, data, follow=True) if data else client.get(url)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def test_the_page_of_a_unit_says_its_class_and_why(farm: Any) -> None:
    unit = farm.units["strict_1"]
    households.enter(unit, {"head": "王某某", "area_m2": "5000", "since": date(2022, 1, 1)}, by=officer(farm), at=NOW)
    shown = page(browser(farm), f"/kit/r/farmland_units/{unit.uid}")
    for word in ("严格管控类", "镉、砷", "示政函〔2021〕66号", "示例省人民政府", "王某某", "7.50"):
        assert word in shown
    outside = page(browser(farm, "reader"), f"/kit/r/farmland_units/{unit.uid}")
    assert "登记了 1 户" in outside
    assert "王某某" not in outside
    assert "无现行类别" in page(browser(farm), f"/kit/r/farmland_units/{farm.units['bare_1'].uid}")


def test_the_list_of_a_day_and_the_overview_agree(farm: Any) -> None:
    client = browser(farm)
    assert "优先保护类" in page(client, "/kit/r/farmland_units/?class=priority")
    assert "还没有登记批准文件" in page(client, "/farmland/classes/?on=2021-01-01")
    shown = page(client, "/farmland/classes/?on=2026-11-20")
    assert "示政函〔2021〕66号" in shown
    assert "柏庄镇" in shown


def test_the_list_down_to_households_names_every_unit(farm: Any) -> None:
    households.enter(
        farm.units["safe_1"], {"head": "王某", "area_m2": "5000", "since": date(2022, 1, 1)}, by=officer(farm), at=NOW
    )
    answer = browser(farm).get("/farmland/classes/list.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book["类别清单"].iter_rows(min_row=4, values_only=True))
    assert len(rows) == 20
    assert [row[15] for row in rows].count("没有登记农户") == 19
    assert [(row[15], row[19]) for row in rows if row[15] == "王某"] == [("王某", 7.5)]
    assert browser(farm, "reader").get("/farmland/classes/list.xlsx").status_code == 403


def book(*sheets: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    """A workbook of some sheets; `merged` ranges of the last."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for at, rows in enumerate(sheets, 1):
        sheet = made.create_sheet(f"表{at}")
        for row in rows:
            sheet.append(row)
    for place in merged:
        sheet.merge_cells(place)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def table(*rows: tuple[Any, ...]) -> bytes:
    """A workbook as a province sends it."""
    head = ("单元编码", "土壤环境质量类别", "主要污染物", "面积（亩）")
    return book([("2024年类别清单",), head, *rows, ("合计", "", "", 1)])


def previewed(farm: Any, decision: Any, data: bytes, name: str) -> Any:
    purpose = imports.Purpose(officer(farm), NOW, {"decision": str(decision.uid)})
    return imports.preview(imports.kind_called("farmland.classes"), data, name, purpose)


def test_towns_bring_their_households_as_a_table(farm: Any) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("单元代码", "户主姓名", "联系电话", "承包面积（亩）", "起始日期"),
        ("QH-safe_1", "王某", "13900000001", 12.5, "2022-01-01"),
        ("QH-safe_1", "李某", "", 20, "2022-01-01"),
        ("QH-safe_4", "赵某", "", 3, "2022-01-01"),
        ("QH-none", "钱某", "", 3, "2022-01-01"),
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    town = farm.world.actor("town")
    purpose = imports.Purpose(town, NOW)
    batch = imports.preview(imports.kind_called("farmland_households"), out.getvalue(), "农户.xlsx", purpose)
    assert [row.verdict for row in batch.rows.order_by("position")] == ["ok", "ok", "refused", "refused"]
    imports.accept(batch, purpose, partly=True)
    held = units.households_of(farm.units["safe_1"], farm.world.day)
    assert [(one.head, to_mu(one.area_m2)) for one in held] == [("李某", Decimal("20.00")), ("王某", Decimal("12.50"))]


def test_areas_in_hectares_are_turned_into_mu_row_by_row_and_tons_are_left_out(farm: Any) -> None:
    town = imports.Purpose(farm.world.actor("town"), NOW)
    kind = imports.kind_called("farmland_households")

    def read(heading: str) -> Any:
        data = book([("单元代码", "户主姓名", heading, "起始日期"), ("QH-safe_1", "孙某", 0.5, "2022-01-01")])
        return imports.preview(kind, data, "公顷.xlsx", town)

    batch = read("承包面积（公顷）")
    assert "1 公顷 换算为 15 亩" in [line["note"] for line in batch.mapping["columns"]]
    row = batch.rows.get()
    assert (row.verdict, row.messages[0]) == ("ok", "面积：0.5 公顷 换算为 7.5 亩。")
    assert "7.5" in row.after.values() and row.raw["承包面积（公顷）"] == "0.5"

    assert read("承包面积_公顷").rows.get().after == row.after

    tons = read("承包面积（吨）")
    assert [row.verdict for row in tons.rows.all()] == ["refused"]
    assert any("“承包面积（吨）”的单位是吨" in note for note in tons.mapping["notes"])


def adjustment(farm: Any) -> Any:
    """A decision of 2024 without classes yet."""
    said = {
        "number": "示政函〔2024〕31号",
        "title": "动态调整",
        "authority": "示例省人民政府",
        "decided_on": date(2024, 9, 1),
    }
    where = Place(farm.world.district, farm.world.departments["agriculture"])
    return approvals.register(said, [], where, by=officer(farm), at=NOW)


def test_the_approved_table_is_taken_in_with_every_rows_fate(farm: Any) -> None:
    decision = adjustment(farm)
    size = to_mu(farm.version("bare_1").area_m2)
    good = [("QH-bare_1", "安全利用类", "镉", size), ("QH-safe_1", "严格管控", "Cd、总砷", size)]
    bad = [
        ("QH-none", "安全利用类", "", ""),
        ("QH-safe_2", "较好", "", ""),
        ("QH-safe_3", "严格管控类", "氪", ""),
        ("QH-safe_4", "严格管控类", "镉", 90),
        ("QH-strict_1", "安全利用类", "镍、镉", ""),
    ]
    batch = previewed(farm, decision, table(*good, *bad), "清单.xlsx")
    fates = [(row.verdict, "；".join(row.messages)) for row in batch.rows.order_by("position")]
    assert [fate for fate, _why in fates] == ["ok", "ok", "refused", "refused", "refused", "warning", "warning"]
    told = ((2, "没有找到单元"), (3, "较好"), (4, "氪"), (5, "相差超过 1%"), (6, "控制元素“镍”不是决定类别的元素"))
    for at, word in told:
        assert word in fates[at][1]
    with pytest.raises(imports.ImportRefused):
        imports.accept(batch, imports.Purpose(officer(farm), NOW))

    batch = previewed(farm, decision, table(*good), "改好的清单.xlsx")
    imports.accept(batch, imports.Purpose(officer(farm), NOW))

    held = classes.class_of(farm.units["safe_1"], date(2024, 9, 1))
    assert (held.farmland_class, held.controlling) == ("strict", "cadmium、arsenic")
    assert classes.class_of(farm.units["bare_1"], date(2024, 9, 1)).area_m2 == to_m2(size)


def test_the_approved_map_finds_units_by_their_ground(farm: Any) -> None:
    features = [
        {"type": "Feature", "properties": {"DYBH": code, "HJZLLB": word}, "geometry": shapely.geometry.mapping(shape)}
        for code, word, shape in (("", "严格管控类", square(0, 1)), ("QH-safe_2", "优先保护类", square(1, 1, 0.5)), ("", "优先保护类", square(9, 9)))
    ]  # fmt: skip
    data = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    batch = previewed(farm, adjustment(farm), data, "类别图.geojson")
    rows = list(batch.rows.order_by("position"))
    assert [row.verdict for row in rows] == ["ok", "warning", "refused"]
    assert rows[0].raw["_unit"] == str(farm.units["safe_1"].uid)
    assert "只重合" in rows[1].messages[0]


def fates(batch: Any) -> list[tuple[str, str]]:
    """Every row's verdict and what is said of it, in the order of the file."""
    return [(row.verdict, "；".join(row.messages)) for row in batch.rows.order_by("pk")]


HEAD = ("单元代码", "类别", "控制元素", "面积（亩）")


@pytest.mark.parametrize(
    ("word", "verdict", "read"),
    [
        ("优先保护类耕地", "ok", "优先保护类"), ("Ⅱ类", "warning", "安全利用类"), ("III", "warning", "严格管控类"),
        ("１", "warning", "优先保护类"), (2, "warning", "安全利用类"), ("三类", "warning", "严格管控类"),
        ("4", "refused", "不是优先保护类"), ("IIII", "refused", "不是优先保护类"), ("", "refused", "没有填写类别"),
    ],
)  # fmt: skip
def test_a_class_written_as_a_grade_is_read_and_told(farm: Any, word: Any, verdict: str, read: str) -> None:
    batch = previewed(farm, adjustment(farm), book([HEAD, ("QH-bare_1", word, "镉")]), "清单.xlsx")
    ((found, why),) = fates(batch)
    row = batch.rows.get()
    assert found == verdict
    assert read in (why if verdict == "refused" else row.after["class"])
    if verdict == "warning":
        assert "请对照批复核对" in why


def test_codes_and_areas_are_read_as_keyboards_write_them(farm: Any) -> None:
    area = str(to_mu(farm.version("bare_1").area_m2)).translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    data = book(
        [
            HEAD,
            ("ｑｈ－ｂａｒｅ＿１", "安全利用类", "镉", area),
            ("QH-safe_1", "严格管控类", "镉", "约30"),
            ("QH-safe_2", "优先保护类", "", "1e30"),
        ]
    )
    batch = previewed(farm, adjustment(farm), data, "清单.xlsx")
    first, second, huge = fates(batch)
    assert huge[0] == "refused" and "“1e30”" in huge[1], "more than the whole country is no area"
    assert first == ("ok", "")
    assert batch.rows.first().raw["_unit"] == str(farm.units["bare_1"].uid)
    assert second[0] == "refused"
    assert "“约30”不是大于 0 的数字" in second[1]


def test_a_unit_named_twice_is_refused_in_each_of_its_rows(farm: Any) -> None:
    data = book([HEAD, ("QH-safe_1", "优先保护类"), ("QH-safe_1", "严格管控类"), ("QH-safe_2", "优先保护类")])
    batch = previewed(farm, adjustment(farm), data, "清单.xlsx")
    assert [verdict for verdict, _why in fates(batch)] == ["refused", "refused", "ok"]
    assert "第 2、3 行" in fates(batch)[0][1]


def test_a_list_put_right_and_taken_in_again_adds_what_was_missing(farm: Any) -> None:
    decision, purpose = adjustment(farm), imports.Purpose(officer(farm), NOW)
    rows = [HEAD, ("QH-safe_1", "严格管控类", "镉"), ("QH-safe_2", "严格管控类", "镉")]
    imports.accept(previewed(farm, decision, book(rows), "清单.xlsx"), purpose)
    mended = [*rows[:2], ("QH-safe_2", "优先保护类", ""), ("QH-safe_3", "严格管控类", "镉")]
    batch = previewed(farm, decision, book(mended), "改好的清单.xlsx")
    assert [verdict for verdict, _why in fates(batch)] == ["ok", "refused", "ok"]
    assert batch.counts["unchanged"] == 1
    assert "撤销误登" in fates(batch)[1][1]
    imports.accept(batch, purpose, partly=True)
    assert classes.counts_of([decision.pk])[decision.pk] == {"priority": 0, "safe_use": 0, "strict": 3}
    shown = page(browser(farm), f"/kit/r/class_decisions/{decision.uid}")
    assert shown.count("登记批准的类别划分成果") == 2


def test_every_sheet_with_units_and_classes_is_read(farm: Any) -> None:
    data = book([("编制说明",)], [HEAD, ("QH-safe_1", "优先保护类")], [HEAD, ("QH-safe_4", "严格管控类", "镉")])
    batch = previewed(farm, adjustment(farm), data, "分镇清单.xlsx")
    assert [verdict for verdict, _why in fates(batch)] == ["ok", "ok"]
    notes = "".join(batch.mapping["notes"])
    assert "导入到批准文件 示政函〔2024〕31号" in notes
    assert "“表1”没有单元代码和类别列，没有读取" in notes
    assert "读了 2 张工作表：表2、表3" in notes


def test_a_heading_in_two_rows_and_cells_over_several_are_read(farm: Any) -> None:
    rows = [
        ("示例省农用地类别清单",),
        ("乡镇", "单元代码", "类别划分", None, "面积", None),
        (None, None, "类别", "控制元素", "公顷", "备注"),
        ("柏庄镇", "QH-safe_1", "严格管控类", "镉", 10000, None),
        (None, "QH-safe_2", None, "镉", None, None),
        (None, "小计", None, None, 10000, None),
    ]
    merged = ["A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "A4:A6", "C4:C5"]
    batch = previewed(farm, adjustment(farm), book(rows, merged=merged), "清单.xlsx")
    assert [row.position for row in batch.rows.order_by("pk")] == [4, 5]
    assert [row.raw["_class"] for row in batch.rows.order_by("pk")] == ["strict", "strict"]
    assert "相差超过 1%" in fates(batch)[0][1]


PRINTED = ("县（市、区）", "评价单元编号", "耕地面积（亩）", "类别", "主控元素")


def test_areas_and_elements_are_read_as_provinces_print_them(farm: Any) -> None:
    size = to_mu(farm.version("bare_1").area_m2)
    row = ("", "QH-bare_1", f"{size}", "安全利用类", "镉（Cd）、As(砷)")
    (held,) = previewed(farm, adjustment(farm), book([PRINTED, row]), "清单.xlsx").rows.all()
    assert (held.verdict, held.raw["_m2"], held.raw["_elements"]) == ("ok", str(to_m2(size)), "cadmium,arsenic")


def test_the_unit_above_a_table_is_that_of_its_areas_and_their_sum_is_compared_with_the_total(farm: Any) -> None:
    size = to_mu(farm.version("bare_1").area_m2)
    decision = adjustment(farm)
    for total, told in ((size, False), (size * 2, True)):
        rows = [
            ("填报单位：区农业农村局", "", "单位：亩"),
            ("单元编号", "面积", "类别"),
            ("QH-bare_1", size, "安全利用类"),
            ("合计", total, ""),
        ]
        batch = previewed(farm, decision, book(rows), f"{total}.xlsx")
        assert batch.rows.get().raw["_m2"] == str(to_m2(size))
        assert any("请核对有没有漏行" in note for note in batch.mapping["notes"]) is told


@pytest.mark.parametrize(("county", "verdict"), [
    ("", "ok"), ("{name}", "ok"), ("{city}{name}", "ok"), ("{code}", "ok"), ("{code}000000", "ok"), ("{city}", "ok"), ("高新技术开发区", "ok"),
    ("邻县", "refused"), ("{city}邻县", "refused"), ("110109", "refused"),
])  # fmt: skip
def test_rows_of_another_county_are_refused(farm: Any, county: str, verdict: str) -> None:
    here = farm.world.district
    told = county.format(name=here.name, city=here.parent.name, code=here.code)
    data = book([PRINTED, (told, "QH-bare_1", "", "安全利用类", "镉")])
    (held,) = previewed(farm, adjustment(farm), data, "清单.xlsx").rows.all()
    assert held.verdict == verdict, held.messages


def test_names_a_dbf_cut_are_known_and_a_code_on_other_ground_is_refused(farm: Any) -> None:
    features = [
        {"type": "Feature", "properties": {"评价单元编": code, "土壤环境质": "安全利用类"}, "geometry": shapely.geometry.mapping(ground)}
        for code, ground in (("QH-safe_1", square(0, 1)), ("QH-safe_2", square(0, 1)))
    ]  # fmt: skip
    data = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    rows = list(previewed(farm, adjustment(farm), data, "类别图.geojson").rows.order_by("position"))
    assert [row.verdict for row in rows] == ["ok", "refused"]
    assert "图形却不在这个单元上" in rows[1].messages[0]


def test_a_file_without_the_columns_is_told_what_was_read(farm: Any) -> None:
    with pytest.raises(imports.ImportRefused, match="读到的表头：图斑、结论"):
        previewed(farm, adjustment(farm), book([("图斑", "结论"), ("QH-safe_1", "优先保护类")]), "清单.xlsx")


def test_a_map_with_broken_or_missing_grounds_is_told_row_by_row(farm: Any) -> None:
    west, south, east, north = square(0, 1).bounds
    crossed = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    given = (("QH-safe_1", crossed), ("QH-safe_2", None), ("", None), ("", square(2, 1, 0.5)))
    features = [
        {"type": "Feature", "properties": {"DYBH": code, "HJZLLB": "优先保护类"}, "geometry": shape and shapely.geometry.mapping(shape)}
        for code, shape in given
    ]  # fmt: skip
    data = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    batch = previewed(farm, adjustment(farm), data, "类别图.geojson")
    told = ("自相交", "没有图形", "没有单元代码，也没有图形", "只重合")
    assert [verdict for verdict, _why in fates(batch)] == ["warning", "warning", "refused", "refused"]
    for (_verdict, why), word in zip(fates(batch), told, strict=True):
        assert word in why
    assert batch.rows.order_by("pk")[2].raw["class"] == "优先保护类"


def test_of_a_file_with_several_layers_the_one_with_classes_is_read(farm: Any, tmp_path: Any) -> None:
    path = tmp_path / "成果.gpkg"
    for layer, names in (("道路", ["名称"]), ("单元", ["DYBH", "HJZLLB"])):
        fields = [np.array(["QH-safe_1" if at == 0 else "严格管控类"], object) for at, _name in enumerate(names)]
        shape = shapely.to_wkb(np.array([square(0, 1)], object))
        pyogrio.raw.write(
            path, shape, fields, names, layer=layer, driver="GPKG", geometry_type="Polygon", crs="EPSG:4490", append=path.exists()
        )  # fmt: skip
    batch = previewed(farm, adjustment(farm), path.read_bytes(), path.name)
    assert fates(batch) == [("ok", "")]
    assert "“单元”" in "".join(batch.mapping["notes"])


def test_a_decision_shows_what_is_missing_until_it_is_there(farm: Any) -> None:
    decision, client = adjustment(farm), browser(farm)
    url = f"/kit/r/class_decisions/{decision.uid}"
    shown = page(client, url)
    for word in ("缺文件", "还没有导入类别", "没有上传回执"):
        assert word in shown
    paper = SimpleUploadedFile("批复.txt", "示例文件，纯属虚构。\n".encode())
    page(client, f"/farmland/decisions/{decision.uid}/file", kind="approval", file=paper)
    page(client, f"/farmland/decisions/{decision.uid}/receipt", receipt="NYD-2024-0031", on="2024-10-08")
    approvals.take_in(decision, [Approved(farm.units["bare_1"], "strict")], by=officer(farm), at=NOW)
    shown = page(client, url)
    assert "批复.txt" in shown
    assert "没有上传回执" not in shown
    assert classes.class_of(farm.units["bare_1"], farm.world.day) is not None
    page(client, f"/farmland/decisions/{decision.uid}/back", reason="文号有误")
    assert classes.class_of(farm.units["bare_1"], farm.world.day) is None


def test_a_unit_is_divided_joined_and_ended_at_the_desk(farm: Any) -> None:
    client, unit = browser(farm), farm.units["safe_1"]
    households.enter(unit, {"head": "王某", "area_m2": "5000", "since": date(2022, 1, 1)}, by=officer(farm), at=NOW)
    pieces = shapely.to_wkt(shapely.MultiPolygon([square(0, 1, 0.5), square(0.5, 1, 0.5)]))
    said = {
        "way": "polygon",
        "ground": pieces,
        "on": "2025-03-01",
        "reason": "分别承包",
        "name-1": "西片",
        "name-2": "东片",
    }
    assert "与原面积相同" in page(client, f"/farmland/units/{unit.uid}/split", **said, step="preview")
    shown = page(client, f"/farmland/units/{unit.uid}/split", **said, step="save")
    assert "已拆分为 2 个单元" in shown
    assert "还有 1 户没有分到" in shown
    west, east = (UnitVersion.objects.standing(CUT).get(name=name) for name in ("西片", "东片"))
    waiting = units.left_behind(west.unit, farm.world.day)[0]
    page(client, f"/farmland/units/{west.unit.uid}/households", on="2025-03-01", households=str(waiting.uid))
    assert len(units.households_of(west.unit, farm.world.day)) == 1
    nobody = client.get(f"/farmland/units/{west.unit.uid}/households", follow=True)
    assert "没有等待分到" in nobody.content.decode()
    both = {"unit": [str(west.unit.uid), str(east.unit.uid)], "on": "2025-06-01", "reason": "又并回来", "name": "整片"}
    assert "已合并为" in page(client, "/farmland/units/merge", **both, step="save")
    made = UnitVersion.objects.standing(farm.world.day).get(name="整片")
    grounds = {f"ground-{made.unit.uid}": shapely.to_wkt(square(0, 1, 0.5))}
    moved = client.post(
        "/farmland/units/reshape",
        {"unit": str(made.unit.uid), "step": "save", "on": "2026-01-01", "reason": "丢地", **grounds},
    )
    assert moved.status_code == 422
    assert "总范围不变" in moved.content.decode()
    page(client, f"/farmland/units/{made.unit.uid}/end", on="2026-06-01", reason="建设占用")
    assert not UnitVersion.objects.standing(farm.world.day).filter(name="整片").exists()


def test_what_is_known_of_a_ground_names_the_class(farm: Any) -> None:
    found = known_ground(square(0.25, 2.25, 0.5, 0.5), officer(farm), farm.world.day)
    told = next(answer for answer in found.answers if answer.title == "农用地类别")
    assert [piece.known.what for piece in told.pieces] == ["严格管控类；控制元素 镉、砷；示政函〔2021〕66号"]
    assert told.rest_share == pytest.approx(0, abs=1e-6)


def test_units_are_proposed_from_parcels_that_are_alike(farm: Any) -> None:
    codes = {(0, 10): "0101", (1, 10): "0101", (2, 10): "0103", (4, 10): "0101", (5, 10): "1001", (0, 0): "0101"}
    for (east, north), code in codes.items():
        land_world.parcel(farm.world, square(east, north), use_system="guide2023", use_now=code)
    path = farm.world.district.path
    found = proposed(officer(farm), Asked(path), farm.world.day)
    assert sorted((one.use, len(one.parcels)) for one in found) == [("other", 1), ("paddy", 1), ("paddy", 2)]
    near = proposed(officer(farm), Asked(path, gap_m=450), farm.world.day)
    assert sorted((one.use, len(one.parcels)) for one in near) == [("other", 1), ("paddy", 3)]
    client, keeper = browser(farm), farm.world.towns["柏庄镇"].pk
    said = {"town": path, "gap_m": "0", "keeper": keeper, "on": "2026-11-01"}
    assert "3 个单元" in page(client, "/farmland/units/from-parcels", **said, step="preview")
    page(client, "/farmland/units/from-parcels", **said, step="save", seen="3")
    made = UnitVersion.objects.standing(farm.world.day).filter(note__startswith="由")
    assert made.count() == 3
    assert proposed(officer(farm), Asked(path), farm.world.day) == []
