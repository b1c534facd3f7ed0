"""What kit needs to know of assessments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.assessment import words
from soildesk.assessment.models import Assessment
from soildesk.assessment.pages.shown import shown
from soildesk.assessment.queries import records
from soildesk.assessment.queries.standing import Standing
from soildesk.assessment.register.adoptions import SECTION
from soildesk.assessment.services.acting import barred_by_side
from soildesk.assessment.services.finishing import intact
from soildesk.core import audit, audit_words, clock
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.languages import called
from soildesk.kit.parts import Act, Chip, Event, Fact, Step
from soildesk.kit.register import Column, PageAct, Register, Row
from soilrules.assessment import life

State = Assessment.State
ORDER = (State.OPENED, State.SELF_ASSESSED, State.CHECKED, State.FINAL)
TOLD = (
    "opened", "read_again", "signed", "sent_back", "drawn", "confirmed", "announced", "objected", "answered", "finished",
    "proposal_decided",
)  # fmt: skip


def assessment(actor: Actor, row: Row, on: date) -> RecordPage:
    """One assessment: what is known, what is missing, what can be done now."""
    found = records.assessment_of(actor, row["uid"])
    assert found is not None
    standing = Standing(found)
    score, whole = standing.score(), found.state != State.FINAL or intact(found)
    return RecordPage(
        chips=_chips(found, score, whole=whole),
        life=_life(found),
        facts=_facts(found, whole=whole),
        acts=list(_acts(actor, found)),
        history=_history(found),
        related=_related(actor, found),
        template="assessment/record.html",
        context=shown(standing, score, actor),
    )


def _chips(found: Assessment, score: Any, *, whole: bool) -> list[Chip]:
    chips = [words.chip(words.STATES, found.state), words.grade_chip(score)]
    if not whole:
        chips.append(Chip("bad", _("内容与校验值不符"), why=_("请勿使用，并请审计人员核查。")))
    return chips


def _life(found: Assessment) -> list[Step]:
    state = State.CHECKED if found.state == State.OBJECTED else State(found.state)
    at = ORDER.index(state)
    days = [
        clock.local_day(one) if one else None
        for one in (found.opened_at, found.signed_at, found.announced_at, found.finished_at)
    ]
    names = (_("发起"), _("签报自评"), _("告知初核结果"), _("核定"))
    return [
        Step(name, "done" if step <= at else "here" if step == at + 1 else "ahead", days[step] if step <= at else None)
        for step, name in enumerate(names)
    ]


def _facts(found: Assessment, *, whole: bool) -> list[Fact]:
    facts = [
        Fact(_("考核方案"), f"{found.adoption.title}", note=_("第 %(n)d 版，%(document)s") % {"n": found.adoption.version, "document": found.adoption.document},
             url=reverse("assessment:scheme", args=[found.uid])),
        Fact(_("自评时限"), found.due, note=_("责任单位：%(unit)s") % {"unit": found.unit}),
        Fact(_("数据截至"), found.on, note=_("按 %(day)s 已知的记录") % {"day": found.known_on}),
    ]  # fmt: skip
    if found.self_worst is not None:
        facts.append(Fact(_("自评得分"), words.span(found.self_worst, found.self_best)))
    if found.returned_why and found.state == State.OPENED:
        facts.append(Fact(_("退回原因"), found.returned_why, doubt=_("请按退回原因修改后重新签报。")))
    if found.digest:
        kept = (
            {"note": _("已重新计算，与冻结的内容一致")}
            if whole
            else {"doubt": _("重新计算与冻结的内容不一致：请勿使用。")}
        )
        facts.append(Fact(_("校验值（SHA-256）"), found.digest, **kept))
    return facts


def _acts(actor: Actor, found: Assessment) -> Iterator[Act]:
    """The acts of the actor's own side that the table allows now, then what anybody may look at."""
    at = lambda name: reverse("assessment:act", args=[found.uid, name])  # noqa: E731
    drawn = found.state != State.SELF_ASSESSED or Standing(found).draw is not None
    wanted = (
        (life.Act.SIGN, "check2-circle", True, at("sign")),
        (life.Act.DRAW, "arrow-clockwise", not drawn, at("draw")),
        (life.Act.ANNOUNCE, "send", drawn, at("announce")),
        (life.Act.FINISH, "star", True, at("finish")),
        (life.Act.OBJECT, "quote", False, at("object")),
        (life.Act.SEND_BACK, "arrow-counterclockwise", False, at("send_back")),
    )
    for act, icon, primary, url in wanted:
        row = life.table()[act]
        if act is life.Act.DRAW and drawn:
            continue  # one draw for one self-assessment
        if life.may_be(act, found.state) and not barred_by_side(found, row.side, actor):
            yield Act(called(row), url, icon, primary=primary, stopped_by=stopped(actor, row.right, found))
    sides = [barred_by_side(found, side, actor) for side in life.Side]
    if found.state == State.OPENED and not all(sides):
        right = "assessment.check" if sides[0] else "assessment.fill"
        why = stopped(actor, right, found)
        if not why and not records.sees_whole(actor, found.place):
            why = _("您只能查阅本地的一部分记录，由考核单位重新核算。")
        yield Act(_("按最新记录重新核算"), at("read_again"), "arrow-clockwise", post=True, stopped_by=why)
    if found.state != State.OPENED:
        why = "" if records.sees_whole(actor, found.place) else _("您只能查阅本地的一部分记录，由考核单位比较。")
        yield Act(_("与现在的记录比较"), reverse("assessment:since", args=[found.uid]), "clock-history", stopped_by=why)
    yield Act(_("假设分析"), reverse("assessment:what_if", args=[found.uid]), "sliders")
    yield Act("Word", reverse("assessment:word", args=[found.uid]), "file-earmark-text")
    if found.digest:
        yield Act(_("冻结的内容"), reverse("assessment:frozen", args=[found.uid]), "file-earmark-text")


def _related(actor: Actor, found: Assessment) -> list[tuple[str, str]]:
    links = []
    if found.place.level != "town" and may(actor, "reporting.make", found):
        address = f"{reverse('reporting:make')}?kind=self_assessment&period={found.year}&place={found.place.code}"
        links.append((_("生成目标完成情况自评估报告（数字同源）"), address))
    return links


def _history(found: Assessment) -> list[Event]:
    told = audit.told_of(found, *(f"assessment.{name}" for name in TOLD))
    return [Event(entry.at, who, audit_words.word_of(entry.act)) for entry, who in told]


def _score(value: Any, row: Row) -> str:
    return cells.escape(words.span(row["worst"], row["best"]))


def _grade(row: Row) -> str:
    return row.get("_grade") or _("不能定级")


def _rank(row: Row) -> str:
    rank = row.get("_rank")
    if row.get("_few"):
        return _("样本少，不排名")
    if rank is None:
        return ""
    return f"{rank.first}" if rank.first == rank.last else f"{rank.first}～{rank.last}"


ASSESSMENTS = register.add(
    Register(
        name="assessment.assessments",
        collection="assessments",
        title=_l("考核"),
        permission="assessment.read",
        queryset=records.assessments,
        enrich=records.add_ranks,
        fields=["pk"],
        record=assessment,
        columns=[
            Column("number", _l("编号"), sort="number", width=16, frozen=True, format=cells.link),
            Column("place", _l("被考核地区"), "place_name", sort="place_name", width=9),
            Column("scheme", _l("考核方案"), "scheme_title", width=20, format=cells.clamp, on_record=False),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("state", _l("状态"), sort="state", width=11, format=cells.chip(words.STATES),
                   export=lambda value, row: str(State(value).label), on_record=False),
            Column("score", _l("得分"), lambda row: words.span(row["worst"], row["best"]), ["worst", "best"], sort="worst", width=9, format=_score, on_record=False),
            Column("grade", _l("等次"), _grade, ["grade"], width=7, on_record=False),
            Column("rank", _l("名次"), _rank, ["place_id"], width=9, on_record=False),
            Column("unit", _l("自评单位"), "unit_name", width=13, shown=False),
            Column("due", _l("自评时限"), sort="due", width=7, format=cells.day, type="date", on_record=False),
            Column("office", _l("考核单位"), width=13, shown=False),
            Column("document", _l("结果文号"), width=11),
            Column("on", _l("数据截至"), sort="on", width=7, format=cells.day, shown=False, type="date", on_record=False),
        ],
        filters=[
            TextFilter("year", _l("年度"), fields=["year"]),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("scheme", _l("考核方案"), choices=records.scheme_choices),
        ],
        search=["number", "place__name", "document"],
        default_sort="-year,place_name",
        page_acts=[
            PageAct(_l("发起考核"), "assessment:open", "assessment.open", primary=True),
            PageAct(_l("考核方案"), "kit:collection", "assessment.read", icon="sliders", args=("assessment_schemes",)),
        ],
        views=[(_l("自评中"), "state=opened"), (_l("待核查"), "state=self_assessed"), (_l("有异议"), "state=objected"), (_l("已核定"), "state=final")],
        about=_l("一个地区一年按一个考核方案的考核。数字来自台账，每项都能点到记录；不知道的不算达到，得分是从最低到最高的范围，两头等次不同就不能定级。"),
        empty=_l("还没有考核。先采用考核方案，再发起。"),
        empty_else=("assessment.open", _l("没有可以查看的考核。上级发起以后，自评会通知并列入“今日”。")),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("考核"), "kit:collection", "assessment.read", order=46, icon="star", args=("assessments",)
)
