"""Every kind of report through its pages: its fields, what is missing, returned and sent again, passed or filed, public, handed up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import noon
from desk.plotreport_world import CONTENTS, OTHER, Reports
from soildesk.plots.models import PlotVersion, Report
from soildesk.plots.queries import firstpass
from soildesk.plots.queries import plots as plot_queries
from soildesk.plots.services import lists
from soilrules.plots.reports import ReportKind, report_types

pytestmark = pytest.mark.django_db
LOCAL, PROVINCE, NOBODY = ("preliminary", "detailed"), ("risk_assessment", "effect_evaluation"), ()
CONTENTS_OF = {
    **CONTENTS,
    "control_plan": {
        "control_area": "原车间 1200 平方米", "control_targets": "阻断暴露", "measures": "覆盖、围挡", "monitoring_plan": "每季一次",
        "emergency_measures": "发现扩散立即报告", "groundwater_covered": True,
    },
}  # fmt: skip
STAGES = {
    "preliminary": ("S1", "released"),
    "detailed": ("S2", "S3"),
    "risk_assessment": ("S3", "S5"),
    "control_plan": ("S4", "S4"),
    "remediation_plan": ("S5", "S5"),
    "effect_evaluation": ("S6", "S6"),
    "aftercare": ("removed", "removed"),
}
EVENTS = {
    "preliminary": "preliminary_within", "detailed": "detailed_exceeds", "risk_assessment": "assessed_remediation",
    "control_plan": "control_plan_filed", "remediation_plan": "remediation_plan_filed",
    "effect_evaluation": "effect_reached", "aftercare": "aftercare_begun",
}  # fmt: skip
PASSING = {"on": "2026-10-20", "filed_on": "2026-10-20", "document": "青环评〔2026〕1号", "statistics": "passed"}


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


def browser(made: Reports, who: str = "officer") -> Client:
    return made.world.browser(who)


def text(answer: Any) -> str:
    return answer.content.decode()


def ready(made: Reports, kind: str) -> PlotVersion:
    """A plot that waits for a report of a kind."""
    if kind == "aftercare":
        plot = made.to(made.plot("地块", square(0, 0)), "S6")
        made.event(plot, "effect_reached", date(2026, 3, 20), residual_above_first_class=True)
        made.event(plot, "removal_applied", date(2026, 3, 21))
        notice = made.notice("roster", date(2026, 3, 22))
        lists.take_in(notice, [lists.Moved(plot.plot, False)], by=made.officer, at=noon(date(2026, 3, 22)))
        assert plot.plot.events.get(kind="removal_decided").data["residual_above_first_class"] is True
        return plot
    plot = made.to(made.plot("地块", square(0, 0)), STAGES[kind][0])
    if kind == "detailed":
        made.event(plot, "polluted_listed", date(2026, 3, 20))
    if kind in ("control_plan", "remediation_plan"):
        made.event(plot, "roster_listed", date(2026, 3, 20))
    return plot


def typed(kind: str) -> dict[str, str]:
    """The form of a kind, filled."""
    flags = {True: "1", False: "0"}
    told = {key: flags[value] if isinstance(value, bool) else str(value) for key, value in CONTENTS_OF[kind].items()}
    return {
        "title": f"{kind}报告", "author": "云中环境评估有限公司", "author_code": OTHER, "credit_record": "XY-1",
        "finished_on": "2026-09-20", "use_system": "gb50137_2011", "use_planned": "R2", "covering": "plot", **told,
    }  # fmt: skip


def go(client: Client, held: Report, name: str, told: dict[str, Any] | None = None) -> Any:
    return client.post(reverse(f"plots:report_{name}", args=[held.uid]), told or {})


def refusal(answer: Any) -> str:
    """What a page says against it, without the frame."""
    return text(answer).partition("<main")[2][:1500]


def shown(client: Client, held: Report) -> str:
    return text(client.get(reverse("kit:record", args=["plot_reports", str(held.uid)])))


def opinions(made: Reports, held: Report, kind: str) -> None:
    """The opinions a kind asks for, given on its pages."""
    if kind in LOCAL:
        for who in ("officer", "resources"):
            answer = go(browser(made, who), held, "opinion", {"whose": "own", "verdict": "pass", "on": "2026-10-10"})
            assert answer.status_code == 302, refusal(answer)
    if kind in PROVINCE:
        for side, name in (("ecology", "云中省生态环境厅"), ("resources", "云中省自然资源厅")):
            told = {"whose": side, "authority": name, "level": "province", "document": f"云评〔2026〕{side}号"}
            paper = SimpleUploadedFile("意见.txt", "同意".encode())
            said = {**told, "verdict": "pass", "on": "2026-10-10", "paper": paper}
            answer = go(browser(made), held, "opinion", said)
            assert answer.status_code == 302, refusal(answer)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_a_kind_goes_its_whole_way(made: Reports, kind: str) -> None:
    client, plot = browser(made), ready(made, kind)
    url = reverse("plots:report_new", args=[plot.plot.uid, kind])
    blank = text(client.get(url))
    for one in report_types()[ReportKind(kind)].fields:
        assert one.name() in blank or one.key in ("consultant", "evaluator", "credit_record", "planned_use"), one.key
    said = typed(kind)
    lacking = next(iter(CONTENTS_OF[kind]))
    paper = SimpleUploadedFile("报告.txt", "正文".encode())
    assert client.post(url, {**said, lacking: "", "paper": paper}).status_code == 302
    held = Report.objects.get(kind=kind)
    assert go(client, held, "submit", {"on": "2026-10-01"}).status_code == 302
    name = next(one.name() for one in report_types()[ReportKind(kind)].fields if one.key == lacking)
    refused = go(client, held, "complete")
    assert (refused.status_code, name in text(refused)) == (422, True)
    assert go(client, held, "return", {"why": f"请补充{name}"}).status_code == 302
    assert f"请补充{name}" in shown(client, held)
    assert go(client, held, "edit", said).status_code == 302
    assert go(client, held, "submit", {"on": "2026-10-05"}).status_code == 302
    assert go(client, held, "complete").status_code == 302
    if kind in LOCAL:
        told = {"explained": "检测数据见报告附件，已逐项核对。", "density_explained": "疑似区域按 40 米网格布点。"}
        assert go(client, held, "data", {"numbers": "", **told}).status_code == 302
    opinions(made, held, kind)
    answer = go(client, held, "accept", {**PASSING, "paper": SimpleUploadedFile("意见.txt", "通过".encode())})
    assert answer.status_code == 302, refusal(answer)
    held.refresh_from_db()
    assert (held.state, held.round, [one.kind for one in held.events.all()]) == ("accepted", 2, [EVENTS[kind]])
    [standing] = plot_queries.standing(made.officer, date(2026, 11, 20))
    assert standing.stage == STAGES[kind][1]
    afterwards(made, held)


def afterwards(made: Reports, held: Report) -> None:
    """Public for two months, handed up, drawn, looked at again, counted."""
    client = browser(made)
    short = {"since": "2026-09-20", "until": "2026-11-19", "address": "https://example.org/1"}
    answer = go(client, held, "publish", short)
    assert (answer.status_code, "短于规定" in text(answer)) == (422, True)
    answer = go(client, held, "publish", {**short, "since": "2026-09-19"})
    assert (answer.status_code, "早于报告编制完成" in text(answer)) == (422, True)
    assert go(client, held, "publish", {**short, "until": "2026-11-20"}).status_code == 302
    assert go(client, held, "upload", {"receipt": "GT-2026-1", "on": "2026-10-21"}).status_code == 302
    page = shown(client, held)
    for wanted in ("公开期已满", "GT-2026-1", "第 2 轮", "由本报告登记的地块事项"):
        assert wanted in page, wanted
    assert "质量检查表" in page if held.kind in LOCAL else "质量检查表" not in page
    drawn = browser(made, "issuer").post(
        reverse("plots:recheck_draw"), {"year": "2026", "percent": "10", "seed": "双色球"}
    )
    assert drawn.status_code == 302
    assert go(client, held, "rechecked", {"why": "未发现问题"}).status_code == 302
    assert "未发现问题" in text(client.get(reverse("plots:rechecks")))
    [row] = firstpass.consultants(made.officer, date(2026, 1, 1), date(2027, 1, 1), held.kind)
    assert (row.figures.passed, row.figures.reviewed) == (0, 1)
    assert "79.3%" in text(client.get(reverse("plots:first_pass") + f"?kind={held.kind}"))
    assert held.number in text(client.get(reverse("kit:collection", args=["plot_reports"]) + f"?kind={held.kind}"))
    assert held.title in text(client.get(reverse("kit:record", args=["plots", str(held.plot.uid)])))


def test_another_aftercare_report_while_it_runs(made: Reports) -> None:
    """The yearly report of an aftercare that runs is filed without beginning it again."""
    plot, client = ready(made, "aftercare"), browser(made)
    for number in (1, 2):
        held = made.reviewing(plot, "aftercare", title=f"第{number}年")
        answer = go(client, held, "accept", PASSING)
        assert answer.status_code == 302, refusal(answer)
    assert "本报告只备案" in shown(client, held)
    kinds = list(plot.plot.events.filter(superseded_at=None).values_list("kind", flat=True))
    assert kinds.count("aftercare_begun") == 1
