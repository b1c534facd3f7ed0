"""What kit needs to know of reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, clock, files
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.reporting.pages.shown import shown
from soildesk.reporting.queries import records
from soildesk.reporting.queries.kinds import kinds
from soildesk.reporting.queries.making import digest_of
from soildesk.reporting.services.blanks import TEMPLATES
from soildesk.reporting.services.copies import BROUGHT, MAKE, RECEIPT, SEND, SIGN, State, is_released
from soildesk.reporting.words import kind_word, state_chip

SECTION = _l("方案与任务")
KIND_CHOICES: list[tuple[str, Any]] = [
    *((one.id, one.title) for one in kinds().values()),
    (BROUGHT, _l("自行编制的文件")),
    ("", _l("来表即填")),
]
RELEASED_KINDS = frozenset(one.id for one in kinds().values() if one.released)
ORDER = (State.DRAFT, State.SIGNED, State.SENT, State.RECEIVED)


def copy(actor: Actor, row: Row, on: date) -> RecordPage:
    """One report: its way, what it says, what can be done."""
    found = records.copy_of(actor, row["uid"])
    assert found is not None
    return RecordPage(
        chips=_chips(found),
        life=_life(found),
        facts=_facts(found),
        acts=_acts(actor, found),
        files=[_file(use) for use in files.uses_of(found)],
        related=_related(found),
        history=_history(found),
        template="reporting/copy.html",
        context={"copy": found, "report": shown(found.snapshot, _figure_url(found))},
    )


def _figure_url(found: Any) -> Any:
    start = reverse("reporting:copy_figure", args=[found.uid])
    return lambda name: f"{start}?id={name}"


def _chips(found: Any) -> list[Chip]:
    chips = [state_chip(found.state, released=is_released(found))]
    if found.gaps:
        why = _("有 %(n)d 项没有记录可填，列在报表末尾。") % {"n": found.gaps}
        chips.append(Chip("unknown", _("%(n)d 项未填") % {"n": found.gaps}, why=why))
    if digest_of(found.snapshot) != found.digest:
        chips.append(Chip("bad", _("内容与校验值不符"), why=_("请勿使用，并请审计人员核查。")))
    return chips


def _life(found: Any) -> list[Step]:
    at = ORDER.index(State(found.state))
    days = (
        clock.local_day(found.made_at), found.signed_at and clock.local_day(found.signed_at), found.sent_on, found.receipt_on,
    )  # fmt: skip
    names = (_("生成"), _("签发"), _("报送"), _("回执"))
    if is_released(found):
        names = (*names[:2], _("发布"), _("发布凭证"))
    return [
        Step(name, "done" if step <= at else "here" if step == at + 1 else "ahead", days[step] if step <= at else None)
        for step, name in enumerate(names)
    ]


def _facts(found: Any) -> list[Fact]:
    facts = [Fact(_("校验值（SHA-256）"), found.digest)]
    if found.template is not None:
        facts.append(Fact(_("模板"), _("本单位模板第 %(n)d 版") % {"n": found.template.version}))
    if found.signed_by:
        facts.append(Fact(_("签发人"), found.signed_by.name))
    if found.made_by:
        facts.append(Fact(_("生成人"), found.made_by.name))
    return facts


def _acts(actor: Actor, found: Any) -> list[Act]:
    acts = []
    at = lambda name: reverse("reporting:copy_act", args=[found.uid, name])  # noqa: E731
    if found.state == State.DRAFT:
        acts += [
            Act(_("签发"), at("sign"), "check2-circle", primary=True, stopped_by=stopped(actor, SIGN, found)),
            Act(
                _("按最新记录重新生成"),
                at("remake"),
                "arrow-clockwise",
                post=True,
                stopped_by=stopped(actor, MAKE, found),
            ),
        ]
    elif found.state == State.SIGNED:
        word, name = (_("登记发布"), "release") if is_released(found) else (_("登记报送"), "send")
        acts.append(Act(word, at(name), "send", primary=True, stopped_by=stopped(actor, SEND, found)))
    elif found.state == State.SENT:
        word = _("登记发布凭证") if is_released(found) else _("登记回执")
        acts.append(Act(word, at("receive"), "inbox", primary=True, stopped_by=stopped(actor, SEND, found)))
    if found.kind == BROUGHT:
        return [one for one in acts if one.url != at("remake")]
    if found.blank_form is not None:
        return [
            *acts,
            Act(_("下载填好的表"), reverse("reporting:copy_form", args=[found.uid]), "download"),
        ]
    return [
        *acts,
        Act("Word", reverse("reporting:copy_word", args=[found.uid]), "file-earmark-text"),
        Act("Excel", reverse("reporting:copy_excel", args=[found.uid]), "file-earmark-excel"),
    ]


def _file(use: Any) -> File:
    return File(
        use.name,
        reverse("core:file", args=[use.uid]),
        use.attachment.size,
        _("回执") if use.kind == RECEIPT else _("报送文件"),
        use.added_at,
        use.added_by.name if use.added_by else "",
    )


def _related(found: Any) -> list[tuple[str, str]]:
    links = []
    if found.due is not None:
        links.append(
            (
                _("报表日历：%(title)s") % {"title": found.due},
                reverse("kit:record", args=["report_dues", str(found.due.uid)]),
            )
        )
    if found.blank_form is not None:
        links.append(
            (
                _("空表：%(title)s") % {"title": found.blank_form},
                reverse("kit:record", args=["blank_forms", str(found.blank_form.uid)]),
            )
        )
    return links


def _history(found: Any) -> list[Event]:
    """Who made, signed, sent it, and when."""
    acts = [f"reporting.copy.{name}" for name in ("made", "remade", "signed", "sent", "released", "received")]
    return [Event(entry.at, who, audit_words.word_of(entry.act)) for entry, who in audit.told_of(found, *acts)]


def _state(value: Any, row: Row) -> str:
    chip = state_chip(value, released=row["kind"] in RELEASED_KINDS)
    return cells.chip_html(chip.tone, chip.icon, chip.word)


def _kind(row: Mapping[str, Any]) -> str:
    return row["form_name"] or kind_word(row["kind"])


COPIES = register.add(
    Register(
        name="reporting.copies",
        collection="reports",
        title=_l("报表"),
        permission="reporting.read",
        queryset=records.copies,
        record=copy,
        columns=[
            Column("number", _l("编号"), sort="number", width=15, frozen=True, format=cells.link),
            Column("title", _l("标题"), sort="title", width=22, format=cells.clamp),
            Column("kind", _l("种类"), _kind, ["kind", "form_name"], width=14, format=cells.clamp, stored=Stored("kind", KIND_CHOICES)),
            Column("place", _l("地区"), "place_name", width=8),
            Column("period", _l("期次"), sort="period", width=6),
            Column("on", _l("数据截至"), sort="on", width=7, format=cells.day, type="date"),
            Column("state", _l("状态"), sort="state", width=7, format=_state,
                   export=lambda value, row: str(State(value).label)),
            Column("gaps", _l("未填项"), sort="gaps", width=5, numeric=True, format=cells.number, type="integer"),
            Column("document", _l("文号"), width=12),
            Column("sent_on", _l("报送日期"), sort="sent_on", width=7, format=cells.day, type="date"),
            Column("sent_to", _l("报送对象"), width=12, format=cells.clamp),
            Column("receipt", _l("回执编号"), width=10),
            Column("office", _l("编制单位"), width=11, shown=False),
            Column("known_on", _l("按何日已知的记录"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[
            TextFilter("year", _l("年度"), fields=["year"]),
            ChoiceFilter("kind", _l("种类"), choices=KIND_CHOICES),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            DateRangeFilter("on", _l("数据截至")),
            DateRangeFilter("sent_on", _l("报送日期")),
        ],
        search=["number", "title", "document", "sent_to", "receipt"],
        default_sort="-number",
        page_acts=[
            PageAct(_l("生成报表"), "reporting:make", MAKE, primary=True),
            PageAct(_l("给领导的一页纸"), "reporting:mayor", "reporting.read", icon="person"),
            PageAct(_l("报表种类与模板"), "reporting:kinds", "reporting.read", icon="table"),
            PageAct(_l("来表即填"), "kit:collection", TEMPLATES, icon="columns-gap", args=("blank_forms",)),
        ],
        views=[(_l("待签发"), "state=draft"), (_l("待报送"), "state=signed"), (_l("待回执"), "state=sent")],
        about=_l("报表的数字来自台账，每个数字都能点到背后的记录；签发后数字不再变。不知道的不填，列在“未能填报的内容”里。"),
        empty_else=(MAKE, _l("还没有报表：由能查阅全部记录的经办人生成。")),
        empty=_l("还没有报表。点“生成报表”，选种类和期次即可。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("报表"), "kit:collection", "reporting.read", order=24, icon="file-earmark-text", args=("reports",)
)
