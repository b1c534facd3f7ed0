"""Acts on plots that are not developed for now: their zone, and the plan and monitoring of each year.

A zone is proposed by the bureau and approved by the government: what the government decided is registered with its paper.
By which day a year's plan and media are due is said by a local document, or by nobody: then they have no term.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit, files, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.land.services.writing import refuse_future
from soildesk.land.shapes import surface
from soildesk.monitoring.queries import bound
from soildesk.plots.controlwords import within_words
from soildesk.plots.lifefacts import cited
from soildesk.plots.models import ControlYear, ControlZone, Plot, PlotVersion
from soildesk.plots.queries.authorities import own_of
from soildesk.plots.queries.control import within
from soildesk.plots.queries.plots import version_of
from soildesk.plots.refusals import ControlRefused
from soildesk.plots.services import controlduties
from soildesk.plots.services.events import Document
from soilrules.bases import bases_on
from soilrules.plots import control
from soilrules.plots.authorities import may_be_government
from soilrules.plots.control import Medium

OFFICE, FIELD = "plots.record", "plots.control"
BATCH_WORDS = 60


@dataclass(frozen=True, slots=True)
class Approval:
    """How the government approved a zone."""

    on: date
    number: str
    authority: str


@dataclass(frozen=True, slots=True)
class Terms:
    """By when the plan of a year and its media are due, and which document says so; a day left out is no term."""

    year: int
    due: date | None = None
    basis: str = ""
    media: Mapping[str, date] = field(default_factory=dict)
    media_basis: str = ""


@transaction.atomic
def propose(
    plot: Plot, measures: str, on: date, *, by: Actor, at: datetime, ground: BaseGeometry | None = None
) -> ControlZone:
    """A zone proposed to the government, of the whole plot unless a ground is given; told anew while it is not approved."""
    version = seen_version(plot, by, OFFICE)
    refuse_future(on, by, ControlRefused, "plots.control.future")
    then = version_of(plot.pk, on)
    if then and on < then.since:
        raise ControlRefused(
            _("提出日期 %(on)s 早于地块的登记日期 %(since)s：请核对日期。") % {"on": on, "since": then.since},
            code="plots.control.days",
        )
    shape = _zone_ground(version, ground)
    if not measures.strip():
        raise ControlRefused(_("没有写管控措施：请写明覆盖、隔离、禁止进入等措施。"), code="plots.control.words")
    said = {"proposed_on": on, "measures": measures.strip()[:500], "geometry": shape}
    need_proposable(plot)
    held = zone_of(plot)
    if held is not None:
        versions.revise(held, said, since=None, recording=Recording(by, at, _("重新提出管控区域")))
    else:
        place = {"division_path": version.division_path, "owner_department_id": version.owner_department_id}
        recording = Recording(by, at, _("提出管控区域"))
        versions.first(ControlZone, {**place, "plot_id": plot.pk, **said}, since=on, until=None, recording=recording)
    return _written(plot, "proposed", by, at)


def need_proposable(plot: Plot) -> None:
    """A zone the government has approved is not proposed anew: it ends first."""
    held = zone_of(plot)
    if held is not None and held.approved_on is not None:
        raise ControlRefused(
            _("这个地块的管控区域已于 %(day)s 批准：需要调整范围的，请先终止，再重新报批。")
            % {"day": held.approved_on},
            code="plots.control.approved",
        )


def need_zone(plot: Plot) -> ControlZone:
    """The zone of a plot that is proposed or in force; refused where there is none."""
    held = zone_of(plot)
    if held is None:
        raise ControlRefused(
            _("这个地块没有管控区域，或者已经终止：请先在地块页面“提出管控区域”。"), code="plots.control.no_zone"
        )
    return held


def need_unapproved(zone: ControlZone) -> None:
    """The approval is told once."""
    if zone.approved_on is not None:
        raise ControlRefused(
            _("已经登记为 %(day)s 批准：接着登记公告和标识；登记有误的，终止后重新提出。") % {"day": zone.approved_on},
            code="plots.control.done",
        )


def need_approved(zone: ControlZone) -> None:
    """Only what the government has approved is announced and marked."""
    if zone.approved_on is None:
        raise ControlRefused(
            _("管控区域还没有经政府批准：请先登记批准文件，再公告、设置标识。"), code="plots.control.not_approved"
        )


def need_unfiled(row: ControlYear) -> None:
    """The plan of a year is handed in once."""
    if row.filed_on is not None:
        raise ControlRefused(
            _("%(year)s 年度管控计划已于 %(day)s 报送，不用再登记；监测仍可登记。")
            % {"year": row.year, "day": row.filed_on},
            code="plots.control.done",
        )


@transaction.atomic
def approve(zone: ControlZone, said: Approval, paper: Document | None, *, by: Actor, at: datetime) -> ControlZone:
    """That the government approved a zone: from that day it is in force."""
    held = _open(zone, by, said.on)
    need_unapproved(held)
    if said.on < held.proposed_on:
        raise ControlRefused(
            _("批准日期 %(on)s 早于提出日期 %(day)s：请核对。") % {"on": said.on, "day": held.proposed_on},
            code="plots.control.days",
        )
    if not (said.number.strip() and said.authority.strip()):
        raise ControlRefused(
            _("没有批准机关或批准文号：管控区域由同级政府批准，请照批复填写。"), code="plots.control.words"
        )
    if not may_be_government(said.authority, own_of(said.authority)):
        articles = "、".join(cited(bases_on(control.BASES, said.on)))
        raise ControlRefused(
            _(
                "“%(office)s”不是同级人民政府：管控区域由政府批准，部门只提出建议，请照批复填写批准机关（依据：%(articles)s）。"
            )
            % {"office": said.authority.strip(), "articles": articles},
            code="plots.control.authority",
        )
    _need(paper, _("没有上传批复：请上传政府批准的文件。"))
    changes = {"approved_on": said.on, "approval": said.number.strip()[:120], "authority": said.authority.strip()[:120]}
    return _advanced(held, changes, said.on, "approved", (by, at, paper, _("政府批准")))


@transaction.atomic
def announce(zone: ControlZone, on: date, paper: Document | None, *, by: Actor, at: datetime) -> ControlZone:
    """That the announcement of an approved zone was made."""
    held = _in_force(zone, by, on)
    _need(paper, _("没有上传公告：请上传公告文件、网页截图或张贴照片。"))
    return _advanced(held, {"announced_on": on}, on, "announced", (by, at, paper, _("发布公告")))


@transaction.atomic
def set_sign(zone: ControlZone, on: date, photo: Document | None, *, by: Actor, at: datetime) -> ControlZone:
    """That the sign of an approved zone stands, with a photograph; a new one where it was lost."""
    held = _in_force(zone, by, on, FIELD)
    _need(photo, _("没有照片：请拍下设置好的标识。"))
    return _advanced(held, {"sign_on": on}, on, "sign_set", (by, at, photo, _("设置标识")))


@transaction.atomic
def end_zone(zone: ControlZone, on: date, why: str, *, by: Actor, at: datetime) -> None:
    """A zone that is none any more from a day: released, remediated, or to be drawn anew."""
    held = _open(zone, by, on)
    ended = versions.end(held, on=on, recording=Recording(by, at, why))
    controlduties.fit(held.plot, by=by)
    data = {"plot": held.plot.number, "on": on, "why": why.strip()[:300]}
    audit.record("plots.control.zone_ended", subject=ended, by=by, at=at, data=data)


@transaction.atomic
def open_year(plots: Sequence[Plot], terms: Terms, *, by: Actor, at: datetime) -> list[ControlYear]:
    """The year's plan and monitoring asked of plots; of one that is asked already the terms are told anew."""
    _check_terms(terms, by.today.year + 1)
    if not plots:
        raise ControlRefused(
            _("%(year)s 年没有暂不开发利用的地块，没有可以开列的：请核对年度。") % {"year": terms.year},
            code="plots.control.year",
        )
    made = []
    for plot in plots:
        version = seen_version(plot, by, OFFICE)
        row, _new = ControlYear.objects.select_for_update().get_or_create(
            plot=plot,
            year=terms.year,
            defaults={
                "division_path": version.division_path,
                "owner_department_id": version.owner_department_id,
                "recorded_at": at,
            },
        )
        row.due, row.due_basis = terms.due, terms.basis.strip()[:300]
        row.media_due = {str(key): day.isoformat() for key, day in terms.media.items()}
        row.media_basis = terms.media_basis.strip()[:300]
        row.save()
        controlduties.fit(plot, by=by)
        data = {"plot": plot.number, "year": terms.year, "due": terms.due, "basis": row.due_basis}
        data |= {"media": row.media_due, "media_basis": row.media_basis}
        audit.record("plots.control.year_opened", subject=row, by=by, at=at, data=data)
        made.append(row)
    return made


def _check_terms(terms: Terms, last: int) -> None:
    if not 2016 <= terms.year <= last:
        raise ControlRefused(
            _("年度 %(year)s 不对：请填写 2016 到 %(last)s 之间的年份。") % {"year": terms.year, "last": last},
            code="plots.control.year",
        )
    if (terms.due and not terms.basis.strip()) or (terms.media and not terms.media_basis.strip()):
        raise ControlRefused(
            _("填写了时限，没有写依据：请写明哪份文件的哪一条规定的；没有规定的，时限留空。"),
            code="plots.control.basis",
        )
    for day in (terms.due, *terms.media.values()):
        if day and not date(terms.year, 1, 1) <= day <= date(terms.year + 1, 12, 31):
            raise ControlRefused(
                _("时限 %(day)s 不在 %(year)s 年度：请核对。") % {"day": day, "year": terms.year},
                code="plots.control.days",
            )
    if set(terms.media) - set(Medium):
        raise ControlRefused(_("监测介质只有土壤、地下水、地表水和环境空气。"), code="plots.control.medium")


@transaction.atomic
def file_plan(
    row: ControlYear, on: date, content: str, paper: Document | None, *, by: Actor, at: datetime
) -> ControlYear:
    """The plan of a year, handed in; told anew with a later paper it keeps both papers and the first day."""
    require(by, OFFICE, row)
    refuse_future(on, by, ControlRefused, "plots.control.future")
    held = ControlYear.objects.select_for_update().select_related("plot").get(pk=row.pk)
    need_unfiled(held)
    _need(paper, _("没有上传管控计划：请上传计划文件。"))
    held.filed_on, held.filed_at, held.content = on, at, content.strip()[:1000]
    held.save(update_fields=["filed_on", "filed_at", "content"])
    _kept(held, paper, "plan", by, at)
    controlduties.fit(held.plot, by=by)
    data = {"plot": held.plot.number, "year": held.year, "on": on}
    audit.record("plots.control.plan_filed", subject=held, by=by, at=at, data=data)
    return held


@dataclass(frozen=True, slots=True)
class Monitored:
    """One medium monitored: by a batch of results the desk holds, or shown by a report."""

    medium: str
    on: date
    batch: str = ""
    report: Document | None = None


@transaction.atomic
def monitored(row: ControlYear, told: Monitored, *, by: Actor, at: datetime) -> ControlYear:
    """That a medium of a year was monitored; told again it stands as told last, and the audit keeps both."""
    require(by, FIELD, row)
    refuse_future(told.on, by, ControlRefused, "plots.control.future")
    if told.medium not in list(Medium):
        raise ControlRefused(_("监测介质只有土壤、地下水、地表水和环境空气。"), code="plots.control.medium")
    held = ControlYear.objects.select_for_update().select_related("plot").get(pk=row.pk)
    if told.on.year < held.year:
        raise ControlRefused(
            _("监测日期 %(on)s 早于 %(year)s 年度：请登记到当年的计划。") % {"on": told.on, "year": held.year},
            code="plots.control.days",
        )
    if told.batch:
        _check_batch(held, told, by)
    else:
        _need(told.report, _("没有证明：请选择检测批次，系统中没有的请上传监测报告。"))
    done = {"on": told.on.isoformat(), "batch": told.batch[:BATCH_WORDS], "at": at.isoformat()}
    held.media_done = {**held.media_done, told.medium: done}
    held.save(update_fields=["media_done"])
    _kept(held, told.report, f"monitoring-{told.medium}", by, at)
    controlduties.fit(held.plot, by=by)
    data = {"plot": held.plot.number, "year": held.year, "medium": told.medium, "on": told.on, "batch": told.batch}
    audit.record("plots.control.monitored", subject=held, by=by, at=at, data=data)
    return held


def _check_batch(held: ControlYear, told: Monitored, by: Actor) -> None:
    """Soil monitored elsewhere is not the zone's: a batch whose every located point lies off its ground is refused."""
    batch = bound.called(by, [told.batch]).get(told.batch)
    found = within(held.plot_id, told.on)
    if told.medium != Medium.SOIL or batch is None or found is None:
        return
    points = {one["point_id"] for one in bound.soil_results([batch.pk]) if one["point_id"]}
    if points and bound.points_off(points, found.ground) == points:
        raise ControlRefused(
            _(
                "检测批次 %(number)s 的 %(n)d 个土壤点位都不在%(within)s内：请选择在管控区域内采样的批次，或上传监测报告。"
            )
            % {"number": told.batch, "n": len(points), "within": within_words(found)},
            code="plots.control.batch_elsewhere",
        )


def zone_of(plot: Plot) -> ControlZone | None:
    """The zone of a plot as it stands: its last version, not ended."""
    return ControlZone.objects.filter(plot=plot, superseded_at=None, until=None).first()


def seen_version(plot: Plot, by: Actor, permission: str) -> PlotVersion:
    """The plot as it is, if the actor sees it and may act on it; refused otherwise."""
    version = version_of(plot.pk, by.today)
    if version is None or not PlotVersion.objects.visible_to(by).filter(plot=plot).exists():
        raise ControlRefused(_("没有找到这个地块：请回到列表重新打开。"), code="plots.control.not_found")
    require(by, permission, version)
    return version


def _zone_ground(version: PlotVersion, ground: BaseGeometry | None) -> Any:
    if ground is None:
        return version.geometry
    shape = surface(ground)
    if not shape.intersects(version.geometry):
        raise ControlRefused(
            _("给出的范围不在“%(name)s”上：请核对坐标和坐标系。") % {"name": version.name}, code="plots.control.ground"
        )
    return shape


def _open(zone: ControlZone, by: Actor, on: date, permission: str = OFFICE) -> ControlZone:
    require(by, permission, zone)
    refuse_future(on, by, ControlRefused, "plots.control.future")
    held = versions.locked(zone)
    if held.until is not None:
        raise ControlRefused(
            _("这个管控区域已于 %(day)s 终止：请刷新页面。") % {"day": held.until}, code="plots.control.ended"
        )
    return held


def _in_force(zone: ControlZone, by: Actor, on: date, permission: str = OFFICE) -> ControlZone:
    """A zone the government has approved: only then is it announced and marked."""
    held = _open(zone, by, on, permission)
    need_approved(held)
    if on < held.approved_on:
        raise ControlRefused(
            _("日期 %(on)s 早于批准日期 %(day)s：请核对。") % {"on": on, "day": held.approved_on},
            code="plots.control.days",
        )
    return held


def _advanced(held: ControlZone, changes: dict[str, Any], on: date, act: str, doing: tuple[Any, ...]) -> ControlZone:
    by, at, paper, why = doing
    recording = Recording(by, at, why)
    made = versions.revise(held, changes, since=max(held.since, on), recording=recording)
    _kept(made, paper, act, by, at)
    return _written(held.plot, act, by, at)


def _written(plot: Plot, act: str, by: Actor, at: datetime) -> ControlZone:
    """The zone after an act, its duties fitted, the act in the audit."""
    made = zone_of(plot)
    assert made is not None
    controlduties.fit(plot, by=by)
    data = {"plot": plot.number, "approval": made.approval, "approved_on": made.approved_on}
    audit.record(f"plots.control.zone_{act}", subject=made, by=by, at=at, data=data)
    return made


def _need(paper: Document | None, sentence: str) -> None:
    if paper is None:
        raise ControlRefused(sentence, code="plots.control.no_paper")


def _kept(row: Any, paper: Document | None, kind: str, by: Actor, at: datetime) -> None:
    if paper is not None:
        files.attach(row, data=paper.data, name=paper.name, kind=kind, by=by, at=at)
