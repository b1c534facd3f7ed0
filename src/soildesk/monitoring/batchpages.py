"""What this room adds to the record page of a batch: what was understood, what was found, what may be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.kit.faces import RecordPage
from soildesk.kit.languages import called, language
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Row
from soildesk.monitoring.markwords import mark_word, worded
from soildesk.monitoring.models import Batch, BatchFinding, Medium
from soildesk.monitoring.queries.outdated import judged
from soildesk.monitoring.queries.results import analyte_name
from soildesk.monitoring.rulenames import rule_title
from soildesk.monitoring.services import batches
from soilrules.labtables import headings

State = Batch.State
STATES = {
    State.LOADING.value: ("busy", "hourglass-split", State.LOADING.label),
    State.CHECKED.value: ("warn", "eye", State.CHECKED.label),
    State.RETURNED.value: ("bad", "reply", State.RETURNED.label),
    State.ACCEPTED.value: ("good", "check-circle-fill", State.ACCEPTED.label),
    State.FLAGGED.value: ("good", "flag", State.FLAGGED.label),
}
QUALITY: dict[str, tuple[str, str, Any]] = {
    "accept": ("good", "check-circle-fill", _l("合格")),
    "accept_with_flags": ("warn", "flag", _l("个别不合格")),
    "return_to_laboratory": ("bad", "x-circle-fill", _l("不合格")),
    "unknown": ("unknown", "question-octagon", _l("无法评价")),
    "not_applicable": ("calm", "dash-circle", _l("不适用")),
}
SEVERITIES = {
    BatchFinding.Severity.ERROR.value: ("bad", "x-circle-fill", BatchFinding.Severity.ERROR.label),
    BatchFinding.Severity.WARNING.value: ("warn", "exclamation-triangle-fill", BatchFinding.Severity.WARNING.label),
    BatchFinding.Severity.INFO.value: ("calm", "info-circle", BatchFinding.Severity.INFO.label),
}
OUTCOMES: dict[str, tuple[str, Any]] = {
    "within": ("good", _l("合格")), "outside": ("bad", _l("不合格")), "unknown": ("unknown", _l("无法评价")),
    "not_in_use": ("calm", _l("停用")),
}  # fmt: skip
SHAPES = {"long": _l("每行一个结果"), "wide": _l("每列一个项目"), "crossed": _l("每列一个样品")}
FINDINGS_SHOWN = 200
FOLDED_ABOVE = 3
"""So many findings of one kind are told one by one; more are folded."""
OF_NO_ROW = ("batch.missing", "batch.dropped")
"""Rules about samples, not about a row of the file."""

_beside: list[Callable[[Actor, Batch, date], Any]] = []


def beside(section: Callable[[Actor, Batch, date], Any]) -> None:
    """Let an upper room say on the page of a batch what came of it: safe HTML, or nothing."""
    if section not in _beside:
        _beside.append(section)


def batch(actor: Actor, row: Row, on: date) -> RecordPage:
    """One batch."""
    found = Batch.objects.select_related("campaign", "by", "decided_by").get(pk=row["pk"])
    return RecordPage(
        chips=_chips(found),
        life=_life(found),
        facts=_facts(found),
        acts=list(_acts(actor, found)),
        files=[_file(use) for use in files.uses_of(found)],
        history=_history(found),
        related=[(found.campaign.title, reverse("kit:record", args=["campaigns", str(found.campaign.uid)]))],
        template="monitoring/batch.html",
        context={**_context(found), "sections": [draw(actor, found, on) for draw in _beside]},
    )


def _chips(found: Batch) -> Sequence[Chip]:
    chips = []
    if found.errors:
        chips.append(Chip("bad", _("%(n)d 个错误") % {"n": found.errors}, why=_("有错误的批次一个结果也不能接收。")))
    if found.warnings:
        chips.append(Chip("warn", _("%(n)d 个警告") % {"n": found.warnings}))
    if found.state != State.LOADING:
        tone, icon, word = QUALITY.get(found.quality.get("verdict", "unknown"), QUALITY["unknown"])
        chips.append(Chip(tone, _("质控：%(word)s") % {"word": word}, icon))  # type: ignore[arg-type]
    if found.state in Batch.ACCEPTED_STATES and not judged(found):
        why = _("结果很多，接收后在后台评价，进度见后台作业；每小时也会自动补做。评价以前不等于未超标。")
        chips.append(Chip("busy", _("尚未评价"), "hourglass-split", why))
    return chips


def _life(found: Batch) -> Sequence[Step]:
    loading, checked = found.state == State.LOADING, found.state == State.CHECKED
    decided = str(found.get_state_display()) if not loading and not checked else _("审核")
    return [
        Step(_("报送"), "done", None, note=found.by.name if found.by else ""),
        Step(_("读入与检查"), "here" if loading else "done"),
        Step(decided, "ahead" if loading else "here" if checked else "done"),
    ]


def _facts(found: Batch) -> Sequence[Fact]:
    told = found.understood.get("summary", {})
    layout = told.get("layout") or {}
    shape = str(SHAPES.get(layout.get("shape", ""), ""))
    days = told.get("days", {}).get("date", [])
    return [
        Fact(_("文件指纹"), found.sha256[:16] + "…", note="SHA-256"),
        Fact(_("检测报告"), found.report_sha256[:16] + "…" if found.report_sha256 else _("未绑定"),
             doubt="" if found.report_sha256 else _("没有报告，数据无从核对。")),
        Fact(_("表的样式"), shape, note="、".join(filter(None, (layout.get("sheet"), layout.get("encoding"))))),
        Fact(_("介质"), "、".join(told.get("media", ()))),
        Fact(_("分析项目"), "、".join(told.get("analytes", ())[:40])),
        Fact(_("采样日期"), " — ".join(dict.fromkeys(days))),
        Fact(_("与采样任务对上的样品"), f"{found.understood.get('matched', 0)}/{found.samples}",
             note=_("任务共 %(n)d 个样品") % {"n": found.understood.get("tasks", 0)}),
    ]  # fmt: skip


def _acts(actor: Actor, found: Batch) -> Iterator[Act]:
    """What may be done; what a rule stops says which."""
    address = {name: reverse(f"monitoring:batch_{name}", args=[found.uid]) for name in
               ("accept", "flag", "return", "report", "compare", "give_up", "findings")}  # fmt: skip
    if found.state == State.LOADING:
        yield Act(_("继续读入"), reverse("monitoring:batch_resume", args=[found.uid]), "arrow-clockwise", post=True)
        yield Act(
            _("放弃"),
            address["give_up"],
            "x-lg",
            post=True,
            danger=True,
            confirm=_("放弃后，已读入的内容和文件都会删除。"),
        )
        return
    yield Act(_("问题清单"), address["findings"], "file-earmark-excel")
    if found.state != State.CHECKED:
        return
    denied = _denied(actor, batches.DECIDES, found)
    clean, flagged = batches.stopped(found), batches.stopped(found, flagged=True)
    yield Act(_("接收"), address["accept"], "check2-circle", primary=True, stopped_by=denied or str(clean or ""))
    yield Act(_("带标记接收"), address["flag"], "flag", stopped_by=denied or str(flagged or ""))
    yield Act(_("退回检测机构"), address["return"], "reply", danger=True, stopped_by=denied)
    no_report = "" if found.report_sha256 else _("还没有绑定检测报告。")
    yield Act(_("逐格核对"), address["compare"], "list-task", stopped_by=denied or no_report)
    yield Act(
        _("绑定报告"),
        address["report"],
        "paperclip",
        stopped_by=_denied(actor, "monitoring.send_results", found),
    )


def _denied(actor: Actor, permission: str, found: Batch) -> str:
    try:
        require(actor, permission, found)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""


def _file(use: Any) -> File:
    kinds = {"data": _("数据文件"), "report": _("检测报告")}
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, kinds.get(use.kind, use.kind), use.added_at,
        use.added_by.name if use.added_by else "", use.note,
    )  # fmt: skip


def _history(found: Batch) -> Sequence[Event]:
    told = [Event(found.at, found.by.name if found.by else "", _("报送"), found.file_name)]
    if found.decided_at:
        who = found.decided_by.name if found.decided_by else ""
        told.append(Event(found.decided_at, who, str(found.get_state_display()), found.returned_reason))
    return told


def _context(found: Batch) -> dict[str, Any]:
    rows = found.findings.all()
    lists = f"{reverse('monitoring:findings')}?batch={found.number}"
    counts = [
        (chip_of(key), rows.filter(severity=key).count(), f"{lists}&severity={key}")
        for key in ("error", "warning", "info")
    ]
    return {
        "batch": found, "counts": counts, "findings_url": lists,
        "findings": folded([finding_line(one) for one in _gravest(found)]),
        "orphans": found.understood.get("orphans", []), "missing": found.understood.get("missing", []),
        "quality": alike([quality_line(line) for line in found.quality.get("analytes", ())]),
        "headings": [(heading, heading_role(role)) for heading, role in found.understood.get("headings", ())],
        "drawn": found.drawn, "different": sum(one["same"] is False for one in found.drawn),
        "compared": sum(one["same"] is not None for one in found.drawn),
    }  # fmt: skip


def _gravest(found: Batch) -> list[BatchFinding]:
    """The first findings of each severity, errors before warnings."""
    return [one for key in ("error", "warning", "info") for one in found.findings.filter(severity=key)[:FINDINGS_SHOWN]]


def folded(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Many findings of one kind as one line: the first in words, the others in `more`, on demand."""
    kinds: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for line in lines:
        kinds.setdefault((line["severity"], str(line["rule"]), line["column"]), []).append(line)
    told: list[dict[str, Any]] = []
    for some in kinds.values():
        told += some if len(some) <= FOLDED_ABOVE else [{**some[0], "more": some[1:]}]
    return told


def chip_of(severity: str) -> Chip:
    """A severity as a chip."""
    tone, icon, word = SEVERITIES[severity]
    return Chip(tone, str(word), icon)  # type: ignore[arg-type]


def finding_line(one: BatchFinding) -> dict[str, Any]:
    """A finding as a line of a table, in the reader's language."""
    text = worded(called(one))
    return {
        "row": None if one.rule in OF_NO_ROW else one.row,
        "column": one.column,
        "severity": one.severity,
        "chip": chip_of(one.severity),
        "text": text,
        "rule": rule_title(one.rule),
    }


def quality_line(line: dict[str, Any]) -> dict[str, Any]:
    """The quality control of one analyte as a line of a table."""
    tone, icon, word = QUALITY[line["verdict"]]
    return {
        "name": analyte_name(line["analyte"], language()), "samples": line["samples"],
        "medium": Medium(line["medium"]).label if line["medium"] in Medium.values else "",
        "chip": Chip(tone, str(word), icon), "edition": line["edition"], "text": line[language()],  # type: ignore[arg-type]
        "checks": [
            {
                "chip": Chip(OUTCOMES[one["outcome"]][0], str(OUTCOMES[one["outcome"]][1])),  # type: ignore[arg-type]
                "about": one["about"], "text": one[language()], "mark": mark_word(one["mark"]),
            }
            for one in line["findings"]
        ],
    }  # fmt: skip


def alike(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Analytes of which the same is said share a line; the checks stay apart by analyte."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for line in lines:
        groups.setdefault((str(line["medium"]), str(line["chip"].word), line["edition"], line["text"]), []).append(line)
    return [
        {
            **some[0],
            "name": "、".join(line["name"] for line in some),
            "samples": max(line["samples"] for line in some),
            "count": sum(len(line["checks"]) for line in some),
            "by_analyte": [(line["name"], line["checks"]) for line in some if line["checks"]],
        }
        for some in groups.values()
    ]


def heading_role(role: str) -> str:
    """What a heading was taken for, in words."""
    known = next((one for one in headings.roles() if one.id == role), None)
    if known is None:
        return str(_("检测值")) if role == "result" else role
    return called(known)
