"""The desk's own settings, with Django's admin switched on beside it."""

from __future__ import annotations

from soildesk.settings import *  # noqa: F403
from soildesk.settings import INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS, "list_desk"]
ROOT_URLCONF = "list_desk.urls"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Both pages get compiled templates, as they do in an office where debugging is off.
DEBUG = False
TEMPLATES = [dict(TEMPLATES[0])]
