"""What a risk report is made of: a run as plain data, the same from the desk's tables and from the command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soildesk.standards import riskwords

ZH = "zh"


@dataclass(frozen=True)
class RiskReport:
    """A run. `result` is Assessment.as_json("zh"), `basis` of `riskbasis`, `uncertainty` of `riskdraws` or None.

    `facts` are the lines about the site: (name, value). `unit` is the 编制单位, empty where it is filled in by hand.
    """

    title: str
    case: Mapping[str, Any]
    result: Mapping[str, Any]
    basis: Mapping[str, Any]
    computed: str
    facts: Sequence[tuple[str, str]] = ()
    unit: str = ""
    uncertainty: Mapping[str, Any] | None = None

    @property
    def assessed(self) -> list[tuple[str, Mapping[str, Any]]]:
        """(slug, result) of the substances the model was applied to."""
        return [(slug, row) for slug, row in self.result["substances"].items() if not row["refused"]]

    @property
    def refused(self) -> list[tuple[str, Mapping[str, Any]]]:
        """(slug, result) of the others."""
        return [(slug, row) for slug, row in self.result["substances"].items() if row["refused"]]

    @property
    def measured(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Those with a risk or a hazard quotient."""
        return [(slug, row) for slug, row in self.assessed if riskwords.has_values(row)]

    def given(self, slug: str) -> Mapping[str, Any]:
        """The concentrations of a substance as entered."""
        listed = self.case["substances"]
        return next((one for one in listed if one["slug"] == slug), {}) if not isinstance(listed, str) else {}

    def limit(self, slug: str, level: str) -> str:
        """Screening or control value of the standard, with a local one beside it."""
        found = [one for one in self.basis["limits"].get(slug, []) if one["level"] == level]
        shown = [riskwords.plain(one["value"]) + ("（地方）" if one["local"] else "") for one in found]
        return "\n".join(shown) or riskwords.NOTHING

    def acceptable(self, effect: str) -> float:
        """The acceptable level used."""
        key = "ACR" if effect == "risk" else "AHQ"
        return float(next(one["used"] for one in self.basis["parameters"] if one["key"] == key))

    def why_missing(self, slug: str, pathway: str) -> str:
        """Why a pathway has no value, each reason once."""
        reasons = self.basis["reasons"].get(slug, {})
        said = [reasons[effect][pathway][ZH] for effect in riskwords.EFFECTS if pathway in reasons.get(effect, {})]
        return "".join(dict.fromkeys(said))

    def changed(self) -> list[Mapping[str, Any]]:
        """The parameters whose default was changed."""
        return [one for one in self.basis["parameters"] if one["changed"]]

    def excluded(self) -> list[tuple[str, str]]:
        """(pathway, why it does not exist at the site)."""
        reasons = self.basis.get("excluded", {})
        return [(words[ZH], reasons[name]) for name, words in riskwords.PATHWAYS.items() if name in reasons]

    def partings(self) -> list[tuple[str, Mapping[str, Any], str]]:
        """(substance, figures, why) where control value and screening value part by the default parameters."""
        found = self.basis.get("partings", {})
        return [(row["name"], found[slug], found[slug]["why"][ZH]) for slug, row in self.assessed if slug in found]

    def caveats(self) -> Iterator[str]:
        """Everything that limits what the result may be used for, most important first."""
        weak = [one["name"][ZH] for one in self.basis["parameters"] if one["mark"] == "from-knowledge"]
        if weak:
            yield f"以下参数凭记忆录入，尚未核对标准原文，引用前应核对：{'、'.join(weak)}。"
        single = [row["name"] for _slug, row in self.assessed if row["mark"] == "single-sourced"]
        if single:
            yield f"毒性与理化参数录自单一来源，引用前应与标准附录核对：{'、'.join(single)}。"
        for note in self.basis["notes"]:
            yield note[ZH]
        for slug, row in self.result["substances"].items():
            for caveat in self.basis["caveats"].get(slug, []):
                yield f"{row['name']}：{caveat[ZH]}"
        yield "土壤饱和浓度 Csat 单独列出，不作为风险控制值的上限。"
        yield "没有给出浓度、缺少毒性或理化参数的途径不计入合计，也不视为无风险；结论据此可能为“不能判断”。"
        yield "风险控制值按土壤暴露途径（共六种，被排除的除外）合并计算；GB 36600 筛选值并列仅供对照，二者可能不同。"
