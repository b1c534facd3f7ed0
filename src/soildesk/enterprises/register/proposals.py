"""What kit needs to know of proposals for lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.firmwords import list_name
from soildesk.enterprises.models import EnterpriseVersion, ListProposal
from soildesk.enterprises.queries.firms import industry_name, town
from soildesk.enterprises.register.enterprises import SECTION, TOWN
from soildesk.enterprises.register.records import stopped
from soildesk.enterprises.sentences import how_sure, language
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Column, PageAct, Register, Row

State, Verdict = ListProposal.State, ListProposal.Verdict
VERDICTS = {
    Verdict.ENTER: ("warn", "plus", Verdict.ENTER.label),
    Verdict.LEAVE: ("busy", "box-arrow-right", Verdict.LEAVE.label),
    Verdict.STAY: ("calm", "circle", Verdict.STAY.label),
    Verdict.CANNOT_SAY: ("unknown", "question-octagon", Verdict.CANNOT_SAY.label),
}
STATES = {
    State.OPEN: ("busy", "hourglass-split", State.OPEN.label),
    State.PUT_FORWARD: ("good", "check-circle-fill", State.PUT_FORWARD.label),
    State.DISMISSED: ("calm", "circle", State.DISMISSED.label),
}


def proposals(actor: Actor | None, on: date) -> QuerySet[ListProposal]:
    """Proposals with what their enterprise is."""
    newest = EnterpriseVersion.objects.filter(superseded_at=None, enterprise=OuterRef("enterprise")).order_by("-since")
    named = {name: Subquery(newest.values(name)[:1]) for name in ("name", "credit_code", "industry")}
    return ListProposal.objects.visible_to(actor).annotate(town=town(), **named)


def _reason(row: Row) -> str:
    return str(row["findings"][0][language()]) if row["findings"] else ""


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A proposal: what each criterion says, what was made of it."""
    found = ListProposal.objects.select_related("enterprise", "decided_by").get(pk=row["pk"])
    tone, icon, label = VERDICTS[Verdict(found.verdict)]
    ended = "" if found.state == State.OPEN else _("这条建议已经办理。")
    decide = reverse("enterprises:proposal_decide", args=[found.uid])
    who = found.decided_by.name if found.decided_by else ""
    decided = [Event(found.decided_at, who, str(found.get_state_display()), found.why)] if found.decided_at else []
    return RecordPage(
        chips=[Chip(tone, str(label), icon=icon, why=_reason(row))],  # type: ignore[arg-type]
        facts=[
            Fact(_("条件 %(n)d") % {"n": number} if one["rule"] else _("判断"), one[language()], note=how_sure(one["mark"]))
            for number, one in enumerate(found.findings)
        ],
        acts=[Act(_("办理"), decide, "check2-circle", primary=True, stopped_by=stopped(actor, "enterprises.keep_lists", found) or ended)],
        history=[Event(found.made_at, "", _("生成名录建议")), *decided],
        related=[(_("企业"), reverse("kit:record", args=["enterprises", str(found.enterprise.uid)]))],
    )  # fmt: skip


def _list(row: Row) -> str:
    return list_name(row["list_key"])


def _label(choices: Any) -> Any:
    return lambda value, row: str(choices(value).label)


PROPOSALS = register.add(
    Register(
        name="enterprises.proposals",
        collection="list_proposals",
        title=_l("名录建议"),
        permission="enterprises.read",
        queryset=proposals,
        columns=[
            Column("number", _l("企业编号"), "enterprise__number", sort="enterprise__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("单位名称"), width=16, format=cells.clamp),
            Column("credit_code", _l("统一社会信用代码"), width=15),
            Column("industry", _l("行业"), lambda row: industry_name(row["industry"] or ""), ["industry"], width=13, format=cells.clamp),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("list", _l("名录"), _list, ["list_key"], width=14, shown=False),
            Column("year", _l("年度"), sort="year", width=5, numeric=True, type="integer"),
            Column("verdict", _l("建议"), sort="verdict", width=8, format=cells.chip(VERDICTS), export=_label(Verdict)),
            Column("reason", _l("依据"), _reason, ["findings"], width=26, format=cells.clamp),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(STATES), export=_label(State)),
            Column("why", _l("理由"), width=14, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("verdict", _l("建议"), choices=Verdict.choices),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            TextFilter("year", _l("年度"), fields=["year"]),
            TOWN,
        ],
        search=["name", "credit_code", "enterprise__number"],
        default_sort="number",
        record=page,
        page_acts=[
            PageAct(_l("生成本年建议"), "enterprises:proposals_make", "enterprises.keep_lists", icon="bullseye", primary=True)
        ],
        views=[(_l("建议列入"), "verdict=enter"), (_l("建议移出"), "verdict=leave"), (_l("报市的建议"), "state=put_forward")],
        about=_l("按国家条件推算的建议，供报市参考：名录由市级确定；缺事实的写“无法判断”，不写“否”。"),
        empty=_l("还没有建议：点“生成本年建议”，按条件逐家判断。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("名录建议"), "kit:collection", "enterprises.read", order=310, icon="bullseye", args=("list_proposals",)
)
