"""What holds for the risk model whatever the numbers are, and that scalars and arrays are one and the same code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.risk import PATHWAYS, Case, Concentrations, Override, assess, parameter_sets, read_case
from soilrules.risk import assessment as assessment_module
from soilrules.risk.model import control_values, slopes
from soilrules.risk.parameters import resolve
from soilrules.risk.pathways import GROUNDWATER_PATHWAYS, SOIL_PATHWAYS
from soilrules.risk.substances import properties_of, property_values, refusal, substances
from soilrules.risk.transport import into_building, partition, vapour_factors

ASSESSED = sorted(slug for slug in substances() if refusal(slug) is None)
CLASSES = st.sampled_from([1, 2])
SLUGS = st.sampled_from(ASSESSED)
VOLATILE = st.sampled_from([slug for slug in ASSESSED if substances()[slug].volatile])
NATIONAL = parameter_sets()["hj25.3-2019"]
QUICK = settings(max_examples=40, deadline=None)
EXCLUDED = st.sets(st.sampled_from([one.name for one in PATHWAYS])).filter(
    lambda names: not {one.name for one in SOIL_PATHWAYS} <= names
)
MEASURED = {"surface_mg_kg": 1.0, "subsurface_mg_kg": 2.0, "groundwater_mg_l": 3.0}


def case_of(slug: str, land_class: int, **measured: float) -> Case:
    """A case of one substance with the parameters of the standard."""
    return Case(land_class, (Concentrations(slug, **measured),))


def result_of(case: Case) -> Any:
    """The result of the only substance of a case."""
    return next(iter(assess(case).substances.values()))


@QUICK
@given(SLUGS, CLASSES, st.floats(1e-6, 1e6), st.floats(1e-3, 1e3))
def test_risk_is_linear_in_the_concentration(slug: str, land_class: int, concentration: float, times: float) -> None:
    names = ("surface_mg_kg", "subsurface_mg_kg", "groundwater_mg_l")
    once = result_of(case_of(slug, land_class, **dict.fromkeys(names, concentration)))
    more = result_of(case_of(slug, land_class, **dict.fromkeys(names, concentration * times)))
    for effect in ("risk", "hq"):
        if (total := once.total(effect)) is not None:
            assert more.total(effect) == pytest.approx(total * times, rel=1e-9)


def without(case: Case, names: set[str]) -> Case:
    """The case with these pathways excluded."""
    return replace(case, excluded=dict.fromkeys(names, "not at this site"))


@QUICK
@given(SLUGS, CLASSES, EXCLUDED)
def test_an_excluded_pathway_is_taken_out_and_nothing_else_moves(
    slug: str, land_class: int, excluded: set[str]
) -> None:
    case = case_of(slug, land_class, **MEASURED)
    whole, rest = result_of(case), result_of(without(case, excluded))
    for effect, found, before in (("risk", rest.risk, whole.risk), ("hq", rest.hq, whole.hq)):
        assert found == {name: None if name in excluded else value for name, value in before.items()}
        assert {name for name, why in rest.missing[effect].items() if why.id == "excluded"} == excluded
        left = [value for value in found.values() if value is not None]
        assert rest.total(effect) == (pytest.approx(sum(left), rel=1e-12) if left else None)
    for name in ("rcvs", "hcvs", "control", "rcvg", "hcvg", "groundwater_control"):
        if rest.controls[name] is not None:
            assert rest.controls[name] >= whole.controls[name] * (1 - 1e-12)
    assert rest.controls["csat"] == whole.controls["csat"]


@QUICK
@given(SLUGS, CLASSES)
def test_without_exclusions_every_number_stays(slug: str, land_class: int) -> None:
    case = case_of(slug, land_class, **MEASURED)
    assert result_of(without(case, set())) == result_of(case)
    p, s = resolve(NATIONAL, land_class=land_class), property_values(substances()[slug])
    each = slopes(p, s, land_class=land_class)
    for name in ("rcvs", "hcvs", "control", "rcvg", "hcvg", "groundwater_control"):
        value = result_of(case).controls[name]
        assert value is None or value == float(getattr(control_values(p, s, each), name))
    for effect, per_unit in (("risk", each.risk), ("hq", each.hq)):
        found = result_of(case).risk if effect == "risk" else result_of(case).hq
        for pathway in PATHWAYS:
            if found[pathway.name] is not None:
                assert found[pathway.name] == float(per_unit[pathway.name]) * MEASURED[pathway.medium]


@QUICK
@given(SLUGS, CLASSES, EXCLUDED)
def test_an_exclusion_alone_never_makes_an_outcome_unknown_or_unacceptable(
    slug: str, land_class: int, excluded: set[str]
) -> None:
    case = case_of(slug, land_class, **MEASURED)
    p = resolve(NATIONAL, land_class=land_class)
    for pathways in (SOIL_PATHWAYS, GROUNDWATER_PATHWAYS):
        before = result_of(case).outcome(p, pathways)
        after = result_of(without(case, excluded)).outcome(p, pathways)
        assert after in {"unacceptable": ("unacceptable", "acceptable", "excluded"), "acceptable": ("acceptable", "excluded"),
                         "unknown": ("unknown", "excluded")}[before]  # fmt: skip


@QUICK
@given(SLUGS, CLASSES, EXCLUDED)
def test_at_the_control_value_the_risk_is_the_acceptable_one(slug: str, land_class: int, excluded: set[str]) -> None:
    plain = without(case_of(slug, land_class), excluded)
    controls = result_of(plain).controls
    for control, effect, acceptable in (("rcvs", "risk", 1e-6), ("hcvs", "hq", 1.0)):
        if (value := controls[control]) is not None:
            measured = Concentrations(slug, surface_mg_kg=value, subsurface_mg_kg=value)
            at = result_of(replace(plain, substances=(measured,)))
            assert at.total(effect, SOIL_PATHWAYS) == pytest.approx(acceptable, rel=1e-12)
    for control, effect, acceptable in (("rcvg", "risk", 1e-6), ("hcvg", "hq", 1.0)):
        if (value := controls[control]) is not None:
            at = result_of(replace(plain, substances=(Concentrations(slug, groundwater_mg_l=value),)))
            assert at.total(effect) == pytest.approx(acceptable, rel=1e-12)


@QUICK
@given(SLUGS, CLASSES)
def test_at_the_control_value_the_soil_is_acceptable_and_just_above_it_is_not(slug: str, land_class: int) -> None:
    control = result_of(case_of(slug, land_class)).controls["control"]
    for times, outcome in ((1.0, "acceptable"), (1.0001, "unacceptable")):
        case = case_of(slug, land_class, surface_mg_kg=control * times, subsurface_mg_kg=control * times)
        found = assess(case).as_json()["substances"][slug]["totals"]["soil"]["outcome"]
        assert found == outcome


@QUICK
@given(CLASSES, st.sampled_from(sorted(NATIONAL.parameters)), SLUGS)
def test_overriding_a_default_with_itself_changes_nothing(land_class: int, key: str, slug: str) -> None:
    defaults = resolve(NATIONAL, land_class=land_class)
    if key in defaults:
        plain = case_of(slug, land_class, surface_mg_kg=1.0, subsurface_mg_kg=1.0, groundwater_mg_l=1.0)
        same = replace(plain, overrides={key: Override(float(defaults[key]), "the default")})
        assert result_of(same) == result_of(plain)


@QUICK
@given(SLUGS, CLASSES)
def test_control_is_the_lower_one_and_saturation_never_caps_it(slug: str, land_class: int) -> None:
    controls = result_of(case_of(slug, land_class)).controls
    stated = [controls[key] for key in ("rcvs", "hcvs") if controls[key] is not None]
    assert controls["control"] == min(stated)
    wet = replace(case_of(slug, land_class), overrides={"fom": Override(0.0, "sand")})
    assert result_of(wet).controls["csat"] is None or result_of(wet).controls["csat"] <= controls["csat"]


@QUICK
@given(VOLATILE, CLASSES, st.floats(0, 400))
def test_no_vapour_factor_exceeds_what_the_source_holds(slug: str, land_class: int, pressure: float) -> None:
    p = resolve(NATIONAL, land_class=land_class, overrides={"dP": Override(pressure, "wind")})
    s = property_values(substances()[slug])
    found = {key: float(value) for key, value in vapour_factors(p, s).items()}
    years = p["tau"] * 31_536_000
    assert found["suroa"] <= 1.0000001 * p["d"] * p["rho_b"] * 1000 / years / (
        p["Uair"] * p["W"] * p["delta_air"] / p["A"]
    )
    assert found["gwia"] <= 1000 * s["H"]
    assert found["subia"] <= 1000 * s["H"] / float(partition(p, s))
    assert all(value > 0 for value in found.values())


@QUICK
@given(st.floats(1e-9, 1e-6), VOLATILE)
def test_a_vanishing_pressure_gives_the_formula_without_pressure(pressure: float, slug: str) -> None:
    s = property_values(substances()[slug])
    still, draught = (
        vapour_factors(resolve(NATIONAL, land_class=1, overrides={"dP": Override(value, "x")}), s)
        for value in (0.0, pressure)
    )
    for name, value in still.items():
        assert float(draught[name]) == pytest.approx(float(value), rel=1e-4)


def test_a_gale_draws_in_all_the_soil_gives_and_does_not_overflow() -> None:
    p = resolve(NATIONAL, land_class=1, overrides={"dP": Override(1e9, "x")})
    assert float(into_building(p, 1e-2, 1e-9, depth=50.0)) == pytest.approx(1e-2 / (220 * 12 / 86400 * 50), rel=1e-3)


@QUICK
@given(
    st.lists(SLUGS, min_size=1, max_size=4, unique=True),
    st.lists(st.tuples(st.floats(30, 120), st.floats(0, 50), st.floats(1, 60)), min_size=1, max_size=17),
    CLASSES,
    EXCLUDED,
)
def test_results_do_not_depend_on_the_shape(
    slugs: list[str], draws: list[tuple[float, float, float]], land_class: int, excluded: set[str]
) -> None:
    chosen = [substances()[slug] for slug in slugs]
    weight, pressure, organic = (np.array(column) for column in zip(*draws, strict=True))
    keys = ("BWa", "dP", "fom")

    def run(values: tuple[Any, Any, Any], s: Any) -> list[Any]:
        base = dict(resolve(NATIONAL, land_class=land_class))
        p = base | dict(zip(keys, values, strict=True)) | {"foc": values[2] / 1700}
        each = slopes(p, s, land_class=land_class, excluded=excluded)
        control = control_values(p, s, each)
        return [*each.risk.values(), *each.hq.values(), control.control, control.csat, control.groundwater_control]

    together = run((weight, pressure, organic), properties_of(chosen))
    for at, substance in enumerate(chosen):
        for draw, values in enumerate(draws):
            alone = run(values, property_values(substance))
            for whole, part in zip(together, alone, strict=True):
                wide = np.broadcast_to(whole, (len(chosen), len(draws)))
                np.testing.assert_allclose(wide[at, draw], part, rtol=1e-12)


def test_a_substance_without_a_diffusion_coefficient_loses_its_vapour_pathways_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = {key: value for key, value in substances()["benzene"].values.items() if key not in ("Da", "Koc")}
    monkeypatch.setattr(
        assessment_module, "substances", lambda: {"benzene": replace(substances()["benzene"], values=values)}
    )
    found = result_of(case_of("benzene", 1, surface_mg_kg=1.0, subsurface_mg_kg=1.0, groundwater_mg_l=1.0))
    reasons = {name: (why.id, why.params["property"]) for name, why in found.missing["risk"].items()}
    assert reasons == {
        **{one.name: ("property_missing", "Da, Koc") for one in PATHWAYS if one.vapour and one.from_soil},
        **{one.name: ("property_missing", "Da") for one in PATHWAYS if one.vapour and not one.from_soil},
    }
    assert found.risk["soil_ingestion"] is not None
    assert found.soil_protecting_groundwater is None


def test_all_is_every_substance_of_the_table() -> None:
    assert {one.slug for one in read_case({"land_class": 1, "substances": "all"}).substances} == set(substances())
