"""Measures of holdings, films, spreadings, residues and irrigation water: each row with the sentence that says how it stands.

A register without a row proves nothing: it is answered with "cannot say", never with done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.sentences import said
from soildesk.farmland.inputmeasures import book_page
from soildesk.farmland.queries import inputsmeasured as rows_of
from soildesk.farmland.queries import waters
from soildesk.farmland.services.figures import name_of
from soildesk.kit.measures import MeasureResult, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted
from soilrules.farmland.holdings import Duty, Limit, Stand, State, held_against, limits, spread_stands
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

HOLDING, ENTRY, CHECK = "farmland.holding", "farmland.inputentry", "farmland.inputcheck"
HOLDINGS = ("farmland.holdingversion", ENTRY, "farmland.producetest", "farmland.soilcheck")
NO_HOLDING = gettext_noop("没有登记负有这项义务的经营主体：没有登记不等于没有，不能判断。")
NO_ROW = gettext_noop("当年没有登记过这类记录：没有登记不等于没有发生，不能判断。")
NO_POINT = gettext_noop("没有登记过这类监测点：没有登记不等于没有，也不能算作完成。")
NO_TOWN = gettext_noop("本地没有登记涉农镇街，不能判断。")
COUNTED = {State.DONE: True, State.MISSING: False, State.BREACHED: False, State.UNKNOWN: None}
Rows = Callable[[Asked], Iterable[Counted]]


def counted_measure(
    name: str,
    title: str | Promise,
    words: Sequence[str],
    *,
    reads: Sequence[str],
    rows: Rows,
    message: str,
    empty: str,
    nothing: tuple[Callable[[Asked], bool], str] | None = None,
) -> None:
    """Register the measure of some rows: all of them must count, or as many as the target says.

    `nothing` says when no row is the right answer, not silence, and in which words.
    """

    @measure(f"farmland.{name}", title=title, reads=reads, words=words, subjects=BOTH)
    def done(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """Every row of the register keeps what is asked of it."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        found = list(rows(asked))
        if found:
            return asked.share(found, share, message)
        return asked.not_applicable(nothing[1]) if nothing and nothing[0](asked) else asked.cannot_say(empty)


def _owing(duty: Duty, *kinds: str) -> Rows:
    """The holdings that owe a duty, each as its line stands; by the same rule as the register shows."""

    def rows(asked: Asked) -> Iterable[Counted]:
        for version, stands in rows_of.owed(asked, *kinds):
            lines = [one for one in stands if one.duty.duty is duty]
            if lines:
                worst = min(lines, key=lambda one: (COUNTED[one.state] is not False, COUNTED[one.state] is not None))
                yield Counted(
                    HOLDING,
                    str(version.holding.uid),
                    f"{version.holding.number} {version.name}",
                    COUNTED[worst.state],
                    _note(lines),
                )

    return rows


def _note(lines: Sequence[Stand]) -> str:
    return "；".join(said(one.message) for one in lines)


counted_measure(
    "facility_produce_tested", _("设施种植大于 50 亩的主体检测农产品"),
    ("种植食用农产品面积大于50亩", "设施种植食用农产品", "大于50亩", "农产品质量安全状况进行检测"),
    reads=HOLDINGS, rows=_owing(Duty.PRODUCE_TEST, "greenhouse"), empty=NO_HOLDING,
    message=gettext_noop("应检测农产品的 %(all)d 个设施种植主体中，%(good)d 个一年内有检测（%(percent)s%%）。"),
)  # fmt: skip
counted_measure(
    "soil_after_produce", _("设施农产品超标后监测土壤"), ("因土壤原因导致农产品不符合质量安全标准", "可能因土壤原因"),
    reads=HOLDINGS, rows=_owing(Duty.SOIL_AFTER_TEST, "greenhouse"), empty=gettext_noop("没有农产品超标的设施种植主体的记录，不能判断。"),
    message=gettext_noop("农产品超标的 %(all)d 个设施种植主体中，%(good)d 个已判断原因或监测土壤（%(percent)s%%）。"),
)  # fmt: skip
counted_measure(
    "input_ledgers", _("农业投入品台账已建立"), ("农药、肥料和农用薄膜使用量", "投入品台账", "废旧农用薄膜产生量台账", "包装废弃物、废旧农用薄膜产生量台账"),
    reads=HOLDINGS, rows=_owing(Duty.LEDGER, "greenhouse", "park", "dealer"), empty=NO_HOLDING,
    message=gettext_noop("应建台账的 %(all)d 个主体中，%(good)d 个一年内有记录（%(percent)s%%）。"),
)  # fmt: skip
counted_measure(
    "large_farms_equipped", _("规模养殖场已配套粪污处理设施（按名单）"),
    ("规模以上养殖场全部配套粪污处理设施", "配套粪污处理设施", "污染防治设施配套"),
    reads=HOLDINGS, rows=_owing(Duty.MANURE_FACILITY, "livestock"), empty=NO_HOLDING,
    message=gettext_noop("登记的 %(all)d 家规模养殖场中，%(good)d 家已配套粪污处理设施（%(percent)s%%）。"),
)  # fmt: skip
counted_measure(
    "livestock_outlets", _("养殖场生产废水排放口已排查"), ("排查畜禽养殖场生产废水排放口", "养殖场生产废水排放口", "养殖场废水排放口"),
    reads=HOLDINGS, rows=_owing(Duty.OUTLET_CHECKED, "livestock"), empty=NO_HOLDING,
    message=gettext_noop("登记的 %(all)d 家养殖场中，%(good)d 家一年内排查过排放口（%(percent)s%%）。"),
)  # fmt: skip


def _parks(asked: Asked) -> Iterable[Counted]:
    versions = rows_of.holdings(asked, "park")
    kept = rows_of.entered(asked, versions, ("fertiliser", "pesticide"))
    for one in versions:
        have = kept.get(one.holding_id, set())
        note = "" if len(have) == 2 else _t("当年没有登记：%(what)s") % {
            "what": "、".join(word for key, word in (("fertiliser", _t("肥料")), ("pesticide", _t("农药"))) if key not in have)
        }  # fmt: skip
        yield Counted(
            HOLDING, str(one.holding.uid), f"{one.holding.number} {one.name}", len(have) == 2, note, silent=not have
        )


counted_measure(
    "parks_account", _("园林绿化用地开展农药、化肥使用核算"), ("农药、化肥使用核算", "园林绿化用地农药、化肥用量控制"),
    reads=HOLDINGS, rows=_parks, empty=NO_HOLDING,
    message=gettext_noop("登记的 %(all)d 个园林绿化养护单位中，%(good)d 个当年登记了农药和化肥用量（%(percent)s%%）。"),
)  # fmt: skip


def _films(asked: Asked) -> Iterable[Counted]:
    """Every film bought, used or checked in the year against the least thickness; one without a thickness is open."""
    least = limits()[Limit.FILM].least
    for kind, found in zip((ENTRY, CHECK), rows_of.films(asked), strict=True):
        for one in found:
            state = held_against(Limit.FILM, one.thickness_mm)
            words = _t("没有登记厚度") if one.thickness_mm is None else _t("%(mm)s mm，限值 %(least)s mm") % {
                "mm": one.thickness_mm.normalize(), "least": least,
            }  # fmt: skip
            yield Counted(
                kind, str(one.uid), f"{one.on} {getattr(one, 'name', '') or one.product}", COUNTED[state], words
            )


counted_measure(
    "film_thickness", _("地膜厚度不低于 0.01 毫米"),
    ("厚度0.01毫米以下地膜", "厚度0.01mm以下地膜", "严格执行地膜标准", "超薄地膜", "地膜标准"),
    reads=(ENTRY, CHECK), rows=_films, empty=NO_ROW,
    message=gettext_noop("当年登记和抽检的 %(all)d 批地膜中，%(good)d 批厚度符合（%(percent)s%%）。"),
)  # fmt: skip


def _checks(asked: Asked) -> Iterable[Counted]:
    """A check counts where it was done through: with a finding, and where that is bad with what was done."""
    for one in rows_of.checks(asked):
        if one.kind == "manure":  # a farm looked at is no input
            continue
        counts = None if one.passes is None else bool(one.passes or one.done)
        word = (
            _t("没有结论")
            if one.passes is None
            else _t("合格")
            if one.passes
            else _t("不合格：%(done)s") % {"done": one.done or _t("没有处理情况")}
        )
        yield Counted(CHECK, str(one.uid), f"{one.on} {one.product}", counts, word)


counted_measure(
    "input_checks", _("农业投入品质量抽检"), ("农业投入品质量监管", "对农业投入品有关违法行为加强执法检查", "化肥、农药、农膜、兽药及饲料添加剂", "投入品质量"),
    reads=(CHECK,), rows=_checks, empty=NO_ROW,
    message=gettext_noop("当年 %(all)d 批投入品抽检中，%(good)d 批有结论且不合格的已处理（%(percent)s%%）。"),
)  # fmt: skip


def _toxic(asked: Asked) -> Iterable[Counted]:
    for one in rows_of.toxic(asked):
        yield Counted(
            ENTRY, str(one.uid), f"{one.on} {one.name}", bool(one.from_to), one.from_to or _t("没有写明来源或者去向")
        )


counted_measure(
    "pesticide_flow", _("高毒、高残留农药流向"), ("高毒、高残留农药流向", "农药产品特别是高毒", "农药流向"),
    reads=(ENTRY,), rows=_toxic, empty=NO_ROW,
    message=gettext_noop("当年登记的 %(all)d 笔高毒农药中，%(good)d 笔写明了来源或者去向（%(percent)s%%）。"),
)  # fmt: skip


def _spreadings(asked: Asked) -> Iterable[Counted]:
    for row, of_unit in rows_of.spreadings(asked):
        one = next((each for each in of_unit if each.on == row.on and each.tonnes == row.tonnes), of_unit[-1])
        state, message = spread_stands(one, of_unit)
        yield Counted(
            "farmland.spreading",
            str(row.uid),
            f"{row.on} {row.get_kind_display()} {row.tonnes.normalize():f} t",
            COUNTED[state],
            said(message),
        )


counted_measure(
    "spreadings_within", _("施入农用地的污泥、堆肥和粪污达标"),
    ("污泥、工业废物直接用作农田肥料", "粪污未经无害化处理直接还田", "畜禽粪污还田利用管理", "污泥及相关产品"),
    reads=("farmland.spreading",), rows=_spreadings, empty=NO_ROW,
    message=gettext_noop("当年 %(all)d 次施用中，%(good)d 次检测达标且用量符合（%(percent)s%%）。"),
)  # fmt: skip


def _residues(asked: Asked) -> Iterable[Counted]:
    """A point counts where it was sampled in the year; what was found is told beside it."""
    for point, row in rows_of.film_points(asked):
        name = f"{point.point.number} {point.name}"
        if row is None:
            yield Counted("farmland.filmpoint", str(point.point.uid), name, False, _t("当年没有监测"), silent=True)
            continue
        over = held_against(Limit.RESIDUE, row.kg_per_ha) is State.BREACHED
        word = _t("%(kg)s kg/hm²，超过限值") if over else _t("%(kg)s kg/hm²")
        yield Counted("farmland.filmpoint", str(point.point.uid), name, True, word % {"kg": row.kg_per_ha.normalize()})


counted_measure(
    "film_residue_points", _("地膜残留监测点已监测"), ("农田地膜残留监测点", "地膜残留监测", "地膜残留"),
    reads=("farmland.filmpointversion", "farmland.filmresidue"), rows=_residues, empty=NO_POINT,
    message=gettext_noop("登记的 %(all)d 个地膜残留监测点中，%(good)d 个当年有监测数据（%(percent)s%%）。"),
)  # fmt: skip


def _surveyed(asked: Asked) -> Iterable[Counted]:
    keys = ("film_t", "film_recovered_t", "packs_t", "packs_recovered_t", "packs_disposed_t")
    for town, missing in rows_of.reported(asked, keys):
        note = _t("没有上报：%(names)s") % {"names": "、".join(map(name_of, missing))} if missing else ""
        yield Counted(
            "core.division",
            town.code,
            town.name,
            not missing,
            note,
            silent=len(missing) == len(keys),
            url=book_page(asked),
        )


counted_measure(
    "film_packs_surveyed", _("农膜和农药包装废弃物调查已覆盖镇街"),
    ("调查监测农膜使用、回收情况", "农膜使用、回收情况", "农药包装废弃物回收处置率"),
    reads=("farmland.townfigure",), rows=_surveyed, empty=NO_TOWN,
    message=gettext_noop("%(all)d 个涉农镇街中，%(good)d 个上报了农膜和农药包装废弃物数据（%(percent)s%%）。"),
)  # fmt: skip


def _network(asked: Asked) -> Iterable[Counted]:
    for town, stations in rows_of.collectors(asked):
        note = "、".join(one.name for one in stations) or _t("没有登记回收站点")
        yield Counted("core.division", town.code, town.name, bool(stations), note, silent=not stations)


counted_measure(
    "recovery_network", _("废弃农膜和包装回收网络覆盖镇街"),
    ("废弃农膜回收贮运和综合利用网络", "回收贮运", "农药包装废弃物和废弃农膜的回收处理", "回收利用体系"),
    reads=("farmland.holdingversion", "core.division"), rows=_network, empty=NO_TOWN,
    message=gettext_noop("%(all)d 个涉农镇街中，%(good)d 个有回收站点（%(percent)s%%）。"),
)  # fmt: skip


def of_point(one: Any, counts: bool | None, note: str) -> Counted:
    return Counted("monitoring.point", str(one.point.uid), f"{one.point.number} {one.name}", counts, note)


def _within(asked: Asked) -> Iterable[Counted]:
    points, over, _traces = waters.of_year(asked)
    for one in points:
        if one.point_id not in over:
            yield of_point(one, None, _t("当年没有已接收的检测结果"))
            continue
        state = over[one.point_id]
        word = _t("有项目无法评价") if state is None else _t("超过农田灌溉水质标准") if state else _t("未超标")
        yield of_point(one, None if state is None else not state, word)


counted_measure(
    "irrigation_within", _("灌溉用水符合农田灌溉水质标准"),
    ("灌溉用水符合农田灌溉水质标准", "符合农田灌溉水水质标准", "灌溉用水水质的监督检查", "灌溉用水水质管理", "灌溉水水质管理"),
    reads=("monitoring.result", "monitoring.resultverdict"), rows=_within, empty=NO_POINT,
    message=gettext_noop("%(all)d 个灌溉水点位中，%(good)d 个当年达标（%(percent)s%%）。"),
)  # fmt: skip


def _traced(asked: Asked) -> Iterable[Counted]:
    points, over, traces = waters.of_year(asked)
    for one in points:
        if not over.get(one.point_id):
            continue
        trace = traces.get(one.point_id)
        if trace is None:
            yield of_point(one, False, _t("超标，没有溯源"))
        else:
            yield of_point(one, bool(trace.done), trace.found if trace.done else _t("已溯源，还没有采取措施"))


def _all_within(asked: Asked) -> bool:
    """Whether every point was judged in the year and none exceeds: then there is nothing to trace."""
    points, over, _traces = waters.of_year(asked)
    return bool(points) and all(over.get(one.point_id) is False for one in points)


counted_measure(
    "irrigation_traced", _("灌溉水超标已溯源并采取措施"), ("水质不达标的进行污染溯源并采取措施", "污染溯源", "水质不达标"),
    reads=("monitoring.resultverdict", "farmland.watertrace"), rows=_traced,
    empty=gettext_noop("当年没有已判定超标的灌溉水点位，但还有点位没有结果或者无法评价，不能判断。"),
    nothing=(_all_within, gettext_noop("当年灌溉水点位都有结果，都没有超标：没有要溯源的。")),
    message=gettext_noop("超标的 %(all)d 个灌溉水点位中，%(good)d 个已溯源并采取措施（%(percent)s%%）。"),
)  # fmt: skip
