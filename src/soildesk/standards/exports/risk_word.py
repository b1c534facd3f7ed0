"""The risk report as a Word file an expert signs: basis, every parameter, toxicity, results, control values, limits of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docx.document import Document

from soildesk.kit import word
from soildesk.kit.word import Strong, WordColumn
from soildesk.standards import riskwords
from soildesk.standards.exports.risk_report import ZH, RiskReport
from soildesk.standards.riskwords import figure, percent, plain

C = WordColumn
PAIR = (C("", 24), C("", 76))
SUMMARY = (C("污染物", 16), C("表层土壤\nmg/kg", 10, True), C("下层土壤\nmg/kg", 10, True), C("地下水\nmg/L", 10, True),
           C("致癌风险\n土壤", 11, True), C("危害商\n土壤", 10, True), C("致癌风险\n地下水", 11, True), C("危害商\n地下水", 10, True),
           C("结论", 12, True))  # fmt: skip
BY_PATHWAY = (C("暴露途径", 34), C("致癌风险", 12, True), C("贡献率", 9, True), C("危害商", 12, True), C("贡献率", 9, True),
              C("未计算的原因", 24))  # fmt: skip
CONTROLS = (C("污染物", 18), C("RCVS", 11, True), C("HCVS", 11, True), C("风险控制值", 12, True), C("饱和浓度 Csat", 12, True),
            C("GB 36600\n筛选值", 12, True), C("GB 36600\n管制值", 12, True), C("保护地下水\n的土壤值", 12, True))  # fmt: skip
WATER = (C("污染物", 34), C("基于致癌效应", 22, True), C("基于非致癌效应", 22, True), C("地下水风险控制值", 22, True))
PARAMETERS = (
    C("符号", 11),
    C("参数", 27),
    C("单位", 11, True),
    C("推荐值", 11, True),
    C("取值", 11, True),
    C("取值依据", 29),
)
TOXICITY = (C("参数", 44), C("符号", 12, True), C("取值", 18, True), C("单位", 26, True))
EXCLUDED = (C("排除的暴露途径", 40), C("场地上没有该途径的理由", 60))
PARTINGS = (
    C("污染物", 22),
    C("控制值\nmg/kg", 12, True),
    C("筛选值\nmg/kg", 12, True),
    C("比值", 10, True),
    C("不同的原因", 44),
)
REFUSED = (C("污染物", 22), C("未评估的原因", 78))
PERCENTILES = (C("污染物", 18), C("结果", 22), C("P5", 12, True), C("P25", 12, True), C("P50", 12, True), C("P75", 12, True), C("P95", 12, True))  # fmt: skip
SIGNATURES = (C("", 16), C("", 34), C("", 16), C("", 34))


def risk_docx(report: RiskReport) -> bytes:
    """The report as .docx, A4."""
    document = word.a4()
    word.paragraph(document, "建设用地土壤污染风险评估计算书", word.TITLE)
    word.paragraph(document, report.title, word.SUBTITLE)
    parts = (
        _basics,
        _excluded,
        _summary,
        _pathways,
        _controls,
        _uncertainty,
        _parameters,
        _toxicity,
        _refused,
        _caveats,
        _sign,
    )
    number = 0
    for part in parts:
        number += part(document, report, f"{_numeral(number + 1)}、")
    return word.saved(document)


def _numeral(number: int) -> str:
    digits = "一二三四五六七八九十"
    return digits[number - 1] if number <= len(digits) else "十" + digits[number - 11]


def _basics(document: Document, report: RiskReport, number: str) -> bool:
    chosen = report.basis["set"]
    word.paragraph(document, f"{number}基本情况与评估依据", word.HEADING)
    rows = [
        *report.facts,
        ("用地类别", f"第{'一' if report.result['land_class'] == 1 else '二'}类用地"),
        ("评估方法", f"{report.result['edition']}《建设用地土壤污染风险评估技术导则》"),
        ("暴露与迁移参数", f"{chosen['title'][ZH]}，改动 {len(report.changed())} 项（见参数表）"),
        ("毒性与理化参数", f"{chosen['toxicity'].partition(' (')[0]} 附录 B（录入来源见末节）"),
        ("暴露途径", _pathway_count(report)),
        (
            "可接受水平",
            f"单一污染物致癌风险 {figure(report.acceptable('risk'))}，危害商 {figure(report.acceptable('hq'))}",
        ),
        ("对照标准", f"GB 36600（{report.basis['on']} 有效的版本）"),
        ("计算", f"净土台 soilrules {report.result['version']}，{report.computed}"),
    ]
    word.table(document, PAIR, [(name, value) for name, value in rows])
    return True


def _pathway_count(report: RiskReport) -> str:
    left_out = len(report.excluded())
    return f"九种途径中排除 {left_out} 种，理由见下节" if left_out else "九种途径"


def _excluded(document: Document, report: RiskReport, number: str) -> bool:
    if not report.excluded():
        return False
    word.paragraph(document, f"{number}排除的暴露途径", word.HEADING)
    word.table(document, EXCLUDED, report.excluded())
    word.paragraph(document, "排除的途径不计入合计和风险控制值；其余途径都已考虑。", word.NOTE)
    return True


def _summary(document: Document, report: RiskReport, number: str) -> bool:
    if not report.measured:
        return False
    word.paragraph(document, f"{number}评估结果", word.HEADING)
    rows = [_summary_row(report, slug, row) for slug, row in report.result["substances"].items()]
    word.table(document, SUMMARY, rows)
    word.paragraph(
        document, "合计为已计算途径之和；粗体为超过可接受水平。“—”表示没有给出或不能计算，不是 0。", word.NOTE
    )
    return True


def _summary_row(report: RiskReport, slug: str, row: Mapping[str, Any]) -> list[str]:
    given, totals = report.given(slug), row["totals"]
    shown = [
        _over(report, effect, totals[where][effect])
        for where in ("soil", "groundwater")
        for effect in riskwords.EFFECTS
    ]
    outcome = "未评估" if row["refused"] else riskwords.OUTCOMES[riskwords.outcome_of(row)][ZH]
    return [row["name"], *(plain(given.get(key)) for key in riskwords.MEDIA), *shown, outcome]


def _over(report: RiskReport, effect: str, value: float | None) -> str:
    """A total, bold where it is above the acceptable level."""
    above = value is not None and value > report.acceptable(effect) * (1 + 1e-9)
    return Strong(figure(value)) if above else figure(value)


def _pathways(document: Document, report: RiskReport, number: str) -> bool:
    if not report.measured:
        return False
    word.paragraph(document, f"{number}各暴露途径的风险与危害", word.HEADING)
    for at, (slug, row) in enumerate(report.measured, start=1):
        word.paragraph(document, f"（{at}）{row['name']}", word.SUBHEADING)
        word.table(document, BY_PATHWAY, [*_pathway_rows(report, slug, row), _total_row(report, row)])
    return True


def _pathway_rows(report: RiskReport, slug: str, row: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            words[ZH],
            figure(row["risk"][name]),
            _share(row, "risk", name),
            figure(row["hq"][name]),
            _share(row, "hq", name),
            report.why_missing(slug, name),
        ]
        for name, words in riskwords.PATHWAYS.items()
    ]


def _share(row: Mapping[str, Any], effect: str, name: str) -> str:
    part, whole = row[effect][name], row[effect]["total"]
    return percent(part / whole) if part is not None and whole else riskwords.NOTHING


def _total_row(report: RiskReport, row: Mapping[str, Any]) -> list[str]:
    risk, hq = (_over(report, effect, row[effect]["total"]) for effect in riskwords.EFFECTS)
    return [Strong("合计"), risk, "", hq, "", ""]


def _controls(document: Document, report: RiskReport, number: str) -> bool:
    word.paragraph(document, f"{number}风险控制值", word.HEADING)
    rows = [
        [
            row["name"],
            *(figure(row[key]) for key in riskwords.CONTROLS),
            report.limit(slug, "screening"),
            report.limit(slug, "control"),
            figure(row["soil_protecting_groundwater"]),
        ]
        for slug, row in report.result["substances"].items()
    ]
    word.table(document, CONTROLS, rows)
    word.paragraph(
        document, "单位 mg/kg。按单一污染物可接受水平反推，合并六种土壤暴露途径（被排除的除外）。", word.NOTE
    )
    _partings(document, report)
    water = [[row["name"], *(figure(row[key]) for key in ("rcvg", "hcvg", "groundwater_control"))]
             for _slug, row in report.assessed if row["groundwater_control"] is not None]  # fmt: skip
    if water:
        word.paragraph(document, "地下水风险控制值（mg/L）", word.SUBHEADING)
        word.table(document, WATER, water)
    return True


def _partings(document: Document, report: RiskReport) -> None:
    """Where formula and statute part, which is the formula's and not the site's doing."""
    rows = [
        [name, figure(one["control"]), plain(one["screening"]), figure(one["ratio"]), why]
        for name, one, why in report.partings()
    ]
    if rows:
        word.paragraph(document, "按推荐参数，控制值与 GB 36600 筛选值相差 5% 以上的污染物", word.SUBHEADING)
        word.table(document, PARTINGS, rows)


def _uncertainty(document: Document, report: RiskReport, number: str) -> bool:
    found = report.uncertainty
    if not found:
        return False
    word.paragraph(document, f"{number}不确定性分析", word.HEADING)
    sampler = riskwords.SAMPLERS[found["sampler"]][ZH]
    word.paragraph(document, f"{sampler}抽样 {found['draws']} 次，随机种子 {found['seed']}（{found['generator']}）。")
    for name, because in found["reasons"].items():
        word.paragraph(document, f"{_input_name(report, name)}：{because}", word.NOTE)
    rows = [_percentile_row(report, slug, quantity, one)
            for slug, each in found["substances"].items() for quantity, one in each.items() if one]  # fmt: skip
    word.table(document, PERCENTILES, rows)
    return True


def _percentile_row(report: RiskReport, slug: str, quantity: str, one: Mapping[str, Any]) -> list[str]:
    name = report.result["substances"][slug]["name"]
    return [name, riskwords.QUANTITIES[quantity][ZH], *(figure(each["value"]) for each in one["percentiles"])]


def _input_name(report: RiskReport, name: str) -> str:
    """A drawn input in words."""
    slug, _, key = name.partition(".")
    if not key:
        return next((one["name"][ZH] for one in report.basis["parameters"] if one["key"] == name), name)
    named = riskwords.MEDIA.get(key, {}).get(ZH) or report.basis["properties"].get(key, {}).get("name", {}).get(ZH, key)
    return f"{report.result['substances'].get(slug, {}).get('name', slug)} {named}"


def _parameters(document: Document, report: RiskReport, number: str) -> bool:
    word.paragraph(document, f"{number}参数取值", word.HEADING)
    rows = [_parameter_row(one, report.result["edition"]) for one in report.basis["parameters"]]
    word.table(document, PARAMETERS, rows)
    word.paragraph(
        document,
        "粗体为改动推荐值的参数；“推导”为由其他参数计算。附录号指评估方法标准的附录，方括号内为录入来源编号，见末节。",
        word.NOTE,
    )
    return True


def _parameter_row(one: Mapping[str, Any], edition: str) -> list[str]:
    default = "推导" if one["default"] is None or one["derived"] else plain(one["default"])
    used = figure(one["used"]) if one["derived"] else plain(one["used"])
    if one["changed"]:
        return [
            Strong(one["symbol"]),
            Strong(one["name"][ZH]),
            one["unit"],
            default,
            Strong(used),
            Strong(one["because"]),
        ]
    doubt = "（待核对）" if one["mark"] == "from-knowledge" else ""
    source = one["source"].replace(f" {one['symbol']};", ";").removeprefix(f"{edition} ")
    return [one["symbol"], one["name"][ZH], one["unit"], default, used, f"{source}{doubt}"]


def _toxicity(document: Document, report: RiskReport, number: str) -> bool:
    if not report.assessed:
        return False
    word.paragraph(document, f"{number}污染物毒性与理化参数", word.HEADING)
    properties = report.basis["properties"]
    for at, (slug, row) in enumerate(report.assessed, start=1):
        held = report.basis["substances"][slug]
        cas = f"（CAS {held['cas']}）" if held["cas"] else ""
        word.paragraph(document, f"（{at}）{row['name']}{cas}", word.SUBHEADING)
        rows = [
            (properties[key]["name"][ZH], key, plain(value), properties[key]["unit"])
            for key, value in held["values"].items()
        ]
        word.table(document, TOXICITY, rows)
        word.paragraph(
            document,
            f"来源：{held['source']}；{riskwords.MARKS[held['mark']][ZH]}。未列出的参数表中没有，按未知处理。",
            word.NOTE,
        )
    return True


def _refused(document: Document, report: RiskReport, number: str) -> bool:
    if not report.refused:
        return False
    word.paragraph(document, f"{number}未评估的污染物", word.HEADING)
    rows = [(row["name"], report.basis["refused"][slug][ZH]) for slug, row in report.refused]
    word.table(document, REFUSED, rows)
    return True


def _caveats(document: Document, report: RiskReport, number: str) -> bool:
    word.paragraph(document, f"{number}说明与适用限制", word.HEADING)
    for at, caveat in enumerate(report.caveats(), start=1):
        word.paragraph(document, f"{at}. {caveat}")
    sources: Mapping[str, str] = report.basis["sources"]
    if sources:
        word.paragraph(document, "录入来源", word.SUBHEADING)
        for tag, text in sources.items():
            word.paragraph(document, f"[{tag}] {text}", word.NOTE)
    return True


def _sign(document: Document, report: RiskReport, number: str) -> bool:
    word.paragraph(document, f"{number}编制与审核", word.HEADING)
    rows: Sequence[Sequence[str]] = (
        ("编制单位\n（盖章）", f"\n{report.unit}\n", "报告日期", "　　　　年　　月　　日"),
        ("编制人", "\n", "校核人", "\n"),
        ("审核人", "\n", "技术负责人", "\n"),
    )
    word.table(document, SIGNATURES, rows)
    return True
