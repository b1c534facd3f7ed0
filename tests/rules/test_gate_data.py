"""The rule data of the gate is read strictly, and says what the issue names: acts, forces, citations of both laws, places."""

from __future__ import annotations

import doctest
import re
from datetime import date
from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest

from soilrules.bases import bases
from soilrules.gate import Ground, Membership, Piece, WrittenGround, act, acts, profile_of, read_profile
from soilrules.gate.checks import CHECKS
from soilrules.gate.profiles import profiles
from soilrules.gate.results import Force
from soilrules.gate.rules import Tolerance, check_rules, cited_on, largest_m2, least_m2, rule_set, tolerance
from soilrules.messages import LANGUAGES, catalogue
from soilrules.strict import BadRuleData, Record

LAW, CODE = date(2026, 8, 14), date(2026, 8, 15)
NAMED = [
    "征收",
    "收回",
    "收购",
    "收储",
    "转让",
    "改变用途",
    "规划编制",
    "规划提交审议",
    "规划报批",
    "规划指标确定",
    "供地",
    "供地方案报批",
    "出让合同",
    "环评",
    "工程规划许可",
    "施工许可",
    "不动产登记",
    "复垦方案批准",
    "未利用地开发",
    "农用地转建设用地",
    "投入使用",
]
MADE_OF_THE_LAW = [
    one
    for one in check_rules().values()
    if one.force is Force.STATUTORY and one.bases and one.id not in ("eia_on_unremediated", "priority_farmland")
]
MODULES = ["acts", "uses", "answers", "profiles", "law_choice"]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_modules_hold(name: str) -> None:
    assert doctest.testmod(import_module(f"soilrules.gate.{name}")).failed == 0


def test_every_act_of_the_issue_is_held_with_who_decides_and_in_order() -> None:
    assert set(acts()) == set(NAMED)
    assert all(one.decides and one.decides_en and one.en for one in acts().values())
    assert [one.moment for one in acts().values()] == sorted(one.moment for one in acts().values())
    with pytest.raises(ValueError, match="no act '卖地'; expected one of 规划编制"):
        act("卖地")


def test_every_check_stands_in_code_and_data() -> None:
    assert set(CHECKS) | {"sources_reached"} == set(check_rules())


@pytest.mark.parametrize("rule", MADE_OF_THE_LAW, ids=lambda one: one.id)
def test_a_statutory_check_cites_the_law_of_each_day(rule: Any) -> None:
    laws = [{one.law for one in cited_on(rule.id, day) if "办法" not in one.law} for day in (LAW, CODE)]

    assert laws == [{"中华人民共和国土壤污染防治法"}, {"中华人民共和国生态环境法典"}]


def test_orders_say_since_when_they_are_unconfirmed() -> None:
    orders = [one for one in bases().values() if one.id.startswith("gate.order")]
    assert {one.unconfirmed_from for one in orders} == {CODE}
    assert all(one.until is None for one in orders)


def test_the_tolerance_is_data() -> None:
    assert tolerance().of(1000) == 1
    assert tolerance().of(5) == 0.5
    assert isinstance(tolerance(), Tolerance)
    assert tolerance().m2 <= least_m2(), "ground is more than the error of its boundary"
    assert least_m2() < largest_m2() <= 10**10, "one ground is no province"


def test_the_hash_names_the_rules() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", rule_set())


@pytest.mark.parametrize(
    ("division", "title"),
    [("410503", "北关区"), ("410102", "中原区"), ("140602", "朔州市"), ("110109", "门头沟"), ("512081", "资阳")],
)
def test_each_plan_stands_in_its_own_place(division: str, title: str) -> None:
    held = profile_of(division, CODE)
    assert held is not None
    assert title in held.title
    assert profile_of("990101", CODE) is None
    assert profile_of(division, date(2016, 12, 31)) is None


def test_what_the_plans_add() -> None:
    added = {
        key: {row.check for row in one.rows} | ({"local_moments"} if one.moments else set())
        for key, one in profiles().items()
    }
    assert added == {
        "410503": {"use_sequence", "local_triggers", "local_unsuitable", "local_hints", "local_moments"},
        "410102": {"local_triggers", "local_unsuitable"},
        "1406": {"local_sensitive_use", "local_hints", "local_reply"},
        "110109": {"local_unsuitable", "local_moments"},
        "5120": {"local_triggers", "local_unsuitable"},
    }
    assert all(row.force is not Force.STATUTORY for one in profiles().values() for row in one.rows)


ROW = {
    "id": "x", "check": "local_hints", "acts": ["供地"], "groups": [], "ground": "uncovered", "force": "encouraged", "article": "a", "words": "w",
}  # fmt: skip
PROFILE = {"division": "99", "title": "t", "since": "2020-01-01", "until": None, "checked_on": "2026-01-01"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"force": "statutory"}, "a local plan makes no statutory ban"),
        ({"check": "on_roster_sensitive_use"}, "expected one of use_sequence"),
        ({"acts": ["卖地"]}, "acts has 卖地"),
        ({"acts": ["施工许可"]}, "for which no local rules are asked"),
        ({"groups": ["heaven"]}, "groups has heaven"),
        ({"ground": "wet"}, "ground is 'wet'"),
        ({"kinds": ["garage"]}, "kinds go with ground unsurveyed"),
        ({"ground": "unsurveyed"}, "kinds go with ground unsurveyed"),
        ({"colour": "red"}, "unknown key colour"),
        ({"mark": "sure"}, "mark is 'sure'"),
    ],
)
def test_a_row_of_a_profile_is_read_strictly(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRuleData, match=said):
        read_profile(Record({**PROFILE, "rows": [{**ROW, **change}]}, "profile"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"survey_valid": {"months": 0, "article": "a", "words": "w"}}, "months is 0"),
        (
            {
                "moments": [
                    {
                        "id": "m",
                        "when": {"moon": "full"},
                        "acts": [],
                        "force": "principle",
                        "article": "a",
                        "words": "w",
                    }
                ]
            },
            "unknown key moon",
        ),
        ({"query_acts": ["卖地"]}, "query_acts has 卖地"),
        ({"until": "2020-01-01"}, "expected a day after 2020-01-01"),
        ({"limit": {"article": "a", "words": "w", "most": 3}}, "unit is None"),
        ({"limit": {"article": "a", "words": "w", "most": 0, "unit": "days"}}, "most is 0"),
        ({"review_level": {"level": "moon", "article": "a", "words": "w"}}, "level is 'moon'"),
    ],
)
def test_a_profile_is_read_strictly(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRuleData, match=said):
        read_profile(Record({**PROFILE, **change}, "profile"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Ground(0, ()), "expected an area above zero"),
        (lambda: Ground(float("nan"), ()), "expected an area above zero"),
        (lambda: Ground(10, (Piece("a", -1),)), "expected no negative area"),
        (lambda: Ground(10, (Piece("a", 6), Piece("b", 6))), "expected pieces beside each other"),
        (lambda: Ground(10, (Piece("a", 5), Piece("a", 5))), "stands twice"),
        (lambda: Membership("red", CODE), "expected one of suspected"),
        (lambda: WrittenGround("negative_list", " ", "1号", CODE, "w"), "one of them is empty"),
    ],
)
def test_facts_that_cannot_be_are_refused(make: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


def test_every_sentence_is_in_both_languages_and_used() -> None:
    folder = files("soilrules") / "gate"
    code = "".join(
        one.read_text("utf-8")
        for place in (folder, folder / "checks")
        for one in place.iterdir()
        if one.name.endswith(".py")
    )
    made = ("since_", "maybe_", "event_", "_sure", "_look", "_open")
    for group, sentences in catalogue("gate").items():
        for name, texts in sentences.items():
            assert sorted(texts) == sorted(LANGUAGES), name
            fields = [set(re.findall(r"{(\w+)}", texts[one])) for one in LANGUAGES]
            zh, en = ({re.sub("_?(zh|en)$", "", one) for one in each} for each in fields)
            assert zh | {"", "source"} >= en, (group, name)
            assert f'"{name}"' in code or any(one in name for one in made), (group, name)
