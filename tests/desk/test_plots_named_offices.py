"""The office a list's paper or an event names: refused where its name contradicts, asked where its name does not tell."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django import forms

from desk.land_world import square
from desk.plot_world import Plots, noon, told
from soildesk.core import files
from soildesk.core.models import AuditEntry, DepartmentAlias
from soildesk.decisions import rulewords
from soildesk.plots.eventforms import EventForm
from soildesk.plots.models import ListNotice
from soildesk.plots.refusals import EventRefused, ListRefused
from soildesk.plots.services import events
from soildesk.plots.words import LEVELS, level_name

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 6, 1)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


@pytest.mark.parametrize(
    ("key", "level", "authority", "acting_for", "told"),
    [
        ("polluted", "city", "青禾区生态环境局", "", "按名称是县级机关"),
        ("polluted", "city", "云泽市自然资源局", "", "不是生态环境主管部门"),
        ("suspected", "county", "青禾区自然资源和规划局", "", "污染地块土壤环境管理办法"),
        ("polluted", "city", "云泽市生态环境局青禾分局", "", "分局以市局名义"),
        ("polluted", "county", "云泽市生态环境局青禾分局", "青禾区生态环境局", "按名称是县级机关"),
        ("roster", "province", "云泽市生态环境局", "", "生态环境法典"),
    ],
)
def test_a_name_that_contradicts_is_refused_with_the_article(
    made: Plots, key: str, level: str, authority: str, acting_for: str, told: str
) -> None:
    said = {"level": level, "authority": authority, "acting_for": acting_for}
    since = date(2026, 9, 1)
    with pytest.raises(ListRefused, match=told) as refused:
        made.notice(key, since, **said, authority_why="已电话核对")  # no ground makes a wrong office a right one
    assert refused.value.code == "plots.list.authority_wrong"
    assert "依据：" in str(refused.value)
    assert ListNotice.objects.count() == 0


def test_a_name_that_does_not_tell_needs_a_persons_ground(made: Plots) -> None:
    said = {"level": "city", "authority": "禹禾市生态环境局"}
    with pytest.raises(ListRefused, match="机关核对说明") as refused:
        made.notice("polluted", DAY, **said)
    assert refused.value.code == "plots.list.authority_unsure"
    held = made.notice("polluted", DAY, **said, authority_why="省政府批复：禹禾市为设区的市")
    assert held.authority_why.startswith("省政府批复")
    entry = AuditEntry.objects.get(act="plots.list.notice_registered")
    assert entry.data["authority_why"] == held.authority_why


def test_divisions_and_offices_of_the_desk_tell_what_a_name_does_not(made: Plots) -> None:
    assert made.notice("polluted", DAY, authority="云泽市生态环境局").authority_why == ""
    office = made.world.departments["ecology"]
    DepartmentAlias.objects.create(department=office, name="青禾环境办")
    assert made.notice("suspected", DAY, authority="青禾环境办").level == "county"
    assert made.notice("suspected", DAY, authority=office.short_name).level == "county"


def test_a_branch_acts_in_the_name_of_the_citys_bureau(made: Plots) -> None:
    held = made.notice(
        "polluted", DAY, level="county", authority="云泽市生态环境局青禾分局", acting_for="云泽市生态环境局"
    )
    assert held.acting_for == "云泽市生态环境局"


def test_events_of_the_life_are_compared_alike(made: Plots) -> None:
    plot = made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S3")
    said = told("risk_level_set", date(2026, 6, 1))
    for wrong in ("青禾区生态环境局", "云泽市自然资源局"):
        with pytest.raises(EventRefused) as refused:
            events.record(plot.plot, replace(said, authority=wrong), by=made.officer, at=noon(DAY))
        assert refused.value.code == "plots.event.authority_wrong"
    unsure = replace(said, authority="禹禾市生态环境局", note="")
    with pytest.raises(EventRefused, match="理由、说明"):
        events.record(plot.plot, unsure, by=made.officer, at=noon(DAY))
    assert (
        events.record(plot.plot, replace(unsure, note="批复：设区的市"), by=made.officer, at=noon(DAY)).level == "city"
    )


def test_a_branch_decides_in_the_name_of_the_bureau_of_its_city_alone(made: Plots) -> None:
    plot = made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S3")
    said = replace(
        told("risk_level_set", DAY), authority="云泽市生态环境局青禾分局", level="county", acting_for="city", note=""
    )
    for name, sentence in (
        ("", "以哪个市局的名义"),
        ("随便", "不是这里的市级生态环境局"),
        ("禹泽市生态环境局", "云泽市"),
    ):
        with pytest.raises(EventRefused, match=sentence) as refused:
            events.record(plot.plot, replace(said, in_name_of=name), by=made.officer, at=noon(DAY))
        assert "依据：" in str(refused.value)
        with pytest.raises(ListRefused) if name else nullcontext():
            made.notice(
                "polluted", DAY, level="county", authority=said.authority, acting_for=name or "云泽市生态环境局"
            )
    held = events.record(plot.plot, replace(said, in_name_of="云泽市生态环境局"), by=made.officer, at=noon(DAY))
    assert (held.authority, held.level) == ("云泽市生态环境局青禾分局（以云泽市生态环境局名义）", "city")


def test_an_office_beneath_the_county_decides_nothing(made: Plots) -> None:
    plot = made.plot("示例地块", square(0, 0))
    said = replace(told("suspected_listed", DAY), authority="青石镇人民政府", level="county")
    with pytest.raises(EventRefused, match="乡镇、街道一级"):
        events.record(plot.plot, said, by=made.officer, at=noon(DAY))


def test_a_picture_of_the_signboard_is_a_file(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S5")
    made.event(plot, "roster_listed", date(2026, 3, 1))
    made.event(plot, "remediation_plan_filed", date(2026, 3, 2))
    said = told("works_begun", DAY)
    words = replace(said, papers={}, data={**said.data, "signboard": "x"})
    with pytest.raises(EventRefused, match="只写文字不算"):
        events.record(plot.plot, words, by=made.officer, at=noon(DAY))
    with pytest.raises(EventRefused, match="公告牌照片"):
        events.record(plot.plot, replace(said, papers={}), by=made.officer, at=noon(DAY))
    held = events.record(plot.plot, said, by=made.officer, at=noon(DAY))
    assert [use.kind for use in files.uses_of(held)] == ["signboard"]


def test_the_form_asks_for_the_bureau_and_the_picture_and_cites_the_law_of_its_day() -> None:
    branch = EventForm(kind="risk_level_set", data={"on": "2019-02-10", "level": "branch"})
    assert "in_name_of" in branch.fields
    assert "in_name_of" not in EventForm(kind="roster_listed").fields
    province = EventForm(kind="suspected_listed", data={"on": "2019-02-10", "level": "province"})
    assert "县级" in str(province.errors["level"]) and "污染地块土壤环境管理办法" in str(province.errors["level"])
    works = EventForm(kind="works_begun", data={"on": "2019-02-10"})
    assert isinstance(works.fields["signboard"], forms.FileField)
    assert not works.fields["signboard"].required  # asked of remediation alone: the rule says so
    survey = EventForm(kind="preliminary_exceeds", data={"on": "2019-02-10"})
    assert "土壤污染防治法" in str(survey.errors["ecology_opinion"])
    assert "生态环境法典" in str(
        EventForm(kind="preliminary_exceeds", data={"on": "2026-10-01"}).errors["ecology_opinion"]
    )


def test_who_decides_is_asked_with_the_article_of_the_day(made: Plots) -> None:
    plot = made.plot("示例地块", square(0, 0))
    for level, authority in (("", "青禾区生态环境局"), ("village", "青禾区生态环境局"), ("county", "")):
        said = replace(told("suspected_listed", DAY), authority=authority, level=level)
        with pytest.raises(EventRefused, match="依据：《污染地块土壤环境管理办法"):
            events.record(plot.plot, said, by=made.officer, at=noon(DAY))


def test_a_level_has_one_name_wherever_it_is_chosen_or_told() -> None:
    wanted = ["县级", "市级", "省级"]
    assert [str(word) for _key, word in LEVELS] == wanted
    assert [str(one) for one in rulewords.LEVELS.values()] == wanted
    assert [level_name(key) for key, _word in LEVELS] == wanted
    asked = EventForm(kind="suspected_listed", data={"on": "2026-02-10", "level": "county"})
    assert "县级" in [str(word) for _key, word in asked.fields["level"].choices]
