"""What every task and indicator of the seven plans and of the plan of three years is checked by, as the example has it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import F

from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.demo import bindings
from soildesk.demo.load import HISTORIAN, examples_folder
from soildesk.kit import measures
from soildesk.plans.models import AskedDocument, Binding, DocumentFiling, Plan, PlanTask

from .conftest import Told

DAY = date(2026, 11, 21)
KEYS = {"plan", "task", "reported", "kind", "measure", "outcome", "rows"}
OWN = ("青禾区2026年土壤污染防治工作方案", "青禾区土壤污染防治三年行动计划（2025—2027年）")
KINDS = {"computed": "台账核算", "evidence": "材料核对", "none": "不核算"}
HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "supervision.md"
TABLE = re.compile(r"<!-- shares -->\n(.*?)<!-- /shares -->", re.DOTALL)
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("demo_home", "db")]
Command = Callable[..., Told]


@pytest.fixture
def told(soildesk: Command) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = soildesk("tasks", "status", "--json").data
    return data


def by_plan(told: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The plans; what an order or minutes ask is told done by its units and verified, and bound to nothing."""
    plans = Plan.objects.filter(kind=Plan.Kind.PLAN).values_list("uid", "title")
    titles = {str(uid): title for uid, title in plans}
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in told:
        if one["plan"] in titles:
            found[titles[one["plan"]]].append(one)
    return found


def shares(told: list[dict[str, Any]]) -> str:
    """The table of the how-to, made from what the command says."""
    lines = ["| 方案 | 任务 | 台账核算 | 材料核对 | 不核算 |", "|---|---:|---:|---:|---:|"]
    for title, rows in sorted(by_plan(told).items()):
        count = Counter(one["kind"] for one in rows)
        cells = [f"{count[kind]}（{count[kind] * 100 / len(rows):.0f}%）" for kind in KINDS]
        lines.append(f"| {title} | {len(rows)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_no_task_of_any_plan_is_left_undecided(told: list[dict[str, Any]]) -> None:
    accepted = PlanTask.objects.filter(status=PlanTask.Status.ACCEPTED)
    assert {one["task"] for one in told} == {str(uid) for uid in accepted.values_list("uid", flat=True)}
    bound = Binding.objects.filter(superseded_at=None)
    of_plans = accepted.filter(plan__kind=Plan.Kind.PLAN)
    assert not of_plans.exclude(pk__in=bound.filter(task__isnull=False).values("task")).exists()
    for plan in Plan.objects.all():
        assert not plan.indicators.exclude(pk__in=bound.filter(indicator__isnull=False).values("indicator")).exists()
    assert {one.measure for one in bound if one.measure} <= set(measures.measures())
    assert all(one.reason for one in bound if not one.measure)


def test_what_is_checked_by_documents_names_them(told: list[dict[str, Any]]) -> None:
    for task in PlanTask.objects.filter(uid__in=[one["task"] for one in told if one["kind"] == "evidence"]):
        assert task.asked_documents.filter(dropped_at=None).exclude(shows="").exists(), task.heading


def test_the_command_keeps_its_contract(told: list[dict[str, Any]]) -> None:
    for one in told:
        assert one.keys() >= KEYS
        assert one["outcome"] in {"done", "not_done", "cannot_say"}
        assert (one["measure"] is None) is (one["kind"] == "none")
        assert one["kind"] in KINDS


def test_more_is_computed_than_proved_by_documents_alone(told: list[dict[str, Any]]) -> None:
    kinds = Counter(one["kind"] for one in told)
    assert kinds["computed"] > kinds["evidence"] > 0, kinds


def test_the_registers_of_the_district_answer_its_own_plans(told: list[dict[str, Any]]) -> None:
    plans = by_plan(told)
    for title, least in zip(OWN, (12, 25), strict=True):
        said = [one for one in plans[title] if one["kind"] == "computed" and one["outcome"] != "cannot_say"]
        assert len(said) >= least, (title, len(said))
        assert all(one["rows"] for one in said if one["measure"] != "enterprises.list_published"), title


def test_each_row_is_a_record_of_its_register(told: list[dict[str, Any]]) -> None:
    wanted: dict[str, set[str]] = defaultdict(set)
    for one in told:
        for row in one["rows"]:
            wanted[row["register"]].add(row["id"])
    assert len(wanted) > 12
    for label, ids in wanted.items():
        model = apps.get_model(label)
        keyed = {str(key) for key in ids if _is_uid(key)}
        if keyed:
            found = {str(uid) for uid in model._default_manager.filter(uid__in=keyed).values_list("uid", flat=True)}
            assert found == keyed, label


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def test_registers_of_the_district_say_nothing_of_other_places() -> None:
    """The five real plans are of places no register here has a row of: no measure may count the district's for them."""
    officer = Actor.of(Person.objects.get(username="linlan"), DAY)
    for plan in Plan.objects.filter(stage=Plan.Stage.CLOSED, abolished_on=None):
        task, target = (rows.select_related("plan__division").first() for rows in (plan.tasks, plan.indicators))
        for measure in measures.measures().values():
            if measure.id.startswith("plans."):
                continue
            answer = measure.run(officer, task if "plans.plantask" in measure.subjects else target, DAY, DAY)
            assert answer.outcome in {"cannot_say", "not_applicable"}, (plan, measure.id)
            assert {row.subject_type for row in answer.rows} <= {"core.division"}, (plan, measure.id)


def test_the_real_plans_were_settled_by_a_named_person() -> None:
    historian = Person.objects.get(username=HISTORIAN)
    for plan in Plan.objects.filter(stage=Plan.Stage.CLOSED, abolished_on=None):
        assert plan.published_by == historian
        rows = Binding.objects.filter(task__plan=plan)
        assert set(rows.values_list("accepted_by", flat=True)) == {historian.pk}


@pytest.mark.parametrize(
    ("code", "name"),
    [("farmland.safe_use_rate", "受污染耕地安全利用率"), ("plots.polluted_used_safely", "污染地块安全利用率")],
)
def test_targets_the_real_plans_name_are_computed_of_the_district(soildesk: Command, code: str, name: str) -> None:
    """Each plan's target is bound; of its own place nobody can say, of the district the registers do."""
    known = ("--on", "2025-12-31", "--as-known-on", str(DAY))
    targets = soildesk("indicators", "show", code, *known, "--json").data["targets"]
    titles = {str(uid): title for uid, title in Plan.objects.values_list("uid", "title")}
    told = {(titles[one["plan"]], one["indicator"]): one for one in targets}
    real = [
        one
        for one in Plan.objects.filter(stage=Plan.Stage.CLOSED, abolished_on=None)
        if one.indicators.filter(name=name).exists()
    ]
    assert len(real) >= 5
    assert all(told[one.title, name]["outcome"] in {"cannot_say", "not_applicable"} for one in real)
    assert told[OWN[1], name]["rows"]


def test_the_howto_prints_what_the_command_says(told: list[dict[str, Any]]) -> None:
    printed = TABLE.search(HOWTO.read_text("utf-8"))
    assert printed is not None
    assert printed[1] == shares(told)


@pytest.mark.parametrize(
    ("printed", "changed", "because"),
    [
        ("更新土壤污染重点", "更新气象台站重点", "找到 0 项"),
        (",台账核算,", ",材料核对,", "应为“台账核算”"),
        (OWN[1], "赤岩区土壤污染防治三年行动计划", "没有装入方案文件"),
    ],
)
def test_a_row_that_fits_nothing_is_refused_with_its_place(
    tmp_path: Path, printed: str, changed: str, because: str
) -> None:
    head, *rows = (examples_folder() / "district" / "plans" / "bindings.csv").read_text("utf-8-sig").splitlines()
    row = next(line for line in rows if line.startswith(f"{OWN[1]}.txt,任务,11,"))
    path = tmp_path / "bindings.csv"
    path.write_text("\n".join([head, row.replace(printed, changed)]), encoding="utf-8-sig")
    actor, before = Actor.of(Person.objects.get(username="linlan"), DAY), Binding.objects.count()
    at = datetime(2026, 11, 21, 1, tzinfo=UTC)
    with pytest.raises(bindings.RowMistaken, match="第 2 行") as refusal:
        bindings.settle(path, Plan.objects.filter(title=OWN[1]), by=lambda plan: actor, at=at)
    assert because in str(refusal.value)
    assert Binding.objects.count() == before


def test_documents_were_filed_and_judged_by_somebody_else() -> None:
    own = DocumentFiling.objects.filter(document__task__plan__title__in=OWN)
    outcomes = Counter(own.values_list("outcome", flat=True))
    assert set(outcomes) == set(DocumentFiling.Outcome.values) and outcomes["accepted"] > outcomes["waiting"]
    assert not own.filter(checked_by=F("filed_by")).exists()
    told = own.exclude(outcome="waiting")
    assert not told.filter(checked_at__lte=F("filed_at")).exists()
    asked = AskedDocument.objects.filter(task__plan__title__in=OWN, dropped_at=None)
    assert asked.filter(filings=None).exists(), "some are still missing"


def test_tasks_proved_by_documents_are_not_all_in_one_state(told: list[dict[str, Any]]) -> None:
    said = {one["outcome"] for one in by_plan(told)[OWN[0]] if one["kind"] == "evidence"}
    assert said >= {"done", "not_done"}
