"""Collections as files go into them and come out of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, require
from soildesk.kit.faces import BulkLoading, Entry, Ground, Writing
from soildesk.kit.gis.refusals import GisRefused
from soildesk.kit.register import Register
from soildesk.kit.seen import Seen, all_seen


@dataclass(frozen=True)
class Target:
    """A collection that takes files in, as one actor sees it."""

    seen: Seen
    actor: Actor

    @property
    def register(self) -> Register:
        """As declared."""
        return self.seen.declared

    @property
    def collection(self) -> str:
        """Its short name."""
        return self.register.collection

    @property
    def ground(self) -> Ground:
        """Where its rows lie."""
        assert self.register.ground is not None
        return self.register.ground

    @property
    def way(self) -> BulkLoading | Writing:
        """How its rows are written: whole editions, or one by one."""
        found = self.register.bulk or self.register.writing
        assert found is not None
        return found

    @property
    def bulk(self) -> BulkLoading | None:
        """Where whole editions are taken in."""
        return self.register.bulk

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """What may come from the columns of a file; entries whose values are hidden from the actor are not taken."""
        hidden, fields = self.seen.closed, self.seen.hidden_fields
        known = (entry for entry in self.way.entries if entry.kind != "geometry")
        return [entry for entry in known if entry.key not in hidden and entry.path not in fields]

    @cached_property
    def geometry_key(self) -> str:
        """The entry that takes the geometry."""
        return next((entry.key for entry in self.way.entries if entry.kind == "geometry"), "geometry")

    def path(self, key: str) -> str:
        """Where the value of an entry stands in a row of the collection."""
        return next((entry.path for entry in self.entries if entry.key == key), key)

    @property
    def match(self) -> Sequence[str]:
        """The entries by which a row of a file finds the row that stands."""
        return [self.bulk.match] if self.bulk else list(self.register.writing.match)  # type: ignore[union-attr]

    @cached_property
    def worked_out(self) -> frozenset[str]:
        """Titles of columns, and their names in files, that no entry fills and no file can: computed here."""
        filled = {entry.key for entry in self.entries}
        columns = (c for c in self.register.columns if c.key not in filled and "attributes" not in c.fields)
        return frozenset(plain(str(name)) for c in columns for name in (c.title, c.file_name) if name)

    @cached_property
    def choices(self) -> Mapping[str, Sequence[tuple[str, Any]]]:
        """The choices of each entry that has some."""
        found = {}
        for entry in self.entries:
            given = entry.choices(self.actor, self.seen.on) if callable(entry.choices) else entry.choices
            if given:
                found[entry.key] = given
        return found


def plain(text: str) -> str:
    """A heading without what does not matter: width, case, spaces, brackets with units."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = folded.split("(")[0] if not folded.startswith("(") else folded
    return "".join(sign for sign in folded if sign.isalnum())


def named(actor: Actor, layer: str, on: date) -> Seen:
    """The collection of this short name or title; refuses with those there are."""
    known = with_ground(actor, on)
    wanted = layer.strip()
    for seen in known:
        if wanted == seen.declared.collection:
            return seen
    found = [seen for seen in known if wanted == str(seen.declared.title)]
    if len(found) == 1:
        return found[0]
    shown = "、".join(f"{seen.declared.collection}（{seen.declared.title}）" for seen in known) or _("没有")
    told = _("有几个图层都叫“%(layer)s”：请写图层代码。") if found else _("没有图层“%(layer)s”。")
    raise GisRefused(
        (told + _("现有图层：%(known)s。")) % {"layer": wanted, "known": shown},
        code="gis.unknown_layer",
        data={"layers": [seen.declared.collection for seen in known]},
    )


def with_ground(actor: Actor, on: date) -> list[Seen]:
    """The collections with a place on the map that this actor may see."""
    return [seen for seen in all_seen(actor, on) if seen.declared.ground is not None]


def target(actor: Actor, layer: str, on: date) -> Target:
    """The collection as one that takes files in; the permission to write is asked for."""
    seen = named(actor, layer, on)
    found = Target(seen, actor)
    if seen.declared.bulk is None and (seen.declared.writing is None or seen.declared.writing.add is None):
        raise GisRefused(
            _("图层“%(title)s”不接受文件导入：它的内容由其他页面办理产生。") % {"title": seen.declared.title},
            code="gis.not_importable",
        )
    require(actor, found.way.permission)
    return found


def importable(actor: Actor, on: date) -> list[Target]:
    """The collections this actor may bring files into."""
    from soildesk.core.permissions import may

    found = []
    for seen in all_seen(actor, on):
        register = seen.declared
        takes = register.bulk is not None or (register.writing is not None and register.writing.add is not None)
        if register.ground is not None and takes and may(actor, Target(seen, actor).way.permission):
            found.append(Target(seen, actor))
    return found
