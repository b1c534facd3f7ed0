"""The review pages through the client: every act, its refusals in place, and who may open what."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.conftest import AT, World
from desk.plan_drafts import TEXT, draft, with_text
from desk.review_client import HTMX, act, of, plain_pages, sample, task_of, url
from soildesk.core.models import AuditEntry, Department
from soildesk.plans.models import Assignment, Milestone, Plan, PlanDocument, PlanTask, TaskUnit, UnitAnswer
from soildesk.plans.queries.review import counts
from soildesk.plans.services import review
from soildesk.plans.services.intake import Place, Source, import_plan
from soilrules.plantext import read

PAGES = ("review", "head", "conflicts", "units", "publish")


@pytest.fixture(autouse=True)
def desk(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_pages(settings, monkeypatch)


@pytest.fixture
def plan(world: World) -> Plan:
    return sample(world)


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_the_office_and_not_for_another_division(world: World, plan: Plan, name: str) -> None:
    assert of(world.people["officer"]).get(url(name, plan)).status_code == 200
    assert of(world.people["stranger"]).get(url(name, plan)).status_code == 404
    assert of(world.people["agriculture"]).get(url(name, plan)).status_code == 404  # a draft is the office's own
    assert Client().get(url(name, plan)).status_code == 302


def test_words_that_print_many_days_are_one_line(world: World) -> None:
    text = "青禾区2026年方案\n一、任务\n（一）农膜回收。每月5日前报送，每季度末报送汇总。（区农业农村局负责）\n"
    place = Place(world.district, world.departments["ecology"])
    plan = import_plan(read(text), Source.of(text.encode()), place, by=world.actor("officer"), at=AT)
    page = of(world.people["officer"]).get(url("review", plan)).content.decode()
    assert page.count("每月 5 日前") == 1
    assert page.count("每年 3、6、9、12 月") == 1
    words = of(world.people["officer"]).get(reverse("plans:term_words", args=[plan.uid]), {"deadline_text": "每月底前"})
    assert words.content.decode().count("每月底前") == 2, "as printed, and as read"


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
    client, place = of(world.people["officer"]), Place(world.district, world.departments["ecology"])
    again = draft(sha256="again")
    edition = import_plan(again, Source.of(b"x"), place, by=world.actor("officer"), at=AT)
    with django_assert_max_num_queries(40) as few:
        client.get(url("review", edition))
    many = draft(tasks=draft().tasks * 20, conflicts=(), sha256="other")
    made = import_plan(many, Source.of(b"y"), place, by=world.actor("officer"), at=AT)
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


def test_a_unit_that_is_registered_later_is_found_without_being_chosen(world: World, plan: Plan) -> None:
    client, page = of(world.people["officer"]), url("units", plan)
    assert "按登记的单位对应" not in client.get(page).content.decode()
    centre = Department.objects.create(name="青禾区规划中心", division=world.district)
    shown = client.get(page).content.decode()
    assert "现在认得出：区规划中心" in shown
    of(world.people["reader"]).post(url("match_units", plan))
    assert not TaskUnit.objects.filter(department=centre).exists()
    client.post(url("match_units", plan))
    (row,) = set(TaskUnit.objects.filter(name="区规划中心").values_list("department", "match"))
    assert row == (centre.pk, TaskUnit.Match.CERTAIN)
    assert not UnitAnswer.objects.exists(), "nobody said it: another edition is matched by what is registered then"
    assert "文中的单位都已对应" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("赤岩区2026年土壤污染防治工作方案", "赤岩区"),
        ("关于印发《赤岩县土壤污染防治方案》的通知", "赤岩县"),
        ("青禾区2026年土壤污染防治工作方案", ""),
        ("云泽市青禾区2026年工作方案", ""),
        ("云泽市2026年土壤污染防治工作计划", ""),
        ("全市土壤污染防治方案", ""),
        ("区域协同治理方案", ""),
        ("市级土壤污染防治方案", ""),
        ("工业园区土壤污染防治方案", ""),
        ("土壤污染防治方案", ""),
    ],
)
def test_a_plan_of_another_place_is_noticed_before_it_is_published(
    world: World, plan: Plan, title: str, told: str
) -> None:
    Plan.objects.filter(pk=plan.pk).update(title=title)
    page = of(world.people["officer"]).get(url("publish", plan)).content.decode()
    assert (f"标题写的是“{told}”" in page) is bool(told)
    assert ("标题写的是" in page) is bool(told)


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


def test_a_plan_that_gives_nothing_to_anybody_shows_its_clauses_open(world: World) -> None:
    text = "关于做好2026年全区土壤污染防治工作的通知\n各镇：\n一、工作任务\n（一）制定计划。4月30日前制定年度计划。\n"
    place = Place(world.district, world.departments["ecology"])
    plan = import_plan(read(text), Source.of(text.encode()), place, by=world.actor("officer"), at=AT)
    page = of(world.people["officer"]).get(url("review", plan)).content.decode()
    assert "没有读出写明单位的任务" in page and 'id="clauses" open' in page
    assert 'id="clauses" open' not in of(world.people["officer"]).get(url("review", sample(world))).content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_head_form_shows_its_dates_and_saving_it_as_it_stands_changes_nothing(
    world: World, plan: Plan, language: str
) -> None:
    client = of(world.people["officer"])
    client.cookies["django_language"] = language
    page = client.get(url("head", plan)).content.decode()
    shown = dict(re.findall(r'<input type="date" name="(\w+)" value="([^"]*)"', page))
    assert shown == {name: getattr(plan, name).isoformat() for name in ("issued_on", "period_start", "period_end")}
