"""What this room adds to the record page of a warning: its life, why it was made, what was weighed, what may be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Row
from soildesk.monitoring.markwords import mark_word, worded
from soildesk.monitoring.models import Alert, AlertAct
from soildesk.monitoring.queries import alerts
from soildesk.monitoring.register.records import analyte_name, stopped
from soildesk.monitoring.services.disposal import CLOSE, HANDLE, TIERS, is_ours
from soildesk.standards import verdicts
from soildesk.standards.refusals import language

Kind, State = AlertAct.Kind, Alert.State
STATES = {
    State.OPEN.value: ("bad", "exclamation-triangle-fill", State.OPEN.label),
    State.WORKING.value: ("busy", "hourglass-split", State.WORKING.label),
    State.ANSWERED.value: ("warn", "eye", State.ANSWERED.label),
    State.CLOSED.value: ("good", "check-circle-fill", State.CLOSED.label),
    State.MERGED.value: ("calm", "link-45deg", State.MERGED.label),
}
LEVELS = {
    Alert.Level.ALARM.value: ("bad", "x-circle-fill", Alert.Level.ALARM.label),
    Alert.Level.WARNING.value: ("warn", "exclamation-triangle-fill", Alert.Level.WARNING.label),
    Alert.Level.NOTICE.value: ("calm", "info-circle", Alert.Level.NOTICE.label),
}
RULES: Mapping[str, Any] = {
    "over_screening": _l("超过筛选值（限值）"),
    "over_control": _l("超过管制值"),
    "worse_class": _l("类别变差"),
    "above_last": _l("明显高于上次"),
    "rises": _l("连续上升"),
    "trend": _l("显著上升趋势"),
    "neighbour_cluster": _l("邻近点位成片超标"),
    "source_upstream": _l("上游有污染源"),
    "new_source": _l("上游新增污染源"),
    "produce_over_limit": _l("农产品超标"),
}
"""What each kind of rule is called."""
_beside: list[Callable[[Actor, Alert], Any]] = []


def beside(picture: Callable[[Actor, Alert], Any]) -> Callable[[Actor, Alert], Any]:
    """Give the picture drawn beside a warning: safe HTML of its series, or nothing."""
    _beside[:] = [picture]
    return picture


def alert(actor: Actor, row: Row, on: date) -> RecordPage:
    """One warning."""
    found = Alert.objects.select_related("campaign", "point", "owner", "merged_into").get(pk=row["pk"])
    acts = list(found.acts.select_related("by"))
    return RecordPage(
        chips=_chips(found, on),
        life=_life(found, acts),
        facts=_facts(found),
        acts=list(_acts(actor, found)),
        files=[_file(use) for use in files.uses_of(found)],
        history=[
            Event(one.at, one.by.name if one.by else _("系统"), str(one.get_kind_display()), one.note) for one in acts
        ],
        related=_related(found),
        template="monitoring/alert.html",
        context={
            "alert": found,
            "findings": [_finding(one) for one in found.findings],
            "weighed": [_weighed(one) for one in found.expected if one["kind"] == "expected"],
            "open": [_weighed(one) for one in found.expected if one["kind"] == "open"],
            "results": [_result(one) for one in alerts.results_of(found, language())],
            "picture": next((draw(actor, found) for draw in _beside), ""),
            "told_acts": [(one, one.by.name if one.by else _("系统")) for one in acts],
        },
    )


def _chips(found: Alert, on: date) -> Sequence[Chip]:
    chips = [Chip(*_of(STATES, found.state)), Chip(*_of(LEVELS, found.level))]
    if found.tier != Alert.Tier.COUNTY:
        chips.append(Chip("warn", _("已上报：%(tier)s") % {"tier": found.get_tier_display()}, "send"))
    if late := days_late(found.state, found.due, on):
        why = _("应在 %(day)s 前处置完毕。") % {"day": found.due}
        chips.append(Chip("bad", _("逾期 %(n)d 天") % {"n": late}, "exclamation-triangle-fill", why))
    if found.state in Alert.LIVE and found.owner_id is None:
        chips.append(Chip("unknown", _("责任部门未定"), why=worded(found.owner_basis)))
    return chips


def days_late(state: str, due: date | None, on: date) -> int:
    """How many days a warning that is not over is past its term; 0 where it is not."""
    return max(0, (on - due).days) if due and state in Alert.LIVE else 0


def _of(states: Mapping[str, tuple[Any, str, Any]], value: str) -> tuple[Any, str, str]:
    tone, icon, word = states[value]
    return tone, str(word), icon


def _life(found: Alert, acts: Sequence[AlertAct]) -> Sequence[Step]:
    """生成 → 接办 → 处置 → 申请销号 → 销号; what was returned is here again."""
    days = {one.kind: one.on for one in acts}
    reached = {State.OPEN: 1, State.WORKING: 2, State.ANSWERED: 4, State.CLOSED: 5, State.MERGED: 5}[State(found.state)]
    if found.state == State.WORKING and Kind.MEASURE in days:
        reached = 3
    if found.state == State.MERGED and found.merged_into:
        end = _("并入 %(number)s") % {"number": found.merged_into.number}
        return [Step(_("生成"), "done", found.opened_on), Step(end, "here", days.get(Kind.MERGED))]
    names = (
        (_("生成"), Kind.OPENED), (_("接办"), Kind.TAKEN), (_("处置"), Kind.MEASURE), (_("申请销号"), Kind.ANSWERED),
        (_("销号"), Kind.CLOSED),
    )  # fmt: skip
    stages = ["done" if at < reached else "here" if at == reached else "ahead" for at in range(len(names))]
    return [
        Step(title, stage, days.get(kind) if stage == "done" else None)  # type: ignore[arg-type]
        for (title, kind), stage in zip(names, stages, strict=True)
    ]


def _facts(found: Alert) -> Sequence[Fact]:
    helping = "、".join(str(one) for one in found.with_units.all())
    facts = [Fact(_("分工依据"), worded(found.owner_basis) or "—")]
    if helping:
        facts.append(Fact(_("配合单位"), helping))
    if found.due is None:
        facts.append(Fact(_("时限"), _("未定"), doubt=_("没有在用的时限规定，请调整时限。")))
    return facts


def _acts(actor: Actor, found: Alert) -> Iterator[Act]:
    """The acts of the state the warning is in; those another role does say so."""
    if found.state not in Alert.LIVE:
        return
    close = stopped(actor, CLOSE, found)
    handle = stopped(actor, HANDLE, found) or _not_ours(actor, found)
    primary = _next(found)
    for name, title, icon, why in (
        ("assign", _("指定处置单位"), "people", close),
        ("take", _("接办"), "check", handle or (_("请先指定处置单位。") if found.owner_id is None else "")),
        ("measure", _("登记处置措施"), "list-task", handle),
        ("answer", _("申请销号"), "send", handle),
        ("close", _("销号"), "check2-circle", close),
        ("return", _("退回"), "reply", close),
        ("extend", _("调整时限"), "calendar-event", close),
        ("escalate", _("上报"), "arrow-up", close or _highest(found)),
        ("merge", _("并入"), "link-45deg", close),
    ):
        if found.state in SHOWN[name]:
            url = reverse("monitoring:alert_act", args=[found.uid, name])
            yield Act(title, url, icon, primary=name == primary, stopped_by=why)


SHOWN: Mapping[str, Sequence[str]] = {
    "assign": (State.OPEN, State.WORKING),
    "take": (State.OPEN,),
    "measure": (State.WORKING,),
    "answer": (State.WORKING,),
    "close": (State.ANSWERED,),
    "return": (State.ANSWERED,),
    "extend": Alert.LIVE,
    "escalate": Alert.LIVE,
    "merge": Alert.LIVE,
}
"""In which states each act is offered."""


def _next(found: Alert) -> str:
    """The act that comes next."""
    if found.state == State.OPEN:
        return "take" if found.owner_id else "assign"
    if found.state == State.ANSWERED:
        return "close"
    return "answer" if found.acts.filter(kind=Kind.MEASURE).exists() else "measure"


def _not_ours(actor: Actor, found: Alert) -> str:
    return "" if is_ours(found, actor) else _("由处置单位或配合单位的人员办理。")


def _highest(found: Alert) -> str:
    return _("已在省级，没有更高的层级。") if found.tier == TIERS[-1] else ""


def _related(found: Alert) -> Sequence[tuple[str, str]]:
    links = []
    if found.campaign:
        links.append((found.campaign.title, reverse("monitoring:campaign", args=[found.campaign.uid])))
        links.append((_("任务的评价结果"), reverse("monitoring:verdicts", args=[found.campaign.uid])))
    if found.point:
        listed = reverse("kit:collection", args=["alerts"])
        links.append(
            (
                _("点位 %(number)s") % {"number": found.point.number},
                reverse("kit:record", args=["points", str(found.point.uid)]),
            )
        )
        links.append((_("这个点位的全部预警"), f"{listed}?q={found.point.number}"))
    if found.merged_into:
        links.append((found.merged_into.number, reverse("kit:record", args=["alerts", str(found.merged_into.uid)])))
    return links


def _finding(said: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(said["rule"]).removeprefix("warning.")
    return {
        "title": RULES.get(kind, kind),
        "why": said[language()],
        "level": Chip(*_of(LEVELS, said["level"])),
        "mark": mark_word(said["mark"]),
        "standard": said["standard"],
    }


def _weighed(said: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(said["rule"]).removeprefix("warning.")
    silenced = said["kind"] == "expected"
    chip = Chip("calm", _("在预期之内"), "info-circle") if silenced else Chip("unknown", _("未能判断"))
    return {"title": RULES.get(kind, kind), "why": said[language()], "chip": chip}


def _result(one: alerts.Weighed) -> dict[str, Any]:
    gone = Chip("calm", _("不再计入"), why=_("结果已更正或弃用。"))
    return {
        "result": one.result,
        "name": analyte_name(one.result.analyte),
        "chip": verdicts.chip(one.verdict) if one.verdict else gone,
        "why": one.sentence,
        "basis": one.basis or one.standard,
        "mark": verdicts.mark_chip(one.mark) if one.mark else None,
    }


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("佐证"), use.added_at, by, use.note
    )
