"""What is proposed to check a clause: measures that do check it, and nothing rather than something that does not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from clause_words import offered

from soildesk.kit import measures
from soildesk.kit.folding import fold
from soildesk.plans.models import Indicator
from soildesk.plans.queries.proposed import by_words, fitting
from soildesk.plans.services import intake
from soildesk.plans.wording import target_words
from soilrules.clausewords import GAP, phrases, spoken_of
from soilrules.plantext import read

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "plans" / "clauses_to_bind.yaml").read_text("utf-8"))
SHOWN = 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["clause"][:18])
def test_a_clause_is_offered_what_checks_it(case: dict[str, Any]) -> None:
    found, checks = offered(case["clause"])[:SHOWN], case.get("checks", [])
    assert not checks or (found and found[0] in checks), found
    assert set(found) <= {*checks, *case.get("may", [])}


def test_the_cases_name_measures_of_many_rooms_that_exist() -> None:
    named = {name for case in CASES for name in (*case.get("checks", []), *case.get("may", []))}
    assert named <= measures.measures().keys()
    assert len({name.partition(".")[0] for name in named}) >= 8
    assert sum(not case.get("checks") for case in CASES) >= 10, "clauses that nothing checks"


def test_phrases_speak_of_measures_there_are_and_hold_back_only_words_these_have() -> None:
    known = measures.measures()
    assert phrases().keys() <= known.keys()
    for name, row in phrases().items():
        own = {fold(word) for word in known[name].words}
        assert row.not_alone <= own, name
        assert not own.intersection(row.say), f"{name} says twice what it says itself"
        assert all(fold(part) == part for word in (*row.say, *row.unless) for part in word.split(GAP)), name


def test_parts_of_a_phrase_stand_in_one_sentence_and_in_order() -> None:
    words = {"oversight.problems_settled": [f"问题{GAP}办结"]}
    assert spoken_of("问题按期办结。", words) and not spoken_of("发现问题。按期办结。", words)
    assert not spoken_of("办结后再查问题。", words)


@pytest.mark.django_db
def test_a_term_in_a_cell_of_its_own_speaks_for_its_row(world: Any) -> None:
    rows = "序号\t类别\t重点任务\t责任单位\t完成时限\n1\t农用地\t报送农膜回收情况\t区农业农村局\t每月5日前\n2\t农用地\t宣传农膜回收\t区农业农村局\t年底前\n"
    text = f"青禾区2026年任务分工表\n\n{rows}"
    place = intake.Place(world.district, world.departments["ecology"])
    source = intake.Source.of(text.encode())
    plan = intake.import_plan(read(text), source, place, by=world.actor("officer"), at=world.at)
    found = [[one.measure.id for one in by_words(task) if one.measure] for task in plan.tasks.order_by("position")]
    assert "plans.reports_on_time" in found[0]
    assert "plans.reports_on_time" not in found[1]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"wording": "达到85%左右", "comparator": "~"}, "85%左右"),
        ({"wording": "力争达到85%", "comparator": "="}, "力争 ＝ 85%"),
        ({"wording": "≥85%", "comparator": ">="}, "≥ 85%"),
        ({"wording": "≥85%", "comparator": ">=", "alternative": "或者达到80%以上且依法处罚"}, "≥ 85%；或达到80%以上且依法处罚"),
    ],
)  # fmt: skip
def test_a_target_is_told_as_people_say_it(facts: dict[str, str], said: str) -> None:
    assert target_words(Indicator(target_number=Decimal(85), unit="%", **facts)) == said


@pytest.mark.parametrize(
    ("name", "target", "measure"),
    [
        ("土壤污染重点监管单位隐患排查完成率", "", "enterprises.hazard_inspected"),
        ("“一住两公”地块调查率", "", "plots.surveys_done"),
        ("主要农作物化肥使用量", "零增长", "farmland.fertiliser_zero_growth"),
        ("农药使用量", "负增长", "farmland.pesticide_less"),
        ("主要农作物化肥使用量", "较上年下降2%以上", "farmland.fertiliser_less"),
        ("化肥使用量", "控制在5000吨以内", None),
        ("秸秆综合利用率", "", None),
    ],
)
def test_an_indicator_under_another_name_and_one_that_asks_for_more(
    name: str, target: str, measure: str | None
) -> None:
    found = fitting(Indicator(name=name, target_text=target))
    assert [one for one, _why in found] == ([measure] if measure else [])
