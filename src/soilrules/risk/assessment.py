"""Assess a case: risk and hazard quotient by pathway, control values, and what could not be said and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import soilrules
from soilrules.messages import Message
from soilrules.risk.case import Case, Concentrations
from soilrules.risk.model import ControlValues, Slopes, control_values, slopes
from soilrules.risk.parameters import Override, ParameterSet, Values, inconsistencies, resolve
from soilrules.risk.pathways import GROUNDWATER_PATHWAYS, PATHWAYS, SOIL_PATHWAYS, Medium, Pathway, Route
from soilrules.risk.substances import (
    Refusal,
    Substance,
    name_of,
    property_values,
    refusal,
    substance_table,
    substances,
)
from soilrules.risk.words import said
from soilrules.verdict import Mark

EFFECTS = ("risk", "hq")
TOXICITY = {
    ("risk", Route.ORAL): "SFo",
    ("risk", Route.DERMAL): "SFo",
    ("risk", Route.INHALATION): "IUR",
    ("hq", Route.ORAL): "RfDo",
    ("hq", Route.DERMAL): "RfDo",
    ("hq", Route.INHALATION): "RfC",
}
_VAPOUR_PROPERTIES = ("Da", "Dw")
_SKIN_PROPERTIES = ("ABSgi", "ABSd")
SOIL_MEDIA = (Medium.SURFACE, Medium.SUBSURFACE)
_LEAVES_OPEN = ("not_measured", "property_missing")  # a total without these pathways is no clearance
_ROUNDING = 1e-9  # a concentration at the control value is acceptable, whatever the last digit of the sum
_CONTROLS = ("rcvs", "hcvs", "control", "rcvg", "hcvg", "groundwater_control", "csat")


@dataclass(frozen=True, slots=True)
class SubstanceResult:
    """What the model says of one substance. None is "cannot say", never 0; `missing` tells why.

    risk and hq by pathway name; control values of soil in mg/kg, of groundwater in mg/L.
    """

    slug: str
    name: Mapping[str, str]
    mark: Mark
    risk: Mapping[str, float | None]
    hq: Mapping[str, float | None]
    missing: Mapping[str, Mapping[str, Message]]
    controls: Mapping[str, float | None]
    soil_protecting_groundwater: float | None
    protecting_basis: str | None
    refused: Message | None
    notes: tuple[Mapping[str, str], ...]
    warnings: tuple[Message, ...] = ()

    def total(self, effect: str, pathways: tuple[Pathway, ...] = PATHWAYS) -> float | None:
        """The sum of risk ("risk") or hazard quotient ("hq") over the pathways that were computed; None for none."""
        each = self.risk if effect == "risk" else self.hq
        known = [value for one in pathways if (value := each[one.name]) is not None]
        return math.fsum(known) if known else None

    def shares(self, effect: str) -> dict[str, float]:
        """The share of each computed pathway in the total (appendix D); empty for a total of 0 or None."""
        whole, each = self.total(effect), self.risk if effect == "risk" else self.hq
        return {name: value / whole for name, value in each.items() if value is not None} if whole else {}

    def outcome(self, values: Values, pathways: tuple[Pathway, ...]) -> str:
        """unacceptable, acceptable, unknown where a pathway was left open and the others stay within, or excluded.

        excluded: nothing is left to compute because pathways do not exist at the site. It is no clearance.
        """
        totals = [(self.total("risk", pathways), values["ACR"]), (self.total("hq", pathways), values["AHQ"])]
        if any(found is not None and found > limit * (1 + _ROUNDING) for found, limit in totals):
            return "unacceptable"
        open_ends = any(
            one.name in why and why[one.name].id in _LEAVES_OPEN for why in self.missing.values() for one in pathways
        )
        if open_ends:
            return "unknown"
        if any(found is not None for found, _ in totals):
            return "acceptable"
        return "excluded" if self._excludes(pathways) else "unknown"

    def _excludes(self, pathways: tuple[Pathway, ...]) -> bool:
        """Whether any of the pathways is left out because it does not exist at the site."""
        return any(
            one.name in why and why[one.name].id == "excluded" for why in self.missing.values() for one in pathways
        )

    def as_json(self, values: Values, language: str) -> dict[str, Any]:
        """One entry under "substances" of the JSON contract."""
        groups = {"soil": SOIL_PATHWAYS, "groundwater": GROUNDWATER_PATHWAYS}
        return {
            "name": self.name[language],
            "mark": str(self.mark),
            "risk": {**self.risk, "total": self.total("risk")},
            "hq": {**self.hq, "total": self.total("hq")},
            "totals": {
                name: {
                    **{effect: self.total(effect, pathways) for effect in EFFECTS},
                    "outcome": self.outcome(values, pathways),
                }
                for name, pathways in groups.items()
            },
            **self.controls,
            "soil_protecting_groundwater": self.soil_protecting_groundwater,
            "soil_protecting_groundwater_basis": self.protecting_basis,
            "missing": {
                effect: {name: said(why, language) for name, why in found.items()}
                for effect, found in self.missing.items()
            },
            "refused": said(self.refused, language) if self.refused else None,
            "refused_id": self.refused.id if self.refused else None,
            "caveats": [
                *(note[language] for note in self.notes),
                *(said(warning, language) for warning in self.warnings),
            ],
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """The results of a case with what they rest on: the set, the changes and their justification, every value used."""

    case: Case
    values: Values
    substances: Mapping[str, SubstanceResult]
    notes: tuple[Message, ...]
    version: str = field(default=soilrules.__version__)

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The contract of `soildesk risk --json`; sentences in `language`, None where a value is not defined."""
        chosen = self.case.chosen_set
        return {
            "version": self.version,
            "edition": chosen.edition,
            "land_class": self.case.land_class,
            "parameter_set": chosen.name,
            "parameter_set_lineage": list(chosen.lineage),
            "overrides": {key: self._override(chosen, key, one) for key, one in self.case.overrides.items()},
            "excluded": {name: {"because": because} for name, because in self.case.excluded.items()},
            "notes": [said(note, language) for note in self.notes],
            "marks": {
                "parameters": _by_mark(
                    {key: chosen.parameters[key].mark for key in self.values if key not in self.case.overrides}
                ),
                "substances": _by_mark({slug: one.mark for slug, one in self.substances.items()}),
            },
            "substances": {slug: one.as_json(self.values, language) for slug, one in self.substances.items()},
        }

    def _override(self, chosen: ParameterSet, key: str, override: Override) -> dict[str, Any]:
        default = resolve(chosen, land_class=self.case.land_class)[key]
        return {
            "value": float(override.value),
            "because": override.because,
            "default": float(default),
            "unit": chosen.parameters[key].unit,
        }


def _by_mark(marks: Mapping[str, Mark]) -> dict[str, list[str]]:
    grouped = defaultdict(list)
    for key, mark in marks.items():
        grouped[str(mark)].append(key)
    return dict(sorted(grouped.items()))


def assess(case: Case) -> Assessment:
    """Assess every substance of a case; raises CaseError for overrides that cannot be taken."""
    values = resolve(case.chosen_set, land_class=case.land_class, overrides=case.overrides)
    return Assessment(
        case=case,
        values=values,
        substances={one.slug: _assess_one(one, values, case) for one in case.substances},
        notes=tuple(Message("risk", "notes", name) for name in (*_incomparable(case), *inconsistencies(values))),
    )


def _incomparable(case: Case) -> Iterator[str]:
    """The note that control values without some soil pathway are none to hold against screening values."""
    if any(pathway.name in case.excluded for pathway in SOIL_PATHWAYS):
        yield "not_comparable"


def _assess_one(measured: Concentrations, values: Values, case: Case) -> SubstanceResult:
    if refused := refusal(measured.slug):
        return _refused(refused)
    substance = substances()[measured.slug]
    s = property_values(substance)
    each = slopes(values, s, land_class=case.land_class, excluded=case.excluded)
    control = control_values(values, s, each)
    protecting, basis = _protecting(measured, control)
    controls = {name: _number(getattr(control, name)) for name in _CONTROLS}
    return SubstanceResult(
        slug=substance.slug,
        name=substance.name,
        mark=substance.mark,
        **_by_pathway(substance, measured, each, case.excluded),
        controls=controls,
        soil_protecting_groundwater=protecting,
        protecting_basis=basis,
        refused=None,
        notes=(substance.note,) if substance.note else (),
        warnings=tuple(_above_saturation(measured, controls)),
    )


def _by_pathway(
    substance: Substance, measured: Concentrations, each: Slopes, excluded: Mapping[str, str]
) -> dict[str, Any]:
    """risk, hq and missing of one substance."""
    found: dict[str, Any] = {"risk": {}, "hq": {}, "missing": {"risk": {}, "hq": {}}}
    for effect, per_unit in (("risk", each.risk), ("hq", each.hq)):
        for pathway in PATHWAYS:
            concentration: float | None = getattr(measured, pathway.medium)
            why = (
                _reason("excluded", because=excluded[pathway.name].strip())
                if pathway.name in excluded
                else _why_missing(substance, pathway, effect, concentration)
            )
            if why or concentration is None:
                found[effect][pathway.name], found["missing"][effect][pathway.name] = None, why
            else:
                found[effect][pathway.name] = float(per_unit[pathway.name]) * concentration
    return found


def _why_missing(substance: Substance, pathway: Pathway, effect: str, concentration: float | None) -> Message | None:
    """Why a pathway has no value; None where it has one."""
    toxicity = TOXICITY[effect, pathway.route]
    if toxicity not in substance.values:
        return _reason("toxicity_missing", property=toxicity)
    if pathway.vapour and not substance.volatile:
        return _reason("not_volatile")
    needed = _VAPOUR_PROPERTIES if pathway.vapour else _SKIN_PROPERTIES if pathway.route is Route.DERMAL else ()
    absent = [key for key in needed if key not in substance.values]
    if pathway.vapour and pathway.from_soil and not {"Koc", "Kd"} & set(substance.values):
        absent.append("Koc")
    if absent:
        return _reason("property_missing", property=", ".join(absent))
    return _reason("not_measured", medium=str(pathway.medium)) if concentration is None else None


def _reason(message_id: str, **params: str) -> Message:
    return Message("risk", "missing", message_id, params)


def _protecting(measured: Concentrations, control: ControlValues) -> tuple[float | None, str | None]:
    """The soil value that keeps groundwater at its target, and what the target rests on."""
    target, basis = measured.groundwater_target_mg_l, "groundwater_target_mg_l"
    if target is None:
        target, basis = _number(control.groundwater_control), "groundwater_control"
    per_target = _number(control.soil_per_groundwater)
    return (None, None) if target is None or per_target is None else (target * per_target, basis)


def _above_saturation(measured: Concentrations, controls: Mapping[str, float | None]) -> Iterator[Message]:
    """Soil values above saturation: there the substance is a phase of its own, which the formulas do not describe."""
    soil = {"control": controls["control"], **{str(key): getattr(measured, key) for key in SOIL_MEDIA}}
    csat = controls["csat"]
    for name, value in soil.items():
        if value is not None and csat is not None and value > csat:
            yield Message("risk", "notes", "above_saturation", {"quantity": name, "csat": f"{csat:.3g}"})


def _number(value: object) -> float | None:
    """A computed value as float; NaN is None."""
    found = float(np.asarray(value))
    return found if math.isfinite(found) else None


def _refused(why: Refusal) -> SubstanceResult:
    """The result of a substance the model is not applied to: nothing computed, the reason said."""
    nothing = {pathway.name: None for pathway in PATHWAYS}
    note = substances()[why.slug].note if why.slug in substances() else None
    params = {"others": ", ".join(why.others), "edition": substance_table().edition}
    return SubstanceResult(
        slug=why.slug,
        name=name_of(why.slug),
        mark=why.mark,
        risk=nothing,
        hq=nothing,
        missing={effect: {} for effect in EFFECTS},
        controls=dict.fromkeys(_CONTROLS),
        soil_protecting_groundwater=None,
        protecting_basis=None,
        refused=Message("risk", "refusals", why.reason, params),
        notes=(note,) if note else (),
    )
