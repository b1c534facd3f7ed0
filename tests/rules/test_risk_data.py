"""The rule data of the risk model are read strictly, agree with themselves, and can be extended by name."""

from __future__ import annotations

import re
from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest

from soilrules.analytes import all_analytes
from soilrules.risk import Override, parameter_sets, read_case, read_set
from soilrules.risk.errors import CaseError
from soilrules.risk.parameters import LAND_CLASSES, resolve
from soilrules.risk.records import shipped
from soilrules.risk.substances import read_table, refusal, substance_table, substances
from soilrules.strict import BadRuleData, parse_yaml
from soilrules.verdict import Mark

FOLDER = files("soilrules") / "data" / "risk"
NATIONAL = "hj25.3-2019"
PROVINCE: dict[str, Any] = {
    "set": "province-x",
    "title": {"zh": "某省参数", "en": "A province"},
    "edition": "DBXX/T 1-2024",
    "authority": "province",
    "extends": NATIONAL,
    "parameters": {
        "BWa": {
            "symbol": "BWa",
            "name": {"zh": "成人平均体重", "en": "Adult body weight"},
            "unit": "kg",
            "group": "暴露参数",
            "class1": "60.5",
            "class2": "60.5",
            "range": {"gt": "0"},
            "source": "DBXX/T 1-2024 表1",
            "mark": "single-sourced",
        }
    },
}


def test_the_tables_are_whole() -> None:
    assert len(parameter_sets()[NATIONAL].parameters) == 71 + 4
    assert len(substances()) == 125
    assert set(substances()) <= set(all_analytes())


def test_every_source_named_is_listed() -> None:
    known = set(shipped("sources")["sources"])
    for entry in FOLDER.iterdir():
        if entry.name.endswith(".yaml"):
            assert set(re.findall(r"\[(S\d+)\]", entry.read_text("utf-8"))) <= known, entry.name


def test_derived_parameters_are_those_printed_after_rounding() -> None:
    national = parameter_sets()[NATIONAL]
    for land_class in LAND_CLASSES:
        for key, parameter in national.parameters.items():
            if parameter.derived and land_class in parameter.defaults:
                found = float(resolve(national, land_class=land_class)[key])
                assert round(found) == parameter.defaults[land_class], key


def test_derived_parameters_follow_and_stay_where_they_are_given() -> None:
    national = parameter_sets()[NATIONAL]
    plain = resolve(national, land_class=1)
    heavier = resolve(national, land_class=1, overrides={"BWa": Override(80, "x")})
    assert heavier["SAEa"] > plain["SAEa"]
    assert heavier["SAEc"] == plain["SAEc"]
    fixed = resolve(national, land_class=1, overrides={"BWa": Override(80, "x"), "SAEa": Override(5000, "x")})
    assert fixed["SAEa"] == 5000
    wetter = resolve(national, land_class=2, overrides={"Pws": Override(0.25, "x")})
    assert wetter["theta_as"] == pytest.approx(1 - 1.5 / 2.65 - 0.375)
    assert "SAEc" not in wetter


def test_a_set_extends_another_and_is_chosen_by_name() -> None:
    province = read_set(PROVINCE, parameter_sets())
    assert province.lineage == ("province-x", NATIONAL)
    case = read_case(
        {"land_class": 1, "parameter_set": "province-x", "substances": "all"}, sets={"province-x": province}
    )
    assert resolve(case.chosen_set, land_class=1)["BWa"] == 60.5
    assert resolve(case.chosen_set, land_class=1)["BWc"] == 19.2
    site = read_set({**PROVINCE, "set": "site-y", "extends": "province-x"}, {"province-x": province})
    assert site.lineage == ("site-y", "province-x", NATIONAL)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"extends": "nowhere"}, "nowhere"),
        ({"set": None}, "set"),
        ({"remark": "x"}, "unknown key remark"),
        ({"parameters": {}}, "parameters"),
    ],
)
def test_a_set_that_is_not_whole_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(BadRuleData, match=words):
        read_set({**PROVINCE, **change}, parameter_sets())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"class1": 60.5}, "in quotes"),
        ({"class1": "sixty"}, "in quotes"),
        ({"class1": "0"}, "out of range"),
        ({"mark": "certain"}, "certain"),
        ({"value": "1"}, "unknown key value"),
        ({"name": {"zh": "x"}}, "en"),
        ({"range": {}}, "no bound"),
        ({"range": {"above": "0"}}, "unknown key above"),
        ({"source": ""}, "source"),
    ],
)
def test_a_parameter_that_cannot_be_trusted_is_refused(change: dict[str, object], words: str) -> None:
    data = deepcopy(PROVINCE)
    data["parameters"]["BWa"].update(change)
    with pytest.raises(BadRuleData, match=words):
        read_set(data, parameter_sets())


def test_a_parameter_the_base_does_not_have_is_refused_with_the_nearest() -> None:
    data = deepcopy(PROVINCE)
    data["parameters"]["BWA"] = data["parameters"].pop("BWa")
    with pytest.raises(BadRuleData, match="BWa"):
        read_set(data, parameter_sets())


def test_a_parameter_without_any_value_is_refused() -> None:
    data = deepcopy(PROVINCE)
    del data["parameters"]["BWa"]["class1"], data["parameters"]["BWa"]["class2"]
    with pytest.raises(BadRuleData, match="no value"):
        read_set(data, parameter_sets())


def test_a_key_written_twice_is_refused() -> None:
    text = FOLDER.joinpath(f"parameters-{NATIONAL}.yaml").read_text("utf-8")
    with pytest.raises(BadRuleData, match="twice"):
        parse_yaml(text.replace("  dsub:\n", "  d:\n"), "parameters")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"volatile": False}, "Henry"),
        ({"values": {"SFo": "1"}}, "SAF"),
        ({"values": {"SAF": "0.5", "H": "-1"}}, "H is -1"),
        ({"values": {"SAF": "0.5", "Sfo": "1"}}, "unknown key Sfo"),
        ({"note": {"zh": "只有中文"}}, "en"),
    ],
)
def test_a_substance_that_cannot_be_trusted_is_refused(change: dict[str, object], words: str) -> None:
    data = {**shipped("substances-hj25.3-2019")}
    data["substances"] = {"benzene": {**data["substances"]["benzene"], **change}}
    with pytest.raises(BadRuleData, match=words):
        read_table(data)


def test_refusals_point_to_substances_that_can_be_assessed() -> None:
    for slug in shipped("refusals")["refusals"]:
        found = refusal(slug)
        assert found is not None
        assert slug in all_analytes()
        assert all(refusal(other) is None for other in found.others)


def test_marks_are_kept() -> None:
    assert parameter_sets()[NATIONAL].parameters["WAF_voc"].mark is Mark.FROM_KNOWLEDGE
    assert {one.mark for one in substance_table().substances.values()} == {Mark.SINGLE_SOURCED}


def test_a_case_made_by_hand_is_checked_too() -> None:
    case = read_case({"land_class": 1, "substances": [{"slug": "benzene"}]})
    with pytest.raises(CaseError, match="twice"):
        type(case)(1, case.substances * 2)
    with pytest.raises(CaseError, match="because"):
        type(case)(1, case.substances, overrides={"BWa": Override(60, "")})
