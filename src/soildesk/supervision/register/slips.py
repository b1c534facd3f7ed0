"""督办单: the papers that were sent, and the page of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock, files
from soildesk.core.duties import state_of
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.register.enterprises import TOWN, word
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.plans.queries.told import SUBJECT as TASK
from soildesk.plans.queries.told import report_address
from soildesk.supervision import words
from soildesk.supervision.models import Slip
from soildesk.supervision.queries import seen
from soildesk.supervision.queries.about import addresses
from soildesk.supervision.queries.letters import links_of
from soildesk.supervision.register.matters import SECTION, units
from soildesk.supervision.services.letters import WRITE as LETTERS
from soildesk.supervision.services.slips import ANSWER

State, Colour = Slip.State, Slip.Colour


def slip(actor: Actor, row: Row, on: date) -> RecordPage:
    """One slip: what it is about, why it was sent, what came before and after, what was answered."""
    found = Slip.objects.select_related("duty", "unit", "owner_department", "answered_by", "follows").get(pk=row["pk"])
    duty = found.duty
    chain = seen.slips_of(duty) if duty else [found]
    about = addresses([(duty.subject_type, duty.subject_id)], on) if duty else {}
    record = about.get((duty.subject_type, duty.subject_id), "") if duty else ""
    return RecordPage(
        chips=_chips(found, on),
        life=[_step(one, found) for one in chain if one.colour != Colour.NONE],
        facts=_facts(found, record),
        acts=list(_acts(actor, found, record)),
        files=[_file(use) for use in files.uses_of(found)],
        history=_history(found),
        related=[
            *([(_("这一事项的全部督办情况"), reverse("kit:record", args=["matters", str(duty.uid)]))] if duty else ()),
            *links_of(actor, found),
        ],
        template="supervision/slip.html",
        context={
            "slip": found,
            "name": words.slip_name(found),
            "why": words.why_of(found),
            "to": words.to_words(found.to),
        },
    )


def _chips(found: Slip, on: date) -> Sequence[Chip]:
    chips = [words.chip(words.COLOURS, found.colour, words.why_of(found)), words.chip(words.SLIP_STATES, found.state)]
    if found.state == State.WAITING and found.answer_by and found.answer_by < on:
        chips.append(Chip("bad", _("答复逾期"), "exclamation-triangle-fill"))
    if found.duty is not None:
        chips.append(words.chip(words.DUTY_STATES, state_of(found.duty, on)))
    if found.important:
        chips.append(Chip("warn", _("重要事项"), "star"))
    return chips


def _step(one: Slip, here: Slip) -> Step:
    stage = "here" if one.pk == here.pk else "done"
    url = "" if one.pk == here.pk else reverse("kit:record", args=["slips", str(one.uid)])
    return Step(f"{Colour(one.colour).label} {one.number}", stage, one.on, url=url)  # type: ignore[arg-type]


def _facts(found: Slip, record: str) -> Sequence[Fact]:
    own = _("时限是内部时限，不是方案或者上级规定的") if found.duty is not None and found.duty.internal else ""
    facts = [
        Fact(_("发送"), words.to_words(found.to)),
        Fact(_("缘由"), words.why_of(found), source=found.basis, note=_("可信度 %(mark)s") % {"mark": found.mark}),
        Fact(_("事项"), found.title, url=record, note=own),
    ]
    if found.proposes:
        facts.append(Fact(_("建议"), words.act_name(found.proposes), note=_("由有权的机关决定")))
    if found.answered_on:
        said = str(found.get_answer_kind_display())
        facts.append(Fact(_("答复"), found.answer or said, note=f"{found.answered_on} {said}"))
    if clock.local_day(found.recorded_at) > found.on:
        facts.append(Fact(_("补发"), clock.local_day(found.recorded_at), note=_("应发之日没有运行，之后补发")))
    return facts


def _acts(actor: Actor, found: Slip, record: str) -> Iterator[Act]:
    """A unit has three buttons: it is done, it is not and why, it came to the wrong place."""
    if found.colour != Colour.NONE:
        ended = "" if found.state in (State.WAITING, State.FOLLOWED) and not found.answered_on else _("不需要再答复。")
        why = ended or stopped(actor, ANSWER, found)
        done = _done_url(found) or record
        if done:
            over = ended if found.duty is None or found.duty.done_on else ""
            yield Act(_("已办"), done, "check2-circle", primary=not ended, stopped_by=over)
        yield Act(_("未办及原因"), _url(found, "reason"), "quote", stopped_by=why)
        yield Act(_("转错了"), _url(found, "misdirected"), "signpost-split", stopped_by=why)
        yield Act(_("督办单（Word）"), reverse("supervision:paper", args=[found.uid]), "file-earmark-text")
        if may(actor, LETTERS, found):
            yield Act(_("起草函件"), f"{reverse('supervision:new_letter')}?from=slip&key={found.uid}", "journal-text")


def _done_url(found: Slip) -> str:
    """A unit tells that a task of a plan is done in the form of the ledger."""
    duty = found.duty
    if duty is None or duty.subject_type != TASK or duty.unit_id is None:
        return ""
    return report_address(duty.subject_id, duty.unit_id)


def _url(found: Slip, name: str) -> str:
    return reverse("supervision:slip_act", args=[found.uid, name])


def _history(found: Slip) -> Sequence[Event]:
    issued = Event(found.on, str(found.owner_department), _("发出"), words.why_of(found))
    if not found.answered_on:
        return [issued]
    who = found.answered_by.name if found.answered_by else str(found.unit or "")
    return [issued, Event(found.answered_on, who, str(found.get_answer_kind_display()), found.answer)]


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("附件"), use.added_at, by, use.note
    )


def _number(value: Any, row: Row) -> str:
    return cells.link(value or _("（提醒）"), row)


SLIPS = register.add(
    Register(
        name="supervision.slips",
        collection="slips",
        title=_l("督办单"),
        permission="supervision.read",
        queryset=seen.slips,
        fields=["answer_by", "state"],
        record=slip,
        columns=[
            Column("number", _l("编号"), sort="number", width=11, frozen=True, format=_number),
            Column("colour", _l("颜色"), sort="colour", width=6, format=cells.chip(words.COLOURS), export=lambda value, row: str(Colour(value).label)),
            Column("title", _l("事项"), width=24, format=cells.clamp, on_record=False),
            Column("unit", _l("责任单位"), lambda row: row["unit_name"], ["unit_name"], sort="unit_name", width=9),
            Column("on", _l("发出日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("why", _l("缘由"), lambda row: words.why_words(row["why"], row["said"]), ["why", "said"], width=20, format=cells.clamp, on_record=False),
            Column("state", _l("状态"), sort="state", width=9, format=cells.chip(words.SLIP_STATES), export=lambda value, row: str(State(value).label)),
            Column("answer_by", _l("答复时限"), sort="answer_by", width=8, format=cells.day, type="date"),
            Column("answered_on", _l("答复日期"), sort="answered_on", width=8, format=cells.day, type="date"),
            Column("answer", _l("答复内容"), width=18, format=cells.clamp, shown=False, on_record=False),
            Column("kind", _l("事项类别"), word("kind", seen.ALL_KINDS), ["kind"], width=9, stored=Stored("kind", seen.ALL_KINDS)),
            Column("due", _l("事项时限"), sort="due", width=8, format=cells.day, type="date"),
            Column("to", _l("发送"), lambda row: words.to_words(row["to"]), ["to"], width=14, shown=False, on_record=False),
            Column("issuer", _l("发出机关"), width=9, shown=False),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
        ],
        filters=[
            ChoiceFilter("colour", _l("颜色"), choices=Colour.choices),
            ChoiceFilter("answered", _l("答复"), choices=[("no", _l("未答复")), ("late", _l("答复逾期")), ("yes", _l("已答复"))],
                         conditions={"no": seen.UNANSWERED, "late": seen.waits_long, "yes": seen.ANSWERED}),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("unit", _l("责任单位"), field="unit_id", choices=units),
            ChoiceFilter("kind", _l("事项类别"), choices=seen.KINDS),
            ChoiceFilter("proposes", _l("建议"), choices=[("circular", _l("通报")), ("talk", _l("提请约谈"))]),
            TOWN,
            DateRangeFilter("on", _l("发出日期")),
        ],
        search=["number", "title", "why", "answer"],
        default_sort="-on",
        page_acts=[
            PageAct(_l("今日核查"), "supervision:run", "supervision.run", icon="arrow-clockwise"),
            PageAct(_l("督办规则"), "supervision:rules", "supervision.read", icon="sliders"),
        ],
        views=[
            (_l("待答复"), "state=waiting"), (_l("未答复的红色督办单"), "colour=red&answered=no"), (_l("答复逾期"), "answered=late"),
            (_l("建议通报"), "proposes=circular&state=waiting"), (_l("督办单（不含提醒）"), "colour=blue&colour=yellow&colour=red"),
        ],
        about=_l("按督办规则每天发出，每件一次。颜色是通行做法，没有方案规定，各地可以改名、换规则。"),
        empty=_l("没有督办单。在“督办规则”中登记指挥部办公室并启用规则后，每天自动核查发出。"),
        empty_else=("supervision.rules", _l("没有督办单。每天自动核查，临近时限或者逾期的事项会发到承担单位，列入“今日”。")),
    )
)  # fmt: skip

navigation.register(SECTION, _l("督办单"), "kit:collection", "supervision.read", order=40, icon="flag", args=("slips",))
