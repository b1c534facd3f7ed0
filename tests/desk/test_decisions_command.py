"""`soildesk gate` from the words people type to the answer that is kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from desk.conftest import AT
from desk.gis_world import feature, geojson
from desk.land_world import parcel, square
from desk.plot_world import Plots
from soildesk.cli import main
from soildesk.decisions.models import GateQuery
from soildesk.decisions.services import batch

pytestmark = pytest.mark.django_db
DAY = "2026-11-20"


def run(capsys: Any, *words: object, expect: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    code = main(["gate", *(str(word) for word in words), "--as", "officer", "--on", DAY, "--json"])
    said = capsys.readouterr()
    assert code == expect, f"{code}: {said.err}"
    return json.loads(said.out)


def test_a_file_is_asked_about_and_the_answer_kept(world: Any, tmp_path: Any, capsys: Any) -> None:
    made = Plots(world)
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    path = geojson(tmp_path / "范围.geojson", [feature(square(0, 0, 0.5))])
    said = run(capsys, "check", "--geometry", path, "--act", "供地", "--use", "0701")
    assert said["decision"] == "blocked"
    held = GateQuery.objects.get(number=said["number"])
    assert held.on == date(2026, 11, 20)
    for one in said["checks"]:
        assert {"id", "outcome", "force", "because", "basis", "area_m2"} <= set(one)
        assert one["because"]
        assert one["basis"] or one["outcome"] != "no"


def test_a_parcel_is_found_by_any_of_its_codes(world: Any, capsys: Any) -> None:
    held = parcel(world, square(2, 2), code="990101100001GB00001", use_system="guide2023", use_now="1001")
    for code in (held.parcel.number, "990101100001GB00001"):
        run(capsys, "check", "--parcel", code, "--act", "收储", "--use", "R2")
    kept = GateQuery.objects.first()
    assert kept.facts["current_use"] == "1001"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--parcel", "没有的"], "没有的"),
        (["--geometry", "没有的.geojson"], "没有的.geojson"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_is_expected(
    world: Any, capsys: Any, words: list[str], told: str
) -> None:
    said = run(capsys, "check", *words, "--act", "供地", "--use", "0701", expect=1)
    assert told in said["error"]["sentence"]


def test_an_unknown_act_names_those_there_are(world: Any, tmp_path: Any, capsys: Any) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(0, 0))])
    said = run(capsys, "check", "--geometry", path, "--act", "卖地", "--use", "0701", expect=1)
    assert "供地" in said["error"]["sentence"]


def supply_plan(path: Any) -> Any:
    rows = [
        feature(square(0, 0, 0.5), 项目名称="青禾花园", 规划用途="0701", 宗地代码="A-1"),
        feature(square(5, 5), 项目名称="青禾小学", 规划用途="0804"),
        feature(None, 项目名称="没有图形"),
    ]
    return geojson(path, rows)


def test_a_layer_gives_one_table_with_a_number_for_every_row(world: Any, tmp_path: Any, capsys: Any) -> None:
    made = Plots(world)
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    out = tmp_path / "核查.xlsx"
    path = supply_plan(tmp_path / "供地计划.geojson")
    said = run(capsys, "batch", path, "--act", "供地", "--out", out, "--use-scheme", "guide2023")
    assert said["rows"] == 3
    assert said["counts"]["blocked"] == 1
    assert said["counts"]["refused"] == 1
    rows = list(load_workbook(out).worksheets[0].iter_rows(values_only=True))
    line = next(row for row in rows if "青禾花园" in row)
    assert "禁止" in line
    assert f"{said['number']}-00001" in line
    kept = GateQuery.objects.get(number=f"{said['number']}-00001")
    assert (kept.parcel_code, kept.batch.number) == ("A-1", said["number"])
    assert any("没有范围" in (cell or "") for row in rows for cell in row if isinstance(cell, str))


def test_a_layer_of_the_desk_is_asked_about_by_its_code(world: Any, tmp_path: Any, capsys: Any) -> None:
    made = Plots(world)
    made.plot("粮库地块", square(0, 0), use_system="guide2023", use_planned="0701")
    said = run(capsys, "batch", "plots", "--act", "收储", "--out", tmp_path / "a.xlsx")
    assert said["rows"] == 1
    assert GateQuery.objects.get().use == "0701"


def test_a_batch_that_breaks_off_leaves_no_answers(world: Any, tmp_path: Any) -> None:
    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    by, order = world.actor("officer"), batch.Order("供地计划", "供地", date(2026, 11, 20))
    held = batch.begin(order, None, by=by, at=AT)
    rows = [({}, square(0, 0))]
    with pytest.raises(KeyboardInterrupt):
        batch.run(held, order, rows, by=by, at=AT, step=stop)
    held.refresh_from_db()
    assert held.state == "failed"
    assert not GateQuery.objects.exists()


def test_a_batch_into_a_folder_there_is_not_is_refused_before_anything_is_asked(
    world: Any, tmp_path: Any, capsys: Any
) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(0, 0))])
    said = run(capsys, "batch", path, "--act", "供地", "--out", tmp_path / "没有" / "a.xlsx", expect=1)
    assert said["error"]["code"] == "gate.no_folder"
    assert not GateQuery.objects.exists()
