"""Measures of what holdings keep and of who looks at them: feed and drugs of animals, manure, packages paid for, checks, laboratories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.sentences import said
from soildesk.farmland.groundmeasures import (
    CHECK,
    COUNTED,
    ENTRY,
    HOLDING,
    HOLDINGS,
    NO_HOLDING,
    NO_ROW,
    counted_measure,
    of_point,
)
from soildesk.farmland.models import HoldingVersion, InputCheck, InputEntry, ProduceTest
from soildesk.farmland.queries import inputsmeasured as rows_of
from soildesk.farmland.queries import laboratories, waters
from soildesk.farmland.queries.then import Then
from soildesk.kit.measures import MeasureResult, Outcome, Reason, measure
from soildesk.monitoring.measuring import INDICATOR, Asked, Counted
from soilrules.indicators.targets import reaches

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

MANURE = InputCheck.Kind.MANURE
PLACES = frozenset({"个", "处", "座"})
NO_STATION = gettext_noop("没有登记过回收站点：没有登记不等于没有，不能判断。")
STATIONS = gettext_noop("登记的回收站点 %(n)d 个。")


@measure(
    "farmland.recovery_stations",
    title=_("废弃农膜和农药包装回收站点数"),
    reads=("farmland.holdingversion",),
    words=("回收站点", "回收网点", "回收站点数", "回收网点数", "农药包装废弃物回收站点", "废旧农膜回收站点"),
    subjects=(INDICATOR,),
)
def recovery_stations(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """How many stations that take back film and packages stand on the day, against the number a target names."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    found = rows_of.holdings(asked, HoldingVersion.Kind.RECOVERY)
    if not found:
        return asked.cannot_say(NO_STATION)
    wanted = subject.target_number if getattr(subject, "unit", "") in PLACES else None
    reached = reaches(Decimal(len(found)), subject.comparator, wanted) if wanted is not None else None
    outcome = {True: Outcome.DONE, False: Outcome.NOT_DONE, None: Outcome.CANNOT_SAY}[reached]
    proofs = tuple(_named(one, True, "").proof for one in found)
    reason = Reason(STATIONS, {"n": len(found)})
    return MeasureResult(outcome, reason, asked.on, len(found), None, _t("个"), proofs, asked.basis)


def _named(one: HoldingVersion, counts: bool | None, note: str) -> Counted:
    return Counted(HOLDING, str(one.holding.uid), f"{one.holding.number} {one.name}", counts, note)


def _of_duty(asked: Asked, key: str) -> Iterable[Counted]:
    """Livestock farms as their line of one duty stands."""
    for version, stands in rows_of.owed(asked, HoldingVersion.Kind.LIVESTOCK):
        for one in stands:
            if one.duty.key == key:
                yield _named(version, COUNTED[one.state], said(one.message))


def _feeding(asked: Asked) -> Iterable[Counted]:
    """Farms that use feed and drugs, and shops that ever sold them."""
    yield from _of_duty(asked, "ledger_feeding")
    shops = rows_of.holdings(asked, HoldingVersion.Kind.DEALER)
    last = rows_of.last_lines(asked, shops, (InputEntry.Kind.VET_DRUG, InputEntry.Kind.FEED))
    for one in shops:
        if (day := last.get(one.holding_id)) is not None:
            yield _named(one, day.year == asked.year, _t("最近一笔兽药、饲料购销在 %(day)s") % {"day": day})


counted_measure(
    "animal_inputs_kept", _("兽药、饲料添加剂购销和使用有记录"),
    ("兽药、饲料添加剂的销售管控体系", "销售管控体系", "严控兽药、饲料添加剂的生产和使用"),
    reads=HOLDINGS, rows=_feeding, empty=NO_HOLDING,
    message=gettext_noop("登记的 %(all)d 家规模养殖场和兽药饲料门店中，%(good)d 家有购销或者使用记录（%(percent)s%%）。"),
)  # fmt: skip
counted_measure(
    "manure_ledgers", _("规模养殖场建立粪污资源化利用台账"),
    ("畜禽粪污还田利用管理机制", "粪污还田利用管理机制", "粪污资源化利用台账"),
    reads=HOLDINGS, rows=lambda asked: _of_duty(asked, "ledger_manure"), empty=NO_HOLDING,
    message=gettext_noop("登记的 %(all)d 家规模养殖场中，%(good)d 家一年内登记了粪污去向（%(percent)s%%）。"),
)  # fmt: skip


def _rewards(asked: Asked) -> Iterable[Counted]:
    """Packages a station took in: paid for, and sent somewhere safe."""
    stations = [one.holding_id for one in rows_of.holdings(asked, HoldingVersion.Kind.RECOVERY)]
    for one in rows_of.told(InputEntry, asked, kind=InputEntry.Kind.PACKS, holding__in=stations):
        missing = [_t("没有登记付没付钱")] if one.paid_yuan is None else [] if one.paid_yuan else [_t("没有付钱")]
        missing += [] if one.from_to else [_t("没有写明送到哪里处置")]
        counts = None if one.paid_yuan is None and one.from_to else not missing
        note = "、".join(missing) or _t("付给交回人 %(yuan)s 元；%(to)s") % {"yuan": one.paid_yuan, "to": one.from_to}
        yield Counted(ENTRY, str(one.uid), f"{one.on} {one.name}", counts, note)


counted_measure(
    "pack_rewards", _("农药包装废弃物有偿回收、安全处置"),
    ("农药包装废弃物回收和安全处置激励机制", "回收和安全处置激励机制", "激励机制"),
    reads=(ENTRY, "farmland.holdingversion"), rows=_rewards, empty=NO_ROW,
    message=gettext_noop("回收站点当年登记的 %(all)d 笔农药包装回收中，%(good)d 笔付了钱并写明处置去向（%(percent)s%%）。"),
)  # fmt: skip


def _through(one: InputCheck) -> tuple[bool | None, str]:
    """A check that was done through: with a finding, and where that is bad with what was done."""
    if one.passes is None:
        return None, _t("没有结论")
    if one.passes:
        return True, _t("合格")
    return bool(one.done), _t("不合格：%(done)s") % {"done": one.done or _t("没有处理情况")}


def _farms_checked(asked: Asked) -> Iterable[Counted]:
    """Every large farm was looked at in the year; of several checks the last counts, and none that failed is left lying."""
    of_farm: dict[int, list[InputCheck]] = defaultdict(list)
    for one in rows_of.checks(asked):
        if one.kind == MANURE:
            of_farm[one.holding_id].append(one)
    for farm in rows_of.holdings(asked, HoldingVersion.Kind.LIVESTOCK):
        found = [_through(one) for one in of_farm[farm.holding_id]]
        if not found:
            yield replace(_named(farm, False, _t("当年没有检查")), silent=True)
            continue
        bad = next((one for one in found if one[0] is False), None)
        yield _named(farm, *(bad or found[-1]))


counted_measure(
    "livestock_checked", _("规模养殖场粪污处理和利用检查"),
    ("规模化畜禽养殖粪污处理和资源化利用的专项执法检查", "粪污处理和资源化利用的专项执法检查", "规模养殖场（小区）环境监管"),
    reads=(CHECK, "farmland.holdingversion"), rows=_farms_checked, empty=NO_HOLDING,
    message=gettext_noop("登记的 %(all)d 家规模养殖场中，%(good)d 家当年检查过、发现的问题已处理（%(percent)s%%）。"),
)  # fmt: skip


def _enforcement(asked: Asked) -> Iterable[Counted]:
    """The points of irrigation water and the checks of the year; of what nobody wrote anything down nobody can say."""
    points, over, _traces = waters.of_year(asked)
    for point in points:
        judged = point.point_id in over
        note = _t("当年有检测结果") if judged else _t("当年没有已接收的检测结果")
        yield replace(of_point(point, judged or None, note), silent=not judged)
    checks = rows_of.checks(asked)
    for one in checks:
        yield Counted(CHECK, str(one.uid), f"{one.on} {one.product}", *_through(one))
    farms = [one for one in checks if one.kind == MANURE]
    for held, name in (
        (points, _t("灌溉水点位")), (farms, _t("养殖场粪污检查")), (len(checks) > len(farms), _t("农业投入品检查")),
    ):  # fmt: skip
        if not held:
            note = _t("没有登记过%(what)s") % {"what": name}
            yield Counted("core.division", asked.division.code, asked.division.name, None, note, silent=True)


counted_measure(
    "farmland_enforcement", _("农用地执法检查"), ("加强农用地执法检查", "农用地执法检查"),
    reads=("monitoring.point", CHECK, "monitoring.resultverdict", "core.division"), rows=_enforcement, empty=NO_ROW,
    message=gettext_noop("灌溉水、投入品和粪污检查的 %(all)d 条记录中，%(good)d 条当年开展、发现的问题已处理（%(percent)s%%）。"),
)  # fmt: skip


def _licensed(asked: Asked) -> Iterable[Counted]:
    """Tests of a laboratory whose result came in the year, each by whether it had its licence then."""
    known = laboratories.laboratories(asked.actor)
    rows = Then(asked.year, asked.limit, asked.known).known(ProduceTest.objects.visible_to(asked.actor)).filter(
        way=ProduceTest.Way.LABORATORY, result_on__year=asked.year, result_on__lte=asked.limit,
        division_path__startswith=asked.division.path,
    )  # fmt: skip
    for one in rows.order_by("result_on", "pk"):
        counts = laboratories.licensed(one, known)
        held = laboratories.of_test(one, known)
        note = one.laboratory or _t("没有写明检测机构")
        if held is None:
            note += _t("：没有登记这个检测机构")
        elif counts is not True:
            note += _t("：资质有效期 %(day)s") % {"day": held.licence_until or _t("没有登记")}
        yield Counted("farmland.producetest", str(one.uid), f"{one.number} {one.crop}", counts, note)


counted_measure(
    "tests_licensed", _("农产品检测由有资质的机构出具"),
    ("农产品质量安全检测体系", "农产品质量检测能力", "农产品质量检测"),
    reads=("farmland.producetest", "farmland.holdingversion"), rows=_licensed, empty=NO_ROW,
    message=gettext_noop("当年出具的 %(all)d 份农产品检测报告中，%(good)d 份由当时有资质的登记机构出具（%(percent)s%%）。"),
)  # fmt: skip
