"""The ledger's pages through the client: what is shown to whom, every act and every refusal, constant queries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk.ledger_world import at_unit, published, taken_in, task
from soildesk.core import audit
from soildesk.core.models import Duty, FileUse
from soildesk.plans.models import Assignment, Plan, PlanTask, ProgressEntry

BUDGETS = json.loads((Path(__file__).parents[1] / "query_budgets.json").read_text(encoding="utf-8"))
A = Assignment.State
pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    cache.clear()  # counts and choices are kept for a minute, and every test has its own plan 1


@pytest.fixture
def plan(world: Any) -> Plan:
    return published(world)


@pytest.fixture
def login(world: Any) -> Login:
    return world.browser


def shown(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, f"{url}: {response.status_code}"
    return response.content.decode()


def chips(page: str) -> list[str]:
    return re.findall(r'class="chip chip-[a-z]+"[^>]*><svg.*?</svg>([^<]+)<', page)


def act(client: Client, assignment: Assignment, name: str, **data: Any) -> Any:
    return client.post(f"/plans/assignments/{assignment.uid}/{name}/", data, follow=True)


# --- lists -----------------------------------------------------------------------------------------------------------


def test_ledger_shows_units_dates_and_states(plan: Plan, login: Login) -> None:
    page = shown(login("officer"), "/plans/ledger/")
    for words in ("开展隐患排查", "区生态环境局", "柏庄镇、军庄镇", "10月底前", "2026-10-31", "已过 20 天"):
        assert words in page, words
    assert {"逾期", "下发前已到期", "长期"} <= set(chips(page))
    row = page[page.index("加强监测") :]
    assert "late" not in row[: row.index("</tr>")], "what was due before issue is never red"
    assert "cw-15 frozen" not in page, "what is as wide as a number is kept in one piece; a sentence is not"


def test_ledger_holds_accepted_tasks_only(world: Any, plan: Plan, login: Login) -> None:
    PlanTask.objects.filter(pk=task(plan, "（一）").pk).update(status=PlanTask.Status.REJECTED)
    assert "开展隐患排查" not in shown(login("officer"), "/plans/ledger/")


@pytest.mark.store
@pytest.mark.parametrize(("query", "wanted"), [
    ("state=overdue", {"（一）", "（三）"}), ("state=standing", {"（四）"}), ("state=before_issue", {"（二）"}),
    ("q=台帐", {"（一）"}), ("soon=30", set()), ("due_from=2026-03-01&due_to=2026-03-31", {"（四）"}),
    ("origin=table", set()), ("plan=all&sort=due", {"（一）", "（二）", "（三）", "（四）"}),
])  # fmt: skip
def test_filters(plan: Plan, login: Login, query: str, wanted: set[str]) -> None:
    page = shown(login("officer"), f"/plans/ledger/?{query}")
    found = {number for number in ("（一）", "（二）", "（三）", "（四）") if f">{number}</td>" in page}
    assert found == wanted


def test_ledger_by_unit(world: Any, plan: Plan, login: Login) -> None:
    page = shown(login("officer"), f"/plans/ledger/?unit={world.towns['柏庄镇'].uid}")
    assert ">（三）</td>" in page and ">（一）</td>" not in page


def test_as_of_a_day_before_anything_was_late(plan: Plan, login: Login) -> None:
    page = shown(login("officer"), "/plans/ledger/?on=2026-06-01")
    assert "逾期" not in chips(page) and "未开始" in chips(page)
    assert f"/plans/tasks/{task(plan, '（一）').uid}/?on=2026-06-01" in page, "links keep the day"


@pytest.mark.store
def test_plan_list_with_phase_and_counts(plan: Plan, login: Login) -> None:
    page = shown(login("officer"), "/plans/")
    assert "执行期内" in chips(page) and "读入方案" in page
    assert "到期待总结" in chips(shown(login("officer"), "/plans/?on=2027-01-01"))
    assert "读入方案" not in shown(login("agriculture"), "/plans/")


def test_export_is_what_is_shown(plan: Plan, login: Login) -> None:
    response = login("officer").get("/plans/ledger/?state=overdue&export=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[0].startswith("序号,重点工作,目标任务,牵头单位")
    assert "逾期" in lines[1]


# --- one task, one plan ----------------------------------------------------------------------------------------------


def test_task_page_says_why_each_unit_is_on_it(plan: Plan, login: Login) -> None:
    page = shown(login("officer"), f"/plans/tasks/{task(plan, '（三）').uid}/")
    assert "（区农业农村局牵头，区财政局配合，柏庄镇、军庄镇负责落实）" in page
    assert "2026-06-30" in page and "2026-12-20" in page
    assert f"/plans/{plan.uid}/review/#t" in page, "the way to the words in the document"


def test_stopped_acts_say_who_can(plan: Plan, login: Login) -> None:
    page = shown(login("agriculture"), f"/plans/tasks/{task(plan, '（一）').uid}/")
    assert "只有责任单位（区生态环境局、区科工信局）的人员和经办人可以填报" in page


@pytest.mark.store
def test_overview_counts_lead_to_their_rows(plan: Plan, login: Login) -> None:
    client = login("officer")
    page = shown(client, f"/plans/{plan.uid}/")
    url = re.search(r'href="([^"]*state=overdue[^"]*)"', page)
    assert url and "<svg" in page and "受污染耕地安全利用率" in page
    rows = shown(client, url[1].replace("&amp;", "&"))
    assert rows.count('<th scope="row" class="cw-') == 2, "the number on the tile is the number of rows"


def test_another_division_sees_nothing(world: Any, plan: Plan, login: Login) -> None:
    stranger = login("stranger")
    mine = at_unit(plan, "（一）", world.departments["ecology"])
    for url in (f"/plans/{plan.uid}/", f"/plans/tasks/{mine.task.uid}/", f"/plans/assignments/{mine.uid}/report/"):
        shown(stranger, url, 404)
    for url in ("/plans/ledger/?plan=all", "/plans/", "/plans/department/?unit=all"):
        assert "开展隐患排查" not in shown(stranger, url)
    assert act(stranger, mine, "receive").status_code == 404
    assert act(stranger, mine, "report", said="done", text="已办").status_code == 404


def test_drafts_are_the_offices(world: Any, login: Login) -> None:
    draft = taken_in(world)
    shown(login("agriculture"), f"/plans/{draft.uid}/", 404)
    assert "开展隐患排查" not in shown(login("officer"), "/plans/ledger/?plan=all")


# --- acts ------------------------------------------------------------------------------------------------------------


@pytest.mark.store
def test_a_unit_signs_and_reports_done_with_evidence_and_the_office_verifies(
    world: Any, plan: Plan, login: Login
) -> None:
    unit, office = login("agriculture"), login("officer")
    mine = at_unit(plan, "（三）", world.departments["agriculture"])
    sign = f'formaction="/plans/assignments/{mine.uid}/receive/'
    assert sign in shown(unit, "/plans/department/"), "the row itself offers 签收"
    act(unit, mine, "receive")
    assert sign not in shown(unit, "/plans/department/")
    mine.refresh_from_db()
    assert (mine.state, mine.received_by) == (A.RECEIVED, world.people["agriculture"])
    file = SimpleUploadedFile("方案.txt", "已印发".encode())
    act(unit, mine, "report", said="done", period="m0", text="方案已印发", done_on="2026-06-20", files=[file])
    first = Duty.objects.get(subject_id=mine.task_id, unit=mine.department, period="m0")
    assert first.done_on is not None and FileUse.objects.get().name == "方案.txt"
    mine.refresh_from_db()
    assert mine.state == A.UNDER_WAY, "one milestone is still ahead"
    act(unit, mine, "report", said="done", period="m1", text="900亩全部完成", done_on="2026-11-18")
    mine.refresh_from_db()
    assert mine.state == A.REPORTED
    assert "方案.txt" in shown(unit, f"/plans/tasks/{mine.task.uid}/")
    assert "去核实" in shown(office, "/plans/department/?unit=all&show=verify")
    assert "去核实" not in shown(unit, "/plans/department/")
    act(office, mine, "verify")
    mine.refresh_from_db()
    assert mine.state == A.VERIFIED and audit.verify().ok


def test_what_is_sent_back_is_open_again(world: Any, plan: Plan, login: Login) -> None:
    mine = at_unit(plan, "（一）", world.departments["ecology"])
    office = login("officer")
    act(office, mine, "report", said="done", text="已完成", done_on="2026-10-30")
    refused = act(office, mine, "return", why=" ")
    assert refused.status_code == 422 and "需要写明理由" in refused.content.decode()
    act(office, mine, "return", why="缺少台账")
    mine.refresh_from_db()
    assert (mine.state, mine.returned_why) == (A.RETURNED, "缺少台账")
    assert Duty.objects.get(subject_id=mine.task_id, unit=mine.department).done_on is None


def test_not_done_needs_its_reason_and_misdirected_its_ground(world: Any, plan: Plan, login: Login) -> None:
    town = login("town")
    mine = at_unit(plan, "（三）", world.towns["柏庄镇"])
    answer = act(town, mine, "report", said="not_done", text="正在联系")
    assert answer.status_code == 422 and "需要写明未办原因" in answer.content.decode()
    act(town, mine, "report", said="not_done", unfinished_why="资金未到位")
    assert ProgressEntry.objects.get(assignment=mine).unfinished_why == "资金未到位"
    assert "申请改派需要写明理由" in act(town, mine, "report", said="misdirected").content.decode()
    act(town, mine, "report", said="misdirected", text="应由军庄镇办理")
    mine.refresh_from_db()
    assert mine.state == A.MISDIRECTED


def test_the_office_gives_a_task_to_another_unit_with_its_open_dates(world: Any, plan: Plan, login: Login) -> None:
    mine = at_unit(plan, "（三）", world.towns["柏庄镇"])
    to = world.departments["water"]
    act(login("officer"), mine, "reassign", to=str(to.uid), why="职能调整")
    taker = at_unit(plan, "（三）", to)
    mine.refresh_from_db()
    assert (mine.state, taker.state) == (A.WITHDRAWN, A.SENT)
    assert Duty.objects.filter(subject_id=mine.task_id, unit=to).count() == 2


@pytest.mark.parametrize("name", ["verify", "return", "reassign"])
def test_units_do_not_do_the_offices_acts(world: Any, plan: Plan, login: Login, name: str) -> None:
    mine = at_unit(plan, "（三）", world.departments["agriculture"])
    act(login("agriculture"), mine, "report", said="going", text="办理中")
    before = Assignment.objects.filter(pk=mine.pk).values().get()
    answer = act(login("agriculture"), mine, name, why="不行")
    assert answer.status_code == 403 or "需要" in answer.content.decode()
    assert Assignment.objects.filter(pk=mine.pk).values().get() == before


def test_a_unit_does_not_act_for_another(world: Any, plan: Plan, login: Login) -> None:
    other = at_unit(plan, "（一）", world.departments["ecology"])
    assert act(login("town"), other, "report", said="done", text="已办").status_code == 403
    act(login("town"), other, "receive")
    other.refresh_from_db()
    assert (other.state, other.received_at) == (A.SENT, None)


def test_a_day_in_the_future_is_refused_with_what_to_do(world: Any, plan: Plan, login: Login) -> None:
    mine = at_unit(plan, "（一）", world.departments["ecology"])
    answer = act(login("officer"), mine, "report", said="done", text="已办", done_on="2026-12-01")
    assert answer.status_code == 422 and "请填写今天或更早的日期" in answer.content.decode()


def test_one_file_serves_several_tasks(plan: Plan, login: Login) -> None:
    chosen = [task(plan, "（一）"), task(plan, "（三）")]
    file = SimpleUploadedFile("照片说明.txt", b"photo")
    login("officer").post("/plans/evidence/", {"tasks": [str(t.uid) for t in chosen], "file": file})
    uses = FileUse.objects.all()
    assert {use.subject_id for use in uses} == {t.pk for t in chosen}
    assert len({use.attachment_id for use in uses}) == 1
    empty = login("officer").post("/plans/evidence/", {"file": SimpleUploadedFile("a.txt", b"x")})
    assert empty.status_code == 422 and "没有选择任务" in empty.content.decode()


def test_evidence_is_read_by_the_office_and_by_the_unit_that_filed_it(world: Any, plan: Plan, login: Login) -> None:
    mine = at_unit(plan, "（三）", world.departments["agriculture"])
    file = SimpleUploadedFile("a.txt", b"x")
    act(login("agriculture"), mine, "report", said="going", text="办理中", files=[file])
    url = f"/system/files/{FileUse.objects.get().uid}/"
    wanted = {"agriculture": 200, "officer": 200, "town": 404, "stranger": 404}
    assert {name: login(name).get(url).status_code for name in wanted} == wanted


# --- 我的单位, 今日 --------------------------------------------------------------------------------------------------


def tiles(page: str) -> dict[str, int]:
    return {
        title: int(n) for n, title in re.findall(r'tile-count">([\d,]+)</span><span class="tile-title">([^<]+)<', page)
    }


@pytest.mark.store
def test_my_department_counts_lead_to_rows(plan: Plan, login: Login) -> None:
    client = login("agriculture")
    counts = tiles(shown(client, "/plans/department/"))
    assert counts == {"待签收": 2, "被退回": 0, "逾期": 1, "14日内到期": 0, "本期未报": 0, "内部时限已过": 0}
    late = shown(client, "/plans/department/?show=late")
    assert "推进耕地安全利用" in late and "加强监测" not in late
    assert "待核实" not in counts and "待核实" in tiles(shown(login("officer"), "/plans/department/"))


def test_a_unit_sees_no_other_units_table(world: Any, plan: Plan, login: Login) -> None:
    page = shown(login("agriculture"), f"/plans/department/?unit={world.departments['ecology'].uid}")
    assert "开展隐患排查" not in page
    assert "开展隐患排查" in shown(login("officer"), f"/plans/department/?unit={world.departments['ecology'].uid}")


def test_signing_many_at_once(world: Any, plan: Plan, login: Login) -> None:
    client = login("agriculture")
    keys = [str(a.uid) for a in Assignment.objects.filter(department=world.departments["agriculture"])]
    client.post("/plans/department/", {"act": "receive", "key": keys})
    assert tiles(shown(client, "/plans/department/"))["待签收"] == 0


def test_entry_without_leaving_the_list(world: Any, plan: Plan, login: Login) -> None:
    client = login("agriculture")
    mine = at_unit(plan, "（三）", world.departments["agriculture"])
    url = f"/plans/assignments/{mine.uid}/report/"
    form = client.get(url, headers={"hx-request": "true"}).content.decode()
    assert form.lstrip().startswith("<tr") and "已办" in form and "转错了" in form
    refused = client.post(url, {"said": "going"}, headers={"hx-request": "true"})
    assert refused.status_code == 200 and "进展内容为空" in refused.content.decode()
    done = client.post(url, {"said": "going", "text": "已印发方案"}, headers={"hx-request": "true"}).content.decode()
    assert f'id="state-{mine.uid}"' in done and "办理中" in done


@pytest.mark.store
def test_today_lists_what_is_owed_and_by_whom(plan: Plan, login: Login) -> None:
    unit = shown(login("agriculture"), "/")
    assert "推进耕地安全利用" in unit and "别人欠我们的" not in unit
    office = shown(login("officer"), "/")
    assert "别人欠我们的" in office and "区农业农村局" in office
    letters = shown(login("officer"), "/plans/reminders/")
    assert "青禾区农业农村局：" in letters and "已过 143 天" in letters and "区生态环境局：" in letters


def test_a_plan_feeds_today_from_its_first_day_until_it_is_closed(plan: Plan, login: Login) -> None:
    page = shown(login("officer"), "/?on=2025-12-31")
    assert "没有在办的方案" in page and "开展隐患排查" not in page
    assert "开展隐患排查" in shown(login("officer"), "/?on=2027-02-01"), "open since its period ended"


def test_first_day_says_what_to_do(world: Any, login: Login) -> None:
    assert "从这里开始" in shown(login("officer"), "/") and "读入方案" in shown(login("officer"), "/")
    assert "经办人读入并发布方案后" in shown(login("agriculture"), "/")


# --- queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ledger", "department", "list", "today", "overview", "task"])
def test_query_budget(world: Any, plan: Plan, login: Login, name: str) -> None:
    """Pages take no more queries with many tasks than with few."""
    url = {
        "ledger": "/plans/ledger/",
        "department": "/plans/department/?unit=all",
        "list": "/plans/",
        "today": "/",
        "overview": f"/plans/{plan.uid}/",
        "task": f"/plans/tasks/{task(plan, '（三）').uid}/",
    }[name]
    client = login("officer")
    counts = []
    for more in (0, 30):
        _multiply(plan, more)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0], "queries grow with the rows"
    assert counts[0] <= BUDGETS[f"plans.{name}"]


def _multiply(plan: Plan, count: int) -> None:
    first = task(plan, "（一）")
    there = list(first.assignments.all())
    owed = list(Duty.objects.for_subject(first))
    for number in range(count):
        copy = PlanTask.objects.get(pk=first.pk)
        copy.pk, copy.uid, copy.position, copy.number, copy._state.adding = (
            None,
            PlanTask().uid,
            100 + number,
            f"x{number}",
            True,
        )
        copy.save()
        for one in there:
            Assignment.objects.create(
                task=copy,
                department=one.department,
                role=one.role,
                division_path=one.division_path,
                owner_department=one.owner_department,
            )
        for duty in owed:
            duty.pk, duty.uid, duty.subject_id, duty._state.adding = None, Duty().uid, copy.pk, True
            duty.save()
