"""What kit needs to know of lots: proposals to lock, lots, tonnes, what households keep, money, notices."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.farmland import grainentering
from soildesk.farmland.grainwords import PARTS, above_words, part_word
from soildesk.farmland.grainwords import PROPOSALS as PROPOSAL_STATES
from soildesk.farmland.models import Disposal, GrainNotice, LockProposal, LotHousehold, LotMove, LotPayment, UnitVersion
from soildesk.farmland.queries import balances, grainlists
from soildesk.farmland.register import lotpage
from soildesk.farmland.register.seasons import SECTION, of_others, papers, told, unit_link, years
from soildesk.farmland.register.units import TOWN, mu, word
from soildesk.farmland.services.graincustody import MOVE
from soildesk.farmland.services.lines import line_of
from soildesk.farmland.services.lots import LOCK
from soildesk.farmland.services.offices import Line
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Chip, Fact
from soildesk.kit.register import Column, PageAct, Register, Row, Stored

P = LockProposal.State
LOT_STATES = {
    "locked": ("bad", "lock", _l("锁定中")),
    "lifted": ("good", "unlock", _l("已解除锁定")),
    "followed": ("calm", "eye", _l("跟踪，未锁定")),
}
KINDS, PURPOSES, NOTICES = Disposal.Kind.choices, LotPayment.Purpose.choices, GrainNotice.Kind.choices
NUMBER = {"width": 13, "frozen": True, "format": cells.link}


def _tonnes(key: str, title: Any, **more: Any) -> Column:
    return Column(key, title, sort=key, width=7, numeric=True, format=cells.number, type="number", **more)


def lot_link(lot: Any) -> list[tuple[str, str]]:
    """The page of a lot; nothing where none was locked yet."""
    if lot is None:
        return []
    return [(_("批次 %(lot)s") % {"lot": lot.number}, reverse("kit:record", args=["grain_lots", str(lot.uid)]))]


def _proposal(actor: Actor, row: Row, on: date) -> RecordPage:
    found = LockProposal.objects.select_related("unit", "test", "lot").get(pk=row["pk"])
    tone, icon, title = PROPOSAL_STATES[found.state]
    done = "" if found.state == P.OPEN else _("已办结：%(state)s。") % {"state": found.get_state_display()}
    unit = UnitVersion.objects.standing(on).filter(unit=found.unit_id).first()
    line = line_of(unit) if unit else Line.FARMING
    why = done or stopped(actor, LOCK, found) or of_others(actor, [line], found)
    test_url = reverse("kit:record", args=["produce_tests", str(found.test.uid)])
    return RecordPage(
        chips=[Chip(tone, str(title), icon, found.closed_why)],  # type: ignore[arg-type]
        facts=[Fact(_("超标项目"), above_words(found.test)), Fact(_("说明"), _("检测超标只提出建议：由农业农村（林业）部门的人员确认后才锁定。"))],
        acts=[
            Act(_("确认锁定"), reverse("farmland:lock_confirm", args=[found.uid]), "lock", primary=not why, stopped_by=why),
            Act(_("不锁定"), reverse("farmland:lock_dismiss", args=[found.uid]), "slash-circle", stopped_by=why),
        ],
        history=told(found, "farmland.lot.proposal_dismissed"),
        related=[(_("检测 %(number)s") % {"number": found.test.number}, test_url), *unit_link(found.unit), *lot_link(found.lot)],
    )  # fmt: skip


PROPOSALS = register.add(
    Register(
        name="farmland.lock_proposals",
        collection="lock_proposals",
        title=_l("锁定建议"),
        permission="farmland.read",
        queryset=grainlists.proposals,
        record=_proposal,
        columns=[
            Column("test", _l("样品编号"), "test__number", sort="test__number", **NUMBER),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(PROPOSAL_STATES), export=lambda value, row: str(P(value).label)),
            Column("unit", _l("单元编号"), "unit__number", sort="unit__number", width=14),
            Column("unit_name", _l("单元名称"), width=14, format=cells.clamp),
            Column("town", _l("乡镇（街道）"), width=7),
            Column("crop", _l("作物"), width=7),
            Column("on", _l("提出日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("closed_on", _l("确认日期"), sort="closed_on", width=8, format=cells.day, type="date"),
            Column("closed_why", _l("确认说明"), width=16, format=cells.clamp),
            Column("lot", _l("批次"), "lot__number", width=12),
        ],
        filters=[ChoiceFilter("state", _l("状态"), choices=P.choices), TOWN],
        search=["test__number", "unit__number", "unit_name", "lot__number"],
        default_sort="-on",
        views=[(_l("待确认"), "state=open")],
        about=_l("检测超标的单元由系统提出锁定建议，由农业农村（林业）部门的人员确认。"),
        empty=_l("没有锁定建议：登记的检测没有超标。"),
    )
)  # fmt: skip


def _add_balances(rows: list[Row], actor: Actor, on: date) -> None:
    held = balances.of_many(grainlists.lots(actor, on).filter(pk__in=[row["pk"] for row in rows]), on)
    for row in rows:
        one = held[row["pk"]]
        row["_unexplained"] = one.balance.unexplained
        row["_next"] = lotpage.first_step(one)
        row["_loose"] = lotpage.loose(one)


def _lot_state(row: Row) -> str:
    if row["locked_on"] is None:
        return "followed"
    return "locked" if row["unlocked_on"] is None else "lifted"


LOTS = register.add(
    Register(
        name="farmland.lots",
        collection="grain_lots",
        title=_l("粮食批次"),
        permission="farmland.read",
        queryset=grainlists.lots,
        enrich=_add_balances,
        record=lotpage.lot,
        columns=[
            Column("number", _l("批次编号"), sort="number", **NUMBER),
            Column("state", _l("状态"), _lot_state, ["locked_on", "unlocked_on"], width=8, format=cells.chip(LOT_STATES),
                   export=lambda value, row: str(LOT_STATES[value][2])),
            Column("next", _l("下一步"), lambda row: row.get("_next"), ["number"], width=20, format=cells.clamp),
            Column("crop", _l("作物"), sort="crop", width=6),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("town", _l("乡镇（街道）"), width=7),
            Column("area_mu", _l("面积（亩）"), mu("area_m2"), ["area_m2"], sort="area_m2", width=6, numeric=True, format=cells.number, type="number"),
            _tonnes("harvest_t", _l("产量（吨）")),
            Column("loose", _l("没有着落（吨）"), lambda row: row.get("_loose"), ["number"], width=7, numeric=True, format=cells.number, type="number"),
            Column("unexplained", _l("去向不明（吨）"), lambda row: row.get("_unexplained"), ["number"], width=7, numeric=True, format=cells.number, type="number"),
            Column("locked_on", _l("锁定日期"), sort="locked_on", width=8, format=cells.day, type="date"),
            Column("lock_document", _l("锁定依据"), width=13, format=cells.clamp),
            Column("unlocked_on", _l("解除日期"), sort="unlocked_on", width=8, format=cells.day, type="date"),
            Column("unlock_document", _l("解除依据"), width=13, format=cells.clamp, shown=False),
            Column("area_m2", _l("面积（m²）"), width=8, numeric=True, format=cells.number, shown=False, type="number"),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=[(key, label[2]) for key, label in LOT_STATES.items()],
                         conditions={"locked": grainlists.LOCKED, "lifted": grainlists.LIFTED, "followed": grainlists.FOLLOWED}),
            ChoiceFilter("year", _l("年度"), choices=years),
            TOWN,
        ],
        search=["number", "crop", "lock_document", "units__number"],
        default_sort="-number",
        totals={"harvest_t": Sum("harvest_t"), "area_m2": Sum("area_m2")},
        page_acts=[PageAct(_l("锁定建议"), "kit:collection", "farmland.read", icon="lock", args=("lock_proposals",)),
                   PageAct(_l("登记跟踪批次"), "farmland:lot_follow", "farmland.lock", icon="plus-lg")],
        views=[(_l("锁定中"), "state=locked")],
        about=_l("锁定或者跟踪的粮食批次：产量 = 收购入库 + 自留口粮 + 饲料和种子 + 其他销售 + 水分和损耗 + 去向不明。锁定区内的自留口粮必须有置换或者处置记录。"),
        empty=_l("没有锁定的粮食批次。检测超标后，由农业农村部门在“锁定建议”中确认。"),
    )
)  # fmt: skip


def _row_page(kind: str, model: Any, acts: tuple[str, ...]) -> Any:
    """The page of tonnes or money: its papers, and taking it back."""

    def page(actor: Actor, row: Row, on: date) -> RecordPage:
        found = model.objects.select_related("lot").get(pk=row["pk"])
        why = stopped(actor, MOVE, found)
        return RecordPage(
            acts=[
                Act(_("上传凭证"), reverse("farmland:grain_attach", args=[kind, found.uid]), "upload", stopped_by=why),
                Act(_("撤销"), reverse("farmland:grain_back", args=[kind, found.uid]), "slash-circle", danger=True, stopped_by=why),
            ],
            files=papers(found),
            history=told(found, *acts),
            related=lot_link(found.lot),
        )  # fmt: skip

    return page


MOVES = register.add(
    Register(
        name="farmland.moves",
        collection="grain_moves",
        title=_l("粮食去向"),
        permission="farmland.read",
        queryset=grainlists.moves,
        record=_row_page("move", LotMove, ("farmland.grain.moved",)),
        columns=[
            Column("lot", _l("批次"), "lot__number", sort="lot__number", **NUMBER),
            Column("part", _l("去向"), lambda row: part_word(row["part"]), ["part"], sort="part", width=8, stored=Stored("part", PARTS)),
            _tonnes("tonnes", _l("数量（吨）")),
            Column("on", _l("日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("to", _l("接收单位或者仓房"), width=15, format=cells.clamp),
            Column("to_code", _l("统一社会信用代码"), width=12, shown=False),
            Column("separate", _l("单收单储"), width=6, format=cells.yes_no, type="boolean"),
            Column("document", _l("凭证编号"), width=12),
            Column("note", _l("备注"), width=14, format=cells.clamp, shown=False),
        ],
        filters=[ChoiceFilter("part", _l("去向"), choices=PARTS), DateRangeFilter("on", _l("日期"))],
        search=["lot__number", "to", "document"],
        default_sort="-on",
        writing=grainentering.MOVES,
        totals={"tonnes": Sum("tonnes")},
        about=_l("批次的每一笔去向和凭证；没有这一去向的也要填 0，不填就不能平衡。"),
        empty=_l("还没有登记去向：在批次页面登记，或下载模板导入收购台账。"),
    )
)  # fmt: skip

DISPOSALS = register.add(
    Register(
        name="farmland.disposals",
        collection="grain_disposals",
        title=_l("超标粮食处置"),
        permission="farmland.read",
        queryset=grainlists.disposals,
        record=_row_page("disposal", Disposal, ("farmland.grain.disposed",)),
        columns=[
            Column("lot", _l("批次"), "lot__number", sort="lot__number", **NUMBER),
            Column("kind", _l("处置方式"), word("kind", KINDS), ["kind"], sort="kind", width=10, stored=Stored("kind", KINDS)),
            Column("part", _l("来自"), lambda row: part_word(row["part"]), ["part"], width=8),
            Column("source", _l("仓房或者单位"), width=12, format=cells.clamp),
            _tonnes("tonnes", _l("数量（吨）")),
            Column("on", _l("日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("to", _l("接收单位"), width=14, format=cells.clamp),
            Column("document", _l("凭证编号"), width=12),
            Column("test", _l("复检样品"), "test__number", width=10),
            Column("note", _l("备注"), width=14, format=cells.clamp, shown=False),
        ],
        filters=[ChoiceFilter("kind", _l("处置方式"), choices=KINDS), DateRangeFilter("on", _l("日期"))],
        search=["lot__number", "to", "document"],
        default_sort="-on",
        totals={"tonnes": Sum("tonnes")},
        about=_l("锁定粮食的定向销售、无害化处置、复检合格和口粮置换，每笔都有凭证；在批次页面登记。"),
        empty=_l("还没有处置记录：在批次页面对每一笔入库或者每户口粮登记。"),
    )
)  # fmt: skip

PAYMENTS = register.add(
    Register(
        name="farmland.payments",
        collection="grain_payments",
        title=_l("粮食处置资金"),
        permission="farmland.read",
        queryset=grainlists.payments,
        record=_row_page("payment", LotPayment, ("farmland.grain.paid",)),
        columns=[
            Column("lot", _l("批次"), "lot__number", sort="lot__number", **NUMBER),
            Column("purpose", _l("用途"), word("purpose", PURPOSES), ["purpose"], sort="purpose", width=9, stored=Stored("purpose", PURPOSES)),
            Column("yuan", _l("金额（元）"), sort="yuan", width=9, numeric=True, format=cells.number, type="number"),
            Column("on", _l("支付日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("payer", _l("付款单位"), width=11, format=cells.clamp),
            Column("payee", _l("收款单位"), width=14, format=cells.clamp),
            Column("document", _l("凭证编号"), width=12),
            Column("note", _l("备注"), width=14, format=cells.clamp, shown=False),
        ],
        filters=[ChoiceFilter("purpose", _l("用途"), choices=PURPOSES), DateRangeFilter("on", _l("支付日期"))],
        search=["lot__number", "payee", "document"],
        default_sort="-on",
        totals={"yuan": Sum("yuan")},
        about=_l("财政部门为定向收购、口粮置换和处置支付的资金；在批次页面登记。"),
        empty=_l("还没有登记资金。"),
    )
)  # fmt: skip


def _household(actor: Actor, row: Row, on: date) -> RecordPage:
    found = LotHousehold.objects.select_related("lot", "household").get(pk=row["pk"])
    why = stopped(actor, MOVE, found)
    dispose = f"{reverse('farmland:lot_dispose', args=[found.lot.uid])}?household={found.household.uid}"
    return RecordPage(
        acts=[
            Act(_("登记自留口粮"), reverse("farmland:lot_keep", args=[found.uid]), "pencil", primary=found.kept_t is None, stopped_by=why),
            Act(_("登记置换或者处置"), dispose, "check", primary=bool(found.kept_t), stopped_by=why),
        ],
        history=told(found, "farmland.grain.kept"),
        related=lot_link(found.lot),
    )  # fmt: skip


HOUSEHOLDS = register.add(
    Register(
        name="farmland.lot_households",
        collection="lot_households",
        title=_l("锁定区农户（内部）"),
        permission="farmland.read_personal",
        queryset=grainlists.households,
        record=_household,
        columns=[
            Column("head", _l("户主"), "household__head", sort="household__head", **NUMBER),
            Column("lot", _l("批次"), "lot__number", sort="lot__number", width=13),
            Column("unit", _l("单元编号"), "household__unit__number", width=13),
            Column("town", _l("乡镇（街道）"), width=7),
            Column("phone", _l("联系电话"), "household__phone", width=9),
            Column("area_mu", _l("锁定面积（亩）"), mu("area_m2"), ["area_m2"], sort="area_m2", width=7, numeric=True, format=cells.number, type="number"),
            _tonnes("kept_t", _l("自留口粮（吨）")),
            Column("told_on", _l("登记日期"), sort="told_on", width=8, format=cells.day, type="date"),
        ],
        filters=[
            ChoiceFilter("told", _l("自留口粮"), choices=[("no", _l("未登记")), ("some", _l("有自留"))],
                         conditions=lotpage.TOLD),
            TOWN,
        ],
        search=["household__head", "lot__number", "household__unit__number"],
        default_sort="lot",
        writing=grainentering.KEPT,
        personal=["head", "phone"],
        personal_permission="farmland.read_personal",
        totals={"kept_t": Sum("kept_t")},
        views=[(_l("未登记自留口粮"), "told=no")],
        about=_l("锁定区内每户自留多少口粮，由镇街登记，属内部资料，不公开。"),
        empty=_l("没有锁定区农户：锁定时按农户台账自动列出，请先在农户台账登记。"),
    )
)  # fmt: skip


def _answered(row: Row) -> str:
    if row["answered_on"]:
        return "answered"
    return "late" if row["due"] and row["due"] < row["_on"] else "waiting"


ANSWERS = {
    "answered": ("good", "check-circle-fill", _l("已答复")),
    "late": ("bad", "x-circle-fill", _l("逾期未答复")),
    "waiting": ("busy", "hourglass-split", _l("待答复")),
}


def _add_day(rows: list[Row], actor: Actor, on: date) -> None:
    for row in rows:
        row["_on"] = on


def _notice(actor: Actor, row: Row, on: date) -> RecordPage:
    found = GrainNotice.objects.select_related("lot", "test", "to").get(pk=row["pk"])
    own = actor.person.department if actor.person else None
    why = stopped(actor, MOVE, found) or ("" if own and own.pk == found.to_id else _("由收文单位答复。"))
    why = why or (_("已答复。") if found.answered_on else "")
    tone, icon, title = ANSWERS[_answered({"answered_on": found.answered_on, "due": found.due, "_on": on})]
    related = lot_link(found.lot)
    if found.test:
        url = reverse("kit:record", args=["produce_tests", str(found.test.uid)])
        related.append((_("检测 %(number)s") % {"number": found.test.number}, url))
    return RecordPage(
        chips=[Chip(tone, str(title), icon)],  # type: ignore[arg-type]
        acts=[
            Act(_("答复"), reverse("farmland:notice_answer", args=[found.uid]), "reply", primary=not why, stopped_by=why),
            Act(_("通报文本"), reverse("farmland:notice_paper", args=[found.uid]), "file-earmark-text"),
        ],
        history=told(found, "farmland.grain_notice.sent", "farmland.grain_notice.answered"),
        related=related,
    )  # fmt: skip


NOTICE_REGISTER = register.add(
    Register(
        name="farmland.grain_notices",
        collection="grain_notices",
        title=_l("粮食通报"),
        permission="farmland.read",
        queryset=grainlists.notices,
        enrich=_add_day,
        record=_notice,
        columns=[
            Column("number", _l("编号"), sort="number", **NUMBER),
            Column("kind", _l("类型"), word("kind", NOTICES), ["kind"], sort="kind", width=9, stored=Stored("kind", NOTICES)),
            Column("state", _l("答复"), lambda row: _answered({"_on": date.min, **row}), ["answered_on", "due"], width=8, format=cells.chip(ANSWERS),
                   export=lambda value, row: str(ANSWERS[value][2])),
            Column("to_name", _l("收文单位"), width=10),
            Column("lot", _l("批次"), "lot__number", width=12),
            Column("test", _l("检测"), "test__number", width=11),
            Column("on", _l("发出日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("due", _l("答复时限"), sort="due", width=8, format=cells.day, type="date"),
            Column("answered_on", _l("答复日期"), sort="answered_on", width=8, format=cells.day, type="date"),
            Column("text", _l("内容"), width=20, format=cells.clamp),
            Column("answer", _l("答复内容"), width=18, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("open", _l("是否答复"), choices=[("yes", _l("未答复")), ("no", _l("已答复"))],
                         conditions={"yes": grainlists.UNANSWERED, "no": ~grainlists.UNANSWERED}),
            ChoiceFilter("kind", _l("类型"), choices=NOTICES),
            DateRangeFilter("due", _l("答复时限")),
        ],
        search=["number", "lot__number", "test__number", "to_name", "text"],
        default_sort="-on",
        views=[(_l("未答复"), "open=yes")],
        about=_l("锁定通报、定向收购通知和召回通知：发给粮食、市场监管等部门，按时答复。"),
        empty=_l("还没有通报：在批次或者超标检测的页面发出。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("粮食批次"), "kit:collection", "farmland.read", order=494, icon="lock", args=("grain_lots",)
)
navigation.register(
    SECTION, _l("粮食通报"), "kit:collection", "farmland.read", order=495, icon="send", args=("grain_notices",)
)
