"""What plans name about monitoring and warning, done by its pages and commands; docs/coverage.csv points here.

The plans themselves are in force: what they ask is bound to its measure, and the records made here answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fronts import county
from fronts.conftest import Told
from fronts.county import OFFICE, OTHER, here, task_of
from fronts.monitoring_story import (
    PDF,
    act,
    add_point,
    answer,
    laboratory_file,
    offered,
    sample,
    send_out,
    sign_in,
    take_in,
    told,
)
from soildesk import cli
from soildesk.core import clock
from soildesk.core.models import Department
from soildesk.monitoring.models import Alert, Batch, Campaign, Point
from soildesk.plans.models import PlanTask

pytestmark = pytest.mark.django_db
Command = Callable[..., Told]
Find = Callable[[str, str], PlanTask]


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: pytest.DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Three plans as published, in force in a county and its city."""
    plans = {"000": "county", "001": "county", "004": "city"}
    yield from county.standing(django_db_blocker, tmp_path_factory.mktemp("anyue"), plans)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the day the desk takes for today."""
    return lambda day: monkeypatch.setenv(clock.VARIABLE, day)


@pytest.fixture
def soildesk(standing: dict[str, str], db: None, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Run the command there; what a test changes is undone after it."""

    def run(*arguments: object) -> Told:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Told(code, out, err)

    yield run
    translation.deactivate()


@pytest.fixture
def office(soildesk: Command) -> Client:
    """The county's office for ecology."""
    return sign_in(OFFICE)


@pytest.fixture
def clause(standing: dict[str, str]) -> Callable[[str, str], PlanTask]:
    """A task of one of the plans by its words."""

    return lambda plan, words: task_of(standing[plan], words)


def near(steps: float) -> tuple[float, float]:
    """A place of the county, in steps of about 400 m."""
    return (105.33 + steps * 0.004, 30.10)


def test_the_network_is_built_changed_and_every_town_counted(office: Client, clause: Find) -> None:
    network = clause("000", "完善土壤环境监测网")
    assert "监测点位覆盖下级行政区" in offered(office, network)
    assert "无法判断" in answer(office, network, "network_complete"), "an empty register says nothing"

    first = add_point(office, "石羊水稻点", near(0), town="石羊镇", frequency_months=12)
    assert "2 个下级行政区中，1 个有土壤监测点位" in told(office, network) and "✗ 岳阳镇" in told(office, network)
    second = add_point(office, "岳阳旱地点", near(9), town="岳阳镇")
    assert "已达到" in told(office, network)
    lines = {line.name: line.total.count for line in office.get(reverse("monitoring:network")).context["lines"]}
    assert (lines["石羊镇"], lines["岳阳镇"]) == (1, 1)

    assert "2027-01-05" in shown(office, first), "due a year after it was set up"
    change(office, first, frequency_months="6", kind="risk")
    assert "2026-08-01" in shown(office, first)
    end = reverse("monitoring:end_point", args=[second.uid])
    assert office.post(end, {"on": "2026-11-20", "reason": "并入相邻点位"}).status_code == 302
    assert "✗ 岳阳镇" in told(office, network)


def shown(client: Client, point: Point) -> str:
    """A point's page."""
    page: str = client.get(reverse("kit:record", args=["points", str(point.uid)])).content.decode()
    return page


def change(client: Client, point: Point, **changes: str) -> None:
    """Say something else of a point from its first day, by its form."""
    url = reverse("kit:collection_edit", args=["points", str(point.uid)])
    page = client.get(url)
    form = page.context["form"]
    said = {"_stamp": page.context["stamp"]} | {
        box.html_name: "" if box.value() is None else str(box.value()) for box in form
    }
    day, why = (next(box.name for box in form if word in box.name) for word in ("since", "why"))
    done = client.post(url, {**said, day: "2026-02-01", why: "加密监测", **changes})
    assert done.status_code == 302, done.content.decode()[-3000:]


def test_points_of_each_class_are_set_up_and_every_county_covered(soildesk: Command, clause: Find) -> None:
    city = sign_in("zybj")
    classes, covered = clause("004", "背景点位"), clause("004", "所有县（区）全覆盖")
    kinds = {"points_baseline": "baseline", "points_risk": "risk", "points_background": "background"}
    add_point(sign_in(OFFICE), "安岳例行点", near(0), town="石羊镇")

    for at, (measure, kind) in enumerate(kinds.items(), 1):
        assert "未达到" in answer(city, classes, measure)
        add_point(sign_in(OFFICE), f"安岳{kind}", near(at), town="石羊镇", kind=kind, level="national")
        unbound = told(city, classes)
        assert "已设 1 个点位" in unbound and "请对照批准的布点方案" in unbound
        unbind(city, classes)
    assert "已设 3 个点位" in answer(city, classes, "points_national")
    unbind(city, classes)
    assert "未达到" in answer(city, classes, "points_province")
    unbind(city, classes)

    assert "3 个下级行政区中，1 个有土壤监测点位（覆盖率 33.3%）" in answer(city, covered, "network_complete")
    add_point(sign_in("lzhb"), "乐至点", near(20))
    assert "✗ 雁江区" in told(city, covered) and "✓ 乐至县" in told(city, covered)
    assert "安岳例行点" not in told(sign_in("lzhb"), covered), "a county does not read the points of another"


def unbind(client: Client, task: PlanTask) -> None:
    for binding in task.bindings.filter(superseded_at=None):
        client.post(reverse("plans:unbind", args=[binding.pk]))


def test_points_are_monitored_in_their_period(office: Client, clause: Find, today: Callable[[str], None]) -> None:
    routine, risk = clause("000", "例行监测制度"), clause("001", "风险监测点位")
    point = add_point(office, "危废企业旁", near(0), kind="risk", frequency_months=6, since="2026-01-05")

    assert "应于 2026-07-05 前首次采样" in answer(office, routine, "points_in_period")
    assert "应于 2026-07-05 前首次采样" in answer(office, risk, "points_in_period")
    late = office.get(reverse("kit:collection", args=["points"]), {"due": "late"}).content.decode()
    assert point.number in late
    sample(office, send_out(office, "2026年例行监测", {"a": point}), "2026-06-10")
    assert "1 个点位中，1 个在规定周期内采样" in told(office, routine)
    today("2027-01-02")
    assert "应于 2026-12-10 前再次采样" in told(office, routine)


def test_surroundings_of_plants_are_monitored_each_year(
    soildesk: Command, office: Client, clause: Find, tmp_path: Path
) -> None:
    task = clause("001", "园区周边进行土壤环境监测")
    assert "重点单位和园区周边已监测" in offered(office, task)
    points = {name: add_point(office, name, near(at), kind="perimeter") for at, name in enumerate(("厂东", "厂西"))}
    assert "2 项都没有登记过任何记录" in answer(office, task, "perimeter_monitored")

    of = send_out(office, "2026年周边监测", points, kind="perimeter")
    sample(office, of, "2026-06-10")
    assert told(office, task).count("已采样，没有已接收的检测结果") == 2
    good = {points["厂东"]: {"pH": "6.0", "镉": "0.1"}}
    take_in(soildesk, laboratory_file(tmp_path / "a.csv", of, good, "2026-06-10"), of, OFFICE)
    assert "2 个点位中，1 个" in told(office, task) and "厂西（已采样" in told(office, task)


def test_national_and_provincial_points_are_monitored(
    soildesk: Command, office: Client, clause: Find, tmp_path: Path
) -> None:
    task = clause("001", "国控监测点位")
    add_point(office, "县控点", near(5))
    point = add_point(office, "国控基础点", near(0), kind="baseline", level="national")
    assert "✗" in answer(office, task, "networks_monitored") and "县控点" not in told(office, task)
    of = send_out(office, "国控点位监测", {"a": point})
    sample(office, of, "2026-06-10")
    file = laboratory_file(tmp_path / "a.csv", of, {point: {"pH": "6.0", "镉": "0.1"}}, "2026-06-10")
    take_in(soildesk, file, of, OFFICE)
    assert "1 个点位中，1 个有当年已接收的检测结果（100%）" in told(office, task)


def test_soil_and_its_produce_are_monitored_together(
    soildesk: Command, office: Client, clause: Find, tmp_path: Path
) -> None:
    task = clause("000", "协同监测")
    assert "土壤与农产品协同监测已开展" in offered(office, task)
    field = add_point(office, "稻田", near(0), kind="joint", town="石羊镇")
    grain = add_point(
        office, "稻谷", near(0.1), kind="joint", medium="produce", standard="gb2762", crop="稻谷", town="石羊镇"
    )
    of = send_out(office, "2026年协同监测", {"soil": field, "grain": grain}, kind="joint")
    sample(office, of, "2026-06-10")

    soil = laboratory_file(tmp_path / "a.csv", of, {field: {"pH": "6.0", "镉": "0.1"}}, "2026-06-10")
    take_in(soildesk, soil, of, OFFICE)
    assert "农产品没有当年结果" in answer(office, task, "joint_monitored")
    take_in(soildesk, laboratory_file(tmp_path / "b.csv", of, {grain: {"镉": "0.35"}}, "2026-06-10"), of, OFFICE)
    assert "1 个点位中，1 个" in told(office, task)
    assert here(Alert).get().medium == "produce", "grain over its own limit is a warning"


def test_water_for_irrigation_is_monitored_and_what_fails_is_dealt_with(
    soildesk: Command, office: Client, clause: Find, tmp_path: Path
) -> None:
    task = clause("001", "灌区水质监测")
    assert "灌溉水质已监测" in offered(office, task)
    canal = add_point(office, "灌渠进水口", near(0), medium="irrigation", standard="gb5084", use="paddy", town="石羊镇")
    assert "本年没有采样记录" in answer(office, task, "irrigation_monitored")
    of = send_out(office, "灌区水质监测", {"a": canal}, analytes="镉")
    sample(office, of, "2026-06-10")
    take_in(soildesk, laboratory_file(tmp_path / "a.csv", of, {canal: {"镉": "0.05"}}, "2026-06-10"), of, OFFICE)
    assert "已达到" in told(office, task)

    alert, farming = here(Alert).get(), sign_in("ayny")
    assert alert.owner is not None and alert.owner.name == "安岳县农业局"
    assert [one.name for one in alert.with_units.all()] == ["安岳县水务局"]
    assert act(farming, alert, "take").status_code == 302
    paper = SimpleUploadedFile("溯源报告.pdf", PDF)
    assert act(farming, alert, "measure", note="上游排口已封堵，停用该渠", files=[paper]).status_code == 302
    page = office.get(reverse("kit:record", args=["alerts", str(alert.uid)])).content.decode()
    assert "上游排口已封堵" in page and "溯源报告.pdf" in page


def test_a_campaign_goes_from_its_scheme_to_its_results(
    soildesk: Command, office: Client, clause: Find, tmp_path: Path
) -> None:
    task = clause("000", "农产品产地土壤环境监测")
    points = {name: add_point(office, name, near(at), town="石羊镇") for at, name in enumerate(("甲", "乙"))}
    of = send_out(
        office, "2026年产地监测", points, analytes="pH、镉、汞、砷、铅、铬、锰、石油烃", laboratory="安岳检测"
    )
    scheme = office.get(reverse("monitoring:campaign", args=[of.uid])).content.decode()
    assert all(word in scheme for word in ("锰", "石油烃", "安岳检测", "2026-11-30"))
    crew = office.get(reverse("monitoring:crew_list", args=[of.uid]))
    assert crew["Content-Type"] == "application/pdf"
    assert "没有办结" in answer(office, task, "campaign_routine")

    sample(office, of, "2026-06-10")
    values = {point: {"pH": "6.0", "镉": "0.1"} for point in points.values()}
    file = laboratory_file(tmp_path / "a.csv", of, values, "2026-06-10")
    take_in(soildesk, file, of, OFFICE)
    assert "未达到" in told(office, task), "with all results it still has to be closed"
    finish(office, of)
    assert "1 项监测任务中，1 项已完成" in told(office, task)


def finish(client: Client, of: Campaign, on: str = "2026-11-20") -> None:
    assert client.post(reverse("monitoring:campaign_close", args=[of.uid]), {"on": on, "note": ""}).status_code == 302


def test_a_detailed_survey_is_done_when_every_sample_is_answered(
    soildesk: Command, office: Client, clause: Find, tmp_path: Path
) -> None:
    city, task = sign_in("zybj"), clause("004", "土壤污染状况详查")
    assert "土壤污染状况详查已完成" in offered(city, task)
    assert "没有 2026 年应完成的这类监测任务的记录" in answer(city, task, "campaign_detailed")
    point = add_point(office, "详查点", near(0))
    of = send_out(office, "农用地详查", {"a": point}, kind="detailed")
    sample(office, of, "2026-06-10")
    finish(office, of)
    assert "1 个样品没有已接收的结果" in told(city, task)


def test_a_survey_every_ten_years_is_computed(
    soildesk: Command, office: Client, clause: Find, tmp_path: Path, today: Callable[[str], None]
) -> None:
    city, task = sign_in("zybj"), clause("004", "定期调查制度")
    assert "无法判断" in answer(city, task, "survey_every_ten_years")
    of = send_out(office, "2026年普查", {"a": (point := add_point(office, "甲", near(0)))}, kind="census")
    sample(office, of, "2026-06-10")
    file = laboratory_file(tmp_path / "a.csv", of, {point: {"pH": "6.0", "镉": "0.1"}}, "2026-06-10")
    take_in(soildesk, file, of, OFFICE)
    assert "未达到" in told(city, task), "begun is not done"
    finish(office, of)
    assert "2026年普查" in told(city, task) and "已达到" in told(city, task)
    today("2037-01-05")
    assert "十年以前" in told(city, task)


def test_last_years_data_are_shared_by_the_end_of_march(
    soildesk: Command, office: Client, clause: Find, today: Callable[[str], None]
) -> None:
    city, task = sign_in("zybj"), clause("004", "上年度相关数据上传")
    assert "上年度监测数据按期共享" in offered(city, task)
    today("2026-03-27")  # chosen by the day it is looked at
    assert "没有 2025 年监测任务的记录" in answer(city, task, "data_shared")
    today("2025-11-21")
    point = add_point(office, "甲", near(0), since="2025-01-05")
    of = send_out(office, "2025年例行监测", {"a": point}, starts_on="2025-05-01", ends_on="2025-11-30")
    sample(office, of, "2025-06-10")
    finish(office, of, "2025-11-20")

    today("2026-03-27")
    assert "无法判断" in told(city, task) and "期限 2026-03-31" in told(city, task)
    assert "2026-03-31" in office.get(reverse("monitoring:campaign", args=[of.uid])).content.decode()
    today("2026-04-02")
    assert "未达到" in told(city, task)
    share = reverse("monitoring:campaign_share", args=[of.uid])
    assert office.post(share, {"on": "2026-04-02", "receipt": ""}).status_code == 422, (
        "without a receipt it is not shared"
    )
    assert office.post(share, {"on": "2026-03-30", "receipt": "市平台回执 7"}).status_code == 302
    assert "1 项监测任务中，1 项的数据按期共享（100%）" in told(city, task)


@pytest.fixture
def warning(soildesk: Command, office: Client, tmp_path: Path) -> Alert:
    """Cadmium over the control value in a paddy of the county, found when its results were taken in."""
    point = add_point(office, "石羊水稻点", near(0), town="石羊镇")
    of = send_out(office, "2026年预警监测", {"a": point}, kind="special")
    sample(office, of, "2026-06-10")
    file = laboratory_file(tmp_path / "a.csv", of, {point: {"pH": "6.0", "镉": "2.5"}}, "2026-06-10")
    take_in(soildesk, file, of, OFFICE)
    return here(Alert).get()


def test_monitoring_leads_to_a_warning_that_somebody_deals_with_and_closes(
    soildesk: Command, office: Client, warning: Alert, clause: Find, today: Callable[[str], None]
) -> None:
    task, farming, other = clause("000", "监测-预判-处置"), sign_in("ayny"), sign_in(OTHER)
    assert "到期预警已销号" in offered(office, task)
    assert (warning.level, warning.state, warning.closed_on) == ("alarm", "open", None)
    assert "不适用" in answer(office, task, "warnings_closed"), "none is due yet"
    today("2026-12-20")
    assert f"✗ {warning.number}" in told(office, task)

    owner = str(Department.objects.get(name="安岳县农业局").pk)
    assert act(office, warning, "close", note="直接销号").status_code == 422
    assert act(office, warning, "assign", owner=owner).status_code == 302
    assert act(farming, warning, "take").status_code == 302
    assert act(farming, warning, "answer", note="已处置").status_code == 422, "no measure, no evidence"
    paper = SimpleUploadedFile("复测.pdf", PDF)
    assert act(farming, warning, "measure", note="改种非食用作物", files=[paper]).status_code == 302
    assert act(farming, warning, "answer", note="已改种").status_code == 302
    assert act(farming, warning, "close", note="同意").status_code == 403, "who disposes of it does not close it"
    assert act(other, warning, "close", note="核实，同意销号").status_code == 302
    assert "到期的 1 条预警中，1 条已销号或并入" in told(office, task)


def seen_by(name: str, **choice: str) -> str:
    """The list of warnings as somebody sees it."""
    page: str = sign_in(name).get(reverse("kit:collection", args=["alerts"]), choice).content.decode()
    return page


def test_county_city_and_province_each_see_and_raise_their_warnings(
    soildesk: Command, office: Client, warning: Alert, clause: Find
) -> None:
    assert "到期预警已销号" in offered(office, clause("000", "三级预警体系"))
    everywhere = {name: warning.number in seen_by(name) for name in (OFFICE, "zybj", "schj", "lzhb", "aylab")}
    assert everywhere == {OFFICE: True, "zybj": True, "schj": True, "lzhb": False, "aylab": False}
    Alert.objects.filter(pk=warning.pk).update(tier="county")
    assert warning.number not in seen_by("zybj", tier="city")

    assert act(sign_in("lzhb"), warning, "escalate", note="上报").status_code == 404
    assert act(sign_in("ayny"), warning, "escalate", note="上报").status_code == 403
    assert act(office, warning, "escalate", note="超管制值，涉及两镇").status_code == 302
    assert warning.number in seen_by("zybj", tier="city")
    assert act(sign_in("zybj"), warning, "escalate", note="跨市流域").status_code == 302
    assert warning.number in seen_by("schj", tier="province") and warning.number not in seen_by("zybj", tier="city")
    assert act(sign_in("schj"), warning, "escalate", note="再上报").status_code == 422
    page = office.get(reverse("kit:record", args=["alerts", str(warning.uid)])).content.decode()
    assert "上报至市级：超管制值，涉及两镇" in page and "上报至省级：跨市流域" in page


def test_a_rise_beside_a_plant_is_followed_up(
    soildesk: Command, office: Client, tmp_path: Path, today: Callable[[str], None]
) -> None:
    point = add_point(office, "电镀厂东侧", near(0), kind="perimeter", since="2025-01-05", town="石羊镇")
    for year, value in ((2025, "0.10"), (2026, "0.20")):
        today(f"{year}-11-21")
        of = send_out(
            office,
            f"{year}年周边监测",
            {"a": point},
            kind="perimeter",
            starts_on=f"{year}-05-01",
            ends_on=f"{year}-11-30",
        )
        sample(office, of, f"{year}-06-10")
        file = laboratory_file(tmp_path / f"{year}.csv", of, {point: {"pH": "6.0", "镉": value}}, f"{year}-06-10")
        take_in(soildesk, file, of, OFFICE)

    alert = here(Alert).get()
    assert alert.title.startswith("电镀厂东侧") and alert.owner is not None and alert.owner.name == "安岳县环境保护局"
    assert act(office, alert, "take").status_code == 302
    paper = SimpleUploadedFile("整改照片.pdf", PDF)
    assert act(office, alert, "measure", note="督促企业移除渗漏槽液", files=[paper]).status_code == 302
    page = office.get(reverse("kit:record", args=["alerts", str(alert.uid)])).content.decode()
    assert "督促企业移除渗漏槽液" in page and "处置中" in page


def test_a_laboratory_of_the_market_sends_its_own_file(soildesk: Command, office: Client, tmp_path: Path) -> None:
    point = add_point(office, "甲", near(0))
    of = send_out(office, "2026年例行监测", {"a": point})
    sample(office, of, "2026-06-10")
    file = laboratory_file(tmp_path / "a.csv", of, {point: {"pH": "6.0", "镉": "0.1"}}, "2026-06-10")
    lab = sign_in("aylab")

    checked = lab.post(reverse("monitoring:check"), {"file": SimpleUploadedFile("a.csv", file.read_bytes())})
    assert checked.status_code == 200 and not here(Batch).exists(), "a check keeps nothing"
    sent = soildesk(
        "results", "import", file, "--campaign", of.number, "--as", "aylab", "--cma", "231512340001", "--json"
    )
    assert sent.code == 0, sent.err
    batch = here(Batch).get()
    assert (batch.state, batch.cma, batch.by and batch.by.username) == ("checked", "231512340001", "aylab")
    flag = reverse("monitoring:batch_flag", args=[batch.uid])
    assert lab.post(flag, {"reason": "自己接收"}).status_code in {403, 404}, "who sends does not accept"
    assert office.post(flag, {"reason": "报告随后补送"}).status_code == 302
    assert "甲" not in lab.get(reverse("monitoring:sent")).content.decode(), "a laboratory learns no point"
