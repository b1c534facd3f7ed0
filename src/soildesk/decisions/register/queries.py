"""The register of questions put to the gate, each a record that is never changed."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.decisions import answershown, outdatedshown
from soildesk.decisions.models import GateQuery
from soildesk.decisions.queries import kept
from soildesk.decisions.register.ground_acts import SECTION
from soildesk.decisions.services.after import PAPER, PICTURE, need_in_principle
from soildesk.decisions.words import DECISIONS, TONES
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass, RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.parts import ICON_OF_TONE, Act, Chip, Event, Fact
from soildesk.kit.refused import refusal_of
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.land.landuse import shown
from soildesk.plots.register.plots import TOWN
from soildesk.plots.register.records import file_part, stopped
from soilrules.gate.acts import acts

LOOKS = {key: (TONES[key], ICON_OF_TONE[TONES[key]], word) for key, word in DECISIONS.items()}

FILES = {PICTURE: _l("全国系统查询截图"), PAPER: _l("书面理由")}
LEGEND = [
    LegendClass("blocked", DECISIONS["blocked"], "#d9594f"),
    LegendClass("conditions", DECISIONS["conditions"], "#e0b341"),
    LegendClass("cannot_say", DECISIONS["cannot_say"], "#9aa4a8"),
    LegendClass("pass", DECISIONS["pass"], "#6bb08a"),
]


def query_page(actor: Actor, row: Row, on: date) -> RecordPage:
    """One question with its answer and what was added to it."""
    query = kept.query_called(actor, str(row["uid"]))
    assert query is not None
    province, grounds = kept.province_of(query), kept.grounds_of(query)
    return RecordPage(
        chips=[Chip(TONES[query.decision], answershown.decision_word(query))],
        facts=_facts(query),
        acts=_acts(actor, query),
        files=[file_part(use, str(FILES[use.kind])) for one in [*province, *grounds] for use in files.uses_of(one)],
        history=_history(query),
        related=_related(query),
        template="decisions/query.html",
        context={
            "query": query,
            "outdated": outdatedshown.outdated(query),
            "word": answershown.decision_word(query),
            "decides": answershown.decides(query),
            "reasons": answershown.reasons(query),
            "later": [(one.number, _url(one)) for one in kept.followed_by(query)],
            "limits": answershown.limits(query),
            "forces": answershown.by_force(query),
            "not_asked": answershown.not_asked(query),
            "pieces": answershown.pieces_of(query),
            "picture": answershown.picture(query),
            "held": answershown.on_record(query),
            "opinions": kept.opinions_of(query),
            "province": [(one, answershown.national_shown(one)) for one in province],
            "grounds": [(one, _title(query, one.check_id)) for one in grounds],
        },
    )


def _title(query: GateQuery, check: str) -> str:
    return next((one.title for one in answershown.checks_of(query) if one.id == check), check)


def _facts(query: GateQuery) -> list[Fact]:
    read_as = query.facts.get("read_as", "")
    return [
        *([Fact(_("坐标系"), _("请核对"), note=read_as)] if read_as else []),
        Fact(_("决定机关"), answershown.decides(query)),
        Fact(_("边界容差"), f"{query.tolerance_m2:g} m²", note=_("以内的重叠、缝隙只列出，不作判断")),
        Fact(_("规则版本"), query.rule_set),
    ]


def _acts(actor: Actor, query: GateQuery) -> list[Act]:
    may_ask = stopped(actor, "decisions.ask", query)
    written = stopped(actor, "decisions.ground", query)
    none = refusal_of(partial(need_in_principle, query))
    uid = query.uid
    return [
        Act(_("核查单（PDF）"), reverse("decisions:paper", args=[uid]), "file-earmark-text", primary=True),
        Act(_("复函草稿（Word）"), reverse("decisions:letter", args=[uid]), "file-earmark-text"),
        Act(_("重新核查"), reverse("decisions:again", args=[uid]), "arrow-clockwise", stopped_by=may_ask),
        Act(_("登记全国系统查询结果"), reverse("decisions:province", args=[uid]), "pencil", stopped_by=stopped(actor, "decisions.province", query)),
        Act(_("请求书面意见"), reverse("decisions:opinion_new", args=[uid]), "send", stopped_by=may_ask),
        Act(_("登记书面理由"), reverse("decisions:ground", args=[uid]), "pencil", stopped_by=written or none),
    ]  # fmt: skip


def _history(query: GateQuery) -> list[Event]:
    who = query.asked_by.name if query.asked_by else ""
    behalf = _("代%(office)s查询") % {"office": query.on_behalf_of} if query.on_behalf_of else ""
    return [Event(query.asked_at, who, _("发起准入核查"), query.follows_why or behalf)]


def _related(query: GateQuery) -> list[tuple[str, str]]:
    before = [(_("上一次核查 %(number)s") % {"number": query.follows.number}, _url(query.follows))] if query.follows else []  # fmt: skip
    later = [(_("以后的核查 %(number)s") % {"number": one.number}, _url(one)) for one in kept.followed_by(query)]
    return [*before, *later]


def _url(one: GateQuery) -> str:
    return reverse("kit:record", args=["gate-queries", str(one.uid)])


QUERIES = register.add(
    Register(
        name="decisions.queries",
        collection="gate-queries",
        subject="decisions.gatequery",
        title=_l("核查记录"),
        permission="decisions.read",
        queryset=kept.asked,
        knows_past=True,
        key="uid",
        fields=["uid", "use_scheme"],
        row_url=lambda row: reverse("kit:record", args=["gate-queries", str(row["uid"])]),
        columns=[
            Column("number", _l("编号"), sort="number", width=14, frozen=True, format=cells.link),
            Column("decision", _l("结论"), sort="decision", width=8, format=cells.chip(LOOKS), stored=Stored("decision", GateQuery.Decision.choices)),
            Column("act", _l("事项"), sort="act", width=9),
            Column("use", _l("规划用途"), lambda row: shown(row["use_scheme"], row["use"]) if row["use_scheme"] else row["use"], ["use", "use_scheme"], sort="use", width=12),
            Column("project", _l("项目（地块）名称"), sort="project", width=16, format=cells.clamp),
            Column("area_m2", _l("计算面积（m²）"), sort="area_m2", width=9, numeric=True, format=cells.number, type="number"),
            Column("on", _l("核查日"), sort="on", width=7, format=cells.day, type="date"),
            Column("parcel_code", _l("宗地代码"), width=13, shown=False),
            Column("document", _l("来文文号"), width=13, format=cells.clamp),
            Column("on_behalf_of", _l("代何单位查询"), width=12, format=cells.clamp, shown=False),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
        ],
        filters=[
            ChoiceFilter("decision", _l("结论"), choices=GateQuery.Decision.choices),
            ChoiceFilter("act", _l("事项"), choices=lambda actor, on: [(one, one) for one in acts()]),
            TextFilter("batch", _l("批次"), fields=["batch__number"]),
            DateRangeFilter("day", _l("核查日"), field="on"),
            TOWN,
        ],
        search=["number", "project", "parcel_code", "document", "on_behalf_of"],
        default_sort="-number",
        ground=Ground("geometry", area="area_m2", title="number", class_field="decision", classes=LEGEND),
        record=query_page,
        page_acts=[PageAct(_l("准入核查"), "decisions:ask", "decisions.ask", icon="search")],
        views=[(_l("禁止"), "decision=blocked"), (_l("无法判断"), "decision=cannot_say")],
        about=_l("每次核查留存一条，不能更改；有不同意见或新的材料，重新核查。核查意见，不替代行政许可。"),
        empty=_l("还没有核查记录：用“准入核查”查一块地。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("准入核查"), "decisions:ask", "decisions.ask", order=450, icon="shield-check")
navigation.register(
    SECTION, _l("核查记录"), "kit:collection", "decisions.read", order=452, icon="list-task", args=("gate-queries",)
)
navigation.register(SECTION, _l("属地规则"), "decisions:profiles", "decisions.read", order=474, icon="journal-text")
