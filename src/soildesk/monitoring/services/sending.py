"""A file that was brought becomes a batch: read at once where it is small, by a job where it is large; what is told of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import clock, jobs
from soildesk.core.models import Job
from soildesk.core.permissions import Actor
from soildesk.monitoring import findingsheet
from soildesk.monitoring.models import Batch
from soildesk.monitoring.services import intake

READ_AT_ONCE = 2 * 1024 * 1024
"""Bytes of a file that is read while its sender waits."""
TOLD = 1_000
"""Findings told one by one; the counts are of all."""


def send(number: str, sent: intake.Sent, *, by: Actor) -> tuple[Batch, Job | None]:
    """The batch of a file for the campaign of this number, and the job that reads it where it is not read already."""
    campaign = intake.campaign_for(by, number)
    batch = intake.begin(campaign, sent, by=by, at=clock.now())
    if batch.state != Batch.State.LOADING:
        return batch, None
    if sent.path.stat().st_size <= READ_AT_ONCE:
        return intake.take_in(batch, by=by), None
    return batch, by_job(batch, by)


def by_job(batch: Batch, by: Actor) -> Job:
    """A job that reads a batch; until it runs nobody is at it."""
    intake.let_go(batch)
    title = _("读入检测数据“%(name)s”") % {"name": batch.file_name}
    row = jobs.start("monitoring.read_batch", {"batch": str(batch.uid)}, by=by, title=title)
    Batch.objects.filter(pk=batch.pk).update(job=row.uid)
    return row


def sent_before(receipt: str, *, by: Actor) -> Batch | None:
    """What somebody sent, by its receipt or number."""
    own = Batch.objects.filter(by=by.person).select_related("campaign").order_by("-at")
    return next((one for one in own if receipt in (one.receipt, findingsheet.called(one, by))), None)


def told(batch: Batch, by: Actor) -> dict[str, Any]:
    """What a program is told of a batch: of its findings those its asker may see."""
    errors, warnings = findingsheet.counted_for(batch, by)
    rows = findingsheet.seen_by(batch, by).values("row", "column", "rule", "severity", "zh", "en")[:TOLD]
    findings = [{**one, "message": one["zh"]} for one in rows]
    return {
        "batch": findingsheet.called(batch, by), "state": batch.state, "rows": batch.rows, "samples": batch.samples,
        "errors": errors, "warnings": warnings,
        "findings": [{key: one[key] for key in ("row", "column", "rule", "severity", "message", "en")} for one in findings],
        "returned_reason": batch.returned_reason if batch.state == Batch.State.RETURNED else "",
    }  # fmt: skip
