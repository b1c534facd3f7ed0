"""`soildesk results import`: a laboratory's file into a campaign, all of it or nothing."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.monitoring.services import batches, intake, sending

STEP_S = 2.0
SHOWN = 50
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
STATES = {"checked": "待审核", "accepted": "已接收", "flagged": "带标记接收", "returned": "已退回", "loading": "读入中"}


def import_file(options: argparse.Namespace) -> None:
    """Read a file into a batch of a campaign and check it; with --accept also accept it, where nothing is against it."""
    try:
        told = _taken(options, actor_of(options))
    except (Refusal, NotAllowed) as refusal:
        code = getattr(refusal, "code", "cli.not_allowed")
        data = {"ok": False, "error": {"code": code, "sentence": str(refusal)}}
        raise Refused(str(refusal), code=code, data=data) from refusal
    if not options.json:
        _show(told)
    if told["errors"]:
        sentence = f"“{Path(options.file).name}”有 {told['errors']} 个错误，不能接收；批次 {told['batch']} 待退回或改正后重新报送。"
        raise Refused(sentence, code="monitoring.batch.errors", data={"ok": False, **told})
    if options.json:
        show_json({"ok": True, **told})


def _taken(options: argparse.Namespace, actor: Actor) -> dict[str, Any]:
    path = Path(options.file)
    if not path.is_file():
        raise Refused(f"没有文件“{path}”：请检查路径。", code="monitoring.file.none")
    report = Path(options.report) if options.report else None
    if report and not report.is_file():
        raise Refused(f"没有检测报告“{report}”：请检查路径。", code="monitoring.file.none")
    sent = intake.Sent(
        path, path.name, no_secrets=not options.secrets, laboratory=options.laboratory, cma=options.cma,
        report_number=options.report_number, reported_on=day_of(options.reported_on, "--reported-on"),
        report=(report.name, report.read_bytes()) if report else None, by_command=True,
    )  # fmt: skip
    campaign = intake.campaign_for(actor, options.campaign)
    batch = intake.begin(campaign, sent, by=actor, at=clock.now())
    again = batch.state != batch.State.LOADING
    if not again:
        batch = intake.take_in(batch, sent, by=actor, step=_Told())
    if sent.report and hashlib.sha256(sent.report[1]).hexdigest() != batch.report_sha256:  # sent again, now with it
        batch = batches.bind_report(batch, sent.report, by=actor, at=clock.now())
    if options.accept and batch.state == batch.State.CHECKED and not batch.errors:
        batch = batches.accept(batch, by=actor, at=clock.now(), reason=options.reason)
    return {**sending.told(batch, actor), "campaign": campaign.number, "again": again}


class _Told:
    """Progress on stderr, every two seconds."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self._at > STEP_S:
            self._at = time.monotonic()
            sys.stderr.write(f"已读入 {done} 个结果\n")


def _show(told: dict[str, Any]) -> None:
    head = "这个文件以前报送过：" if told["again"] else ""
    state = STATES.get(told["state"], told["state"])
    show(
        f"{head}批次 {told['batch']}（{state}）：{told['samples']} 个样品，{told['rows']} 个结果，错误 {told['errors']}，警告 {told['warnings']}。"
    )
    for one in told["findings"][:SHOWN]:
        show(f"{SEVERITIES[one['severity']]}　{one['message']}")
    if len(told["findings"]) > SHOWN:
        show("……其余见批次页，或加 --json。")
