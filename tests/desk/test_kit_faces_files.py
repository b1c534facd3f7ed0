"""Tables and files in and out: the template, every row's fate, all or nothing, the same rows and columns out."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faces_world
import land_world
import openpyxl
import pyogrio
import pytest
from django.test import Client
from test_kit_faces_forms import browser, key_of, now

from soildesk.core.models import AuditEntry
from soildesk.kit.models import ColumnMapping, ImportBatch
from soildesk.kit.register import Register
from soildesk.land.models import Parcel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plots(monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    with faces_world.declared() as made:
        yield made


@pytest.fixture
def ground(world: Any) -> land_world.Land:
    return land_world.county(world)


WKT = "POLYGON ((114.40 34.70, 114.41 34.70, 114.41 34.71, 114.40 34.70))"


def workbook(*rows: list[Any]) -> io.BytesIO:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "地块.xlsx"
    return out


def preview(client: Client, file: io.BytesIO) -> ImportBatch:
    answer = client.post("/kit/imports/new/plots", {"file": file})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return ImportBatch.objects.get(uid=answer["Location"].rpartition("/")[2])


def test_the_template_has_notes_choices_an_example_and_how_to_fill_it(world: Any) -> None:
    answer = browser(world).get("/kit/r/plots/template")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    page = book.worksheets[0]
    headings = [cell.value for cell in page[1]]
    assert headings == [
        "名称*",
        "外部代码",
        "类别*",
        "坐落",
        "使用权人",
        "登记面积（m²）",
        "范围*",
        "起算日期",
        "备注（不导入）",
    ]
    assert "与批准文件一致" in page["A1"].comment.text
    assert page["A2"].value == "柏庄镇东地块"
    rules = [rule for rule in page.data_validations.dataValidation if "C2" in str(rule.sqref)]
    assert "宗地" in rules[0].formula1
    told = "\n".join(str(cell.value) for row in book["填写说明"] for cell in row)
    assert "（清空）" in told
    assert "宗地代码" in told


def test_the_example_row_is_skipped_and_the_template_comes_back(world: Any) -> None:
    client = browser(world)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/kit/r/plots/template").content))
    page = book.worksheets[0]
    page.append(["新地块", "X-1", "宗地", None, None, "1,200", WKT, "2026-10-01"])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "模板.xlsx"
    batch = preview(client, out)
    assert batch.counts == {"ok": 1, "warning": 0, "refused": 0, "unchanged": 0}
    assert client.post(f"/kit/imports/{batch.uid}/accept").status_code == 302
    made = now(world, str(Parcel.objects.get(versions__code="X-1").uid))
    assert (made.kind, str(made.since), float(made.area_of_record_m2)) == ("lot", "2026-10-01", 1200.0)


def test_every_row_says_what_becomes_of_it(world: Any, ground: land_world.Land) -> None:
    client = browser(world)
    batch = preview(
        client,
        workbook(
            ["宗地代码", "地块名称", "类别", "登记面积", "范围", "随便"],
            ["DK-A", "农药厂遗址", "地块", 100, None, "x"],
            ["DK-B", "粮库", "地块", None, None, None],
            ["NEW-1", "新地块", "宗地", None, WKT, None],
            ["NEW-2", "缺范围", "宗地", None, None, None],
            ["DK-C", "名称", "地块", "很大", None, None],
            ["DK-A", "又来一次", "地块", None, None, None],
            ["DK-D", "禁用名", "地块", None, None, None],
        ),
    )
    rows = {row.position: row for row in batch.rows.all()}
    assert batch.counts == {"ok": 2, "warning": 0, "refused": 4, "unchanged": 1}
    assert (rows[2].before, rows[2].after) == (
        {"name": "原农药厂", "area_of_record_m2": "—"}, {"name": "农药厂遗址", "area_of_record_m2": "100"},
    )  # fmt: skip
    assert rows[4].before is None
    assert "范围" in rows[5].messages[0]
    assert "应为数字" in rows[6].messages[0]
    assert "第 2 行重复" in rows[7].messages[0]
    assert "不能用" in rows[8].messages[0]
    page = client.get(f"/kit/imports/{batch.uid}").content.decode()
    for told in ("原农药厂", "农药厂遗址", "不使用", "只导入没有问题的行"):
        assert told in page
    before = AuditEntry.objects.count()
    client.post(f"/kit/imports/{batch.uid}/accept")
    assert AuditEntry.objects.count() == before, "all or nothing: refused rows keep the whole file out"
    client.post(f"/kit/imports/{batch.uid}/accept", {"partly": "1"})
    batch.refresh_from_db()
    assert batch.result == {"new": 1, "changed": 1}
    assert now(world, key_of(ground, "a")).name == "农药厂遗址"
    assert batch.receipt
    assert ColumnMapping.objects.get(collection="plots").mapping["宗地代码"] == "code"


def test_an_empty_cell_leaves_and_a_marked_one_empties(world: Any, ground: land_world.Land) -> None:
    client = browser(world)
    batch = preview(client, workbook(["外部代码", "使用权人", "坐落"], ["DK-A", "（清空）", None]))
    client.post(f"/kit/imports/{batch.uid}/accept")
    assert now(world, key_of(ground, "a")).holder == ""


def test_a_template_of_one_language_is_read_in_the_other(world: Any, ground: land_world.Land) -> None:
    """Marks and headings are words of a language; the desk that takes a table back may speak another."""
    client = browser(world)
    rows = (
        ["外部代码", "使用权人", "起算日期", "备注（不导入）"],
        ["DK-A", "（清空）", "2026-10-01", None],
        ["DK-B", "某", None, "示例行，导入时跳过"],
    )
    answer = client.post("/kit/imports/new/plots", {"file": workbook(*rows)}, headers={"Accept-Language": "en"})
    batch = ImportBatch.objects.get(uid=answer["Location"].rpartition("/")[2])
    (row,) = batch.rows.all()
    assert (row.raw["_since"], list(row.after)) == ("2026-10-01", ["holder"])
    client.post(f"/kit/imports/{batch.uid}/accept", headers={"Accept-Language": "en"})
    assert now(world, key_of(ground, "a")).holder == ""


def test_a_row_changed_since_the_preview_stops_the_file(world: Any, ground: land_world.Land) -> None:
    client = browser(world)
    batch = preview(client, workbook(["外部代码", "名称"], ["DK-A", "甲"], ["DK-B", "乙"]))
    other = preview(client, workbook(["外部代码", "名称"], ["DK-B", "丙"]))
    client.post(f"/kit/imports/{other.uid}/accept")
    client.post(f"/kit/imports/{batch.uid}/accept")
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.PREVIEWED
    assert now(world, key_of(ground, "a")).name == "原农药厂"


@pytest.mark.parametrize("rows", [[["甲", "乙"], [1, 2]], [["外部代码", "名称"]], []])
def test_a_table_of_something_else_is_refused_with_what_is_expected(world: Any, rows: list[list[Any]]) -> None:
    answer = browser(world).post("/kit/imports/new/plots", {"file": workbook(*rows)})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_what_may_not_be_seen_is_neither_template_nor_table_nor_preview(world: Any, ground: land_world.Land) -> None:
    """Whoever may write but not see holders neither reads nor writes them."""
    from dataclasses import replace

    writing = replace(faces_world.PLOTS.writing, permission="land.keep_unused")  # type: ignore[type-var]
    with faces_world.declared(replace(faces_world.PLOTS, writing=writing)):
        client = browser(world, "agriculture")
        page = openpyxl.load_workbook(io.BytesIO(client.get("/kit/r/plots/template").content)).worksheets[0]
        assert "使用权人" not in [cell.value for cell in page[1]]
        batch = preview(client, workbook(["外部代码", "使用权人", "名称"], ["DK-A", "猜一个", "改名"]))
        assert batch.rows.get().after == {"name": "改名"}
        form = client.get(f"/kit/r/plots/{key_of(ground, 'a')}/edit").content.decode()
        assert "青禾农化" not in form


@pytest.mark.parametrize(("kind", "ending"), [("gpkg", "gpkg"), ("geojson", "geojson"), ("shp", "zip")])
def test_ground_goes_out_with_the_rows_and_columns_shown(
    world: Any, ground: land_world.Land, tmp_path: Path, kind: str, ending: str
) -> None:
    client = browser(world)
    answer = client.get(f"/kit/r/plots/?kind=plot&q=DK-A&cols=number&cols=name&export={kind}")
    assert answer.status_code == 200
    path = tmp_path / f"out.{ending}"
    path.write_bytes(answer.content)
    frame = pyogrio.read_dataframe(path)
    assert list(frame["名称"]) == ["原农药厂"]
    names = ["地块编", "名称"] if kind == "shp" else ["地块编号", "名称"]  # a .dbf has ten bytes for a name
    assert [name for name in frame.columns if name != "geometry"] == names
    off = frame.geometry.iloc[0].symmetric_difference(ground.parcels["a"].geometry).area
    assert off < 1e-6 * ground.parcels["a"].geometry.area


def test_a_file_of_no_ground_is_refused_in_words(world: Any, ground: land_world.Land) -> None:
    answer = browser(world).get("/kit/r/plots/?q=没有这块&export=gpkg")
    assert answer.status_code == 409
    assert "没有一行有图形" in answer.content.decode()
    assert browser(world).get("/kit/r/plots/?export=exe").status_code == 400


def test_what_was_exported_comes_back_unchanged(world: Any, ground: land_world.Land) -> None:
    client = browser(world)
    out = io.BytesIO(client.get("/kit/r/plots/?export=xlsx&cols=name&cols=code&cols=kind").content)
    out.name = "导出.xlsx"
    batch = preview(client, out)
    assert batch.counts["unchanged"] == 4, json.dumps(batch.counts)
    assert batch.counts["refused"] == 0
