"""A layer of more rows than are taken is refused before its rows are read, whatever kind of file it is."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import shapely

from soilrules.gisfiles import (
    WKB,
    CornerHeader,
    FileLimits,
    Kind,
    Options,
    UnreadableGis,
    Writing,
    batches,
    inspect,
    write,
)

COUNT = 4


def at_most(rows: int) -> Options:
    return Options(limits=FileLimits(rows=rows))


def written(folder: Path, kind: Kind) -> Path:
    """Four squares; a Shapefile is written as a zip."""
    shapes = [shapely.box(116 + at, 39, 116.01 + at, 39.01) for at in range(COUNT)]
    if kind is Kind.TXT:
        shapes = [shapely.box(500_000 + at * 200, 4_000_000, 500_100 + at * 200, 4_000_100) for at in range(COUNT)]
    rows = pa.record_batch(
        {"地块编号": [f"R{at}" for at in range(COUNT)], WKB: pa.array(shapely.to_wkb(shapes), pa.binary())}
    )
    path = folder / f"红线.{'zip' if kind is Kind.SHP else kind}"
    crs = "EPSG:4547" if kind is Kind.TXT else "EPSG:4490"
    options = Writing(corners=CornerHeader(38)) if kind is Kind.TXT else Writing()
    write(path, kind, rows.schema, [rows], crs=crs, title="红线", options=options)
    return path


def refused(path: Path, most: int) -> UnreadableGis:
    with pytest.raises(UnreadableGis) as looked:
        inspect(path, path.name, at_most(most))
    with pytest.raises(UnreadableGis) as read:
        list(batches(path, path.name, at_most(most)))
    assert read.value.code == looked.value.code == "rows_over_limit"
    return looked.value


@pytest.mark.parametrize("kind", list(Kind))
def test_as_many_rows_as_are_taken_and_one_more(kind: Kind, tmp_path: Path) -> None:
    path = written(tmp_path, kind)
    count = 2 * COUNT if kind is Kind.DXF else COUNT  # each with its label
    inspect(path, path.name, at_most(count))
    assert sum(one.num_rows for one in batches(path, path.name, at_most(count))) == count
    said = refused(path, count - 1).sentence()
    assert path.name in said
    assert f"至少有 {count} 行" in said
    assert f"最多 {count - 1} 行" in said
    assert "SOILDESK_GIS_ROWS" in said


def test_a_shapefile_of_one_folder_and_without_its_index(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path, Kind.SHP)) as archive:
        archive.extractall(tmp_path / "a")
    path = next((tmp_path / "a").rglob("*.shp"))
    refused(path.parent, COUNT - 1)
    path.with_suffix(".shx").unlink()
    refused(path, COUNT - 1)
    assert inspect(path, path.name, at_most(COUNT)).count == COUNT


def test_lines_of_a_table_are_no_rows_where_they_are_blank_or_inside_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "点位.csv"
    path.write_bytes('说明,经度,纬度\r\n"一\n二\n三",116,39\r\n\r\n\r\n\r\n四,117,39\r\n'.encode())
    assert sum(one.num_rows for one in batches(path, path.name, at_most(2))) == 2
    inspect(path, path.name, at_most(2))
    refused(path, 1)


def test_corners_are_counted_by_parcel(tmp_path: Path) -> None:
    path = tmp_path / "拐点.csv"
    corners = [("0", "0"), ("100", "0"), ("100", "100"), ("0", "100")]
    lines = [
        f"{parcel},{at},{parcel}{4_000_000 + int(x)},{500_000 + int(y)}"
        for parcel in "12"
        for at, (x, y) in enumerate(corners)
    ]
    path.write_text("\n".join(["地块编号,拐点号,X,Y", *lines]), "utf-8")
    inspect(path, path.name, at_most(2))
    assert "至少有 2 行" in refused(path, 1).sentence()


def test_a_file_that_says_fewer_rows_than_it_has_is_stopped_at_the_first_too_many(tmp_path: Path) -> None:
    path = written(tmp_path, Kind.GPKG)
    base = sqlite3.connect(path)
    base.execute("update gpkg_ogr_contents set feature_count = 1")
    base.commit()
    base.close()
    assert inspect(path, path.name, at_most(2)).count == 1
    given = batches(path, path.name, at_most(2), rows=1)
    assert [next(given).num_rows, next(given).num_rows] == [1, 1]
    with pytest.raises(UnreadableGis) as caught:
        next(given)
    assert caught.value.code == "rows_over_limit"


def test_a_word_that_a_chunk_cuts_in_two_is_counted_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from soilrules.gisfiles import texts

    path = written(tmp_path, Kind.GEOJSON)
    for size in (7, 8, 9, 50):
        monkeypatch.setattr(texts, "_CHUNK", size)
        inspect(path, path.name, at_most(COUNT))
        refused(path, COUNT - 1)
