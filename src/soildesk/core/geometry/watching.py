"""When the stores are taught geometry and their indexes looked over: new connections, migrations, system checks."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error
from django.db import connections
from django.utils.translation import gettext as _

from soildesk.core.geometry import index, sqlite


def teach_connection(sender: Any, connection: Any, **_kwargs: Any) -> None:
    """Every new SQLite connection gets the functions its triggers call."""
    if connection.vendor == "sqlite":
        sqlite.teach(connection)


def keep_indexes(sender: Any, using: str, **_kwargs: Any) -> None:
    """After a migration every R*Tree is whole."""
    index.keep(connections[using])


def indexes_are_whole(app_configs: Any, databases: Any = None, **_kwargs: Any) -> list[Error]:
    """`manage check --database default` names the R*Trees that are not."""
    return [
        Error(
            _("空间索引 %(name)s 不完整，地图与叠加查询会漏行。") % {"name": name},
            hint=_("请运行 soildesk setup，它会重建索引。"),
            id="core.E001",
        )
        for using in databases or []
        for name in index.faults(connections[using])
    ]
