"""What every test of the desk stands on: static files straight from the packages, without a collected manifest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
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


@pytest.fixture(autouse=True)
def speaks_chinese() -> Iterator[None]:
    """A test that switched the language leaves none of it to the next."""
    with translation.override("zh-hans"):
        yield
