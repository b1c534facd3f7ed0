"""What plans name about the supervision of firms and their data, done by pages; docs/coverage.csv points here."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fronts.conftest import Told
from fronts.county import ISSUER, OFFICE, OTHER, here
from fronts.keyunits.story import (
    add_firm,
    add_notice,
    asked,
    done,
    duty,
    enter,
    photo,
    text,
    told,
    treat,
    visit,
    words,
)
from fronts.monitoring_story import add_point, laboratory_file, sample, send_out, sign_in, take_in
from soildesk.core.models import Department
from soildesk.enterprises.models import (
    Enterprise,
    EnterpriseVersion,
    Investigation,
)
from soildesk.kit.models import ImportBatch
from soildesk.oversight.models import InspectionPlan, Problem
from soildesk.plans.models import PlanTask

pytestmark = pytest.mark.django_db
Command = Callable[..., Told]
Find = Callable[[str, str], PlanTask]
Today = Callable[[str], None]


def drawn(office: Client, key: str = "soil_key", count: int = 2) -> InspectionPlan:
    said = {
        "title": "2026年度检查", "list_key": key, "count": str(count), "starts_on": "2026-01-05", "ends_on": "2026-12-31",
        "seed": "2026-01-04 3141", "seed_source": "县政府网站 2026-01-04 公告",
    }  # fmt: skip
    assert office.post(reverse("oversight:draw"), said).status_code == 403, "who inspects does not draw"
    done(sign_in(ISSUER).post(reverse("oversight:draw"), said))
    return here(InspectionPlan).get()


def test_key_units_are_inspected_by_a_plan_and_what_is_found_is_put_right(
    office: Client, plating: Enterprise, chemical: Enterprise
) -> None:
    plan = drawn(office)
    page = reverse("kit:record", args=["inspection_plans", str(plan.uid)])
    visit(office, chemical, str(plan.uid))
    assert text(office.get(page)).split('id="lot"')[1].count("去检查") == 1, "one of the two is still to be visited"
    visit(office, plating, str(plan.uid), {"fact": "酸洗区地面防渗层破损", "requirement": "修复", "due": "2026-12-20"})
    assert "去检查" not in text(office.get(page)).split('id="lot"')[1]

    problem = here(Problem).get()
    assert (problem.enterprise, str(problem.due)) == (plating, "2026-12-20")
    owner = Department.objects.get(name="安岳县经济和信息化局")
    done(treat(office, problem, "assign", unit=str(owner.pk), requirement="修复防渗层", due="2026-12-20"))
    industry = sign_in("ayjx")
    assert treat(industry, problem, "answer", note="已修复").status_code == 422, "no proof"
    done(treat(industry, problem, "answer", note="已修复", files=[photo("整改后.png")]))
    assert treat(industry, problem, "settle", note="合格").status_code == 403
    done(treat(sign_in(OTHER), problem, "settle", note="现场核实，合格"))
    problem.refresh_from_db()
    assert problem.settled_on is not None


@pytest.mark.parametrize("key", ["cadmium", "hazardous_waste"])
def test_firms_of_a_list_are_checked_and_what_is_found_is_put_right(
    office: Client, plating: Enterprise, key: str
) -> None:
    firm = add_firm(office, "安岳冶炼厂", industry="3212")
    enter(office, firm, add_notice(office, key, "2026-05-10"))
    plan = drawn(office, key, 1)
    page = reverse("kit:record", args=["inspection_plans", str(plan.uid)])
    lot = text(office.get(page)).split('id="lot"')[1]
    assert "安岳冶炼厂" in lot and "安岳电镀有限公司" not in lot, "drawn from that list alone"
    visit(office, firm, str(plan.uid), {"fact": "堆场渗滤液外流", "requirement": "整治", "due": "2026-12-20"})
    assert "去检查" not in text(office.get(page)).split('id="lot"')[1]
    problem = here(Problem).get()
    done(treat(office, problem, "answer", note="已整治", files=[photo("整治后.png")]))
    assert treat(office, problem, "settle", note="合格").status_code in {403, 422}, "who answers does not accept"
    done(treat(sign_in(OTHER), problem, "settle", note="现场验收合格"))
    problem.refresh_from_db()
    assert problem.state == Problem.State.SETTLED


def test_problems_of_the_daily_enforcement_are_measured(
    office: Client, plating: Enterprise, clause: Find, today: Today
) -> None:
    tasks = [clause("000", "日常执法"), clause("002", "日常监管执法")]
    visit(office, plating, "", {"fact": "未报年报", "requirement": "补报", "due": "2026-12-01"})
    today("2026-12-05")
    problem = here(Problem).get()
    for task in tasks:
        assert f"✗ {problem.number}" in asked(office, task, "oversight.problems_settled")
    said = {
        "violation": "no_toxic_report",
        "acted_on": "2026-04-01",
        "decided_on": "2026-12-05",
        "step": "cite",
        "law": "old",
    }
    done(office.post(reverse("oversight:cite", args=[problem.uid]), said))
    order = office.get(reverse("oversight:order", args=[problem.uid]))
    assert "wordprocessingml" in order["Content-Type"]
    done(treat(office, problem, "answer", note="已补报", files=[photo("回执.png")]))
    done(treat(sign_in(OTHER), problem, "settle", note="已核实"))
    for task in tasks:
        assert "到期的 1 个问题中，1 个已验收销号（100%）" in told(office, task)


def test_lists_of_problems_of_others_come_in(office: Client, plating: Enterprise) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("序号", "问题来源", "交办文号", "存在问题", "涉及企业", "完成时限"),
        ("1", "生态环境保护督察", "督察函〔2026〕9号", "危废间破损", "安岳电镀有限公司", "2026-12-31"),
    ):
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    done(
        office.post(
            reverse("kit:import_new", args=["problems"]), {"file": SimpleUploadedFile("督察.xlsx", file.getvalue())}
        )
    )
    batch = ImportBatch.objects.latest("pk")
    done(office.post(reverse("kit:import_accept", args=[batch.uid])))
    problem = here(Problem).get()
    assert (problem.source, str(problem.due), problem.enterprise) == ("inspectorate", "2026-12-31", plating)
    assert "督察函〔2026〕9号" in text(office.get(reverse("kit:record", args=["problems", str(problem.uid)])))


def test_a_units_data_are_looked_at_and_what_is_abnormal_is_investigated(
    soildesk: Command, office: Client, plating: Enterprise, tmp_path: Path
) -> None:
    code = EnterpriseVersion.objects.get(enterprise=plating, superseded_at=None).credit_code
    own = {"kind": "self", "source": "安岳电镀有限公司", "source_code": code}
    first, second = (add_point(office, name, (105.33 + at, 30.10), **own) for name, at in (("甲", 0.0), ("乙", 0.004)))
    of = send_out(office, "2026年自行监测", {"a": first, "b": second}, analytes="pH、镉、汞、砷、铅、铬、铜、镍、锌")
    sample(office, of, "2026-06-10")
    same = {"汞": "0.127", "砷": "8.63", "铅": "28.4", "铜": "31.7", "镍": "24.9", "锌": "88.6"}
    values = {first: {"pH": "6.1", "镉": "5.21", **same}, second: {"pH": "6.4", "镉": "0.137", **same}}
    take_in(soildesk, laboratory_file(tmp_path / "a.csv", of, values, "2026-06-10"), of, OFFICE)

    page = words(text(office.get(reverse("enterprises:firm_monitoring", args=[plating.uid]))))
    assert "这些只是线索" in page and f"样品{first.number}" in page

    check = reverse("enterprises:investigations_check")
    assert "安岳电镀有限公司" in text(office.get(check))
    done(office.post(check))
    case = here(Investigation).get()
    assert case.enterprise == plating
    done(office.post(check))
    assert here(Investigation).count() == 1, "one warning, one case"
    assert "监测异常后隐患排查" in words(duty(office, "hazard_inspection"))
    close = reverse("enterprises:investigation_close", args=[case.uid])
    assert office.post(close, {"conclusion": "", "on": "2026-11-21"}).status_code == 422
    done(office.post(close, {"conclusion": "酸洗槽渗漏，已修复", "on": "2026-11-21"}))
    assert "酸洗槽渗漏" in text(office.get(reverse("kit:record", args=["investigations", str(case.uid)])))


def test_data_made_up_are_a_case_with_its_clause_and_order(office: Client, plating: Enterprise) -> None:
    visit(office, plating, "", {"fact": "自行监测原始记录与报告不一致", "requirement": "重新监测", "due": "2026-12-20"})
    problem = here(Problem).get()
    said = {"violation": "false_monitoring_data", "acted_on": "2026-04-10", "decided_on": "2026-11-21"}
    url = reverse("oversight:cite", args=[problem.uid])
    assert office.post(url, {**said, "step": "cite"}).status_code == 422, "a person names the clause"
    done(office.post(url, {**said, "step": "cite", "law": "old"}))
    order = office.get(reverse("oversight:order", args=[problem.uid]))
    assert "wordprocessingml" in order["Content-Type"]
    penalty = {
        "number": "资环罚〔2026〕3号",
        "decided_on": "2026-11-20",
        "authority": "资阳市环境保护局",
        "content": "罚款",
    }
    done(office.post(reverse("oversight:punish", args=[problem.uid]), penalty))
    assert "资环罚〔2026〕3号" in text(office.get(reverse("kit:record", args=["problems", str(problem.uid)])))
