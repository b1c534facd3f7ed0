"""How plots are entered: the entries of their form, template and import, and the acts behind them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land import landuse
from soildesk.land.queries import standing
from soildesk.land.queries.choices import standing_version
from soildesk.land.services.writing import county_of, place_at
from soildesk.land.versionentry import TOWN, VersionActs
from soildesk.plots import ground_hints
from soildesk.plots.models import Candidate, PlotVersion
from soildesk.plots.queries import matching
from soildesk.plots.refusals import CandidateRefused, PlotRefused
from soildesk.plots.services import candidates, lists, plots
from soildesk.plots.words import LEVELS, LIST_CHOICES

V = PlotVersion
USE_NOTE = _l("代码或名称；字母代码按 GB 50137，数字代码按所选标准。")


def plot_version(actor: Actor, uid: str, on: date | None = None) -> PlotVersion:
    """A plot's version; refused where the actor sees none."""
    found = standing_version(PlotVersion, actor, uid, on)
    if found is None:
        raise PlotRefused(
            _("没有找到这个地块，或当日尚未登记、已经终止：请回到列表重新打开。"), code="plots.plot.not_found"
        )
    return found


ACTS = VersionActs("plot", plots, plot_version, keeps_import=True)


def _parcel(actor: Actor, change: Change) -> Change:
    """The parcel of a plot, named by its number or code."""
    if "parcel" not in change.values:
        return change
    text = str(change.values["parcel"] or "").strip()
    return replace(change, values={**change.values, "parcel": _parcel_called(actor, text) if text else None})


def _parcel_called(actor: Actor, text: str) -> Any:
    rows = standing.parcels(actor, actor.today).select_related("parcel")
    found = list(rows.filter(parcel__number=text)[:1]) or list(rows.filter(code=text)[:2])
    if len(found) != 1:
        raise PlotRefused(
            _("没有找到宗地“%(text)s”，或不止一宗：请填写宗地的登记编号或唯一的外部代码，没有就留空。")
            % {"text": text},
            code="plots.plot.parcel",
        )
    return found[0].parcel


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Register a plot; its key."""
    return ACTS.add(actor, _parcel(actor, change), at)


def change(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """Change or correct a plot."""
    ACTS.change(actor, key, _parcel(actor, change), at)


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        return ACTS.guard(actor, _parcel(actor, change), row)
    except PlotRefused as refusal:
        return [str(refusal)]


PLOTS = Writing(
    entries=[
        Entry("code", _l("全国系统地块编码"), names=["code", "地块编码", "地块代码", "系统编码", "全国系统编码"], longest=80,
              note=_l("全国建设用地土壤环境管理信息系统的编码，照原样填写；尚未取得的留空。"), example="9901012026000001"),
        Entry("name", _l("地块名称"), required=True, names=["name", "名称", "DKMC"], longest=160, example=_l("原青禾农药厂地块")),
        TOWN,
        Entry("location", _l("坐落"), names=["地址", "地块地址", "坐落位置", "ZL"], longest=200, example=_l("柏庄镇柏庄村东")),
        Entry("bounds", _l("四至"), names=["四至范围"], longest=300, example=_l("东至柏庄路，南至引水渠，西至粮库，北至空地")),
        Entry("use_system", _l("用地分类标准"), "choice", choices=landuse.SYSTEMS, bulk=True),
        Entry("use_now", _l("现状用途"), names=["现状地类", "土地利用现状", "现状用途代码"], longest=40, note=USE_NOTE, example="1001", check=landuse.code_alone, bulk=True),
        Entry("use_planned", _l("规划用途"), names=["planned_use", "规划地类", "用地性质", "未来用途", "规划用途代码"], longest=40, note=USE_NOTE, example="R2",
              check=landuse.code_alone, bulk=True),
        Entry("industry", _l("原用途行业代码"), names=["行业", "行业代码", "原行业", "行业类别"], longest=60, example="2631", note=_l("GB/T 4754 代码，2 至 4 位。"), bulk=True),
        Entry("parcel", _l("宗地"), field="parcel__number", names=["宗地编号", "宗地代码"], longest=80, note=_l("宗地的登记编号或外部代码，没有就留空。")),
        Entry("holder", _l("土地使用权人"), names=["使用权人", "权利人"], longest=160, note=_l("个人姓名只有经办人可见。")),
        Entry("holder_kind", _l("使用权人类别"), "choice", choices=V.HolderKind.choices, bulk=True),
        Entry("holder_code", _l("使用权人统一社会信用代码"), names=["使用权人信用代码"], longest=40),
        Entry("recalled_on", _l("土地使用权收回日期"), "date", names=["收回日期"], note=_l("已由政府收回的填写：此后由政府承担调查等义务。")),
        Entry("responsible_state", _l("责任人认定"), "choice", choices=V.Responsible.choices, bulk=True, note=_l("没有认定结论的留空。")),
        Entry("responsible", _l("土壤污染责任人"), names=["责任人", "污染责任人"], longest=160, note=_l("单位名称；个人填写在“个人责任人姓名”。")),
        Entry("responsible_person", _l("个人责任人姓名"), names=["责任人姓名"], longest=160, note=_l("个人姓名只有经办人可见。")),
        Entry("responsible_code", _l("责任人统一社会信用代码"), names=["责任人信用代码"], longest=40),
        Entry("risk_level", _l("风险等级"), names=["地块风险等级"], longest=20, note=_l("照市级确定的文字填写；没有确定的留空。"), bulk=True),
        Entry("pollutants", _l("主要污染物"), names=["污染物", "特征污染物"], longest=300, example=_l("砷、苯并[a]芘"), note=_l("几种之间用“、”分开，照报告填写。")),
        Entry("depth_m", _l("污染深度"), "decimal", names=["污染深度（m）"], unit="m"),
        Entry("volume_m3", _l("污染土方量"), "decimal", names=["污染土方量（m³）", "土方量"], unit="m³"),
        Entry("groundwater_polluted", _l("地下水受污染"), "yes_no", names=["地下水是否受到污染"], note=_l("没有结论的留空，不要填“否”。")),
        Entry("developed", _l("已开发利用"), "yes_no", names=["是否已开发利用"], bulk=True),
        Entry("high_risk", _l("筛查为污染风险较高"), "yes_no", names=["筛查结果", "是否风险较高"], bulk=True,
              note=_l("调查以前筛查（如规划编制中的筛查）的结论；没有筛查的留空，不要填“否”。")),
        Entry("area_of_record_m2", _l("登记面积"), "decimal", names=["占地面积", "地块面积", "面积"], unit="m²", area_of_record=1,
              note=_l("报告或证书上的面积；与计算面积相差超过 1% 会提示。")),
        Entry("geometry", _l("范围"), "geometry", required=True),
        Entry("ground_document", _l("范围调整依据"), names=["调整依据"], longest=120, example=_l("云环函〔2026〕31号"),
              note=_l("在名单、名录上或还有事项未了结的地块，从范围中去掉土地时填写有权机关的文号；其他情形留空。")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission="plots.keep",
    add=add,
    change=change,
    guard=guard,
    match=("code", "name"),
    tells=ground_hints.tell,
)  # fmt: skip


def add_notice(actor: Actor, change: Change, at: datetime) -> str:
    """Register a notice of a list; its key."""
    return str(lists.register(change.values, place_at("", actor), by=actor, at=at).uid)


def guard_notice(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused: a notice is registered once and not changed."""
    try:
        lists.check_new(change.values, place_at("", actor), by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


NOTICES = Writing(
    entries=[
        Entry("list_key", _l("名单（名录）"), "choice", required=True, choices=LIST_CHOICES),
        Entry("number", _l("文号"), required=True, longest=120, example=_l("云环〔2026〕8号")),
        Entry("title", _l("标题"), required=True, longest=200, example=_l("关于公布第三批污染地块名录的通知")),
        Entry("lot", _l("批次"), longest=40, example=_l("第三批")),
        Entry("authority", _l("发布机关"), required=True, longest=120, example=_l("云泽市生态环境局"), note=_l("名单、名录由有权机关决定，本级只登记。")),
        Entry("level", _l("机关层级"), "choice", required=True, choices=LEVELS, note=_l("分局选“县级”，并填写以何机关名义。")),
        Entry("acting_for", _l("以何机关名义"), longest=120, note=_l("分局以市局名义作出的，填写市局名称；不是的留空。")),
        Entry("authority_why", _l("机关核对说明"), longest=300, note=_l("从名称看不出是不是有权机关时，写明核对的依据；看得出的留空。")),
        Entry("decided_on", _l("成文日期"), "date", required=True),
        Entry("published_on", _l("公布日期"), "date", note=_l("没有公布就留空：公众页面只列已公布的文件。")),
        Entry("since", _l("生效日期"), "date", note=_l("不填则为公布日期；没有公布日期的，为成文日期。")),
        Entry("address", _l("公布网址"), longest=300),
    ],
    permission="plots.keep_lists",
    add=add_notice,
    guard=guard_notice,
    match=("number",),
    dated=False,
)  # fmt: skip


def add_candidate(actor: Actor, change: Change, at: datetime) -> str:
    """Take one candidate in by hand or from a file of shapes; its key."""
    made = candidates.take_in([_fed(actor, change)], by=actor, at=at, batch=change.batch)
    if not made:
        raise CandidateRefused(
            _("“%(title)s”已列为线索：请打开原来的线索办理。") % {"title": change.values.get("title", "")},
            code="plots.candidate.twice",
        )
    return str(made[0].uid)


def guard_candidate(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused: a candidate is taken in once and not changed."""
    try:
        candidates.check_new(_fed(actor, change), by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


def tell_candidate(actor: Actor) -> Callable[[Change], Sequence[str]]:
    """Of each candidate of a file the plot it may be already, with the score."""
    held: dict[str, matching.Held] = {}

    def tell(change: Change) -> Sequence[str]:
        fed = _fed(actor, change)
        county = county_of((fed.place or place_at("", actor)).division.path)
        if county not in held:
            held[county] = matching.described(actor, actor.today, county)
        told = matching.told(matching.matches_of(fed, held[county]))
        return [told] if told else []

    return tell


def _fed(actor: Actor, change: Change) -> candidates.Fed:
    said = {key: value for key, value in change.values.items() if value not in (None, "")}
    source, on = said.get("source", Candidate.Source.IMAGERY), said.get("found_on", actor.today)
    ground = said.get("geometry")
    where = hashlib.sha256(ground.wkb if ground is not None else str(said.get("address", "")).encode()).hexdigest()[:16]
    texts = {key: said.get(key, "") for key in ("firm_name", "credit_code", "industry", "address", "products")}
    place = place_at(said["town"], actor) if said.get("town") else None
    return candidates.Fed(
        source,
        f"{source}:{said.get('title', '')}:{where}",
        said.get("title", ""),
        on,
        **texts,
        geometry=ground,
        place=place,
    )


CANDIDATES = Writing(
    entries=[
        Entry("title", _l("名称"), required=True, names=["地块名称", "图斑编号", "名称", "title"], longest=160, example=_l("柏庄镇西疑似堆场")),
        Entry("source", _l("来源"), "choice", choices=Candidate.Source.choices, note=_l("不填为遥感图斑。"), bulk=True),
        Entry("found_on", _l("来源日期"), "date", names=["影像日期", "拍摄日期", "日期", "发现日期"], note=_l("不填为今天。")),
        Entry("firm_name", _l("企业名称"), names=["企业"], longest=160),
        Entry("credit_code", _l("统一社会信用代码"), names=["信用代码"], longest=40),
        Entry("industry", _l("行业代码"), longest=8),
        Entry("address", _l("地址"), longest=200),
        TOWN,
        Entry("geometry", _l("范围"), "geometry"),
    ],
    permission="plots.decide",
    add=add_candidate,
    guard=guard_candidate,
    tells=tell_candidate,
    match=("title",),
    dated=False,
)  # fmt: skip
