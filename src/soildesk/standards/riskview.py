"""How a run is shown: chips, the table of pathways and substances, control values, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from soildesk.kit.parts import Chip, Tone
from soildesk.standards import riskwords
from soildesk.standards.models import RiskRun
from soildesk.standards.refusals import language
from soildesk.standards.riskdrawing import Lane, SiteModel, lanes_of
from soildesk.standards.riskwords import figure, percent, plain
from soilrules.risk import parameter_sets

TONES: Mapping[str, Tone] = {"unacceptable": "bad", "unknown": "unknown", "acceptable": "good", "excluded": "calm"}
WHERE = ("soil", "groundwater")


def outcome_chip(outcome: str, why: str = "") -> Chip:
    """A verdict: colour, word and icon."""
    return Chip(TONES[outcome], riskwords.OUTCOMES[outcome][language()], why=why)


def mark_chip(mark: str) -> Chip | None:
    """How sure a figure is; nothing where two sources agree."""
    if mark == "double-sourced":
        return None
    tone: Tone = "warn" if mark == "from-knowledge" else "calm"
    return Chip(tone, riskwords.MARKS[mark][language()])


def changes_of(run: RiskRun) -> str:
    """What a run's input changed, in short."""
    known = parameter_sets()[run.parameter_set].parameters if run.parameter_set in parameter_sets() else {}
    named = [
        f"{known[key].symbol if key in known else key} {plain(one['value'])}"
        for key, one in run.input["overrides"].items()
    ]
    excluded = [
        _("排除%(name)s") % {"name": riskwords.SHORT[name][language()]} for name in run.input.get("excluded", {})
    ]
    return "、".join(named + excluded)


@dataclass(frozen=True)
class Cell:
    """One risk or hazard quotient: the figure, its share of the total, its tone, why it is missing."""

    shown: str
    share: str
    tone: str
    why: str


@dataclass(frozen=True)
class SubstanceView:
    """One substance of a run for one effect."""

    slug: str
    row: Mapping[str, Any]
    basis: Mapping[str, Any]
    acceptable: Mapping[str, float]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.row["name"])

    @property
    def refused(self) -> str:
        """Why it is not assessed; empty where it is."""
        return str(self.basis["refused"][self.slug][language()]) if self.slug in self.basis["refused"] else ""

    @property
    def reasons(self) -> Mapping[str, Any]:
        """Why pathways are missing, by effect and pathway."""
        found: Mapping[str, Any] = self.basis["reasons"].get(self.slug, {})
        return found

    @property
    def excluded(self) -> Mapping[str, str]:
        """Why pathways do not exist at the site, by their name."""
        found: Mapping[str, str] = self.basis.get("excluded", {})
        return found

    def lanes(self, effect: str) -> tuple[Lane, ...]:
        """Its nine pathways."""
        return lanes_of(self.row, self.reasons, effect, self.acceptable[effect], self.excluded)

    def cells(self, effect: str) -> list[Cell]:
        """Its nine pathways as cells."""
        return [
            Cell(
                _("排除") if one.is_excluded else figure(one.value),
                percent(one.share) if one.share else "",
                one.tone,
                one.why,
            )
            for one in self.lanes(effect)
        ]

    def totals(self, effect: str) -> list[tuple[str, str]]:
        """(figure, tone) of soil and groundwater."""
        return [self._total(effect, where) for where in WHERE]

    def _total(self, effect: str, where: str) -> tuple[str, str]:
        value = self.row["totals"][where][effect]
        over = value is not None and value > self.acceptable[effect] * (1 + 1e-9)
        return figure(value), "bad" if over else "unknown" if value is None else "calm"

    @property
    def chip(self) -> Chip:
        """Its verdict over both effects and all media."""
        return outcome_chip(riskwords.outcome_of(self.row), self.why)

    @cached_property
    def verdicts(self) -> list[tuple[str, Chip]]:
        """(medium, verdict): soil and groundwater apart."""
        words = {"soil": _("土壤"), "groundwater": _("地下水")}
        return [(words[where], outcome_chip(self.row["totals"][where]["outcome"])) for where in WHERE]

    @cached_property
    def gravity(self) -> float:
        """How many times the acceptable level its worst total is; for choosing what to draw first."""
        found = [(self.row[effect]["total"] or 0.0) / self.acceptable[effect] for effect in riskwords.EFFECTS]
        return max(found)

    @cached_property
    def why(self) -> str:
        """The sentence behind the verdict."""
        if self.refused:
            return self.refused
        said = [one for where in WHERE for effect in riskwords.EFFECTS if (one := self._over(where, effect))]
        if said:
            return "；".join(said) + "。"
        left = self._left_open()
        if riskwords.outcome_of(self.row) == "unknown":
            return _("已计算的途径没有超过可接受水平，但有途径不能计算：%(left)s") % {"left": left}
        if self.excluded:
            return _("没有排除的途径都已计算，风险和危害商都不高于可接受水平。")
        return _("各途径都已计算，风险和危害商都不高于可接受水平。")

    def _over(self, where: str, effect: str) -> str:
        """That a total is above the acceptable level, and which pathway makes most of it."""
        value = self.row["totals"][where][effect]
        if value is None or value <= self.acceptable[effect] * (1 + 1e-9):
            return ""
        names = riskwords.SOIL_PATHWAYS if where == "soil" else riskwords.GROUNDWATER_PATHWAYS
        parts = {name: self.row[effect][name] or 0.0 for name in names}
        most = max(parts, key=lambda name: parts[name])
        return _("%(where)s途径的%(effect)s %(value)s，高于可接受水平 %(limit)s，其中%(most)s占 %(share)s") % {
            "where": dict(zip(WHERE, (_("土壤"), _("地下水")), strict=True))[where],
            "effect": riskwords.EFFECTS[effect][language()],
            "value": figure(value),
            "limit": figure(self.acceptable[effect]),
            "most": riskwords.SHORT[most][language()],
            "share": percent(parts[most] / value),
        }

    def _left_open(self) -> str:
        said = [
            why[language()]
            for found in self.reasons.values()
            for name, why in found.items()
            if name not in self.excluded
        ]
        return "".join(dict.fromkeys(said)) or _("没有给出浓度。")

    @property
    def parting(self) -> str:
        """Why its control value and the screening value part by the default parameters; empty where they meet."""
        found = self.basis.get("partings", {}).get(self.slug)
        if not found:
            return ""
        return _("按推荐参数为筛选值的 %(ratio)s 倍。%(why)s") % {
            "ratio": figure(found["ratio"]),
            "why": found["why"][language()],
        }

    @property
    def controls(self) -> list[str]:
        """RCVS, HCVS, control value and Csat."""
        return [figure(self.row[key]) for key in riskwords.CONTROLS]

    @property
    def limits(self) -> list[tuple[str, str]]:
        """(figure, basis) of the screening and the control value of the standard."""
        return [self._limit(level) for level in ("screening", "control")]

    def _limit(self, level: str) -> tuple[str, str]:
        found = [one for one in self.basis["limits"].get(self.slug, []) if one["level"] == level]
        return " / ".join(plain(one["value"]) for one in found) or riskwords.NOTHING, "；".join(
            one["basis"] for one in found
        )

    @property
    def protecting(self) -> str:
        """The soil value that protects groundwater."""
        return figure(self.row["soil_protecting_groundwater"])

    @property
    def groundwater_control(self) -> str:
        """The control value of groundwater, mg/L."""
        return figure(self.row["groundwater_control"])

    @property
    def mark(self) -> Chip | None:
        """How sure its toxicity is."""
        return mark_chip(str(self.row["mark"]))

    @property
    def caveats(self) -> list[str]:
        """What limits its result."""
        return [one[language()] for one in self.basis["caveats"].get(self.slug, [])]

    @property
    def toxicity(self) -> list[tuple[str, str, str, str]]:
        """(name, key, value, unit) of what the table holds of it."""
        held, properties = self.basis["substances"].get(self.slug) or {}, self.basis["properties"]
        return [
            (properties[key]["name"][language()], key, plain(value), properties[key]["unit"])
            for key, value in held.get("values", {}).items()
        ]

    @property
    def source(self) -> str:
        """Where its figures were read."""
        return str((self.basis["substances"].get(self.slug) or {}).get("source", ""))


@dataclass(frozen=True)
class RunView:
    """A run as its page shows it."""

    run: RiskRun

    @property
    def result(self) -> Mapping[str, Any]:
        """The result in the language of the page."""
        found: Mapping[str, Any] = self.run.result_en if language() == "en" else self.run.result
        return found

    @cached_property
    def parameters(self) -> Mapping[str, Mapping[str, Any]]:
        """The parameters used, by key."""
        return {one["key"]: one for one in self.run.basis["parameters"]}

    @cached_property
    def acceptable(self) -> dict[str, float]:
        """The acceptable level of each effect."""
        return {"risk": self.parameters["ACR"]["used"], "hq": self.parameters["AHQ"]["used"]}

    @cached_property
    def substances(self) -> list[SubstanceView]:
        """Its substances, the gravest first."""
        views = [
            SubstanceView(slug, row, self.run.basis, self.acceptable) for slug, row in self.result["substances"].items()
        ]
        return sorted(views, key=lambda one: -one.gravity)

    @property
    def assessed(self) -> list[SubstanceView]:
        """Those the model was applied to."""
        return [one for one in self.substances if not one.refused]

    @property
    def refused(self) -> list[SubstanceView]:
        """Those it was not."""
        return [one for one in self.substances if one.refused]

    def drawn(self, slug: str) -> SubstanceView | None:
        """The substance asked for, else the gravest."""
        return next((one for one in self.assessed if one.slug == slug), self.assessed[0] if self.assessed else None)

    def drawing(self, one: SubstanceView, effect: str) -> SiteModel:
        """The conceptual site model of one substance for one effect."""
        depths = {key: self.parameters[key]["used"] for key in ("d", "dsub", "Lgw")}
        title = _("%(name)s的%(effect)s：概念模型与九种暴露途径") % {
            "name": one.name,
            "effect": riskwords.EFFECTS[effect][language()],
        }
        return SiteModel(title, one.lanes(effect), self.run.land_class, depths)

    @property
    def changed(self) -> Iterator[Mapping[str, Any]]:
        """The parameters whose default was changed, as the page shows them."""
        for one in self.run.basis["parameters"]:
            if one["changed"]:
                yield _shown(one)

    @property
    def groups(self) -> dict[str, list[Mapping[str, Any]]]:
        """All parameters by group."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for one in self.run.basis["parameters"]:
            found.setdefault(group_name(one["group"]), []).append(_shown(one))
        return found

    @property
    def weak(self) -> str:
        """The parameters that are from knowledge."""
        weak = [one["name"][language()] for one in self.parameters.values() if one["mark"] == "from-knowledge"]
        return "、".join(weak)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """(how sure, names) of the toxicity used, where less than two sources agree."""
        found: dict[str, list[str]] = {}
        for one in self.assessed:
            found.setdefault(str(one.row["mark"]), []).append(one.name)
        return [
            (riskwords.MARKS[mark][language()], "、".join(names))
            for mark, names in found.items()
            if mark != "double-sourced"
        ]

    @property
    def excluded(self) -> list[tuple[str, str]]:
        """(pathway, why it does not exist at the site)."""
        reasons = self.run.basis.get("excluded", {})
        return [(words[language()], reasons[name]) for name, words in riskwords.PATHWAYS.items() if name in reasons]

    @property
    def excludes_soil(self) -> bool:
        """Whether a soil pathway is excluded, so that control values are not comparable with screening values."""
        return any(name in self.run.basis.get("excluded", {}) for name in riskwords.SOIL_PATHWAYS)

    @property
    def parted(self) -> bool:
        """Whether any control value parts from its screening value by the default parameters."""
        return bool(self.run.basis.get("partings"))

    @property
    def unmeasured(self) -> list[tuple[str, str]]:
        """(medium, names) of what was not given: the next thing to measure, where a pathway begins there."""
        given = {one["slug"]: one for one in self.run.input["substances"]}
        excluded = self.run.basis.get("excluded", {})
        needed = {medium for name, medium in riskwords.MEDIUM_OF.items() if name not in excluded}
        found = []
        for medium, words in riskwords.MEDIA.items():
            if medium not in needed:
                continue
            names = [one.name for one in self.assessed if given[one.slug].get(medium) is None]
            if names:
                found.append((words[language()], "、".join(names)))
        return found

    @property
    def above(self) -> str:
        """The substances whose soil or groundwater is not acceptable."""
        return "、".join(one.name for one in self.assessed if riskwords.outcome_of(one.row) == "unacceptable")

    @property
    def notes(self) -> list[str]:
        """Remarks on the whole case."""
        return [one[language()] for one in self.run.basis["notes"]]


def group_name(group: str) -> str:
    """The name of a group of parameters."""
    return {
        "污染区参数": _("污染区参数"),
        "土壤/空气参数": _("土壤和空气参数"),
        "建筑物参数": _("建筑物参数"),
        "暴露参数": _("暴露参数"),
    }.get(group, group)


def _shown(one: Mapping[str, Any]) -> Mapping[str, Any]:
    default = _("推导") if one["default"] is None or one["derived"] else plain(one["default"])
    used = figure(one["used"]) if one["derived"] else plain(one["used"])
    return {**one, "title": one["name"][language()], "default": default, "used": used, "mark": mark_chip(one["mark"])}
