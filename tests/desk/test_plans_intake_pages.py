"""Taking plans in through the page, and what changed between two editions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from desk.conftest import AT, World
from desk.plan_drafts import TEXT, with_text
from desk.review_client import HTMX, of, plain_pages, sample, url
from soildesk.core.models import FileUse
from soildesk.plans.models import Plan
from soildesk.plans.services import editions
from soildesk.plans.services.intake import Place, Source, import_plan


@pytest.fixture(autouse=True)
def desk(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_pages(settings, monkeypatch)


@pytest.fixture
def plan(world: World) -> Plan:
    return sample(world)


def test_what_changed_between_editions(world: World, plan: Plan) -> None:
    text = TEXT.replace("持续开展宣传教育", "全年开展宣传教育")
    first, second, third, _table = with_text(text).tasks
    changed = Plan.objects.get(
        pk=import_plan(
            with_text(text, tasks=(first, _reworded(second), _added(third)), conflicts=()),
            Source.of(text.encode()),
            Place(world.district, world.departments["ecology"]),
            by=world.actor("officer"),
            at=AT,
        ).pk
    )
    assert changed.edition_of == plan
    page = of(world.people["officer"]).get(url("changes", changed))
    found = page.context["found"]
    assert [task.text for task in found.added] == ["推进土壤污染责任保险试点"]
    assert {task.title for task in found.removed} == {"推进信息共享", "隐患排查"}
    assert [change.new.title for change in found.changed] == ["加强宣传"]
    assert "<del>持续</del><ins>全年</ins>" in page.content.decode()
    assert of(world.people["officer"]).get(url("changes", plan)).status_code == 404


def _reworded(task: Any) -> Any:
    return replace(task, text=replace(task.text, value="全年开展宣传教育。"))


def _added(task: Any) -> Any:
    return replace(task, number="9", title=None, text=replace(task.text, value="推进土壤污染责任保险试点"))


def test_identical_editions_differ_in_nothing(world: World, plan: Plan) -> None:
    facts = editions.facts_of(plan)
    found = editions.compare(facts, facts)
    assert (found.added, found.removed, found.changed, found.same) == ((), (), (), 4)


def facts(pk: int, number: str, text: str, *units: tuple[str, str]) -> editions.TaskFacts:
    return editions.TaskFacts(pk, number, ("二、主要任务",), "", text, frozenset(units), ())


def test_a_task_that_moved_or_was_reworded_is_the_same_task() -> None:
    old = [
        facts(1, "1", "开展土壤污染重点监管单位隐患排查", ("lead", "区生态环境局")),
        facts(2, "2", "建设用地准入管理，严格落实联动监管", ("lead", "区自然资源局")),
        facts(3, "3", "推进农用地分类管理"),
    ]
    new = [
        facts(11, "1", "推进农用地分类管理"),
        facts(12, "4", "开展土壤污染重点监管单位隐患排查和整改", ("lead", "区应急管理局")),
        facts(13, "2", "开展地下水环境状况调查评估"),
    ]
    found = editions.compare(old, new)
    assert found.same == 1, "words alone make the third the first"
    assert [task.pk for task in found.added] == [13]
    assert [task.pk for task in found.removed] == [2], "the same number with other words is another task"
    [change] = found.changed
    assert (change.old.pk, change.new.pk) == (1, 12)
    assert (change.units_added, change.units_removed) == ((("lead", "区应急管理局"),), (("lead", "区生态环境局"),))
    assert [(part.kind, part.text) for part in change.wording][-1] == ("new", "和整改")


PASTED = """赤霞镇2026年土壤污染防治工作方案
一、主要任务
（一）完成隐患排查。2026年10月底前完成重点单位隐患排查。（区生态环境局牵头，区农业农村局配合）
（二）开展宣传。长期开展土壤污染防治宣传。（区生态环境局负责）
"""


def test_pasted_text_becomes_a_plan_under_review(world: World) -> None:
    client = of(world.people["officer"])
    answer = client.post(reverse("plans:intake"), {"text": PASTED, "division": world.district.pk}, headers=HTMX)
    plan = Plan.objects.get()
    assert answer.headers["HX-Redirect"] == url("review", plan)
    assert (plan.tasks.count(), plan.stage) == (2, Plan.Stage.REVIEW)


def test_a_plan_of_another_place_is_pointed_out(world: World) -> None:
    client = of(world.people["officer"])
    text = PASTED.replace("赤霞镇", "赤岩区")
    page = client.post(reverse("plans:intake"), {"text": text, "division": world.district.pk}, follow=True)
    assert "文中写的适用区域是“赤岩区”" in page.content.decode()


def test_a_file_is_read_in_the_child_and_kept_as_source(world: World) -> None:
    client = of(world.people["officer"])
    file = SimpleUploadedFile("方案.txt", PASTED.encode("gb18030"))
    client.post(reverse("plans:intake"), {"file": file, "division": world.district.pk})
    use = FileUse.objects.get(kind="source")
    assert (use.name, use.subject_type) == ("方案.txt", "plans.plandocument")
    assert use.subject_id == Plan.objects.get().document_id


def test_the_same_text_twice_leads_to_the_plan_or_to_a_new_edition(world: World) -> None:
    client, data = of(world.people["officer"]), {"text": PASTED, "division": world.district.pk}
    client.post(reverse("plans:intake"), data)
    again = client.post(reverse("plans:intake"), data)
    html = again.content.decode()
    assert again.status_code == 422
    assert url("review", Plan.objects.get()) in html
    assert "作为新版本导入" in html
    assert "赤霞镇2026年" in html.split("<textarea")[1], "pasted text stays"
    client.post(reverse("plans:intake"), {**data, "as_edition": "1"})
    assert Plan.objects.filter(edition_of__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"text": "  "}, "还没有方案"),
        ({"text": "本报讯 记者昨日从市生态环境局获悉，我市土壤环境质量总体稳定。" * 3}, "没有读出任务"),
        ({"file": SimpleUploadedFile("空.txt", b" ")}, "是空的"),
        ({"file": SimpleUploadedFile("大.txt", b"a" * (21 * 1024 * 1024))}, "超过上限 20 MB"),
        ({"file": SimpleUploadedFile("图.docx", b"\x89PNG\r\n\x1a\n0000")}, "图片"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(world: World, data: dict[str, Any], told: str) -> None:
    client = of(world.people["officer"])
    answer = client.post(reverse("plans:intake"), {"division": world.district.pk, **data}, headers=HTMX)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Plan.objects.exists()


def test_only_the_office_takes_plans_in(world: World) -> None:
    assert of(world.people["agriculture"]).get(reverse("plans:intake")).status_code == 403
    other = of(world.people["stranger"]).post(reverse("plans:intake"), {"text": PASTED, "division": world.district.pk})
    assert other.status_code == 422
    assert not Plan.objects.exists()
