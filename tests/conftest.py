"""What every test of the desk stands on: static files straight from the packages, without a collected manifest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import translation


@pytest.fixture(autouse=True, scope="session")
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Addresses of static files need no `collectstatic`; the root exists, or whitenoise would warn."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Where a server runs, SQLite is a file, as in use: each thread has its own connection.

    The threads of a server would share the one connection of a store in memory, and block each other for ever: one
    holds SQLite's lock and waits for Python to run a function of ours, the other holds Python and waits for the lock.
    """
    store = connections["default"]
    if store.vendor == "sqlite" and any("live_server" in item.fixturenames for item in request.session.items):
        store.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("store") / "test.sqlite3")
        # No test asks what a power cut leaves.
        store.settings_dict["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.fixture(autouse=True)
def speaks_chinese() -> Iterator[None]:
    """A test that switched the language leaves none of it to the next."""
    with translation.override("zh-hans"):
        yield
