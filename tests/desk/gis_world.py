"""Parcels and a layer that take files in, and the files a test brings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely

from soildesk.cli import main

LON, LAT = 114.3, 30.5


def square(east_m: float = 0, north_m: float = 0, side_m: float = 100) -> shapely.Polygon:
    """A square near the middle of the made-up district, in degrees; metres are near enough."""
    x, y = LON + east_m / 95_900, LAT + north_m / 110_860
    return shapely.box(x, y, x + side_m / 95_900, y + side_m / 110_860)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": None if geometry is None else json.loads(shapely.to_geojson(geometry)),
    }


def geojson(path: Path, features: Iterable[Mapping[str, Any]], crs: str = "urn:ogc:def:crs:EPSG::4490") -> Path:
    """A GeoJSON that says its coordinate system."""
    told = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": crs}}}
    path.write_text(json.dumps({**told, "features": list(features)}, ensure_ascii=False), "utf-8")
    return path


def run(capsys: Any, *words: object, expect: int = 0) -> dict[str, Any]:
    """Run `soildesk gis …` with --json; its exit code is checked, its data returned."""
    capsys.readouterr()
    code = main(["gis", *(str(word) for word in words), "--json"])
    said = capsys.readouterr()
    assert code == expect, f"{code}: {said.err}\n{said.out[:3000]}"
    return json.loads(said.out)


@pytest.fixture
def wired(monkeypatch: Any) -> Iterator[None]:
    from soildesk.kit import register
    from soildesk.kit.faces import BulkLoading, Entry, Writing
    from soildesk.land import layers as layer_registers
    from soildesk.land.models import LayerEdition, ParcelVersion
    from soildesk.land.register import PARCELS
    from soildesk.land.services import layers, parcels
    from soildesk.land.services.writing import place_named
    from soildesk.core.versions import Recording
    from datetime import date

    def facts(change):
        return {**{k: v for k, v in change.values.items() if v is not None}, "batch": change.batch}

    def add(actor, change, at):
        return str(parcels.register(facts(change), place_named("", actor), since=change.since, by=actor, at=at, why=change.why).parcel.uid)

    def alter(actor, key, change, at):
        held = ParcelVersion.objects.standing(change.since or date.today()).get(parcel__uid=key)
        parcels.change(held, change.values, since=change.since, recording=Recording(actor, at, change.why))

    entries = [
        Entry("code", "外部代码", names=("宗地代码", "ZDDM", "TBBH")),
        Entry("name", "名称", names=("地块名称",)),
        Entry("kind", "类别", "choice", choices=ParcelVersion.Kind.choices),
        Entry("holder", "使用权人"),
        Entry("area_of_record_m2", "登记面积", "decimal"),
        Entry("geometry", "范围", "geometry", required=True),
    ]
    if PARCELS.writing is None:
        wired_parcels = replace(PARCELS, writing=Writing(entries, "land.keep_parcels", add, alter))
        monkeypatch.setitem(register._registers, PARCELS.name, wired_parcels)
    original = layer_registers.zone_register

    def zone_register(layer):
        made = original(layer)
        if made.bulk is not None:
            return made

        def edition(key):
            return LayerEdition.objects.select_related("layer").get(pk=key)

        return replace(made, bulk=BulkLoading(
            [Entry("code", "代码", names=("编号",)), Entry("name", "名称"), Entry("level", "分级")], "land.keep_layers",
            lambda actor, ed, at: str(layers.start_edition(layer, layers.EditionFacts(ed.since, ed.title, ed.document, ed.attributes, ed.batch), by=actor, at=at).pk),
            lambda key, rows: layers.add_zones(edition(key), rows),
            lambda actor, key, at: layers.accept(edition(key), by=actor, at=at),
            lambda key: layers.discard(edition(key)),
        ))

    monkeypatch.setattr(layer_registers, "zone_register", zone_register)
    yield
