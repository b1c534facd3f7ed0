"""Printed units and groups, as an expert would place them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from desk.conftest import World
from soildesk.core import audit, departments, units
from soildesk.core.models import AuditEntry, Department, DepartmentAlias, DepartmentSuccession, DivisionAttribute
from soildesk.core.permissions import NotAllowed

pytestmark = pytest.mark.store
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "departments.yaml").read_text("utf-8"))
HOWS = {"exact", "alias", "short", "suffix", "succession", "doubtful", "none"}


def test_every_outcome_has_a_case() -> None:
    assert {case["how"] for case in CASES} == HOWS


def test_printed_units_are_placed(world: World) -> None:
    for case in CASES:
        if "alias_of" in case:
            departments.confirm_alias(
                case["printed"], world.departments[case["alias_of"]], by=world.actor("officer"), at=world.at
            )
    directory = departments.Directory(world.district, world.day)
    wrong = [_told(case, directory.match(case["printed"])) for case in CASES]
    assert "\n".join(line for line in wrong if line) == ""


def test_the_citys_bureau_in_the_citys_plan_is_not_the_districts(world: World) -> None:
    own = world.departments["ecology"]
    departments.confirm_alias("生态环境局", own, by=world.actor("officer"), at=world.at)

    found = departments.Directory(world.city, world.day).match("市生态环境局")

    assert found.department is not None
    assert (found.department.division, found.needs_person) == (world.city, False)


def _told(case: dict[str, Any], match: departments.Match) -> str:
    name = match.department.name if match.department else None
    if (name, match.how) == (case["is"], case["how"]):
        return ""
    return f"{case['printed']}: {name} by {match.how} {match.confidence}, expected {case['is']} by {case['how']}"


GROUPS = {
    "各镇街": (["城关街道", "柏庄镇", "军庄镇"], False),
    "各乡镇人民政府": (["柏庄镇", "军庄镇", "清水乡"], False),
    "各乡镇（街道）": (["城关街道", "柏庄镇", "军庄镇", "清水乡"], False),
    "各（涉农）镇街": (["柏庄镇", "军庄镇"], False),
    "各涉农乡镇": (["柏庄镇", "军庄镇"], False),
    "涉农镇": (["柏庄镇", "军庄镇"], False),
    "各街道办事处": (["城关街道"], False),
    "各涉农办事处": ([], True),
    "各镇（街道）": (["城关街道", "柏庄镇", "军庄镇"], False),
    "镇（街道）": (["城关街道", "柏庄镇", "军庄镇"], False),
    "镇街": (["城关街道", "柏庄镇", "军庄镇"], False),
    "各镇人民政府（街道办事处）": (["城关街道", "柏庄镇", "军庄镇"], False),
    "各镇、街道、园区": ([], True),
    "街道办事处": (["城关街道"], False),  # 各镇人民政府、街道办事处
    "镇人民政府": (["柏庄镇", "军庄镇"], False),
    "人民政府": ([], True),
    "相关镇人民政府": ([], True),
    "军庄等相关镇街": (["军庄镇"], True),
    "军庄镇、柏庄镇等有关镇街": (["军庄镇", "柏庄镇"], True),
    "相关镇街": ([], True),
    "各有关部门": ([], True),
    "各成员单位": ([], True),
    "各县级人民政府": ([], True),
    "财政局": ([], True),
}


@pytest.mark.parametrize("name", GROUPS)
def test_groups_are_expanded(world: World, name: str) -> None:
    towns, needs_person = GROUPS[name]
    group = departments.expand_group(name, world.district, world.day)
    assert set(group.departments) == {world.towns[town] for town in towns}
    assert group.needs_person is needs_person
    assert group.why


def test_county_governments_of_a_city(world: World) -> None:
    group = departments.expand_group("各县（区）人民政府", world.city, world.day)
    assert {row.name for row in group.departments} == {"青禾区人民政府", "赤岩区人民政府"}


@pytest.mark.parametrize(
    ("printed", "certain"),
    [
        ("市生态环境局", True),
        ("云泽市生态环境局", True),
        ("生态环境局", True),
        ("市农业农村局", False),
        ("农业农村局", False),
    ],
)
def test_a_citys_plan_does_not_take_its_districts_departments(world: World, printed: str, certain: bool) -> None:
    match = departments.match(printed, division=world.city, on=world.day)
    assert (not match.needs_person) is certain
    if certain:
        assert match.department == world.departments["city_ecology"]


def test_a_city_names_its_towns_and_districts_bodies_in_full(world: World) -> None:
    for name, row in (("柏庄镇", world.towns["柏庄镇"]), ("赤岩区生态环境局", world.departments["other_ecology"])):
        assert departments.match(name, division=world.city, on=world.day).department == row


def test_a_committees_office_is_not_taken_for_the_bureau_whose_line_it_names(world: World) -> None:
    office = Department.objects.create(
        name="青禾区生态环境保护委员会办公室", short_name="区环委办", kind="other", function="committee",
        division=world.district,
    )  # fmt: skip
    here = {"division": world.district, "on": world.day}
    departments.confirm_alias("生态环境局", world.departments["ecology"], by=world.actor("officer"), at=world.at)
    assert departments.match("市生态环境局X分局", **here).needs_person, "the alias is ours, X is not"
    for name in ("市生态环境局X分局", "区生态环境综合执法大队", "生态环境部门"):
        found = departments.match(name, **here)
        assert (found.department, office in found.candidates) == (world.departments["ecology"], False), name
    for name in ("区环委办", "区生态环境保护委员会办公室"):
        assert departments.match(name, **here).department == office
    Department.objects.filter(pk=world.departments["ecology"].pk).update(until=date(2026, 1, 1))
    assert departments.match("市生态环境局X分局", **here).department is None
    assert "“X”的分局" in departments.match("市生态环境局X分局", **here).note


@pytest.mark.parametrize(
    ("printed", "wanted", "how"),
    [
        ("市生态环境局赤岩分局", "赤岩区生态环境局", "suffix"),
        ("云泽市生态环境局青禾区分局", "青禾区生态环境局", "suffix"),
        ("市公安局青禾分局", "云泽市公安局青禾分局", "suffix"),
        ("市生态环境局高新分局", "云泽市生态环境局", "doubtful"),
    ],
)
def test_a_city_names_branches_by_their_place(world: World, printed: str, wanted: str, how: str) -> None:
    found = departments.match(printed, division=world.city, on=world.day)
    assert (found.department.name if found.department else None, found.how) == (wanted, how)


def test_the_alias_of_a_districts_bureau_means_it_in_the_citys_plan_only_with_its_place(world: World) -> None:
    own, by = world.departments["ecology"], world.actor("officer")
    for name in ("生态环境局", "青禾生态环境分局", "绿禾办"):
        departments.confirm_alias(name, own, by=by, at=world.at)
    found = {
        name: departments.match(name, division=world.city, on=world.day).department
        for name in ("生态环境局", "青禾生态环境分局", "绿禾办")
    }
    assert found == {"生态环境局": world.departments["city_ecology"], "青禾生态环境分局": own, "绿禾办": None}


@pytest.mark.parametrize(
    ("name", "level", "above", "printed", "whose"),
    [
        ("林州市", "county", ("云泽市", "city"), "市农业农村局", "own"),
        ("林州市", "county", ("云泽市", "city"), "我市农业农村局", "own"),
        ("滨海新区", "county", ("云泽市", "city"), "新区农业农村局", "own"),
        ("滨海新区", "county", ("云泽市", "city"), "滨海新区农业农村局", "own"),
        ("滨海新区", "county", ("云泽市", "city"), "市农业农村局滨海分局", "own"),
        ("滨海新区", "county", ("云泽市", "city"), "市农业农村局滨海新区分局", "own"),
        ("门头沟区", "county", ("北京市", "province"), "市农业农村局", "above"),
        ("门头沟区", "county", ("北京市", "province"), "区农业农村局", "own"),
    ],
)
def test_a_level_is_the_nearest_place_called_so(name: str, level: str, above: Any, printed: str, whose: str) -> None:
    """市 is the county-level city itself in its plan, and the municipality in the plan of its district."""
    places = (units.Place(level, name), units.Place(above[1], above[0]))
    found = units.read(printed, places)
    assert (found.level, found.stem, found.of) == ({"own": level, "above": above[1]}[whose], "农业农村局", "")


def test_farming_is_of_a_day(world: World) -> None:
    DivisionAttribute.objects.filter(division=world.towns["军庄镇"].division).update(until=date(2025, 1, 1))
    group = departments.expand_group("各涉农乡镇", world.district, world.day)
    assert group.departments == (world.towns["柏庄镇"],)


def test_succession_recorded_here_comes_before_the_national_one(world: World) -> None:
    departments.confirm_succession(
        "环保局",
        world.departments["emergency"],
        on=date(2019, 3, 1),
        kind=DepartmentSuccession.Kind.TRANSFERRED,
        ground="青禾区机构改革方案",
        by=world.actor("officer"),
        at=world.at,
    )
    match = departments.match("环保局", division=world.district, on=world.day)
    assert (match.department, match.how) == (world.departments["emergency"], "succession")
    assert "青禾区机构改革方案" in match.note and match.needs_person


def test_department_of_the_day_wins_over_its_successor(world: World) -> None:
    old = Department.objects.create(name="青禾区环境保护局", division=world.district, until=date(2019, 3, 1))
    assert departments.match("区环境保护局", division=world.district, on=date(2018, 5, 1)).department == old
    assert departments.match("区环境保护局", division=world.district, on=world.day).how == "succession"


def test_alias_is_remembered_with_one_entry_and_can_be_dropped(world: World) -> None:
    officer = world.actor("officer")
    alias = departments.confirm_alias("土壤办", world.departments["ecology"], by=officer, at=world.at)
    departments.confirm_alias("土壤办", world.departments["ecology"], by=officer, at=world.at)
    assert departments.match("土壤办", division=world.district, on=world.day).how == "alias"
    assert AuditEntry.objects.filter(act="core.department.alias_confirmed").count() == 1
    with pytest.raises(departments.AliasTaken):
        departments.confirm_alias("土壤办", world.departments["finance"], by=officer, at=world.at)
    departments.drop_alias(alias, by=officer, at=world.at)
    assert departments.match("土壤办", division=world.district, on=world.day).how == "none"
    assert audit.verify().ok


def test_alias_needs_the_place(world: World) -> None:
    with pytest.raises(NotAllowed, match="青禾区"):
        departments.confirm_alias("环保所", world.departments["ecology"], by=world.actor("stranger"), at=world.at)
    assert not DepartmentAlias.objects.exists()
