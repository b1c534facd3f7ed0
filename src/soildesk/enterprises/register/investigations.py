"""The register of investigations of abnormal data."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.dutywords import how_sure
from soildesk.enterprises.models import EnterpriseVersion, Investigation
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.parts import Act, Chip, Fact, Step
from soildesk.kit.register import Column, PageAct, Register, Row

State = Investigation.State
STATES = {
    State.OPEN: ("busy", "hourglass-split", State.OPEN.label),
    State.CLOSED: ("good", "check-circle-fill", State.CLOSED.label),
}


def cases(actor: Actor, on: date) -> QuerySet[Investigation]:
    """Investigations opened up to a day, with what the firm is called."""
    newest = EnterpriseVersion.objects.filter(enterprise=OuterRef("enterprise"), superseded_at=None).order_by("-since")
    rows = Investigation.objects.visible_to(actor).filter(opened_on__lte=on)
    return rows.annotate(firm=Subquery(newest.values("name")[:1]))


def _record(actor: Actor, row: Row, on: date) -> RecordPage:
    case = Investigation.objects.select_related("enterprise", "closed_by").get(pk=row["pk"])
    word = str(State(case.state).label)
    late = case.state == State.OPEN and case.due is not None and case.due < on
    chips = [Chip("good" if case.state == State.CLOSED else "busy", word)]
    closing = stopped(actor, "enterprises.investigate", case) or (_("已经办结。") if case.state == State.CLOSED else "")
    steps = [Step(_("预警与立项"), "done", case.opened_on)]
    steps += (
        [Step(_("办结"), "done", case.closed_on)]
        if case.closed_on
        else [Step(_("调查中"), "here"), Step(_("办结"), "ahead", case.due)]
    )
    related = [(_("本企业的义务清单"), reverse("enterprises:duty_card", args=[case.enterprise.uid]))]
    if case.alert:
        related.append((_("预警"), reverse("kit:record", args=["alerts", case.alert])))
    return RecordPage(
        chips=[*chips, Chip("bad", _("逾期"))] if late else chips,
        life=steps,
        facts=_facts(case),
        acts=[
            Act(
                _("办结"),
                reverse("enterprises:investigation_close", args=[case.uid]),
                "check2-circle",
                primary=True,
                stopped_by=closing,
            )
        ],
        related=related,
    )


def _facts(case: Investigation) -> list[Fact]:
    findings = [Fact(_("依据") if one.get("kind") == "basis" else _("触发规则"), one.get("zh", ""), note=how_sure(one.get("mark", "")))
                for one in case.findings]  # fmt: skip
    return [*findings, Fact(_("结论"), case.conclusion)] if case.conclusion else findings


CASES = register.add(
    Register(
        name="enterprises.investigations",
        collection="investigations",
        title=_l("异常数据调查"),
        permission="enterprises.read",
        queryset=cases,
        key="uid",
        fields=["enterprise__uid"],
        row_url=lambda row: reverse("kit:record", args=["investigations", str(row["uid"])]),
        columns=[
            Column("number", _l("编号"), sort="number", width=14, frozen=True, format=cells.link),
            Column("firm", _l("单位"), sort="firm", width=16, format=cells.clamp),
            Column("title", _l("事项"), width=22, format=cells.clamp),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(STATES), export=lambda value, row: str(State(value).label)),
            Column("opened_on", _l("立项日期"), sort="opened_on", width=8, format=cells.day, type="date"),
            Column("due", _l("时限"), sort="due", width=8, format=cells.day, type="date"),
            Column("closed_on", _l("办结日期"), sort="closed_on", width=8, format=cells.day, type="date"),
            Column("conclusion", _l("结论"), width=20, format=cells.clamp),
        ],
        filters=[ChoiceFilter("state", _l("状态"), choices=State.choices)],
        search=["number", "title", "firm"],
        default_sort="-opened_on",
        record=_record,
        page_acts=[PageAct(_l("核对新的预警"), "enterprises:investigations_check", "enterprises.investigate", icon="arrow-clockwise")],
        about=_l("企业自行监测点位的超标、明显升高或连续上升预警在这里立项；立项后排查和加密监测的义务随之产生，写明结论才能办结。"),
        empty=_l("没有异常数据调查。自行监测点位出现预警后，由值守程序或“核对新的预警”立项。"),
    )
)  # fmt: skip

navigation.register(
    _l("重点单位"),
    _l("关停企业地块候选"),
    "enterprises:plot_candidates",
    "enterprises.read",
    order=326,
    icon="signpost-split",
)
navigation.register(
    _l("重点单位"),
    _l("异常数据调查"),
    "kit:collection",
    "enterprises.read",
    order=324,
    icon="search",
    args=("investigations",),
)
