"""What every test stands on: how tests are shared out, static files straight from the packages, an empty store."""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import django
import pytest
import xlsxwriter.core
import yaml
from django.db import connections
from django.test import override_settings
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from readychildren import Mother, ReadyChild
from running import made_once, start_demo, stop_demo

SETTINGS = "soildesk.settings"
TESTS = Path(__file__).parent
TOGETHER = ("journeys", "fronts")
"""Folders whose tests share what is dear, a browser or a loaded demo: each is one worker's from first to last."""
STORE = TESTS / "desk"
FIRST = (*TOGETHER, "desk", "test_bin.py", "test_notebook.py")
"""In this order, all others after them: what takes longest does not begin last, when the other workers idle.

`test_bin.py` wants the example that `fronts` loads: by then it stands.
"""
DEAR = (
    "test_promises.py", "test_monitoring_intake_killed.py", "test_kept_home.py", "test_odd_requests.py",
    "test_outside_clients.py", "test_standards_hostile.py",
)  # fmt: skip
"""Files of `desk` that take longest: they begin before its others."""


class SharingOut(LoadScopeScheduling):
    """What one worker does in one piece: a folder of `TOGETHER`, else a file, whose tests may share a world."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if file.startswith(f"{TESTS.name}/{folder}/")), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharingOut:
    """Whatever `--dist` says: the groups of `loadgroup` are lost with pytest 9.2, without a word."""
    config.option.loadscopereorder = False
    return SharingOut(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long work first."""

    def rank(item: pytest.Item) -> tuple[int, bool]:
        top = item.path.relative_to(TESTS).parts[0]
        return FIRST.index(top) if top in FIRST else len(FIRST), item.path.name not in DEAR

    items.sort(key=rank)
    beyond = [item.nodeid for item in items if item.get_closest_marker("store") and not item.path.is_relative_to(STORE)]
    if beyond:
        raise pytest.UsageError(f"bin/test looks for tests of both stores in {STORE} only, not at {beyond[0]}.")


class NoTime(datetime):
    """The moment every workbook of a test is said to be made at.

    A workbook carries the second it was made in: two of the same content were the same file, or not, by chance.
    """

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Always the same moment."""
        return datetime(2026, 1, 1, tzinfo=tz)


xlsxwriter.core.datetime = NoTime
yaml.SafeLoader = yaml.CSafeLoader  # type: ignore[misc,assignment]  # cases are read as rules are: in C


def _one_stack_for_all_frames() -> None:
    """Below every test stands one frame that asks for much room: Python then lays down a single large piece of stack.

    Python 3.11 and later keep frames in pieces of 16 KB and give each back as soon as it is empty. A loop whose calls go to
    and fro over the edge of one asks the system for a new page each time, which took a tenth of a whole run.
    """
    step = pytest.CallInfo.from_call.__func__  # type: ignore[attr-defined]
    step.__code__ = step.__code__.replace(co_stacksize=2**16)


def pytest_configure() -> None:
    """What is imported to collect the tests is no garbage."""
    gc.disable()
    _one_stack_for_all_frames()


def pytest_collection_finish() -> None:
    """What stands by now stays to the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Addresses of static files need no `collectstatic`; the root exists, or whitenoise would warn."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


STARTED_ANEW = {"test_sandbox.py", "test_gis_sandbox.py", "test_standards_hostile.py"}
"""Files that test how a child starts, is limited and breaks down: each of theirs is a new interpreter."""


@pytest.fixture(scope="session")
def mother() -> Iterator[Mother]:
    """The process that the children who read uploads are forked from, once somebody uploads."""
    made = Mother()
    yield made
    made.end()


@pytest.fixture(autouse=True, scope="module")
def ready_children(request: pytest.FixtureRequest, mother: Mother) -> Iterator[None]:
    """Whoever uploads a file waits for its reading, not for the start of the reader."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.name not in STARTED_ANEW:
            patch.setattr(ReadyChild, "mother", mother, raising=False)
            patch.setattr(subprocess, "Popen", ReadyChild)
        yield


def _migrate(folder: Path) -> None:
    given = {**os.environ, "SOILDESK_HOME": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS}
    given.pop("SOILDESK_DATABASE_URL", None)
    kept, made = _store_of_these_migrations(), folder / "soildesk.sqlite3"
    if kept.exists():
        shutil.copy(kept, made)
    migrate = "import gc; gc.disable(); from django.core import management as it; it.execute_from_command_line()"
    subprocess.run([sys.executable, "-c", migrate, "migrate", "-v0"], env=given, check=True)  # triggers are made anew
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        for old in kept.parent.glob("migrated-*.sqlite3"):
            old.unlink(missing_ok=True)
        whole = Path(shutil.copy(made, kept.with_suffix(f".{os.getpid()}")))
        whole.rename(kept)


def _store_of_these_migrations() -> Path:
    """Where the store is kept that these very migrations made: the next run begins with it, and saves most of a minute."""
    told = hashlib.sha256(django.__version__.encode())
    for file in sorted((TESTS.parent / "src").glob("**/migrations/*.py")):
        told.update(file.read_bytes())
    return TESTS.parent / "build" / f"migrated-{told.hexdigest()[:16]}.sqlite3"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite store as the migrations leave it, made once in a run: whoever needs an empty desk takes a copy."""
    return made_once(tmp_path_factory, "migrated", _migrate) / "soildesk.sqlite3"


def _load_demo(folder: Path) -> None:
    process, line = start_demo(folder / "home")
    stop_demo(process)
    (folder / "line").write_text(line, encoding="utf-8")


@pytest.fixture(scope="session")
def demo_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first run of bin/demo leaves, once in a run: its `home` and its ready `line`; to be copied, not changed."""
    return made_once(tmp_path_factory, "demo", _load_demo)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """The copy that `django_db_modify_db_settings` lays down is not emptied again."""
    return django_db_keepdb or connections["default"].vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """SQLite is a file, as in use: each thread has its own connection.

    The threads of a server would share the one connection of a store in memory, and block each other for ever: one
    holds SQLite's lock and waits for Python to run a function of ours, the other holds Python and waits for the lock.
    """
    store = connections["default"]
    if store.vendor == "sqlite":
        name = tmp_path_factory.mktemp("store") / "test.sqlite3"
        shutil.copy(request.getfixturevalue("migrated"), name)
        store.settings_dict["TEST"]["NAME"] = str(name)
        # No test asks what a power cut leaves.
        store.settings_dict["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.fixture(autouse=True)
def speaks_chinese() -> Iterator[None]:
    """A test that switched the language leaves none of it to the next."""
    with translation.override("zh-hans"):
        yield
