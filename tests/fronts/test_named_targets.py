"""The targets plans name that no register computes are kept as printed, with their words; the measures page says of each
why nothing checks it and which register would have to exist.

docs/coverage.csv counts them as kept, which is not served: nothing here knows what was reached.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape

from fronts.conftest import Told
from soildesk import coverage
from soildesk.core.models import Person

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db
Command = Callable[..., Told]
PLANS = {
    "000": "北关区2021年土壤污染防治攻坚战实施方案",
    "001": "中原区土壤污染防治工作方案",
    "002": "朔州市土壤污染防治2021年行动计划",
    "003": "北京市门头沟区土壤污染防治2023年行动计划",
    "004": "土壤污染防治行动计划资阳市工作方案",
}
TARGETS: dict[str, list[tuple[str, str, object, int]]] = {
    "004-092": [("重点行业的重点重金属排放量下降", "=", 9.5, 2020)],
    "004-107": [("行政村生活污水得到有效处理", "=", 60, 2020), ("行政村生活垃圾得到有效治理", ">=", 90, 2020)],
}


def plan_id(soildesk: Command, thing: str) -> str:
    """The real plan a named thing stands in, as history in the example."""
    plans = soildesk("plan", "list", "--json").data
    return next(str(plan["id"]) for plan in plans if plan["title"] == PLANS[thing[:3]])


def test_all_kept_things_are_listed_here() -> None:
    rows = coverage.services(ROOT / "docs" / coverage.COVERAGE)

    assert {row.id for row in rows if row.level == "kept" and row.by.startswith("plans: indicators")} == TARGETS.keys()


@pytest.mark.parametrize("thing", TARGETS)
def test_a_target_is_kept_with_its_words_and_waits(soildesk: Command, tmp_path: Path, thing: str) -> None:
    plan, file = plan_id(soildesk, thing), tmp_path / "ledger.json"
    reader = Client()
    reader.force_login(Person.objects.get(username="linlan"), backend="django.contrib.auth.backends.ModelBackend")

    told = soildesk("plan", "export", plan, "--format", "json", "--out", str(file), "--json")
    page = reader.get(f"/plans/{plan}/measures/").content.decode()

    assert told.code == 0, told.err
    kept = {(row["name"], row["comparator"], row["target"], row["year"]): row["quote"] for row in exported(file)}
    assert set(TARGETS[thing]) <= kept.keys()
    for name, _comparator, target, year in TARGETS[thing]:
        assert any(row[:1] + row[2:] == (name, target, year) and kept[row] for row in kept), "with the plan's words"
        row = page[page.index(f'<th scope="row">{escape(name)}</th>') :]
        assert "所缺的台账" in row[: row.index("</tr>")]


def exported(file: Path) -> list[dict[str, object]]:
    """The indicators of an exported ledger."""
    indicators: list[dict[str, object]] = json.loads(file.read_text(encoding="utf-8"))["indicators"]
    return indicators
