"""Acts on a checked batch: cells compared with the report, then accepted, accepted with flags, or returned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.permissions import Actor, may, require
from soildesk.monitoring import comparing, loading
from soildesk.monitoring.models import Batch, Campaign, Judgement, Surface
from soildesk.monitoring.queries.samplefacts import accepted
from soildesk.monitoring.services import intake, judging, surfacemarks

DECIDES = "monitoring.accept_results"


class BatchRefused(intake.IntakeRefused):
    """A batch cannot be decided on so.

    Codes: monitoring.batch.decided, .errors, .different, .not_compared, .no_report, .quality, .reason_missing, .already.
    """


def bind_report(batch: Batch, report: tuple[str, bytes], *, by: Actor, at: datetime) -> Batch:
    """Bind the laboratory's report (PDF) to the data by its hash."""
    require(by, "monitoring.send_results", batch)
    with transaction.atomic():
        held = _held(batch)
        if not takes_report(held):
            raise _decided(held)
        for former in files.uses_of(held).filter(kind=intake.REPORT):
            files.withdraw(former, why=_("换了报告"), by=by, at=at)
        intake.bind(held, report, by=by, at=at)
        for cell in held.drawn:
            cell["same"] = None  # what was compared was another report
        held.save(update_fields=["drawn"])
        data = {"number": held.number, "report": held.report_sha256}
        audit.record("monitoring.batch.report_bound", subject=held, by=by, at=at, data=data)
    return held


def takes_report(batch: Batch) -> bool:
    """Whether a report may be bound: until the batch is decided on, or where it was accepted without one."""
    if batch.state == Batch.State.FLAGGED:
        return not batch.report_sha256
    return batch.state in (Batch.State.LOADING, Batch.State.CHECKED)


def compare(batch: Batch, same: Mapping[int, bool], *, by: Actor, at: datetime) -> Batch:
    """Say of drawn cells (by their place in the list) whether the report prints the same."""
    require(by, DECIDES, batch)
    with transaction.atomic():
        held = _held(batch)
        if held.state not in (Batch.State.CHECKED, Batch.State.FLAGGED):
            raise _decided(held)
        if not held.report_sha256:
            raise BatchRefused(
                _("还没有绑定检测报告：请先上传报告 PDF，再逐格核对。"), code="monitoring.batch.no_report"
            )
        for place, answer in same.items():
            if 0 <= place < len(held.drawn):
                held.drawn[place]["same"] = answer
        held.save(update_fields=["drawn"])
        audit.record(
            "monitoring.batch.compared", subject=held, by=by, at=at,
            data={"number": held.number, "same": _count(held, True), "different": _count(held, False)},
        )  # fmt: skip
    return held


def _count(batch: Batch, answer: bool | None) -> int:
    return sum(cell["same"] is answer for cell in batch.drawn)


def stopped(batch: Batch, *, flagged: bool = False) -> BatchRefused | None:
    """Which rule stops a batch from being accepted; None where nothing does."""
    if batch.state != Batch.State.CHECKED:
        return _decided(batch)
    if batch.errors:
        return BatchRefused(
            _("检查出 %(n)d 个错误，一个结果也不能接收：请退回检测机构改正后重新报送。") % {"n": batch.errors},
            code="monitoring.batch.errors",
        )
    if different := _count(batch, False):
        return BatchRefused(
            _("有 %(n)d 个抽核的数与报告不同，不能接收：请退回检测机构查明。") % {"n": different},
            code="monitoring.batch.different",
        )
    if batch.report_sha256 and (left := _count(batch, None)):
        return BatchRefused(
            _("还有 %(n)d 个抽核的数没有与报告核对：请逐格核对后再接收。") % {"n": left},
            code="monitoring.batch.not_compared",
        )
    return None if flagged else _only_with_flags(batch)


def _only_with_flags(batch: Batch) -> BatchRefused | None:
    """What allows no more than an acceptance with flags."""
    if not batch.report_sha256:
        return BatchRefused(
            _("没有绑定检测报告，数据无从核对：请绑定报告并核对；确实没有报告的，写明理由，带标记接收。"),
            code="monitoring.batch.no_report",
        )
    if batch.quality.get("verdict") == "return_to_laboratory":
        return BatchRefused(
            _("质量控制不合格：请退回检测机构；有理由仍要使用的，写明理由，带标记接收。"),
            code="monitoring.batch.quality",
        )
    return None


def _stands_already(batch: Batch) -> BatchRefused | None:
    """Results that another batch brought, accepted after this one was checked."""
    twice = next(comparing.with_accepted(batch), None)
    return twice and BatchRefused(
        _(
            "第 %(row)d 行等结果已在这个监测任务的另一批中接收，不能再接收一遍：请退回这一批；要改正的，在已接收的结果上更正。"
        )
        % {"row": twice["row"]},
        code="monitoring.batch.already",
    )


def accept(batch: Batch, *, by: Actor, at: datetime, reason: str = "") -> Batch:
    """Accept all results of a batch, or with a `reason` accept them with flags; then the campaign is judged."""
    require(by, DECIDES, batch)
    flagged = bool(reason.strip())
    with transaction.atomic():
        held = _held(batch)
        Campaign.objects.select_for_update().get(pk=held.campaign_id)  # of two batches at once one comes first
        if why := stopped(held, flagged=flagged) or _stands_already(held):
            raise why
        held.state = Batch.State.FLAGGED if flagged else Batch.State.ACCEPTED
        held.returned_reason = reason.strip()[:500]
        held.decided_by, held.decided_at = by.person, at
        held.save(update_fields=["state", "returned_reason", "decided_by", "decided_at"])
        audit.record(
            "monitoring.batch.accepted", subject=held, by=by, at=at,
            data={
                "number": held.number, "state": held.state, "file": held.sha256, "report": held.report_sha256,
                "rows": held.rows, "warnings": held.warnings, "quality": held.quality.get("verdict", ""),
            },
        )  # fmt: skip
        of = held.results.order_by().values_list("medium", "analyte").distinct()
        surfacemarks.outdate(held.campaign, of, Surface.Stale.ACCEPTED, by=by, at=at)
        if may(by, judging.PERMISSION, held.campaign):
            _judge(held, by, at)
    return held


def _judge(held: Batch, by: Actor, at: datetime) -> None:
    """Judge with the act; of very many results a job does it, and the batch says so until then."""
    if by.person is None or accepted(held.campaign).count() <= judging.MANY:
        judging.judge(held.campaign, Judgement.Why.ACCEPTED, by=by, at=at, batch=held)
        return
    held.job = judging.judge_many(held, by=by, title=_("评价批次 %(number)s") % {"number": held.number}).uid
    held.save(update_fields=["job"])


def send_back(batch: Batch, reason: str, *, by: Actor, at: datetime) -> Batch:
    """Return a batch to the laboratory with the list of findings; its results are taken away, the file stays."""
    require(by, DECIDES, batch)
    if not reason.strip():
        raise BatchRefused(_("请写明退回的原因：检测机构据此改正。"), code="monitoring.batch.reason_missing")
    with transaction.atomic():
        held = _held(batch)
        if held.state != Batch.State.CHECKED:
            raise _decided(held)
        held.state, held.returned_reason = Batch.State.RETURNED, reason.strip()[:500]
        held.decided_by, held.decided_at = by.person, at
        held.save(update_fields=["state", "returned_reason", "decided_by", "decided_at"])
        audit.record(
            "monitoring.batch.returned", subject=held, by=by, at=at,
            data={"number": held.number, "file": held.sha256, "errors": held.errors, "warnings": held.warnings},
        )  # fmt: skip
    loading.remove(held.results.all())
    return held


def _held(batch: Batch) -> Batch:
    return Batch.objects.select_for_update().get(pk=batch.pk)


def _decided(batch: Batch) -> BatchRefused:
    return BatchRefused(
        _("%(number)s 现在是“%(state)s”，不能再办理。") % {"number": batch.number, "state": batch.get_state_display()},
        code="monitoring.batch.decided",
    )
