"""What may be told of a batch to whom: the office sees all, a laboratory what its own file shows, and that only.

Before a batch is returned a laboratory is not told which of its sample codes the campaign knows: it could try codes out.
Blind parallels, samples of others and results of others are never told.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, may
from soildesk.kit import languages
from soildesk.kit.sheets import Sheet, SheetColumn
from soildesk.monitoring.comparing import OWN
from soildesk.monitoring.models import Batch, BatchFinding
from soildesk.monitoring.rulenames import rule_title

OF_TASKS = ("orphan", "id_alike")
"""Rules that say which samples the campaign knows."""


def seen_by(batch: Batch, actor: Actor) -> QuerySet[BatchFinding]:
    """The findings of a batch that this actor may see."""
    rows = batch.findings.all()
    if may(actor, "monitoring.read", batch):
        return rows
    for start in OWN:
        rows = rows.exclude(rule__startswith=start)
    if batch.state != Batch.State.RETURNED:
        rows = rows.exclude(rule__in=OF_TASKS)
    return rows


def counted_for(batch: Batch, actor: Actor) -> tuple[int, int]:
    """Errors and warnings among what the actor may see."""
    rows = seen_by(batch, actor)
    return rows.filter(Q(severity="error")).count(), rows.filter(severity="warning").count()


def called(batch: Batch, actor: Actor) -> str:
    """The number of a batch for the office, its receipt for a laboratory."""
    return batch.number if may(actor, "monitoring.read", batch) else batch.receipt


def of_batch(batch: Batch, actor: Actor) -> Sheet:
    """The list that goes back to the laboratory."""
    columns = [
        SheetColumn(_("行"), 7, numeric=True), SheetColumn(_("列"), 14), SheetColumn(_("程度"), 8),
        SheetColumn(_("说明"), 70), SheetColumn(_("规则"), 22),
    ]  # fmt: skip
    order = {"error": 0, "warning": 1, "info": 2}
    found = sorted(seen_by(batch, actor), key=lambda one: (order[one.severity], one.row))
    lines = [
        [one.row, one.column, str(one.get_severity_display()), languages.called(one), rule_title(one.rule)]
        for one in found
    ]
    note = _("文件 %(file)s · 批次 %(number)s · %(state)s") % {
        "file": batch.file_name, "number": called(batch, actor), "state": batch.get_state_display(),
    }  # fmt: skip
    if batch.state == Batch.State.RETURNED and batch.returned_reason:
        note = _("%(note)s · 退回原因：%(why)s") % {"note": note, "why": batch.returned_reason}
    return Sheet(_("问题清单"), columns, lines, title=_("检测数据问题清单"), note=note)
