"""Acts of a firm on its filings: draft, fill in, attach, send, take back; and of an office that enters what came on paper.

What counts as the day of a duty is the day of the last sending, once it is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, duties, files
from soildesk.core.calendar import working_calendar
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Department, Duty, FileUse
from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.enterprises.filingforms import FORMS, Form, form_of
from soildesk.enterprises.filingvalues import Read, read
from soildesk.enterprises.models import EnterpriseVersion, Filing, FilingAct
from soildesk.enterprises.queries import filings as found
from soildesk.enterprises.refusals import FilingRefused
from soildesk.enterprises.services.happenings import latest
from soildesk.enterprises.services.numbers import number_of_firm
from soilrules.enterprises.dutyrules import DutyRule, duty_rules

State, Act = Filing.State, FilingAct.Kind
REVIEW_DAYS = 5
"""Working days an office gives itself to review: no text sets them, a county may set its own."""
REVIEW_MARK = "L"
OPEN = frozenset({State.DRAFT, State.RETURNED})
"""States in which a filing is with the firm."""
MOST_FILES = 20
FIRST_YEAR = 2016


@dataclass(frozen=True, slots=True)
class What:
    """What is filed: the kind, the year, and which demolition, project or round."""

    kind: str
    period: str
    subject: str = ""


@transaction.atomic
def draft(firm: EnterpriseVersion, what: What, *, by: Actor, at: datetime) -> Filing:
    """A new draft with what the desk knows already; an office's draft is one of what came on paper."""
    on_paper = _entering(firm, by)
    form, subject = _checked(what, by)
    _refuse_second(firm, what, subject)
    keeper = _keeper(firm)
    filing = Filing.objects.create(
        enterprise=firm.enterprise,
        division_path=firm.division_path,
        owner_department=keeper,
        number=number_of_firm(firm, "SB", by.today.year),
        kind=form.kind,
        period=what.period,
        subject=subject,
        data=read(form, found.known(firm.enterprise_id, form.kind, by.today), by.today).data,
        on_paper=on_paper,
        created_at=at,
        created_by=by.person,
    )
    write_act(filing, Act.DRAFTED, by=by, at=at)
    data = {"number": filing.number, "kind": filing.kind, "period": filing.period, "on_paper": on_paper}
    audit.record("enterprises.filing.drafted", subject=filing, by=by, at=at, data=data)
    return filing


@transaction.atomic
def save(filing: Filing, typed: Mapping[str, Any], *, by: Actor, at: datetime) -> Read:
    """Keep what was typed so far, finished or not; tells what is still missing."""
    held = with_firm(filing, by)
    got = read(form_of(held.kind), typed, by.today)
    if got.data != held.data:
        held.data = got.data
        held.save(update_fields=["data"])
        audit.record("enterprises.filing.saved", subject=held, by=by, at=at, data={"number": held.number})
    return got


@transaction.atomic
def attach(filing: Filing, *, data: bytes, name: str, by: Actor, at: datetime) -> FileUse:
    """The report itself, or what belongs to it."""
    held = with_firm(filing, by)
    if files.uses_of(held).count() >= MOST_FILES:
        raise FilingRefused(
            _("附件已有 %(n)d 个，达到上限：请合并或先撤下不用的文件。") % {"n": MOST_FILES},
            code="enterprises.filing.too_many",
        )
    use = files.attach(held, data=data, name=name, kind="report", by=by, at=at)
    audit.record(
        "enterprises.filing.attached", subject=held, by=by, at=at, data={"number": held.number, "file": use.name}
    )
    return use


@transaction.atomic
def detach(filing: Filing, use: FileUse, *, by: Actor, at: datetime) -> None:
    """A file taken out again before sending; what was sent in an earlier round stays in the history."""
    held = with_firm(filing, by)
    files.withdraw(use, why=_("报送前撤下"), by=by, at=at)
    audit.record(
        "enterprises.filing.detached", subject=held, by=by, at=at, data={"number": held.number, "file": use.name}
    )


@transaction.atomic
def submit(filing: Filing, *, by: Actor, at: datetime, on: date | None = None) -> Filing:
    """Send it to the office: complete, with its report. `on` is the day paper came in; a firm sends today."""
    held = with_firm(filing, by)
    day = _day_of_sending(held, on, by)
    told = missing(held, by.today)
    if told:
        raise FilingRefused("".join(told), code="enterprises.filing.incomplete")
    held.state, held.submitted_on = State.SUBMITTED, day
    held.save(update_fields=["state", "submitted_on"])
    sent = {
        "entries": held.data,
        "files": [str(one.uid) for one in files.uses_of(held)],
        "findings": warnings(held, day),
    }
    write_act(held, Act.SUBMITTED, by=by, at=at, on=day, data=sent)
    _owe_review(held, by)
    audit.record(
        "enterprises.filing.submitted", subject=held, by=by, at=at,
        data={"number": held.number, "on": day, "findings": len(sent["findings"])},
    )  # fmt: skip
    return held


@transaction.atomic
def withdraw(filing: Filing, *, why: str, by: Actor, at: datetime) -> Filing:
    """Take back what is not decided, or give up a draft; it may be filed anew."""
    held = locked(filing, by)
    _need_own(held, by)
    if held.state == State.ACCEPTED:
        raise FilingRefused(
            _("%(number)s 已接收，不能撤回：内容有误的，请联系生态环境部门退回。") % {"number": held.number},
            code="enterprises.filing.state",
        )
    need_state(held, State.DRAFT, State.SUBMITTED, State.RETURNED)
    need_words(why, _("请写明撤回的原因：原因会留在办理记录里。"))
    held.state = State.WITHDRAWN
    held.save(update_fields=["state"])
    write_act(held, Act.WITHDRAWN, by=by, at=at, note=why)
    duties.replace_for(held, [], by=by)
    audit.record("enterprises.filing.withdrawn", subject=held, by=by, at=at, data={"number": held.number})
    return held


def missing(filing: Filing, today: date) -> list[str]:
    """Why a filing cannot be sent yet, in sentences."""
    form = form_of(filing.kind)
    told = list(read(form, filing.data, today).problems.values())
    if form.file and not files.uses_of(filing).exists():
        told.append(_("没有附件：请上传“%(file)s”。") % {"file": form.file})
    return told


def warnings(filing: Filing, on: date) -> list[dict[str, Any]]:
    """What is told before sending and kept with the round: a demolition that begins too soon."""
    start = filing.data.get("planned_start")
    if filing.kind != Filing.Kind.DEMOLITION_PLAN or not start:
        return []
    rule = _demolition_rule()
    earliest, provisional = working_calendar().add_working_days(on, rule.term.most)
    if date.fromisoformat(start) >= earliest:
        return []
    told = _(
        "计划开始日期 %(start)s 距 %(on)s 报送不足 %(n)d 个工作日，最早应为 %(earliest)s：请推迟开工，或在退回前说明情况。"
    )
    said = told % {"start": start, "on": on, "n": rule.term.most, "earliest": earliest}
    return [{"rule": rule.id, "mark": rule.mark, "said": said, "provisional": provisional}]


def _demolition_rule() -> DutyRule:
    return next(one for one in duty_rules() if one.id == "demolition.ecology" and one.in_use)


def locked(filing: Filing, by: Actor) -> Filing:
    """The filing as it stands now, held until the act ends; refused to whoever does not see it."""
    held = found.seen(by).select_for_update().filter(pk=filing.pk).first()
    if held is None:
        raise NotAllowed(_("没有这份申报，或您无权查看。"))
    return held


def with_firm(filing: Filing, by: Actor) -> Filing:
    """The filing while it is with whoever fills it in."""
    held = locked(filing, by)
    _need_own(held, by)
    need_state(held, *OPEN)
    return held


def _need_own(filing: Filing, by: Actor) -> None:
    """A firm writes its own filings, an office those it entered from paper."""
    require(by, "enterprises.file", filing)
    if filing.on_paper == found.is_firm(by):
        raise FilingRefused(
            _("%(number)s 由单位代录纸质材料：请由代录单位办理。") % {"number": filing.number}
            if filing.on_paper
            else _("%(number)s 由企业填报：需要修改的，请写明原因退回企业。") % {"number": filing.number},
            code="enterprises.filing.not_own",
        )


def need_state(filing: Filing, *wanted: str) -> None:
    """Refuse an act on a filing that stands otherwise by now."""
    if filing.state not in wanted:
        raise FilingRefused(
            _("%(number)s 的状态是“%(state)s”，不能这样办理：请刷新页面后再看。")
            % {"number": filing.number, "state": filing.get_state_display()},
            code="enterprises.filing.state",
        )


def need_words(text: str, sentence: str) -> None:
    """Refuse an act that needs a reason and has none."""
    if not text.strip():
        raise FilingRefused(sentence, code="enterprises.filing.why_missing")


def write_act(filing: Filing, kind: FilingAct.Kind, *, by: Actor, at: datetime, **said: Any) -> FilingAct:
    """One line of the rounds; `on` is today where nothing else is said."""
    note = str(said.get("note", "")).strip()[:1000]
    department = by.person.department if by.person else None
    return FilingAct.objects.create(
        filing=filing, kind=kind, on=said.get("on") or by.today, note=note, data=said.get("data", {}),
        department=department, by=by.person, at=at,
    )  # fmt: skip


def _entering(firm: EnterpriseVersion, by: Actor) -> bool:
    """Whether this is an office entering paper; refused to whoever may do neither."""
    require(by, "enterprises.file", firm)
    if found.is_firm(by):
        if not found.speaks_for(by, firm.enterprise_id):
            raise NotAllowed(_("没有这家企业，或您不代表它。"))
        return False
    return True


def _checked(what: What, by: Actor) -> tuple[Form, str]:
    form, subject = FORMS.get(what.kind), " ".join(what.subject.split())
    if form is None:
        raise FilingRefused(
            _("没有“%(kind)s”这种申报：请在列表中选择。") % {"kind": what.kind[:40]}, code="enterprises.filing.kind"
        )
    year = int(what.period) if what.period.isascii() and what.period.isdigit() and len(what.period) <= 4 else 0
    if not FIRST_YEAR <= year <= by.today.year + 1:
        raise FilingRefused(
            _("年度“%(period)s”不能申报：请填写 %(first)d 至 %(last)d 的年份。")
            % {"period": what.period[:20], "first": FIRST_YEAR, "last": by.today.year + 1},
            code="enterprises.filing.period",
        )
    if form.subject and not subject:
        raise FilingRefused(
            _("没有写明“%(what)s”：同一年可能不止一份，请写明是哪一个。") % {"what": form.subject},
            code="enterprises.filing.subject",
        )
    if len(subject) > 80:
        raise FilingRefused(
            _("“%(what)s”有 %(n)d 字，最多 80 字：请缩短。") % {"what": form.subject, "n": len(subject)},
            code="enterprises.filing.subject",
        )
    return form, subject if form.subject else ""


def _refuse_second(firm: EnterpriseVersion, what: What, subject: str) -> None:
    same = Filing.objects.filter(enterprise=firm.enterprise_id, kind=what.kind, period=what.period, subject=subject)
    held = same.filter(state__in=Filing.LIVE).first()
    if held:
        raise FilingRefused(
            _("%(year)s 年的“%(kind)s %(subject)s”已有一份（%(number)s，%(state)s）：请在那一份上办理。")
            % {"year": what.period, "kind": held.get_kind_display(), "subject": subject, "number": held.number, "state": held.get_state_display()},
            code="enterprises.filing.twice",
        )  # fmt: skip


def _keeper(firm: EnterpriseVersion) -> Department:
    """The department that keeps the firm receives what it files."""
    return Department.objects.select_related("division").get(pk=firm.owner_department_id)


def _day_of_sending(filing: Filing, on: date | None, by: Actor) -> date:
    if not filing.on_paper:
        return by.today
    day = on or by.today
    if day > by.today:
        raise FilingRefused(
            _("收到日期 %(day)s 晚于今天 %(today)s：请填写收到纸质材料的日期。") % {"day": day, "today": by.today},
            code="enterprises.filing.future",
        )
    return day


def _owe_review(filing: Filing, by: Actor) -> None:
    firm = latest(filing.enterprise_id)
    title = _("%(firm)s：审核%(what)s") % {"firm": firm.name if firm else filing.number, "what": filing}
    spec = DutySpec(
        Duty.Kind.FILING,
        title[:300],
        filing.owner_department,
        basis=_("本级默认：报送后 %(n)d 个工作日内审核（%(mark)s）") % {"n": REVIEW_DAYS, "mark": REVIEW_MARK},
        period=filing.number[-20:],
        working_days=REVIEW_DAYS,
        since=by.today,
        internal=True,
    )
    duties.open_duty(filing, spec, by=by, life=Life(by.today))
