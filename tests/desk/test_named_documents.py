"""Documents plans ask somebody to write: asked for by name, filed, looked at by another person; docs/coverage.csv points here.

The plans are in force in the made-up district, and their tasks are settled as examples/plans/bindings.csv settles them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk.conftest import World, kept, made_world
from fronts.county import PLANS, put_in_force, task_of
from soildesk.demo import bindings
from soildesk.plans.models import DocumentFiling, Plan
from soildesk.plans.services import publishing

WRITTEN = {
    "000-010": ("定期填报并提交执行报告", "排污许可执行报告公开截图"),
    "000-015": ("制定危险废物集中处置设施建设规划", "集中处置设施建设规划"),
    "000-124": ("突发环境事件应急预案应当包括防止土壤和地下水环境污染内容", "突发环境事件应急预案"),
    "001-027": ("督促责任方制定综合整治方案", "综合整治方案和验收意见"),
    "001-125": ("完善环境污染事件应急预案", "突发环境事件应急预案"),
    "002-002": ("农用地土壤污染状况详查总结验收工作", "农用地详查总结验收意见"),
    "002-017": ("制定将土壤环境管理要求纳入建设用地审批管理的细则", "各县建设用地审批管理细则"),
    "003-032": ("制定农药、化肥减量行动方案", "农药、化肥减量行动方案"),
    "004-006": ("制定资阳市土壤环境质量监测网络建设工作方案", "监测网络建设工作方案"),
    "004-019": ("出台资阳市建设用地准入管理办法、资阳市农用地分类管理办法", "建设用地准入管理办法"),
    "004-027": ("完善各级环境污染事件应急预案", "突发环境事件应急预案"),
    "004-094": ("及时制定综合整治方案并有序实施", "工业固体废物堆存场所综合整治方案"),
    "004-116": ("制定资阳市土壤污染治理与修复规划", "土壤污染治理与修复规划"),
    "004-127": ("土壤污染治理与修复成效进行综合评估", "治理与修复成效综合评估报告"),
    "004-155": ("制定土壤环境保护宣传教育工作方案", "宣传教育工作方案"),
}
"""Named thing → the words of its clause, and the document asked for there."""


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, dict[str, str]]]:
    """The district with five plans in force, checked as the example has it; each test undoes what it did."""
    with (
        django_db_blocker.unblock(),
        kept(tmp_path_factory.mktemp("named_docs")),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("SOILDESK_TODAY", "2026-11-20")
        world = made_world()
        plans = {
            name: put_in_force(name, "990101", "officer", "issuer") for name in ("000", "001", "002", "003", "004")
        }
        rows = Plan.objects.filter(uid__in=plans.values())
        bindings.settle(PLANS / "bindings.csv", rows, by=lambda _plan: world.actor("issuer"), at=world.at)
        yield world, plans


@pytest.fixture
def world(standing: tuple[World, dict[str, str]], db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return standing[0]


def browser(world: World, who: str) -> Client:
    return world.browser(who)


def given_to(world: World, task: Any) -> dict[str, str]:
    """The task given to the bureau, which files what each unit owes; the units the plan prints are of another place."""
    publishing.assign(task, {world.departments["ecology"]: ("lead", task.units.earliest("pk"))})
    return {"assignment": str(task.assignments.get().uid)}


@pytest.mark.parametrize("thing", WRITTEN)
def test_a_document_a_plan_asks_for_is_filed_and_found_right_by_another(
    world: World, standing: tuple[World, dict[str, str]], thing: str
) -> None:
    words, name = WRITTEN[thing]
    task = task_of(standing[1][thing[:3]], words)
    document = task.asked_documents.get(name=name, dropped_at=None)
    assert document.shows, "what the document must say is said before it is written"
    office, other = browser(world, "officer"), browser(world, "issuer")
    url, filing = f"/plans/tasks/{task.uid}/", f"/plans/documents/{document.uid}/file/"
    assert "待核对" not in office.get(url).content.decode()
    unit = given_to(world, task) if document.each_unit else {}
    given = {"file": SimpleUploadedFile(f"{name}（初稿）.pdf", b"%PDF-1.4 draft"), **unit}
    assert "待核对" in office.post(filing, given, follow=True).content.decode()
    draft = DocumentFiling.objects.get()
    check = f"/plans/filings/{draft.uid}/check/"
    assert "由您本人报送" in office.post(check, {"outcome": "accepted"}, follow=True).content.decode()
    back = other.post(check, {"outcome": "refused", "why": "没有盖章"}, follow=True).content.decode()
    assert "没有盖章" in back
    given = {"file": SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4 sealed"), **unit}
    office.post(filing, given, follow=True)
    final = DocumentFiling.objects.exclude(pk=draft.pk).get()
    page = other.post(f"/plans/filings/{final.uid}/check/", {"outcome": "accepted"}, follow=True).content.decode()
    assert "核对通过" in page and f"{name}.pdf" in page
