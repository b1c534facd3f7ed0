"""Acts of judgement: have a table judged, keep the judgement, judge a kept one anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files, jobs
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division, FileUse
from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.standards import judging
from soildesk.standards.models import Evaluation, Trial
from soildesk.standards.services.tables import local_editions

ENDINGS = ("csv", "txt", "xlsx", "xls", "parquet")
BY_JOB_BYTES = 1_500_000
"""From this size on a table is judged by a job; smaller ones while the page waits."""
LONGEST_TITLE = 120
OUTCOMES = ("meets", "exceeds_screening", "exceeds_control", "exceeds", "unknown")


class JudgementRefused(Refusal):
    """The act is refused. Codes: standards.table.empty, .ending, standards.trial.not_ready, standards.title.empty."""

    code = "standards.judgement.refused"


@dataclass(frozen=True, slots=True)
class Given:
    """A table as somebody gave it: bytes, name, choices (soildesk.standards.choices), for which division."""

    data: bytes
    name: str
    choices: Mapping[str, str]
    division: Division
    first: Evaluation | None = field(default=None)


def keeper(actor: Actor, division: Division) -> Department:
    """Who keeps what the actor judges: the own department, else the one of the division in charge of soil."""
    if actor.person and actor.person.department:
        return actor.person.department
    found = division.departments.filter(function="ecology").first() or division.departments.first()
    if found is None:
        raise JudgementRefused(_("%(place)s还没有登记部门，判定无处存放。请先登记部门。") % {"place": division.name})
    return found


def try_out(given: Given, *, by: Actor, at: datetime) -> Trial:
    """Have a table judged for a look: at once, or by a job where it is long or slow. Nothing is kept for others.

    Raises TableRefused where the table cannot be read; of a table judged by a job the trial says so.
    """
    require(by, "standards.judge", given.division)
    if by.person is None:
        raise NotAllowed(_("试判须由登录的人员发起。"))
    name = files.clean_name(given.name)
    _check(given.data, name)
    judged = None if len(given.data) >= BY_JOB_BYTES else _at_once(given, name)
    with transaction.atomic():
        trial = Trial.objects.create(
            division=given.division, division_path=given.division.path, owner_department=keeper(by, given.division),
            file_name=name, sha256=hashlib.sha256(given.data).hexdigest(), choices=dict(given.choices),
            first=given.first, by=by.person, at=at,
        )  # fmt: skip
        files.attach(trial, data=given.data, name=name, kind="source", by=by, at=at)
        if judged:
            return _ready(trial, judged, by=by, at=at)
        title = _("判定：%(name)s") % {"name": name}
        trial.job = jobs.start("standards.judge", {"trial": str(trial.uid)}, by=by, title=title).uid
        trial.save(update_fields=["job"])
    return trial


def _at_once(given: Given, name: str) -> judging.Judged | None:
    """The table judged while the page waits; None where that takes too long."""
    try:
        return judging.judge(_table(given.data, name, given.choices, given.division), limits=judging.AT_ONCE)
    except judging.TooSlow:
        return None


def _table(data: bytes, name: str, choices: Mapping[str, str], division: Division) -> judging.Table:
    return judging.Table(data, name, choices, [one.data for one in local_editions(division)])


def _check(data: bytes, name: str) -> None:
    if not data.strip():
        raise JudgementRefused(_("还没有检测结果：请粘贴表格，或选择一个文件。"), code="standards.table.empty")
    if len(data) > judging.LIMITS.file_mb * 1024 * 1024:
        raise judging.too_large(name, len(data))
    if name.rpartition(".")[2].lower() not in ENDINGS:
        raise JudgementRefused(
            _("“%(name)s”不是检测结果表的格式。可用：%(endings)s。请用 Excel 或 WPS 另存为 xlsx。")
            % {"name": name, "endings": "、".join(ENDINGS)},
            code="standards.table.ending",
        )
    files.check(data, name)


def run(trial: Trial, *, by: Actor, at: datetime, step: Callable[[int], None] | None = None) -> Trial:
    """Judge the table of a waiting trial; a refusal stays with it."""
    table = _table(files.read(source_of(trial)), trial.file_name, trial.choices, trial.division)
    try:
        judged = judging.judge(table, step=step)
    except judging.TableRefused as refusal:
        trial.state, trial.refusal = Trial.State.REFUSED, refusal.sentences
        trial.save(update_fields=["state", "refusal"])
        return trial
    with transaction.atomic():
        return _ready(trial, judged, by=by, at=at)


def _ready(trial: Trial, judged: judging.Judged, *, by: Actor, at: datetime) -> Trial:
    trial.state, trial.result = Trial.State.READY, judged.result
    trial.result_sha256 = hashlib.sha256(judged.rows).hexdigest()
    trial.save(update_fields=["state", "result", "result_sha256"])
    files.attach(trial, data=judged.rows, name=_("判定结果.parquet"), kind="judged", by=by, at=at)
    return trial


def source_of(row: Trial | Evaluation) -> FileUse:
    """The table as it was given."""
    return _file(row, "source")


def judged_of(row: Trial | Evaluation) -> FileUse:
    """The judged rows."""
    return _file(row, "judged")


def _file(row: Trial | Evaluation, kind: str) -> FileUse:
    return next(one for one in files.uses_of(row) if one.kind == kind)


def keep(trial: Trial, title: str, *, by: Actor, at: datetime) -> Evaluation:
    """Keep a trial as an evaluation: table, choices, verdicts and what they rest on."""
    require(by, "standards.judge", trial.division)
    title = " ".join(title.split())[:LONGEST_TITLE]
    if not title:
        raise JudgementRefused(_("名称不能为空：请写明是哪里、哪一批的检测结果。"), code="standards.title.empty")
    with transaction.atomic():
        held = Trial.objects.select_for_update().get(pk=trial.pk)
        if by.person is None or held.by_id != by.person.pk:
            raise NotAllowed(_("试判只能由判定人自己保存。"))
        if held.state != Trial.State.READY:
            raise JudgementRefused(
                _("这次判定现在是“%(state)s”，不能保存。请重新粘贴表格。") % {"state": held.get_state_display()},
                code="standards.trial.not_ready",
            )
        evaluation = _evaluation(held, title, by=by, at=at)
        evaluation.save()
        for kind in ("source", "judged"):
            use = _file(held, kind)
            files.attach(evaluation, data=files.read(use), name=use.name, kind=kind, by=by, at=at)
        held.state = Trial.State.KEPT
        held.save(update_fields=["state"])
        audit.record(
            "standards.evaluation.rejudged" if held.first_id else "standards.evaluation.kept",
            subject=evaluation, by=by, at=at,
            data={"rows": evaluation.rows, "table": evaluation.sha256, "result": evaluation.result_sha256,
                  "rules": evaluation.fingerprint},
        )  # fmt: skip
    return evaluation


def _evaluation(trial: Trial, title: str, *, by: Actor, at: datetime) -> Evaluation:
    summary: dict[str, Any] = trial.result["zh"]
    names = [one["standard"] for one in summary["standards"]]
    counts = {name: summary["verdicts"].get(name, 0) for name in OUTCOMES}
    return Evaluation(
        division=trial.division, division_path=trial.division_path, owner_department=trial.owner_department,
        title=title, file_name=trial.file_name, sha256=trial.sha256, choices=trial.choices,
        result=trial.result, result_sha256=trial.result_sha256, standards=names, standard="、".join(names)[:200],
        day=date.fromisoformat(trial.choices.get("as_if_on") or trial.choices["on"]),
        version=summary["rules"]["version"], fingerprint=summary["rules"]["fingerprint"],
        rows=summary["rows"], samples=summary["samples"], from_knowledge=summary["from_knowledge"],
        first=trial.first, by=by.person, at=at, **counts,
    )  # fmt: skip


def judge_anew(evaluation: Evaluation, choices: Mapping[str, str], *, by: Actor, at: datetime) -> Trial:
    """Have the table of a kept judgement judged again by other choices or by today's tables; the first stays."""
    require(by, "standards.read", evaluation)
    source = source_of(evaluation)
    here = {**choices, "division": evaluation.division.code}  # the results stay where they belong
    given = Given(files.read(source), source.name, here, evaluation.division, evaluation.first or evaluation)
    return try_out(given, by=by, at=at)
