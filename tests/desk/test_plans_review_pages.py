"""The review pages through the client: every act, its refusals in place, and who may open what."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.conftest import AT, World
from desk.plan_drafts import TEXT, draft, with_text
from soildesk.core.models import AuditEntry, FileUse, Person
from soildesk.plans.models import Assignment, Milestone, Plan, PlanDocument, PlanTask, UnitAnswer
from soildesk.plans.queries.review import counts
from soildesk.plans.services import editions, review
from soildesk.plans.services.intake import Place, Source, import_plan

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def plain_static(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages name their files without a manifest; the day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def plan(world: World) -> Plan:
    """The sample plan under review in 青禾区."""
    place = Place(world.district, world.departments["ecology"])
    return import_plan(draft(), Source.of(b"sample", "sample.txt"), place, by=world.actor("officer"), at=AT)


def of(person: Person) -> Client:
    """A client in which the person is logged in."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def task_of(plan: Plan, number: int) -> PlanTask:
    return plan.tasks.order_by("position")[number]


def act(client: Client, task: PlanTask, name: str, **data: Any) -> Any:
    """One act on a card, as the page's script sends it."""
    return client.post(reverse("plans:task_act", args=[task.uid, name]), data, headers=HTMX)


def url(name: str, plan: Plan) -> str:
    return reverse(f"plans:{name}", args=[plan.uid])


PAGES = ("review", "head", "conflicts", "units", "publish")


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_the_office_and_not_for_another_division(world: World, plan: Plan, name: str) -> None:
    assert of(world.people["officer"]).get(url(name, plan)).status_code == 200
    assert of(world.people["stranger"]).get(url(name, plan)).status_code == 404
    assert of(world.people["agriculture"]).get(url(name, plan)).status_code == 404  # a draft is the office's own
    assert Client().get(url(name, plan)).status_code == 302


def test_a_stranger_cannot_act_on_a_task_he_cannot_see(world: World, plan: Plan) -> None:
    task = task_of(plan, 0)
    stranger = of(world.people["stranger"])
    assert act(stranger, task, "accept").status_code == 404
    assert stranger.post(reverse("plans:settle", args=[plan.conflicts.first().pk])).status_code == 404
    assert stranger.post(reverse("plans:review_date", args=[Milestone.objects.first().pk])).status_code == 404
    assert stranger.post(reverse("plans:reject_indicator", args=[plan.indicators.first().pk])).status_code == 404
    assert stranger.post(url("discard", plan)).status_code == 404
    task.refresh_from_db()
    assert task.status == PlanTask.Status.PROPOSED


def test_an_act_after_the_session_ended_goes_to_the_log_in(world: World, plan: Plan) -> None:
    answer = act(Client(), task_of(plan, 0), "accept")
    assert answer.headers["HX-Refresh"] == "true"
    assert task_of(plan, 0).status == "proposed"


def test_an_auditor_reads_and_is_told_who_may_act(world: World, plan: Plan) -> None:
    client = of(world.people["auditor"])
    page = client.get(url("review", plan))
    assert page.status_code == 200
    assert 'data-post="accept"' not in page.content.decode()
    answer = act(client, task_of(plan, 0), "accept")
    assert answer.status_code == 422
    assert "经办人" in answer.content.decode()


def test_every_mark_names_a_field_of_the_ledger(world: World, plan: Plan) -> None:
    html = of(world.people["officer"]).get(url("review", plan)).content.decode()
    paper, _sign, ledger = html.partition('id="ledger"')
    marks = {key for keys in re.findall(r'<mark [^>]*data-k="([^"]+)"', paper) for key in keys.split()}
    fields = {key for keys in re.findall(r'data-k="([^"]+)"', ledger) for key in keys.split()}
    shown = {key for key in marks if not key.startswith("x")}  # conflicts have their own page
    task = task_of(plan, 0)
    assert f"t{task.pk}.m{task.milestones.first().pk}" in shown
    assert shown <= fields


def test_the_document_is_shown_whole_and_numbered(world: World, plan: Plan) -> None:
    html = of(world.people["officer"]).get(url("review", plan)).content.decode()
    paper = html.split('class="paper">')[1].split("</section>")[0]
    assert re.sub(r"<[^>]+>", "", paper).replace("\n", "").strip() == TEXT.replace("\n", "")
    assert 'id="L3" data-n="3"' in paper


def test_text_of_the_document_is_never_markup(world: World) -> None:
    text = TEXT + "<script>alert(1)</script>"
    made = import_plan(
        with_text(text),
        Source.of(b"x"),
        Place(world.district, world.departments["ecology"]),
        by=world.actor("officer"),
        at=AT,
    )
    html = of(world.people["officer"]).get(url("review", made)).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_filters_find_what_their_counts_say(world: World, plan: Plan) -> None:
    client = of(world.people["officer"])
    found = counts(plan)
    assert (found["all"], found["open"], found["doubt"], found["conflict"], found["units"]) == (4, 4, 1, 4, 1)
    for name in ("all", "open", "doubt", "conflict", "units"):
        html = client.get(url("review", plan), {"show": name}).content.decode()
        assert html.count("data-task ") == found[name], name


def test_the_screen_takes_the_same_queries_for_few_and_many_tasks(
    world: World, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    client = of(world.people["officer"])
    with django_assert_max_num_queries(40) as few:
        client.get(url("review", plan))
    many = draft(tasks=draft().tasks * 20, conflicts=(), sha256="other")
    made = import_plan(
        many, Source.of(b"y"), Place(world.district, world.departments["ecology"]), by=world.actor("officer"), at=AT
    )
    with django_assert_max_num_queries(len(few)) as _same:
        assert client.get(url("review", made)).content.decode().count("data-task ") == 80


def test_accepting_a_task_without_a_day_asks_for_this_years_action(world: World, plan: Plan) -> None:
    client, task = of(world.people["officer"]), task_of(plan, 1)
    html = act(client, task, "accept").content.decode()
    assert "今年做什么" in html
    assert 'id="progress" hx-swap-oob="true"' in html
    act(client, task, "accept", action="四次进社区", result_form="照片", person="林岚", rhythm="month")
    task.refresh_from_db()
    assert (task.status, task.accepted_by) == ("accepted", world.people["officer"])
    assert (task.standing_order.action, task.standing_order.rhythm) == ("四次进社区", "month")


def test_a_task_with_a_day_is_accepted_at_once(world: World, plan: Plan) -> None:
    html = act(of(world.people["officer"]), task_of(plan, 0), "accept").content.decode()
    assert "今年做什么" not in html
    assert "已采纳" in html


def test_rejecting_needs_a_reason_and_can_be_taken_back(world: World, plan: Plan) -> None:
    client, task = of(world.people["officer"]), task_of(plan, 0)
    refused = act(client, task, "reject", why=" ")
    assert refused.status_code == 422
    assert "不采纳任务需要写明理由" in refused.content.decode()
    assert act(client, task, "reject", why="与附表重复").status_code == 200
    task.refresh_from_db()
    assert (task.status, task.decided_why) == ("rejected", "与附表重复")
    act(client, task, "reopen")
    task.refresh_from_db()
    assert task.status == "proposed"


def test_correcting_words_units_and_deadline(world: World, plan: Plan) -> None:
    client, task = of(world.people["officer"]), task_of(plan, 0)
    form = client.get(reverse("plans:task_act", args=[task.uid, "correct"]), headers=HTMX).content.decode()
    assert 'value="区农业农村局"' in form
    act(
        client,
        task,
        "correct",
        number="1",
        title="隐患排查",
        text="完成排查。",
        deadline_text="9月底前",
        unit_name=["区农业农村局", "区水利局", ""],
        unit_role=["lead", "support", "support"],
    )
    task.refresh_from_db()
    assert (task.title, task.text, task.deadline_text) == ("隐患排查", "完成排查。", "9月底前")
    assert [term.last for term in task.milestones.all()] == [date(2026, 9, 30)]
    assert sorted((row.name, row.role) for row in task.units.all()) == [
        ("区农业农村局", "lead"),
        ("区水利局", "support"),
    ]
    refused = act(client, task, "correct", text=" ", title="改过的标题", unit_name=[], unit_role=[])
    assert refused.status_code == 422
    assert "改过的标题" in refused.content.decode(), "what was typed stays"


def test_words_of_a_deadline_are_read_while_typed(world: World, plan: Plan) -> None:
    client = of(world.people["officer"])
    assert "2026-06-30" in client.get(url("term_words", plan), {"deadline_text": "6月底前"}).content.decode()
    assert "没有读出日期" in client.get(url("term_words", plan), {"deadline_text": "看情况"}).content.decode()


def test_splitting_between_sentences(world: World, plan: Plan) -> None:
    client, task = of(world.people["officer"]), task_of(plan, 0)
    form = client.get(reverse("plans:task_act", args=[task.uid, "split"]), headers=HTMX).content.decode()
    [offset] = re.findall(r'name="at" value="(\d+)"', form)
    assert act(client, task, "split").status_code == 422  # nowhere chosen
    answer = act(client, task, "split", at=[offset])
    assert answer.headers["HX-Refresh"] == "true"
    assert [part.text for part in PlanTask.objects.filter(came_from=task)] == [
        "2026年10月底前完成重点单位隐患排查；",
        "建立整改台账。",
    ]


def test_merging_proposes_the_other_side_of_a_conflict_first(world: World, plan: Plan) -> None:
    client, task, other = of(world.people["officer"]), task_of(plan, 0), task_of(plan, 3)
    form = client.get(reverse("plans:task_act", args=[task.uid, "merge"]), headers=HTMX).content.decode()
    assert form.index(f'value="{other.pk}"') < form.index(f'value="{task_of(plan, 1).pk}"')
    assert act(client, task, "merge").status_code == 422
    act(client, task, "merge", other=[other.pk])
    other.refresh_from_db()
    assert other.merged_into == task


def test_undetermined_terms_ask_for_a_review_date(world: World, plan: Plan) -> None:
    client, term = of(world.people["officer"]), task_of(plan, 2).milestones.get()
    assert "请定复核日期" in client.get(url("review", plan)).content.decode()
    where = reverse("plans:review_date", args=[term.pk])
    assert "复核日期没有填写" in client.post(where, {"day": "soon"}, headers=HTMX).content.decode()
    client.post(where, {"day": "2026-12-01"}, headers=HTMX)
    term.refresh_from_db()
    assert term.review_on == date(2026, 12, 1)


def test_accepting_in_bulk(world: World, plan: Plan) -> None:
    client = of(world.people["officer"])
    client.post(url("accept_many", plan))
    assert counts(plan)["accepted"] == 3
    client.post(url("accept_many", plan), {"all": "1"})
    assert counts(plan)["open"] == 0


def test_correcting_the_head_gives_terms_their_days_anew(world: World, plan: Plan) -> None:
    client = of(world.people["officer"])
    kept = {"title": plan.title, "period_start": "2025-01-01", "period_end": "2025-12-31"}
    wrong = client.post(url("head", plan), {**kept, "year": "2025", "period_end": "2024-12-31"})
    assert wrong.status_code == 422
    assert "早于执行期起" in wrong.content.decode()
    client.post(url("head", plan), {**kept, "year": "2025", "issuer": "青禾区人民政府"})
    plan.refresh_from_db()
    assert (plan.year, plan.issuer) == (2025, "青禾区人民政府")
    assert task_of(plan, 0).milestones.get().last == date(2026, 10, 31), "printed with its year"
    assert task_of(plan, 3).milestones.get().last == date(2025, 11, 30)
    assert AuditEntry.objects.filter(act="plans.plan.corrected").count() == 1


def test_an_indicator_is_left_out_with_its_reason(world: World, plan: Plan) -> None:
    client, row = of(world.people["officer"]), plan.indicators.get()
    client.post(reverse("plans:reject_indicator", args=[row.pk]), {"why": ""})
    row.refresh_from_db()
    assert row.rejected_why == ""
    client.post(reverse("plans:reject_indicator", args=[row.pk]), {"why": "不考核"})
    row.refresh_from_db()
    assert row.rejected_why == "不考核"


def test_only_the_issuer_settles_and_others_see_who_can(world: World, plan: Plan) -> None:
    conflict = plan.conflicts.first()
    page = of(world.people["officer"]).get(url("conflicts", plan)).content.decode()
    assert "方案签发人" in page
    assert 'name="choice"' not in page
    where = reverse("plans:settle", args=[conflict.pk])
    of(world.people["officer"]).post(where, {"choice": "0", "ground": "核实"})
    conflict.refresh_from_db()
    assert conflict.settled_at is None


def test_the_issuer_settles_with_a_ground(world: World, plan: Plan) -> None:
    client, conflict = of(world.people["issuer"]), plan.conflicts.first()
    page = client.get(url("conflicts", plan)).content.decode()
    assert "以正文为准" in page
    assert "裁定前按较早的日期提醒" in page
    where = reverse("plans:settle", args=[conflict.pk])
    refused = client.post(where, {"choice": "0", "ground": ""}, follow=True)
    assert "需要写明理由" in refused.content.decode()
    client.post(where, {"choice": "0", "ground": "附表笔误"})
    conflict.refresh_from_db()
    assert (conflict.choice, conflict.ground) == ("0", "附表笔误")
    assert "附表笔误" in client.get(url("conflicts", plan)).content.decode()


def test_rows_that_stand_once_are_settled_in_one_go(world: World, plan: Plan) -> None:
    client = of(world.people["issuer"])
    client.post(url("settle_alike", plan), {"kind": "only_in_body", "choice": "keep", "ground": "附表从略"})
    assert plan.conflicts.filter(settled_at__isnull=True).count() == 1
    refused = client.post(
        url("settle_alike", plan), {"kind": "deadlines_differ", "choice": "0", "ground": "x"}, follow=True
    )
    assert "要逐条裁定" in refused.content.decode()


def test_body_and_table_become_one_task(world: World, plan: Plan) -> None:
    conflict = plan.conflicts.first()
    of(world.people["officer"]).post(reverse("plans:merge_sides", args=[conflict.pk]))
    assert task_of(plan, 3).merged_into == task_of(plan, 0)


def test_a_printed_name_is_asked_once_and_remembered(world: World, plan: Plan) -> None:
    client = of(world.people["officer"])
    page = client.get(url("units", plan)).content.decode()
    assert "“区规划中心”" in page
    nothing = client.post(url("answer_unit", plan), {"printed": "区规划中心"}, follow=True)
    assert "还没有选择单位" in nothing.content.decode()
    client.post(
        url("answer_unit", plan), {"printed": "区规划中心", "department": [world.departments["natural_resources"].pk]}
    )
    assert UnitAnswer.objects.get(printed="区规划中心").departments.get() == world.departments["natural_resources"]
    assert "文中的单位都已对应" in client.get(url("units", plan)).content.decode()


def test_a_department_of_elsewhere_is_no_answer(world: World, plan: Plan) -> None:
    client = of(world.people["officer"])
    client.post(
        url("answer_unit", plan), {"printed": "区规划中心", "department": [world.departments["other_ecology"].pk]}
    )
    assert not UnitAnswer.objects.exists()


def test_the_check_page_counts_what_publishing_then_makes(world: World, plan: Plan) -> None:
    client = of(world.people["issuer"])
    assert "4 项任务没有审核" in client.get(url("publish", plan)).content.decode()
    refused = client.post(url("publish", plan), follow=True)
    assert "还有 4 项任务没有审核" in refused.content.decode()
    client.post(url("accept_many", plan), {"all": "1"})
    ahead = client.get(url("publish", plan)).context["ahead"]
    client.post(url("publish", plan))
    plan.refresh_from_db()
    assert plan.stage == Plan.Stage.PUBLISHED
    assert Assignment.objects.filter(task__plan=plan).count() == ahead.assignments == 4
    assert [task.pk for task in ahead.nobody] == [task_of(plan, 2).pk]
    assert "不能再改" in act(client, task_of(plan, 0), "accept").content.decode()


def test_only_the_issuer_publishes(world: World, plan: Plan) -> None:
    client = of(world.people["officer"])
    client.post(url("accept_many", plan), {"all": "1"})
    client.post(url("publish", plan))
    plan.refresh_from_db()
    assert plan.stage == Plan.Stage.REVIEW


def test_a_draft_is_thrown_away_with_its_document(world: World, plan: Plan) -> None:
    client, actor = of(world.people["officer"]), world.actor("officer")
    review.split(task_of(plan, 0), [20], by=actor, at=AT)
    client.post(url("discard", plan))
    assert not Plan.objects.exists()
    assert not PlanDocument.objects.exists()
    assert AuditEntry.objects.filter(act="plans.plan.discarded").count() == 1


def test_a_published_plan_is_not_thrown_away(world: World, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(stage=Plan.Stage.PUBLISHED)
    answer = of(world.people["officer"]).post(url("discard", plan), follow=True)
    assert "已发布" in answer.content.decode()
    assert Plan.objects.filter(pk=plan.pk).exists()


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
    from dataclasses import replace

    return replace(task, text=replace(task.text, value="全年开展宣传教育。"))


def _added(task: Any) -> Any:
    from dataclasses import replace

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
