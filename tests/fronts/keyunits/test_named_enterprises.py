"""What plans name about key units, their lists and duties, done by pages and commands; docs/coverage.csv points here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fronts.conftest import Told
from fronts.county import CITY, ISSUER, OFFICE
from fronts.keyunits.story import (
    CHEMICAL,
    PLATING,
    add,
    add_firm,
    add_notice,
    asked,
    done,
    duty,
    enter,
    file_in,
    happened,
    list_page,
    photo,
    public_page,
    review,
    rows_of,
    text,
    told,
    treated,
    walked,
    words,
)
from fronts.monitoring_story import sign_in
from soildesk.enterprises.models import (
    Enterprise,
    FacilityVersion,
    Filing,
    Hazard,
    Listing,
)
from soildesk.plans.models import Plan, PlanTask

pytestmark = pytest.mark.django_db
Command = Callable[..., Told]
Find = Callable[[str, str], PlanTask]
Today = Callable[[str], None]


def test_the_list_of_key_units_changes_by_notices_and_is_published(
    soildesk: Command, office: Client, plating: Enterprise, clause: Find
) -> None:
    county_tasks = [
        clause("000", "动态更新土壤污染重点监管名录"),
        clause("001", "重点监管企业名单"),
        clause("002", "名录实施动态更新"),
        clause("003", "更新土壤污染重点监管单位名录"),
    ]
    assert "应于 2026-03-31 前公开，没有公开的记录" in asked(office, county_tasks[0], "enterprises.list_published")

    new = add_firm(office, "安岳铅酸蓄电池有限公司", industry="3843")
    assert (
        office.post(reverse("enterprises:enter", args=[new.uid]), {"notice": "", "reason": "自行决定"}).status_code
        == 422
    )
    notice = add_notice(office, "soil_key", "2026-03-20", "2026-03-25")
    enter(office, new, notice)
    stay = Listing.objects.get(enterprise=plating, superseded_at=None)
    left = {"notice": str(notice.uid), "reason": "已关停"}
    done(office.post(reverse("enterprises:leave", args=[stay.uid]), left))

    assert "安岳电镀" in list_page(office, "soil_key", "2026-03-24") and "安岳铅酸" not in list_page(
        office, "soil_key", "2026-03-24"
    )
    assert "安岳铅酸" in list_page(office, "soil_key") and "安岳电镀" not in list_page(office, "soil_key")
    public = Client().get(reverse("enterprises:list_public", args=["512021", "soil_key"]))
    assert "安岳铅酸蓄电池有限公司" in text(public)
    printed = soildesk("enterprises", "list", "--list", "soil_key", "--as", OFFICE, "--json").data
    assert [one["name"] for one in printed] == ["安岳铅酸蓄电池有限公司"]
    for task in county_tasks:
        assert "2026 年名录于 2026-03-25 公开" in asked(office, task, "enterprises.list_published")
    city = asked(sign_in(CITY), clause("004", "重点监管企业名单"), "enterprises.list_published")
    assert "2026 年名录于 2026-03-25 公开" in city


@pytest.mark.parametrize("key", ["key_discharger", "cadmium", "heavy_metal", "hazardous_waste"])
def test_other_lists_are_kept_by_notices_with_their_past(office: Client, key: str) -> None:
    firm, later = add_firm(office, "安岳冶炼厂", industry="3212"), add_firm(office, "安岳电池厂", industry="3843")
    first, second = add_notice(office, key, "2025-05-10"), add_notice(office, key, "2026-05-10")
    enter(office, firm, first, category="水环境")
    enter(office, later, second)
    stay = Listing.objects.get(enterprise=firm, superseded_at=None)
    before = {"notice": str(first.uid), "reason": "整治完成"}
    assert office.post(reverse("enterprises:leave", args=[stay.uid]), before).status_code == 422, (
        "not by the same notice"
    )
    done(office.post(reverse("enterprises:leave", args=[stay.uid]), {**before, "notice": str(second.uid)}))
    assert "安岳冶炼厂" in list_page(office, key, "2026-05-09") and "安岳电池厂" not in list_page(
        office, key, "2026-05-09"
    )
    assert "安岳电池厂" in list_page(office, key) and "安岳冶炼厂" not in list_page(office, key)
    paper = office.get(reverse("enterprises:list_pdf", args=[key]))
    assert paper.content.startswith(b"%PDF")
    assert sign_in("ayny").post(reverse("enterprises:enter", args=[firm.uid]), {}).status_code == 403


TOXIC = {
    "year": "2025", "none": "no", "substances": [{"name": "六价铬", "way": "water", "amount": "12.5", "outlet": "DW001"}],
}  # fmt: skip


def test_toxic_discharge_is_reported_each_year(office: Client, plating: Enterprise, clause: Find) -> None:
    tasks = [clause("000", "排放情况"), clause("003", "有毒有害物质排放年度报告")]
    for task in tasks:
        assert "无法判断" in asked(office, task, "enterprises.toxic_reported"), "its day has not come"
    boss = sign_in(PLATING)
    filing = file_in(boss, plating, "toxic_report", TOXIC)
    review(office, filing, "return", why="请补充排放口编号")
    assert "请补充排放口编号" in text(boss.get(reverse("enterprises:filing", args=[filing.uid])))
    done(boss.post(reverse("enterprises:filing_submit", args=[filing.uid]), {}))
    assert boss.post(reverse("enterprises:filing_accept", args=[filing.uid])).status_code == 404, (
        "a firm accepts nothing"
    )
    review(office, filing)
    for task in tasks:
        assert "应报告的 1 家单位中，1 家已报告（100%）" in told(office, task)


def test_a_report_not_sent_by_its_day_is_late_and_reminded(
    soildesk: Command, office: Client, plating: Enterprise, chemical: Enterprise, clause: Find, today: Today
) -> None:
    review(office, file_in(sign_in(PLATING), plating, "toxic_report", TOXIC))
    today("2027-01-04")
    late = duty(office, "toxic_report", "2026")
    assert "逾期" in late and "安岳化工有限公司" in late
    lines = soildesk("duties", "status", "--year", "2026", "--as", OFFICE, "--json").data
    states = {one["unit"]: one["state"] for one in lines if one["duty"] == "有毒有害物质排放年度报告"}
    assert states == {"安岳电镀有限公司": "done", "安岳化工有限公司": "overdue"}
    reminders = text(office.get(reverse("enterprises:duty_reminders")))
    assert "安岳化工有限公司" in reminders
    letter = office.get(reverse("enterprises:duty_letters"), {"unit": str(chemical.uid)})
    assert letter.content.startswith(b"PK") and "wordprocessingml" in letter["Content-Type"]


def test_what_key_units_owe_by_law_stands_in_one_place(
    soildesk: Command, office: Client, plating: Enterprise, chemical: Enterprise
) -> None:
    matrix = text(office.get(reverse("enterprises:duties")))
    assert "安岳电镀有限公司" in matrix and "安岳化工有限公司" in matrix
    owed = {one["duty"] for one in soildesk("duties", "status", "--year", "2026", "--as", OFFICE, "--json").data}
    for name in ("排放年度报告", "隐患排查", "自行监测方案", "土壤和地下水自行监测", "载明土壤污染防治义务"):
        assert any(name in one for one in owed), name
    mine = text(sign_in(CHEMICAL).get(reverse("enterprises:own_card", args=[chemical.uid])))
    assert "隐患排查" in mine and "自行监测" in mine
    assert sign_in(CHEMICAL).get(reverse("enterprises:own_card", args=[plating.uid])).status_code == 404


PLAN = {
    "valid_from": "2026-01-01", "first_units": "1", "second_units": "2",
    "points": [{"code": "S1", "medium": "soil", "analytes": "镉、铅", "times": "1"}],
}  # fmt: skip
DATA = {"sampled_on": "2026-09-10", "medium": "both", "points": "4", "exceeded": "0"}


def monitored(boss: Client, office: Client, firm: Enterprise) -> Filing:
    """A plan and the rounds of the year, groundwater each half-year where a facility is hidden; the last filing."""
    hidden = {"hidden": "1", "unit_class": "first"}
    add(boss, "facilities", "2021-01-01", name="废水收集池", kind="pool", **hidden)
    review(office, file_in(boss, firm, "selfmon_plan", PLAN, subject="2026版"))
    for day in ("2026-05-10", "2026-09-10"):
        last = file_in(boss, firm, "selfmon_data", {**DATA, "sampled_on": day}, subject=day)
        review(office, last)
    return last


def test_units_monitor_themselves_by_a_plan_and_publish_it(office: Client, plating: Enterprise, clause: Find) -> None:
    tasks = [
        (office, clause("000", "自行监测")),
        (office, clause("001", "每年开展一次土壤环境监测")),
        (office, clause("002", "自行监测")),
        (office, clause("003", "自行监测")),
        (sign_in(CITY), clause("004", "自行对其用地土壤进行环境监测")),
    ]
    for who, task in tasks:
        assert "✗ 安岳电镀有限公司" in asked(who, task, "enterprises.self_monitored"), (
            "no plan within a year of listing"
        )
    boss = sign_in(PLATING)
    data = monitored(boss, office, plating)
    for who, task in tasks:
        assert "应开展自行监测的 1 家单位中，1 家方案和当年数据齐全（100%）" in told(who, task)
    assert public_page(plating).status_code == 404
    assert office.post(reverse("enterprises:filing_release", args=[data.uid])).status_code == 403, "the issuer releases"
    review(sign_in(ISSUER), data, "release")
    public = text(public_page(plating))
    assert "2026-09-10" in public and "监测点位数" in public
    assert "报告.pdf" not in public, "no file is public"


def test_units_look_for_hazards_in_time(
    office: Client, plating: Enterprise, chemical: Enterprise, clause: Find
) -> None:
    tasks = [clause("000", "隐患排查制度"), clause("002", "隐患排查"), clause("003", "隐患排查")]
    assert "2026-03-25" in duty(office, "hazard_inspection"), "a year after it was listed"
    for task in tasks:
        assert "2 家单位中，0 家已按期完成" in asked(office, task, "enterprises.hazard_inspected")
    report = {"finished_on": "2026-03-01", "edition": "公告2021年第1号", "found": "6", "rectified": "5"}
    review(office, file_in(sign_in(PLATING), plating, "hazard_report", report, subject="2026年"))
    for task in tasks:
        page = told(office, task)
        assert "2 家单位中，1 家已按期完成（50%）" in page and "✗ 安岳化工有限公司" in page


def test_the_rates_the_target_names_are_computed(office: Client, plating: Enterprise, standing: dict[str, str]) -> None:
    plan = Plan.objects.get(uid=standing["000"])
    looked, sampled = plan.indicators.filter(name__contains="率", name__startswith="土壤重点监管单位").order_by("pk")
    page = reverse("plans:measures", args=[plan.uid])
    for indicator, measure in ((looked, "hazard_inspected"), (sampled, "self_monitored")):
        done(office.post(reverse("plans:bind_indicator", args=[indicator.pk]), {"measure": f"enterprises.{measure}"}))
    assert text(office.get(page)).count("未达到") >= 2
    report = {"finished_on": "2026-03-01", "edition": "公告2021年第1号", "found": "0", "rectified": "0"}
    boss = sign_in(PLATING)
    review(office, file_in(boss, plating, "hazard_report", report, subject="2026年"))
    monitored(boss, office, plating)
    said = words(text(office.get(page)))
    assert "1 家单位中，1 家已按期完成（100%）" in said and "1 家方案和当年数据齐全（100%）" in said


DEMOLITION = {
    "planned_start": "2026-12-18", "basics": "yes", "techniques": "yes", "surroundings": "yes", "emergency": "yes",
    "residues": "yes",
}  # fmt: skip


def test_a_demolition_is_planned_and_filed_with_both_offices_in_time(
    soildesk: Command, office: Client, plating: Enterprise, clause: Find, today: Today
) -> None:
    tasks = [
        (office, clause("000", "拆除生产设施设备")),
        (office, clause("001", "拆除")),
        (office, clause("002", "拆除设施、设备")),
        (sign_in(CITY), clause("004", "拆除活动污染防控")),
    ]
    boss = sign_in(PLATING)
    new = reverse("enterprises:filing_new", args=[plating.uid])
    page = done(boss.post(new, {"kind": "demolition_plan", "period": "2026", "subject": "酸洗车间"}))["Location"]
    bare = boss.post(page, {**DEMOLITION, "emergency": "no", "step": "submit"})
    assert bare.status_code == 422, "a plan without emergency measures or without its document is not taken"
    filing = file_in(boss, plating, "demolition_plan", DEMOLITION, subject="老电镀车间")
    assert sign_in("ayny").post(
        reverse("enterprises:filing_receipt", args=[filing.uid]), {"number": "农1"}
    ).status_code in {403, 404, 422}
    review(office, filing, "receipt", number="安环备1号")
    review(office, filing)
    owed = [one for one in _lines(soildesk, "拆除活动污染防治方案备案") if one["state"] != "done"]
    assert [one["duty"] for one in owed] == ["拆除活动污染防治方案备案（工信）"]
    review(sign_in("ayjx"), filing, "receipt", number="安工信备1号")

    today("2026-12-22")
    happened(office, plating, "demolition_started", "2026-12-18", "老电镀车间")
    for who, task in tasks:
        assert "1 次拆除中，1 次已按期备案（100%）" in asked(who, task, "enterprises.demolitions_filed")
    happened(office, plating, "demolition_started", "2026-12-21", "一号仓库")
    for who, task in tasks:
        assert "2 次拆除中，1 次已按期备案（50%）" in told(who, task) and "✗ 安岳电镀有限公司 一号仓库" in told(
            who, task
        )
    found = text(office.get(reverse("oversight:compare")))
    assert "一号仓库" in found and "老电镀车间" not in found


def test_a_permit_tells_the_duties_of_its_unit(office: Client, plating: Enterprise) -> None:
    page = duty(office, "permit_duties")
    assert "安岳电镀有限公司" in page and "已完成" not in page.split("<tbody>")[1]
    happened(office, plating, "permit_duties_written", "2026-06-01")
    assert "已完成" in duty(office, "permit_duties").split("<tbody>")[1]
    happened(office, plating, "permit_issued", "2026-08-01", "重新申请")
    again = duty(office, "permit_duties").split("<tbody>")[1]
    assert "新发排污许可证" in again, "a new permit has to tell them again"


def test_insurance_is_a_hint_and_no_duty(soildesk: Command, office: Client, plating: Enterprise) -> None:
    mine = text(sign_in(PLATING).get(reverse("enterprises:own_card", args=[plating.uid])))
    assert "环境污染责任保险（鼓励）" in mine
    policy = {"insurer": "安岳财险", "policy": "P-1", "since": "2026-01-01", "until": "2026-12-31"}
    before = {one["state"] for one in _lines(soildesk, "责任保险")}
    assert "overdue" not in before
    review(office, file_in(sign_in(PLATING), plating, "insurance", policy, subject="P-1"))
    assert {one["state"] for one in _lines(soildesk, "责任保险")} == {"done"}


def _lines(soildesk: Command, key: str) -> list[dict[str, Any]]:
    found = soildesk("duties", "status", "--year", "2026", "--as", OFFICE, "--json").data
    return [one for one in found if key in one["duty"]]


def test_letters_of_responsibility_are_signed_and_published(
    office: Client, plating: Enterprise, chemical: Enterprise, clause: Find
) -> None:
    tasks = [(office, clause("001", "责任书")), (sign_in(CITY), clause("004", "土壤污染防治责任书"))]
    for who, task in tasks:
        assert "无法判断" in asked(who, task, "enterprises.letters_signed")
    letter = file_in(sign_in(PLATING), plating, "letter", {"signed_on": "2026-03-01", "authority": "安岳县人民政府"})
    review(office, letter)
    for who, task in tasks:
        assert "2 家单位中，1 家已签订责任书（50%）" in told(who, task)
        assert "没有公开的记录" in told(who, task)
    review(sign_in(ISSUER), letter, "release")
    assert "安岳县人民政府" in text(public_page(plating))
    assert "2026-03-01 签订，2026-11-21 公开" in told(office, tasks[0][1])


def test_ground_of_a_key_unit_is_surveyed_before_it_changes_hands(
    office: Client, plating: Enterprise, today: Today
) -> None:
    happened(office, plating, "transfer_planned", "2026-12-20", "老厂区")
    page = duty(office, "survey")
    assert "安岳电镀有限公司" in page and "用途变更、收回、转让前土壤污染状况调查" in page and "2026-12" in page
    today("2026-12-21")
    assert "逾期" in duty(office, "survey").split("<tbody>")[1]
    today("2026-12-01")
    survey = {"purpose": "transfer", "surveyed_on": "2026-11-02", "polluted": "no"}
    review(office, file_in(sign_in(PLATING), plating, "survey", survey, subject="老厂区"))
    assert "已完成" in duty(office, "survey").split("<tbody>")[1]


def test_a_new_project_of_a_key_unit_owes_its_survey_before_it_works(office: Client, plating: Enterprise) -> None:
    assert "安岳电镀有限公司" not in duty(office, "baseline").partition("<tbody>")[2]
    happened(office, plating, "commissioned", "2026-11-10", "三期扩建")
    owed = duty(office, "baseline").partition("<tbody>")[2]
    assert "安岳电镀有限公司" in owed and "逾期" in owed, "it works, and nobody filed its survey"
    said = {"surveyed_on": "2026-11-02", "polluted": "no"}
    survey = file_in(sign_in(PLATING), plating, "baseline", said, subject="三期扩建")
    review(office, survey)
    assert "完成" in duty(office, "baseline").partition("<tbody>")[2]
    assert "三期扩建" in text(office.get(reverse("kit:record", args=["filings", str(survey.uid)])))


def test_firms_that_ceased_or_lost_their_permit_are_listed_for_their_ground(
    office: Client, plating: Enterprise, chemical: Enterprise
) -> None:
    url = reverse("enterprises:plot_candidates")
    assert "安岳电镀有限公司" not in text(office.get(url))
    happened(office, plating, "permit_cancelled", "2026-10-08")
    add_firm(office, "安岳老化肥厂", state="closed")
    page = text(office.get(url))
    assert "安岳电镀有限公司" in page and "安岳老化肥厂" in page and "安岳化工有限公司" not in page
    assert "2026-10-08" in page
    assert "安岳电镀有限公司" not in text(office.get(url, {"on": "2026-10-07"}))
    happened(office, chemical, "closing_planned", "2027-06-30", "整体搬迁")
    planned = words(text(sign_in("ayjx").get(reverse("kit:collection", args=["happenings"]))))
    assert "计划终止生产经营" in planned and "安岳化工有限公司" in planned and "2027-06-30" in planned
    assert "安岳老化肥厂" in text(sign_in("ayjx").get(url)) and "安岳老化肥厂" not in text(sign_in("lzhb").get(url))


def test_hazards_are_found_by_facility_and_put_right_until_another_verifies(
    office: Client, plating: Enterprise, clause: Find
) -> None:
    task, boss = clause("000", "整改台帐"), sign_in(PLATING)
    assert "没有登记不等于没有隐患" in asked(office, task, "enterprises.hazards_rectified")
    add(boss, "facilities", "2021-01-01", name="1#废水调节池", kind="pool", area_name="污水站")
    made = walked(boss, plating, "池壁有裂缝", "防渗层破损")
    report = boss.get(reverse("enterprises:inspection_report", args=[made.uid]))
    assert report.content.startswith(b"PK") and "wordprocessingml" in report["Content-Type"]
    assert "已完成" in duty(office, "hazard_inspection", "2026").split("<tbody>")[1]

    first, second = Hazard.objects.filter(inspection=made).order_by("pk")
    assert (first.suggestion, str(first.due)) == ("修补", "2026-12-20")
    right = {"measure": "环氧树脂修补", "responsible": "池建国", "on": "2026-11-21"}
    assert treated(boss, first, "rectify", **right).status_code == 422, "no photograph"
    done(treated(boss, first, "rectify", **right, photos=[photo("整改后.png")]))
    assert treated(boss, first, "verify").status_code == 403, "who puts right does not verify"
    done(treated(office, first, "verify", note="闭水试验合格"))
    page = told(office, task)
    assert "2 处隐患中，1 处已整改并验收（50%）" in page and f"✗ {second.number}" in page

    ledger = rows_of(office.get(reverse("enterprises:hazard_ledger")))
    assert any("池壁有裂缝" in row and "环氧树脂修补" in row and "池建国" in row for row in ledger)
    assert any("防渗层破损" in row for row in ledger)
    assert "50.0%" in text(office.get(reverse("enterprises:hazard_rates")))
    assert sign_in(CHEMICAL).get(reverse("kit:record", args=["hazards", str(first.uid)])).status_code == 404


def test_buried_tanks_are_registered_with_their_patrols_and_reported(
    office: Client, plating: Enterprise, clause: Find
) -> None:
    boss, task = sign_in(PLATING), clause("003", "埋地储罐")
    add(
        boss,
        "facilities",
        "2021-01-01",
        name="柴油埋地储罐",
        kind="underground_tank",
        code="G1",
        installed_on="2012-05-01",
    )
    tank = FacilityVersion.objects.get(enterprise=plating, superseded_at=None)
    note = reverse("enterprises:facility_note", args=[tank.facility.uid])
    for kind in ("patrol", "repair", "monitoring"):
        done(boss.post(note, {"kind": kind, "on": "2026-10-08", "note": f"{kind}：液位正常", "by_whom": "池建国"}))
    page = text(office.get(reverse("kit:record", args=["facilities", str(tank.facility.uid)])))
    assert all(f"{kind}：液位正常" in page for kind in ("patrol", "repair", "monitoring"))
    assert "柴油埋地储罐" in text(office.get(reverse("kit:collection", args=["facilities"])))

    assert "无法判断" in asked(office, task, "enterprises.tanks_reported") or "✗" in told(office, task)
    filing = file_in(
        boss,
        plating,
        "tank_info",
        {"tanks": [{"code": "G1", "installed_on": "2012-05-01", "service_years": "20"}]},
        subject="2026年",
    )
    review(office, filing)
    assert "1 家单位中，1 家已报送（100%）" in told(office, task)
