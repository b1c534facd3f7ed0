"""The room `core`."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

DECLARATIONS = ("permissions", "subjects", "tasks", "acts")
"""Modules in which a room declares what core must know: permissions, subjects of files, jobs, words for acts."""


class CoreConfig(AppConfig):
    """人员与系统."""

    name = "soildesk.core"
    label = "core"
    verbose_name = "人员与系统"

    def ready(self) -> None:
        """Load what every room declares, and teach the stores geometry."""
        from soildesk.core.geometry import watching

        connection_created.connect(watching.teach_connection, dispatch_uid="core.geometry.teach")
        post_migrate.connect(watching.keep_indexes, sender=self, dispatch_uid="core.geometry.keep")
        checks.register(watching.indexes_are_whole, checks.Tags.database)
        for config in apps.get_app_configs():
            if config.name.startswith("soildesk."):
                load_declarations(config.name)


def load_declarations(package: str) -> None:
    """Import a room's declaring modules where they exist."""
    for module in DECLARATIONS:
        if find_spec(f"{package}.{module}"):
            import_module(f"{package}.{module}")
