"""The pass rate of hazardous-waste management that plans name, producers and operators both, from results entered by hand."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fronts.keyunits.story import add, add_firm, done, text, words
from soildesk.plans.models import Plan

pytestmark = pytest.mark.django_db
SPOT = {"round": "spot", "body": "资阳市环境保护局"}


@pytest.mark.parametrize(
    ("plan", "name", "measure", "how"),
    [
        ("000", "规范化管理考核合格率", "waste_assessed", {}),
        ("001", "规范化管理抽查合格率", "waste_spot_checked", SPOT),
    ],
)
def test_the_pass_rate_of_producers_and_of_operators(
    office: Client, standing: dict[str, str], plan: str, name: str, measure: str, how: dict[str, str]
) -> None:
    target = Plan.objects.get(uid=standing[plan]).indicators.get(name__contains=name)
    page = reverse("plans:measures", args=[standing[plan]])
    assert f"enterprises.{measure}" in text(office.get(page)), "the plan's words propose it"
    done(office.post(reverse("plans:bind_indicator", args=[target.pk]), {"measure": f"enterprises.{measure}"}))
    assert "没有产废单位的评估结果" in words(text(office.get(page)))

    producer = add_firm(office, "安岳机械有限公司", produces_waste="1", handles_waste="0")
    operator = add_firm(office, "安岳危废处置有限公司", produces_waste="0", handles_waste="1")
    year = words(text(office.get(page))).partition("年没有产废单位")[0].split()[-1]
    told = {"year": year, "on": f"{year}-05-08", **how}
    add(office, "waste_assessments", firm=producer.number, kind="producer", score="55", **told)
    assert "没有经营单位的评估结果" in words(text(office.get(page)))
    add(office, "waste_assessments", firm=operator.number, kind="operator", score="39", **told)

    said = words(text(office.get(page)))
    assert "产废单位 1 家中 1 家达标（100%），经营单位 1 家中 0 家达标（0%）" in said
    assert "✗ 安岳危废处置有限公司 （经营单位" in said and "✓ 安岳机械有限公司 （产废单位" in said
