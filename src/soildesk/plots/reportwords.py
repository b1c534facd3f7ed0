"""What reports, their states and what can be done with them are called, for lists and pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.enterprises.sentences import language, said
from soildesk.kit.parts import Act, Chip, Step, Tone
from soildesk.plots.models import Opinion, Plot, QualityForm, Report
from soildesk.plots.queries import reports as found
from soildesk.plots.services.reports import need_keeper
from soilrules.messages import Message
from soilrules.plots.deadlines import disclosed_enough
from soilrules.plots.lists import ROOM
from soilrules.plots.quality_forms import FormKey, Verdict, quality_forms

State = Report.State
TONES: dict[str, tuple[Tone, str]] = {
    State.DRAFT: ("calm", "pencil"),
    State.SUBMITTED: ("warn", "inbox"),
    State.REVIEWING: ("busy", "hourglass-split"),
    State.RETURNED: ("bad", "reply"),
    State.ACCEPTED: ("good", "check-circle-fill"),
    State.WITHDRAWN: ("calm", "slash-circle"),
}
VERDICT_TONES: dict[str, Tone] = {
    "pass": "good", "revise": "warn", "fail": "bad", Verdict.PASSED: "good", Verdict.GENERAL: "warn",
    Verdict.SERIOUS: "bad", Verdict.FAILED: "bad", Verdict.UNKNOWN: "unknown",
}  # fmt: skip


def chip_of(report: Report) -> Chip:
    """How a report stands."""
    tone, icon = TONES[report.state]
    round_ = _("第 %(n)d 轮") % {"n": report.round} if report.round > 1 else ""
    return Chip(tone, str(report.get_state_display()), icon=icon, why=round_)


def conclusion(word: str) -> str:
    """A report's own conclusion in words."""
    words = {
        "within": _("不超过筛选值"), "exceeds": _("超过筛选值"), "reached": _("达到目标"), "not_reached": _("未达到目标"),
        "no_control": _("无需管控、修复"), "control": _("需要风险管控"), "remediation": _("需要修复"),
        "control_and_remediation": _("需要管控和修复"),
    }  # fmt: skip
    return words.get(word, word)


def opinion_chip(one: Opinion) -> Chip:
    """What an opinion says."""
    return Chip(VERDICT_TONES[one.verdict], str(one.get_verdict_display()))


def form_chip(one: QualityForm) -> Chip:
    """What a form comes to."""
    judged = found.judgement_of(one)
    word = Message(ROOM, "verdicts", judged.verdict).sentence(language())
    return Chip(VERDICT_TONES[judged.verdict], word, why=said(judged.message))


def form_name(key: str) -> str:
    """What a form is called."""
    form = quality_forms()[FormKey(key)]
    return form.en if language() == "en" else form.zh


def waiting(actor: Actor, plot: Plot) -> list[tuple[Report, Chip, str]]:
    """The reports of a plot that somebody is at: what they bring about is not entered by hand."""
    states = (Report.State.SUBMITTED, Report.State.REVIEWING, Report.State.RETURNED)
    return [(one, chip_of(one), url_of(one)) for one in found.of_plot(actor, plot) if one.state in states]


def url_of(report: Report) -> str:
    """The record page of a report."""
    return reverse("kit:record", args=["plot_reports", str(report.uid)])


def whose(one: Opinion) -> str:
    """Who gave an opinion."""
    if one.expert is not None:
        return _("专家 %(name)s") % {"name": one.expert.name}
    name = one.authority or (one.department.name if one.department else "")
    return _("%(side)s（%(name)s）") % {"side": one.get_side_display(), "name": name}


def life_of(report: Report, on: date) -> Sequence[Step]:
    """The way of a report: handed in, complete, reviewed, filed, made public, handed up."""
    reviewed = bool(found.levels_of(report, on))
    order = [State.DRAFT, State.SUBMITTED, State.REVIEWING, State.ACCEPTED]
    state = State.DRAFT if report.state in (State.RETURNED, State.WITHDRAWN) else report.state
    here = order.index(State(state))
    words = [
        _("登记"),
        _("完整性审查"),
        _("评审") if reviewed else _("备案审查"),
        _("评审通过") if reviewed else _("备案"),
    ]
    steps = [
        Step(word, "done" if at < here or (at == here == 3) else "here" if at == here else "ahead",
             report.accepted_on if at == 3 else None)
        for at, word in enumerate(words)
    ]  # fmt: skip
    passed = report.state == State.ACCEPTED
    return [
        *steps,
        _later(_("公开"), report.published_on, passed),
        _later(_("上传全国系统"), report.uploaded_on, passed),
    ]


def _later(word: str, done: date | None, passed: bool) -> Step:
    return Step(word, "done" if done else "missing" if passed else "ahead", done)


def disclosure_chip(report: Report, on: date) -> Chip | None:
    """Whether a report was public for as long as it has to be; None where it was not made public."""
    if report.published_on is None:
        return None
    enough = disclosed_enough(report.published_on, report.published_until, on=on)
    if enough is None:
        return Chip("busy", _("公开中"), why=_("公开期还没有满，或没有规定公开多久。"))
    return Chip("good", _("公开期已满")) if enough else Chip("bad", _("公开期不足"))


class _Can(NamedTuple):
    """An act: its address, what it is called, its sign, who may."""

    name: str
    title: Any
    icon: str
    permission: str


FILE = "plots.file"
_EDIT = _Can("report_edit", _l("修改"), "pencil", FILE)
_ATTACH = _Can("report_attach", _l("上传文件"), "upload", FILE)
_DATA = _Can("report_data", _l("数据与结论"), "table", FILE)
_SUBMIT = _Can("report_submit", _l("提交"), "send", FILE)
_COMPLETE = _Can("report_complete", _l("完整性审查通过"), "check", "plots.accept")
_RETURN = _Can("report_return", _l("退回修改"), "reply", "plots.accept")
_OPINION = _Can("report_opinion", _l("出具评审意见"), "quote", "plots.review")
_EXPERT = _Can("report_expert", _l("登记专家意见"), "person", "plots.accept")
_ASK = _Can("report_ask", _l("请专家评审"), "people", "plots.accept")
_GROUND = _Can("report_ground", _l("说明专家意见"), "pencil", "plots.accept")
_ACCEPT = _Can("report_accept", _l("评审通过"), "check2-circle", "plots.accept")
_PUBLISH = _Can("report_publish", _l("登记公开"), "eye", "plots.accept")
_UPLOAD = _Can("report_upload", _l("登记上传回执"), "cloud-arrow-up", "plots.accept")
_TAKE_BACK = _Can("report_take_back", _l("撤销通过"), "arrow-counterclockwise", "plots.accept")
_WITHDRAW = _Can("report_withdraw", _l("撤回"), "slash-circle", FILE)


def acts_of(actor: Actor, report: Report) -> Sequence[Act]:
    """What can be done now, the main thing first; what another may do is shown with who can."""
    by_state = {
        State.DRAFT: (_EDIT, _ATTACH, _DATA, _SUBMIT, _WITHDRAW),
        State.RETURNED: (_EDIT, _ATTACH, _DATA, _SUBMIT, _WITHDRAW),
        State.SUBMITTED: (_COMPLETE, _RETURN, _DATA, _WITHDRAW),
        State.REVIEWING: (_ACCEPT, _OPINION, _ASK, _EXPERT, _DATA, _RETURN, _WITHDRAW),
        State.ACCEPTED: (_PUBLISH, _UPLOAD, _TAKE_BACK),
        State.WITHDRAWN: (),
    }
    primary = {State.DRAFT: _SUBMIT, State.RETURNED: _SUBMIT, State.SUBMITTED: _COMPLETE, State.ACCEPTED: _UPLOAD}
    ready = not found.in_the_way(report, actor.today) if report.state == State.REVIEWING else False
    main = primary.get(State(report.state), _ACCEPT if ready else _OPINION)
    reviewed = bool(found.levels_of(report, actor.today))
    shown = [one for one in by_state[State(report.state)] if reviewed or one not in (_OPINION, _ASK, _EXPERT)]
    if report.state == State.REVIEWING and found.against(report):
        shown.append(_GROUND)
    return [_act(actor, report, one, main is one) for one in sorted(shown, key=lambda one: one is not main)]


def _act(actor: Actor, report: Report, one: _Can, primary: bool) -> Act:
    stopped = ""
    try:
        require(actor, one.permission, report)
        if one.permission == FILE:
            need_keeper(report, actor)
    except NotAllowed as refusal:
        stopped = refusal.sentence
    return Act(
        str(one.title), reverse(f"plots:{one.name}", args=[report.uid]), one.icon, primary=primary and not stopped,
        danger=one in (_WITHDRAW, _TAKE_BACK), stopped_by=stopped,
    )  # fmt: skip
