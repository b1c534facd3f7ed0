"""录入本地规则 through kit's import page: every row's fate first, and all of the workbook or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files, sandbox
from soildesk.core.permissions import Actor
from soildesk.decisions import ruletable
from soildesk.decisions.models import LocalRules
from soildesk.decisions.queries.profiles import places_to_enter
from soildesk.decisions.services import profiles
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
from soilrules.plantext.formats import UnreadableFile

SHEET = "sheet"


def _rules(data: bytes, name: str, actor: Actor) -> ruletable.ReadRules:
    try:
        sheets = sandbox.sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence((get_language() or "zh")[:2]), code="kit.import.unreadable") from error
    return ruletable.read(sheets, places_to_enter(actor))


def _read(data: bytes, name: str, purpose: Purpose) -> Understood:
    found = _rules(data, name, purpose.actor)
    sheets = {
        ruletable.HEAD_SHEET: ruletable.HEAD,
        ruletable.ROWS_SHEET: ruletable.ROW,
        ruletable.LIMITS_SHEET: ruletable.LIMIT,
    }
    mapping = [MappingLine(sheet, "、".join(columns.values())) for sheet, columns in sheets.items()]
    notes = [_("写入后还不参加核查：由签发人在“属地规则”页看过每一条、采用之后才适用。")]
    if found.data is None:
        notes = [_("文件里有要改的地方，所以整份不写入。改好后重新选择文件。")]
    return Understood(mapping, list(_fates(found)), notes)


def _fates(found: ruletable.ReadRules) -> Iterator[RowFate]:
    """The head as one row, then every rule and limit; where anything is wrong nothing is taken."""
    for row in found.rows:
        told = {SHEET: row.sheet} | {key: value for key, value in row.said.items() if value}
        if found.data is not None:
            yield RowFate(row.number, told, "ok", [], None, told)
        else:
            yield RowFate(
                row.number, told, "refused", list(row.faults) or [_("这一行没有问题，等别处改好后一并写入。")]
            )


def _apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    batch = rows[0].batch if rows else None
    if batch is None or batch.file is None:
        raise ImportRefused(_("没有可写入的内容：请重新选择文件。"))
    content = files.read(batch.file)
    found = _rules(content, batch.file_name, purpose.actor)
    if found.data is None:
        raise ImportRefused(_("文件里有要改的地方，没有写入任何内容。请改好后重新选择文件。"))
    made = profiles.enter(found.data, (batch.file_name, content), batch.uid, by=purpose.actor, at=purpose.at)
    return {"rules": len(made.data["rows"]) + len(made.data["moments"])}


def _done(batch: ImportBatch) -> str:
    row = LocalRules.objects.filter(import_uid=batch.uid).first()
    return f"{reverse('decisions:profiles')}#own-{row.uid}" if row else ""


LOCAL_RULES = add(
    ImportKind(
        name="decisions.rules",
        title=_l("本地规则"),
        permission="decisions.enter_rules",
        read=_read,
        apply=_apply,
        names={
            SHEET: _l("工作表"),
            **ruletable.LIMIT,
            **ruletable.ROW,
            **ruletable.HEAD,
            "rules": _l("写入的规则"),
        },
        accepts=(".xlsx", ".xls"),
        hint=_l("照印本填写模板：一张写文件本身，一张一行一条规则，一张写期限。全部正确才写入，写入后由签发人采用。"),
        template_url=lambda given: reverse("decisions:rules_template"),
        done_url=_done,
    )
)
