"""Measures of construction land: rates of safe use with what is not known, surveys done, the roster counted, of past days too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from desk.land_world import square
from desk.oversight_world import Desk
from desk.plot_world import FIRST, noon
from desk.plotreport_world import Reports
from soildesk.core.versions import Recording
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.oversight.services import judging, problems
from soildesk.oversight.services.judging import Decision
from soildesk.plots.models import PlotVersion
from soildesk.plots.services import plots

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 11, 20)
USED = date(2026, 10, 1)
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


def task(made: Reports, **more: Any) -> Any:
    plan = {"division": made.world.district, "year": 2026, "period_start": None, "period_end": None}
    return SimpleNamespace(
        plan=SimpleNamespace(**plan, doc_number="青环委办〔2026〕4号", title="方案"), number="3", **more
    )


def indicator(made: Reports, target: str, alternative: str = "") -> Any:
    said = {
        "comparator": ">=", "target_number": Decimal(target), "unit": "%", "alternative": alternative,
        "not_applicable": False,
    }  # fmt: skip
    return task(made, **said)


def ask(
    made: Reports, name: str, *, of: Any = None, who: str = "officer", on: date = DAY, known_on: date | None = None
) -> MeasureResult:
    return measures.get(f"plots.{name}").run(made.world.actor(who), of or task(made), on, known_on or on)


def used(made: Reports, plot: PlotVersion, since: date = USED, **facts: Any) -> PlotVersion:
    said = Recording(made.officer, noon(since), "示例")
    return plots.change(plot, {"developed": True, **facts}, since=since, recording=said)


def test_nothing_put_to_use_is_no_rate(made: Reports) -> None:
    made.to(made.plot("未利用", square(0, 0), developed=False), "S3")
    assert ask(made, "polluted_used_safely").outcome is X
    assert ask(made, "key_land_used_safely").outcome is X


def test_the_rate_of_polluted_plots_is_of_area_and_of_the_day_use_began(made: Reports) -> None:
    used(made, made.to(made.plot("先修复后利用", square(0, 0), developed=False), "removed"))
    assert ask(made, "polluted_used_safely").outcome is D
    used(made, made.to(made.plot("未修复先利用", square(2, 0), developed=False), "S5"))
    answer = ask(made, "polluted_used_safely", of=indicator(made, "90"))
    assert answer.outcome is N
    assert answer.numerator is not None
    assert answer.denominator is not None
    assert abs(Decimal(answer.numerator) / Decimal(answer.denominator) - Decimal("0.5")) < Decimal("0.001")
    assert [(one.counts, one.name[:6]) for one in answer.rows] == [(False, "未修复先利用"), (True, "先修复后利用")]


def test_what_nobody_wrote_down_leaves_the_answer_open(made: Reports) -> None:
    used(made, made.to(made.plot("先修复后利用", square(0, 0), developed=False), "removed"))
    made.to(made.plot("没有资料", square(2, 0)), "S4")
    answer = ask(made, "polluted_used_safely", of=indicator(made, "90"))
    assert answer.outcome is C
    assert "没有资料" in str(answer.reason)


def test_a_day_is_told_as_it_was_known(made: Reports) -> None:
    plot = made.to(made.plot("先修复后利用", square(0, 0), developed=False), "removed")
    said = Recording(made.officer, noon(date(2026, 11, 10)), "补登")
    plots.change(plot, {"developed": True}, since=USED, recording=said)
    on = date(2026, 11, 1)
    assert ask(made, "polluted_used_safely", on=on, known_on=DAY).outcome is D
    assert ask(made, "polluted_used_safely", on=on, known_on=on).outcome is X


def test_key_land_is_what_changed_to_sensitive_use_in_the_year(made: Reports) -> None:
    words = {"use_system": "gb50137_2011"}
    clear = made.released(made.plot("粮库", square(0, 0), use_now="M2", **words))
    used(made, clear, use_now="R2")
    assert ask(made, "key_land_used_safely").outcome is D
    early = made.to(made.plot("电镀厂", square(2, 0), use_now="M3", **words), "S2")
    used(made, early, use_now="A3")
    found = ask(made, "key_land_used_safely", of=indicator(made, "100", "95%以上且违规行为全部依法处罚、整改到位"))
    assert (found.outcome, [one.counts for one in found.rows]) == (N, [False, True])
    assert ask(made, "key_land_used_safely", of=task(made), who="town").outcome is C


BRANCH = "95%以上且违规行为全部依法处罚、整改到位"


def test_the_second_branch_reads_the_list_of_problems(made: Reports) -> None:
    """A small violation beside much lawful land: open, put right, punished, and as it was known before each."""
    words, desk = {"use_system": "gb50137_2011"}, Desk(made.world)
    used(made, made.released(made.plot("粮库", square(0, 0, 6, 5), use_now="M2", **words)), use_now="R2")
    early = used(made, made.to(made.plot("电镀厂", square(8, 0), use_now="M3", **words), "S2"), use_now="A3")
    of = indicator(made, "100", BRANCH)
    assert ask(made, "key_land_used_safely", of=of).outcome is C, "nobody wrote the violation down"
    found = {"violation": "no_survey", "object_name": f"电镀厂（{early.plot.number}）", "found_on": date(2026, 10, 8)}
    problem = desk.problem("未调查先开发", unit="agriculture", **found)
    desk.problem("与开发无关", violation="no_toxic_report", object_name=early.plot.number)
    answer = ask(made, "key_land_used_safely", of=of)
    assert (answer.outcome, problem.number in answer.rows[0].note, "、" in answer.rows[0].note) == (N, True, False)
    problems.settle(desk.answered(problem), desk.done("officer"))
    assert ask(made, "key_land_used_safely", of=of).outcome is C, "put right, no punishment on record"
    decided = Decision("青环罚〔2026〕7号", date(2026, 11, 19), "青禾区生态环境局", "罚款 10 万元")
    judging.punish(problem, decided, desk.done("officer"))
    assert ask(made, "key_land_used_safely", of=of).outcome is D
    assert ask(made, "key_land_used_safely", of=of, on=date(2026, 11, 1)).outcome is C, "as it was known then"


def test_a_problem_is_of_the_plot_it_was_found_on(made: Reports) -> None:
    words, desk = {"use_system": "gb50137_2011"}, Desk(made.world)
    clear = used(made, made.released(made.plot("粮库", square(0, 0), use_now="M2", **words)), use_now="R2")
    assert ask(made, "key_land_used_safely").outcome is D
    here = clear.geometry.representative_point()
    problem = desk.problem("擅自动工", violation="unrelated_project", geometry=here)
    assert ask(made, "key_land_used_safely").outcome is N
    problems.dismiss(problem, desk.done("officer", "核实不属实"))
    assert ask(made, "key_land_used_safely").outcome is D
    watched = desk.problem("先供地后调查", source="record", origin=f"watch:{clear.plot.number}:x:y:2026-10-01:abc")
    assert watched.number in ask(made, "key_land_used_safely").rows[0].note


def test_a_survey_owed_is_done_when_it_was_passed(made: Reports) -> None:
    assert ask(made, "surveys_done").outcome is C
    made.released(made.plot("已调查", square(0, 0)))
    made.to(made.plot("未调查", square(2, 0)), "S1")
    dismissed = made.to(made.plot("已排除", square(4, 0)), "S0")
    made.event(dismissed, "suspicion_dismissed", date(2026, 3, 1))
    answer = ask(made, "surveys_done")
    assert (answer.outcome, answer.numerator, answer.denominator) == (N, 1, 2)
    assert ask(made, "surveys_done", of=indicator(made, "50")).outcome is D


def test_the_roster_is_counted_by_the_year(made: Reports) -> None:
    assert ask(made, "roster_counted").outcome is C
    made.to(made.plot("在名录", square(0, 0)), "S6")
    made.to(made.plot("已移出", square(2, 0)), "removed")
    answer = ask(made, "roster_counted")
    assert "年内列入 2 个、移出 1 个，期末 1 个。没有规定要达到多少，只列数" in str(answer.reason)
    assert (answer.outcome, answer.numerator, answer.denominator) == (C, 1, 2), "no target, nothing reached"
    assert ask(made, "roster_counted", on=FIRST).outcome is C
    early = ask(made, "roster_counted", on=date(2023, 6, 30))
    assert (early.outcome, str(early.reason)) == (C, "2026 年还没有开始，不能判断。")
