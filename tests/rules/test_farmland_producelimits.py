"""Samples of produce against GB 2762 by the day they were taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.farmland.contents import in_mg_kg
from soilrules.farmland.producelimits import Printed, Sample, Sampled, judged, limited, not_tested, said_by
from soilrules.farmland.rulesets import rulesets
from soilrules.standards.library import shipped

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "farmland" / "producelimits.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_a_sample(case: Mapping[str, Any]) -> None:
    contents = [Printed(analyte, text) for analyte, text in case["contents"].items()]
    found = judged(contents, Sampled(case["crop"], case["day"]), shipped(), next(iter(rulesets().values())))
    assert said_by(found).value == case["tested"]
    assert all(one.edition == case["edition"] for one in found if "edition" in case)
    assert all(one.verdict.sentence(language) for one in found for language in ("zh", "en"))


@pytest.mark.parametrize(("printed", "unit", "said"), [
    ("50", "μg/kg", "0.05"), ("１３１０", "ug/kg", "1.31"), ("<2.0", "μg/kg", "<0.002"), ("0.50", "mg/kg", "0.50"), ("1000", "ng/g", "1"),
    ("未检出", "μg/kg", "未检出"), ("0.3", "", "0.3"), ("0.3", "mg/L", "0.3"), ("1e3", "μg/kg", "1"),
])  # fmt: skip
def test_a_content_is_told_in_mg_kg(printed: str, unit: str, said: str) -> None:
    assert in_mg_kg(printed, unit) == said


def test_every_answer_has_a_case() -> None:
    assert {case["tested"] for case in CASES} == set(Sample)


def test_a_test_answers_for_the_elements_that_control_the_class() -> None:
    assert not_tested(["arsenic"], ["arsenic"]) == not_tested([], []) == ()
    assert not_tested(["cadmium", "lead"], ["inorganic_arsenic", "lead"]) == ("cadmium",)


def test_what_has_no_limit_in_a_crop_is_asked_of_no_test_of_it() -> None:
    every, day = ["cadmium", "chromium", "arsenic"], date(2026, 9, 10)
    assert limited(every, Sampled("苹果", day), shipped()) == ("cadmium",)
    assert (
        limited(every, Sampled("水稻", day), shipped())
        == limited(every, Sampled("蔬菜", day), shipped())
        == tuple(every)
    )
    assert limited(every, Sampled("没有这种作物", day), shipped()) == tuple(every)
