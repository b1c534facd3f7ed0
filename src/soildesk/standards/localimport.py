"""录入地方标准 through kit's import page: every row's fate first, and all of the table or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files, sandbox
from soildesk.core.permissions import Actor
from soildesk.kit.imports import (
    ImportBatch,
    ImportKind,
    ImportRefused,
    ImportRow,
    MappingLine,
    Purpose,
    RowFate,
    Understood,
    add,
)
from soildesk.standards import localtable
from soildesk.standards.models import LocalProposal
from soildesk.standards.services import localtables
from soilrules.plantext.formats import UnreadableFile
from soilrules.standards.library import shipped


def _table(data: bytes, name: str, actor: Actor) -> localtable.ReadTable:
    try:
        sheets = sandbox.sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence((get_language() or "zh")[:2]), code="kit.import.unreadable") from error
    codes = {code: row.name for code, row in localtables.divisions_to_enter(actor).items()}
    return localtable.read(sheets, shipped(), codes)


def _read(data: bytes, name: str, purpose: Purpose) -> Understood:
    table = _table(data, name, purpose.actor)
    mapping = [MappingLine(word, word) for word in (*localtable.HEAD.values(), *localtable.ROW.values())]
    notes = [] if table.sound else [_("表里有要改的地方，所以整份不写入。改好后重新选择文件。")]
    return Understood(mapping, list(_fates(table)), notes)


def _fates(table: localtable.ReadTable) -> Iterator[RowFate]:
    """The head as one row, then every limit; where anything is wrong nothing is taken."""
    rows = [
        (table.head_row, table.head, table.head_faults),
        *((row.number, row.said, row.faults) for row in table.rows),
    ]
    for number, said, faults in rows:
        told = {key: value for key, value in said.items() if value}
        if table.sound:
            yield RowFate(number, told, "ok", [], None, told)
        else:
            yield RowFate(number, told, "refused", list(faults) or [_("这一行没有问题，等别处改好后一并写入。")])


def _apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    batch = rows[0].batch if rows else None
    if batch is None or batch.file is None:
        raise ImportRefused(_("没有可写入的内容：请重新选择文件。"))
    data = files.read(batch.file)
    table = _table(data, batch.file_name, purpose.actor)
    if table.data is None:
        raise ImportRefused(_("表里有要改的地方，没有写入任何内容。请改好后重新选择文件。"))
    given = localtables.Proposed(table.data, data, batch.file_name, table.head.get("file_number", ""), batch.uid)
    proposal = localtables.propose(given, by=purpose.actor, at=purpose.at)
    return {"limits": len(proposal.data["limits"])}


def _done(batch: ImportBatch) -> str:
    row = LocalProposal.objects.filter(import_uid=batch.uid).first()
    return reverse("standards:proposal", args=[row.uid]) if row else ""


LOCAL_TABLE = add(
    ImportKind(
        name="standards.local",
        title=_l("地方标准"),
        permission="standards.local.propose",
        read=_read,
        apply=_apply,
        names=localtable.NAMES,
        accepts=(".xlsx", ".xls"),
        hint=_l("照印本填写模板：一张写标准本身，一张一行一个限值。全部正确才写入，写入后须另一人复核采用。"),
        template_url=lambda given: reverse("standards:local_template"),
        done_url=_done,
    )
)
