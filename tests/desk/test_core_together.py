"""Tables made in one step of a migration: in a ring, and gone again on the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import ConnectionHandler, models
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from soildesk.core.together import Together


def table(name: str, other: str) -> CreateModel:
    """A table that points to another, which may come after it."""
    key = models.ForeignKey(f"ring.{other}", models.CASCADE, related_name="+")
    index = models.Index(fields=["other"], name=f"{name}_index".lower())
    return CreateModel(name, [("id", models.BigAutoField(primary_key=True)), ("other", key)], {"indexes": [index]})


RING = Together([table("Hen", "Egg"), table("Egg", "Hen")])


@pytest.fixture
def store(tmp_path: Path, django_db_blocker: Any) -> Iterator[Any]:
    """An empty store of its own, not the one of the other tests."""
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "ring.sqlite3")}
    store = ConnectionHandler({"default": settings})["default"]
    with django_db_blocker.unblock():
        yield store
        store.close()


def indexes(store: Any) -> set[str]:
    """The named indexes that the store holds."""
    with store.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name IN ('hen_index', 'egg_index')")
        return {name for (name,) in cursor.fetchall()}


def test_a_ring_of_tables_stands_and_goes(store: Any) -> None:
    before, after = ProjectState(), ProjectState()
    assert after.apps  # rendered before, as in a migration under way
    RING.state_forwards("ring", after)
    with store.schema_editor() as editor:
        RING.database_forwards("ring", editor, before, after)
    assert set(store.introspection.table_names()) == {"ring_hen", "ring_egg"}
    assert indexes(store) == {"hen_index", "egg_index"}
    with store.schema_editor() as editor:
        RING.database_backwards("ring", editor, after, before)
    assert store.introspection.table_names() == []


def test_the_step_is_written_and_told_with_its_operations() -> None:
    text, imports = OperationWriter(RING).serialize()
    assert text.count("migrations.CreateModel(") == 2
    assert "import soildesk.core.together" in imports
    assert RING.describe() == "Create model Hen; Create model Egg"
