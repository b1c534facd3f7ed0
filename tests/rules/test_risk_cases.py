"""Risk by the cases an expert can read: worked arithmetic, what is missing or refused, and input that is turned away."""

from __future__ import annotations

import ast
import json
import math
import operator
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

import soilrules
from soilrules.analytes import all_analytes
from soilrules.messages import LANGUAGES, catalogue
from soilrules.risk import PATHWAYS, Assessment, CaseError, SubstanceResult, assess, read_case
from soilrules.risk.words import said

CASES = Path(__file__).resolve().parents[1] / "cases" / "risk"
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow}  # fmt: skip
FUNCTIONS = {"min": min, "exp": math.exp, "log": math.log}


def cases(name: str) -> list[Any]:
    """The cases of one file, named for the report."""
    rows = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    return [pytest.param(row, id=row["name"]) for row in rows]


def arithmetic(node: ast.AST, names: Mapping[str, float]) -> float:
    """A step of a case, worked out: numbers, names of earlier steps, + - * / **, min, exp, log."""
    match node:
        case ast.Expression(body):
            return arithmetic(body, names)
        case ast.Constant(value):
            return float(value)
        case ast.Name(id):
            return names[id]
        case ast.UnaryOp(ast.USub(), operand):
            return -arithmetic(operand, names)
        case ast.BinOp(left, op, right):
            return OPERATORS[type(op)](arithmetic(left, names), arithmetic(right, names))
        case ast.Call(ast.Name(id), args):
            return FUNCTIONS[id](*(arithmetic(one, names) for one in args))
    raise AssertionError(ast.dump(node))


def worked(steps: Mapping[str, object]) -> dict[str, float]:
    """Every step by name."""
    names: dict[str, float] = {}
    for name, step in steps.items():
        names[name] = arithmetic(ast.parse(str(step), mode="eval"), names)
    return names


@pytest.mark.parametrize("case", cases("arithmetic"))
def test_worked_by_hand(case: dict[str, Any]) -> None:
    found = assess(read_case(case["given"])).as_json()["substances"]
    steps = worked(case["steps"])
    for slug, expected in case["expect"].items():
        result = found[slug]
        if result["groundwater_control"]:
            result["ratio_protecting_to_groundwater_control"] = (
                result["soil_protecting_groundwater"] and result["soil_protecting_groundwater"] / result["groundwater_control"]
            )  # fmt: skip
        flat = [(key, value) for key, value in expected.items() if not isinstance(value, dict)]
        nested = [((key, name), value) for key, part in expected.items() if isinstance(part, dict) for name, value in part.items()]  # fmt: skip
        for key, value in [*flat, *nested]:
            actual = result[key[0]][key[1]] if isinstance(key, tuple) else result[key]
            wanted = steps.get(value, value) if isinstance(value, str) else value
            assert actual == (pytest.approx(wanted, rel=1e-12) if isinstance(wanted, float) else wanted), key


def one(assessment: Assessment) -> tuple[SubstanceResult, dict[str, Any]]:
    """The result of the only substance of a case, as object and in the contract."""
    ((slug, result),) = assessment.substances.items()
    return result, assessment.as_json("en")["substances"][slug]


@pytest.mark.parametrize("case", cases("outcomes"))
def test_outcomes(case: dict[str, Any]) -> None:
    expect, assessment = case["expect"], assess(read_case(case["given"]))
    result, found = one(assessment)
    for effect in ("risk", "hq"):
        assert {key: found[effect][key] for key in expect.get(effect, {})} == expect.get(effect, {})
    for medium, outcome in expect.get("outcome", {}).items():
        assert found["totals"][medium]["outcome"] == outcome
    for effect, reasons in expect.get("missing", {}).items():
        assert {key: result.missing[effect][key].id for key in reasons} == reasons
    assert found["refused_id"] == expect.get("refused")
    assert expect.get("says", "") in (found["refused"] or "")
    if "control" in expect:
        assert found["control"] is expect["control"]
    if "control_above_csat" in expect:
        assert found["control"] > found["csat"]
    for words in expect.get("caveats", []):
        assert any(words in caveat for caveat in found["caveats"])
    if "notes" in expect:
        assert [note.id for note in assessment.notes] == expect["notes"]


@pytest.mark.parametrize("case", cases("bad_input"))
def test_bad_input(case: dict[str, Any]) -> None:
    with pytest.raises(CaseError) as error:
        assess(read_case(case["given"]))
    assert error.value.message.id == case["expect"]
    for language in LANGUAGES:
        assert [words for words in case["says"] if words not in said(error.value.message, language)] == []


def test_a_value_is_missing_exactly_where_a_reason_says_so() -> None:
    for land_class in (1, 2):
        measured = {"surface_mg_kg": 1, "subsurface_mg_kg": 1}
        slugs = [one.slug for one in read_case({"land_class": 1, "substances": "all"}).substances]
        case = {"land_class": land_class, "substances": [{"slug": slug, **measured} for slug in slugs]}
        for result in assess(read_case(case)).substances.values():
            for effect, values in (("risk", result.risk), ("hq", result.hq)):
                if not result.refused:
                    assert {name for name, value in values.items() if value is None} == set(result.missing[effect])
                    assert all(value is None or math.isfinite(value) for value in values.values())


def test_every_outcome_of_every_rule_has_a_case() -> None:
    rows = [case.values[0]["expect"] for case in cases("outcomes")]
    assert {outcome for row in rows for outcome in row.get("outcome", {}).values()} == {"acceptable", "unacceptable", "unknown", "excluded"}  # fmt: skip
    assert {row["refused"] for row in rows if "refused" in row} == set(catalogue("risk")["refusals"])
    reasons = {reason for row in rows for part in row.get("missing", {}).values() for reason in part.values()}
    assert reasons | {"property_missing"} == set(catalogue("risk")["missing"])  # the table shipped has no such gap
    assert {note for row in rows for note in row.get("notes", [])} | {"above_saturation"} == set(
        catalogue("risk")["notes"]
    )


def test_every_sentence_is_there_in_both_languages_with_the_same_names() -> None:
    for group in catalogue("risk").values():
        for message in group.values():
            assert set(message) == set(LANGUAGES)
            assert (
                len({frozenset(name for _, name, _, _ in Formatter().parse(text) if name) for text in message.values()})
                == 1
            )


def test_every_error_is_raised_by_the_code_and_none_is_without_a_sentence() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (Path(soilrules.__file__).parent / "risk").glob("*.py"))
    said = set(re.findall(r'CaseError\(\s*"(\w+)"', code)) | set(
        re.findall(r'^        "(\w+)": (?:v\[|\(v\[|\(np)', code, re.MULTILINE)
    )
    kinds = set(re.findall(r'unknown\(\s*"(\w+)"', code))
    said |= {f"unknown_{kind}{end}" for kind in kinds for end in ("", "_nearest")}
    assert said - set(catalogue("risk")["notes"]) == set(catalogue("risk")["errors"])


def test_the_contract_is_json_with_stable_names() -> None:
    case = read_case({"land_class": 1, "parameter_set": "hj25.3-2019", "substances": "all",
                      "overrides": {"BWa": {"value": 60, "because": "local survey 2024"}}})  # fmt: skip
    found = json.loads(json.dumps(assess(case).as_json(), allow_nan=False))
    assert found["overrides"]["BWa"] == {"value": 60.0, "because": "local survey 2024", "default": 61.8, "unit": "kg"}
    assert len(found["substances"]) == 125
    for result in found["substances"].values():
        assert list(result["risk"]) == list(result["hq"]) == [*(one.name for one in PATHWAYS), "total"]
        assert {"rcvs", "hcvs", "control", "csat", "refused", "caveats", "missing"} <= set(result)


def test_excluded_pathways_stand_on_top_with_their_reason() -> None:
    case = {"land_class": 1, "substances": "all", "excluded": {"drinking_groundwater": {"because": "tap water"}}}
    assert assess(read_case(case)).as_json()["excluded"] == {"drinking_groundwater": {"because": "tap water"}}
    assert assess(read_case({"land_class": 1, "substances": "all"})).as_json()["excluded"] == {}


def test_sentences_name_things_in_words_beside_their_key_or_in_words_alone() -> None:
    case = read_case({"land_class": 1, "substances": [{"slug": "copper"}, {"slug": "chromium"}]})
    found = assess(case).as_json("zh")["substances"]
    assert found["copper"]["missing"]["hq"]["drinking_groundwater"] == "没有给出地下水浓度 (groundwater_mg_l)。"
    assert found["copper"]["missing"]["hq"]["soil_particulates"] == "毒性参数表中没有呼吸吸入参考浓度 RfC。"
    assert found["chromium"]["refused"].endswith("请评估铬（六价） (chromium_vi)、铬（三价） (chromium_iii)。")
    why = assess(case).substances["copper"].missing["hq"]["drinking_groundwater"]
    assert said(why, "zh", keys=False) == "没有给出地下水浓度。"
    with pytest.raises(CaseError) as error:
        read_case({"land_class": 1, "substances": "all", "overrides": {"rho_b": {"value": -1, "because": "x"}}})
    assert said(error.value.message).startswith("overrides.rho_b（土壤容重）：")
    assert said(error.value.message, "en").startswith("overrides.rho_b (Soil bulk density): ")
    assert said(error.value.message, keys=False).startswith("土壤容重：")


def test_lead_is_called_lead_and_its_note_is_a_caveat() -> None:
    found = assess(read_case({"land_class": 1, "substances": [{"slug": "lead"}]})).as_json("zh")["substances"]["lead"]
    assert found["name"] == all_analytes()["lead"].name("zh") == "铅"
    assert any("仅提供筛选值" in caveat for caveat in found["caveats"])


def test_shares_of_the_pathways_add_up_to_one() -> None:
    result, _ = one(assess(read_case({"land_class": 1, "substances": [{"slug": "benzene", "surface_mg_kg": 1}]})))
    assert math.fsum(result.shares("risk").values()) == pytest.approx(1.0)
    assert one(assess(read_case({"land_class": 1, "substances": [{"slug": "benzene"}]})))[0].shares("risk") == {}
