"""Jobs of the room `kit`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.jobs import Output, Progress, job
from soildesk.kit import bulk, exports
from soildesk.kit.entries import Entries, nothing
from soildesk.kit.faces import Change
from soildesk.kit.gis import values
from soildesk.kit.register import Row, collections, registers
from soildesk.kit.rows import CHUNK, Selection
from soildesk.kit.seen import required

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


def watched(rows: Iterable[Row], progress: Progress, total: int) -> Iterator[Row]:
    """The rows, with a sign of life every chunk."""
    for number, row in enumerate(rows, start=1):
        if number % CHUNK == 0:
            progress.step(number, total, _("写入表格"))
        yield row


@job("kit.export", title=gettext_lazy("导出表格"))
def export_register(
    progress: Progress, actor: Actor, *, register: str, on: str, query: str, known_on: str = "", kind: str = "xlsx"
) -> Output:
    """Make the file of a register's selection; the register's permission is asked for again."""
    wanted = registers()[register]
    known = datetime.fromisoformat(known_on) if known_on else None
    selection = Selection(wanted, actor, date.fromisoformat(on), QueryDict(query), known)
    required(wanted, actor, selection.on)
    if kind in exports.GROUND_TYPES:
        data = exports.register_ground(selection, kind, lambda done, total: progress.step(done, selection.count))
    else:
        data = exports.register_xlsx(selection, watched(selection.all_rows(), progress, selection.count))
    progress.step(selection.count, selection.count)
    return Output({"rows": selection.count}, (f"{exports.file_name(selection)}.{exports.ending_of(kind)}", data))


@job("kit.bulk_edit", title=gettext_lazy("批量修改"))
def bulk_edit(progress: Progress, actor: Actor, *, collection: str, keys: Sequence[str], **said: Any) -> Output:
    """Set one entry for many rows; rights and rules are asked again, all rows are written or none."""
    register = collections()[collection]
    entries = Entries(required(register, actor, clock.today()), actor)
    given = {key: (entries.by_key[key], text) for key, text in said["values"].items()}
    read = {
        key: nothing(entry) if not text else values.clean(entry, text, entries.choices(entry))
        for key, (entry, text) in given.items()
    }
    since = date.fromisoformat(said["since"]) if said["since"] else None
    selection = Selection(register, actor, clock.today())
    rows = bulk.rows_for(entries, selection.rows_of(keys))
    progress.step(0, len(rows), _("写入"))
    count = bulk.change_all(entries, rows, Change(read, said["why"], since), clock.now())
    progress.step(len(rows), len(rows))
    return Output({"rows": count})
