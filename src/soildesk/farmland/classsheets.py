"""The list of classes 类别清单: every unit with what made its class, the points it rests on, and the households that till it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, may
from soildesk.farmland.approvedwords import element_names
from soildesk.farmland.classword import standing
from soildesk.farmland.classwords import EXCESS, ROMAN, class_word, terms_told
from soildesk.farmland.models import Classification, ClassTrial, Household, UnitClass, UnitProposal
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries.classifications import apart, final, given, live, outcome, place_names
from soildesk.farmland.queries.proposals import explained, ruleset_of
from soildesk.farmland.queries.trials import Changed
from soildesk.kit.sheets import Sheet, SheetColumn, write_xlsx
from soildesk.standards.refusals import language
from soilrules.analytes import all_analytes
from soilrules.farmland.contents import in_mg_kg

Cells = Sequence[Any]


def book(held: Classification, actor: Actor) -> bytes:
    """The list as an Excel file; households only for those who may read them."""
    rows = list(
        live(held)
        .select_related("unit", "version", "version__keeper")
        .defer("version__geometry")
        .order_by("unit__number")
    )
    note = standing(held)
    sheets = [_units(held, rows, note), _points(held, rows, note)]
    if may(actor, "farmland.read_personal"):
        sheets.append(_households(held, rows, actor, note))
    out = BytesIO()
    write_xlsx(sheets, out)
    return out.getvalue()


def trial_book(trial: ClassTrial, rows: Sequence[Changed]) -> bytes:
    """The units a trial would change, as an Excel file."""
    held = trial.classification
    columns = [
        SheetColumn(_("单元编号"), 20), SheetColumn(_("外部代码"), 16), SheetColumn(_("单元名称"), 20), SheetColumn(_("乡镇（街道）"), 12),
        SheetColumn(_("面积（亩）"), 10, numeric=True), SheetColumn(_("现在的设定"), 12), SheetColumn(_("试算的设定"), 12),
        SheetColumn(_("试算的控制元素"), 16),
    ]  # fmt: skip
    towns = place_names(one.version.division_path for one in rows)
    lines = (
        [
            one.version.unit.number, one.version.code, one.version.name, towns.get(one.version.division_path, ""),
            to_mu(one.version.area_m2), class_word(one.before), class_word(one.after), element_names(one.controlling),
        ]
        for one in rows
    )  # fmt: skip
    note = _("现在的设定：%(own)s。试算的设定：%(tried)s。试算不改变建议类别和现行类别。") % {
        "own": terms_told(held),
        "tried": terms_told(trial),
    }
    out = BytesIO()
    title = _("%(title)s试算：会变的单元") % {"title": held.title}
    write_xlsx([Sheet(_("会变的单元"), columns, lines, title=title, note=note)], out)
    return out.getvalue()


def _units(held: Classification, rows: Sequence[UnitProposal], note: str) -> Sheet:
    rules = ruleset_of(held.ruleset, held.switches)
    elements = [(slug, all_analytes()[slug].zh) for slug in rules.elements]
    towns, history = place_names(one.division_path for one in rows), _history([one.unit_id for one in rows])
    columns = [
        SheetColumn(_("乡镇（街道）"), 12), SheetColumn(_("坐落"), 16), SheetColumn(_("单元编号"), 20),
        SheetColumn(_("外部代码"), 16), SheetColumn(_("单元名称"), 20), SheetColumn(_("地类"), 8),
        SheetColumn(_("利用方式"), 8), SheetColumn(_("面积（亩）"), 10, numeric=True),
        SheetColumn(_("面积（m²）"), 12, numeric=True), SheetColumn(_("永久基本农田"), 8),
        SheetColumn(_("pH（最低—最高）"), 12),
        *(SheetColumn(_("%(name)s（最低—最高，mg/kg）") % {"name": name}, 14) for _slug, name in elements),
        *(SheetColumn(_("%(name)s类别") % {"name": name}, 8) for _slug, name in elements),
        SheetColumn(_("土壤点位数"), 8, numeric=True), SheetColumn(_("农产品点位数"), 8, numeric=True),
        *(SheetColumn(_("%(name)s（未超标/轻微/严重/无法评价）") % {"name": name}, 14) for _slug, name in elements),
        SheetColumn(_("土壤单独评价"), 12), SheetColumn(_("建议类别"), 12), SheetColumn(_("会审类别"), 12),
        SheetColumn(_("最终类别"), 12), SheetColumn(_("控制元素"), 12), SheetColumn(_("须划出的点位"), 16),
        SheetColumn(_("理由"), 50), SheetColumn(_("规则集"), 12), SheetColumn(_("批准文号"), 20),
        SheetColumn(_("批准日期"), 11), SheetColumn(_("类别沿革"), 40), SheetColumn(_("责任单位"), 14),
        SheetColumn(_("田长"), 10), SheetColumn(_("林长"), 10),
    ]  # fmt: skip

    approved = given(held)

    def lines() -> Iterator[Cells]:
        for one in rows:
            yield _unit(one, held, (towns.get(one.division_path, ""), history[one.unit_id]), approved)

    return Sheet(_("类别清单"), columns, lines(), title=_("%(title)s类别清单") % {"title": held.title}, note=note)


def _unit(
    one: UnitProposal, held: Classification, around: tuple[str, str], approved: Mapping[int, str] | None
) -> Cells:  # fmt: skip
    town, history = around
    version, rules = one.version, ruleset_of(held.ruleset, held.switches)
    told = explained(one.detail, rules)
    points, produce = one.detail.get("points", []), one.detail.get("produce", [])
    by_element = {each.element: each for each in told.elements}
    counts = [
        "/".join(
            str(n) for n in (joint.samples.within, joint.samples.light, joint.samples.severe, joint.samples.unknown)
        )
        if (joint := by_element[slug].joint)
        else ""
        for slug in rules.elements
    ]
    decision = held.decision if approved and one.unit_id in approved else None
    return [
        town, version.location, one.unit.number, version.code, version.name, version.get_ground_display(),
        version.get_use_display() if version.use else "", to_mu(version.area_m2), round(version.area_m2, 2), version.basic_farmland,
        _reach(each["ph"] for each in points),
        *(_values(points, slug) for slug in rules.elements),
        *(ROMAN[int(by_element[slug].grade or 0)] for slug in rules.elements),
        len(points), len(produce), *counts,
        class_word(one.soil_only), class_word(one.proposed), class_word(one.settled) if one.settled else "",
        _outcome(one, approved), element_names(one.controlling) if one.proposed == final(one) else "", "、".join(apart(one)),
        one.settled_why or told.message.sentence(language()), held.ruleset,
        decision.number if decision else "", decision.decided_on if decision else "", history,
        version.keeper.name, version.field_chief, version.forest_chief,
    ]  # fmt: skip


def _outcome(one: UnitProposal, approved: Mapping[int, str] | None) -> str:
    """The class a unit has by a classification, in words: that the province said nothing of it is told."""
    named = outcome(one, approved)
    return class_word(named) if named or approved is None else _("没有批准")


def _reach(numbers: Any) -> str:
    """Lowest and highest of some numbers; how many are missing is told."""
    held = list(numbers)
    known = [one for one in held if one is not None]
    parts = []
    if known:
        parts.append(f"{min(known):g}" if min(known) == max(known) else f"{min(known):g}—{max(known):g}")
    if len(known) < len(held):
        parts.append(_("%(n)d 个缺") % {"n": len(held) - len(known)})
    return _("；").join(parts)


def _values(points: Sequence[Mapping[str, Any]], slug: str) -> str:
    """Contents of an element in mg/kg, from the lowest; what is below its limit of detection says so."""
    told = (one["values"][slug] for one in points if slug in one["values"])
    printed = [in_mg_kg(one["printed"], one["unit"]) for one in told]
    known = sorted(printed, key=_magnitude)
    if not known:
        return ""
    return known[0] if known[0] == known[-1] else f"{known[0]}—{known[-1]}"


def _magnitude(printed: str) -> float:
    try:
        return float(printed.strip().lstrip("<＜>＞"))
    except ValueError:
        return float("inf")


def _points(held: Classification, rows: Sequence[UnitProposal], note: str) -> Sheet:
    """Every content of every point, with its limits and its grade."""
    columns = [
        SheetColumn(_("单元编号"), 20), SheetColumn(_("点位"), 18), SheetColumn(_("类型"), 8), SheetColumn(_("采样日期"), 11),
        SheetColumn("pH", 6, numeric=True), SheetColumn(_("农产品"), 10), SheetColumn(_("项目"), 10), SheetColumn(_("检测值"), 10),
        SheetColumn(_("单位"), 8), SheetColumn(_("筛选值或限量"), 10, numeric=True), SheetColumn(_("管制值"), 10, numeric=True),
        SheetColumn(_("结论"), 10),
    ]  # fmt: skip

    def lines() -> Iterator[Cells]:
        for one in rows:
            for point in one.detail.get("points", ()):
                for slug, value in point["values"].items():
                    told = [value["printed"], value["unit"], value["limit"], value["control"], ROMAN[value["grade"]]]
                    yield [
                        one.unit.number,
                        point["point"],
                        _("土壤"),
                        point["day"],
                        point["ph"],
                        "",
                        element_names(slug),
                        *told,
                    ]
            for point in one.detail.get("produce", ()):
                for value in point["values"].values():
                    told = [value["printed"], value["unit"], value["limit"], None, str(EXCESS[value["grade"]])]
                    said = [point["day"], None, point["crop"] or "", element_names(value["analyte"])]
                    yield [one.unit.number, point["point"], _("农产品"), *said, *told]

    return Sheet(_("点位和结果"), columns, lines(), title=_("%(title)s点位和结果") % {"title": held.title}, note=note)


def _households(held: Classification, rows: Sequence[UnitProposal], actor: Actor, note: str) -> Sheet:
    """Who tills the units 落地到户: internal."""
    columns = [
        SheetColumn(_("单元编号"), 20), SheetColumn(_("单元名称"), 20), SheetColumn(_("类别"), 12), SheetColumn(_("户主"), 10),
        SheetColumn(_("承包合同编号"), 18), SheetColumn(_("流转受让方"), 18), SheetColumn(_("面积（亩）"), 10, numeric=True),
        SheetColumn(_("起"), 11),
    ]  # fmt: skip
    by_unit = {one.unit_id: one for one in rows}
    standing_ = Q(until=None) | Q(until__gt=held.on)
    approved = given(held)
    told = Household.objects.visible_to(actor).filter(standing_, superseded_at=None, since__lte=held.on)

    def lines() -> Iterator[Cells]:
        for one in told.filter(unit__in=list(by_unit)).order_by("unit__number", "head"):
            of = by_unit[one.unit_id]
            said = [of.unit.number, of.version.name, _outcome(of, approved)]
            yield [*said, one.head, one.contract, one.transferee, to_mu(one.area_m2), one.since]

    title = _("%(title)s落地到户清单") % {"title": held.title}
    return Sheet(_("落地到户"), columns, lines(), title=title, note=_("内部资料，不得公开。") + note)


def _history(units: Sequence[int]) -> dict[int, str]:
    """The classes units had, the oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = UnitClass.objects.filter(superseded_at=None, unit__in=units).select_related("decision").order_by("since")
    for one in rows:
        found[one.unit_id].append(f"{one.since} {class_word(one.farmland_class)}（{one.decision.number}）")
    return defaultdict(str, {unit: "；".join(some) for unit, some in found.items()})
