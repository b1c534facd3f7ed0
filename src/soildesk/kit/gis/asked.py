"""What a person says of a file, and what is remembered for the office."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit.gis.refusals import GisRefused
from soildesk.kit.models import ColumnMapping

CARRIED = "+"
"""In the place of an entry: the column is carried along as an attribute."""
TABLE_ROLES = ("wkt", "lon", "lat", "east", "north", "pair", "parcel", "ring", "point")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is said of a file; empty: told from the file.

    `columns`: column of the file → entry (empty: not used; +: carried as an attribute); `values`: entry → {value in the file: value};
    `constants`: entry → one value for every row; `table`: which columns of a table hold the coordinates.
    """

    crs: str = ""
    axis: str = ""  # xy: east or longitude first; yx: the other way round
    layer: str = ""
    encoding: str = ""
    shape: str = ""  # of a table: points or corners
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    table: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    why: str = ""
    title: str = ""
    document: str = ""
    repair: bool = False
    accept_outside: bool = False

    def as_json(self) -> dict[str, Any]:
        """To be kept with the import."""
        held = asdict(self)
        return {**held, "since": self.since.isoformat() if self.since else None}

    def reading(self) -> dict[str, Any]:
        """The part that decides what is read from the file: said otherwise, the same file is another import."""
        held = self.as_json()
        left_out = ("since", "why", "title", "document")
        return {name: value for name, value in sorted(held.items()) if value and name not in left_out}


def from_json(held: Mapping[str, Any]) -> Asked:
    """What `as_json` gave."""
    known = {one.name for one in fields(Asked)}
    kept = {name: value for name, value in held.items() if name in known}
    since = kept.pop("since", None)
    return Asked(**kept, since=date.fromisoformat(since) if since else None)


def with_map(asked: Asked, text: str, name: str) -> Asked:
    """`asked` with what a map.toml says; what was said otherwise already counts.

    [columns] 列名 = "entry"; [values.entry] 文件中的值 = "值"; [constants] entry = "值"; [table] lon = "列名";
    [file] crs, axis, layer, encoding, shape.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GisRefused(
            _('对照文件“%(name)s”不是完整的 TOML：%(detail)s。请检查引号和等号，例如 "宗地代码" = "code"。')
            % {"name": name, "detail": error},
            code="gis.map_unreadable",
        ) from None
    expected = ("columns", "values", "constants", "table", "file")
    if odd := sorted(set(told) - set(expected)):
        raise GisRefused(
            _("对照文件“%(name)s”里有认不出的部分“%(odd)s”，应为：%(expected)s。")
            % {"name": name, "odd": "、".join(odd), "expected": "、".join(expected)},
            code="gis.map_unreadable",
        )
    file = {key: str(value) for key, value in told.get("file", {}).items() if key in _FILE and not getattr(asked, key)}
    parts = {part: told[part] for part in expected[:-1] if told.get(part)}
    return replace(asked, **file, **parts)


_FILE = ("crs", "axis", "layer", "encoding", "shape")


def remembered(actor: Actor, collection: str) -> dict[str, str]:
    """How the actor's office read columns for this collection before."""
    department = actor.person.department if actor.person else None
    row = ColumnMapping.objects.filter(department=department, collection=collection).first() if department else None
    return dict(row.mapping) if row else {}


def remember(actor: Actor, collection: str, mapping: Mapping[str, str], at: datetime) -> None:
    """Keep how columns were read, beside those of other files. Part of the act of accepting an import."""
    department = actor.person.department if actor.person else None
    if department is None:
        return
    row, _created = ColumnMapping.objects.select_for_update().get_or_create(
        department=department, collection=collection, defaults={"saved_at": at}
    )
    row.mapping, row.saved_at = {**row.mapping, **mapping}, at
    row.save(update_fields=["mapping", "saved_at"])
