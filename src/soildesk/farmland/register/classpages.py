"""What this room adds to the record pages of classifications, proposals, threads of adjustment and field checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import audit, audit_words, files, jobs
from soildesk.core.permissions import Actor, may
from soildesk.farmland import classdrawing
from soildesk.farmland.classwords import (
    EXCESS,
    ROMAN,
    STATE_LOOKS,
    TONES,
    TRIGGER_STATES,
    class_chip,
    class_word,
    limits_told,
    produce_word,
    switches_told,
)
from soildesk.farmland.models import Classification, FieldCheck, Trigger, UnitProposal
from soildesk.farmland.mu import told
from soildesk.farmland.queries import classifications as far
from soildesk.farmland.queries.proposals import ruleset_of
from soildesk.farmland.queries.why import why
from soildesk.farmland.services import classifying
from soildesk.farmland.services.offices import LINES, Line
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact, Step
from soildesk.kit.register import Row
from soildesk.monitoring.markwords import mark_word
from soildesk.plots.register.records import file_part, stopped
from soildesk.standards.refusals import language

State = Classification.State
WAY = (State.DRAFT, State.CHECKING, State.REVIEW, State.SENT, State.APPROVED)
ACTS = (
    "farmland.classification.opened", "farmland.classification.computed", "farmland.classification.draft",
    "farmland.classification.checking", "farmland.classification.review", "farmland.classification.opinion",
    "farmland.classification.sent", "farmland.classification.approved", "farmland.classification.unapproved",
    "farmland.classification.given_up",
)  # fmt: skip
NAMED = 6
"""Units named on the page; the list has all."""


def classification(actor: Actor, row: Row, on: date) -> RecordPage:
    """A classification: how far it is, what was proposed, who agreed, what is to be done next."""
    held = Classification.objects.select_related("decision", "by").get(pk=row["pk"])
    computed = held.computed_at is not None
    found = far.progress(held) if computed else None
    tone, icon = STATE_LOOKS[held.state]
    listed = reverse("kit:collection", args=["class_proposals"]) + f"?classification={held.number}"
    return RecordPage(
        chips=[Chip(tone, held.get_state_display(), icon=icon)],  # type: ignore[arg-type]
        life=_life(held),
        facts=_facts(held),
        acts=_acts(actor, held, found),
        history=_history(held),
        related=_related(held, listed),
        template="farmland/classification.html",
        context={
            "held": held,
            "job": jobs.visible_to(actor).filter(uid=held.job).first() if held.job and held.state == State.DRAFT else None,
            "progress": found,
            "areas": _areas(found) if found else [],
            "few": [(one, far.apart(one)) for one in found.left_out[:NAMED]] if found else [],
            "left_out": _left_out(held),
            "outdated": classifying.outdated_rounds(held) if computed and held.state in WAY[:4] else [],
            "opinions": [(LINES[Line(line)], far.opinions(held).get(line)) for line in far.AGREEING],
            "differing": [(one, class_word(far.final(one)), class_word(given) if given else "") for one, given in far.differing(held)],
            "listed": listed,
            "maps": classdrawing.both(held, actor) if found and found.units <= classdrawing.MOST else None,
            "threads": list(held.triggers.filter(superseded_at=None).select_related("unit")),
            "next": _next(held, found),
        },
    )  # fmt: skip


def _life(held: Classification) -> list[Step]:
    if held.state == State.GIVEN_UP:
        return [Step(str(State(one).label), "skipped") for one in WAY] + [Step(str(State.GIVEN_UP.label), "here")]
    here = WAY.index(State(held.state))
    days = {State.SENT: held.sent_on, State.APPROVED: held.decision.decided_on if held.decision else None}
    done = held.state == State.APPROVED
    return [
        Step(
            str(State(one).label),
            "done" if at < here or (done and at == here) else "here" if at == here else "ahead",
            on=days.get(one),
        )
        for at, one in enumerate(WAY)
    ]


def _facts(held: Classification) -> list[Fact]:
    rules = ruleset_of(held.ruleset, held.switches)
    rounds = "；".join(f"{one.title}（{one.number}）" for one in held.soil_rounds.all())
    grown = "；".join(f"{one.title}（{one.number}）" for one in held.produce_rounds.all())
    found = [
        Fact(_("土壤监测任务"), rounds or "—"),
        Fact(_("农产品监测任务"), grown or _("没有：只按土壤评价")),
        Fact(_("规则"), rules.name(language()), note=mark_word(rules.mark)),
        Fact(_("规则开关"), switches_told(held)),
        Fact(_("限值"), limits_told(held), note="、".join(held.told.get("standards", ()))),
    ]
    if held.computed_at:
        said = {"points": held.told.get("points"), "produce": held.told.get("produce_points")}
        found.append(Fact(_("参加评价"), _("%(points)s 个土壤点位，%(produce)s 个农产品点位") % said))
    if held.left_out_why:
        found.append(Fact(_("暂不报批单元的说明"), held.left_out_why))
    if held.given_up_why:
        found.append(Fact(_("终止原因"), held.given_up_why))
    return found


def _acts(actor: Actor, held: Classification, found: far.Progress | None) -> list[Act]:
    barred = stopped(actor, "farmland.classify", held)
    reviewing = stopped(actor, "farmland.review_classes", held)
    computed = "" if held.computed_at else _("还没有计算建议类别：请先计算。")
    checked = found is not None and not found.unchecked
    agreed = held.state == State.REVIEW and not far.agreed(held)

    def act(title: str, name: str, icon: str, *states: str, more: str = "", who: str = barred, **look: bool) -> Act:
        elsewhere = (
            "" if held.state in states else _("现处于“%(state)s”，不能办理。") % {"state": held.get_state_display()}
        )
        url = reverse(f"farmland:classify_{name}", args=[held.uid])
        return Act(title, url, icon, stopped_by=who or elsewhere or more, **look)

    steps = {
        State.DRAFT: [
            act(_("计算建议类别"), "compute", "sliders", State.DRAFT, primary=not held.computed_at, post=True),
            act(
                _("开始外业核实"),
                "to_field",
                "eye",
                State.DRAFT,
                more=computed,
                primary=bool(held.computed_at),
                post=True,
            ),
        ],
        State.CHECKING: [
            act(
                _("登记外业核实"),
                "check",
                "camera",
                State.CHECKING,
                who=stopped(actor, "farmland.check_field", held),
                primary=not checked,
            ),
            act(
                _("提交会审"),
                "to_review",
                "people",
                State.CHECKING,
                primary=checked and found is not None and not found.misfits,
            ),
            act(_("退回草案"), "back", "arrow-counterclockwise", State.CHECKING),
        ],
        State.REVIEW: [
            act(_("登记会审意见"), "opinion", "people", State.REVIEW, who=reviewing, primary=not agreed),
            act(_("报送省级"), "send", "send", State.REVIEW, primary=agreed),
            act(_("退回草案"), "back", "arrow-counterclockwise", State.REVIEW),
        ],
        State.SENT: [act(_("登记省级批准"), "approve", "check2-circle", State.SENT, primary=True)],
        State.APPROVED: [],
        State.GIVEN_UP: [],
    }[State(held.state)]
    always = [
        act(_("假如换规则或标准"), "whatif", "layout-split", *State.values),
        act(_("一图（PNG）"), "map", "map", *State.values, more=computed, who=""),
        act(_("一表（Excel）"), "list", "file-earmark-excel", *State.values, more=computed, who=""),
        act(_("一报告（Word）"), "report", "file-earmark-text", *State.values, more=computed, who=""),
    ]
    ending = [act(_("终止"), "give_up", "slash-circle", *WAY[:4], danger=True)] if held.state in WAY[:4] else []
    return [*steps, *always, *ending]


def _next(held: Classification, found: far.Progress | None) -> str:
    """What an official does next, in a sentence."""
    if held.state == State.CHECKING and found and not found.unchecked:
        if found.misfits:
            return _("下一步：外业核实已做完，%(n)d 个单元不符：先调整边界或者利用方式，再退回草案重新计算。") % {
                "n": len(found.misfits)
            }
        return _("下一步：全部单元已核实，提交会审。")
    if held.state == State.REVIEW and not far.agreed(held):
        return _("下一步：两个部门都已同意，报送省级。")
    return {
        State.DRAFT: _("下一步：核对建议类别后，开始外业核实。") if held.computed_at else _("下一步：计算建议类别。"),
        State.CHECKING: _("下一步：逐个单元登记外业核实（还有 %(n)d 个）；边界不符的先调整，再退回草案重新计算。")
        % {"n": found.unchecked if found else 0},
        State.REVIEW: _("下一步：农业农村部门和生态环境部门会审；都同意后报送省级。"),
        State.SENT: _("下一步：收到省级人民政府批复后登记文号、日期和机关，类别自生效日起成为现行类别。"),
        State.APPROVED: _("已批准：现行类别以批准文件为准；请在批准文件页登记上传回执。"),
        State.GIVEN_UP: _("已终止：建议类别只作历史留存。"),
    }[State(held.state)]


def _areas(found: far.Progress) -> list[dict[str, Any]]:
    """Of each class the units as computed, and units and ground as the review has them: what would be sent."""
    return [
        {
            "chip": class_chip(key),
            "computed": found.computed.get(key, 0),
            "settled": found.settled.get(key, 0),
            "area": told(found.areas.get(key, 0.0)),
        }
        for key in ("priority", "safe_use", "strict", "")
        if key in found.areas or key in found.computed
    ]


def _left_out(held: Classification) -> list[str]:
    """Results that did not count, and why."""
    words = {
        "outside": _("%(n)s 个结果的点位不在任何单元内"), "parallel": _("%(n)s 个平行样结果"), "deeper": _("%(n)s 个表层以下的结果"),
        "no_point": _("%(n)s 个结果没有点位"),
    }  # fmt: skip
    return [words[key] % {"n": count} for key, count in held.told.get("left_out", {}).items() if key in words]


def _history(held: Classification) -> list[Event]:
    events = []
    for entry, who in audit.told_of(held, *ACTS):
        detail = str(entry.data.get("why") or entry.data.get("document") or entry.data.get("decision") or "")
        events.append(Event(entry.at, who, str(audit_words.word_of(entry.act)), detail))
    return events


def _related(held: Classification, listed: str) -> list[tuple[str, str]]:
    found = [(_("这次的建议类别清单"), listed)]
    if held.decision:
        found.append((_("批准文件 %(number)s") % {"number": held.decision.number}, _decision_url(held.decision.uid)))
    checks = reverse("kit:collection", args=["class_checks"]) + f"?q={held.number}"
    tried = reverse("farmland:classify_whatif", args=[held.uid])
    asked = held.trials.count()
    more = [(_("试算记录 %(n)d 次") % {"n": asked}, f"{tried}#trials")] if asked else []
    return [*found, (_("外业核实记录"), checks), *more]


def _decision_url(uid: Any) -> str:
    return reverse("kit:record", args=["class_decisions", str(uid)])


def proposal(actor: Actor, row: Row, on: date) -> RecordPage:
    """Why a unit has its proposed class, in one screen."""
    held = UnitProposal.objects.select_related("classification", "unit", "version").get(pk=row["pk"])
    found = why(held)
    final = far.final(held)
    settling = stopped(actor, "farmland.review_classes", held)
    elsewhere = "" if held.classification.state == State.REVIEW else _("只在会审中可以确定与计算不同的类别。")
    facts = [
        Fact(_("结论"), found.sentence),
    ]
    if held.settled:
        facts.append(Fact(_("会审确定"), class_word(held.settled), note=held.settled_why))
    url = reverse("kit:record", args=["classifications", str(held.classification.uid)])
    return RecordPage(
        chips=[class_chip(final, found.sentence)],
        facts=facts,
        acts=[
            Act(_("会审确定类别"), reverse("farmland:proposal_settle", args=[held.uid]), "people", stopped_by=settling or elsewhere)
        ],
        related=[
            (_("类别划分 %(number)s") % {"number": held.classification.number}, url),
            (_("评价单元 %(number)s") % {"number": held.unit.number}, reverse("kit:record", args=["farmland_units", str(held.unit.uid)])),
        ],
        template="farmland/why.html",
        context={
            "held": held, "why": found, "final": class_chip(final), "soil_only": class_chip(held.soil_only),
            "before": class_chip(held.before) if held.before else None, "apart": held.detail.get("apart", ()),
            "elements": [_element(one, found) for one in found.elements],
            "points": [_line(one, ROMAN) for one in found.points], "produce": [_line(one, EXCESS) for one in found.produce],
            "picture": classdrawing.with_points(held),
            "check": far.last_checks(held.classification).get(held.unit_id),
        },
    )  # fmt: skip


def _element(one: Any, found: Any) -> dict[str, Any]:
    """One line of the table; the row of the joint judgement only where it has something to say."""
    row = one.row if one.grade != 1 or one.soil != 1 else None
    return {
        "told": one,
        "soil": Chip(TONES[one.soil], ROMAN[one.soil]),  # type: ignore[arg-type]
        "grade": Chip(TONES[one.grade], ROMAN[one.grade]),  # type: ignore[arg-type]
        "row": produce_word(row.produce, found.rules) if row else "",
        "mark": mark_word(row.mark) if row else "",
    }


def _line(one: Any, words: Mapping[int, Any]) -> dict[str, Any]:
    """One point with a cell for each element, its grade in words and colour, its limits as they are printed."""
    return {**one, "cells": [cell and _cell(cell, words) for cell in one["cells"]]}


def _cell(cell: Mapping[str, Any], words: Mapping[int, Any]) -> dict[str, Any]:
    limits = [f"{cell[name]:g}" for name in ("limit", "control") if cell.get(name) is not None]
    return {**cell, "tone": TONES[cell["grade"]], "word": words[cell["grade"]], "limits": "/".join(limits)}


def trigger(actor: Actor, row: Row, on: date) -> RecordPage:
    """A thread of adjustment: what it is about, and what a person can make of it."""
    held = Trigger.objects.select_related("unit", "classification").get(pk=row["pk"])
    tone, icon, label = TRIGGER_STATES[Trigger.State(held.state)]
    closed = (
        "" if held.state == Trigger.State.OPEN else _("已办理为“%(state)s”。") % {"state": held.get_state_display()}
    )
    barred = stopped(actor, "farmland.classify", held) or closed
    related = [
        (
            _("评价单元 %(number)s") % {"number": held.unit.number},
            reverse("kit:record", args=["farmland_units", str(held.unit.uid)]),
        )
    ]
    if held.classification and may(actor, "farmland.read_proposals"):
        url = reverse("kit:record", args=["classifications", str(held.classification.uid)])
        related.append((_("类别划分 %(number)s") % {"number": held.classification.number}, url))
    return RecordPage(
        chips=[Chip(tone, str(label), icon=icon)],  # type: ignore[arg-type]
        acts=[
            Act(_("启动调整"), reverse("farmland:triggers_start") + f"?threads={held.uid}", "arrow-clockwise", primary=True, stopped_by=barred),
            Act(_("不调整"), reverse("farmland:trigger_dismiss", args=[held.uid]), "slash-circle", stopped_by=barred),
        ],
        history=_told_of(held, "farmland.trigger.dismissed"),
        related=related,
    )  # fmt: skip


def check(actor: Actor, row: Row, on: date) -> RecordPage:
    """A field check with its photos."""
    held = FieldCheck.objects.select_related("classification", "unit").get(pk=row["pk"])
    gone = "" if held.classification.state == State.CHECKING else _("外业核实已经结束。")
    barred = stopped(actor, "farmland.check_field", held) or gone
    return RecordPage(
        acts=[Act(_("撤销误登"), reverse("farmland:check_back", args=[held.uid]), "slash-circle", danger=True, stopped_by=barred)],
        files=[file_part(use, _("照片")) for use in files.uses_of(held)],
        history=_told_of(held, "farmland.fieldcheck.registered"),
        related=[(_("评价单元 %(number)s") % {"number": held.unit.number}, reverse("kit:record", args=["farmland_units", str(held.unit.uid)]))],
    )  # fmt: skip


def _told_of(held: Any, *acts: str) -> Sequence[Event]:
    return [
        Event(entry.at, who, str(audit_words.word_of(entry.act)), str(entry.data.get("why") or ""))
        for entry, who in audit.told_of(held, *acts)
    ]
