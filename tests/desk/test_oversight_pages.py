"""The pages of oversight: acts, clause, order, comparison, lists taken in; and what firms never learn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from desk.enterprise_world import Firms
from desk.oversight_world import PICTURE, Desk
from soildesk.core.models import Duty
from soildesk.core.permissions import registered
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.happenings import Told
from soildesk.kit.models import ImportBatch
from soildesk.oversight.models import InspectionPlan, Problem, Visit
from soilrules.enterprises.facts import EventKind


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def client(world: Any, name: str) -> Client:
    return world.browser(name)


def record(problem: Problem) -> str:
    return reverse("kit:record", args=["problems", str(problem.uid)])


def act(problem: Problem, name: str) -> str:
    return reverse("oversight:problem_act", args=[problem.uid, name])


def test_from_the_list_to_acceptance_by_pages(world: Any) -> None:
    """Assign, put right with a file, accepted by another; a refusal is told on the page."""
    desk = Desk(world)
    desk.second_officer()
    problem = desk.problem("地面防渗层破损")
    officer, unit = client(world, "officer"), client(world, "agriculture")
    assert "未交办" in officer.get(record(problem)).content.decode()
    said = {"unit": world.departments["agriculture"].pk, "requirement": "修复", "due": "2026-11-30", "note": ""}
    assert officer.post(act(problem, "assign"), said).status_code == 302
    bare = unit.post(act(problem, "answer"), {"note": "已修复"})
    assert bare.status_code == 422
    assert "佐证材料" in bare.content.decode()
    photo = SimpleUploadedFile("整改后.png", PICTURE)
    assert unit.post(act(problem, "answer"), {"note": "已修复", "files": [photo]}).status_code == 302
    assert unit.get(act(problem, "settle")).status_code == 403
    for name in ("return", "extend", "dismiss"):
        assert officer.get(act(problem, name)).status_code == 200
    assert client(world, "second").post(act(problem, "settle"), {"note": "合格"}).status_code == 302
    page = officer.get(record(problem)).content.decode()
    assert "整改后.png" in page
    assert "重新打开" in page
    assert client(world, "stranger").get(act(problem, "reopen")).status_code == 404
    assert officer.get(act(problem, "nonsense")).status_code == 404


def test_late_is_marked(world: Any) -> None:
    """On the list and on the page."""
    problem = Desk(world).problem("渗漏", due=date(2026, 11, 15))
    officer = client(world, "officer")
    listed = officer.get(reverse("kit:collection", args=["problems"]) + "?late=1").content.decode()
    assert "逾期 5 天" in listed
    assert "逾期 5 天" in officer.get(record(problem)).content.decode()


def test_both_laws_are_shown_and_a_person_chooses(world: Any) -> None:
    """Looking writes nothing; choosing nothing is refused; the order carries the clause chosen."""
    problem = Desk(world).problem("未报年报")
    officer, url = client(world, "officer"), reverse("oversight:cite", args=[problem.uid])
    said = {"violation": "no_toxic_report", "acted_on": "2026-04-01", "decided_on": "2026-11-20"}
    page = officer.post(url, {**said, "step": "look"})
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count('name="law"') == 2
    assert "checked" not in text.split('id="ranges"')[1]
    problem.refresh_from_db()
    assert problem.clause == ""
    assert officer.post(url, {**said, "step": "cite"}).status_code == 422
    assert officer.post(url, {**said, "step": "cite", "law": "old"}).status_code == 302
    problem.refresh_from_db()
    assert "2019" in problem.clause
    answer = officer.get(reverse("oversight:order", args=[problem.uid]))
    cells = [cell.text for row in Document(BytesIO(answer.content)).tables[0].rows for cell in row.cells]
    assert problem.clause in cells
    punish = reverse("oversight:punish", args=[problem.uid])
    paper = {
        "number": "云环罚〔2026〕3号",
        "decided_on": "2026-11-18",
        "authority": "云泽市生态环境局",
        "content": "罚款三万元",
    }
    assert officer.post(punish, paper).status_code == 302
    assert "云环罚〔2026〕3号" in officer.get(record(problem)).content.decode()


@pytest.fixture
def demolished(world: Any) -> Any:
    """A key unit that began to demolish without filing."""
    made = Firms(world)
    firm = made.firm("青禾电镀有限公司")
    made.listed(firm, "soil_key", date(2026, 3, 20))
    started = Told(EventKind.DEMOLITION_STARTED, date(2026, 10, 8), subject="一号车间")
    happenings.record(firm, started, by=world.actor("officer"), at=world.at)
    return firm


def origins(page: Any) -> list[str]:
    return [line["one"].origin for line in page.context["lines"] if line["one"].problem is None]


def test_what_dates_show_becomes_one_problem(world: Any, demolished: Any) -> None:
    """One click, once; what is set aside stays so with its reason."""
    officer, url = client(world, "officer"), reverse("oversight:compare")
    found = origins(officer.get(url))
    assert len(found) == 2, "one for each office to file with"
    take = reverse("oversight:compare_take")
    assert officer.post(take, {"origin": found[0]}).status_code == 302
    problem = Problem.objects.get()
    assert (problem.source, problem.acted_on, problem.clause) == ("record", date(2026, 10, 8), "")
    assert problem.enterprise == demolished.enterprise
    officer.post(take, {"origin": found[0]})
    assert Problem.objects.count() == 1
    assert origins(officer.get(url)) == found[1:]
    assert officer.post(take, {"origin": "record:x"}).status_code == 404
    assert client(world, "reader").get(url).status_code == 403


def test_what_is_set_aside_stays_with_its_reason(world: Any, demolished: Any) -> None:
    officer, url = client(world, "officer"), reverse("oversight:compare")
    found, other = origins(officer.get(url))
    dismiss = reverse("oversight:compare_dismiss") + f"?origin={found}"
    assert officer.get(dismiss).status_code == 200
    assert officer.post(dismiss, {"note": ""}).status_code == 422
    assert officer.post(dismiss, {"note": "为设备检修，不是拆除"}).status_code == 302
    problem = Problem.objects.get()
    assert problem.state == Problem.State.DISMISSED
    assert "设备检修" in client(world, "officer").get(record(problem)).content.decode()
    assert origins(officer.get(url)) == [other]
    assert client(world, "stranger").get(url).context["lines"] == []


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_others_lists_come_in_by_their_own_headings(world: Any) -> None:
    """Every row's fate first; the same list again gives nothing twice."""
    Firms(world).firm("青禾电镀有限公司")
    head = ("序号", "问题来源", "交办文号", "存在问题", "涉及企业", "责任单位", "完成时限")
    good = (
        "1",
        "生态环境保护督察",
        "督察函〔2026〕9号",
        "危废间破损",
        "青禾电镀有限公司",
        "区农业农村局",
        "2026-12-31",
    )
    bad = ("2", "审计", "审〔2026〕1号", "台账缺失", "没有这家公司", "", "")
    officer = client(world, "officer")
    url = reverse("kit:import_new", args=["problems"])

    def taken(name: str, *rows: tuple[Any, ...]) -> ImportBatch:
        officer.post(url, {"file": SimpleUploadedFile(name, workbook(head, *rows))})
        return ImportBatch.objects.latest("pk")

    batch = taken("督察.xlsx", good, bad)
    assert (batch.counts["ok"], batch.counts["refused"]) == (1, 1)
    batch = taken("督察二.xlsx", good)
    assert officer.post(reverse("kit:import_accept", args=[batch.uid])).status_code == 302
    problem = Problem.objects.get()
    assert (problem.source, problem.due, problem.batch_id) == ("inspectorate", date(2026, 12, 31), batch.pk)
    assert problem.unit == world.departments["agriculture"]
    again = taken("督察四.xlsx", ("7", *good[1:]))
    assert again.counts["refused"] == 1
    assert problem.number in str(again.rows.get().messages)


SECRET = ("绝密检查", "绝密问题", "绝密人员")


@pytest.fixture
def secret(world: Any) -> Any:
    """A firm with its representative, drawn, visited and complained of."""
    made, desk = Firms(world), Desk(world)
    firm = made.firm("青禾电镀有限公司")
    made.firm("青禾农化有限公司")
    made.listed(firm, "soil_key", date(2026, 3, 20))
    made.representative(firm)
    plan = desk.plan(2, title="绝密检查")
    desk.visit(firm, "绝密问题", plan=plan, inspectors="绝密人员")
    desk.problem("绝密问题二", enterprise=firm.enterprise)
    return firm


def addresses(firm: Any) -> Iterator[str]:
    """Every way the rows could show: pages, records, exports, API, map, search, today, the duty table."""
    rows = {"problems": Problem, "inspection_plans": InspectionPlan, "visits": Visit}
    for name, model in rows.items():
        yield from (
            f"/kit/r/{name}/",
            f"/kit/r/{name}/?export=csv",
            f"/api/v1/{name}",
            f"/ogc/collections/{name}/items",
        )
        for uid in model.objects.values_list("uid", flat=True):
            yield from (f"/kit/r/{name}/{uid}", f"/api/v1/{name}/{uid}", f"/map/card/{name}/{uid}")
            yield f"/ogc/collections/{name}/items/{uid}"
    problem, plan, visit = Problem.objects.first(), InspectionPlan.objects.first(), Visit.objects.first()
    assert problem
    assert plan
    assert visit
    yield from (act(problem, "answer"), reverse("oversight:order", args=[problem.uid]))
    yield from (reverse("oversight:cite", args=[problem.uid]), reverse("oversight:compare"), reverse("oversight:draw"))
    yield from (reverse("oversight:plan_close", args=[plan.uid]), reverse("oversight:visit_choose"))
    yield from (
        reverse("oversight:visit_firm", args=[firm.enterprise.uid]),
        reverse("oversight:visit_correct", args=[visit.uid]),
    )
    yield from ("/", "/api/v1/", "/ogc/collections", "/map/", f"/kit/r/enterprises/{firm.enterprise.uid}")
    yield from (f"/search?q={word}" for word in SECRET)


def said(answer: Any) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode("utf-8", "replace")


def test_a_firm_learns_nothing_of_its_supervision(world: Any, secret: Any) -> None:
    """By no page, count, search, export, interface, tile or list of what is due."""
    firm = client(world, "firm")
    urls = list(addresses(secret))
    for url in urls:
        answer = firm.get(url, follow=True)
        text = said(answer)
        assert answer.status_code in {200, 302, 403, 404}, f"{url}: {answer.status_code}"
        assert not [word for word in SECRET if word in text.replace(f"q={word}", "") and "/search" not in url], url
        if "/oversight/" in url or "/kit/r/" in url:
            assert answer.status_code in {403, 404}, f"{url}: {answer.status_code}"
    assert not [
        name for name in registered() if name.startswith("oversight") and "enterprise" in str(registered()[name].roles)
    ]
    actor = world.actor("firm")
    for model in (Problem, InspectionPlan, Visit, Duty):
        assert not model.objects.visible_to(actor).exists()


def test_what_a_firm_asks_is_answered_as_if_nothing_were(world: Any, secret: Any) -> None:
    """The same answers before and after a visit that found something."""
    firm = client(world, "firm")
    urls = ["/", "/api/v1/", "/ogc/collections", "/kit/r/enterprises/"]

    def answers() -> list[tuple[int, int]]:
        return [(one.status_code, len(said(one))) for one in (firm.get(url, follow=True) for url in urls)]

    before = answers()
    Desk(world).visit(secret, "绝密问题三", plan=InspectionPlan.objects.first())
    Desk(world).plan(1)
    assert answers() == before


def test_a_reader_sees_problems_and_no_plan_or_visit(world: Any, secret: Any) -> None:
    """The page of a firm shows visits to the office alone."""
    url = f"/kit/r/enterprises/{secret.enterprise.uid}"
    office = client(world, "officer").get(url).content.decode()
    reader = client(world, "reader").get(url).content.decode()
    visit = Visit.objects.get()
    assert visit.number in office
    assert visit.number not in reader
    assert "绝密问题" in reader
    for name in ("inspection_plans", "visits"):
        assert client(world, "reader").get(f"/kit/r/{name}/").status_code == 403
    assert (
        json.dumps(list(Duty.objects.visible_to(world.actor("reader")).values_list("title", flat=True))).count(
            "青禾电镀"
        )
        == 0
    )


def test_an_officer_elsewhere_finds_nothing_at_any_address(world: Any, secret: Any) -> None:
    """Nor does a reader here find plans and visits by any face."""
    stranger, reader = client(world, "stranger"), client(world, "reader")
    hidden = [*InspectionPlan.objects.values_list("number", flat=True), SECRET[0], SECRET[2]]
    for url in addresses(secret):
        answer = stranger.get(url)
        assert answer.status_code in {200, 302, 403, 404}, f"{url}: {answer.status_code}"
        if "/search" not in url:
            assert not [word for word in SECRET if word in said(answer)], url
        told = said(reader.get(url))
        assert not [word for word in hidden if word in told and "/search" not in url], url


def test_a_visit_by_its_page(world: Any, secret: Any) -> None:
    """Chosen from the drawn, written with a problem; a wrong one loses nothing; corrected with the reason."""
    officer = client(world, "officer")
    plan = InspectionPlan.objects.get()
    other = next(one for one in plan.drawings.all() if one.enterprise_id != secret.enterprise_id)
    page = officer.get(reverse("oversight:visit_choose") + "?q=农化")
    assert [one.drawing.pk for _plan, one in page.context["drawn"]] == [other.pk]
    assert len(page.context["found"]) == 1
    url = reverse("oversight:visit_firm", args=[other.enterprise.uid]) + f"?plan={plan.uid}"
    assert officer.get(url).status_code == 200
    forms = {"problem-TOTAL_FORMS": "5", "problem-INITIAL_FORMS": "0"}
    told = {"found": "nothing", "on": "2026-11-20", "inspectors": "甲、乙", "problem-0-fact": "围堰缺口", **forms}
    refused = officer.post(url, told)
    assert refused.status_code == 422
    assert "围堰缺口" in refused.content.decode()
    done = officer.post(
        url, {**told, "found": "problems", "photo-site": [SimpleUploadedFile("a.png", PICTURE)]}, follow=True
    )
    assert "围堰缺口" in done.content.decode()
    visit = Visit.objects.get(enterprise=other.enterprise)
    assert visit.plan == plan
    correct = reverse("oversight:visit_correct", args=[visit.uid])
    assert officer.get(correct).status_code == 200
    anew = {"found": "problems", "on": "2026-11-19", "inspectors": "甲、乙", "reason": "日期写错"}
    assert officer.post(correct, anew).status_code == 302
    assert officer.get(correct).status_code == 404
    assert officer.get(f"/kit/r/inspection_plans/{plan.uid}").context["done"] == 2


def test_a_plan_by_its_page(world: Any, secret: Any) -> None:
    """Drawn and closed by the issuer alone; the page says how to draw it again."""
    issuer, url = client(world, "issuer"), reverse("oversight:draw")
    assert issuer.get(url).status_code == 200
    wanted = {
        "title": "第四季度", "list_key": "soil_key", "count": "1", "starts_on": "2026-11-20", "ends_on": "2026-12-31",
        "seed": "3141592", "seed_source": "公告",
    }  # fmt: skip
    assert issuer.post(url, {**wanted, "count": "9"}).status_code == 422
    assert issuer.post(url, wanted).status_code == 302
    plan = InspectionPlan.objects.get(title="第四季度")
    page = issuer.get(f"/kit/r/inspection_plans/{plan.uid}").content.decode()
    assert "SHA-256" in page
    assert "3141592" in page
    assert "结果相同" in page
    assert client(world, "officer").get(url).status_code == 403
    close = reverse("oversight:plan_close", args=[plan.uid])
    assert issuer.get(close).status_code == 200
    assert issuer.post(close).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "closed"


def test_today_tells_whose_problem_is_due(world: Any) -> None:
    """The unit sees its own, the office what others owe and what waits to be accepted; nobody sees what is far."""
    desk = Desk(world)
    near = desk.problem("渗漏甲", unit="agriculture", due=date(2026, 12, 1))
    desk.problem("渗漏乙", unit="agriculture", due=date(2027, 3, 1))
    unit, office = client(world, "agriculture"), client(world, "officer")
    for each in (unit, office):
        text = each.get("/").content.decode()
        assert "渗漏甲" in text
        assert "渗漏乙" not in text
    desk.answered(near)
    assert "渗漏甲" not in unit.get("/").content.decode()
    assert "问题待验收" in office.get("/").content.decode()
    desk.problem("没有交办")
    assert "没有交办" in office.get("/").content.decode()
