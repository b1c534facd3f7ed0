"""What kit needs to know of candidates."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, may
from soildesk.enterprises.queries.sites import stood_on
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass, RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.plots import entering
from soildesk.plots.feedlists import LISTS
from soildesk.plots.models import Candidate
from soildesk.plots.queries import candidates, matching
from soildesk.plots.register.plots import SECTION, TOWN, word
from soildesk.plots.register.records import stopped

State, Source = Candidate.State, Candidate.Source
STATES = {
    State.OPEN: ("warn", "exclamation-triangle-fill", State.OPEN.label),
    State.CONFIRMED: ("busy", "bounding-box-circles", State.CONFIRMED.label),
    State.LINKED: ("calm", "circle", State.LINKED.label),
    State.DISMISSED: ("calm", "slash-circle", State.DISMISSED.label),
}
COLORS = {State.OPEN: "#e0912f", State.CONFIRMED: "#c0392b", State.LINKED: "#1f77b4", State.DISMISSED: "#7f8c8d"}
TONES = {"likely": "good", "possible": "warn"}


def candidate(actor: Actor, row: Row, on: date) -> RecordPage:
    """A candidate: what is told of it, which plots it may be and why, what can be done."""
    found = Candidate.objects.select_related("plot", "decided_by").get(pk=row["pk"])
    deciding = stopped(actor, "plots.decide", found)
    closed = deciding or (
        "" if found.state == State.OPEN else _("已办理为“%(state)s”。") % {"state": found.get_state_display()}
    )
    open_again = deciding or (
        "" if found.state in (State.DISMISSED, State.LINKED) else _("只有已排除或已归入的线索可以重新核实。")
    )
    uid = found.uid
    history = [Event(found.recorded_at, "", _("列为线索"), str(found.get_source_display()))]
    if found.decided_at:
        who = found.decided_by.name if found.decided_by else ""
        history.append(Event(found.decided_at, who, str(found.get_state_display()), found.why))
    facts = [Fact(_("来源说明"), why)] if (why := found.facts.get("why")) else []
    knows = found.geometry is not None and found.geometry.area > 0 and may(actor, "enterprises.read")
    tone, icon, label = STATES[State(found.state)]
    return RecordPage(
        chips=[Chip(tone, str(label), icon=icon)],  # type: ignore[arg-type]
        facts=facts,
        acts=[
            Act(_("立为地块"), reverse("plots:candidate_confirm", args=[uid]), "check", primary=True, stopped_by=closed),
            Act(_("归入已有地块"), reverse("plots:candidate_link", args=[uid]), "link-45deg", stopped_by=closed),
            Act(_("不列为疑似"), reverse("plots:candidate_dismiss", args=[uid]), "slash-circle", stopped_by=closed),
            Act(_("重新核实"), reverse("plots:candidate_reopen", args=[uid]), "arrow-counterclockwise", stopped_by=open_again),
        ],
        history=history,
        related=[(_("地块 %(number)s") % {"number": found.plot.number}, reverse("kit:record", args=["plots", str(found.plot.uid)]))]
        if found.plot
        else [],
        template="plots/candidate.html",
        context={
            "matches": [{**one, "tone": TONES.get(one["verdict"], "calm")} for one in matching.as_of(found, actor, actor.today)],
            "open": found.state == State.OPEN,
            "uid": uid,
            "stood": stood_on(found.geometry, actor, on) if knows else None,
        },
    )  # fmt: skip


CANDIDATES = register.add(
    Register(
        name="plots.candidates",
        collection="plot_candidates",
        title=_l("疑似地块线索"),
        permission="plots.read",
        queryset=candidates.candidates,
        columns=[
            Column("title", _l("名称"), sort="title", width=16, frozen=True, format=cells.link),
            Column("source", _l("来源"), word("source", Source.choices), ["source"], sort="source", width=10, stored=Stored("source", Source.choices)),
            Column("state", _l("状态"), width=8, sort="state", format=cells.chip(STATES), export=lambda value, row: str(State(value).label)),
            Column("firm_name", _l("企业名称"), width=14, format=cells.clamp),
            Column("credit_code", _l("统一社会信用代码"), width=14, shown=False),
            Column("industry", _l("行业代码"), width=6),
            Column("address", _l("地址"), width=16, format=cells.clamp),
            Column("products", _l("产品"), width=10, format=cells.clamp, shown=False),
            Column("found_on", _l("来源日期"), sort="found_on", width=7, format=cells.day, type="date"),
            Column("plot", _l("地块"), "plot__number", width=13),
            Column("why", _l("理由"), width=14, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("source", _l("来源"), choices=Source.choices),
            DateRangeFilter("found_on", _l("来源日期")),
            TOWN,
        ],
        search=["title", "firm_name", "credit_code", "address"],
        default_sort="-found_on",
        ground=Ground(
            "geometry", "mixed", title="title", class_field="state",
            classes=[LegendClass(state, State(state).label, color) for state, color in COLORS.items()],
        ),
        writing=entering.CANDIDATES,
        record=candidate,
        page_acts=[
            PageAct(_l("从各台账查找"), "plots:candidates_feed", "plots.decide", icon="search"),
            *(PageAct(one.title, "kit:import_new", "plots.decide", icon="upload", args=(one.name,)) for one in LISTS),
        ],
        views=[(_l("待核实"), "state=open")],
        about=_l("可能要列为疑似污染地块的线索：来自关闭搬迁企业、许可证注销、土地收回、信访、预警、遥感等，由经办人核实后立为地块或写明理由排除。"),
        empty=_l("还没有线索。导入关闭搬迁、收回收储、重点行业历史用地、投诉举报等清单，或从各台账查找；遥感图斑用“导入图形文件”。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("疑似地块线索"), "kit:collection", "plots.read", order=408, icon="flag", args=("plot_candidates",)
)
