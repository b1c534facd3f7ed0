"""The example district as bin/demo loads it, once for all tests of this folder, and the command to ask it with."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

from running import DEMO_DAY as DAY
from soildesk import cli
from soildesk.core import clock
from soildesk.demo.load import load

DISTRICT_PLAN = "青环委办〔2026〕4号"
CITY_PLAN = "云环发〔2026〕11号"


@dataclass(frozen=True)
class Told:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON on stdout."""
        return json.loads(self.out)


@pytest.fixture(scope="package")
def demo_home(
    django_db_setup: None,
    django_db_blocker: pytest.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """A loaded demo in the test database; nothing of it outlives the folder's tests."""
    home = tmp_path_factory.mktemp("demo")
    on_sqlite = connection.vendor == "sqlite"
    if on_sqlite:
        shutil.copytree(request.getfixturevalue("demo_made") / "home", home, dirs_exist_ok=True)
        empty = request.getfixturevalue("migrated")
    own = {
        "HOME": home, "MEDIA_ROOT": home / "attachments", "EXPORT_ROOT": home / "exports",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],  # 27 people at once
    }  # fmt: skip
    with django_db_blocker.unblock(), override_settings(**own), pytest.MonkeyPatch.context() as patch:
        patch.setenv(clock.VARIABLE, DAY)
        if on_sqlite:
            fill_store(home / "soildesk.sqlite3")
            yield
            fill_store(empty)
            return
        patch.setattr("soildesk.demo.load.call_command", lambda *_names, **_options: None)  # the tables stand already
        with transaction.atomic():
            load()
            yield
            transaction.set_rollback(True)


def fill_store(file: Path) -> None:
    """The store of the tests becomes what another holds."""
    assert not connection.in_atomic_block, "somebody's rows would be lost"
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as source:
        source.backup(connection.connection)


@pytest.fixture
def soildesk(demo_home: None, db: None, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Told]]:
    """Run the command in the demo home; what a test changes is undone after it."""

    def run(*arguments: str) -> Told:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Told(code, out, err)

    yield run
    translation.deactivate()
