"""Indices: every bracket edge, every way to be unknown, hand-computed values, and what holds for any content."""

from __future__ import annotations

import doctest
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import soilrules
from soilrules.indices import (
    Background,
    Content,
    IndexResult,
    Reference,
    SingleFactors,
    accumulation,
    ecological_risk,
    factors_of_judged,
    geoaccumulation,
    load_shares,
    national_1990,
    nemerow,
    read_background,
    single_factors,
)
from soilrules.indices.grades import read_scale
from soilrules.indices.method import Method, data, read_method, shipped
from soilrules.indices.risk_method import RiskMethod, read_risk_method, shipped_risk
from soilrules.messages import LANGUAGES, catalogue
from soilrules.standards.judge import judge
from soilrules.standards.library import shipped as standards
from soilrules.standards.results import Result
from soilrules.standards.rulings import Circumstances
from soilrules.statistics import Substitute
from soilrules.strict import BadRuleData
from soilrules.units import Amount, parse
from soilrules.verdict import Mark

TESTS = Path(__file__).resolve().parents[1]
CODE = Path(soilrules.__file__).parent / "indices"
DAY = date(2026, 11, 22)
TOPICS = ("single_factor", "nemerow", "load_share", "accumulation", "geoaccumulation", "ecological_risk", "judged")
CASES: dict[str, list[dict[str, Any]]] = {
    topic: yaml.safe_load((TESTS / "cases" / "indices" / f"{topic}.yaml").read_text("utf-8"))["cases"]
    for topic in TOPICS
}
ALL = [(topic, case) for topic in TOPICS for case in CASES[topic]]
METALS = tuple(national_1990().values_mg_kg)
SETTINGS = settings(max_examples=60, deadline=None)
contents_mg_kg = st.floats(1e-3, 1e4)
samples = st.dictionaries(st.sampled_from(METALS), contents_mg_kg, min_size=1)


def content_of(element: str, text: str | None) -> Content:
    if text is None:
        return Content(element)
    number = float(text.strip("<>")) if text.strip("<>") else None
    if text.startswith("<"):
        return Content(element, detection_limit_mg_kg=number, censored=True)
    return Content(element, number, at_least=text.startswith(">"))


def contents_of(case: Mapping[str, Any]) -> list[Content]:
    return [content_of(element, text) for element, text in case["contents"].items()]


def background_of(case: Mapping[str, Any]) -> Background:
    if case["background"] == "national":
        return national_1990()
    values = {element: float(value) for element, value in case["background"].items()}
    return Background("某省背景值", "a province", "made up for the test", Mark.SINGLE_SOURCED, values)


def method_of(name: str, case: Mapping[str, Any]) -> Method:
    method = shipped(name)
    return {"method": method.switched_off(), "grades": method.without_grades()}.get(
        case.get("switched_off", ""), method
    )


def risk_method_of(case: Mapping[str, Any]) -> RiskMethod:
    risk, off = shipped_risk(), case.get("switched_off")
    if off in risk.cutoffs:
        return replace(risk, cutoffs={**risk.cutoffs, off: replace(risk.cutoffs[off], in_use=False)})
    if off == "element_grades":
        return replace(risk, element_grades=risk.element_grades.switched_off())
    methods = {"method": risk.method.switched_off(), "grades": risk.method.without_grades()}
    return replace(risk, method=methods.get(case.get("switched_off", ""), risk.method))


def asked(case: Mapping[str, Any]) -> Substitute | None:
    return Substitute(case["nondetects"]) if "nondetects" in case else None


def factors_of(case: Mapping[str, Any], method: Method | None = None) -> SingleFactors:
    given_si = case.get("standards", {element: "1" for element in (*case["contents"], *case.get("elements", ()))})
    mark = Mark(case.get("mark", "double-sourced"))
    si = {element: Reference(element, float(value), "made up", mark) for element, value in given_si.items()}
    elements = case.get("elements", list(si))
    return single_factors(contents_of(case), elements=elements, standards=si, nondetects=asked(case), method=method)


def judged(case: Mapping[str, Any]) -> IndexResult:
    around = Circumstances(on=DAY, use="other", ph=None if case["ph"] is None else Decimal(case["ph"]))
    pairs = []
    for element, text in case["results"].items():
        number, unit = text.split(" ", 1)
        value, censored = Decimal(number.strip("<")), number.startswith("<")
        result = Result(element, None if censored else value, parse(unit), censored, value if censored else None)
        pairs.append((result, judge(standards(), "gb15618", result, around)))
    elements = case.get("elements", list(case["results"]))
    return nemerow(factors_of_judged(pairs, elements=elements, nondetects=asked(case)))


def computed(topic: str, case: Mapping[str, Any]) -> Any:
    match topic:
        case "single_factor":
            return factors_of(case, method_of("single_factor", case))
        case "nemerow":
            return nemerow(factors_of(case), method=method_of("nemerow", case))
        case "load_share":
            return load_shares(factors_of(case), method=method_of("load_share", case))
        case "judged":
            return judged(case)
    asked_for: dict[str, Any] = {"elements": case.get("elements", list(case["contents"])), "nondetects": asked(case)}
    asked_for["background"] = background_of(case)
    if topic == "ecological_risk":
        cutoffs = case.get("cutoffs", "unscaled")
        return ecological_risk(contents_of(case), cutoffs=cutoffs, method=risk_method_of(case), **asked_for)
    index = {"accumulation": accumulation, "geoaccumulation": geoaccumulation}[topic]
    return index(contents_of(case), method=method_of(topic, case), **asked_for)


def grade_of(topic: str, found: Any) -> str | None:
    grade = found.rows[0].grade if topic == "geoaccumulation" else found.grade
    return grade and grade.id


@pytest.mark.parametrize(("topic", "case"), ALL, ids=lambda one: one["name"] if isinstance(one, dict) else one)
def test_case(topic: str, case: dict[str, Any]) -> None:
    found, expect = computed(topic, case), case["expect"]

    assert [one.id for one in found.unknown] == expect.get("unknown", [])
    for element, value in expect.get("rows", {}).items():
        assert found.of(element).value == pytest.approx(value, abs=5e-8)
    for name in ("value", "total", "largest"):
        if name in expect:
            assert getattr(found, name) == (
                pytest.approx(expect[name], abs=5e-8) if isinstance(expect[name], float) else expect[name]
            )
    for name in ("exceeds", "times_over"):
        if name in expect:
            assert getattr(found.rows[0], name) == (pytest.approx(expect[name]) if expect[name] else expect[name])
    if "grade" in expect:
        assert grade_of(topic, found) == expect["grade"]
    if "er_grade" in expect:
        assert (found.rows[0].grade and found.rows[0].grade.id) == expect["er_grade"]
    if "factor" in expect:
        assert float(found.cutoff_factor) == pytest.approx(expect["factor"])
    if "caveats" in expect:
        assert [one.id for one in found.caveats] == expect["caveats"]


@pytest.mark.parametrize(("topic", "case"), ALL, ids=lambda one: one["name"] if isinstance(one, dict) else one)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_result_is_json_and_names_its_method_version_set_and_references(
    topic: str, case: dict[str, Any], language: str
) -> None:
    told = json.loads(json.dumps(computed(topic, case).as_json(language), allow_nan=False, ensure_ascii=False))

    assert told["version"] == soilrules.__version__
    assert told["method"]["formula"]
    assert told["mark"] in set(map(str, Mark))
    assert [row["element"] for row in told["results"]] == told["elements"]
    assert all(row["reference"]["source"] and row["reference"]["mark"] for row in told["results"] if row["value"])
    assert "{" not in "".join(one["sentence"] for one in (*told["unknown"], *told["caveats"]))
    assert bool(told["unknown"]) == any(row["value"] is None for row in told["results"]) or topic == "nemerow"


@pytest.mark.parametrize(("topic", "case"), ALL, ids=lambda one: one["name"] if isinstance(one, dict) else one)
def test_unknown_is_never_a_number_or_a_grade(topic: str, case: dict[str, Any]) -> None:
    found = computed(topic, case)

    for row in found.rows:
        assert (row.value is None) == (row.unknown is not None)
        assert row.value is not None or row.grade is None
        if case.get("switched_off") == "method" and topic != "nemerow":
            assert row.unknown is not None
            assert row.unknown.id == "switched_off"
    if found.unknown and topic in {"nemerow", "ecological_risk", "judged"}:
        assert (found.value, found.grade) == (None, None)


def test_every_grade_reason_and_caveat_occurs_in_some_case() -> None:
    grades: dict[str, set[str]] = {}
    said: dict[str, set[str]] = {"unknown": set(), "caveats": set()}
    for topic, case in ALL:
        found = computed(topic, case)
        for grade in filter(None, (getattr(found, "grade", None), *(row.grade for row in found.rows))):
            grades.setdefault(f"grades_{grade.scale}", set()).add(grade.id)
            assert all(grade.name(language) for language in LANGUAGES)
        for group in said:
            said[group] |= {one.id for one in getattr(found, group) if one.room == "indices"}
    words = catalogue("indices")

    assert grades == {group: set(words[group]) for group in words if group.startswith("grades_")}
    assert said["unknown"] == set(words["unknown"])
    assert said["caveats"] == set(words["caveats"]) - {"several_standards"}  # has its own test below


def test_the_catalogue_is_complete() -> None:
    words = catalogue("indices")
    code = "\n".join(path.read_text("utf-8") for path in CODE.glob("*.py"))
    for texts in (texts for group in words.values() for texts in group.values()):
        assert set(texts) == set(LANGUAGES)
        names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts.values()]
        assert {re.sub("_(zh|en)$", "", one) for one in names[0]} == {re.sub("_(zh|en)$", "", one) for one in names[1]}
    assert all(f'"{one}"' in code for group in ("unknown", "caveats", "parts") for one in words[group])
    assert set(words["cutoffs"]) == set(shipped_risk().cutoffs)


@pytest.mark.parametrize("path", sorted(CODE.glob("*.py")), ids=lambda path: path.stem)
def test_examples_run(path: Path) -> None:
    assert not doctest.testmod(import_module(f"soilrules.indices.{path.stem}" if path.stem != "__init__" else "soilrules.indices")).failed  # fmt: skip


def test_si_of_a_verdict_says_its_edition_clause_use_and_ph() -> None:
    (row,) = judged({"ph": "7.5", "results": {"cadmium": "0.45 mg/kg"}}).rows

    assert row.as_json()["reference"] == {
        "value": 0.3, "unit": "mg/kg", "source": "GB 15618-2018 表1 序号1", "mark": "double-sourced",
        "use": "other", "ph": ">6.5，≤7.5",
    }  # fmt: skip


def test_a_set_judged_by_several_standards_says_so() -> None:
    around = Circumstances(on=DAY, use="other", ph=Decimal(7))
    unit = parse("mg/kg")
    pairs = [
        (one, judge(standards(), family, one, where))
        for family, one, where in (
            ("gb15618", Result("cadmium", Decimal("0.3"), unit), around),
            ("gb36600", Result("arsenic", Decimal(10), unit), Circumstances(on=DAY)),
        )
    ]
    found = factors_of_judged(pairs, elements=["cadmium", "arsenic"])

    assert [one.id for one in found.caveats] == ["several_standards"]
    assert "GB 15618-2018" in found.caveats[0].sentence()
    assert "GB 36600-2018" in found.caveats[0].sentence()


def test_a_verdict_on_water_is_no_standard_of_soil() -> None:
    result = Result("cadmium", Decimal("0.004"), parse("mg/L"))
    verdict = judge(standards(), "gbt14848", result, Circumstances(on=DAY))

    with pytest.raises(ValueError, match="not soil: expected a soil limit"):
        factors_of_judged([(result, verdict)], elements=["cadmium"])


def test_an_amount_in_another_unit_is_the_same_content() -> None:
    micro = parse("µg/kg")
    assert micro is not None
    assert Content.of_amount("cadmium", Amount(Decimal(350), micro)) == Content("cadmium", 0.35)


def test_the_result_is_as_sure_as_its_least_sure_figure() -> None:
    sure = factors_of({"contents": {"cadmium": "1"}})
    doubtful = factors_of({"contents": {"cadmium": "1"}, "mark": "from-knowledge"})

    assert (sure.mark, nemerow(sure).mark) == (Mark.SINGLE_SOURCED, Mark.SINGLE_SOURCED)
    assert nemerow(doubtful).mark is Mark.FROM_KNOWLEDGE
    assert [one.id for one in nemerow(doubtful).caveats] == ["from_knowledge"]
    assert "评价标准值" in nemerow(doubtful).caveats[0].sentence()


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (lambda: Content("cadmum"), "nearest: cadmium"),
        (lambda: Reference("cadmium", 0.3, " ", Mark.DOUBLE_SOURCED), "names no source"),
        (lambda: Background("x", "x", "", Mark.SINGLE_SOURCED, {}), "needs a name in both languages and a source"),
        (lambda: Background("x", "x", "x", Mark.SINGLE_SOURCED, {"cadmum": 1.0}), "nearest: cadmium"),
        (lambda: factors_of({"contents": {"cadmium": "1"}, "elements": []}), "is no element set"),
        (lambda: factors_of({"contents": {"cadmium": "1"}, "elements": ["cadmium", "cadmium"]}), "is no element set"),
        (lambda: accumulation([], elements="cadmium", background=national_1990()), "is no element set"),
        (lambda: accumulation([Content("lead", 1.0)] * 2, elements=["lead"], background=national_1990()), "twice"),
        (
            lambda: ecological_risk([], elements=["lead"], background=national_1990(), cutoffs="none"),
            "expected one of unscaled, by_count, by_toxic_response",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(bad: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        bad()


@given(samples)
@SETTINGS
def test_nemerow_lies_between_mean_and_maximum(sample: dict[str, float]) -> None:
    found = nemerow(factors_of({"contents": {element: str(value) for element, value in sample.items()}}))

    assert found.mean is not None
    assert found.maximum is not None
    assert found.value is not None
    assert found.mean * (1 - 1e-12) <= found.value <= found.maximum * (1 + 1e-12)


@given(samples)
@SETTINGS
def test_shares_sum_to_one(sample: dict[str, float]) -> None:
    found = load_shares(factors_of({"contents": {element: str(value) for element, value in sample.items()}}))

    assert sum(row.value or 0 for row in found.rows) == pytest.approx(1)
    assert found.largest in sample


@given(st.sampled_from(METALS), st.floats(1e-3, 1e4))
@SETTINGS
def test_igeo_is_zero_at_one_and_a_half_backgrounds(element: str, value: float) -> None:
    local = Background("x", "x", "x", Mark.SINGLE_SOURCED, {element: value})
    (row,) = geoaccumulation([Content(element, 1.5 * value)], elements=[element], background=local).rows

    assert row.value == pytest.approx(0, abs=1e-12)
    assert row.grade is not None
    assert row.grade.id == "class_0"


@given(samples, st.sampled_from(METALS), st.floats(1.001, 100))
@SETTINGS
def test_more_of_an_element_never_lowers_an_index_or_its_grade(
    sample: dict[str, float], element: str, times: float
) -> None:
    less = {element: 1.0, **sample}
    more = {**less, element: less[element] * times}
    order = list(catalogue("indices")["grades_ecological_risk"])
    before, after = (
        ecological_risk(
            [Content(key, value) for key, value in one.items()], elements=list(less), background=national_1990()
        )
        for one in (less, more)
    )
    factors = [
        nemerow(factors_of({"contents": {key: str(value) for key, value in one.items()}})) for one in (less, more)
    ]
    igeo = [
        geoaccumulation([Content(element, one[element])], elements=[element], background=national_1990()).rows[0].value
        for one in (less, more)
    ]

    assert (before.value or 0) < (after.value or 0)
    assert before.grade is not None
    assert after.grade is not None
    assert order.index(before.grade.id) <= order.index(after.grade.id)
    assert (factors[0].value or 0) <= (factors[1].value or 0)
    assert (igeo[0] or 0) < (igeo[1] or 0)


@given(samples, st.randoms(use_true_random=False))
@SETTINGS
def test_the_order_of_a_sample_does_not_matter(sample: dict[str, float], shuffled: Any) -> None:
    turned = list(sample.items())
    shuffled.shuffle(turned)
    one, other = (
        ecological_risk([Content(*pair) for pair in pairs], elements=list(sample), background=national_1990())
        for pairs in (sample.items(), turned)
    )

    assert one == other


def test_national_background_is_as_published() -> None:
    assert dict(national_1990().values_mg_kg) == {
        "arsenic": 11.2, "cadmium": 0.097, "chromium": 61, "copper": 22.6,
        "mercury": 0.065, "nickel": 26.9, "lead": 26, "zinc": 74.2,
    }  # fmt: skip
    assert (national_1990().mark, national_1990().national) == (Mark.FROM_KNOWLEDGE, True)
    assert isinstance(shipped_risk().toxic_responses, MappingProxyType)


SCALE = {
    "in_use": True,
    "source": "s",
    "mark": "double-sourced",
    "closure_source": "c",
    "closure_mark": "from-knowledge",
}
LOW, HIGH = {"id": "low", "bounds": {"le": "1"}}, {"id": "high", "bounds": {"gt": "1"}}


def test_a_grade_is_as_sure_as_the_closure_of_its_bounds() -> None:
    (low, _) = read_scale("s", {**SCALE, "rows": [LOW, HIGH]}, "test.yaml").grades

    assert low.mark is Mark.FROM_KNOWLEDGE


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"rows": [LOW, {**HIGH, "bounds": {"ge": "1"}}]}, "a gap or an overlap"),
        ({"rows": [LOW, {**HIGH, "bounds": {"gt": "2"}}]}, "a gap or an overlap"),
        ({"rows": [LOW]}, "nothing above 1"),
        ({"rows": [HIGH]}, "nothing below 1"),
        ({"rows": [HIGH, LOW]}, "the lowest first"),
        ({"rows": [LOW, {**HIGH, "colour": "red"}]}, "unknown key colour"),
        ({"rows": [LOW, HIGH], "in_use": "yes"}, "expected true or false"),
        ({"rows": [LOW, HIGH], "colour": "red"}, "unknown key colour"),
    ],
)
def test_grades_are_read_strictly(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadRuleData, match=complaint):
        read_scale("s", {**SCALE, **change}, "test.yaml")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"colour": "red"}, "unknown key colour"),
        ({"in_use": 1}, "expected true or false"),
        ({"source": ""}, "expected a text"),
        ({"numbers": {"x": {"value": 1.5, "source": "s", "mark": "single-sourced"}}}, "expected a number in quotes"),
    ],
)
def test_methods_are_read_strictly(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadRuleData, match=complaint):
        read_method({**data("nemerow"), **change}, "test.yaml")


RISK = data("ecological_risk")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"toxic_responses": [RISK["toxic_responses"][0]] * 2}, "unknown or stands twice"),
        ({"toxic_responses": [{**RISK["toxic_responses"][0], "analyte": "x"}]}, "unknown or stands twice"),
        ({"cutoffs": [RISK["cutoffs"][0]] * 2}, "stands twice"),
        ({"cutoffs": [{**RISK["cutoffs"][0], "by": "weight"}]}, "expected one of none, count, toxic_response"),
    ],
)
def test_the_risk_method_is_read_strictly(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadRuleData, match=complaint):
        read_risk_method({**RISK, **change}, "test.yaml")


def test_the_risk_method_needs_its_grades() -> None:
    with pytest.raises(BadRuleData, match="expected the grades of RI"):
        read_risk_method({key: RISK[key] for key in RISK if key != "grades"}, "test.yaml")


NATIONAL = data("background-national-1990")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"unit": "µg/kg"}, "expected mg/kg"),
        ({"scope": "continental"}, "expected national, provincial or local"),
        ({"values": [{"analyte": "lead", "value": "0"}]}, "expected one value above 0"),
        ({"values": [{"analyte": "lead", "value": "26"}] * 2}, "expected one value above 0"),
        ({"colour": "red"}, "unknown key colour"),
    ],
)
def test_backgrounds_are_read_strictly(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadRuleData, match=complaint):
        read_background({**NATIONAL, **change}, "test.yaml")


def test_a_provincial_set_carries_no_caveat_of_the_nation() -> None:
    provincial = read_background({**NATIONAL, "scope": "provincial", "mark": "single-sourced"}, "test.yaml")

    assert accumulation([Content("lead", 26.0)], elements=["lead"], background=provincial).caveats == ()
