"""A district moves from one store to the other whole, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from shapely import box

from desk.conftest import AT, World
from soildesk.core import audit, copying
from soildesk.core.copying import CopyRefused
from soildesk.core.models import Person
from soildesk.core.permissions import system_actor
from soildesk.land.models import Layer, LayerEdition, Zone
from soildesk.settings import database

pytestmark = [pytest.mark.store, pytest.mark.django_db]
SOURCE = Path(__file__).parents[2] / "src"
SHAPE = box(116.1, 36.1, 116.2, 36.2)


@pytest.fixture
def district(world: World) -> World:
    """The world with something of every kind of column: shapes, JSON, moments, hashes."""
    office = world.departments["ecology"]
    place = {"division_path": world.district.path, "owner_department": office}
    layer = Layer.objects.create(code="red", title="红线", created_at=AT, attributes=[{"name": "b", "a": 1.5}], **place)
    edition = LayerEdition.objects.create(layer=layer, since=AT, recorded_at=AT, area_m2=0.1 + 0.2)
    Zone.objects.create(edition=edition, name="一号", geometry=SHAPE, attributes={"级别": "一级"}, **place)
    from django.db import transaction

    with transaction.atomic():
        audit.record("test.done", subject=layer, by=system_actor("test", AT.date()), at=AT, data={"行": 3})
    return world


def rows(path: Path, sql: str) -> list[Any]:
    """What an SQLite file answers."""
    with closing(sqlite3.connect(path)) as held:
        return held.execute(sql).fetchall()


@pytest.fixture
def empty(tmp_path: Path, migrated: Path) -> Path:
    """A target whose tables stand already."""
    return Path(shutil.copy(migrated, tmp_path / "copy.sqlite3"))


def test_everything_arrives_with_its_keys_and_moments(district: World, tmp_path: Path, empty: Path) -> None:
    # tables are made alike wherever the rows come from, and making them is dear
    path = tmp_path / "new.sqlite3" if connection.vendor == "sqlite" else empty
    tables = {table.name: table for table in copying.copy(database(f"sqlite:///{path}"))}
    assert tables["core_person"].rows == Person.objects.count() > 0
    assert tables["land_zone"].rows == 1
    assert rows(path, "SELECT id, name FROM land_zone") == [(Zone.objects.get().pk, "一号")]
    assert rows(path, "SELECT count(*) FROM rtree_land_zone_geometry") == [(1,)]
    assert rows(path, "SELECT digest FROM core_auditentry") == list(audit.AuditEntry.objects.values_list("digest"))
    created = Person.objects.order_by("pk").first().created_at
    assert rows(path, "SELECT created_at FROM core_person ORDER BY id LIMIT 1")[0][0].startswith(
        f"{created:%Y-%m-%d %H:%M:%S}"
    )


def test_a_database_in_use_is_not_overwritten(district: World, empty: Path) -> None:
    target = database(f"sqlite:///{empty}")
    copying.copy(target)
    with pytest.raises(CopyRefused, match="已有数据") as refused:
        copying.copy(target)
    assert refused.value.code == "core.copy.not_empty"


def test_the_store_in_use_is_no_target(district: World) -> None:
    with pytest.raises(CopyRefused, match="正在使用"):
        copying.copy(dict(connection.settings_dict))


def test_a_row_that_changes_on_the_way_undoes_the_copy(
    district: World, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = copying._insert

    def losing(model: Any, chunk: list[Any], fields: Any) -> None:
        if model is not Zone:
            honest(model, chunk, fields)

    monkeypatch.setattr(copying, "_insert", losing)
    with pytest.raises(CopyRefused, match="land_zone 复制后不一致"):
        copying.copy(database(f"sqlite:///{empty}"))
    assert rows(empty, "SELECT count(*) FROM core_person") == [(0,)]


def test_a_row_the_target_refuses_is_named(district: World, empty: Path) -> None:
    with sqlite3.connect(empty) as file:
        file.execute(
            "CREATE TRIGGER strict BEFORE INSERT ON land_layer WHEN new.code = 'red' BEGIN SELECT raise(abort, 'zu lang'); END"
        )
    with pytest.raises(CopyRefused, match=f"land_layer 的记录 {Layer.objects.get().pk} .*zu lang") as refused:
        copying.copy(database(f"sqlite:///{empty}"))
    assert refused.value.code == "core.copy.row"
    assert rows(empty, "SELECT count(*) FROM core_person") == [(0,)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs the server of the run")
def test_there_and_back_between_the_stores(district: World, tmp_path: Path, empty: Path) -> None:
    first = copying.copy(database(f"sqlite:///{empty}"))
    host = connection.settings_dict["HOST"] or connection.settings_dict["OPTIONS"]["host"]
    import psycopg

    with psycopg.connect(
        host=host, user=connection.settings_dict["USER"], dbname="postgres", autocommit=True
    ) as server:
        server.execute("DROP DATABASE IF EXISTS copied")
        server.execute("CREATE DATABASE copied")
    done = subprocess.run(
        [sys.executable, "-m", "soildesk.cli", "db", "copy", "--to", f"postgresql://app@/copied?host={host}", "--json"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "SOILDESK_HOME": str(tmp_path / "home"),
             "SOILDESK_DATABASE_URL": f"sqlite:///{empty}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    second = json.loads(done.stdout)["tables"]
    assert [(t["name"], t["rows"], t["checksum"]) for t in second] == [(t.name, t.rows, t.checksum) for t in first]
    with psycopg.connect(host=host, user="app", dbname="copied") as held:
        made = held.execute("SELECT nextval(pg_get_serial_sequence('land_zone', 'id'))").fetchone()
        assert made == (Zone.objects.get().pk + 1,)


def test_the_command_says_what_an_address_looks_like() -> None:
    from soildesk import cli

    assert cli.main(["db", "copy", "--to", "mysql://root@host/x"]) == 1
