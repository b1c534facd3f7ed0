"""How seasons, tests, tonnes and what households keep are entered: the entries of their forms, templates and imports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.farmland.grainwords import CONTENT_WORDS, PARTS, STAGES, content_names, content_word, ways
from soildesk.farmland.models import Household, Lot, LotHousehold, Season, UnitVersion
from soildesk.farmland.mu import to_m2
from soildesk.farmland.queries import units
from soildesk.farmland.queries.grainlists import buyer_called, lot_called
from soildesk.farmland.refusals import GrainRefused, ProduceRefused, SeasonRefused
from soildesk.farmland.services import graincustody, producetests, seasons
from soildesk.farmland.services.graincustody import Moved
from soildesk.farmland.services.producetests import Of
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.services.writing import place_at
from soildesk.land.versionentry import TOWN
from soilrules.farmland.producelimits import Sample

STANDS_IN = Entry(
    "stands_in",
    _l("代办依据"),
    longest=200,
    note=_l("本地没有主管部门、由其他部门代为办理的，写明依据的文件；其他情形留空。"),
)
UNIT_NAMES = ["单元", "地块", "单元编号", "外部代码", "单元代码", "单元名称", "图斑编号", "地块编号"]


def guarded(check: Callable[[Actor, Change, Mapping[str, Any] | None], None]) -> Any:
    """A guard that tells what a check refuses."""

    def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
        try:
            check(actor, change, row)
        except (Refusal, NotAllowed) as refusal:
            return [str(refusal)]
        return []

    return guard


def unit_called(actor: Actor, text: Any, refused: type[Refusal], code: str) -> UnitVersion:
    """The one unit a text names."""
    found = units.called(actor, str(text or ""), actor.today)
    if len(found) != 1:
        raise refused(
            _("没有找到评价单元“%(text)s”，或不止一个：请填写单元编号、外部代码或唯一的名称。") % {"text": text or ""},
            code=code,
        )
    return found[0]


def _season_facts(change: Change) -> dict[str, Any]:
    facts = {key: value for key, value in change.values.items() if key != "unit"}
    if "area_mu" in facts:
        mu = facts.pop("area_mu")
        facts["area_m2"] = None if mu in (None, "") else to_m2(Decimal(str(mu)))
    return facts


def _season(actor: Actor, uid: str) -> Season:
    found = Season.objects.visible_to(actor).filter(uid=uid, superseded_at=None).first()
    if found is None:
        raise SeasonRefused(_("没有找到这一季，或已经撤销：请回到列表重新打开。"), code="farmland.season.stale")
    return found


def add_season(actor: Actor, change: Change, at: datetime) -> str:
    """Register a season; its key."""
    unit = unit_called(actor, change.values.get("unit"), SeasonRefused, "farmland.season.unit")
    facts = {**_season_facts(change), "batch": change.batch}
    return str(seasons.register(unit, facts, by=actor, at=at).uid)


def change_season(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """Tell a season better; it stays on its unit."""
    _check_season(actor, change, {"uid": key})
    seasons.change(_season(actor, key), _season_facts(change), why=change.why, by=actor, at=at)


def _check_season(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> None:
    if row is None:
        unit = unit_called(actor, change.values.get("unit"), SeasonRefused, "farmland.season.unit")
        seasons.check_new(unit, _season_facts(change), by=actor)
        return
    held = _season(actor, str(row["uid"]))
    if "unit" in change.values:
        unit = unit_called(actor, change.values["unit"], SeasonRefused, "farmland.season.unit")
        if unit.unit_id != held.unit_id:
            raise SeasonRefused(
                _("种植季不能改到另一个单元：登记错误的，请撤销后在正确的单元登记。"), code="farmland.season.unit"
            )
    seasons.check_change(held, _season_facts(change), by=actor)


def begin_of_unit(actor: Actor, given: Mapping[str, str]) -> Mapping[str, Any]:
    """What the form was opened for."""
    return {key: given[key] for key in ("unit", "lot", "crop", "year", "stage", "buyer", "part") if given.get(key)}


SEASONS = Writing(
    entries=[
        Entry("unit", _l("评价单元"), required=True, field="unit__number", names=UNIT_NAMES, longest=120, note=_l("单元编号、外部代码或名称。"), example="990101-DY-0001"),
        Entry("year", _l("年度"), "integer", required=True, names=["收获年度"], example="2026"),
        Entry("crop", _l("作物"), required=True, names=["种植作物", "农作物"], longest=80, example=_l("水稻")),
        Entry("variety", _l("品种"), names=["主要品种", "种植品种"], longest=80),
        Entry("sown_on", _l("播种（当季起始）日期"), "date", names=["播种日期", "移栽日期", "起始日期"], note=_l("果树等多年生作物填写当季开花或者坐果的日期；不填就不能判断检测是否及时。")),
        Entry("harvest_from", _l("开始收获日期"), "date", names=["预计收获日期", "收获日期"], note=_l("收获前一天是检测的最后一天；预计日期有变化就更正。")),
        Entry("area_mu", _l("种植面积（亩）"), "decimal", names=["种植面积", "面积（亩）", "面积"], unit=_l("亩")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=seasons.KEEP,
    add=add_season,
    change=change_season,
    guard=guarded(_check_season),
    begin=begin_of_unit,
    match=(),
    dated=False,
)  # fmt: skip


def _of(actor: Actor, values: Mapping[str, Any]) -> Of:
    """What a sample is of."""
    unit = lot = buyer = None
    if text := str(values.get("unit") or "").strip():
        unit = unit_called(actor, text, ProduceRefused, "farmland.produce.unit")
    if text := str(values.get("lot") or "").strip():
        lot = lot_called(actor, text)
        if lot is None:
            raise ProduceRefused(
                _("没有找到批次“%(text)s”：请填写批次编号。") % {"text": text}, code="farmland.produce.lot"
            )
    if text := str(values.get("buyer") or "").strip():
        buyer = buyer_called(actor, text, actor.today)
        if buyer is None:
            raise ProduceRefused(
                _(
                    "没有找到粮食收购加工企业“%(text)s”，或不止一家：请填写编号、统一社会信用代码或全称，并先在经营主体台账登记。"
                )
                % {"text": text},
                code="farmland.produce.holding",
            )
    place = place_at(str(values.get("town") or ""), actor) if unit is None and lot is None else None
    return Of(unit, lot, buyer.holding if buyer else None, place)


def _test(actor: Actor, change: Change) -> tuple[Of, dict[str, Any], dict[str, str], str]:
    values = dict(change.values)
    contents = {key: str(values.pop(key) or "") for key in CONTENT_WORDS if key in values}
    stands_in = str(values.pop("stands_in", "") or "")
    of = _of(actor, values)
    facts = {key: value for key, value in values.items() if key not in ("unit", "lot", "buyer", "town")}
    return of, facts, contents, stands_in


def add_test(actor: Actor, change: Change, at: datetime) -> str:
    """Register a test; its key."""
    of, facts, contents, stands_in = _test(actor, change)
    made = producetests.record(
        of, {**facts, "batch": change.batch}, contents, by=actor, at=at, stands_in=stands_in
    )  # fmt: skip
    return str(made.uid)


def _check_test(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> None:
    of, facts, contents, stands_in = _test(actor, change)
    producetests.check_new(of, facts, contents, by=actor, stands_in=stands_in)


def _tells_test(actor: Actor) -> Callable[[Change], Sequence[str]]:
    """That a row lies above its limit and what will come of it, before it is written."""

    def tells(change: Change) -> Sequence[str]:
        try:
            of, facts, contents, stands_in = _test(actor, change)
            _clean, _office, found = producetests.check_new(of, facts, contents, by=actor, stands_in=stands_in)
        except (Refusal, NotAllowed):
            return []  # the guard says so
        above = "、".join(content_word(one.printed.analyte) for one in found if one.tested.above)
        open_ = "、".join(content_word(one.printed.analyte) for one in found if one.tested is Sample.UNKNOWN)
        said = []
        if above:
            said.append(
                _("%(names)s超标：登记后提出锁定建议或者召回待办，由农业农村（林业）部门办理。") % {"names": above}
            )
        if open_:
            said.append(
                _(
                    "“%(crop)s”的%(names)s没有结论（没有查到限量，或者未检出而没有写检出限、检出限高于限量）：不当作合格，请核对农产品名称和检测值。"
                )
                % {"crop": facts["crop"], "names": open_}
            )
        return said

    return tells


TESTS = Writing(
    entries=[
        Entry("number", _l("样品编号"), required=True, names=["样品号", "编号"], longest=60, example="LT-2026-0001"),
        Entry("stage", _l("环节"), "choice", required=True, choices=STAGES, names=["检测环节"]),
        Entry("unit", _l("评价单元"), field="unit__number", names=UNIT_NAMES, longest=120, note=_l("临田检测必填；其他环节知道来源的填写。")),
        Entry("lot", _l("批次"), field="lot__number", names=["批次编号"], longest=40, note=_l("收购、库存检测填写批次编号。")),
        Entry("buyer", _l("收购加工企业"), field="holding__number", names=["收购企业", "企业"], longest=160, note=_l("收购、库存检测填写是哪个企业的粮食：编号、统一社会信用代码或全称；没有登记的企业写在采样地点。")),
        Entry("crop", _l("农产品"), required=True, names=["作物", "样品名称", "品名"], longest=80, example=_l("稻谷"), note=_l("照样品填写：稻谷、大米、小麦粉等，限量按它查。")),
        Entry("sampled_on", _l("采样日期"), "date", required=True, names=["抽样日期"], note=_l("限量按采样当日有效的标准执行。")),
        Entry("result_on", _l("报告日期"), "date", names=["出具日期", "检测日期"], note=_l("还没有结果的留空，检测值也留空。")),
        Entry("way", _l("方式"), "choice", choices=ways, names=["检测方式"], note=_l("不填为实验室检测。")),
        Entry("laboratory", _l("检测机构"), longest=160),
        Entry("report_number", _l("报告编号"), longest=120),
        Entry("taken_at", _l("采样地点"), names=["抽样地点"], longest=200, note=_l("市场抽检必填；没有登记的收购点、仓房照去向里的名称填写。")),
        *(Entry(key, title, names=[str(key), f"{title}(mg/kg)", *content_names(key)], field="", longest=40, unit="mg/kg", example=example, note=_l("照报告填写，如 0.12、<0.01、未检出。"))
          for key, (title, example) in CONTENT_WORDS.items()),
        TOWN,
        STANDS_IN,
        Entry("note", _l("备注"), longest=300),
    ],
    permission=producetests.TEST,
    add=add_test,
    guard=guarded(_check_test),
    tells=_tells_test,
    begin=begin_of_unit,
    match=("number",),
    dated=False,
)  # fmt: skip


def _lot(actor: Actor, text: Any) -> Lot:
    found = lot_called(actor, str(text or ""))
    if found is None:
        raise GrainRefused(
            _("没有找到批次“%(text)s”：请填写批次编号。") % {"text": text or ""}, code="farmland.grain.not_found"
        )
    return found


def _move(actor: Actor, change: Change) -> tuple[Lot, Moved, str]:
    said = {key: "" if value is None else value for key, value in change.values.items()}
    if said.get("tonnes", "") == "" or not said.get("on"):
        raise GrainRefused(_("没有填写数量或者日期：没有这一去向的，数量填 0。"), code="farmland.grain.words")
    told = Moved(
        str(said.get("part", "")), Decimal(str(said["tonnes"])), said["on"], str(said.get("to", "")),
        str(said.get("to_code", "")), change.values.get("separate"), str(said.get("document", "")),
        str(said.get("note", "")),
    )  # fmt: skip
    return _lot(actor, said.get("lot")), told, str(said.get("stands_in", ""))


def add_move(actor: Actor, change: Change, at: datetime) -> str:
    """Register tonnes that went somewhere; the key."""
    lot, told, stands_in = _move(actor, change)
    return str(graincustody.move(lot, told, by=actor, at=at, stands_in=stands_in, batch=change.batch).uid)


def _check_move(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> None:
    lot, told, stands_in = _move(actor, change)
    graincustody.check_move(lot, told, by=actor, stands_in=stands_in)


MOVES = Writing(
    entries=[
        Entry("lot", _l("批次"), required=True, field="lot__number", names=["批次编号"], longest=40),
        Entry("part", _l("去向"), "choice", required=True, choices=PARTS, note=_l("自留口粮按户登记；这里只用来说明没有农户自留（填 0）。")),
        Entry("tonnes", _l("数量（吨）"), "decimal", required=True, names=["数量", "吨数", "重量（吨）"], unit=_l("吨"), note=_l("没有这一去向的填 0：不填就不能平衡。")),
        Entry("on", _l("日期"), "date", required=True, names=["入库日期", "收购日期"]),
        Entry("to", _l("接收单位或者仓房"), names=["接收单位", "收购单位", "仓房"], longest=160),
        Entry("to_code", _l("接收单位统一社会信用代码"), names=["信用代码"], longest=40),
        Entry("separate", _l("单收单储"), "yes_no", note=_l("收购入库填写；没有核实的留空。")),
        Entry("document", _l("凭证编号"), names=["过磅单号", "合同编号", "凭证"], longest=120),
        STANDS_IN,
        Entry("note", _l("备注"), longest=300),
    ],
    permission=graincustody.MOVE,
    add=add_move,
    guard=guarded(_check_move),
    begin=begin_of_unit,
    match=(),
    dated=False,
)  # fmt: skip


def _keep(actor: Actor, change: Change) -> tuple[Lot, Household, Decimal, Any]:
    said = change.values
    lot, head = _lot(actor, said.get("lot")), str(said.get("head") or "").strip()
    rows = Household.objects.visible_to(actor).filter(superseded_at=None, head=head, unit__in=lot.units.all())
    if text := str(said.get("unit") or "").strip():
        rows = rows.filter(unit=unit_called(actor, text, GrainRefused, "farmland.grain.household").unit_id)
    asked = LotHousehold.objects.filter(superseded_at=None, lot=lot, household__head=head).values("household")
    found = list(Household.objects.filter(pk__in=asked)[:2]) or list(rows[:2])
    if len(found) != 1:
        raise GrainRefused(
            _("批次 %(lot)s 的单元上没有找到户主“%(head)s”，或不止一户：请核对姓名，同名的填写单元编号。")
            % {"lot": lot.number, "head": head},
            code="farmland.grain.household",
        )
    if said.get("kept_t") in (None, ""):
        raise GrainRefused(_("没有填写自留口粮数量：没有自留的填 0。"), code="farmland.grain.words")
    return lot, found[0], Decimal(str(said["kept_t"])), said.get("told_on") or actor.today


def add_kept(actor: Actor, change: Change, at: datetime) -> str:
    """Register what a household keeps; the key."""
    return str(graincustody.keep(*_keep(actor, change), by=actor, at=at).uid)


def _check_keep(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> None:
    graincustody.check_keep(*_keep(actor, change), by=actor)


KEPT = Writing(
    entries=[
        Entry("lot", _l("批次"), required=True, field="lot__number", names=["批次编号"], longest=40),
        Entry("head", _l("户主"), required=True, field="household__head", names=["户主姓名", "农户"], longest=60),
        Entry("kept_t", _l("自留口粮（吨）"), "decimal", required=True, names=["自留口粮", "自留数量"], unit=_l("吨"), note=_l("没有自留的填 0。")),
        Entry("told_on", _l("登记日期"), "date", note=_l("不填则为今天。")),
        Entry("unit", _l("评价单元"), field="household__unit__number", names=UNIT_NAMES, longest=120, note=_l("同名的户填写。")),
    ],
    permission=graincustody.MOVE,
    add=add_kept,
    guard=guarded(_check_keep),
    begin=begin_of_unit,
    match=(),
    dated=False,
)  # fmt: skip
