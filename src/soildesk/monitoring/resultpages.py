"""What this room adds to the record page of a result: its point, its file, every version and every mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Row
from soildesk.monitoring.models import PointVersion, Qualifier, Result
from soildesk.monitoring.queries import results as queries

VERDICTS: dict[str, tuple[str, str, Any]] = {
    "meets": ("good", "check-circle-fill", _l("未超标")),
    "exceeds_screening": ("warn", "exclamation-triangle-fill", _l("超筛选值")),
    "exceeds_control": ("bad", "x-circle-fill", _l("超管制值")),
    "exceeds": ("bad", "x-circle-fill", _l("超标")),
    "unknown": ("unknown", "question-octagon", _l("无法判断")),
}
"""Tone, icon and word of each verdict."""


def result(actor: Actor, row: Row, on: date) -> RecordPage:
    """One result: versions, marks, where it came from, what can be done to it."""
    found = Result.objects.select_related("batch__campaign", "task", "point", "corrects").get(pk=row["pk"])
    return RecordPage(
        chips=_chips(row),
        facts=_facts(found),
        acts=_acts(actor, found),
        history=[*_versions(found), *_marks(found)],
        related=_related(found),
    )


def _chips(row: Row) -> Sequence[Chip]:
    verdict = row.get("_verdict")
    if verdict not in VERDICTS:
        return [Chip("unknown", _("尚未评价"), why=_("这个结果还没有评价，不等于不超标。"))]
    tone, icon, word = VERDICTS[verdict]
    return [Chip(tone, str(word), icon)]  # type: ignore[arg-type]


def _facts(found: Result) -> Sequence[Fact]:
    place = _("第 %(row)d 行") % {"row": found.row}
    return [
        Fact(_("报告原文"), found.printed, source=f"{found.batch.file_name} {place}"),
        Fact(_("检测机构"), found.batch.laboratory, note=found.batch.report_number),
        Fact(_("监测任务"), found.batch.campaign.title, note=found.batch.campaign.get_grade_display()),
    ]


def _acts(actor: Actor, found: Result) -> Sequence[Act]:
    stopped = ""
    try:
        require(actor, "monitoring.qualify", found)
    except NotAllowed as refusal:
        stopped = refusal.sentence
    return [
        Act(_("更正"), reverse("monitoring:result_correct", args=[found.uid]), "pencil", stopped_by=stopped),
        Act(_("标记"), reverse("monitoring:result_qualify", args=[found.uid]), "tag", stopped_by=stopped),
    ]


def _versions(found: Result) -> Sequence[Event]:
    """This version and every one before it."""
    told, one = [], found
    while one.corrects is not None:
        former = one.corrects
        what = _("更正：%(was)s → %(is)s") % {"was": former.printed, "is": one.printed}
        told.append(Event(one.recorded_at, "", what, one.reason))
        one = former
    return [*told, Event(one.recorded_at, "", _("检测机构报出 %(what)s") % {"what": one.printed})]


def _marks(found: Result) -> Sequence[Event]:
    """The marks of validator and interpreter, of this version and of those before it."""
    keys, one = [found.pk], found
    while one.corrects is not None:
        one = one.corrects
        keys.append(one.pk)
    rows = Qualifier.objects.filter(result__in=keys).select_related("by").order_by("-at")
    return [
        Event(
            mark.at, mark.by.name if mark.by else "", f"{mark.get_role_display()}：{mark.get_code_display()}",
            mark.reason + (_("（已改标）") if mark.superseded_at else ""),
        )
        for mark in rows
    ]  # fmt: skip


def _related(found: Result) -> list[tuple[str, str]]:
    pages = [
        (
            _("批次 %(number)s") % {"number": found.batch.number},
            reverse("kit:record", args=["batches", str(found.batch.uid)]),
        )
    ]
    if found.point_id:
        name = (
            PointVersion.objects.filter(point=found.point_id, superseded_at=None)
            .order_by("-since")
            .values_list("name", flat=True)
            .first()
        )
        lists = reverse("kit:collection", args=["results"])
        asked = f"{lists}?point={found.point.number}&analyte={found.analyte}"  # type: ignore[union-attr]
        title = _("%(point)s 的%(analyte)s历次结果") % {
            "point": name or "",
            "analyte": queries.analyte_name(found.analyte),
        }
        pages += [(str(name or ""), reverse("kit:record", args=["points", str(found.point.uid)])), (title, asked)]  # type: ignore[union-attr]
    return pages
