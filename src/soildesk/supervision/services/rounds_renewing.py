"""A plan of an open round is replaced by its new edition: the round asks about the new one from then on.

Sheets are read again and hold the tasks that went on, with what the unit wrote about them. What was signed stays as it was
signed and counts: it speaks of the edition of its day, and the round's page says so; sent back, it is about the new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from soildesk.core import audit
from soildesk.plans.services.handing_over import Paper
from soildesk.supervision.models import DispatchRound, DispatchSheet
from soildesk.supervision.queries.sheets import records_of
from soildesk.supervision.services.rounds import plan_set_of


def renew(paper: Paper, replaced: Sequence[Any], tasks: Mapping[str, str]) -> None:
    """Open rounds about the plans replaced are about the new edition. Part of an act of the plan's room."""
    about = DispatchRound.plans.through.objects.filter(plan__in=[plan.pk for plan in replaced])
    rows = DispatchRound.objects.select_for_update(of=("self",)).filter(pk__in=about.values("dispatchround_id"))
    for one in rows.filter(state=DispatchRound.State.OPEN).order_by("pk"):
        _renew(one, paper, replaced, tasks)


def _renew(one: DispatchRound, paper: Paper, replaced: Sequence[Any], tasks: Mapping[str, str]) -> None:
    one.plans.remove(*replaced)
    one.plans.add(paper.plan)
    one.plan_set = plan_set_of(list(one.plans.all()))
    one.save(update_fields=["plan_set"])
    sheets = list(one.sheets.order_by("pk"))
    records = records_of(one, paper.day, [sheet.unit_id for sheet in sheets]) if sheets else {}
    for sheet in sheets:
        sheet.records, sheet.read_at = records.get(sheet.unit_id, {"tasks": []}), paper.at
        sheet.words = _words(sheet.words, tasks)
    DispatchSheet.objects.bulk_update(sheets, ["records", "read_at", "words"], batch_size=200)
    signed = sum(sheet.state == DispatchSheet.State.SIGNED for sheet in sheets)
    data = {"number": one.number, "edition": str(paper.plan.uid), "sheets": len(sheets), "signed_before": signed}
    audit.record("supervision.round.renewed", subject=one, by=paper.by, at=paper.at, data=data)


def _words(words: dict[str, Any], tasks: Mapping[str, str]) -> dict[str, Any]:
    """What a unit wrote about a task that goes on is about its successor."""
    own = words.get("tasks", {})
    return {**words, "tasks": {tasks[uid]: told for uid, told in own.items() if uid in tasks}} if own else words
