"""Tables and corner texts as people write them, case by case."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely
import yaml

import soilrules.gisfiles as room
from soilrules.gisfiles import NOTE, ROW, WKB, Kind, Options, UnreadableGis, batches, inspect, row_messages
from soilrules.gisfiles.coordinates import number

CASES = Path(__file__).resolve().parents[1] / "cases" / "gisfiles"
MODULES = sorted(one.stem for one in Path(room.__file__).parent.glob("*.py") if one.stem != "__init__")


def cases(name: str) -> list[Any]:
    return [
        pytest.param(one, id=one.get("name", one.get("text"))) for one in yaml.safe_load((CASES / name).read_bytes())
    ]


def read(path: Path, options: Options | None = None) -> list[dict[str, Any]]:
    """The rows, with their geometry as shapes and their findings by id."""
    rows = pa.Table.from_batches(list(batches(path, path.name, options, rows=2))).to_pylist()
    for row in rows:
        row[WKB] = None if row[WKB] is None else shapely.from_wkb(row[WKB])
        row[NOTE] = [one.id for one in row_messages(row[NOTE])]
    return rows


def written(text: str, folder: Path, encoding: str = "utf-8", ends: str = "\n") -> Path:
    path = folder / "文件"
    path.write_bytes(text.replace("\n", ends).encode(encoding))
    return path


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_code_hold(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.gisfiles.{name}")).failed


@pytest.mark.parametrize("case", cases("coordinates.yaml"))
def test_coordinates(case: dict[str, Any]) -> None:
    assert number(case["text"]) == (pytest.approx(case["number"], rel=1e-15) if case["number"] is not None else None)


@pytest.mark.parametrize(("encoding", "ends"), [("utf-8", "\n"), ("gb18030", "\r\n"), ("utf-8-sig", "\r\n")])
@pytest.mark.parametrize("case", cases("corner_text.yaml"))
def test_corner_text(case: dict[str, Any], encoding: str, ends: str, tmp_path: Path) -> None:
    path = written(case["text"], tmp_path, encoding, ends)
    if "refused" in case:
        with pytest.raises(UnreadableGis) as caught:
            inspect(path, "坐标.txt")
        assert caught.value.code == case["refused"]
        return
    rows = read(path)
    assert [one["地块编号"] for one in rows] == [one["number"] for one in case["parcels"]]
    for row, expected in zip(rows, case["parcels"], strict=True):
        assert row["地块名称"] == expected.get("name", row["地块名称"])
        assert (row[WKB].wkt if row[WKB] else None) == expected["wkt"]
        assert row[NOTE] == expected.get("notes", [])
    if not any(one["wkt"] for one in case["parcels"]):
        return
    source = inspect(path, "坐标.txt")
    assert source.kind is Kind.TXT
    assert source.count == len(rows)
    assert source.axis == case.get("axis", source.axis)
    assert source.crs_text == case.get("crs", source.crs_text)
    assert [one.id for one in source.notes if one.id != "mixed_kinds"] == case.get("notes", [])


@pytest.mark.parametrize("case", cases("tables.yaml"))
def test_tables(case: dict[str, Any], tmp_path: Path) -> None:
    path = written(case["text"], tmp_path)
    options = Options(**case.get("options", {}))
    if "refused" in case:
        with pytest.raises(UnreadableGis) as caught:
            inspect(path, "表.csv", options)
        assert caught.value.code == case["refused"]
    if "rows" not in case:
        return
    rows = read(path, options)
    assert len(rows) == len(case["rows"])
    for row, expected in zip(rows, case["rows"], strict=True):
        assert (row[WKB].wkt if row[WKB] else None) == expected["wkt"]
        assert row[NOTE] == expected.get("notes", [])
        assert row[ROW] == expected.get("row", row[ROW])
        assert {key: row[key] for key in expected.get("fields", {})} == expected.get("fields", {})
    if "refused" not in case:
        source = inspect(path, "表.csv", options)
        assert [one.id for one in source.notes] == case.get("notes", [])
        assert source.axis == case.get("axis", source.axis)
        assert source.crs_text == case.get("crs")
