"""Acts on reports of plots: registered with file and contents, sent, checked, returned with reasons, sent again, filed for all.

Every round is kept. What the event of an accepted report says of the plot is the matter of `reviews`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import said as in_words
from soildesk.enterprises.services.firms import valid_code
from soildesk.kit.day import EARLIEST
from soildesk.land.services.writing import number_for, refuse_future
from soildesk.land.shapes import area_m2, polygons_of
from soildesk.plots.models import Plot, PlotVersion, Report, ReportAct
from soildesk.plots.queries import reportdata
from soildesk.plots.queries.plots import version_of
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.reportfields import conclusion_of, stored, values_of
from soildesk.plots.services import reportbatches, reportduties
from soilrules.gate.rules import tolerance
from soilrules.plots.reports import ReportKind, check_report

State, Act = Report.State, ReportAct.Kind
OPEN = (State.DRAFT, State.RETURNED)
"""States in which a report is with whoever hands it in."""
COLUMNS = frozenset(
    {
        "title", "author", "author_code", "client", "credit_record", "finished_on", "use_system", "use_planned",
        "covers", "explained", "density_explained",
    }
)  # fmt: skip
LONGEST = {"explained": 1000, "density_explained": 1000, "title": 200, "author": 160, "client": 160}
MOST_FILES = 40
EXPLAINED = ("explained", "groundwater_explained", "density_explained")
"""Why conclusion, groundwater or the number of points differ from what was computed."""


@transaction.atomic
def register(plot: Plot, kind: str, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Report:
    """A report that came in, with its contents; `facts` are columns and, under `contents`, the fields of its kind."""
    version = _plot_of(plot, by)
    require(by, "plots.file", version)
    if kind not in list(ReportKind):
        raise ReportRefused(_("没有选择报告类别：请选择。"), code="plots.report.kind")
    columns = _columns(facts, by)
    report = Report(
        division_path=version.division_path,
        owner_department_id=version.owner_department_id,
        plot=plot,
        kind=kind,
        number=number_for(version.owner_department, "BG", by.today.year),
        created_at=at,
        created_by=by.person,
        **columns,
    )
    _fill(report, facts)
    _check_ground(report, version)
    report.save(force_insert=True)
    write_act(report, Act.REGISTERED, by=by, at=at)
    data = {"number": report.number, "plot": plot.number, "kind": kind, "author": report.author}
    audit.record("plots.report.registered", subject=report, by=by, at=at, data=data)
    return report


@transaction.atomic
def revise(report: Report, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Report:
    """What a report says, put right while it is with whoever hands it in."""
    held = with_sender(report, by)
    before = {name: getattr(held, name) for name in (*COLUMNS, "contents")}
    for name, value in _columns({**before, **facts}, by).items():
        setattr(held, name, value)
    _fill(held, {"contents": held.contents, **facts})
    _check_ground(held, version_of(held.plot_id, by.today))
    changed = sorted(name for name, value in before.items() if getattr(held, name) != value)
    held.save()
    if changed:
        data = {"number": held.number, "changed": changed}
        audit.record("plots.report.revised", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def attach(report: Report, *, data: bytes, name: str, by: Actor, at: datetime) -> FileUse:
    """The report itself, or what belongs to it."""
    held = with_sender(report, by)
    if files.uses_of(held).count() >= MOST_FILES:
        raise ReportRefused(
            _("附件已有 %(n)d 个，达到上限：请合并后再上传。") % {"n": MOST_FILES}, code="plots.report.no_file"
        )
    use = files.attach(held, data=data, name=name, kind="report", by=by, at=at)
    audit.record("plots.report.attached", subject=held, by=by, at=at, data={"number": held.number, "file": use.name})
    return use


@transaction.atomic
def bind(report: Report, batches: Iterable[Any], *, by: Actor, at: datetime) -> Report:
    """The laboratory batches a report rests on; what they come to is computed at once."""
    held = with_keeper(report, by)
    need_state(held, *OPEN, State.SUBMITTED, State.REVIEWING)
    chosen = list(batches)
    reportbatches.refuse_unfit(held, chosen)
    held.batches.set(chosen)
    return judge(held, by=by, at=at)


@transaction.atomic
def explain(report: Report, said: Mapping[str, str], *, by: Actor, at: datetime) -> Report:
    """Why the data say otherwise (`EXPLAINED`), and which class of groundwater the report holds its own against."""
    held = with_keeper(report, by)
    need_state(held, *OPEN, State.SUBMITTED, State.REVIEWING)
    if wrong := set(said) - {*EXPLAINED, "groundwater_class"}:
        raise ReportRefused(
            _("“%(fact)s”不是要说明的内容。") % {"fact": "、".join(sorted(wrong))}, code="plots.report.unknown_fact"
        )
    if said.get("groundwater_class", "") not in ("", *Report.Groundwater.values):
        raise ReportRefused(_("没有这种地下水评价标准：请选择。"), code="plots.report.value")
    clean = {name: text.strip()[:1000] for name, text in said.items()}
    changed = [name for name, text in clean.items() if getattr(held, name) != text]
    for name in changed:
        setattr(held, name, clean[name])
    if changed:
        held.save(update_fields=changed)
        data = {"number": held.number, "changed": changed}
        audit.record("plots.report.revised", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def judge(report: Report, *, by: Actor, at: datetime) -> Report:
    """Compute anew what the bound results come to; the report's own conclusion stays what it is."""
    held = with_keeper(report, by)
    found = reportdata.judged(held, by.today)
    held.computed = found
    held.save(update_fields=["computed"])
    write_act(held, Act.JUDGED, by=by, at=at, data=found)
    data = {"number": held.number, "outcome": found["outcome"], "batches": found["batches"]}
    audit.record("plots.report.judged", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def submit(report: Report, *, by: Actor, at: datetime, on: date | None = None) -> Report:
    """Handed in for review; handed in again it is another round. `on` is the day it came in."""
    held = with_sender(report, by)
    day = on or by.today
    refuse_future(day, by, ReportRefused, "plots.report.future")
    if day < held.finished_on:
        raise ReportRefused(
            _("收到日期 %(day)s 早于编制完成日期 %(finished)s：请核对日期。")
            % {"day": day, "finished": held.finished_on},
            code="plots.report.order",
        )
    if not files.uses_of(held).exists():
        raise ReportRefused(_("没有报告文件：请先上传报告，再提交。"), code="plots.report.no_file")
    _check_round(held, day)
    if held.state == State.RETURNED:
        held.round += 1
    held.state = State.SUBMITTED
    held.save(update_fields=["state", "round"])
    sent = {
        "contents": held.contents,
        "conclusion": held.conclusion,
        "files": [str(one.uid) for one in files.uses_of(held)],
    }
    write_act(held, Act.SUBMITTED, by=by, at=at, on=day, data=sent)
    reportduties.fit(held, by=by)
    data = {"number": held.number, "round": held.round, "on": day}
    audit.record("plots.report.submitted", subject=held, by=by, at=at, data=data)
    return held


def missing(report: Report, on: date) -> list[str]:
    """What a report lacks of what is read, in sentences; the day decides which contents the rules ask for."""
    found = check_report(ReportKind(report.kind), values_of(report), on)
    return [] if found.complete else [in_words(found.message)]


@transaction.atomic
def complete(report: Report, *, by: Actor, at: datetime, note: str = "") -> Report:
    """The completeness check passed: the review begins. What lacks contents is returned, not passed."""
    held = locked(report, by)
    require(by, "plots.accept", held)
    need_state(held, State.SUBMITTED)
    told = missing(held, by.today)
    if told:
        raise ReportRefused(" ".join([*told, _("请退回补充。")]), code="plots.report.incomplete")
    held.state = State.REVIEWING
    held.save(update_fields=["state"])
    write_act(held, Act.COMPLETE, by=by, at=at, note=note)
    reportduties.fit(held, by=by)
    data = {"number": held.number, "round": held.round}
    audit.record("plots.report.complete", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def give_back(report: Report, why: str, *, by: Actor, at: datetime) -> Report:
    """Returned with reasons; the next handing in is the next round."""
    held = locked(report, by)
    require(by, "plots.accept", held)
    need_state(held, State.SUBMITTED, State.REVIEWING)
    need_words(why, _("请写明退回的原因：编制单位要知道改什么。"))
    held.state = State.RETURNED
    held.save(update_fields=["state"])
    write_act(held, Act.RETURNED, by=by, at=at, note=why)
    reportduties.fit(held, by=by)
    data = {"number": held.number, "round": held.round, "why": why.strip()[:300]}
    audit.record("plots.report.returned", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def withdraw(report: Report, why: str, *, by: Actor, at: datetime) -> Report:
    """A report given up before it was accepted; it stays readable."""
    held = with_keeper(report, by)
    need_state(held, *OPEN, State.SUBMITTED, State.REVIEWING)
    need_words(why, _("请写明撤回的原因：原因会留在办理经过里。"))
    held.state = State.WITHDRAWN
    held.save(update_fields=["state"])
    write_act(held, Act.WITHDRAWN, by=by, at=at, note=why)
    reportduties.fit(held, by=by)
    audit.record(
        "plots.report.withdrawn", subject=held, by=by, at=at, data={"number": held.number, "why": why.strip()[:300]}
    )
    return held


def locked(report: Report, by: Actor) -> Report:
    """The report as it stands now, held until the act ends; refused to whoever does not see it."""
    rows = Report.objects.visible_to(by).select_for_update().filter(pk=report.pk)
    held = rows.first()
    if held is None:
        raise ReportRefused(_("没有找到这份报告：请回到列表重新打开。"), code="plots.report.not_found")
    return held


def with_keeper(report: Report, by: Actor) -> Report:
    """The report for whoever may change it: those who handle reports there, and the department that registered it."""
    held = locked(report, by)
    need_keeper(held, by)
    return held


def need_keeper(report: Report, by: Actor) -> None:
    """Refuse whoever neither handles reports there nor belongs to the department that registered it."""
    require(by, "plots.file", report)
    department = by.person.department_id if by.person else None
    registered_by = report.created_by.department_id if report.created_by else None
    if department is None or department != registered_by:
        require(by, "plots.accept", report)


def with_sender(report: Report, by: Actor) -> Report:
    """The report while it is with whoever hands it in."""
    held = with_keeper(report, by)
    need_state(held, *OPEN)
    return held


def need_state(report: Report, *wanted: str) -> None:
    """Refuse an act on a report that stands otherwise by now."""
    if report.state not in wanted:
        raise ReportRefused(
            _("%(number)s 的状态是“%(state)s”，只有%(wanted)s的报告可以这样办理：请打开报告，用页面上的按钮办理。")
            % {
                "number": report.number,
                "state": report.get_state_display(),
                "wanted": "、".join(f"“{State(one).label}”" for one in wanted),
            },
            code="plots.report.state",
        )


def need_words(text: str, sentence: str) -> None:
    """Refuse an act that needs a reason and has none."""
    if not text.strip():
        raise ReportRefused(sentence, code="plots.report.why_missing")


def write_act(report: Report, kind: ReportAct.Kind, *, by: Actor, at: datetime, **told: Any) -> ReportAct:
    """One line of the rounds; `on` is today where nothing else is said."""
    note = str(told.get("note", "")).strip()[:1000]
    return ReportAct.objects.create(
        report=report, kind=kind, round=report.round, on=told.get("on") or by.today, note=note,
        data=told.get("data", {}), by=by.person, at=at,
    )  # fmt: skip


def _plot_of(plot: Plot, by: Actor) -> PlotVersion:
    version = version_of(plot.pk, by.today)
    if version is None or not PlotVersion.objects.visible_to(by).filter(plot=plot).exists():
        raise ReportRefused(_("没有找到这个地块：请回到列表重新打开。"), code="plots.report.not_found")
    return PlotVersion.objects.select_related("owner_department__division", "plot").get(pk=version.pk)


def _check_ground(report: Report, version: PlotVersion | None) -> None:
    """A report speaks of its plot: one of other ground says nothing of it."""
    if report.covers is None or version is None:
        return
    if area_m2(polygons_of(report.covers.intersection(version.geometry))) <= float(tolerance().m2):
        raise ReportRefused(
            _("给出的报告范围不在“%(name)s”上：请核对坐标和坐标系。") % {"name": version.name},
            code="plots.report.ground",
        )


def _check_round(report: Report, day: date) -> None:
    """A round comes in no sooner than the one before it."""
    acts = ReportAct.objects.filter(report=report, kind=Act.SUBMITTED).order_by("-on")
    last = acts.values_list("on", flat=True).first()
    if last and day < last:
        raise ReportRefused(
            _("收到日期 %(day)s 早于上一轮收到的 %(last)s：请核对日期。") % {"day": day, "last": last},
            code="plots.report.order",
        )


def _columns(facts: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    unknown = set(facts) - COLUMNS - {"contents"}
    if unknown:
        raise ReportRefused(
            _("报告没有“%(names)s”这些内容。") % {"names": "、".join(sorted(unknown))}, code="plots.report.unknown_fact"
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    clean.pop("contents", None)
    for name, title in (("title", _("报告名称")), ("author", _("编制单位"))):
        if not clean.get(name):
            raise ReportRefused(_("没有填写%(what)s：请照报告填写。") % {"what": title}, code="plots.report.words")
    if not clean.get("finished_on"):
        raise ReportRefused(_("没有填写编制完成日期：请照报告填写。"), code="plots.report.words")
    refuse_future(clean["finished_on"], by, ReportRefused, "plots.report.future")
    clean["author_code"] = valid_code(clean.get("author_code") or "")
    return {name: value[: LONGEST.get(name, 300)] if isinstance(value, str) else value for name, value in clean.items()}


def _fill(report: Report, facts: Mapping[str, Any]) -> None:
    report.contents = stored(report.kind, facts.get("contents") or {})
    values = values_of(report)
    sampled = values.get("sampled_on")
    if isinstance(sampled, date) and not EARLIEST <= sampled <= report.finished_on:
        raise ReportRefused(
            _("采样日期 %(day)s 应在 %(first)s 至编制完成日期 %(finished)s 之间：请照报告核对这两个日期。")
            % {"day": sampled, "first": EARLIEST, "finished": report.finished_on},
            code="plots.report.order",
        )
    until = values.get("until")
    if isinstance(until, date) and until < report.finished_on:
        raise ReportRefused(
            _("期限 %(day)s 早于编制完成日期 %(finished)s：请照报告核对这两个日期。")
            % {"day": until, "finished": report.finished_on},
            code="plots.report.order",
        )
    report.conclusion = conclusion_of(report.kind, values)
