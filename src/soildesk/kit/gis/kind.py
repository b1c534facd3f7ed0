"""The kind of import all GIS files are: how one is accepted, and what is taken away of one that is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import shapely
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.kit import imports
from soildesk.kit.faces import Change, Writing
from soildesk.kit.gis import asked as memory
from soildesk.kit.gis import values
from soildesk.kit.gis.loading import CHUNK, KIND, why_of
from soildesk.kit.gis.targets import Target, target
from soildesk.kit.imports import ImportKind, ImportRefused, Purpose
from soildesk.kit.models import ImportBatch, ImportRow
from soildesk.kit.register import called


def _subject(actor: Actor, given: Mapping[str, str]) -> Any:
    """The collection, for the permission to write into it."""
    if not given.get("collection"):
        raise ImportRefused(_("没有指明导入到哪个图层：请从图层页面进入。"), code="kit.import.unknown")
    target(actor, given["collection"], clock.today())
    return None


def _apply(rows: Sequence[ImportRow], purpose: Purpose) -> dict[str, Any]:
    """Let a whole edition count, or do the acts row by row; inside the transaction of accepting."""
    batch = purpose.batch
    assert batch is not None
    asked = memory.from_json(batch.options)
    wanted = target(purpose.actor, batch.collection, asked.since or clock.local_day(batch.at))
    if wanted.bulk is not None:
        wanted.bulk.accept(purpose.actor, batch.edition, purpose.at)
    else:
        _write(rows, wanted, purpose)
    columns = {line["read"]: line["as"] for line in batch.mapping.get("columns", ()) if line["as"]}
    memory.remember(purpose.actor, batch.collection, columns, purpose.at)
    counted = {fate: batch.counts.get(fate, 0) for fate in ("new", "changed", "same")}
    return {**counted, "area_m2": round(batch.area_m2, 2)}


def _write(rows: Sequence[ImportRow], wanted: Target, purpose: Purpose) -> None:
    writing, batch = wanted.register.writing, purpose.batch
    assert writing is not None
    assert batch is not None
    asked = memory.from_json(batch.options)
    since = asked.since or clock.local_day(batch.at)
    _must_stand_as_seen(rows, wanted)
    for row in rows:
        change = Change(_values(row, wanted), why_of(asked), since if writing.dated else None, batch)
        _act(writing, row.key, change, purpose.actor, purpose.at)
    if writing.after is not None:
        writing.after(purpose.actor, batch)


def _act(writing: Writing, key: str, change: Change, actor: Actor, at: datetime) -> None:
    if not key:
        assert writing.add is not None
        writing.add(actor, change, at)
    elif writing.change is not None:
        writing.change(actor, key, change, at)


def _values(row: ImportRow, wanted: Target) -> dict[str, Any]:
    """The values of a kept row as the room's act takes them."""
    after = row.after or {}
    found = {
        entry.key: values.clean(entry, after[entry.key], wanted.choices.get(entry.key, ()))
        for entry in wanted.entries
        if entry.key in after
    }
    if wanted.geometry_key in after and row.wkb is not None:
        found[wanted.geometry_key] = shapely.from_wkb(bytes(row.wkb))
    return found


def _must_stand_as_seen(rows: Sequence[ImportRow], wanted: Target) -> None:
    """A row shown as new must not have been registered since the preview."""
    news: Iterator[ImportRow] = iter([row for row in rows if not row.key])
    while chunk := list(islice(news, CHUNK)):
        for key in wanted.match:
            codes = [row.after[key] for row in chunk if row.after and row.after.get(key)]
            path = wanted.path(key)
            found = wanted.seen.queryset().filter(**{f"{path}__in": codes}).values_list(path, flat=True)[:5]
            if shown := "、".join(str(code) for code in found):
                raise ImportRefused(
                    _("预览之后，代码 %(codes)s 等已由别人登记。请重新选择文件，再看一次每一行的结果。")
                    % {"codes": shown},
                    code="kit.import.stale",
                )


def writes(batch: ImportBatch) -> int:
    """How many rows would be written; an edition is written whole, with the shapes that stay the same."""
    fates = ("new", "changed", "same") if batch.edition else ("new", "changed")
    return sum(batch.counts.get(fate, 0) for fate in fates)


def _release(batch: ImportBatch) -> None:
    """A loading edition goes with its batch."""
    register = called(batch.collection)
    if not batch.edition or register is None or register.bulk is None:
        return
    register.bulk.discard(batch.edition)
    batch.edition = ""
    batch.save(update_fields=["edition"])


def _page(batch: ImportBatch, params: Mapping[str, str]) -> Mapping[str, Any]:
    from soildesk.kit.gis.preview import page

    return page(batch, params)


GIS = imports.add(
    ImportKind(
        name=KIND,
        title=gettext_lazy("图形数据"),
        permission="",
        read=lambda data, name, purpose: imports.Understood([], []),
        apply=_apply,
        subject=_subject,
        release=_release,
        page=_page,
        writes=writes,
        template="kit/import_gis_preview.html",
        names={
            "new": gettext_lazy("新增"),
            "changed": gettext_lazy("变更"),
            "same": gettext_lazy("相同"),
            "area_m2": gettext_lazy("面积（m²）"),
        },
        done_url=lambda batch: reverse("kit:collection", args=[batch.collection]),
    )
)
